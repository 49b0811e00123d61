/* statistics.c: medians, Hodges-Lehmann shifts and ratios with intervals from ranks, outlier flags,
 * seeded order. GSL supplies sorting, distributions and the generator; the exact Mann-Whitney
 * distribution it lacks is here. */
#include "harness/statistics.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { EXACT = 50 }; /* samples a side up to which the Mann-Whitney distribution is counted out */

static const struct estimate undefined = {.value = NAN, .lo = NAN, .hi = NAN};

static struct estimate undefined_of(size_t n) {
    struct estimate e = undefined;
    e.n = n;
    return e;
}

static bool all_finite(const double *x, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i])) return false;
    return true;
}

/* An interval between the k-th smallest and the k-th largest of the sorted values. */
struct ranks {
    size_t k; /* from 1 */
    double confidence;
};

static struct estimate between(const double *sorted, size_t count, struct ranks r, size_t n) {
    return (struct estimate){.value = gsl_stats_median_from_sorted_data(sorted, 1, count),
                             .lo = sorted[r.k - 1],
                             .hi = sorted[count - r.k],
                             .n = n,
                             .confidence = r.confidence};
}

/* --- Median ----------------------------------------------------------------------------------- */

/* The largest k whose tails, each P(Binomial(n, 1/2) < k), leave the confidence asked. */
static struct ranks binomial_ranks(size_t n, double confidence) {
    size_t k = 1;
    while (k < (n + 1) / 2 &&
           1 - 2 * gsl_cdf_binomial_P((unsigned)k, 0.5, (unsigned)n) >= confidence)
        k++;
    return (struct ranks){k,
                          fmax(0, 1 - 2 * gsl_cdf_binomial_P((unsigned)k - 1, 0.5, (unsigned)n))};
}

double median_confidence(size_t n, double confidence) {
    return n ? binomial_ranks(n, confidence).confidence : 0;
}

struct estimate median(const double *x, size_t n, double confidence) {
    if (n == 0 || !all_finite(x, n)) return undefined_of(n);
    double *sorted = malloc(n * sizeof *sorted);
    if (!sorted) return undefined_of(n);
    memcpy(sorted, x, n * sizeof *sorted);
    gsl_sort(sorted, 1, n);
    struct estimate e = between(sorted, n, binomial_ranks(n, confidence), n);
    free(sorted);
    return e;
}

/* --- Two samples ------------------------------------------------------------------------------ */

/* p[u] = P(U = u), u from 0 to na * nb, when both samples come from one distribution. U is the sum
 * of nb independent parts in the generating function prod (1 - q^(na + j)) / (1 - q^j), j = 1..nb
 * (Mann and Whitney 1947). */
static double *mann_whitney(size_t na, size_t nb) {
    size_t top = na * nb;
    double *p = calloc(top + 1, sizeof *p);
    if (!p) return NULL;
    p[0] = 1;
    for (size_t j = 1; j <= nb; j++) {
        for (size_t u = top; u >= na + j; u--)
            p[u] -= p[u - na - j];
        for (size_t u = j; u <= top; u++)
            p[u] += p[u - j];
        /* keep it a distribution, so that 50 a side does not run out of digits */
        double scale = (double)j / (double)(na + j);
        for (size_t u = 0; u <= top; u++)
            p[u] *= scale;
    }
    return p;
}

/* The largest k whose tails, each P(U < k), leave the confidence asked; among na * nb sorted
 * differences. */
static bool exact_ranks(size_t na, size_t nb, double confidence, struct ranks *r) {
    double *p = mann_whitney(na, nb);
    if (!p) return false;
    double tail = p[0];
    size_t k = 1;
    while (k < (na * nb + 1) / 2 && 1 - 2 * (tail + p[k]) >= confidence)
        tail += p[k++];
    free(p);
    *r = (struct ranks){k, fmax(0, 1 - 2 * tail)};
    return true;
}

static struct ranks normal_ranks(size_t na, size_t nb, double confidence) {
    double a = (double)na, b = (double)nb;
    double mean = a * b / 2, sd = sqrt(a * b * (a + b + 1) / 12);
    double k = floor(mean + 0.5 - sd * gsl_cdf_ugaussian_Qinv((1 - confidence) / 2));
    k = fmax(k, 1);
    return (struct ranks){(size_t)k, 1 - 2 * gsl_cdf_ugaussian_P((k - 0.5 - mean) / sd)};
}

struct estimate shift(const double *a, size_t na, const double *b, size_t nb, double confidence) {
    size_t n = na < nb ? na : nb, count = na * nb;
    if (n == 0 || !all_finite(a, na) || !all_finite(b, nb)) return undefined_of(n);

    struct ranks r;
    if (na > EXACT || nb > EXACT)
        r = normal_ranks(na, nb, confidence);
    else if (!exact_ranks(na, nb, confidence, &r))
        return undefined_of(n);

    double *differences = malloc(count * sizeof *differences);
    if (!differences) return undefined_of(n);
    for (size_t i = 0; i < na; i++)
        for (size_t j = 0; j < nb; j++)
            differences[i * nb + j] = a[i] - b[j];
    gsl_sort(differences, 1, count);
    struct estimate e = between(differences, count, r, n);
    free(differences);
    return e;
}

/* A sample of 0 or less has no finite logarithm, so that shift() finds the estimate undefined. */
static double *logs(const double *x, size_t n) {
    double *l = malloc(n * sizeof *l);
    for (size_t i = 0; l && i < n; i++)
        l[i] = log(x[i]);
    return l;
}

struct estimate ratio(const double *a, size_t na, const double *b, size_t nb, double confidence) {
    if (na == 0 || nb == 0) return undefined;
    double *la = logs(a, na), *lb = logs(b, nb);
    struct estimate e = undefined_of(na < nb ? na : nb);
    if (la && lb) {
        e = shift(la, na, lb, nb, confidence);
        e.value = exp(e.value);
        e.lo = exp(e.lo);
        e.hi = exp(e.hi);
    }
    free(la);
    free(lb);
    return e;
}

const char *estimate_flaw(const struct estimate *e, double widest) {
    if (!isfinite(e->value) || !isfinite(e->lo) || !isfinite(e->hi)) return "undefined";
    if (e->value < 0) return "negative";
    if (e->lo <= 0 || e->hi - e->lo > widest * e->value) return "unstable";
    return NULL;
}

/* --- Outliers --------------------------------------------------------------------------------- */

/* What one unit of modified z-score is worth: the median absolute deviation, scaled to a standard
 * deviation; where more than half of the samples are equal that is 0, and the mean absolute
 * deviation stands in. */
static double spread(const double *x, size_t n, double centre) {
    double *deviations = malloc(n * sizeof *deviations), mean = 0;
    if (!deviations) return INFINITY;
    for (size_t i = 0; i < n; i++) {
        deviations[i] = fabs(x[i] - centre);
        mean += deviations[i] / (double)n;
    }
    gsl_sort(deviations, 1, n);
    double mad = gsl_stats_median_from_sorted_data(deviations, 1, n);
    free(deviations);
    return mad > 0 ? mad / 0.6745 : mean * 1.253314;
}

size_t outliers(const double *x, size_t n, bool *flag) {
    size_t finite = 0, flagged = 0;
    double *kept = malloc(n * sizeof *kept);
    for (size_t i = 0; kept && i < n; i++)
        if (isfinite(x[i])) kept[finite++] = x[i];
    double centre = finite ? median(kept, finite, CONFIDENCE).value : 0;
    double unit = finite ? spread(kept, finite, centre) : 0;
    free(kept);
    for (size_t i = 0; i < n; i++) {
        flag[i] = !isfinite(x[i]) || fabs(x[i] - centre) > 3.5 * unit;
        flagged += flag[i];
    }
    return flagged;
}

/* --- Order ------------------------------------------------------------------------------------ */

struct shuffler {
    gsl_rng *rng;
};

struct shuffler *shuffler_new(uint32_t seed) {
    struct shuffler *s = malloc(sizeof *s);
    if (!s) return NULL;
    s->rng = gsl_rng_alloc(gsl_rng_mt19937);
    if (!s->rng) {
        free(s);
        return NULL;
    }
    gsl_rng_set(s->rng, seed);
    return s;
}

void shuffle(struct shuffler *s, void *base, size_t n, size_t size) {
    if (n > 1) gsl_ran_shuffle(s->rng, base, n, size);
}

void shuffler_free(struct shuffler *s) {
    if (s) gsl_rng_free(s->rng);
    free(s);
}
