/* test_baseline.c: a baseline holds a record's exact figures, is renewed on purpose, and notices
 * any change. */
#include "tests/harness/comparing.h"

static int written(void) {
    size_t size;
    free(out);
    free(err);
    FILE *o = open_memstream(&out, &size), *e = open_memstream(&err, &size);
    int code = baseline_write(folder, new_path, o, e);
    fclose(o);
    fclose(e);
    return code;
}

static void start_new(const char *compiler) {
    remove(new_path);
    append(new_path, run_on("new", "toy", compiler));
}

static void a_baseline_is_equal_to_its_record(void **state) {
    (void)state;
    start_new("gcc 12.2.0 -O2");
    json_t *timed = make_result("new", "pip", "pip", 10, 12); /* its times are left out */
    json_object_set_new(json_object_get(timed, "metrics"), "instructions",
                        make_metric(20, 20, 20, 1, "counted"));
    append(new_path, timed);
    append(new_path, make_map("new"));
    assert_int_equal(written(), 0);
    assert_says("toy-gcc-12-O2.jsonl: 2 cells, new");
    assert_int_equal(with(baseline_compare, folder), 0);
    assert_says("6 in 2 cells all equal");
}

static void a_change_against_the_baseline_fails(void **state) {
    (void)state;
    start_new("gcc 12.2.0 -O2");
    append(new_path, counted("new", "pip", "instructions", 9));
    written();
    start_new("gcc 12.2.0 -O2");
    append(new_path, counted("new", "pip", "instructions", 10));
    assert_int_equal(with(baseline_compare, folder), 1);
    assert_says("FAIL pingpong pip jmp toy native: instructions 10, was 9");
    assert_int_equal(written(), 0); /* renewed on purpose, saying what changes */
    assert_says("instructions 10, was 9");
    assert_int_equal(with(baseline_compare, folder), 0);
}

static void a_missing_cell_against_the_baseline_fails(void **state) {
    (void)state;
    start_new("gcc 12.2.0 -O2");
    append(new_path, counted("new", "pip", "instructions", 9));
    written();
    start_new("gcc 12.2.0 -O2");
    append(new_path, counted("new", "full", "instructions", 9));
    assert_int_equal(with(baseline_compare, folder), 1);
    assert_says("FAIL pingpong pip jmp toy native: not in NEW");
    assert_says("FAIL pingpong full jmp toy native: not in BASE");
}

static void another_compiler_is_a_stated_skip(void **state) {
    (void)state;
    start_new("gcc 12.2.0 -O2");
    append(new_path, counted("new", "pip", "instructions", 9));
    written();
    start_new("clang version 14.0.6 -O2");
    append(new_path, counted("new", "pip", "instructions", 10));
    assert_int_equal(with(baseline_compare, folder), 77);
    assert_says("skipped: no baseline for this architecture and compiler");
    assert_says("toy-clang-14-O2.jsonl");
}

static void renewing_keeps_what_this_machine_lacks(void **state) {
    (void)state;
    start_new("gcc 12.2.0 -O2");
    append(new_path, counted("new", "pip", "instructions", 9));
    append(new_path, counted("new", "full+zmm", "instructions", 99));
    written();
    remove(new_path);
    append(new_path, run_on("newer", "toy", "gcc 12.2.0 -O2"));
    append(new_path, counted("newer", "pip", "instructions", 10));
    json_t *skip = make_skip("newer");
    json_object_set_new(skip, "switcher", json_string("full+zmm"));
    append(new_path, skip);
    assert_int_equal(written(), 0);
    remove(new_path);
    append(new_path, run_on("newest", "toy", "gcc 12.2.0 -O2"));
    append(new_path, counted("newest", "pip", "instructions", 10));
    append(new_path, counted("newest", "full+zmm", "instructions", 98));
    assert_int_equal(with(baseline_compare, folder), 1);
    assert_says("full+zmm jmp toy native: instructions 98, was 99");
}

static void a_failed_check_makes_no_baseline(void **state) {
    (void)state;
    start_new("gcc 12.2.0 -O2");
    append(new_path, counted("new", "pip", "instructions", 9));
    append(new_path, make_failure("new", "full", "full", "it lost rbx"));
    assert_int_equal(written(), 1);
    assert_complains("the check failed of pingpong full");
    assert_int_equal(with(baseline_compare, folder), 77); /* nothing was written */
}

static void a_baseline_is_of_one_architecture(void **state) {
    (void)state;
    start_new("gcc 12.2.0 -O2");
    append(new_path, counted("new", "pip", "instructions", 9));
    json_t *line = counted("new", "pip", "instructions", 9);
    json_object_set_new(line, "arch", json_string("other"));
    append(new_path, line);
    assert_int_equal(written(), 2);
    assert_complains("several architectures");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_baseline_is_equal_to_its_record),         TEST(a_change_against_the_baseline_fails),
        TEST(a_missing_cell_against_the_baseline_fails), TEST(another_compiler_is_a_stated_skip),
        TEST(renewing_keeps_what_this_machine_lacks),    TEST(a_failed_check_makes_no_baseline),
        TEST(a_baseline_is_of_one_architecture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
