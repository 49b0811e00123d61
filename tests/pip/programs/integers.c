/* Integer code of the usual kinds: loops, calls, recursion, switch, tables of functions, strings, bits. What is tried are the functions
 * called t_*; the result of each goes into what is printed. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRIED __attribute__((noinline, noclone)) 

TRIED static unsigned t_fib(unsigned n) {
    return n < 2 ? n : t_fib(n - 1) + t_fib(n - 2);
}
TRIED static int t_gcd(int a, int b) {
    while (b) {
        int r = a % b;
        a = b;
        b = r;
    }
    return a;
}
TRIED static uint32_t t_crc(const unsigned char *p, size_t n) {
    uint32_t crc = ~0u;
    while (n--) {
        crc ^= *p++;
        for (int k = 0; k < 8; k++) crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
    }
    return ~crc;
}
TRIED static int t_switch(int op, int a, int b) {
    switch (op) {
    case 0: return a + b;
    case 1: return a - b;
    case 2: return a * b;
    case 3: return b ? a / b : 0;
    case 4: return a ^ b;
    case 5: return a << (b & 7);
    case 6: return t_gcd(a, b);
    case 9: return (int)t_fib((unsigned)b & 7);
    }
    return -1;
}
TRIED static void t_sort(int *a, int n) {
    for (int i = 1; i < n; i++) {
        int x = a[i], k = i;
        for (; k > 0 && a[k - 1] > x; k--) a[k] = a[k - 1];
        a[k] = x;
    }
}
TRIED static int t_six(int a, int b, int c, int d, int e, int f) {
    return a + 2 * b + 3 * c + 5 * d + 7 * e + 11 * f;
}
TRIED static long t_eight(long a, long b, long c, long d, long e, long f, long g, long h) {
    return a ^ (b << 1) ^ (c << 2) ^ (d << 3) ^ (e << 4) ^ (f << 5) ^ (g << 6) ^ (h << 7);
}
static int twice(int x) { return 2 * x; }
static int square(int x) { return x * x; }
static int negate(int x) { return -x; }
static int (*const table[])(int) = {twice, square, negate};
TRIED static int t_indirect(int which, int x) {
    return table[which % 3](x) + table[(which + 1) % 3](x + 1);
}
TRIED static int t_tail(int which, int x) {
    return table[which % 3](x);
}
TRIED static char *t_text(char *to, const char *from) {
    size_t n = strlen(from);
    for (size_t i = 0; i < n; i++) to[i] = (char)(from[n - 1 - i] ^ (i & 1 ? 0x20 : 0));
    to[n] = 0;
    return to;
}
TRIED static uint64_t t_bits(uint64_t x) {
    uint64_t set = (uint64_t)__builtin_popcountll(x), lead = (uint64_t)__builtin_clzll(x | 1), trail = (uint64_t)__builtin_ctzll(x | (UINT64_C(1) << 63));
    return set << 16 | lead << 8 | trail | (x > 1000 ? 1u << 30 : 0);
}
TRIED static int t_flags(unsigned a, unsigned b, int c, int d) {
    return (a < b) + 2 * (c < d) + 4 * (a == b) + 8 * (c >= d) + 16 * (a > (unsigned)d) + (c < 0 ? 32 : 64);
}
TRIED static int t_print(int a, const char *s) {
    printf("%d %s\n", a, s);
    return a + 1;
}
TRIED static __int128 t_wide(__int128 a, int64_t b) {
    return a * b + (a >> 3);
}
struct pair { long a, b; };
TRIED static struct pair t_pair(long a, long b) {
    return (struct pair){a * 3 + b, b * 5 - a};
}
TRIED static int t_even(int n);
TRIED static int t_odd(int n) {
    return n == 0 ? 0 : t_even(n - 1);
}
TRIED static int t_even(int n) {
    return n == 0 ? 1 : t_odd(n - 1);
}
TRIED static int t_ackermann(int m, int n) {
    return m == 0 ? n + 1 : n == 0 ? t_ackermann(m - 1, 1) : t_ackermann(m - 1, t_ackermann(m, n - 1));
}
TRIED static int t_copy(char *to, const char *from, size_t n) {
    memset(to, 7, n);
    memcpy(to, from, n / 2);
    return memcmp(to, from, n);
}

TRIED static void t_all(unsigned seed) {
    unsigned char bytes[40];
    int numbers[12];
    char text[40], copy[40];
    for (unsigned i = 0; i < sizeof bytes; i++) bytes[i] = (unsigned char)(seed = seed * 1103515245u + 12345u);
    for (unsigned i = 0; i < 12; i++) numbers[i] = (int)((seed = seed * 1103515245u + 12345u) >> 8);
    t_sort(numbers, 12);
    for (int i = 0; i < 12; i++) printf("%d ", numbers[i]);
    for (int i = -1; i < 11; i++) printf("%d ", t_switch(i, numbers[3], numbers[4] & 0xff));
    printf("%u %d %u\n", t_fib(6), t_gcd(numbers[7], numbers[9]), t_crc(bytes, sizeof bytes));
    printf("%d %ld\n", t_six(1, 2, 3, 4, 5, numbers[0]), t_eight(1, 2, 3, 4, 5, 6, 7, numbers[1]));
    for (int i = 0; i < 3; i++) printf("%d %d ", t_indirect(i, 5), t_tail(i, 9));
    printf("%s %llx\n", t_text(text, "inconsequential"), (unsigned long long)t_bits(seed * UINT64_C(0x123456789)));
    printf("%d %d\n", t_flags(seed, 77, -3, 5), t_print(numbers[2], "printed"));
    __int128 wide = t_wide((__int128)seed << 50, -12345);
    printf("%llx %llx\n", (unsigned long long)(wide >> 64), (unsigned long long)wide);
    struct pair pair = t_pair(seed, 17);
    printf("%ld %ld %d %d %d\n", pair.a, pair.b, t_even(7), t_odd(4), t_ackermann(1, 2));
    printf("%d %d\n", t_copy(copy, (const char *)bytes, 40) > 0, copy[19]);
}

int main(void) {
    t_all(12345);
    t_all(999);
    return 3;
}
