/* accuracy.c: see accuracy.h. */
#include "engines/native/accuracy.h"

#include "harness/statistics.h"

#include <math.h>
#include <string.h>

enum {
    BATCHES = 15,         /* wanted */
    TRIES = 100 * BATCHES /* to get them where others use the core */
};
#define BATCH_CYCLES 200000.0

static double timed(const struct clock_source *source, const struct sequence *sequence,
                    uint64_t steps) {
    uint64_t begin = source->begin();
    sequence->run(steps);
    return (double)(source->end() - begin);
}

/* steps that take about BATCH_CYCLES */
static uint64_t length(const struct clock_source *source, const struct sequence *sequence,
                       const struct clock_batch *clock) {
    uint64_t steps = sequence->unroll;
    while (steps < UINT64_C(1) << 24 &&
           clock_cycles(clock, timed(source, sequence, steps)) < BATCH_CYCLES)
        steps *= 2;
    return steps;
}

/* ticks a step, N against 2N; the order alternates */
static double slope(const struct clock_source *source, const struct sequence *sequence,
                    uint64_t steps, bool longer_first) {
    double first = timed(source, sequence, longer_first ? 2 * steps : steps),
           second = timed(source, sequence, longer_first ? steps : 2 * steps);
    return (longer_first ? first - second : second - first) / (double)steps;
}

struct accuracy accuracy_measure(const struct clock_source *source, const struct sequence *sequence,
                                 double best_throughput) {
    double alone[TRIES], any[TRIES];
    size_t alones = 0, anys = 0;
    struct accuracy a = {0};
    struct clock_batch before = clock_calibrate(source, CLOCK_ROUNDS);
    uint64_t steps = length(source, sequence, &before);
    bool was_alone = false;
    for (; a.batches < TRIES && alones < BATCHES; a.batches++) {
        double ticks = slope(source, sequence, steps, a.batches & 1);
        struct clock_batch after = clock_calibrate(source, CLOCK_ROUNDS),
                           clock = clock_between(source, &before, &after);
        bool is_alone = clock_throughput(source, &after) >= CLOCK_ALONE * best_throughput,
             refused = clock_refuses(&clock) != NULL;
        a.refused += refused;
        a.shared += !(is_alone && was_alone);
        if (!refused) any[anys++] = clock_cycles(&clock, ticks);
        if (!refused && is_alone && was_alone) alone[alones++] = any[anys - 1];
        before = after;
        was_alone = is_alone;
    }
    /* a chain waits for itself, whoever shares the core, but it may wait a little longer for the
     * one unit that can do it */
    bool shares = alones < BATCHES && strcmp(sequence->kind, "latency") == 0;
    struct estimate e = shares ? median(any, anys, CONFIDENCE) : median(alone, alones, CONFIDENCE);
    a.cycles = e.value;
    a.lo = e.lo;
    a.hi = e.hi;
    return a;
}
