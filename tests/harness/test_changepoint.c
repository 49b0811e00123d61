/* test_changepoint.c: changes of level are found where other programs find them, the same every
 * time; edges and single spikes are no change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs those first */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/changepoint.h"

enum { MOST = 500 };
#define FOLDER "tests/harness/changepoint/"

static struct changepoint points[MOST];

static size_t read_series(const char *name, double *x) {
    char path[256], line[256];
    size_t n = 0;
    snprintf(path, sizeof path, FOLDER "%s.txt", name);
    FILE *file = fopen(path, "r");
    if (!file) fail_msg("%s is not there: run the test from the top of the tree", path);
    while (fgets(line, sizeof line, file))
        if (*line != '#') x[n++] = atof(line);
    fclose(file);
    return n;
}

static void append(char *places, size_t at) {
    sprintf(places + strlen(places), "%s%zu", *places ? "," : "", at);
}

/* the first six divisions, in the order found */
static void divide_six_times(const double *x, size_t n, size_t least, char *places) {
    size_t bounds[8], k = 0;
    struct division best;
    while (k < 6 && energy_divide(x, n, bounds, k, least, &best)) {
        size_t i = k++;
        for (; i > 0 && bounds[i - 1] > best.at; i--)
            bounds[i] = bounds[i - 1];
        bounds[i] = best.at;
        append(places, best.at);
    }
}

static void find(const double *x, size_t n, const struct changepoint_options *options,
                 char *places) {
    size_t k = changepoints(x, n, options, points);
    for (size_t i = 0; i < k; i++)
        append(places, points[i].division.at);
    if (!k) strcpy(places, "-");
}

/* what a row of the reference says the lab should find */
static void compare_row(const char *row) {
    char series[64], source[64], want[128], got[1024] = "";
    unsigned least;
    double threshold, x[MOST];
    if (sscanf(row, "%63s %63s %u %lf %127s", series, source, &least, &threshold, want) != 5)
        fail_msg("not a row: %s", row);
    size_t n = read_series(series, x);
    struct changepoint_options o = CHANGEPOINT_DEFAULTS;
    o.least = least;
    o.threshold = threshold;
    if (!strcmp(source, "ecp-significant")) o.spike = 0; /* ecp takes values as they are */
    if (!strcmp(source, "ecp-order"))
        divide_six_times(x, n, least, got);
    else
        find(x, n, &o, got);
    if (strcmp(got, want))
        fail_msg("%s, at least %u: %s finds %s, the lab %s", series, least, source, want, got);
}

static void other_programs_find_the_same(void **state) {
    char line[512];
    size_t rows = 0;
    (void)state;
    FILE *file = fopen(FOLDER "reference.tsv", "r");
    assert_non_null(file);
    for (; fgets(line, sizeof line, file); rows += *line != '#')
        if (*line != '#') compare_row(line);
    fclose(file);
    assert_true(rows >= 30);
}

static void the_answer_is_the_same_every_time(void **state) {
    struct changepoint_options o = CHANGEPOINT_DEFAULTS;
    struct changepoint again[MOST];
    double x[MOST];
    (void)state;
    size_t n = read_series("two", x), k = changepoints(x, n, &o, points);
    assert_int_equal(k, 2);
    assert_int_equal(changepoints(x, n, &o, again), k);
    assert_memory_equal(points, again, k * sizeof *points);
}

static void the_levels_are_medians_of_either_side(void **state) {
    struct changepoint_options o = CHANGEPOINT_DEFAULTS;
    double x[20];
    (void)state;
    for (int i = 0; i < 20; i++)
        x[i] = i < 10 ? 4 : 6;
    x[3] = 400; /* as given: the spike is in the segment, the median does not mind */
    assert_int_equal(changepoints(x, 20, &o, points), 1);
    assert_int_equal(points[0].division.at, 10);
    assert_true(points[0].before == 4 && points[0].after == 6);
}

/* a value that no other confirms, at every place of a quiet series */
static void a_single_spike_is_no_change_wherever_it_is(void **state) {
    struct changepoint_options o = CHANGEPOINT_DEFAULTS;
    double x[24];
    (void)state;
    for (size_t at = 0; at < 24; at++)
        for (int down = 0; down < 2; down++) {
            for (int i = 0; i < 24; i++)
                x[i] = 5 + 0.01 * (i % 3);
            x[at] = down ? 1 : 50;
            if (changepoints(x, 24, &o, points))
                fail_msg("a spike at %zu is taken for a change at %zu", at, points[0].division.at);
        }
}

/* taken as it is, a spike beside a change would be its first value, and the commits the wrong ones
 */
static void a_single_spike_hides_and_moves_no_change(void **state) {
    struct changepoint_options o = CHANGEPOINT_DEFAULTS;
    double x[24];
    (void)state;
    for (size_t at = 0; at < 24; at++) {
        for (int i = 0; i < 24; i++)
            x[i] = (i < 12 ? 3 : 3.24) + 0.01 * (i % 3);
        x[at] = 90;
        if (changepoints(x, 24, &o, points) != 1 || points[0].division.at != 12)
            fail_msg("a spike at %zu: not one change at 12", at);
    }
    x[23] = 3.24;
    x[11] = 90;
    o.spike = 0;
    assert_int_equal(changepoints(x, 24, &o, points), 1);
    assert_int_equal(points[0].division.at, 11);
}

/* fewer runs than a segment has, at either edge */
static void what_fewer_runs_show_than_a_segment_has_is_no_change(void **state) {
    struct changepoint_options o = CHANGEPOINT_DEFAULTS;
    double x[30];
    (void)state;
    for (int late = 0; late < 2; late++)
        for (int few = 1; few <= 4; few++) {
            for (int i = 0; i < 30; i++)
                x[i] = ((late ? i >= 30 - few : i < few) ? 8 : 5) + 0.01 * (i % 4);
            size_t k = changepoints(x, 30, &o, points);
            if (k != (few >= 3))
                fail_msg("%d runs at the %s: %zu changes", few, late ? "end" : "start", k);
        }
}

static void a_change_below_the_threshold_is_not_told(void **state) {
    struct changepoint_options o = CHANGEPOINT_DEFAULTS;
    double x[40];
    (void)state;
    for (int i = 0; i < 40; i++)
        x[i] = i < 20 ? 100 : 100.9;
    assert_int_equal(changepoints(x, 40, &o, points), 0);
    o.threshold = 0.005;
    assert_int_equal(changepoints(x, 40, &o, points), 1);
}

static void a_change_from_or_to_zero_and_of_negative_values_is_one(void **state) {
    struct changepoint_options o = CHANGEPOINT_DEFAULTS;
    static const double levels[][2] = {{0, 3}, {3, 0}, {-3, -5}, {-1, 1}};
    double x[40];
    (void)state;
    for (size_t l = 0; l < 4; l++) {
        for (int i = 0; i < 40; i++)
            x[i] = levels[l][i >= 20];
        if (changepoints(x, 40, &o, points) != 1) fail_msg("%g to %g", levels[l][0], levels[l][1]);
    }
}

static void short_and_constant_series_have_none(void **state) {
    struct changepoint_options o = CHANGEPOINT_DEFAULTS;
    double x[30] = {0};
    (void)state;
    for (size_t n = 0; n <= 30; n++)
        assert_int_equal(changepoints(x, n, &o, points), 0);
    x[0] = 1;
    for (size_t n = 0; n < 6; n++)
        assert_int_equal(changepoints(x, n, &o, points), 0);
}

static void exact_figures_change_whenever_they_differ(void **state) {
    const double x[] = {21, 21, 20, 20, 20, 21};
    (void)state;
    assert_int_equal(exact_changes(x, 6, points), 2);
    assert_int_equal(points[0].division.at, 2);
    assert_int_equal(points[1].division.at, 5);
    assert_true(points[1].before == 20 && points[1].after == 21);
    assert_int_equal(exact_changes(x, 1, points), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_programs_find_the_same),
        cmocka_unit_test(the_answer_is_the_same_every_time),
        cmocka_unit_test(the_levels_are_medians_of_either_side),
        cmocka_unit_test(a_single_spike_is_no_change_wherever_it_is),
        cmocka_unit_test(a_single_spike_hides_and_moves_no_change),
        cmocka_unit_test(what_fewer_runs_show_than_a_segment_has_is_no_change),
        cmocka_unit_test(a_change_below_the_threshold_is_not_told),
        cmocka_unit_test(a_change_from_or_to_zero_and_of_negative_values_is_one),
        cmocka_unit_test(short_and_constant_series_have_none),
        cmocka_unit_test(exact_figures_change_whenever_they_differ),
    };
    return cmocka_run_group_tests_name("change points", tests, NULL, NULL);
}
