/* cpu.h: where this thread, and the threads and processes that it starts, may run. */
#ifndef SWITCHLAB_CPU_H
#define SWITCHLAB_CPU_H

#include <stdbool.h>

/* From now on only on this CPU, numbered as in /proc/cpuinfo. false, with errno: it stays where it was allowed. */
bool cpu_pin(int cpu);

/* The same on the CPU where it is. */
bool cpu_stay(void);

#endif
