/* changepoint.h: where a series of figures, one a run, changes its level: E-divisive means
 * (Matteson and James, "A nonparametric approach for multiple change point analysis of multivariate
 * data", JASA 109, 2014) with a permutation test whose order is seeded, so that the same series
 * gives the same answer everywhere. */
#ifndef HARNESS_CHANGEPOINT_H
#define HARNESS_CHANGEPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct division {
    size_t at;        /* index of the first value after the change */
    double statistic; /* the scaled energy distance of what lies on either side, Q in the paper,
                         alpha 1 */
};

/* The best place to divide any of the segments that `bounds` makes: 0 < bounds[0] < ... < n are
 * first indices of the k segments after the first one. No side gets fewer than `least` values, at
 * least 2. False: there is none. */
bool energy_divide(const double *x, size_t n, const size_t *bounds, size_t k, size_t least,
                   struct division *best);

struct changepoint_options {
    size_t least; /* values a segment has at least: edges and shorter excursions are no change */
    double significance;   /* of the test, e.g. 0.01 */
    unsigned permutations; /* of the test, e.g. 999 */
    uint32_t seed;
    double threshold; /* relative change of the medians below which a change is not worth telling,
                         e.g. 0.01 */
    double spike;     /* a single value whose steps from and to its neighbours are opposite and each
                         more than this     many median steps is taken for its neighbours' mean; 0: values
                         are taken as they are */
};

#define CHANGEPOINT_DEFAULTS                                                                       \
    {                                                                                              \
        .least = 3, .significance = 0.01, .permutations = 999, .seed = 1, .threshold = 0.01,       \
        .spike = 5                                                                                 \
    }

struct changepoint {
    struct division division;
    double p;             /* of the test; exact changes have 0 */
    double before, after; /* medians of the segments on either side, of the values as given */
};

/* Fills `points` (room for n) in the order of the series; how many. Memory: n^2 doubles; time: n^2
 * a permutation. Values must be finite. A series shorter than 2 * least has none. */
size_t changepoints(const double *x, size_t n, const struct changepoint_options *options,
                    struct changepoint *points);

/* The same for exact figures: every change of value is one. */
size_t exact_changes(const double *x, size_t n, struct changepoint *points);

#endif
