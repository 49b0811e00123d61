/* test_noise.c: the noise floor is the largest difference that is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs those first */
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "harness/noise.h"
#include "harness/results.h"
#include "tests/harness/lines.h"

static void equal_layouts_have_no_floor(void **state) {
    (void)state;
    double x[] = {5, 5, 5, 5, 5, 5, 5, 5};
    assert_true(fabs(noise_relinks(x, 8, 4)) < 1e-12);
}

static void layouts_that_differ_give_the_worst_halves(void **state) {
    (void)state;
    /* two layouts of four cost 10% more: with both in one half, all of that */
    double x[] = {100, 110, 100, 110};
    assert_true(fabs(noise_relinks(x, 4, 4) - 0.10) < 1e-9);
}

static void the_place_of_a_sample_is_its_layout(void **state) {
    (void)state;
    double x[] = {100, 100, 110, 110, 100, 100, 110, 110}; /* layout 2 and 3 of 4, twice */
    assert_true(fabs(noise_relinks(x, 8, 4) - 0.10) < 1e-9);
    assert_true(fabs(noise_relinks(x, 8, 2)) < 0.10); /* as two layouts they are alike */
}

static void what_is_not_a_number_does_not_count_and_keeps_its_place(void **state) {
    (void)state;
    double x[] = {100, NAN, 110, 110, 100, 100, NAN, 110};
    assert_true(fabs(noise_relinks(x, 8, 4) - 0.10) < 1e-9);
    double all[] = {NAN, NAN, NAN, NAN};
    assert_true(noise_relinks(all, 4, 2) < 0);
}

static void a_process_that_was_set_aside_leaves_its_place(void **state) {
    (void)state;
    size_t n;
    json_t *line = json_pack("{s:{s:[f, f, f]}, s:{s:[i, i], s:[f, f]}}", "samples", "cycles", 1.0,
                             2.0, 3.0, "set_aside", "places", 0, 3, "cycles", 8.0, 9.0);
    double *samples = line_samples_in_place(line, "cycles", &n);
    assert_int_equal(n, 5);
    assert_int_equal(line_set_aside(line), 2);
    assert_true(isnan(samples[0]) && isnan(samples[3]));
    assert_true(samples[1] == 1 && samples[2] == 2 && samples[4] == 3);
    free(samples);
    assert_null(line_samples_in_place(line, "ns", &n));
    assert_int_equal(n, 0);
    json_decref(line);
}

static void too_few_samples_or_layouts_give_none(void **state) {
    (void)state;
    double x[] = {1, 2, 3};
    assert_true(noise_relinks(x, 3, 4) < 0);
    assert_true(noise_relinks(x, 3, 1) < 0);
    assert_true(noise_relinks(x, 3, 0) < 0);
    assert_true(noise_relinks(x, 3, 1000) < 0);
    assert_true(noise_relinks(NULL, 0, 2) < 0);
}

static void samples_that_have_no_ratio_give_none(void **state) {
    (void)state;
    double x[] = {0, -1, 0, -1};
    assert_true(noise_relinks(x, 4, 2) < 0);
}

static void runs_are_compared_in_pairs(void **state) {
    (void)state;
    double a[] = {100, 100}, b[] = {101, 101}, c[] = {104, 104};
    double *runs[] = {a, b, c};
    size_t n[] = {2, 2, 2};
    assert_true(fabs(noise_runs(runs, n, 3) - 0.04) < 1e-9);
    assert_true(noise_runs(runs, n, 1) < 0);
}

static json_t *loaded(const char *text, char *complaint, size_t size) {
    char *folder = make_folder(), path[256], *said = NULL;
    size_t length;
    noise_path(path, sizeof path, folder, "m");
    FILE *file = fopen(path, "w"), *err = open_memstream(&said, &length);
    fputs(text, file);
    fclose(file);
    json_t *noise = noise_load(path, err);
    fclose(err);
    snprintf(complaint, size, "%s", said);
    free(said);
    remove_tree(folder);
    free(folder);
    return noise;
}

static void a_file_gives_floors(void **state) {
    (void)state;
    char complaint[512];
    json_t *noise = loaded("{\"cells\": {\"a b\": {\"floor\": 0.03}, \"bad\": {\"floor\": \"x\"}}}",
                           complaint, sizeof complaint);
    assert_true(fabs(noise_floor(noise, "a b") - 0.03) < 1e-12);
    assert_true(noise_floor(noise, "other") < 0);
    assert_true(noise_floor(noise, "bad") < 0);
    assert_true(noise_floor(NULL, "a b") < 0);
    assert_string_equal(complaint, "");
    json_decref(noise);
}

static void a_file_that_is_none_is_named_with_its_line(void **state) {
    (void)state;
    static const char *const texts[] = {
        "", "{", "[]", "{\n\"cells\": 3}", "{\"cells\": {}} more", "\xff\xfe"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char complaint[512];
        assert_null(loaded(texts[i], complaint, sizeof complaint));
        assert_non_null(strstr(complaint, "noise-m.json:"));
        assert_non_null(strstr(complaint, "switchlab noise"));
    }
}

static void no_file_is_no_complaint(void **state) {
    (void)state;
    assert_null(noise_load("/nonexistent/noise.json", stderr));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_layouts_have_no_floor),
        cmocka_unit_test(layouts_that_differ_give_the_worst_halves),
        cmocka_unit_test(the_place_of_a_sample_is_its_layout),
        cmocka_unit_test(what_is_not_a_number_does_not_count_and_keeps_its_place),
        cmocka_unit_test(a_process_that_was_set_aside_leaves_its_place),
        cmocka_unit_test(too_few_samples_or_layouts_give_none),
        cmocka_unit_test(samples_that_have_no_ratio_give_none),
        cmocka_unit_test(runs_are_compared_in_pairs),
        cmocka_unit_test(a_file_gives_floors),
        cmocka_unit_test(a_file_that_is_none_is_named_with_its_line),
        cmocka_unit_test(no_file_is_no_complaint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
