/* test_compare.c: what a comparison says of two records made by hand: exact figures, verdicts on
 * times, what is refused, and what is no record. */
#include "tests/harness/comparing.h"

enum { SAMPLES = 12 };

/* both records begin with a run of the same machine and compiler */
static void begin(void) {
    append(base_path, run_on("old", "toy", "gcc 12.2.0 -O2"));
    append(new_path, run_on("new", "toy", "gcc 12.2.0 -O2"));
}

static json_t *cell(const char *run, const char *switcher, double cost, double spread, int n) {
    static const int order[SAMPLES] = {0, 7, 3, 10, 5, 2, 11, 4, 8, 1, 6, 9};
    json_t *line = make_result(run, switcher, "pip", cost, n), *samples = json_array();
    for (int i = 0; i < n; i++) {
        double place = n == SAMPLES ? order[i] : i;
        json_array_append_new(
            samples, json_real(cost * (1 + spread * (n > 1 ? 2 * place / (n - 1) - 1 : 0))));
    }
    json_object_set_new(json_object_get(line, "samples"), "cycles", samples);
    json_object_set_new(json_object_get(line, "metrics"), "cycles",
                        make_metric(cost, cost * (1 - spread), cost * (1 + spread), n, "measured"));
    json_object_set_new(json_object_get(line, "metrics"), "instructions",
                        make_metric(20, 20, 20, 1, "counted"));
    return line;
}

static void add_times(double base, double new, double spread, int n) {
    begin();
    append(base_path, cell("old", "pip", base, spread, n));
    append(new_path, cell("new", "pip", new, spread, n));
}

static int compared(void) {
    return with(compare, base_path);
}

static void assert_silent_about(const char *unwanted) {
    if (holds(out, unwanted)) fail_msg("\"%s\" is in:\n%s", unwanted, out);
}

/* ---- cells ---- */

static void a_cell_has_a_name_of_all_that_tells_it_apart(void **state) {
    (void)state;
    json_t *line = make_result("r", "full+xmm", "full", 1, 1);
    json_object_set_new(line, "mask", json_string("cli"));
    json_object_set_new(line, "params", json_pack("{s:s, s:i}", "use", "used", "live", 4));
    char *name = cell_name(line);
    assert_string_equal(name, "pingpong full+xmm/cli jmp toy native live=4 use=used");
    free(name);
    json_decref(line);
    line = make_map("r");
    name = cell_name(line);
    assert_non_null(strstr(name, "save, interrupts=1"));
    free(name);
    json_decref(line);
}

/* ---- exact figures ---- */

static void equal_records_are_equal(void **state) {
    (void)state;
    add_times(10, 10, 0.001, SAMPLES);
    assert_int_equal(compared(), 0);
    assert_says("1 in 1 cells all equal");
    assert_says("same");
}

static void a_changed_count_fails_and_is_named(void **state) {
    (void)state;
    begin();
    append(base_path, counted("old", "scratch", "instructions", 21));
    append(new_path, counted("new", "scratch", "instructions", 22));
    assert_int_equal(compared(), 1);
    assert_says("FAIL pingpong scratch jmp toy native: instructions 22, was 21");
}

static void fewer_instructions_are_a_change_too(void **state) {
    (void)state;
    begin();
    append(base_path, counted("old", "scratch", "instructions", 21));
    append(new_path, counted("new", "scratch", "instructions", 20));
    assert_int_equal(compared(), 1);
}

static void half_a_load_is_a_change(void **state) {
    (void)state;
    begin();
    append(base_path, counted("old", "pip", "loads", 3.5));
    append(new_path, counted("new", "pip", "loads", 4));
    assert_int_equal(compared(), 1);
    assert_says("loads 4, was 3.5");
}

static void a_figure_that_is_gone_fails(void **state) {
    (void)state;
    begin();
    append(base_path, counted("old", "pip", "loads", 3));
    append(new_path, counted("new", "pip", "stores", 3));
    assert_int_equal(compared(), 1);
    assert_says("loads is not there, was 3");
}

static void a_check_that_fails_now_fails_the_comparison(void **state) {
    (void)state;
    begin();
    append(base_path, counted("old", "pip", "loads", 3));
    append(new_path, make_failure("new", "pip", "pip", "it lost rbx"));
    assert_int_equal(compared(), 1);
    assert_says("its check failed: it lost rbx");
}

static void a_map_that_changed_fails(void **state) {
    (void)state;
    begin();
    append(base_path, make_map("old"));
    json_t *map = make_map("new");
    json_object_set_new(map, "boundaries", json_integer(5));
    append(new_path, map);
    assert_int_equal(compared(), 1);
    assert_says("boundaries 5, was 4");
}

static void a_corruption_of_another_register_fails(void **state) {
    (void)state;
    begin();
    json_t *map = make_map("old");
    json_object_set_new(json_array_get(json_object_get(map, "cells"), 0), "corrupted",
                        json_pack("[s]", "X"));
    append(base_path, map);
    map = make_map("new");
    json_object_set_new(json_array_get(json_object_get(map, "cells"), 0), "corrupted",
                        json_pack("[s]", "I"));
    append(new_path, map);
    assert_int_equal(compared(), 1);
    assert_says("digest");
}

static void missing_and_new_cells_matter_only_to_complete_records(void **state) {
    (void)state;
    begin();
    append(base_path, counted("old", "pip", "loads", 3));
    append(base_path, counted("old", "full", "loads", 3));
    append(new_path, counted("new", "pip", "loads", 3));
    append(new_path, counted("new", "scratch", "loads", 3));
    assert_int_equal(compared(), 0);
    options.complete = true;
    assert_int_equal(compared(), 1);
    assert_says("FAIL pingpong full jmp toy native: not in NEW");
    assert_says("FAIL pingpong scratch jmp toy native: not in BASE");
}

static void a_cell_that_the_machine_lacks_is_a_stated_skip(void **state) {
    (void)state;
    begin();
    options.complete = true;
    append(base_path, counted("old", "pip", "loads", 3));
    append(base_path, counted("old", "full+zmm", "loads", 3));
    append(new_path, counted("new", "pip", "loads", 3));
    json_t *skip = make_skip("new");
    json_object_set_new(skip, "switcher", json_string("full+zmm"));
    append(new_path, skip);
    assert_int_equal(compared(), 0);
    assert_says("note pingpong full+zmm jmp toy native: skipped: this CPU has no AVX-512");
}

static void no_gate_is_no_failure(void **state) {
    (void)state;
    begin();
    options.gate = GATE_NONE;
    append(base_path, counted("old", "pip", "loads", 3));
    append(new_path, counted("new", "pip", "loads", 4));
    assert_int_equal(compared(), 0);
    assert_says("note pingpong pip jmp toy native: loads 4, was 3");
}

/* ---- times ---- */

static void slower_is_said_with_its_ratio(void **state) {
    (void)state;
    add_times(10, 11, 0.001, SAMPLES);
    assert_int_equal(compared(), 0); /* times advise */
    assert_says("1.1000 [1.0");
    assert_says("slower, unconfirmed");
}

static void faster_is_no_failure_even_where_time_gates(void **state) {
    (void)state;
    options.gate = GATE_TIME;
    add_times(11, 10, 0.001, SAMPLES);
    assert_int_equal(compared(), 0);
    assert_says("faster, unconfirmed");
}

static void time_gates_where_it_is_asked_to(void **state) {
    (void)state;
    options.gate = GATE_TIME;
    add_times(10, 11, 0.001, SAMPLES);
    assert_int_equal(compared(), 1);
}

static void a_small_effect_is_the_same(void **state) {
    (void)state;
    add_times(100, 101, 0.001, SAMPLES); /* its interval excludes 1, the threshold is 2% */
    assert_int_equal(compared(), 0);
    assert_says("same");
    options.threshold = 0.005;
    compared();
    assert_says("slower");
}

static void an_effect_below_the_floor_is_the_same(void **state) {
    (void)state;
    char path[300];
    add_times(100, 105, 0.001, SAMPLES);
    snprintf(path, sizeof path, "%s/floors.json", folder);
    append_text(path, "{\"cells\": {\"pingpong pip jmp toy native\": {\"floor\": 0.08}}}");
    options.noise = path;
    options.gate = GATE_TIME;
    assert_int_equal(compared(), 0);
    assert_says("8.00% same");
}

static void without_a_floor_file_the_layouts_of_the_records_are_it(void **state) {
    (void)state;
    begin();
    options.gate = GATE_TIME;
    for (int new = 0; new < 2; new ++) {
        json_t *line = cell(new ? "new" : "old", "pip", 100, 0, SAMPLES), *samples = json_array();
        for (int i = 0; i < SAMPLES;
             i++) /* half of the layouts cost 20% more; the new one another 5% */
            json_array_append_new(samples, json_real((i % 2 ? 120 : 100) * (new ? 1.05 : 1)));
        json_object_set_new(json_object_get(line, "samples"), "cycles", samples);
        append(new ? new_path : base_path, line);
    }
    assert_int_equal(compared(), 0);
    assert_says("20.00%~");
    assert_says("no noise floor was measured on this machine");
}

static void an_unknown_floor_is_no_alarm(void **state) {
    (void)state;
    append(base_path, make_run("old"));
    append(new_path, make_run("new"));
    remove(base_path);
    remove(new_path);
    json_t *run = run_on("old", "toy", "gcc 12.2.0 -O2");
    json_object_del(run, "layouts");
    append(base_path, run);
    run = run_on("new", "toy", "gcc 12.2.0 -O2");
    json_object_del(run, "layouts");
    append(new_path, run);
    append(base_path, cell("old", "pip", 10, 0.001, SAMPLES));
    append(new_path, cell("new", "pip", 12, 0.001, SAMPLES));
    options.gate = GATE_TIME;
    assert_int_equal(compared(), 0);
    assert_says("slower, no alarm: floor unknown");
}

static void three_processes_are_not_enough(void **state) {
    (void)state;
    add_times(10, 20, 0.001, 3);
    assert_int_equal(compared(), 0);
    assert_says("not enough samples: needs 4");
}

static void a_wide_interval_says_how_many_it_needs(void **state) {
    (void)state;
    add_times(10, 10.5, 0.2, SAMPLES);
    json_t *floors =
        json_pack("{s:{s:{s:f}}}", "cells", "pingpong pip jmp toy native", "floor", 0.0);
    char path[300];
    snprintf(path, sizeof path, "%s/floors.json", folder);
    json_dump_file(floors, path, 0);
    json_decref(floors);
    options.noise = path;
    assert_int_equal(compared(), 0);
    assert_says("not enough samples: needs");
    assert_true(atoi(strstr(out, "needs ") + 6) > SAMPLES);
}

static void zero_and_negative_times_have_no_ratio(void **state) {
    (void)state;
    add_times(10, 0, 0, SAMPLES);
    assert_int_equal(compared(), 0);
    assert_says("no ratio: a sample is not above 0");
    remove(base_path);
    remove(new_path);
    begin();
    append(base_path, cell("old", "pip", 10, 0.001, SAMPLES));
    json_t *line = cell("new", "pip", 10, 0.001, SAMPLES);
    json_array_set_new(json_object_get(json_object_get(line, "samples"), "cycles"), 3,
                       json_real(-2));
    append(new_path, line);
    assert_int_equal(compared(), 0);
    assert_says("no ratio: a sample is not above 0");
}

static void several_runs_of_a_cell_are_pooled(void **state) {
    (void)state;
    add_times(10, 11, 0.001, 3);
    append(base_path, cell("old", "pip", 10, 0.001, 3));
    append(new_path, cell("new", "pip", 11, 0.001, 3));
    compared();
    assert_silent_about("not enough samples");
}

/* ---- confirmation ---- */

static bool stands;
static bool judge(const struct compare_options *o, const struct side *base, const struct side *new,
                  const struct timing *t, char *why, size_t size) {
    (void)o, (void)base, (void)new;
    snprintf(why, size, "asked about %s", t->cell);
    return stands;
}

static void an_alarm_stands_only_when_a_rerun_confirms_it(void **state) {
    (void)state;
    options.gate = GATE_TIME;
    options.confirm = judge;
    add_times(10, 11, 0.001, SAMPLES);
    stands = false;
    assert_int_equal(compared(), 0);
    assert_says("slower, asked about pingpong pip");
    stands = true;
    assert_int_equal(compared(), 1);
}

static void only_alarms_are_run_again(void **state) {
    (void)state;
    options.confirm = judge;
    add_times(10, 10, 0.001, SAMPLES);
    compared();
    assert_silent_about("asked about");
}

/* ---- annotations ---- */

static void annotations_are_errors_warnings_and_notices(void **state) {
    (void)state;
    options.annotate = "github";
    add_times(10, 11, 0.001, SAMPLES);
    append(base_path, counted("old", "full", "loads", 3));
    append(new_path, counted("new", "full", "loads", 4));
    assert_int_equal(compared(), 1);
    assert_says("::error title=pingpong full jmp toy native::loads 4, was 3");
    assert_says("::warning title=pingpong pip jmp toy native::slower");
    options.gate = GATE_TIME;
    compared();
    assert_says("::error title=pingpong pip jmp toy native::slower");
}

static void an_annotation_is_one_line_whatever_it_says(void **state) {
    (void)state;
    options.annotate = "github";
    begin();
    append(base_path, counted("old", "a,b:c", "loads", 3));
    append(new_path, make_failure("new", "a,b:c", "pip", "100%\n::error::forged"));
    assert_int_equal(compared(), 1);
    assert_says("::error title=pingpong a%2Cb%3Ac jmp toy native::its check failed: "
                "100%25%0A::error::forged");
}

/* ---- what is refused ---- */

static void times_of_another_machine_are_refused_counts_are_not(void **state) {
    (void)state;
    append(base_path, run_on("old", "toy", "gcc 12.2.0 -O2"));
    append(new_path, run_on("new", "other", "gcc 12.2.0 -O2"));
    append(base_path, cell("old", "pip", 10, 0.001, SAMPLES));
    json_t *line = cell("new", "pip", 20, 0.001, SAMPLES);
    json_object_set_new(json_object_get(line, "metrics"), "instructions",
                        make_metric(21, 21, 21, 1, "counted"));
    append(new_path, line);
    assert_int_equal(compared(), 1);
    assert_says("Times: not compared: the machines differ");
    assert_says("instructions 21, was 20");
    assert_silent_about("slower");
}

static void times_of_another_compiler_are_refused(void **state) {
    (void)state;
    append(base_path, run_on("old", "toy", "gcc 12.2.0 -O2"));
    append(new_path, run_on("new", "toy", "clang version 14.0.6 -O2"));
    append(base_path, cell("old", "pip", 10, 0.001, SAMPLES));
    append(new_path, cell("new", "pip", 20, 0.001, SAMPLES));
    assert_int_equal(compared(), 0);
    assert_says("Times: not compared: the compilers differ: gcc-12-O2 and clang-14-O2");
}

static void a_record_of_two_machines_has_no_times_to_compare(void **state) {
    (void)state;
    begin();
    append(base_path, run_on("older", "other", "gcc 12.2.0 -O2"));
    append(base_path, cell("old", "pip", 10, 0.001, SAMPLES));
    append(new_path, cell("new", "pip", 20, 0.001, SAMPLES));
    assert_int_equal(compared(), 0);
    assert_says("Times: not compared: BASE does not name one machine");
}

static void a_machine_that_is_not_told_is_not_the_same_one(void **state) {
    (void)state;
    append(base_path, make_run("old"));
    append(new_path, make_run("new"));
    append(base_path, cell("old", "pip", 10, 0.001, SAMPLES));
    append(new_path, cell("new", "pip", 20, 0.001, SAMPLES));
    compared();
    assert_says("Times: not compared: BASE does not name one machine");
}

static void nothing_in_common_is_an_error(void **state) {
    (void)state;
    begin();
    append(base_path, counted("old", "pip", "loads", 3));
    append(new_path, counted("new", "full", "loads", 3));
    assert_int_equal(compared(), 2);
    assert_complains("have no cell in common");
}

static void files_that_hold_nothing_are_errors(void **state) {
    (void)state;
    begin();
    assert_int_equal(compared(), 2); /* runs without results */
    assert_complains("base.jsonl holds no result");
    remove(base_path);
    append_text(base_path, "");
    assert_int_equal(compared(), 2);
    assert_complains("base.jsonl holds no result");
    remove(base_path);
    assert_int_equal(compared(), 2);
    assert_complains("cannot read the record");
}

/* a line of BASE that is bad is named with file and line; the others are still compared, and the
 * exit code is not 0 */
static void assert_line_refused(const char *text, const char *why) {
    char where[512];
    remove(base_path);
    remove(new_path);
    begin();
    append(base_path, counted("old", "pip", "loads", 3));
    append(new_path, counted("new", "pip", "loads", 3));
    append_text(base_path, text);
    assert_int_equal(compared(), 1);
    snprintf(where, sizeof where, "base.jsonl:3: %s", why);
    assert_complains(where);
    assert_says("1 in 1 cells all equal");
}

static void bad_lines_are_named(void **state) {
    (void)state;
    assert_line_refused("{\"type\": \"result\"", "the line is truncated");
    assert_line_refused("id,cycles\n", "not JSON");
    assert_line_refused("{\"benchmarks\": []}\n", "type is missing");
    assert_line_refused("{\"type\": \"run\", \"schema\": 2, \"run\": \"x\", \"time\": "
                        "\"2026-01-31T12:00:00Z\", \"commit\": null, "
                        "\"seed\": 1, \"env\": {}, \"clock\": {\"source\": \"x\"}}\n",
                        "schema is 2, this program knows");
    assert_line_refused("{\"type\": \"result\", \"run\": \"old\", \"value\": NaN}\n", "not JSON");
    assert_line_refused("\xff\xfe\n", "not JSON");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_cell_has_a_name_of_all_that_tells_it_apart),
        TEST(equal_records_are_equal),
        TEST(a_changed_count_fails_and_is_named),
        TEST(fewer_instructions_are_a_change_too),
        TEST(half_a_load_is_a_change),
        TEST(a_figure_that_is_gone_fails),
        TEST(a_check_that_fails_now_fails_the_comparison),
        TEST(a_map_that_changed_fails),
        TEST(a_corruption_of_another_register_fails),
        TEST(missing_and_new_cells_matter_only_to_complete_records),
        TEST(a_cell_that_the_machine_lacks_is_a_stated_skip),
        TEST(no_gate_is_no_failure),
        TEST(slower_is_said_with_its_ratio),
        TEST(faster_is_no_failure_even_where_time_gates),
        TEST(time_gates_where_it_is_asked_to),
        TEST(a_small_effect_is_the_same),
        TEST(an_effect_below_the_floor_is_the_same),
        TEST(without_a_floor_file_the_layouts_of_the_records_are_it),
        TEST(an_unknown_floor_is_no_alarm),
        TEST(three_processes_are_not_enough),
        TEST(a_wide_interval_says_how_many_it_needs),
        TEST(zero_and_negative_times_have_no_ratio),
        TEST(several_runs_of_a_cell_are_pooled),
        TEST(an_alarm_stands_only_when_a_rerun_confirms_it),
        TEST(only_alarms_are_run_again),
        TEST(annotations_are_errors_warnings_and_notices),
        TEST(an_annotation_is_one_line_whatever_it_says),
        TEST(times_of_another_machine_are_refused_counts_are_not),
        TEST(times_of_another_compiler_are_refused),
        TEST(a_record_of_two_machines_has_no_times_to_compare),
        TEST(a_machine_that_is_not_told_is_not_the_same_one),
        TEST(nothing_in_common_is_an_error),
        TEST(files_that_hold_nothing_are_errors),
        TEST(bad_lines_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
