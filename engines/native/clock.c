/* clock.c: calibration of ticks to core cycles and to nanoseconds (clock.h). Each chain is run N
 * and 2N long, so that reading the clock and starting the chain cancel. Interrupts and neighbours
 * on the core only ever add, so the fastest rounds are the truest; the mean of a quarter of them
 * averages out the counter's own grain (26 ticks on a Zen 4 at 2.6 GHz). */
#include "engines/native/clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { CHAIN_CYCLES = 30000, OVERHEAD_READS = 101, PAIRS = 32, ROUNDS_MAX = 101 };

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int n) { /* of an odd number */
    qsort(values, (size_t)n, sizeof *values, ascending);
    return values[n / 2];
}

/* mean of the least quarter */
static double fastest(double *ticks, int n) {
    int used = (n + 3) / 4;
    double sum = 0;
    qsort(ticks, (size_t)n, sizeof *ticks, ascending);
    for (int i = 0; i < used; i++)
        sum += ticks[i];
    return sum / used;
}

static double timed(const struct clock_source *source, const struct clock_chain *chain,
                    uint64_t instructions) {
    uint64_t begin = source->begin();
    chain->run(instructions);
    return (double)(source->end() - begin);
}

/* one chain's times, N long and 2N long */
struct times {
    double ticks[2][ROUNDS_MAX];
};

static uint64_t length(const struct clock_chain *chain) {
    return (uint64_t)(CHAIN_CYCLES / chain->cycles) / chain->unroll * chain->unroll;
}

/* which length goes first alternates, so that neither is always the warmer */
static void take(const struct clock_source *source, const struct clock_chain *chain,
                 struct times *times, int round) {
    for (int i = 0; i < 2; i++) {
        int twice = (i ^ round) & 1;
        times->ticks[twice][round] = timed(source, chain, length(chain) << twice);
    }
}

static double ticks_per_instruction(const struct clock_chain *chain, struct times *times,
                                    int rounds) {
    return (fastest(times->ticks[1], rounds) - fastest(times->ticks[0], rounds)) /
           (double)length(chain);
}

struct clock_batch clock_calibrate(const struct clock_source *source, int rounds) {
    struct times mul, add;
    if (rounds < 1) rounds = 1;
    if (rounds > ROUNDS_MAX) rounds = ROUNDS_MAX;
    take(source, &source->mul, &mul, 0); /* warm-up */
    take(source, &source->add, &add, 0);
    for (int i = 0; i < rounds; i++) {
        take(source, &source->mul, &mul, i);
        take(source, &source->add, &add, i);
    }
    return clock_from_chains(source, ticks_per_instruction(&source->mul, &mul, rounds),
                             ticks_per_instruction(&source->add, &add, rounds));
}

struct clock_batch clock_from_chains(const struct clock_source *source, double ticks_mul,
                                     double ticks_add) {
    double by_mul = ticks_mul / source->mul.cycles, by_add = ticks_add / source->add.cycles;
    return (struct clock_batch){
        .ticks_mul = ticks_mul,
        .ticks_add = ticks_add,
        .ticks_per_cycle = by_mul,
        .disagreement = by_mul > 0 && by_add > 0 ? 100 * fabs(by_add / by_mul - 1) : 100,
    };
}

struct clock_batch clock_between(const struct clock_source *source,
                                 const struct clock_batch *before,
                                 const struct clock_batch *after) {
    struct clock_batch mean = clock_from_chains(source, (before->ticks_mul + after->ticks_mul) / 2,
                                                (before->ticks_add + after->ticks_add) / 2);
    mean.disagreement = fmax(before->disagreement, after->disagreement);
    mean.drift = before->ticks_mul > 0 ? 100 * fabs(after->ticks_mul / before->ticks_mul - 1) : 100;
    return mean;
}

double clock_cycles(const struct clock_batch *batch, double ticks) {
    return ticks / batch->ticks_per_cycle;
}

const char *clock_refuses(const struct clock_batch *batch) {
    static char reason[200];
    const char *what =
        batch->disagreement > CLOCK_DISAGREEMENT_LIMIT ? "the two calibration chains disagree"
        : batch->drift > CLOCK_DISAGREEMENT_LIMIT ? "the core's frequency changed during the timing"
                                                  : NULL;
    if (!what) return NULL;
    snprintf(reason, sizeof reason,
             "%s by %.2f %%, limit %.2f %% (ticks per mul %.4f, per add %.4f): "
             "repeat on a quieter machine or at a fixed frequency",
             what, fmax(batch->disagreement, batch->drift), CLOCK_DISAGREEMENT_LIMIT,
             batch->ticks_mul, batch->ticks_add);
    return reason;
}

double clock_overhead(const struct clock_source *source) {
    double ticks[OVERHEAD_READS];
    for (int i = 0; i < OVERHEAD_READS; i++) {
        uint64_t begin = source->begin();
        ticks[i] = (double)(source->end() - begin);
    }
    return median(ticks, OVERHEAD_READS);
}

struct moment {
    double ticks, ns;
};

static double raw_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC_RAW, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* one instant on both clocks: of several tries the one whose ticks on both sides are the closest */
static struct moment now(const struct clock_source *source, double origin) {
    struct moment best = {0, 0};
    uint64_t closest = UINT64_MAX;
    for (int i = 0; i < PAIRS; i++) {
        uint64_t begin = source->begin();
        double ns = raw_ns() - origin;
        uint64_t width = source->end() - begin;
        if (width >= closest) continue;
        closest = width;
        best = (struct moment){(double)begin + (double)width / 2, ns};
    }
    return best;
}

double clock_ns_per_tick(const struct clock_source *source, int milliseconds) {
    double origin = raw_ns(); /* keeps the nanoseconds small, so that a double holds them exactly */
    struct moment first = now(source, origin);
    while (raw_ns() - origin < milliseconds * 1e6)
        continue;
    struct moment last = now(source, origin);
    return (last.ns - first.ns) / (last.ticks - first.ticks);
}

enum { WIDE_WARM_UP = 2000, WIDE_INSTRUCTIONS = 100000 }; /* about 10 us */

double clock_throughput(const struct clock_source *source, const struct clock_batch *batch) {
    source->wide.run(WIDE_WARM_UP); /* what ran before may have left cold caches */
    uint64_t begin = source->begin();
    source->wide.run(WIDE_INSTRUCTIONS);
    double ticks = (double)(source->end() - begin);
    return WIDE_INSTRUCTIONS / clock_cycles(batch, ticks);
}

double clock_plateau(double *values, int n, int enough, int *near) {
    qsort(values, (size_t)n, sizeof *values, ascending);
    for (int top = n - 1, bottom = n - 1; top >= 0; top--) {
        while (bottom > 0 && values[bottom - 1] >= 0.99 * values[top])
            bottom--;
        *near = top - bottom + 1;
        if (*near >= enough) return values[top];
    }
    *near = 0;
    return n ? values[n - 1] : 0;
}

double clock_best_throughput(const struct clock_source *source) {
    enum { LOOKS = 1000, LEAST = 200, EACH = 10, ENOUGH = 20, ROUNDS = 3, PAUSE_US = 1000 };
    double adds[LOOKS], best = 0;
    int n = 0, at_best = 0;
    for (int look = 0; look < LOOKS && (look < LEAST || 2 * at_best < n); look++) {
        struct clock_batch batch = clock_calibrate(source, ROUNDS);
        if (!clock_refuses(&batch)) adds[n++] = clock_throughput(source, &batch);
        if (look % EACH == EACH - 1) best = clock_plateau(adds, n, ENOUGH, &at_best);
        usleep(PAUSE_US);
    }
    return best;
}
