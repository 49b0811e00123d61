/* statistics.h: what a handful of samples lets us say, with intervals that assume no distribution.
 *
 * A sample is one process's figure (see docs/method.md), so n is small; intervals are exact, from
 * ranks. The same for every function here: n = 0                    value, lo and hi are NaN, n is
 * 0, confidence is 0. a sample is NaN or inf   the estimate is NaN with n kept: a lost measurement
 * must not vanish. negative samples         are used as they are (a corrected time can be negative;
 * see estimate_flaw), except in a ratio, which has no meaning then: NaN. too few samples lo and hi
 * are the extremes, and confidence, below the one asked, says what they give. Inputs are never
 * changed, sorted or dropped. */
#ifndef HARNESS_STATISTICS_H
#define HARNESS_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONFIDENCE 0.95 /* what records and tables use */

struct estimate {
    double value, lo, hi; /* in the unit of the samples; a ratio has none */
    size_t n;             /* samples used; for two samples the smaller of the two */
    double confidence; /* achieved, 0 to 1; at least the one asked when there are enough samples */
};

/* Median; the interval runs between two order statistics, binomial (Conover 1999, section 3.2). */
struct estimate median(const double *x, size_t n, double confidence);

/* What that interval holds with n samples: at least the confidence asked, or what the extremes
 * give. */
double median_confidence(size_t n, double confidence);

/* Hodges-Lehmann: the median of all a[i] - b[j]; the interval inverts the Mann-Whitney test
 * (Hollander and Wolfe 1999, section 4.3): exact up to 50 samples a side, normal approximation
 * above. */
struct estimate shift(const double *a, size_t na, const double *b, size_t nb, double confidence);

/* The same on logarithms: how many times b is a. ratio(a, b) is exactly 1 / ratio(b, a) up to
 * rounding. All samples > 0. */
struct estimate ratio(const double *a, size_t na, const double *b, size_t nb, double confidence);

/* Why an estimate should not be taken at its value: "undefined", "negative", "unstable" (its
 * interval is wider than `widest` times its value, or holds zero), or NULL when nothing is wrong.
 */
const char *estimate_flaw(const struct estimate *e, double widest);

/* Sets flag[i] where x[i] is an outlier: modified z-score above 3.5 (Iglewicz and Hoaglin 1993);
 * returns how many. Samples that are not finite are outliers. To be shown, never to be dropped. */
size_t outliers(const double *x, size_t n, bool *flag);

/* A repeatable order: MT19937, whatever GSL_RNG_TYPE says. The same seed gives the same order on
 * every machine. */
struct shuffler;
struct shuffler *shuffler_new(uint32_t seed); /* NULL when there is no memory */
void shuffle(struct shuffler *s, void *base, size_t n, size_t size);
void shuffler_free(struct shuffler *s);

#endif
