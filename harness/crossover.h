/* crossover.h: where two cost curves meet, and how sure that is. */
#ifndef HARNESS_CROSSOVER_H
#define HARNESS_CROSSOVER_H

#include <stddef.h>

struct curve_point {
    double x;              /* live values */
    const double *samples; /* cost, one per process */
    size_t n;
};

enum crossing {
    CROSSES,        /* at `at`; a is the cheaper one below it when a_first */
    A_ALWAYS_LESS,  /* at every x measured */
    B_ALWAYS_LESS,  /* the same or dearer a counts here too */
    NOT_COMPARABLE, /* fewer than two x in common, or an estimate is undefined */
};

struct crossover {
    enum crossing crossing;
    int a_first;
    double at; /* medians, interpolated linearly */
    double lo,
        hi; /* outside of these the Hodges-Lehmann interval of the difference, interpolated,
               excludes zero; -INFINITY or INFINITY where it never does within what was measured */
    double x_min, x_max; /* of the points in common */
    size_t crossings;    /* more than 1: the curves are too close or too noisy for one answer */
};

/* Points in ascending x; x that only one curve has are left out. */
struct crossover crossover(const struct curve_point *a, size_t na, const struct curve_point *b,
                           size_t nb);

#endif
