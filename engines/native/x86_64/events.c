/* x86_64/events.c: which events of libpfm4 count what, and the instruction that reads a counter.
 * Intel's count retired instructions. AMD's count operations dispatched to the load-store unit, so
 * also those of a wrong path (AMD PPR, LS_DISPATCH). */
#include "engines/native/counters.h"

#include <stddef.h>

const struct counter_event counter_events[] = {
    {COUNTER_CYCLES, "perf::CYCLES"},
    {COUNTER_INSTRUCTIONS, "perf::INSTRUCTIONS"},
    {COUNTER_LOADS, "MEM_INST_RETIRED:ALL_LOADS"}, /* Intel since Skylake */
    {COUNTER_STORES, "MEM_INST_RETIRED:ALL_STORES"},
    {COUNTER_LOADS, "MEM_UOPS_RETIRED:ALL_LOADS"}, /* Intel Sandy Bridge to Broadwell */
    {COUNTER_STORES, "MEM_UOPS_RETIRED:ALL_STORES"},
    {COUNTER_LOADS, "LS_DISPATCH:LD_DISPATCH:LD_ST_DISPATCH"}, /* AMD Zen */
    {COUNTER_STORES, "LS_DISPATCH:STORE_DISPATCH:LD_ST_DISPATCH"},
    {0, NULL},
};

uint64_t counter_rdpmc(uint32_t counter) {
    uint32_t low, high;
    __asm__ volatile("rdpmc" : "=a"(low), "=d"(high) : "c"(counter));
    return (uint64_t)high << 32 | low;
}
