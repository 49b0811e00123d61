/* test_show.c: tables and TSV say what the record says, no more and no wider. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs those first */
#include <cmocka.h>
#include <string.h>

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

/* Adds a result with another text in one of its fields. */
static void add_with(json_t *line, const char *field, const char *text) {
    json_object_set_new(line, field, json_string(text));
    add(line);
}

static void add_pressure(const char *switcher, const char *kind, int live, double cost) {
    json_t *line = make_result("r", switcher, kind, cost, 9);
    json_object_set_new(line, "params",
                        json_pack("{s:i, s:s, s:s}", "live", live, "file", "int", "use", "used"));
    add_with(line, "experiment", "pressure");
}

/* Both streams are kept for looking at. table: NULL for show(), else for show_tsv(). */
static int shown(const struct show_options *options, const char *table) {
    size_t size;
    free(out);
    free(err);
    FILE *o = open_memstream(&out, &size), *e = open_memstream(&err, &size);
    int status = table ? show_tsv(path, table, o, e) : show(path, options, o, e);
    fclose(o);
    fclose(e);
    return status;
}

static int shown_view(const char *view) {
    return shown(&(struct show_options){view, NULL}, NULL);
}

/* White space of any length counts as one space, so that a test does not depend on widths. */
static void assert_shows(const char *want) {
    char *squeezed = strdup(out), *to = squeezed;
    for (char *from = squeezed; *from; from++) {
        if (*from == '\n') *from = ' ';
        if (*from != ' ' || to == squeezed || to[-1] != ' ') *to++ = *from;
    }
    *to = '\0';
    bool found = strstr(squeezed, want) != NULL;
    free(squeezed);
    if (!found) fail_msg("\"%s\" is not in:\n%s", want, out);
}

static void assert_order(const char *first, const char *second) {
    const char *a = strstr(out, first), *b = strstr(out, second);
    if (!a || !b || a >= b)
        fail_msg("\"%s\" does not stand before \"%s\" in:\n%s", first, second, out);
}

/* --- pingpong --------------------------------------------------------------------------------- */

static void a_row_has_the_median_and_its_interval(void **state) {
    (void)state;
    add(make_run("r"));
    add(make_result("r", "pip", "pip", 3, 9));
    assert_int_equal(shown_view("pingpong"), 0);
    assert_shows("pip pip jmp none 3.00 [2.00, 4.00]? - - - - - - pass");
    assert_shows("? unstable");
}

static void rows_are_sorted_by_kind_then_cost(void **state) {
    (void)state;
    add(make_run("r"));
    add(make_result("r", "peer-one", "peer", 30, 9));
    add(make_result("r", "full-one", "full", 19, 9));
    add(make_result("r", "scratch-slow", "scratch", 25, 9));
    add(make_result("r", "scratch-fast", "scratch", 14, 9));
    add(make_result("r", "pip-one", "pip", 90, 9));
    shown_view("pingpong");
    assert_order("pip-one", "scratch-fast");
    assert_order("scratch-fast", "scratch-slow");
    assert_order("scratch-slow", "full-one");
    assert_order("full-one", "peer-one");
}

static void a_failed_switcher_has_its_reason_in_place_of_figures(void **state) {
    (void)state;
    add(make_run("r"));
    add(make_failure("r", "pip", "pip", "the switch lost a register"));
    assert_int_equal(shown_view("pingpong"), 1);
    assert_shows("pip pip jmp none FAILED: the switch lost a register; corrupted: rbx");
}

static void a_skipped_switcher_says_why_and_is_no_failure(void **state) {
    (void)state;
    json_t *line = make_failure("r", "full+zmm", "full", "this CPU has no AVX-512");
    json_object_set_new(json_object_get(line, "check"), "status", json_string("skip"));
    json_array_clear(json_object_get(json_object_get(line, "check"), "corrupted"));
    add(make_run("r"));
    add(line);
    assert_int_equal(shown_view("pingpong"), 0);
    assert_shows("skipped: this CPU has no AVX-512");
}

static void the_method_stands_above_its_columns(void **state) {
    (void)state;
    json_t *line = make_result("r", "pip", "pip", 3, 9);
    json_object_set_new(json_object_get(line, "metrics"), "instructions", record_count(10.5, "1"));
    json_object_set_new(json_object_get(line, "metrics"), "loads", record_count(3, "1"));
    add(make_run("r"));
    add(line);
    shown_view("pingpong");
    assert_order("measured", "counted");
    assert_order("counted", "cycles");
    assert_shows(" 10.5 3 ");
}

static void a_column_of_two_methods_is_mixed_and_marks_the_odd_one(void **state) {
    (void)state;
    json_t *modelled = make_result("r", "model", "pip", 3, 9);
    json_object_set_new(json_object_get(modelled, "metrics"), "cycles",
                        make_metric(4, 4, 4, 1, "modelled"));
    add(make_run("r"));
    add(make_result("r", "pip", "pip", 3, 9));
    add(modelled);
    shown_view("pingpong");
    assert_shows("mixed");
    assert_shows("model pip jmp none ~4.00");
    assert_shows("~ modelled");
}

/* Adds a result of half as many nanoseconds as cycles, or of nanoseconds alone. */
static void add_timed(json_t *line, const json_t *half, bool cycles) {
    static const char *const parts[] = {"metrics", "samples"};
    for (int i = 0; i < 2; i++) {
        json_t *part = json_object_get(line, parts[i]);
        json_object_set(part, "ns", json_object_get(json_object_get(half, parts[i]), "cycles"));
        if (!cycles) json_object_del(part, "cycles");
    }
    add(line);
}

static void a_cost_without_cycles_says_so_and_rows_are_sorted_by_what_all_have(void **state) {
    (void)state;
    json_t *half = make_result("r", "-", "-", 50, 9), *less = make_result("r", "-", "-", 40, 9);
    add(make_run("r"));
    add_timed(make_result("r", "a", "pip", 100, 9), half, true);
    add_timed(make_result("r", "b", "pip", 200, 9), less, false);
    json_decref(half);
    json_decref(less);
    shown_view("pingpong");
    assert_shows("b pip jmp none ns [39.0, 41.0] 40.0");
    assert_shows("a pip jmp none 100 [99.0, 101] 50.0");
    assert_order("\nb ", "\na ");
}

static void a_mask_is_part_of_the_name(void **state) {
    (void)state;
    add(make_run("r"));
    add_with(make_result("r", "pip", "pip", 3, 9), "mask", "rseq");
    shown_view("pingpong");
    assert_shows("pip/rseq pip");
}

static void too_few_processes_are_marked(void **state) {
    (void)state;
    add(make_run("r"));
    add(make_result("r", "pip", "pip", 100, 3));
    shown_view("pingpong");
    assert_shows("[99.0, 101]!");
    assert_shows("! too few processes for 95%");
}

static void outliers_are_marked_and_kept(void **state) {
    (void)state;
    json_t *line = make_result("r", "pip", "pip", 100, 9);
    json_array_set_new(json_object_get(json_object_get(line, "samples"), "cycles"), 8,
                       json_real(900));
    add(make_run("r"));
    add(line);
    shown_view("pingpong");
    assert_shows("[99.0, 101]*");
}

static void an_outlier_within_a_hundredth_is_not_marked(void **state) {
    (void)state;
    json_t *line = make_result("r", "pip", "pip", 100, 9), *samples = json_array();
    for (int i = 0; i < 9; i++)
        json_array_append_new(samples, json_real(i ? 100 : 100.9));
    json_object_set_new(json_object_get(line, "samples"), "cycles", samples);
    add(make_run("r"));
    add(line);
    shown_view("pingpong");
    assert_null(strchr(out, '*'));
}

static void engines_have_tables_of_their_own(void **state) {
    (void)state;
    add(make_run("r"));
    add(make_result("r", "pip", "pip", 3, 9));
    add_with(make_result("r", "pip", "pip", 5, 9), "engine", "simple");
    shown_view("pingpong");
    assert_shows("toy on native");
    assert_shows("toy on simple");
}

static void no_line_is_wider_than_the_screen(void **state) {
    (void)state;
    char name[101];
    memset(name, 'x', 100);
    name[100] = '\0';
    add(make_run("r"));
    add(make_result("r", name, "peer", 123456789, 9));
    add(make_failure("r", name, "full", name));
    add(make_result("r", "pip", "pip", 3, 9));
    add_pressure(name, "full", 3, 1e6);
    add_pressure("pip", "pip", 3, 3);
    shown_view(NULL);
    for (char *line = strtok(out, "\n"); line; line = strtok(NULL, "\n"))
        if (strlen(line) > SHOW_COLUMNS) fail_msg("%zu: %s", strlen(line), line);
}

/* --- ratios ----------------------------------------------------------------------------------- */

static void ratios_refer_to_the_baseline_and_the_best_of_each_kind(void **state) {
    (void)state;
    add(make_run("r"));
    add(make_result("r", "pip", "pip", 100, 9));
    add(make_result("r", "boost", "peer", 700, 9));
    add(make_result("r", "quick", "peer", 200, 9));
    shown(&(struct show_options){"ratios", "boost"}, NULL);
    assert_shows("boost jmp");
    assert_shows("pip pip jmp 7.00 [6.9");
    shown_view("ratios");
    assert_shows("quick jmp");
    assert_shows("boost peer jmp 0.29 [");
}

static void a_ratio_below_a_tenth_is_one_over(void **state) {
    (void)state;
    add(make_run("r"));
    add(make_result("r", "pip", "pip", 1000, 9));
    add(make_result("r", "pipe", "peer", 50000, 9));
    shown_view("ratios");
    assert_shows("pipe peer jmp = 1/50.0 [1/50.0, 1/50.0]");
}

/* --- pressure --------------------------------------------------------------------------------- */

static void add_crossing_pair(void) {
    add(make_run("r"));
    for (int live = 0; live <= 15; live += 3) {
        add_pressure("pip", "pip", live, 101 + 10 * live);
        add_pressure("scratch", "scratch", live, 191);
    }
}

static void the_crossover_is_stated_with_its_uncertainty(void **state) {
    (void)state;
    add_crossing_pair();
    assert_int_equal(shown_view("pressure"), 0);
    assert_shows(
        "pip jmp costs less than scratch jmp up to 9.0 live values (95%: between 8.9 and 9.1)");
}

static void kinds_that_never_meet_are_said_to(void **state) {
    (void)state;
    add(make_run("r"));
    for (int live = 0; live < 3; live++) {
        add_pressure("pip", "pip", live, 3 + live);
        add_pressure("full", "full", live, 90);
    }
    shown_view("pressure");
    assert_shows("int, used, at every count: pip < full (jmp)");
}

static void a_curve_of_many_points_shows_some_of_them(void **state) {
    (void)state;
    add(make_run("r"));
    for (int live = 0; live <= 15; live++)
        add_pressure("pip", "pip", live, 100 + live);
    shown_view("pressure");
    assert_shows("via unit 0 1 4 6 8 12 15 int used pip jmp cycles 100 101 104 106 108 112 115 ");
}

static void a_curve_has_one_unit(void **state) {
    (void)state;
    add(make_run("r"));
    for (int live = 0; live < 2; live++) {
        json_t *line = make_result("r", "pip", "pip", 100, 9),
               *half = make_result("r", "-", "-", 50, 9);
        json_object_set_new(
            line, "params",
            json_pack("{s:i, s:s, s:s}", "live", live, "file", "int", "use", "used"));
        json_object_set_new(line, "experiment", json_string("pressure"));
        add_timed(line, half, live == 0);
        json_decref(half);
    }
    shown_view("pressure");
    assert_shows("int used pip jmp ns 50.0 50.0");
}

static void a_failed_cell_of_a_curve_is_named(void **state) {
    (void)state;
    add_crossing_pair();
    json_t *line = make_failure("r", "pip", "pip", "value 2 was lost");
    json_object_set_new(line, "params",
                        json_pack("{s:i, s:s, s:s}", "live", 4, "file", "int", "use", "used"));
    add_with(line, "experiment", "pressure");
    assert_int_equal(shown_view("pressure"), 1);
    assert_shows("int, used, pip jmp: FAILED with 4 live: value 2 was lost");
}

static void failures_of_one_reason_share_a_line(void **state) {
    (void)state;
    add(make_run("r"));
    for (int live = 2; live < 5; live++) {
        json_t *line = make_failure("r", "pip", "pip", "it hung");
        json_object_set_new(
            line, "params",
            json_pack("{s:i, s:s, s:s}", "live", live, "file", "int", "use", "used"));
        add_with(line, "experiment", "pressure");
        add_pressure("full", "full", live, 5);
    }
    assert_int_equal(shown_view("pressure"), 1);
    assert_shows("int, used, pip jmp: FAILED with 2, 3, 4 live: it hung");
    assert_shows("int, used, at every count: too few figures to compare");
}

/* --- maps, skips, errors ---------------------------------------------------------------------- */

static void a_map_counts_out_of_its_boundaries(void **state) {
    (void)state;
    add(make_run("r"));
    add_with(make_map("r"), "experiment", "interruption");
    assert_int_equal(shown_view("maps"), 0);
    assert_shows("pip pip none save 1 1 of 4 0 0");
}

static void a_map_without_an_experiment_is_shown_as_of_interrupts(void **state) {
    (void)state;
    add(make_run("r"));
    add(make_map("r"));
    assert_int_equal(shown_view("maps"), 0);
    assert_shows("An interrupt at every boundary, toy on simple");
    assert_shows("pip pip none save 1 1 of 4 0 0");
    assert_int_equal(shown(NULL, "cells"), 0);
    assert_shows("simple\tpip\tpip\t-\t2\tcorrupted\t-");
}

static void a_forced_switch_has_a_table_of_its_own(void **state) {
    (void)state;
    add(make_run("r"));
    add_with(make_map("r"), "experiment", "anywhere");
    assert_int_equal(shown_view("maps"), 0);
    assert_shows("A switch forced at every instruction of a victim, toy on simple");
    assert_int_equal(shown(NULL, "cells"), 2);
}

static void skips_are_listed(void **state) {
    (void)state;
    add(make_run("r"));
    add(make_map("r"));
    add(make_skip("r"));
    shown_view(NULL);
    assert_shows("full+zmm: this CPU has no AVX-512");
}

static void a_view_that_does_not_exist_is_wrong_use(void **state) {
    (void)state;
    add(make_run("r"));
    assert_int_equal(shown_view("speed"), 2);
    assert_non_null(strstr(err, "there are pingpong, ratios, "));
}

static void a_record_without_results_is_wrong_use(void **state) {
    (void)state;
    add(make_run("r"));
    assert_int_equal(shown_view("pingpong"), 2);
    assert_non_null(strstr(err, "holds no pingpong"));
}

static void a_bad_line_is_reported_and_the_rest_is_shown(void **state) {
    (void)state;
    add(make_run("r"));
    add(make_result("r", "pip", "pip", 3, 9));
    FILE *f = fopen(path, "a");
    fputs("{\"type\":\"resu", f);
    fclose(f);
    assert_int_equal(shown_view("pingpong"), 1);
    assert_non_null(strstr(err, "/record:3: the line is truncated"));
    assert_shows("pip pip jmp");
}

static void a_record_that_is_not_there_is_wrong_use(void **state) {
    (void)state;
    strcat(path, "-not-there");
    assert_int_equal(shown_view(NULL), 2);
    assert_int_equal(shown(NULL, "pingpong"), 2);
    assert_non_null(strstr(err, "-not-there: No such file"));
}

/* --- TSV -------------------------------------------------------------------------------------- */

/* The cell of a column in a row, counted from 1. */
static const char *cell(const char *column, int row) {
    static char text[256];
    char *copy = strdup(out), *rest = copy, *line = strsep(&rest, "\n"), *name;
    int index = 0, found = -1;
    for (; (name = strsep(&line, "\t")); index++)
        if (!strcmp(name, column)) found = index;
    assert_true(found >= 0);
    while (row--)
        line = strsep(&rest, "\n");
    while (found-- >= 0)
        name = strsep(&line, "\t");
    snprintf(text, sizeof text, "%s", name);
    free(copy);
    return text;
}

static void tsv_has_a_row_for_each_result(void **state) {
    (void)state;
    add(make_run("r"));
    add(make_result("r", "pip", "pip", 3, 9));
    add(make_failure("r", "full", "full", "lost rbx"));
    assert_int_equal(shown(NULL, "pingpong"), 0);
    assert_string_equal(cell("switcher", 1), "pip");
    assert_string_equal(cell("cycles", 1), "3");
    assert_string_equal(cell("cycles_lo", 1), "2");
    assert_string_equal(cell("cycles_method", 1), "measured");
    assert_string_equal(cell("ns", 1), "-");
    assert_string_equal(cell("check", 2), "fail");
    assert_string_equal(cell("cycles", 2), "-");
}

static void tsv_rows_have_as_many_cells_as_the_header(void **state) {
    (void)state;
    add_crossing_pair();
    static const char *const tables[] = {"pressure", "crossover"};
    for (int i = 0; i < 2; i++) {
        size_t tabs[2] = {0}, row = 0;
        assert_int_equal(shown(NULL, tables[i]), 0);
        for (const char *c = out; *c; c++) {
            tabs[row > 0] += *c == '\t';
            row += *c == '\n';
        }
        assert_int_equal(tabs[0] * (row - 1), tabs[1]);
    }
}

static void tsv_of_crossovers_has_place_interval_and_cost(void **state) {
    (void)state;
    add_crossing_pair();
    shown(NULL, "crossover");
    assert_string_equal(cell("a", 1), "pip");
    assert_string_equal(cell("b_kind", 1), "scratch");
    assert_string_equal(cell("crosses", 1), "yes");
    assert_string_equal(cell("at", 1), "9");
    assert_string_equal(cell("cost", 1), "191");
}

/* --- counts ----------------------------------------------------------------------------------- */

/* a counted cell with modelled cycles: `issue` of them issue, the rest waits */
static json_t *make_counted(const char *params, double cycles, double issue) {
    json_t *line = make_result("r", "pip", "pip", 1, 9);
    json_t *metrics = json_object();
    json_object_set_new(metrics, "instructions", make_metric(7, 7, 7, 1, "counted"));
    json_object_set_new(metrics, "bytes",
                        make_metric(8 * cycles, 8 * cycles, 8 * cycles, 1, "counted"));
    json_object_set_new(metrics, "cycles", make_metric(cycles, cycles, cycles, 1, "modelled"));
    json_object_set_new(metrics, "cycles.save", make_metric(cycles, cycles, cycles, 1, "modelled"));
    json_object_set_new(metrics, "issue", make_metric(issue, issue, issue, 1, "modelled"));
    json_object_set_new(metrics, "UNIT.PORT",
                        make_metric(cycles - issue, cycles - issue, cycles - issue, 1, "modelled"));
    json_object_set_new(line, "experiment", json_string("worldswitch"));
    json_object_set_new(line, "params", json_loads(params, 0, NULL));
    json_object_set_new(line, "metrics", metrics);
    json_object_set_new(line, "samples", json_object());
    return line;
}

static void modelled_cycles_are_broken_down_by_part_and_by_cause(void **state) {
    (void)state;
    add(make_run("r"));
    add(make_counted("{\"direction\": \"out\"}", 31, 20));
    assert_int_equal(shown_view("counts"), 0);
    assert_shows("switcher save cycles pip 31 31");
    assert_shows("switcher issue PORT cycles pip 20 11 31");
}

static void each_number_and_each_choice_of_words_is_a_curve(void **state) {
    (void)state;
    add(make_run("r"));
    add(make_counted("{\"stacked\": 0}", 10, 5));
    add(make_counted("{\"stacked\": 8}", 11, 5));
    add(make_counted("{\"fp\": 0, \"guest\": \"idle\"}", 12, 5));
    add(make_counted("{\"fp\": 4, \"guest\": \"idle\"}", 13, 5));
    add(make_counted("{\"fp\": 0, \"guest\": \"busy\"}", 14, 5));
    assert_int_equal(shown_view("counts"), 0);
    assert_shows("switcher 0 8 pip 10 11");
    assert_shows("cycles against fp, guest idle, toy on native switcher 0 4 pip 12 13");
    assert_shows("cycles against fp, guest busy, toy on native switcher 0 pip 14");
}

/* --- machines --------------------------------------------------------------------------------- */

static void machines_stand_side_by_side_and_are_not_put_together(void **state) {
    char other[300], why[RECORD_WHY];
    (void)state;
    add(make_run("r"));
    add(make_result("r", "pip", "pip", 3, 9));
    snprintf(other, sizeof other, "%s-other", path);
    struct record *second = record_open_file(other, why, sizeof why);
    record_write(second, make_run("s"), why, sizeof why);
    record_write(second, make_result("s", "scratch", "scratch", 20, 9), why, sizeof why);
    record_write(second, make_result("s", "pip", "pip", 5, 9), why, sizeof why);
    record_close(second, NULL, 0);
    const char *const files[] = {path, other};
    size_t size;
    FILE *o = open_memstream(&out, &size), *e = open_memstream(&err, &size);
    int status = show_machines(files, 2, o, e);
    fclose(o);
    fclose(e);
    remove(other);
    assert_int_equal(status, 0);
    assert_shows("pip jmp pip none 3.00 5.00");
    assert_shows("scratch jmp scratch none - 20.0");
}

static void tsv_of_an_unknown_table_is_wrong_use(void **state) {
    (void)state;
    add(make_run("r"));
    add(make_result("r", "pip", "pip", 3, 9));
    assert_int_equal(shown(NULL, "pressure"), 2);
    assert_non_null(strstr(err, "holds no results of pressure"));
}

#define with_record(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        with_record(modelled_cycles_are_broken_down_by_part_and_by_cause),
        with_record(each_number_and_each_choice_of_words_is_a_curve),
        with_record(machines_stand_side_by_side_and_are_not_put_together),
        with_record(a_row_has_the_median_and_its_interval),
        with_record(rows_are_sorted_by_kind_then_cost),
        with_record(a_failed_switcher_has_its_reason_in_place_of_figures),
        with_record(a_skipped_switcher_says_why_and_is_no_failure),
        with_record(the_method_stands_above_its_columns),
        with_record(a_column_of_two_methods_is_mixed_and_marks_the_odd_one),
        with_record(a_cost_without_cycles_says_so_and_rows_are_sorted_by_what_all_have),
        with_record(a_mask_is_part_of_the_name),
        with_record(too_few_processes_are_marked),
        with_record(outliers_are_marked_and_kept),
        with_record(an_outlier_within_a_hundredth_is_not_marked),
        with_record(engines_have_tables_of_their_own),
        with_record(no_line_is_wider_than_the_screen),
        with_record(ratios_refer_to_the_baseline_and_the_best_of_each_kind),
        with_record(a_ratio_below_a_tenth_is_one_over),
        with_record(the_crossover_is_stated_with_its_uncertainty),
        with_record(kinds_that_never_meet_are_said_to),
        with_record(a_curve_of_many_points_shows_some_of_them),
        with_record(a_curve_has_one_unit),
        with_record(a_failed_cell_of_a_curve_is_named),
        with_record(failures_of_one_reason_share_a_line),
        with_record(a_map_counts_out_of_its_boundaries),
        with_record(a_map_without_an_experiment_is_shown_as_of_interrupts),
        with_record(a_forced_switch_has_a_table_of_its_own),
        with_record(skips_are_listed),
        with_record(a_view_that_does_not_exist_is_wrong_use),
        with_record(a_record_without_results_is_wrong_use),
        with_record(a_bad_line_is_reported_and_the_rest_is_shown),
        with_record(a_record_that_is_not_there_is_wrong_use),
        with_record(tsv_has_a_row_for_each_result),
        with_record(tsv_rows_have_as_many_cells_as_the_header),
        with_record(tsv_of_crossovers_has_place_interval_and_cost),
        with_record(tsv_of_an_unknown_table_is_wrong_use),
    };
    return cmocka_run_group_tests_name("show", tests, NULL, NULL);
}
