/* cpu.c: see cpu.h. */
#include "harness/cpu.h"

#include <sched.h>
#include <stddef.h>

bool cpu_pin(int cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)cpu, &set);
    return sched_setaffinity(0, sizeof set, &set) == 0;
}

bool cpu_stay(void) {
    int cpu = sched_getcpu();
    return cpu >= 0 && cpu_pin(cpu);
}
