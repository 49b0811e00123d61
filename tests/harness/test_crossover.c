/* test_crossover.c: where two curves meet, on curves whose meeting point is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs those first */
#include <cmocka.h>
#include <math.h>

#include "harness/crossover.h"

enum { N = 7, MOST = 8 };

static struct curve {
    double samples[MOST][N];
    struct curve_point point[MOST];
} a, b;

/* cost(x) = base + slope * x at x = 0, 2, 4, ..., with samples that spread over +-noise. */
static void draw(struct curve *c, size_t n, double base, double slope, double noise) {
    for (size_t i = 0; i < n; i++) {
        for (int k = 0; k < N; k++)
            c->samples[i][k] = base + slope * 2 * (double)i + noise * (k - N / 2) / (N / 2);
        c->point[i] = (struct curve_point){2 * (double)i, c->samples[i], N};
    }
}

#define assert_close(is, want) assert_true(fabs((is) - (want)) < 1e-9)

static void two_lines_meet_where_they_are_equal(void **state) {
    (void)state;
    draw(&a, 8, 1, 1, 0);
    draw(&b, 8, 10, 0, 0);
    struct crossover c = crossover(a.point, 8, b.point, 8);
    assert_int_equal(c.crossing, CROSSES);
    assert_true(c.a_first);
    assert_close(c.at, 9);
    assert_close(c.lo, 9);
    assert_close(c.hi, 9);
    assert_int_equal(c.crossings, 1);
}

static void the_meeting_is_the_same_with_the_curves_swapped(void **state) {
    (void)state;
    draw(&a, 8, 1, 1, 0.5);
    draw(&b, 8, 10, 0, 0.5);
    struct crossover ab = crossover(a.point, 8, b.point, 8), ba = crossover(b.point, 8, a.point, 8);
    assert_false(ba.a_first);
    assert_close(ab.at, ba.at);
    assert_close(ab.lo, ba.lo);
    assert_close(ab.hi, ba.hi);
}

static void noise_widens_the_interval_around_the_meeting(void **state) {
    (void)state;
    draw(&a, 8, 1, 1, 1);
    draw(&b, 8, 10, 0, 1);
    struct crossover quiet = crossover(a.point, 8, b.point, 8);
    draw(&a, 8, 1, 1, 3);
    draw(&b, 8, 10, 0, 3);
    struct crossover noisy = crossover(a.point, 8, b.point, 8);
    assert_close(quiet.at, 9);
    assert_true(quiet.lo < 9 && quiet.hi > 9);
    assert_true(noisy.lo < quiet.lo && noisy.hi > quiet.hi);
}

static void a_meeting_near_the_end_has_no_upper_bound(void **state) {
    (void)state;
    draw(&a, 8, 1, 1, 3);
    draw(&b, 8, 14.5, 0, 3);
    struct crossover c = crossover(a.point, 8, b.point, 8);
    assert_close(c.at, 13.5);
    assert_true(isfinite(c.lo));
    assert_true(isinf(c.hi));
}

static void curves_that_do_not_meet_say_which_is_less(void **state) {
    (void)state;
    draw(&a, 8, 1, 1, 0.1);
    draw(&b, 8, 100, 0, 0.1);
    assert_int_equal(crossover(a.point, 8, b.point, 8).crossing, A_ALWAYS_LESS);
    assert_int_equal(crossover(b.point, 8, a.point, 8).crossing, B_ALWAYS_LESS);
    assert_close(crossover(a.point, 8, b.point, 8).x_max, 14);
}

static void only_points_in_common_count(void **state) {
    (void)state;
    draw(&a, 8, 1, 1, 0);
    draw(&b, 4, 10, 0, 0);
    struct crossover c = crossover(a.point, 8, b.point, 4);
    assert_int_equal(c.crossing, A_ALWAYS_LESS);
    assert_close(c.x_max, 6);
}

static void one_point_is_not_comparable(void **state) {
    (void)state;
    draw(&a, 1, 1, 1, 0);
    assert_int_equal(crossover(a.point, 1, a.point, 1).crossing, NOT_COMPARABLE);
    assert_int_equal(crossover(NULL, 0, a.point, 1).crossing, NOT_COMPARABLE);
}

static void a_point_without_samples_is_not_comparable(void **state) {
    (void)state;
    draw(&a, 3, 1, 1, 0);
    draw(&b, 3, 9, 1, 0);
    b.point[1].n = 0;
    assert_int_equal(crossover(a.point, 3, b.point, 3).crossing, NOT_COMPARABLE);
}

static void curves_that_cross_twice_are_counted(void **state) {
    (void)state;
    draw(&a, 8, 1, 1, 0);
    draw(&b, 8, 10, 0, 0);
    for (int k = 0; k < N; k++)
        b.samples[7][k] = 20;
    assert_int_equal(crossover(a.point, 8, b.point, 8).crossings, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_lines_meet_where_they_are_equal),
        cmocka_unit_test(the_meeting_is_the_same_with_the_curves_swapped),
        cmocka_unit_test(noise_widens_the_interval_around_the_meeting),
        cmocka_unit_test(a_meeting_near_the_end_has_no_upper_bound),
        cmocka_unit_test(curves_that_do_not_meet_say_which_is_less),
        cmocka_unit_test(only_points_in_common_count),
        cmocka_unit_test(one_point_is_not_comparable),
        cmocka_unit_test(a_point_without_samples_is_not_comparable),
        cmocka_unit_test(curves_that_cross_twice_are_counted),
    };
    return cmocka_run_group_tests_name("crossover", tests, NULL, NULL);
}
