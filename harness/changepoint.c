/* changepoint.c: E-divisive means, deterministic; see changepoint.h. */
#include "harness/changepoint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/statistics.h"

static void *allocate(size_t n, size_t size) {
    void *room = calloc(n + 1, size);
    if (!room) abort();
    return room;
}

/* --- One segment ------------------------------------------------------------------------------ */

/* sums[j * n + i]: distances of x[j] to x[0] ... x[i - 1], for i <= j */
static void sum_distances(const double *x, size_t n, double *sums) {
    for (size_t j = 0; j < n; j++) {
        double sum = 0;
        for (size_t i = 0; i <= j; i++) {
            sums[j * n + i] = sum;
            sum += fabs(x[j] - x[i]);
        }
    }
}

/* Left is [0, t1), right is [t1, t2): the right one may end early, so that a later change does not
 * hide this one. within_left is the sum of distances of pairs there. */
static void try_right_ends(const double *sums, size_t n, size_t t1, double within_left,
                           size_t least, struct division *best) {
    double within_right = 0, between = 0, left = (double)t1;
    for (size_t t2 = t1 + 1; t2 <= n; t2++) {
        const double *row = &sums[(t2 - 1) * n];
        double right = (double)(t2 - t1);
        within_right += row[t2 - 1] - row[t1];
        between += row[t1];
        if (t2 - t1 < least) continue;
        double energy = 2 * between / (left * right) - 2 * within_right / (right * (right - 1)) -
                        2 * within_left / (left * (left - 1));
        double statistic = energy * left * right / (left + right);
        if (statistic > best->statistic) *best = (struct division){t1, statistic};
    }
}

static bool divide_segment(const double *x, size_t n, size_t least, struct division *best) {
    *best = (struct division){0, -INFINITY};
    if (n < 2 * least) return false;
    double *sums = allocate(n * n, sizeof *sums), within_left = 0;
    sum_distances(x, n, sums);
    for (size_t t1 = 1; t1 + least <= n; t1++) {
        within_left += sums[(t1 - 1) * n + t1 - 1];
        if (t1 >= least) try_right_ends(sums, n, t1, within_left, least, best);
    }
    free(sums);
    return best->at > 0;
}

/* --- All segments ----------------------------------------------------------------------------- */

static size_t segment_start(const size_t *bounds, size_t i) {
    return i ? bounds[i - 1] : 0;
}

static size_t segment_end(const size_t *bounds, size_t k, size_t n, size_t i) {
    return i < k ? bounds[i] : n;
}

bool energy_divide(const double *x, size_t n, const size_t *bounds, size_t k, size_t least,
                   struct division *best) {
    struct division here;
    if (least < 2) least = 2;
    *best = (struct division){0, -INFINITY};
    for (size_t i = 0; i <= k; i++) {
        size_t start = segment_start(bounds, i), end = segment_end(bounds, k, n, i);
        if (divide_segment(x + start, end - start, least, &here) &&
            here.statistic > best->statistic)
            *best = (struct division){start + here.at, here.statistic};
    }
    return best->at > 0;
}

/* The share of permutations, within the segments, that divide at least as well. It stops as soon as
 * the rest can't make the division significant: the share is then a lower bound. */
static double permutation_test(const double *x, size_t n, const size_t *bounds, size_t k,
                               const struct division *found, const struct changepoint_options *o) {
    double *mixed = allocate(n, sizeof *mixed), p = 0;
    struct shuffler *shuffler = shuffler_new(o->seed);
    if (!shuffler) abort();
    memcpy(mixed, x, n * sizeof *mixed);
    unsigned over = 0;
    for (unsigned r = 0; r < o->permutations && p <= o->significance; r++) {
        struct division best;
        for (size_t i = 0; i <= k; i++) {
            size_t start = segment_start(bounds, i), end = segment_end(bounds, k, n, i);
            shuffle(shuffler, mixed + start, end - start, sizeof *mixed);
        }
        over += energy_divide(mixed, n, bounds, k, o->least, &best) &&
                best.statistic >=
                    found->statistic *
                        (1 - 1e-12); /* the same values in another order round otherwise */
        p = (1.0 + over) / (1.0 + o->permutations);
    }
    shuffler_free(shuffler);
    free(mixed);
    return p;
}

/* --- What is worth telling -------------------------------------------------------------------- */

static void set_medians(const double *x, size_t n, struct changepoint *points, size_t k) {
    for (size_t i = 0; i < k; i++) {
        size_t start = i ? points[i - 1].division.at : 0, at = points[i].division.at,
               end = i + 1 < k ? points[i + 1].division.at : n;
        points[i].before = median(x + start, at - start, CONFIDENCE).value;
        points[i].after = median(x + at, end - at, CONFIDENCE).value;
    }
}

static double relative_change(const struct changepoint *p) {
    if (p->before == p->after) return 0;
    return p->before == 0 ? INFINITY : fabs(p->after / p->before - 1);
}

/* values of [start, end) nearer to `own` than to `other` */
static size_t followers(const double *x, size_t start, size_t end, double own, double other) {
    size_t n = 0;
    for (size_t i = start; i < end; i++)
        n += fabs(x[i] - own) < fabs(x[i] - other);
    return n;
}

/* The test may set a change apart that fewer values show than a segment has: two at the end, with
 * one before them. */
static bool shown(const double *x, size_t n, const struct changepoint *points, size_t k, size_t i,
                  size_t least) {
    const struct changepoint *p = &points[i];
    size_t start = i ? points[i - 1].division.at : 0,
           end = i + 1 < k ? points[i + 1].division.at : n;
    return followers(x, start, p->division.at, p->before, p->after) >= least &&
           followers(x, p->division.at, end, p->after, p->before) >= least;
}

/* The least change goes first: without it, its neighbours' segments are other ones. */
static size_t keep_worth(const double *x, size_t n, const struct changepoint_options *o,
                         struct changepoint *points, size_t k) {
    for (;;) {
        size_t least = 0;
        double change[2];
        set_medians(x, n, points, k);
        for (size_t i = 0; i < k; i++) {
            change[1] = shown(x, n, points, k, i, o->least) ? relative_change(&points[i]) : -1;
            if (i == 0 || change[1] < change[0]) least = i, change[0] = change[1];
        }
        if (!k || change[0] >= o->threshold) return k;
        memmove(&points[least], &points[least + 1], (--k - least) * sizeof *points);
    }
}

static void remove_spikes(double *x, size_t n, double factor) {
    if (n < 3 || factor <= 0) return;
    double *step = allocate(n, sizeof *step);
    for (size_t i = 1; i < n; i++)
        step[i - 1] = fabs(x[i] - x[i - 1]);
    double limit = factor * median(step, n - 1, CONFIDENCE).value;
    for (size_t i = 1; i + 1 < n; i++) {
        double in = x[i] - x[i - 1], out = x[i + 1] - x[i];
        if (in * out < 0 && fabs(in) > limit && fabs(out) > limit) x[i] = (x[i - 1] + x[i + 1]) / 2;
    }
    free(step);
}

static int by_place(const void *left, const void *right) {
    const struct changepoint *a = left, *b = right;
    return a->division.at < b->division.at ? -1 : a->division.at > b->division.at;
}

size_t changepoints(const double *x, size_t n, const struct changepoint_options *o,
                    struct changepoint *points) {
    size_t k = 0, *bounds = allocate(n, sizeof *bounds);
    double *smooth = allocate(n, sizeof *smooth);
    memcpy(smooth, x, n * sizeof *smooth);
    remove_spikes(smooth, n, o->spike);
    struct division found;
    while (energy_divide(smooth, n, bounds, k, o->least, &found)) {
        double p = permutation_test(smooth, n, bounds, k, &found, o);
        if (p > o->significance) break;
        points[k++] = (struct changepoint){.division = found, .p = p};
        qsort(points, k, sizeof *points, by_place);
        for (size_t i = 0; i < k; i++)
            bounds[i] = points[i].division.at;
    }
    free(smooth);
    free(bounds);
    return keep_worth(x, n, o, points, k);
}

size_t exact_changes(const double *x, size_t n, struct changepoint *points) {
    size_t k = 0;
    for (size_t i = 1; i < n; i++)
        if (x[i] < x[i - 1] || x[i] > x[i - 1])
            points[k++] = (struct changepoint){
                .division = {.at = i, .statistic = INFINITY}, .before = x[i - 1], .after = x[i]};
    return k;
}
