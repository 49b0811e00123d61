/* riscv64/clock.c: the time register, between fences, and the two chains that calibrate it to core
 * cycles. add and xor are 1 cycle on the cores whose manuals say it (SiFive U74-MC, manual
 * 21G1, 3.2); there is no common longer latency, as on aarch64. */
#include "engines/native/clock.h"

#include <stddef.h>

#define LOOP "addi %[loops], %[loops], -1\n\tbnez %[loops], 1b"
#include "engines/native/chains.h"

static uint64_t now(void) {
    uint64_t ticks;
    __asm__ volatile("fence\n\trdtime %0\n\tfence" : "=r"(ticks) : : "memory");
    return ticks;
}

DEFINE_CHAIN(run_xor, "xor")
DEFINE_CHAIN(run_add, "add")
DEFINE_WIDE(run_wide)

/* the rate is constant by architecture */
static const char *unavailable(void) {
    return NULL;
}

const struct clock_source clock_native = {
    .name = "time",
    .unavailable = unavailable,
    .begin = now,
    .end = now,
    .mul = {"xor", 1, CHAIN_UNROLL, run_xor},
    .add = {"add", 1, CHAIN_UNROLL, run_add},
    .wide = {"add, independent", 0, WIDE_UNROLL, run_wide},
};
