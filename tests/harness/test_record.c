/* test_record.c: a record holds whole valid lines whatever happens, and reading one says where it
 * is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs those first */
#include <cmocka.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "harness/record.h"
#include "tests/harness/lines.h"

static char *folder, why[RECORD_WHY];

static int setup(void **state) {
    (void)state;
    why[0] = '\0';
    folder = make_folder();
    return folder ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    remove_tree(folder);
    free(folder);
    return 0;
}

static char *below(const char *name) {
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void put(const char *name, const char *text) {
    FILE *f = fopen(below(name), "w");
    fputs(text, f);
    fclose(f);
}

static char *contents(const char *path) {
    static char text[65536];
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    return text;
}

#define assert_says(text) assert_non_null(strstr(why, text))

/* --- Validating ------------------------------------------------------------------------------- */

static void assert_valid(json_t *line) {
    if (record_validate(line, why, sizeof why)) fail_msg("%s", why);
    json_decref(line);
}

static void assert_invalid(json_t *line, const char *reason) {
    assert_int_equal(record_validate(line, why, sizeof why), -1);
    if (!strstr(why, reason)) fail_msg("\"%s\" does not say \"%s\"", why, reason);
    json_decref(line);
}

static void lines_of_every_type_are_valid(void **state) {
    (void)state;
    assert_valid(make_run("r"));
    assert_valid(make_result("r", "pip", "pip", 3, 5));
    assert_valid(make_failure("r", "pip", "pip", "lost rbx"));
    assert_valid(make_map("r"));
    assert_valid(make_skip("r"));
}

static void what_is_no_line_is_invalid(void **state) {
    (void)state;
    assert_invalid(json_array(), "not a JSON object");
    assert_invalid(json_object(), "type is missing");
    assert_invalid(json_pack("{s:s}", "type", "note"), "not one of run, result, map, skip");
    assert_int_equal(record_validate(NULL, why, sizeof why), -1);
}

/* Takes away each field of each line in turn. */
static void every_required_field_is_missed(void **state) {
    (void)state;
    json_t *(*const make[])(const char *) = {make_run, make_map, make_skip};
    for (size_t i = 0; i <= sizeof make / sizeof *make; i++) {
        json_t *whole = i < 3 ? make[i]("r") : make_result("r", "pip", "pip", 3, 5), *value;
        const char *name;
        json_object_foreach(whole, name, value) {
            json_t *line = json_deep_copy(whole);
            json_object_del(line, name);
            assert_invalid(line, name);
        }
        json_decref(whole);
    }
}

/* Makes each field of each line an array within an array in turn, which none is. */
static void every_field_of_the_wrong_type_is_noticed(void **state) {
    (void)state;
    json_t *(*const make[])(const char *) = {make_run, make_map, make_skip};
    for (size_t i = 0; i <= sizeof make / sizeof *make; i++) {
        json_t *whole = i < 3 ? make[i]("r") : make_result("r", "pip", "pip", 3, 5), *value;
        const char *name;
        json_object_foreach(whole, name, value) {
            json_t *line = json_deep_copy(whole);
            json_object_set_new(line, name, json_pack("[[]]"));
            assert_invalid(line, name);
        }
        json_decref(whole);
    }
}

static void a_value_outside_its_list_is_named_with_the_list(void **state) {
    (void)state;
    assert_invalid(make_result("r", "pip", "fast", 3, 5),
                   "kind is \"fast\", not one of full, scratch, pip, peer");
    json_t *line = make_result("r", "pip", "pip", 3, 5);
    json_object_set_new(json_object_get(line, "check"), "status", json_string("ok"));
    assert_invalid(line, "check.status is \"ok\", not one of pass, fail, skip");
    line = make_result("r", "pip", "pip", 3, 5);
    json_object_set_new(json_object_get(line, "metrics"), "ns", make_metric(1, 1, 1, 1, "guessed"));
    assert_invalid(line,
                   "metrics.ns.method is \"guessed\", not one of measured, counted, modelled");
}

static void another_schema_is_refused(void **state) {
    (void)state;
    json_t *line = make_run("r");
    json_object_set_new(line, "schema", json_integer(2));
    assert_invalid(line, "schema is 2, this program knows 1");
}

static void a_time_that_is_not_utc_is_refused(void **state) {
    (void)state;
    json_t *line = make_run("r");
    json_object_set_new(line, "time", json_string("2026-01-31 12:00"));
    assert_invalid(line, "time is");
}

static void a_failed_check_has_no_figures(void **state) {
    (void)state;
    json_t *line = make_result("r", "pip", "pip", 3, 5);
    json_t *failed = make_failure("r", "pip", "pip", "lost rbx");
    json_object_set(line, "check", json_object_get(failed, "check"));
    json_decref(failed);
    assert_invalid(line, "there must be no metrics");
}

static void a_passed_check_has_figures(void **state) {
    (void)state;
    json_t *line = make_result("r", "pip", "pip", 3, 5);
    json_object_del(line, "metrics");
    assert_invalid(line, "metrics is missing or empty");
}

static void a_failed_check_says_why(void **state) {
    (void)state;
    json_t *line = make_failure("r", "pip", "pip", "");
    assert_invalid(line, "check.reason does not say why");
}

static void a_passed_check_has_corrupted_nothing(void **state) {
    (void)state;
    json_t *line = make_result("r", "pip", "pip", 3, 5);
    json_array_append_new(json_object_get(json_object_get(line, "check"), "corrupted"),
                          json_string("rbx"));
    assert_invalid(line, "check.corrupted has names");
}

static void a_value_outside_its_interval_is_refused(void **state) {
    (void)state;
    json_t *line = make_result("r", "pip", "pip", 3, 5);
    json_object_set_new(json_object_get(line, "metrics"), "bytes",
                        make_metric(5, 6, 7, 1, "counted"));
    assert_invalid(line, "metrics.bytes.value 5 is outside");
}

static void a_count_is_exact(void **state) {
    (void)state;
    json_t *line = make_result("r", "pip", "pip", 3, 5);
    json_object_set_new(json_object_get(line, "metrics"), "loads",
                        make_metric(3, 2, 4, 1, "counted"));
    assert_invalid(line, "a count is exact");
}

static void a_measured_figure_keeps_all_its_samples(void **state) {
    (void)state;
    json_t *line = make_result("r", "pip", "pip", 3, 5);
    json_array_remove(json_object_get(json_object_get(line, "samples"), "cycles"), 0);
    assert_invalid(line, "metrics.cycles.n is 5, yet samples.cycles keeps 4");
    line = make_result("r", "pip", "pip", 3, 5);
    json_object_del(line, "samples");
    assert_invalid(line, "samples.cycles keeps 0");
}

static json_t *with_aside(json_t *aside) {
    json_t *line = make_result("r", "pip", "pip", 3, 5);
    json_object_set_new(line, "set_aside", aside);
    return line;
}

static void what_is_set_aside_has_its_places(void **state) {
    (void)state;
    assert_valid(with_aside(json_pack("{s:[i, i], s:[f, f]}", "places", 0, 6, "cycles", 9.0, 9.5)));
    assert_invalid(with_aside(json_pack("{s:[f]}", "cycles", 9.0)), "set_aside.places is missing");
    assert_invalid(with_aside(json_pack("{s:[i]}", "places", 6)),
                   "set_aside.places goes beyond 5, the last of all samples.cycles");
    assert_invalid(with_aside(json_pack("{s:[i, i]}", "places", 1, 1)),
                   "set_aside.places[1] is not a place after the one before");
    assert_invalid(with_aside(json_pack("{s:[i, i]}", "places", -1, 1)),
                   "set_aside.places[0] is not a place");
    assert_invalid(with_aside(json_pack("{s:[i], s:[f, f]}", "places", 1, "cycles", 9.0, 9.0)),
                   "set_aside.cycles has 2 samples of 1 places");
    assert_invalid(with_aside(json_pack("{s:[i], s:[s]}", "places", 1, "cycles", "x")),
                   "set_aside.cycles[0] is not a number");
    assert_invalid(with_aside(json_pack("{s:s}", "places", "x")),
                   "set_aside.places is not an array");
}

static void a_map_agrees_with_its_cells(void **state) {
    (void)state;
    json_t *line = make_map("r");
    json_object_set_new(line, "corrupted", json_integer(0));
    assert_invalid(line, "corrupted is 0, yet 1 cells say so");
    line = make_map("r");
    json_object_set_new(line, "interrupts", json_integer(3));
    assert_invalid(line, "interrupts is 3");
    line = make_map("r");
    json_object_set_new(line, "boundaries", json_integer(0));
    assert_invalid(line, "more than 0 boundaries allow");
}

static void fields_it_does_not_know_are_allowed(void **state) {
    (void)state;
    json_t *line = make_skip("r");
    json_object_set_new(line, "colour", json_string("green"));
    assert_valid(line);
}

/* --- Parts ------------------------------------------------------------------------------------ */

static void a_figure_that_is_not_finite_is_never_built(void **state) {
    (void)state;
    const struct estimate nan = {NAN, 1, 2, 3, 1}, infinite = {1, 1, INFINITY, 3, 1};
    assert_null(record_metric(&nan, "cycle", "measured"));
    assert_null(record_metric(&infinite, "cycle", "measured"));
    assert_null(record_count(NAN, "1"));
    assert_null(record_samples((double[]){1, NAN}, 2));
}

static void runs_of_the_same_second_have_different_names(void **state) {
    (void)state;
    json_t *a = record_run("host", 0, "abc", 1, json_object(), json_pack("{s:s}", "source", "tsc"));
    json_t *b = record_run("host", 0, NULL, 1, json_object(), json_pack("{s:s}", "source", "tsc"));
    assert_string_equal(json_string_value(json_object_get(a, "time")), "1970-01-01T00:00:00Z");
    assert_int_equal(json_equal(json_object_get(a, "run"), json_object_get(b, "run")), 0);
    assert_valid(a);
    assert_valid(b);
}

/* --- Writing ---------------------------------------------------------------------------------- */

static void a_record_is_named_after_host_and_time(void **state) {
    (void)state;
    struct record *r = record_open(below("results"), "box", 1769860800, why, sizeof why);
    assert_non_null(r);
    assert_string_equal(strrchr(record_path(r), '/'), "/box-20260131T120000Z.jsonl");
    struct record *second = record_open(below("results"), "box", 1769860800, why, sizeof why);
    assert_string_equal(strrchr(record_path(second), '/'), "/box-20260131T120000Z-2.jsonl");
    assert_int_equal(record_close(r, why, sizeof why), 0);
    assert_int_equal(record_close(second, why, sizeof why), 0);
}

static void latest_points_to_the_record_once_it_has_a_line(void **state) {
    (void)state;
    char target[256] = "";
    symlink("older.jsonl", below("latest.jsonl"));
    struct record *r = record_open(folder, "box", 1769860800, why, sizeof why);
    assert_true(readlink(below("latest.jsonl"), target, sizeof target - 1) > 0);
    assert_string_equal(target, "older.jsonl");
    assert_int_equal(record_write(r, make_run("r"), why, sizeof why), 0);
    memset(target, 0, sizeof target);
    assert_true(readlink(below("latest.jsonl"), target, sizeof target - 1) > 0);
    assert_string_equal(target, "box-20260131T120000Z.jsonl");
    record_close(r, why, sizeof why);
}

static void a_file_that_the_user_names_is_appended_to(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct record *r = record_open_file(below("out"), why, sizeof why);
        assert_int_equal(record_write(r, make_run(i ? "b" : "a"), why, sizeof why), 0);
        record_close(r, why, sizeof why);
    }
    char *text = contents(below("out")), *newline = strchr(text, '\n');
    assert_non_null(newline);
    assert_non_null(strchr(newline + 1, '\n'));
    assert_int_equal(access(below("latest.jsonl"), F_OK), -1);
}

static void what_was_written_is_read_back(void **state) {
    (void)state;
    json_t *lines[] = {make_run("r"), make_result("r", "pip", "pip", 3, 5), make_map("r"),
                       make_skip("r")},
           *line;
    struct record *r = record_open_file(below("out"), why, sizeof why);
    for (int i = 0; i < 4; i++)
        assert_int_equal(record_write(r, json_incref(lines[i]), why, sizeof why), 0);
    record_close(r, why, sizeof why);
    struct reader *reader = reader_open(below("out"), why, sizeof why);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(reader_next(reader, &line, why, sizeof why), READ_LINE);
        assert_true(json_equal(line, lines[i]));
        json_decref(line);
        json_decref(lines[i]);
    }
    assert_int_equal(reader_next(reader, &line, why, sizeof why), READ_END);
    reader_close(reader);
}

static void an_invalid_line_is_not_written(void **state) {
    (void)state;
    struct record *r = record_open_file(below("out"), why, sizeof why);
    assert_int_equal(record_write(r, json_object(), why, sizeof why), -1);
    assert_says("not valid");
    assert_int_equal(record_write(r, NULL, why, sizeof why), -1);
    assert_says("not finite");
    record_close(r, why, sizeof why);
    assert_string_equal(contents(below("out")), "");
}

static void a_full_disk_is_an_error_with_its_reason(void **state) {
    (void)state;
    struct record *r = record_open_file("/dev/full", why, sizeof why);
    assert_non_null(r);
    assert_int_equal(record_write(r, make_run("r"), why, sizeof why), -1);
    assert_says("No space left on device");
    assert_says("/dev/full");
    record_close(r, why, sizeof why);
}

/* A limit on the file's size stops a write in mid-line, as a full disk does. In a child: the limit
 * cannot be undone. */
static int write_beyond_limit(const char *path) {
    struct record *r = record_open_file(path, why, sizeof why);
    struct rlimit limit = {700, 700};
    signal(SIGXFSZ, SIG_IGN);
    if (!r || record_write(r, make_run("r"), why, sizeof why) || setrlimit(RLIMIT_FSIZE, &limit))
        return 2;
    for (int i = 0; i < 9; i++)
        if (record_write(r, make_skip("r"), why, sizeof why))
            return strstr(why, "the lines before it are complete") && !record_close(r, NULL, 0) ? 0
                                                                                                : 3;
    return 4;
}

static void half_a_line_is_cut_off_and_finished_lines_stay(void **state) {
    (void)state;
    int status;
    pid_t child = fork();
    if (child == 0) _exit(write_beyond_limit(below("out")));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);

    json_t *line;
    enum reading reading;
    size_t count = 0;
    struct reader *reader = reader_open(below("out"), why, sizeof why);
    while ((reading = reader_next(reader, &line, why, sizeof why)) == READ_LINE) {
        json_decref(line);
        count++;
    }
    reader_close(reader);
    assert_int_equal(reading, READ_END);
    assert_true(count > 3);
}

static void finished_lines_survive_kill_9(void **state) {
    (void)state;
    int status;
    pid_t child = fork();
    if (child == 0) {
        struct record *r = record_open_file(below("out"), why, sizeof why);
        record_write(r, make_run("r"), why, sizeof why);
        raise(SIGKILL);
    }
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status));
    json_t *line;
    struct reader *reader = reader_open(below("out"), why, sizeof why);
    assert_int_equal(reader_next(reader, &line, why, sizeof why), READ_LINE);
    json_decref(line);
    reader_close(reader);
}

static void a_folder_that_cannot_be_made_is_named(void **state) {
    (void)state;
    assert_null(record_open("/proc/nowhere/results", "box", 0, why, sizeof why));
    assert_says("/proc/nowhere/results");
    assert_says("--out");
}

static void a_folder_that_is_a_file_is_an_error(void **state) {
    (void)state;
    put("results", "");
    assert_null(record_open(below("results"), "box", 0, why, sizeof why));
    assert_says("Not a directory");
}

static void a_file_with_half_a_line_is_not_appended_to(void **state) {
    (void)state;
    put("out", "{\"type\":");
    assert_null(record_open_file(below("out"), why, sizeof why));
    assert_says("half a line");
    assert_string_equal(contents(below("out")), "{\"type\":");
}

static void a_path_that_is_a_folder_is_an_error(void **state) {
    (void)state;
    assert_null(record_open_file(folder, why, sizeof why));
    assert_says("Is a directory");
    assert_null(reader_open(folder, why, sizeof why));
    assert_says("Is a directory");
}

/* --- Reading ---------------------------------------------------------------------------------- */

/* Reads `text` and expects line `number` to be bad for that reason, and all others to be good. */
static void assert_bad_line(const char *text, size_t number, const char *reason) {
    char place[32];
    json_t *line;
    put("in", text);
    struct reader *reader = reader_open(below("in"), why, sizeof why);
    enum reading reading;
    for (size_t i = 1; (reading = reader_next(reader, &line, why, sizeof why)) != READ_END; i++) {
        if (reading == READ_LINE) json_decref(line);
        if (reading != (i == number ? READ_BAD : READ_LINE)) fail_msg("line %zu: %s", i, why);
        if (i != number) continue;
        snprintf(place, sizeof place, "/in:%zu: ", number);
        if (!strstr(why, place) || !strstr(why, reason)) fail_msg("%s", why);
        number = 0;
    }
    assert_int_equal(number, 0);
    reader_close(reader);
}

#define RUN                                                                                        \
    "{\"type\":\"run\",\"schema\":1,\"run\":\"r\",\"time\":\"2026-01-31T12:00:00Z\",\"commit\":"   \
    "null,\"seed\":1,\"env\":{},\"clock\":{\"source\":\"x\"}}\n"
#define SKIP "{\"type\":\"skip\",\"run\":\"r\",\"what\":\"a\",\"reason\":\"b\"}\n"

static void a_truncated_last_line_is_reported_and_the_rest_is_read(void **state) {
    (void)state;
    assert_bad_line(RUN SKIP "{\"type\":\"sk", 3, "truncated");
}

static void a_line_that_is_not_json_is_reported_and_the_rest_is_read(void **state) {
    (void)state;
    assert_bad_line(RUN "hello\n" SKIP, 2, "not JSON");
    assert_bad_line(RUN "\n" SKIP, 2, "not JSON");
}

static void a_foreign_line_is_reported(void **state) {
    (void)state;
    assert_bad_line(RUN "{\"name\":\"other\"}\n", 2, "not a line of a switchlab record");
}

static void a_record_of_another_schema_is_reported(void **state) {
    (void)state;
    assert_bad_line("{\"type\":\"run\",\"schema\":9,\"run\":\"r\",\"time\":\"2026-01-31T12:00:"
                    "00Z\",\"commit\":null,\"seed\":1,"
                    "\"env\":{},\"clock\":{\"source\":\"x\"}}\n",
                    1, "schema is 9");
}

static void a_line_without_its_run_is_reported(void **state) {
    (void)state;
    assert_bad_line(SKIP RUN SKIP, 1, "no line before it describes its run r");
}

static void a_run_that_comes_twice_is_reported(void **state) {
    (void)state;
    assert_bad_line(RUN RUN, 2, "was there before");
}

static void a_file_that_is_not_there_is_named(void **state) {
    (void)state;
    assert_null(reader_open(below("none"), why, sizeof why));
    assert_says("/none: No such file or directory");
}

#define with_folder(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_every_type_are_valid),
        cmocka_unit_test(what_is_no_line_is_invalid),
        cmocka_unit_test(every_required_field_is_missed),
        cmocka_unit_test(every_field_of_the_wrong_type_is_noticed),
        cmocka_unit_test(a_value_outside_its_list_is_named_with_the_list),
        cmocka_unit_test(another_schema_is_refused),
        cmocka_unit_test(a_time_that_is_not_utc_is_refused),
        cmocka_unit_test(a_failed_check_has_no_figures),
        cmocka_unit_test(a_passed_check_has_figures),
        cmocka_unit_test(a_failed_check_says_why),
        cmocka_unit_test(a_passed_check_has_corrupted_nothing),
        cmocka_unit_test(a_value_outside_its_interval_is_refused),
        cmocka_unit_test(a_count_is_exact),
        cmocka_unit_test(a_measured_figure_keeps_all_its_samples),
        cmocka_unit_test(what_is_set_aside_has_its_places),
        cmocka_unit_test(a_map_agrees_with_its_cells),
        cmocka_unit_test(fields_it_does_not_know_are_allowed),
        cmocka_unit_test(a_figure_that_is_not_finite_is_never_built),
        cmocka_unit_test(runs_of_the_same_second_have_different_names),
        with_folder(a_record_is_named_after_host_and_time),
        with_folder(latest_points_to_the_record_once_it_has_a_line),
        with_folder(a_file_that_the_user_names_is_appended_to),
        with_folder(what_was_written_is_read_back),
        with_folder(an_invalid_line_is_not_written),
        with_folder(a_full_disk_is_an_error_with_its_reason),
        with_folder(half_a_line_is_cut_off_and_finished_lines_stay),
        with_folder(finished_lines_survive_kill_9),
        with_folder(a_folder_that_cannot_be_made_is_named),
        with_folder(a_folder_that_is_a_file_is_an_error),
        with_folder(a_file_with_half_a_line_is_not_appended_to),
        with_folder(a_path_that_is_a_folder_is_an_error),
        with_folder(a_truncated_last_line_is_reported_and_the_rest_is_read),
        with_folder(a_line_that_is_not_json_is_reported_and_the_rest_is_read),
        with_folder(a_foreign_line_is_reported),
        with_folder(a_record_of_another_schema_is_reported),
        with_folder(a_line_without_its_run_is_reported),
        with_folder(a_run_that_comes_twice_is_reported),
        with_folder(a_file_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
