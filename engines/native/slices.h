/* slices.h: how long code takes, in ticks and core cycles, and whether the core was its own
 * meanwhile. What runs is timed N times against 2N, so that everything but the repetitions cancels,
 * in slices so short that others who come to the core, and go within a millisecond, are seen
 * before, within or after. */
#ifndef SWITCHLAB_NATIVE_SLICES_H
#define SWITCHLAB_NATIVE_SLICES_H

#include "engines/native/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct subject {
    bool (*run)(const void *code, uint64_t n); /* n times; false: a value in it was lost */
    const void *code;
    uint64_t least; /* n is a multiple of it */
    double parts;   /* of one repetition: figures are those of a part */
};

enum {
    SLICES_LOOKS = 3,    /* in a slice, at the core: before, between and after N and 2N */
    SLICES_IN_BATCH = 4, /* the clock is calibrated before and after each batch */
    SLICES_WANTED = 7 * SLICES_IN_BATCH,
    SLICES_MOST = 3 * SLICES_WANTED, /* are tried, to get them on a core that is not shared */
};

struct slice {
    double ticks, cycles; /* a part */
    double disagreement;  /* percent: clock.h */
    bool alone;           /* no other thread took its share of the core */
};

struct slices {
    struct slice slice[SLICES_MOST];
    double looks[SLICES_MOST * SLICES_LOOKS]; /* independent instructions per cycle */
    int n, alone;                             /* slices; of them those on a core of one's own */
    uint64_t repetitions;                     /* N */
    bool intact;                              /* run never said false */
};

/* best_throughput: clock.h. An odd seed begins with 2N in place of N; they alternate */
void slices_measure(struct slices *, const struct clock_source *, const struct subject *,
                    double best_throughput, uint64_t seed);
/* too few had the core to themselves: medians are those of all slices */
bool slices_shared(const struct slices *);
/* of one figure, by its offset in struct slice, over the slices that had the core to themselves,
 * or over all where those are too few */
double slices_median(const struct slices *, size_t figure);
/* what many of its looks reach, or 0; of more than one batch, for all looks of one share a
 * calibration */
double slices_reached(const struct slices *);

#endif
