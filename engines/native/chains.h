/* chains.h: the loops of a clock's calibration for an architecture whose instructions name the
 * destination first: DEFINE_CHAIN (clock.h, struct clock_chain) and DEFINE_WIDE. LOOP is the loop's
 * end: it counts %[loops] down to zero at label 1. */
#ifndef SWITCHLAB_NATIVE_CHAINS_H
#define SWITCHLAB_NATIVE_CHAINS_H

#define TEN(x) x x x x x x x x x x
enum { CHAIN_UNROLL = 100, WIDE_UNROLL = 80 };

#define DEFINE_CHAIN(name, instruction)                                                            \
    static void name(uint64_t instructions) {                                                      \
        uint64_t loops = (instructions + CHAIN_UNROLL - 1) / CHAIN_UNROLL, value = 1, other = 3;   \
        __asm__ volatile(                                                                          \
            ".balign 64\n1:\n\t" TEN(TEN(instruction " %[value], %[value], %[other]\n\t")) LOOP    \
            : [value] "+r"(value), [loops] "+r"(loops)                                             \
            : [other] "r"(other)                                                                   \
            : "cc");                                                                               \
    }

/* eight chains side by side */
#define ADD_TO(n)  "add %[v" #n "], %[v" #n "], %[one]\n\t"
#define EIGHT_ADDS ADD_TO(0) ADD_TO(1) ADD_TO(2) ADD_TO(3) ADD_TO(4) ADD_TO(5) ADD_TO(6) ADD_TO(7)
#define DEFINE_WIDE(name)                                                                          \
    static void name(uint64_t instructions) {                                                      \
        uint64_t loops = (instructions + WIDE_UNROLL - 1) / WIDE_UNROLL, one = 1, v[8] = {0};      \
        __asm__ volatile(                                                                          \
            ".balign 64\n1:\n\t" TEN(EIGHT_ADDS) LOOP                                              \
            : [v0] "+r"(v[0]), [v1] "+r"(v[1]), [v2] "+r"(v[2]), [v3] "+r"(v[3]), [v4] "+r"(v[4]), \
              [v5] "+r"(v[5]), [v6] "+r"(v[6]), [v7] "+r"(v[7]), [loops] "+r"(loops)               \
            : [one] "r"(one)                                                                       \
            : "cc");                                                                               \
    }

#endif
