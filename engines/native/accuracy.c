/* accuracy.c: see accuracy.h. */
#include "engines/native/accuracy.h"

#include "engines/native/slices.h"
#include "harness/statistics.h"

#include <string.h>

enum {
    ROUNDS = 15,        /* wanted; each is what a process is to a switcher */
    TRIES = 20 * ROUNDS /* to get them where others use the core */
};

static bool run(const void *sequence, uint64_t steps) {
    ((const struct sequence *)sequence)->run(steps);
    return true;
}

struct accuracy accuracy_measure(const struct clock_source *source, const struct sequence *sequence,
                                 double best_throughput) {
    const struct subject subject = {run, sequence, sequence->unroll, 1};
    struct slices m;
    double alone[ROUNDS], any[TRIES];
    size_t alones = 0, anys = 0;
    for (unsigned try = 0; try < TRIES && alones < ROUNDS; try++) {
        slices_measure(&m, source, &subject, best_throughput, try);
        if (slices_median(&m, offsetof(struct slice, disagreement)) > CLOCK_DISAGREEMENT_LIMIT)
            continue;
        any[anys++] = slices_median(&m, offsetof(struct slice, cycles));
        if (!slices_shared(&m)) alone[alones++] = any[anys - 1];
    }
    /* a chain waits for itself, whoever shares the core, but it may wait a little longer for the
     * one unit that can do it */
    bool shares = alones < ROUNDS && strcmp(sequence->kind, "latency") == 0;
    struct estimate e = shares ? median(any, anys, CONFIDENCE) : median(alone, alones, CONFIDENCE);
    return (struct accuracy){e.value, e.lo, e.hi};
}
