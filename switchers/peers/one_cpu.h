/* one_cpu.h: keeps this thread, and the threads and processes that it starts, on one CPU while a peer switches through the kernel:
 * on two, the figure would be that of waking another CPU. */
#ifndef SWITCHLAB_ONE_CPU_H
#define SWITCHLAB_ONE_CPU_H

#ifndef _GNU_SOURCE
#error "define _GNU_SOURCE before the first include: cpu_set_t"
#endif

#include <err.h>
#include <sched.h>
#include <stdlib.h>

/* stays on the CPU where it is; returns the CPUs it was allowed before. `who` is named in errors */
static inline cpu_set_t one_cpu_stay(const char *who) {
    cpu_set_t before, here;
    int cpu = sched_getcpu();
    if (cpu < 0 || sched_getaffinity(0, sizeof before, &before) != 0)
        err(EXIT_FAILURE, "%s: can't tell which CPU this is", who);
    CPU_ZERO(&here);
    CPU_SET((size_t)cpu, &here);
    if (sched_setaffinity(0, sizeof here, &here) != 0) err(EXIT_FAILURE, "%s: can't stay on CPU %d", who, cpu);
    return before;
}

static inline void one_cpu_leave(const char *who, cpu_set_t before) {
    if (sched_setaffinity(0, sizeof before, &before) != 0) err(EXIT_FAILURE, "%s: can't go back to all allowed CPUs", who);
}

#endif
