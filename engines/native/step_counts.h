/* step_counts.h: what a stretch of executed instructions adds up to, and the counts of one switch
 * from three runs of N, 2N and 3N iterations. */
#ifndef SWITCHLAB_NATIVE_STEP_COUNTS_H
#define SWITCHLAB_NATIVE_STEP_COUNTS_H

#include "engines/native/instruction.h"

#include <jansson.h>

enum { COUNTED_RUNS = 3 };
/* N: few iterations first, for each step takes microseconds; then a multiple of what compilers
 * unroll loops by */
enum { COUNTED_LENGTHS = 3 };
extern const int counted_lengths[COUNTED_LENGTHS];

struct step_counts {
    uint64_t instructions, loads, stores, modifies, bytes;
};

void step_counts_add(struct step_counts *, const struct effect *, bool continues);

/* NULL, or why the runs are not repeatable: 3N must add to 2N as much as 2N to N; static storage */
const char *step_counts_repeat(const struct step_counts runs[COUNTED_RUNS], int n);

/* by name, {"value", "unit"}: what 2N iterations take beyond N, divided by the switches in N */
json_t *step_counts_per_switch(const struct step_counts runs[COUNTED_RUNS], uint64_t switches);

#endif
