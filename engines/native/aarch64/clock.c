/* aarch64/clock.c: the virtual counter, between barriers, and the two chains that calibrate it to
 * core cycles.
 *
 * Latencies: add and eor of registers, without a shift, are 1 cycle on every Arm core with a
 * published Software Optimization Guide (Cortex-A72, no. UAN 0016A, to Neoverse V2, no.
 * PJDOC-466751330-593177). Cores do not agree on any longer latency, that of the 64-bit
 * multiplication least of all: the second chain is another operation and not another latency. */
#include "engines/native/clock.h"

#include <stddef.h>

#define LOOP "subs %[loops], %[loops], #1\n\tb.ne 1b"
#include "engines/native/chains.h"

static uint64_t now(void) {
    uint64_t ticks;
    __asm__ volatile("isb\n\tmrs %0, cntvct_el0\n\tisb" : "=r"(ticks) : : "memory");
    return ticks;
}

DEFINE_CHAIN(run_eor, "eor")
DEFINE_CHAIN(run_add, "add")
DEFINE_WIDE(run_wide)

/* the counter's rate is constant by architecture */
static const char *unavailable(void) {
    return NULL;
}

const struct clock_source clock_native = {
    .name = "cntvct",
    .unavailable = unavailable,
    .begin = now,
    .end = now,
    .mul = {"eor x, x, x", 1, CHAIN_UNROLL, run_eor},
    .add = {"add x, x, x", 1, CHAIN_UNROLL, run_add},
    .wide = {"add x, x, x, independent", 0, WIDE_UNROLL, run_wide},
};
