/* test_runs.c: records of many runs come in the order of time, each once, each line with its place;
 * series say between which commits they change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs those first */
#include <cmocka.h>

#include "harness/history.h"
#include "harness/machine.h"
#include "tests/harness/runs.h"

static struct runs runs;
static struct history history;
static struct history_options options;

static int setup(void **state) {
    runs = (struct runs){0};
    history = (struct history){0};
    options = (struct history_options){.changepoint = CHANGEPOINT_DEFAULTS};
    return open_folder(state);
}

static int teardown(void **state) {
    history_free(&history);
    runs_free(&runs);
    return close_folder(state);
}

static int load(size_t n, char *const *paths) {
    return runs_load(paths, n, &runs, err_file);
}
#define LOAD(...) load(sizeof((char *[]){__VA_ARGS__}) / sizeof(char *), (char *[]){__VA_ARGS__})

/* ---- reading ---- */

static void runs_come_in_the_order_of_time(void **state) {
    (void)state;
    put_line("b.jsonl", make_run_of("r2", "A", 2, "two"));
    put_line("a.jsonl", make_run_of("r3", "A", 3, "three"));
    put_line("b.jsonl", make_run_of("r1", "A", 1, "one"));
    assert_int_equal(LOAD(in_folder("a.jsonl"), in_folder("b.jsonl")), 0);
    assert_int_equal(runs.n, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(line_text(runs.run[i].run, "run")[1], '1' + (int)i);
}

static void a_folder_is_its_record_files_but_no_links(void **state) {
    (void)state;
    put_line("a.jsonl", make_run_of("r1", "A", 1, "one"));
    put_line("b.jsonl", make_run_of("r2", "A", 2, "two"));
    put_text("notes.txt", "not a record\n");
    assert_int_equal(symlink("b.jsonl", in_folder("latest.jsonl")), 0);
    assert_int_equal(LOAD(folder), 0);
    assert_int_equal(runs.n, 2);
    assert_string_equal(said(), "");
}

static void a_run_that_two_files_hold_counts_once_and_is_said(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        put_line(i ? "copy.jsonl" : "a.jsonl", make_run_of("r1", "A", 1, "one"));
        put_line(i ? "copy.jsonl" : "a.jsonl", make_result("r1", "pip", "pip", 3, 6));
    }
    assert_int_equal(LOAD(in_folder("a.jsonl"), in_folder("copy.jsonl")), 0);
    assert_int_equal(runs.n, 1);
    assert_int_equal(runs.run[0].n, 1);
    assert_int_equal(runs.bad, 0);
    assert_in(said(), "copy.jsonl: the run r1 was read from ");
}

static void a_line_knows_its_place(void **state) {
    (void)state;
    put_line("a.jsonl", make_run("r1"));
    put_line("a.jsonl", make_result("r1", "pip", "pip", 3, 6));
    assert_int_equal(LOAD(in_folder("a.jsonl")), 0);
    assert_in(line_at(runs.run[0].lines[0]), "a.jsonl:2");
}

static void what_is_no_record_is_said_with_its_place(void **state) {
    (void)state;
    put_line("a.jsonl", make_run("r1"));
    put_text("a.jsonl", "{\"name\": \"of another program\"}\n{\"type\":\"result\",\"ru");
    assert_int_equal(LOAD(in_folder("a.jsonl")), 0);
    assert_int_equal(runs.bad, 2);
    assert_in(said(), "a.jsonl:2: type is missing: not a line of a switchlab record");
    assert_in(said(), "a.jsonl:3: the line is truncated");
}

static void files_of_different_schema_are_said_with_the_one_found(void **state) {
    (void)state;
    json_t *run = make_run("r9");
    json_object_set_new(run, "schema", json_integer(9));
    put_line("a.jsonl", make_run("r1"));
    put_line("b.jsonl", run);
    assert_int_equal(LOAD(in_folder("a.jsonl"), in_folder("b.jsonl")), 0);
    assert_int_equal(runs.n, 1);
    assert_in(said(), "b.jsonl:1: schema is 9, this program knows 1: a newer switchlab reads it");
}

static void nan_is_said_with_its_place(void **state) {
    (void)state;
    put_line("a.jsonl", make_run("r1"));
    put_text("a.jsonl", "{\"type\":\"result\",\"run\":\"r1\",\"value\":NaN}\n");
    assert_int_equal(LOAD(in_folder("a.jsonl")), 0);
    assert_in(said(), "a.jsonl:2: not JSON at column");
}

static void no_file_no_record_and_no_run_are_errors(void **state) {
    (void)state;
    put_text("empty.jsonl", "");
    assert_int_equal(LOAD(in_folder("nowhere.jsonl")), -1);
    assert_in(said(), "nowhere.jsonl: No such file");
    runs_free(&runs);
    assert_int_equal(LOAD(in_folder("empty.jsonl")), -1);
    assert_in(said(), "empty.jsonl: no run in it");
    runs_free(&runs);
    unlink(in_folder("empty.jsonl"));
    assert_int_equal(LOAD(folder), -1);
    assert_in(said(), "holds no records");
}

static void an_older_record_gets_its_machine_from_its_facts(void **state) {
    (void)state;
    json_t *run = make_run_of("r1", "A", 1, "one");
    json_object_set_new(json_object_get(run, "env"), "memory_bytes", json_integer(25276510208));
    put_line("a.jsonl", run);
    put_line("a.jsonl", make_run("r2"));
    assert_int_equal(LOAD(in_folder("a.jsonl")), 0);
    assert_string_equal(runs.run[0].machine, "unknown-a-unknown.unknown.unknown-cores-not-recorded-24gib");
    assert_string_equal(runs.run[1].machine, "unknown");
}

/* ---- the fingerprint ---- */

static char *fingerprint(const char *fact, json_t *value) {
    json_t *env = json_pack("{s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:I}", "vendor", "Maker", "cpu",
                            "CPU 9", "family", 25, "model", 17, "stepping", 1, "cores", 8, "cpus",
                            16, "memory_bytes", (json_int_t)67108864000);
    if (fact) json_object_set_new(env, fact, value);
    json_t *id = machine_id(env);
    char *copy = strdup(json_string_value(id));
    json_decref(id);
    json_decref(env);
    return copy;
}

static void a_machine_is_its_cpu_stepping_cores_and_memory(void **state) {
    (void)state;
    char *same = fingerprint(NULL, NULL);
    const struct {
        const char *fact;
        json_t *value;
        bool other;
    } cases[] = {
        {"cpu", json_string("CPU 8"), true},
        {"stepping", json_integer(2), true},
        {"cores", json_integer(4), true},
        {"memory_bytes", json_integer(33554432000), true},
        {"microcode", json_string("0x2"), false},
        {"frequency_max_khz", json_integer(5), false},
        {"load", json_pack("[f,f,f]", 1., 1., 1.), false},
        {"kernel", json_string("7.0"), false},
        {"cpus", json_integer(8), false},                   /* SMT is off now */
        {"memory_bytes", json_integer(66900000000), false}, /* another kernel keeps a little more */
    };
    assert_string_equal(same, "maker-cpu-9-25.17.1-8cores-64gib");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *id = fingerprint(cases[i].fact, cases[i].value);
        if (cases[i].other == !strcmp(id, same)) fail_msg("%s: %s", cases[i].fact, id);
        free(id);
    }
    free(same);
}

/* ---- history ---- */

/* `n` runs, one a day, each at its own commit; from run `at` on the cost is `after` */
static void put_days(const char *cpu, int n, int at, double before, double after,
                     double count_after) {
    for (int day = 1; day <= n; day++) {
        char id[64], commit[16];
        snprintf(id, sizeof id, "%s-%d", cpu, day);
        snprintf(commit, sizeof commit, "c%d", day);
        put_line("a.jsonl", make_run_of(id, cpu, day, commit));
        double ns = (day < at ? before : after) * (1 + 0.001 * (day * 7 % 5));
        put_line("a.jsonl", make_timed(id, "pip", ns, 6, day < at ? 9 : count_after));
    }
}

static const struct series *series(const char *machine, const char *metric) {
    for (size_t i = 0; i < history.n; i++)
        if (strcasestr(history.series[i].machine, machine) && !strcmp(history.series[i].metric, metric))
            return &history.series[i];
    fail_msg("no series of %s on %s", metric, machine);
    return NULL;
}

static void take_history(void) {
    assert_int_equal(LOAD(in_folder("a.jsonl")), 0);
    history_of(&runs, &options, &history, err_file);
}

static void a_change_names_the_commits_around_it(void **state) {
    (void)state;
    put_days("A", 20, 11, 10, 12, 10);
    take_history();
    const struct series *ns = series("-a-", "ns");
    assert_false(ns->exact);
    assert_int_equal(ns->changes, 1);
    assert_int_equal(ns->change[0].division.at, 10);
    assert_string_equal(commit_range(ns, &ns->change[0]).text, "c10..c11");
    history_print(&history, &options, out_file);
    assert_in(written(), "c10..c11");
    assert_in(written(), "+20.0%");
}

static void an_exact_figure_changes_without_a_test_even_in_the_last_run(void **state) {
    (void)state;
    put_days("A", 4, 4, 10, 10, 8);
    take_history();
    const struct series *count = series("-a-", "instructions");
    assert_true(count->exact);
    assert_int_equal(count->changes, 1);
    assert_string_equal(commit_range(count, &count->change[0]).text, "c3..c4");
    assert_int_equal(series("-a-", "ns")->changes, 0);
}

static void machines_are_kept_apart(void **state) {
    (void)state;
    put_days("A", 12, 99, 10, 10, 9);
    put_days("B", 12, 99, 30, 30, 9);
    take_history();
    assert_int_equal(series("-a-", "ns")->n, 12);
    assert_int_equal(series("-a-", "ns")->changes, 0);
    assert_int_equal(series("-b-", "ns")->changes, 0);
}

static void a_change_at_one_commit_is_not_the_codes(void **state) {
    (void)state;
    for (int day = 1; day <= 16; day++) {
        char id[8];
        snprintf(id, sizeof id, "r%d", day);
        put_line("a.jsonl", make_run_of(id, "A", day, "same"));
        put_line("a.jsonl", make_timed(id, "pip", day < 9 ? 10 : 15, 6, 9));
    }
    take_history();
    const struct series *ns = series("-a-", "ns");
    assert_int_equal(ns->changes, 1);
    assert_string_equal(commit_range(ns, &ns->change[0]).text, "same on both sides: not the code");
}

static void uncommitted_changes_are_said(void **state) {
    (void)state;
    put_line("a.jsonl", make_run_of("r1", "A", 1, "one-dirty"));
    put_line("a.jsonl", make_timed("r1", "pip", 10, 6, 9));
    put_line("a.jsonl", make_run_of("r2", "A", 2, "two"));
    put_line("a.jsonl", make_timed("r2", "pip", 10, 6, 8));
    take_history();
    const struct series *count = series("-a-", "instructions");
    assert_string_equal(commit_range(count, &count->change[0]).text,
                        "one..two and uncommitted changes");
}

static void zero_and_negative_figures_are_left_out_with_their_place(void **state) {
    (void)state;
    put_line("a.jsonl", make_run_of("r1", "A", 1, "one"));
    put_line("a.jsonl", make_timed("r1", "zero", 0, 6, 9));
    put_line("a.jsonl", make_timed("r1", "below", -3, 6, 9));
    put_line("a.jsonl", make_timed("r1", "lost", 3, 6, -1));
    take_history();
    assert_int_equal(history.flaws, 3);
    assert_in(said(), "a.jsonl:2: ns is 0, not positive");
    assert_in(said(), "a.jsonl:3: ns is -3, not positive");
    assert_in(said(), "a.jsonl:4: instructions is -1, negative");
}

#define on_folder(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        on_folder(runs_come_in_the_order_of_time),
        on_folder(a_folder_is_its_record_files_but_no_links),
        on_folder(a_run_that_two_files_hold_counts_once_and_is_said),
        on_folder(a_line_knows_its_place),
        on_folder(what_is_no_record_is_said_with_its_place),
        on_folder(files_of_different_schema_are_said_with_the_one_found),
        on_folder(nan_is_said_with_its_place),
        on_folder(no_file_no_record_and_no_run_are_errors),
        on_folder(an_older_record_gets_its_machine_from_its_facts),
        cmocka_unit_test(a_machine_is_its_cpu_stepping_cores_and_memory),
        on_folder(a_change_names_the_commits_around_it),
        on_folder(an_exact_figure_changes_without_a_test_even_in_the_last_run),
        on_folder(machines_are_kept_apart),
        on_folder(a_change_at_one_commit_is_not_the_codes),
        on_folder(uncommitted_changes_are_said),
        on_folder(zero_and_negative_figures_are_left_out_with_their_place),
    };
    return cmocka_run_group_tests_name("runs", tests, NULL, NULL);
}
