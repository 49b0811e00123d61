/* test_statistics.c: estimates against published tables and worked examples; what happens at the
 * edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs those first */
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/statistics.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define assert_close(a, b, tolerance)                                                              \
    do {                                                                                           \
        double is_ = (a), want_ = (b);                                                             \
        if (!(fabs(is_ - want_) <= (tolerance)))                                                   \
            fail_msg("%s is %.12g, not %.12g", #a, is_, want_);                                    \
    } while (0)

/* Permeability of the human chorioamnion: Hollander and Wolfe, Nonparametric Statistical Methods
 * (1999), table 4.1; the example of R's wilcox.test and of the R package coin, whose exact
 * wilcox_test(conf.int = TRUE) prints -0.305 and -0.76 to 0.15 for the second age less the first.
 */
static const double at_term[] = {0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
static const double weeks_12_26[] = {1.15, 0.88, 0.90, 0.74, 1.21};

static void shift_of_the_textbook_example(void **state) {
    (void)state;
    struct estimate e = shift(weeks_12_26, 5, at_term, 10, 0.95);
    assert_close(e.value, -0.305, 1e-12);
    assert_close(e.lo, -0.76, 1e-12);
    assert_close(e.hi, 0.15, 1e-12);
    assert_int_equal(e.n, 5);
    assert_true(e.confidence >= 0.95 && e.confidence < 0.97);
}

static void shift_changes_sign_with_its_arguments(void **state) {
    (void)state;
    struct estimate e = shift(at_term, 10, weeks_12_26, 5, 0.95);
    assert_close(e.value, 0.305, 1e-12);
    assert_close(e.lo, -0.15, 1e-12);
    assert_close(e.hi, 0.76, 1e-12);
}

/* Samples whose differences, sorted, are 0, 1, 2, ...: lo is then the rank itself, the critical
 * value of U. */
static double lowest_rank(size_t na, size_t nb) {
    double a[64], b[64];
    for (size_t i = 0; i < na; i++)
        a[i] = (double)(i * nb);
    for (size_t j = 0; j < nb; j++)
        b[j] = -(double)j;
    return shift(a, na, b, nb, 0.95).lo;
}

/* Two-sided 5% critical values of the Mann-Whitney U: the table printed in most textbooks, after
 * Mann and Whitney 1947 and Auble 1953. */
static void shift_interval_uses_the_critical_values_of_mann_and_whitney(void **state) {
    static const struct {
        size_t na, nb;
        double u;
    } table[] = {{4, 4, 0},    {5, 5, 2},    {5, 10, 8},   {6, 6, 5},    {7, 7, 8},
                 {8, 8, 13},   {9, 9, 17},   {10, 10, 23}, {12, 12, 37}, {13, 16, 59},
                 {10, 20, 55}, {15, 15, 64}, {20, 20, 127}};
    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        assert_close(lowest_rank(table[i].na, table[i].nb), table[i].u, 0);
        assert_close(lowest_rank(table[i].nb, table[i].na), table[i].u, 0);
    }
}

/* With 3 a side no interval holds 95%: 1 - 2 / C(6, 3) = 90%. */
static void shift_of_too_few_samples_says_what_it_achieves(void **state) {
    (void)state;
    static const double a[] = {10, 11, 12}, b[] = {1, 2, 3};
    struct estimate e = shift(a, 3, b, 3, 0.95);
    assert_close(e.value, 9, 0);
    assert_close(e.lo, 7, 0);
    assert_close(e.hi, 11, 0);
    assert_close(e.confidence, 0.9, 1e-12);
}

/* Rank by the normal approximation without ties: n^2 / 2 - 1.96 sqrt(n^2 (2n + 1) / 12), 965.7 at
 * 50 and 1007.6 at 51. */
static void shift_of_many_samples_passes_smoothly_to_the_normal_approximation(void **state) {
    (void)state;
    assert_close(lowest_rank(50, 50), 965.7, 1);
    assert_close(lowest_rank(51, 51), 1007.6, 1);
    double x[51] = {0};
    assert_close(shift(x, 50, x, 50, 0.95).confidence, 0.95, 0.002);
    assert_close(shift(x, 51, x, 51, 0.95).confidence, 0.95, 0.002);
}

static void ratio_of_one_sample_scaled_is_the_scale(void **state) {
    (void)state;
    double scaled[COUNT(at_term)];
    for (size_t i = 0; i < COUNT(at_term); i++)
        scaled[i] = 7 * at_term[i];
    struct estimate e = ratio(scaled, COUNT(scaled), at_term, COUNT(at_term), 0.95);
    assert_close(e.value, 7, 1e-9);
    assert_true(e.lo < 7 && e.hi > 7);
}

static void ratio_is_the_inverse_with_its_arguments_swapped(void **state) {
    (void)state;
    struct estimate ab = ratio(at_term, 10, weeks_12_26, 5, 0.95);
    struct estimate ba = ratio(weeks_12_26, 5, at_term, 10, 0.95);
    assert_close(ab.value * ba.value, 1, 1e-12);
    assert_close(ab.lo * ba.hi, 1, 1e-12);
    assert_close(ab.hi * ba.lo, 1, 1e-12);
}

static void ratio_interval_is_that_of_all_quotients(void **state) {
    (void)state;
    static const double a[] = {2, 3, 5, 7},
                        b[] = {1, 1.1, 1.3, 1.7}; /* critical U is 0: lowest and highest quotient */
    struct estimate e = ratio(a, 4, b, 4, 0.95);
    assert_close(e.lo, 2 / 1.7, 1e-12);
    assert_close(e.hi, 7, 1e-12);
}

static void ratio_of_a_negative_or_zero_sample_is_undefined(void **state) {
    (void)state;
    static const double good[] = {1, 2, 3}, negative[] = {1, -2, 3}, zero[] = {1, 0, 3};
    assert_true(isnan(ratio(good, 3, negative, 3, 0.95).value));
    assert_true(isnan(ratio(zero, 3, good, 3, 0.95).lo));
    assert_int_equal(ratio(good, 3, zero, 3, 0.95).n, 3);
}

/* Ranks of the exact 95% interval of a median: n = 10: 2nd to 9th, 97.9%; n = 20: 6th to
 * 15th, 95.9%; n = 6: extremes, 96.9% (Conover, Practical Nonparametric Statistics, section 3.2; 1
 * - 2 P(Binomial(n, 1/2) < k)). */
static void median_interval_has_the_ranks_of_the_binomial_table(void **state) {
    static const struct {
        size_t n;
        double lo, hi, confidence;
    } table[] = {{6, 1, 6, 0.96875},
                 {9, 2, 8, 0.9609375},
                 {10, 2, 9, 0.978515625},
                 {20, 6, 15, 0.95861053},
                 {30, 10, 21, 0.95722}};
    (void)state;
    double x[30];
    for (size_t i = 0; i < COUNT(x); i++)
        x[i] = (double)i + 1;
    for (size_t i = 0; i < COUNT(table); i++) {
        struct estimate e = median(x, table[i].n, 0.95);
        assert_close(e.value, ((double)table[i].n + 1) / 2, 0);
        assert_close(e.lo, table[i].lo, 0);
        assert_close(e.hi, table[i].hi, 0);
        assert_close(e.confidence, table[i].confidence, 1e-5);
        assert_close(median_confidence(table[i].n, 0.95), e.confidence, 0);
    }
}

static void median_of_too_few_samples_has_the_extremes_and_says_so(void **state) {
    (void)state;
    static const double x[] = {5, 1, 4};
    struct estimate e = median(x, 3, 0.95);
    assert_close(e.value, 4, 0);
    assert_close(e.lo, 1, 0);
    assert_close(e.hi, 5, 0);
    assert_close(e.confidence, 0.75, 1e-12);
}

static void median_of_one_sample_has_no_confidence(void **state) {
    (void)state;
    struct estimate e = median((double[]){3}, 1, 0.95);
    assert_close(e.value, 3, 0);
    assert_close(e.lo, 3, 0);
    assert_close(e.hi, 3, 0);
    assert_close(e.confidence, 0, 0);
}

static void no_sample_gives_an_undefined_estimate(void **state) {
    (void)state;
    struct estimate all[] = {median(NULL, 0, 0.95), shift(NULL, 0, at_term, 10, 0.95),
                             ratio(at_term, 10, NULL, 0, 0.95)};
    for (size_t i = 0; i < COUNT(all); i++) {
        assert_true(isnan(all[i].value) && isnan(all[i].lo) && isnan(all[i].hi));
        assert_int_equal(all[i].n, 0);
        assert_close(all[i].confidence, 0, 0);
    }
    assert_close(median_confidence(0, 0.95), 0, 0);
}

static void a_sample_that_is_not_finite_makes_the_estimate_undefined(void **state) {
    (void)state;
    const double bad[] = {1, NAN, 3}, worse[] = {1, INFINITY, 3}, good[] = {1, 2, 3};
    assert_true(isnan(median(bad, 3, 0.95).value));
    assert_int_equal(median(bad, 3, 0.95).n, 3);
    assert_true(isnan(shift(good, 3, worse, 3, 0.95).value));
    assert_true(isnan(ratio(bad, 3, good, 3, 0.95).value));
}

static void negative_samples_are_kept(void **state) {
    (void)state;
    static const double x[] = {-3, -1, -2};
    assert_close(median(x, 3, 0.95).value, -2, 0);
}

static void estimates_leave_their_samples_alone(void **state) {
    (void)state;
    double x[] = {3, 1, 2}, copy[] = {3, 1, 2};
    bool flag[3];
    median(x, 3, 0.95);
    shift(x, 3, copy, 3, 0.95);
    ratio(x, 3, copy, 3, 0.95);
    outliers(x, 3, flag);
    assert_memory_equal(x, copy, sizeof x);
}

static void a_flaw_is_named(void **state) {
    (void)state;
    const struct estimate fine = {10, 9, 11, 5, 1}, undefined = {NAN, 0, 0, 0, 0},
                          negative = {-1, -2, 3, 5, 1}, wide = {10, 5, 15, 5, 1},
                          zero_inside = {1, -0.1, 1.1, 5, 1};
    assert_null(estimate_flaw(&fine, 0.25));
    assert_string_equal(estimate_flaw(&undefined, 0.25), "undefined");
    assert_string_equal(estimate_flaw(&negative, 0.25), "negative");
    assert_string_equal(estimate_flaw(&wide, 0.25), "unstable");
    assert_string_equal(estimate_flaw(&zero_inside, 9), "unstable");
}

/* Modified z-scores of this sample, from its median 4 and its median absolute deviation 1: the last
 * is 0.6745 * 16. */
static void an_outlier_is_flagged(void **state) {
    (void)state;
    static const double x[] = {3, 4, 5, 3, 5, 4, 20};
    bool flag[COUNT(x)];
    assert_int_equal(outliers(x, COUNT(x), flag), 1);
    assert_true(flag[6]);
    assert_false(flag[0]);
}

static void an_outlier_among_equal_samples_is_flagged(void **state) {
    (void)state;
    static const double x[] = {7, 7, 7, 7, 7, 7, 9, 7, 7, 7};
    bool flag[COUNT(x)];
    assert_int_equal(outliers(x, COUNT(x), flag), 1);
    assert_true(flag[6]);
}

static void equal_samples_have_no_outlier(void **state) {
    (void)state;
    bool flag[4];
    assert_int_equal(outliers((double[]){2, 2, 2, 2}, 4, flag), 0);
    assert_int_equal(outliers(NULL, 0, NULL), 0);
}

static void a_sample_that_is_not_finite_is_an_outlier(void **state) {
    (void)state;
    const double x[] = {1, 1, NAN, 1};
    bool flag[4];
    assert_int_equal(outliers(x, 4, flag), 1);
    assert_true(flag[2]);
}

static void order(uint32_t seed, int *out, int n) {
    struct shuffler *s = shuffler_new(seed);
    for (int i = 0; i < n; i++)
        out[i] = i;
    shuffle(s, out, (size_t)n, sizeof *out);
    shuffler_free(s);
}

static void the_same_seed_gives_the_same_order(void **state) {
    (void)state;
    int a[20], b[20];
    order(42, a, 20);
    setenv("GSL_RNG_TYPE", "taus", 1);
    order(42, b, 20);
    unsetenv("GSL_RNG_TYPE");
    assert_memory_equal(a, b, sizeof a);
}

static void another_seed_gives_another_order(void **state) {
    (void)state;
    int a[20], b[20];
    order(42, a, 20);
    order(43, b, 20);
    assert_memory_not_equal(a, b, sizeof a);
}

/* Each of 5 things in each of 5 places about 1000 times out of 5000: chi-square with 16 degrees of
 * freedom below 39.25, its 99.9% point. */
static void a_shuffle_is_a_fair_permutation(void **state) {
    (void)state;
    int seen[5][5] = {0};
    struct shuffler *s = shuffler_new(1);
    for (int round = 0; round < 5000; round++) {
        int x[] = {0, 1, 2, 3, 4}, present = 0;
        shuffle(s, x, 5, sizeof *x);
        for (int i = 0; i < 5; i++) {
            present |= 1 << x[i];
            seen[i][x[i]]++;
        }
        assert_int_equal(present, 31);
    }
    shuffler_free(s);
    double chi = 0;
    for (int i = 0; i < 25; i++)
        chi += pow(seen[i / 5][i % 5] - 1000, 2) / 1000;
    assert_true(chi < 39.25);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shift_of_the_textbook_example),
        cmocka_unit_test(shift_changes_sign_with_its_arguments),
        cmocka_unit_test(shift_interval_uses_the_critical_values_of_mann_and_whitney),
        cmocka_unit_test(shift_of_too_few_samples_says_what_it_achieves),
        cmocka_unit_test(shift_of_many_samples_passes_smoothly_to_the_normal_approximation),
        cmocka_unit_test(ratio_of_one_sample_scaled_is_the_scale),
        cmocka_unit_test(ratio_is_the_inverse_with_its_arguments_swapped),
        cmocka_unit_test(ratio_interval_is_that_of_all_quotients),
        cmocka_unit_test(ratio_of_a_negative_or_zero_sample_is_undefined),
        cmocka_unit_test(median_interval_has_the_ranks_of_the_binomial_table),
        cmocka_unit_test(median_of_too_few_samples_has_the_extremes_and_says_so),
        cmocka_unit_test(median_of_one_sample_has_no_confidence),
        cmocka_unit_test(no_sample_gives_an_undefined_estimate),
        cmocka_unit_test(a_sample_that_is_not_finite_makes_the_estimate_undefined),
        cmocka_unit_test(negative_samples_are_kept),
        cmocka_unit_test(estimates_leave_their_samples_alone),
        cmocka_unit_test(a_flaw_is_named),
        cmocka_unit_test(an_outlier_is_flagged),
        cmocka_unit_test(an_outlier_among_equal_samples_is_flagged),
        cmocka_unit_test(equal_samples_have_no_outlier),
        cmocka_unit_test(a_sample_that_is_not_finite_is_an_outlier),
        cmocka_unit_test(the_same_seed_gives_the_same_order),
        cmocka_unit_test(another_seed_gives_another_order),
        cmocka_unit_test(a_shuffle_is_a_fair_permutation),
    };
    return cmocka_run_group_tests_name("statistics", tests, NULL, NULL);
}
