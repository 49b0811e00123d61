/* console.c: text to the console, and the two ends of a world: its last line, or the last
 * registers. */
#include "worlds/common/stage.h"

void print(const char *text) {
    while (*text)
        put_character(*text++);
}

void print_number(uint64_t n) {
    char digits[20];
    int count = 0;
    do
        digits[count++] = (char)('0' + n % 10);
    while (n /= 10);
    while (count)
        put_character(digits[--count]);
}

void print_hex(uint64_t n) {
    print("0x");
    for (int shift = 60; shift >= 0; shift -= 4)
        put_character("0123456789abcdef"[n >> shift & 15]);
}

void print_named(const char *name, uint64_t n) {
    print(name);
    put_character(' ');
    print_number(n);
    put_character('\n');
}

void finish(void) {
    print("end\n");
    world_exit(0);
}

void unexpected(const struct context *c, const char *what) {
    print("\nunexpected: ");
    print(what);
    put_character('\n');
    if (c) print_context(c);
    world_exit(64);
}
