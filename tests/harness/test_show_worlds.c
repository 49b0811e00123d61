/* test_show_worlds.c: what is shown of worlds: counts with their columns, failures with their
 * reasons, coverage, maps that differ, and times or why there are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs those first */
#include <cmocka.h>

#include "harness/record.h"
#include "harness/show.h"
#include "tests/harness/lines.h"

static char *folder, path[256], *out, *err;
static struct record *record;

static int setup(void **state) {
    char why[RECORD_WHY];
    (void)state;
    folder = make_folder();
    snprintf(path, sizeof path, "%s/record", folder);
    record = record_open_file(path, why, sizeof why);
    return record ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    record_close(record, NULL, 0);
    remove_tree(folder);
    free(folder);
    free(out);
    free(err);
    out = err = NULL;
    return 0;
}

static void add(json_t *line) {
    char why[RECORD_WHY] = "";
    if (record_write(record, line, why, sizeof why)) fail_msg("%s", why);
}

static int shown(const char *view) {
    size_t size;
    free(out);
    free(err);
    FILE *o = open_memstream(&out, &size), *e = open_memstream(&err, &size);
    int status = show(path, &(struct show_options){view, NULL}, o, e);
    fclose(o);
    fclose(e);
    return status;
}

static void assert_shows(const char *want) {
    if (!strstr(out, want)) fail_msg("\"%s\" is not in:\n%s", want, out);
}
static void assert_hides(const char *text) {
    if (strstr(out, text)) fail_msg("\"%s\" is in:\n%s", text, out);
}

static json_t *counted(json_t *line, const char *experiment) {
    json_object_set_new(line, "experiment", json_string(experiment));
    json_object_set_new(line, "params", json_pack("{s:s}", "direction", "round trip"));
    return line;
}

static json_t *make_counts(const char *switcher, const char *metric) {
    json_t *line = counted(make_result("r", switcher, "pip", 1, 1), "worldswitch");
    json_object_set_new(line, "metrics",
                        json_pack("{s:o, s:o}", "instructions",
                                  make_metric(33, 33, 33, 1, "counted"), metric,
                                  make_metric(9, 9, 9, 1, "counted")));
    json_object_set_new(line, "samples", json_object());
    return line;
}

static void only_columns_that_have_figures_are_shown(void **state) {
    (void)state;
    add(make_run("r"));
    add(make_counts("pip", "privileged"));
    assert_int_equal(shown("counts"), 0);
    assert_shows("instr. privileged");
    assert_hides("bundles");
    assert_hides("modelled");
}

static void a_failed_check_is_shown_with_its_reason(void **state) {
    (void)state;
    add(make_run("r"));
    add(make_counts("pip", "bytes"));
    add(counted(make_failure("r", "full", "full", "it hung, rip 0x1234"), "worldswitch"));
    assert_int_equal(shown("counts"), 1);
    assert_shows("full: check failed: it hung, rip 0x1234");
}

static void times_are_shown(void **state) {
    (void)state;
    add(make_run("r"));
    add(counted(make_result("r", "pip", "pip", 700, 9), "worldtime"));
    assert_int_equal(shown("worldtime"), 0);
    assert_shows("700");
    assert_hides("interpreted");
}

static void a_reason_for_no_times_is_shown_once(void **state) {
    (void)state;
    static const char *const names[] = {"pip", "scratch"};
    add(make_run("r"));
    for (int i = 0; i < 2; i++) {
        json_t *line = counted(make_counts(names[i], "bytes"), "worldtime");
        json_object_set_new(line, "untimed", json_string("ring 0 is interpreted here"));
        add(line);
    }
    assert_int_equal(shown("worldtime"), 0);
    assert_shows("ring 0 is interpreted here");
    assert_null(strstr(strstr(out, "is interpreted") + 1, "is interpreted"));
    shown("counts"); /* what is to be timed is not one of the counted */
    assert_hides("instr.");
}

static void coverage_is_shown_where_it_is_known(void **state) {
    (void)state;
    json_t *map = make_map("r");
    add(make_run("r"));
    add(make_map("r"));
    assert_int_equal(shown("maps"), 0);
    assert_hides("boundaries reached");
    json_object_set_new(map, "reached", json_integer(4));
    add(map);
    assert_int_equal(shown("maps"), 0);
    assert_shows("boundaries reached: 4 of 4 (100%)");
}

static json_t *by_engine(const char *engine, int boundary) {
    json_t *map = make_map("r");
    json_object_set_new(map, "engine", json_string(engine));
    json_object_set_new(json_array_get(json_object_get(map, "cells"), 0), "boundary",
                        json_integer(boundary));
    return map;
}

static void maps_of_two_engines_must_agree(void **state) {
    (void)state;
    add(make_run("r"));
    add(by_engine("one", 2));
    add(by_engine("two", 2));
    assert_int_equal(shown("maps"), 0);
    assert_shows("one and two agree in 1 of 1 maps, cell by cell");
    add(by_engine("three", 3));
    assert_int_equal(shown("maps"), 1);
    assert_shows("pip: the maps of one and three differ");
}

int main(void) {
#define with_record(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        with_record(only_columns_that_have_figures_are_shown),
        with_record(a_failed_check_is_shown_with_its_reason),
        with_record(times_are_shown),
        with_record(a_reason_for_no_times_is_shown_once),
        with_record(coverage_is_shown_where_it_is_known),
        with_record(maps_of_two_engines_must_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
