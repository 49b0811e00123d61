/* test_export.c: each format says what the record says, in the words that its readers look for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs those first */
#include <cmocka.h>
#include <regex.h>

#include "harness/csv.h"
#include "harness/export.h"
#include "tests/harness/runs.h"

static struct runs runs;
static struct export export;

static int setup(void **state) {
    runs = (struct runs){0};
    export = (struct export){0};
    return open_folder(state);
}

static int teardown(void **state) {
    runs_free(&runs);
    return close_folder(state);
}

/* two runs of two cells each; the second run at the lines 4 to 6 */
static void put_two_runs(void) {
    for (int i = 1; i <= 2; i++) {
        char id[8], commit[8];
        snprintf(id, sizeof id, "r%d", i);
        snprintf(commit, sizeof commit, "c%d", i);
        put_line("a.jsonl", make_run_of(id, "A, \"B\"", i, commit));
        put_line("a.jsonl", make_timed(id, "pip", 3 * i, 3, 9));
        json_t *line = make_timed(id, "full", 30 * i, 3, 49);
        json_object_set_new(line, "params", json_pack("{s:s, s:i}", "use", "not used", "live", 4));
        put_line("a.jsonl", line);
    }
}

static const char *in_format(const char *name) {
    char *path = in_folder("a.jsonl");
    assert_int_equal(runs_load(&path, 1, &runs, err_file), 0);
    const struct export_format *format = export_format_find(name);
    assert_non_null(format);
    static struct runs chosen;
    chosen = runs;
    if (format->takes == RUNS_LAST) chosen.run += chosen.n - 1, chosen.n = 1;
    export.runs = &chosen;
    export.out = out_file;
    export.err = err_file;
    format->write(&export);
    return written();
}

static json_t *as_json(const char *text) {
    json_error_t error;
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (!json) fail_msg("%s: %s", error.text, text);
    return json;
}

/* ---- cells ---- */

static void a_cell_has_one_name_in_every_run(void **state) {
    (void)state;
    json_t *line = make_result("r", "full", "full", 3, 1);
    json_object_set_new(line, "params", json_pack("{s:s, s:i}", "use", "not used", "live", 4));
    assert_string_equal(cell_path(line, false).text,
                        "pingpong/toy/native/full/none/jmp/live=4/use=not_used");
    json_object_set_new(line, "params", json_pack("{s:i, s:s}", "live", 4, "use", "not used"));
    assert_string_equal(
        cell_path(line, true).text,
        "pingpong/arch=toy/engine=native/switcher=full/mask=none/transfer=jmp/live=4/use=not_used");
    json_decref(line);
}

/* ---- Google Benchmark ---- */

static void google_has_each_sample_as_a_repetition_and_the_median(void **state) {
    (void)state;
    put_two_runs();
    json_t *file = as_json(in_format("google")), *list = json_object_get(file, "benchmarks"), *one;
    size_t i, repetitions = 0, medians = 0;
    assert_int_equal(json_array_size(list), 8);
    json_array_foreach(list, i, one) {
        /* what github-action-benchmark reads of every entry, and compare.py */
        static const char *const numbers[] = {"real_time", "cpu_time", "iterations", "threads"};
        for (size_t k = 0; k < 4; k++)
            assert_true(json_is_number(json_object_get(one, numbers[k])));
        assert_true(line_is(one, "time_unit", "ns"));
        repetitions += line_is(one, "run_type", "iteration");
        medians += line_is(one, "aggregate_name", "median");
    }
    assert_int_equal(repetitions, 6);
    assert_int_equal(medians, 2);
    one = json_array_get(list, 3);
    assert_true(line_is(one, "name", "pingpong/toy/native/pip/none/jmp_median"));
    assert_true(json_number_value(json_object_get(one, "real_time")) == 6); /* of the last run */
    assert_true(json_number_value(json_object_get(one, "instructions")) == 9);
    assert_true(line_is(json_object_get(file, "context"), "switchlab_run", "r2"));
    json_decref(file);
}

static void google_with_medians_has_one_entry_a_cell(void **state) {
    (void)state;
    put_two_runs();
    export.medians = true;
    json_t *file = as_json(in_format("google"));
    assert_int_equal(json_array_size(json_object_get(file, "benchmarks")), 2);
    assert_true(line_is(json_array_get(json_object_get(file, "benchmarks"), 0), "name",
                        "pingpong/toy/native/pip/none/jmp"));
    json_decref(file);
}

static void google_leaves_out_what_has_no_time(void **state) {
    (void)state;
    put_line("a.jsonl", make_run("r1"));
    put_line("a.jsonl", make_result("r1", "pip", "pip", 3, 3)); /* cycles only */
    json_t *file = as_json(in_format("google"));
    assert_int_equal(json_array_size(json_object_get(file, "benchmarks")), 0);
    assert_int_equal(export.passed, 1);
    json_decref(file);
}

/* ---- Bencher ---- */

static void bmf_has_latency_with_its_interval_and_exact_counts_without(void **state) {
    (void)state;
    put_two_runs();
    json_t *file = as_json(in_format("bmf")),
           *cell = json_object_get(file, "pingpong/toy/native/pip/none/jmp");
    json_t *latency = json_object_get(cell, "latency"),
           *count = json_object_get(cell, "instructions");
    assert_int_equal(json_object_size(file), 2);
    assert_true(json_number_value(json_object_get(latency, "value")) == 6);
    assert_true(json_number_value(json_object_get(latency, "lower_value")) == 5);
    assert_true(json_number_value(json_object_get(latency, "upper_value")) == 7);
    assert_int_equal(json_object_size(count), 1);
    json_decref(file);
}

/* ---- Go ---- */

/* the grammar of a result line: name with a capital, count, then pairs of value and unit */
static void benchfmt_lines_are_of_its_grammar(void **state) {
    (void)state;
    put_two_runs();
    regex_t result, other;
    regcomp(&result, "^Benchmark[A-Z][^ ]* [0-9]+( [-+.e0-9]+ [a-z_]+/op)+$",
            REG_EXTENDED | REG_NOSUB);
    regcomp(&other, "^(Unit [a-z_]+/op better=lower( assume=exact)?|[a-z]+: .+|#.*|)$",
            REG_EXTENDED | REG_NOSUB);
    size_t lines = 0;
    char *text = strdup(in_format("benchfmt")), *rest = text;
    for (char *line; (line = strsep(&rest, "\n"));) {
        bool is_result = !regexec(&result, line, 0, NULL, 0);
        if (!is_result && regexec(&other, line, 0, NULL, 0))
            fail_msg("not a line of the format: %s", line);
        lines += is_result;
    }
    assert_int_equal(lines, 12); /* two runs, two cells, three samples */
    assert_in(out, "Unit instructions/op better=lower assume=exact\n");
    assert_in(out, "Unit ns/op better=lower\n");
    assert_in(out, "BenchmarkPingpong/arch=toy/engine=native/switcher=pip/mask=none/transfer=jmp 1 "
                   "2 ns/op 9 instructions/op\n");
    free(text);
    regfree(&result);
    regfree(&other);
}

/* ---- CSV ---- */

static void csv_quotes_what_it_must(void **state) {
    (void)state;
    struct csv csv = {out_file, false};
    static const char *const fields[] = {"plain", "a,b", "say \"it\"", "two\nlines", ""};
    for (size_t i = 0; i < 5; i++)
        csv_put(&csv, fields[i]);
    csv_end(&csv);
    assert_string_equal(written(), "plain,\"a,b\",\"say \"\"it\"\"\",\"two\nlines\",\n");
}

static void csv_has_a_line_a_sample_and_a_column_a_parameter(void **state) {
    (void)state;
    put_two_runs();
    in_format("csv");
    size_t lines = 0;
    for (const char *c = out; *c; c++)
        lines += *c == '\n';
    assert_int_equal(lines, 1 + 2 * 2 * (3 + 1));
    assert_in(out, "run,time,commit,machine,experiment,arch,engine,switcher,kind,mask,state,"
                   "transfer,use,live,metric,unit,"
                   "method,sample,value\n");
    assert_in(out, "r1,2026-01-01T12:00:00Z,c1,unknown-a-b-unknown.unknown.unknown-cores-not-recorded-memory-not-recorded,"
                   "pingpong,toy,native,pip,pip,none,none,jmp,,,ns,cycle,measured,3,4\n");
    assert_in(out, ",jmp,not used,4,instructions,1,counted,1,49\n");
}

static void otava_has_a_line_a_run_and_an_empty_field_for_what_a_run_lacks(void **state) {
    (void)state;
    put_two_runs();
    put_line("a.jsonl", make_run_of("r3", "A, \"B\"", 3, "c3"));
    put_line("a.jsonl", make_timed("r3", "pip", 4, 3, 9));
    in_format("otava");
    assert_in(out, "time,commit,run,pingpong/toy/native/pip/none/jmp:ns,pingpong/toy/native/pip/"
                   "none/jmp:instructions,");
    assert_in(out, "\n2026-01-02T12:00:00Z,c2,r2,6,9,60,49\n");
    assert_in(out, "\n2026-01-03T12:00:00Z,c3,r3,4,9,,\n");
}

static void otava_yaml_names_every_column(void **state) {
    (void)state;
    put_two_runs();
    in_format("otava-yaml");
    assert_in(out, "    time_column: time\n    attributes: [commit, run]\n");
    assert_in(out, "        column: \"pingpong/toy/native/pip/none/jmp:ns\"\n");
    assert_int_equal(export.written, 4);
}

/* ---- bad figures ---- */

static void every_format_leaves_out_a_figure_that_can_not_be_and_says_where(void **state) {
    (void)state;
    static const char *const names[] = {"google", "benchfmt", "bmf", "otava", "csv"};
    put_two_runs();
    put_line("a.jsonl", make_timed("r2", "zero", 0, 3, 9));
    put_line("a.jsonl", make_timed("r2", "below", -3, 3, -9));
    for (size_t i = 0; i < 5; i++) {
        export = (struct export){0};
        in_format(names[i]);
        /* google has no entry without a time, so the count without one goes with it */
        if (export.flaws != (i ? 3 : 2)) fail_msg("%s: %zu flaws", names[i], export.flaws);
        assert_not_in(written(), "-3");
        assert_in(said(), "a.jsonl:7: ns is 0, not positive");
        runs_free(&runs);
    }
}

static void a_failed_check_has_no_figure_in_any_format(void **state) {
    (void)state;
    put_line("a.jsonl", make_run("r1"));
    put_line("a.jsonl", make_timed("r1", "pip", 3, 3, 9));
    put_line("a.jsonl", make_failure("r1", "broken", "full", "lost rbx"));
    for (const struct export_format *const *f = export_format_all(); *f; f++) {
        in_format((*f)->name);
        assert_not_in(written(), "broken");
        runs_free(&runs);
    }
}

#define on_folder(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cell_has_one_name_in_every_run),
        on_folder(google_has_each_sample_as_a_repetition_and_the_median),
        on_folder(google_with_medians_has_one_entry_a_cell),
        on_folder(google_leaves_out_what_has_no_time),
        on_folder(bmf_has_latency_with_its_interval_and_exact_counts_without),
        on_folder(benchfmt_lines_are_of_its_grammar),
        on_folder(csv_quotes_what_it_must),
        on_folder(csv_has_a_line_a_sample_and_a_column_a_parameter),
        on_folder(otava_has_a_line_a_run_and_an_empty_field_for_what_a_run_lacks),
        on_folder(otava_yaml_names_every_column),
        on_folder(every_format_leaves_out_a_figure_that_can_not_be_and_says_where),
        on_folder(a_failed_check_has_no_figure_in_any_format),
    };
    return cmocka_run_group_tests_name("export", tests, NULL, NULL);
}
