/* crossover.c: differences at each common x, then where they and their intervals pass through zero.
 */
#include "harness/crossover.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "harness/statistics.h"

struct difference {
    double x, value, lo, hi; /* b - a, so that positive means a is cheaper */
};

static size_t differences(const struct curve_point *a, size_t na, const struct curve_point *b,
                          size_t nb, struct difference *d) {
    size_t n = 0;
    for (size_t i = 0, j = 0; i < na && j < nb;) {
        if (a[i].x < b[j].x) {
            i++;
        } else if (a[i].x > b[j].x) {
            j++;
        } else {
            struct estimate s = shift(b[j].samples, b[j].n, a[i].samples, a[i].n, CONFIDENCE);
            double value = median(b[j].samples, b[j].n, CONFIDENCE).value -
                           median(a[i].samples, a[i].n, CONFIDENCE).value;
            d[n++] = (struct difference){a[i].x, value, s.lo, s.hi};
            i++;
            j++;
        }
    }
    return n;
}

/* Where the line through (x0, y0) and (x1, y1), of different signs, is zero. */
static double zero_between(double x0, double y0, double x1, double y1) {
    return y0 == y1 ? x1 : x0 + (x1 - x0) * y0 / (y0 - y1);
}

/* Is the cheaper one at this point, as it was before the crossing, cheaper beyond doubt? sign: of
 * value before it. */
static double doubt(const struct difference *d, int sign, bool before) {
    return (sign > 0) == before ? d->lo : d->hi;
}

/* Walks from the crossing between i and i + 1 outwards to the first point without doubt, and back
 * to where doubt began. */
static double lower_end(const struct difference *d, size_t i, int sign) {
    for (size_t k = i + 1; k-- > 0;) {
        double here = sign * doubt(&d[k], sign, true), next = sign * doubt(&d[k + 1], sign, true);
        if (here > 0) return next > 0 ? d[k + 1].x : zero_between(d[k].x, here, d[k + 1].x, next);
    }
    return -INFINITY;
}

static double upper_end(const struct difference *d, size_t n, size_t i, int sign) {
    for (size_t k = i + 1; k < n; k++) {
        double here = sign * doubt(&d[k], sign, false),
               before = sign * doubt(&d[k - 1], sign, false);
        if (here < 0)
            return before < 0 ? d[k - 1].x : zero_between(d[k - 1].x, before, d[k].x, here);
    }
    return INFINITY;
}

static struct crossover judge(const struct difference *d, size_t n) {
    struct crossover c = {
        .crossing = NOT_COMPARABLE, .at = NAN, .lo = NAN, .hi = NAN, .x_min = NAN, .x_max = NAN};
    for (size_t i = 0; i < n; i++)
        if (!isfinite(d[i].value) || !isfinite(d[i].lo) || !isfinite(d[i].hi)) return c;
    if (n < 2) return c;
    c.x_min = d[0].x;
    c.x_max = d[n - 1].x;
    c.a_first = d[0].value > 0;
    c.crossing = c.a_first ? A_ALWAYS_LESS : B_ALWAYS_LESS;
    for (size_t i = 0; i + 1 < n; i++) {
        if ((d[i].value > 0) == (d[i + 1].value > 0)) continue;
        if (c.crossings++) continue;
        int sign = d[i].value > 0 ? 1 : -1;
        c.crossing = CROSSES;
        c.at = zero_between(d[i].x, d[i].value, d[i + 1].x, d[i + 1].value);
        c.lo = lower_end(d, i, sign);
        c.hi = upper_end(d, n, i, sign);
    }
    return c;
}

struct crossover crossover(const struct curve_point *a, size_t na, const struct curve_point *b,
                           size_t nb) {
    struct difference *d = malloc((na < nb ? na : nb) * sizeof *d + 1);
    struct crossover c = judge(NULL, 0);
    if (d) c = judge(d, differences(a, na, b, nb, d));
    free(d);
    return c;
}
