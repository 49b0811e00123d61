/* aarch64/events.c: which events of libpfm4 count what (Arm ARM, D11: architectural events), and
 * the read of a counter, which the kernel permits where kernel.perf_user_access is 1. */
#include "engines/native/counters.h"

#include <stddef.h>

const struct counter_event counter_events[] = {
    {COUNTER_CYCLES, "perf::CYCLES"},
    {COUNTER_INSTRUCTIONS, "perf::INSTRUCTIONS"},
    {COUNTER_LOADS, "LD_RETIRED"},
    {COUNTER_STORES, "ST_RETIRED"},
    {COUNTER_LOADS, "LD_SPEC"},
    {COUNTER_STORES, "ST_SPEC"},
    {0, NULL},
};

/* counter 31 counts cycles; any other is selected first, in a register that a thread keeps */
uint64_t counter_rdpmc(uint32_t counter) {
    enum { CYCLE_COUNTER = 31 };
    uint64_t value;
    if (counter == CYCLE_COUNTER)
        __asm__ volatile("mrs %0, pmccntr_el0" : "=r"(value));
    else
        __asm__ volatile("msr pmselr_el0, %1\n\tisb\n\tmrs %0, pmxevcntr_el0"
                         : "=r"(value)
                         : "r"((uint64_t)counter));
    return value;
}
