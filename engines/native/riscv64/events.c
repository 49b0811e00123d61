/* riscv64/events.c: which events of libpfm4 count what, and the read of a counter (hpmcounter n,
 * cycle 0xc00 and on). */
#include "engines/native/counters.h"

#include <stddef.h>

const struct counter_event counter_events[] = {
    {COUNTER_CYCLES, "perf::CYCLES"},
    {COUNTER_INSTRUCTIONS, "perf::INSTRUCTIONS"},
    {0, NULL},
};

/* a control register's number is part of the instruction; the first three have fixed meanings, and
 * the kernel gives others to events that are not in the table */
uint64_t counter_rdpmc(uint32_t counter) {
    enum { TIME = 1, INSTRET = 2 };
    uint64_t value;
    if (counter == TIME)
        __asm__ volatile("rdtime %0" : "=r"(value));
    else if (counter == INSTRET)
        __asm__ volatile("rdinstret %0" : "=r"(value));
    else
        __asm__ volatile("rdcycle %0" : "=r"(value));
    return value;
}
