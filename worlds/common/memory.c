/* memory.c: what a compiler may call for structs and arrays in code without a library. */
#include "worlds/common/stage.h"

/* keeps the compiler from making a call to itself of the loop */
#define NO_CALL __asm__ volatile("" : : : "memory")

void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);

void *memmove(void *to, const void *from, size_t n) {
    uint8_t *t = to;
    const uint8_t *f = from;
    bool upwards = t <= f;
    for (size_t i = 0; i < n; i++) {
        size_t at = upwards ? i : n - 1 - i;
        NO_CALL;
        t[at] = f[at];
    }
    return to;
}

void *memcpy(void *to, const void *from, size_t n) {
    return memmove(to, from, n);
}

void *memset(void *to, int byte, size_t n) {
    for (size_t i = 0; i < n; i++) {
        NO_CALL;
        ((uint8_t *)to)[i] = (uint8_t)byte;
    }
    return to;
}
