/* x86_64/clock.c: the time-stamp counter, fenced, and the two chains that calibrate it to core
 * cycles.
 *
 * Latencies: imul r64,r64 is 3 cycles and add r64,r64 1 cycle on every Intel core since Nehalem and
 * every AMD core since Zen (uops.info tables; Agner Fog, "Instruction tables"; AMD, "Software
 * Optimization Guide for the Zen 4", no. 57647, latency spreadsheet). The add takes a register and
 * not an immediate: Golden Cove resolves immediate adds at rename, in no cycle at all.
 *
 * Fences: lfence waits for all earlier instructions and holds back later ones (Intel SDM vol. 2
 * LFENCE, RDTSC; on AMD since Linux sets DE_CFG[1], AMD APM vol. 3 LFENCE). rdtscp is not used:
 * some hypervisors do not offer it. */
#include "engines/native/clock.h"

#include <cpuid.h>
#include <stddef.h>

static uint64_t begin(void) {
    uint32_t low, high;
    __asm__ volatile("mfence\n\tlfence\n\trdtsc\n\tlfence" : "=a"(low), "=d"(high)::"memory");
    return (uint64_t)high << 32 | low;
}

static uint64_t end(void) {
    uint32_t low, high;
    __asm__ volatile("lfence\n\trdtsc\n\tlfence" : "=a"(low), "=d"(high)::"memory");
    return (uint64_t)high << 32 | low;
}

#define TEN(x)       x x x x x x x x x x
#define CHAIN_UNROLL 100

/* the loop's own dec and jnz wait for nothing in the chain, so they cost nothing */
#define DEFINE_CHAIN(name, instruction)                                                            \
    static void name(uint64_t instructions) {                                                      \
        uint64_t loops = (instructions + CHAIN_UNROLL - 1) / CHAIN_UNROLL, value = 1, other = 3;   \
        __asm__ volatile(                                                                          \
            ".balign 64\n"                                                                         \
            "1:\n\t" TEN(TEN(instruction " %[other], %[value]\n\t")) "dec %[loops]\n\t"            \
                                                                     "jnz 1b"                      \
            : [value] "+r"(value), [loops] "+r"(loops)                                             \
            : [other] "r"(other)                                                                   \
            : "cc");                                                                               \
    }
DEFINE_CHAIN(run_mul, "imul")
DEFINE_CHAIN(run_add, "add")

/* eight chains side by side: more than any of these cores can add in a cycle */
#define EIGHT_ADDS                                                                                 \
    "add %[one], %%rax\n\tadd %[one], %%rdx\n\tadd %[one], %%rsi\n\tadd %[one], %%rdi\n\t"         \
    "add %[one], %%r8\n\tadd %[one], %%r9\n\tadd %[one], %%r10\n\tadd %[one], %%r11\n\t"
enum { WIDE_UNROLL = 80 };
static void run_wide(uint64_t instructions) {
    uint64_t loops = (instructions + WIDE_UNROLL - 1) / WIDE_UNROLL, one = 1;
    __asm__ volatile(".balign 64\n"
                     "1:\n\t" TEN(EIGHT_ADDS) "dec %[loops]\n\t"
                                              "jnz 1b"
                     : [loops] "+r"(loops)
                     : [one] "r"(one)
                     : "cc", "rax", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11");
}

/* CPUID 8000_0007 EDX bit 8: the counter's rate is constant in all power states */
static const char *unavailable(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(0x80000007, &a, &b, &c, &d) || !(d >> 8 & 1))
        return "this CPU (or its hypervisor) does not promise a time-stamp counter of constant "
               "rate";
    return NULL;
}

const struct clock_source clock_native = {
    .name = "tsc",
    .unavailable = unavailable,
    .begin = begin,
    .end = end,
    .mul = {"imul r64,r64", 3, CHAIN_UNROLL, run_mul},
    .add = {"add r64,r64", 1, CHAIN_UNROLL, run_add},
    .wide = {"add r64,r64, independent", 0, WIDE_UNROLL, run_wide},
};
