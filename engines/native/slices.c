/* slices.c: see slices.h. */
#include "engines/native/slices.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    WARM_UP = 256, /* repetitions before the first clock is read */
    TRIES = 3
};
/* that the N of a slice should take, about 25 us: others come and go in less than a millisecond */
#define SLICE_CYCLES 1e5

struct timed {
    double ticks;
    bool intact;
};

static struct timed timed(const struct clock_source *source, const struct subject *s, uint64_t n) {
    uint64_t begin = source->begin();
    bool intact = s->run(s->code, n);
    uint64_t end = source->end();
    return (struct timed){(double)(end - begin), intact};
}

/* what SLICE_CYCLES take. Not by a calibration: beside others that may say anything, a negative
 * number too, and a slice would have no end */
static double slice_ticks(const struct clock_source *source) {
    double fastest = INFINITY;
    for (int i = 0; i < TRIES; i++) {
        uint64_t begin = source->begin();
        source->add.run((uint64_t)(SLICE_CYCLES / source->add.cycles));
        fastest = fmin(fastest, (double)(source->end() - begin));
    }
    return fastest;
}

static uint64_t length(const struct clock_source *source, const struct subject *s) {
    uint64_t n = s->least;
    double wanted = slice_ticks(source);
    s->run(s->code, WARM_UP);
    while (n < UINT64_C(1) << 30 && timed(source, s, n).ticks < wanted)
        n *= 2;
    return n;
}

/* ticks a part */
static double slope(const struct clock_source *source, const struct subject *s,
                    const struct clock_batch *clock, bool longer_first, struct slices *m,
                    double looks[SLICES_LOOKS]) {
    uint64_t n = m->repetitions;
    looks[0] = clock_throughput(source, clock);
    struct timed first = timed(source, s, longer_first ? 2 * n : n);
    looks[1] = clock_throughput(source, clock);
    struct timed second = timed(source, s, longer_first ? n : 2 * n);
    looks[2] = clock_throughput(source, clock);
    m->intact = m->intact && first.intact && second.intact;
    double ticks = longer_first ? first.ticks - second.ticks : second.ticks - first.ticks;
    return ticks / (s->parts * (double)n);
}

static double least(const double looks[SLICES_LOOKS]) {
    return fmin(looks[0], fmin(looks[1], looks[2]));
}

/* Until SLICES_WANTED slices are on a core of one's own, or patience ends: early where few of the
 * first were, for then a later process has the better chance */
void slices_measure(struct slices *m, const struct clock_source *source, const struct subject *s,
                    double best_throughput, uint64_t seed) {
    *m = (struct slices){.intact = true, .repetitions = length(source, s)};
    struct clock_batch before = clock_calibrate(source, CLOCK_ROUNDS);
    while (m->n < SLICES_MOST && m->alone < SLICES_WANTED) {
        double ticks[SLICES_IN_BATCH];
        for (int i = 0; i < SLICES_IN_BATCH; i++)
            ticks[i] = slope(source, s, &before, (seed + (unsigned)i) & 1, m,
                             &m->looks[(m->n + i) * SLICES_LOOKS]);
        struct clock_batch after = clock_calibrate(source, CLOCK_ROUNDS);
        struct clock_batch clock = clock_between(source, &before, &after);
        for (int i = 0; i < SLICES_IN_BATCH; i++, m->n++) {
            bool alone = least(&m->looks[m->n * SLICES_LOOKS]) >= CLOCK_ALONE * best_throughput;
            m->slice[m->n] =
                (struct slice){ticks[i], clock_cycles(&clock, ticks[i]), clock.disagreement, alone};
            m->alone += alone;
        }
        before = after;
        if (m->n == SLICES_WANTED && 8 * m->alone < SLICES_WANTED) break;
    }
}

bool slices_shared(const struct slices *m) {
    return 2 * m->alone < SLICES_WANTED;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double slices_median(const struct slices *m, size_t figure) {
    double values[SLICES_MOST];
    size_t used = 0;
    bool all = slices_shared(m);
    for (int i = 0; i < m->n; i++)
        if (all || m->slice[i].alone)
            memcpy(&values[used++], (const char *)&m->slice[i] + figure, sizeof *values);
    qsort(values, used, sizeof *values, ascending);
    return values[used / 2];
}

double slices_reached(const struct slices *m) {
    double looks[SLICES_MOST * SLICES_LOOKS];
    int near;
    memcpy(looks, m->looks, sizeof looks);
    double best =
        clock_plateau(looks, m->n * SLICES_LOOKS, 2 * SLICES_IN_BATCH * SLICES_LOOKS, &near);
    return near ? best : 0;
}
