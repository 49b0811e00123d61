/* accuracy.h: is a core cycle of this clock a core cycle? Instruction sequences whose latency or
 * throughput others have published, measured as a switch is (slices.h). */
#ifndef SWITCHLAB_NATIVE_ACCURACY_H
#define SWITCHLAB_NATIVE_ACCURACY_H

#include "engines/native/clock.h"

#include <stdbool.h>
#include <stddef.h>

struct sequence {
    const char *name; /* "add r64, r64"; for two instructions that are one step of a chain: "movq
                         mm, [m64]; movq [m64], mm" */
    const char *kind; /* "latency": each step waits for the one before; "throughput": none does */
    uint64_t unroll;
    void (*run)(uint64_t steps); /* rounded up to a multiple of unroll */
    const char *(*unavailable)(
        void); /* why this CPU can't, or NULL; a NULL function: it always can */
};

/* Of the architecture that the Makefile picked; ends with a name of NULL. Absent where an
 * architecture has none */
extern const struct sequence sequences_native[] __attribute__((weak));
/* "zen3", "skylake", ...: how the published table names this CPU's core; NULL: not known, `family`
 * says what the CPU says of itself */
const char *microarchitecture_native(char *family, size_t size) __attribute__((weak));

struct accuracy {
    double cycles; /* core cycles a step: median of the rounds that were taken */
    double lo, hi; /* its rank interval */
};

/* best_throughput: clock.h. cycles is NaN when the clock was never to be trusted */
struct accuracy accuracy_measure(const struct clock_source *, const struct sequence *,
                                 double best_throughput);

#endif
