/* test_curves.c: cost against a parameter, as tables and tab-separated; and the table of transfers.
 */
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

static void add(json_t *line) {
    char why[RECORD_WHY] = "";
    if (record_write(record, line, why, sizeof why)) fail_msg("%s", why);
}

static int setup(void **state) {
    char why[RECORD_WHY];
    (void)state;
    folder = make_folder();
    snprintf(path, sizeof path, "%s/record", folder);
    record = record_open_file(path, why, sizeof why);
    return record && !record_write(record, make_run("r"), why, sizeof why) ? 0 : -1;
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

static int shown(const char *view, const char *table) {
    size_t size;
    free(out);
    free(err);
    FILE *o = open_memstream(&out, &size), *e = open_memstream(&err, &size);
    int status = table ? show_tsv(path, table, o, e)
                       : show(path, &(struct show_options){.view = view}, o, e);
    fclose(o);
    fclose(e);
    return status;
}

#define assert_shows(text)                                                                         \
    do {                                                                                           \
        if (!strstr(out, text)) fail_msg("\"%s\" is not in:\n%s", text, out);                      \
    } while (0)

static json_t *point(json_t *line, const char *experiment, json_t *params) {
    json_object_set_new(line, "experiment", json_string(experiment));
    json_object_set_new(line, "params", params);
    return line;
}

static void add_contexts(const char *switcher, const char *stacks, int n, double ns) {
    json_t *line = make_result("r", switcher, switcher, ns, 9);
    json_object_set_new(json_object_get(line, "metrics"), "ns",
                        make_metric(ns, ns - 1, ns + 1, 9, "measured"));
    json_object_set(json_object_get(line, "samples"), "ns",
                    json_object_get(json_object_get(line, "samples"), "cycles"));
    add(point(line, "contexts",
              json_pack("{s:s, s:s, s:s, s:i, s:i}", "order", "ring", "stacks", stacks, "pages",
                        "small", "prefetch", 0, "contexts", n)));
}

static void a_curve_is_a_row_and_a_value_a_column_by_size(void **state) {
    (void)state;
    for (int n = 4096; n > 1; n /= 16)
        add_contexts("pip", "page", n, 100 + n);
    assert_int_equal(shown("contexts", NULL), 0);
    assert_shows(" 16 256           4096\n");
    assert_shows("ring  page   small 0        pip      jmp");
    assert_shows(" 116 356           4196");
}

static void the_best_is_compared_with_the_reference(void **state) {
    (void)state;
    for (int n = 64; n <= 4096; n *= 64) {
        add_contexts("pip", "page", n, 400);
        add_contexts("pip", "packed", n, 100);
        add_contexts("pip", "coloured", n, 200);
    }
    shown("contexts", NULL);
    assert_shows("contexts 4096, order ring, pip: stacks packed, pages small, prefetch 0 is 4.00 "
                 "times faster");
}

static void a_failed_point_is_named_with_its_reason(void **state) {
    (void)state;
    json_t *failed = make_failure("r", "pip", "pip", "a value was lost");
    add(point(failed, "sites",
              json_pack("{s:s, s:s, s:i}", "targets", "random", "align", "none", "sites", 8)));
    assert_int_equal(shown("sites", NULL), 1);
    assert_shows("FAILED");
    assert_shows("a value was lost");
}

static void a_skipped_point_is_no_failure(void **state) {
    (void)state;
    json_t *line = make_failure("r", "pip", "pip", "too few huge pages");
    json_object_set_new(line, "check",
                        json_pack("{s:s, s:i, s:[], s:s}", "status", "skip", "registers", 0,
                                  "corrupted", "reason", "too few huge pages"));
    add(point(line, "sites",
              json_pack("{s:s, s:s, s:i}", "targets", "random", "align", "none", "sites", 8)));
    assert_int_equal(shown("sites", NULL), 0);
    assert_shows("skipped: too few huge pages");
}

static void one_metric_for_a_table(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        json_t *line = make_result("r", i ? "pip" : "full", i ? "pip" : "full", 50, 9);
        json_t *metrics = json_object_get(line, "metrics");
        json_object_set_new(metrics, "ns", make_metric(7, 6, 8, 9, "measured"));
        json_object_set(json_object_get(line, "samples"), "ns",
                        json_object_get(json_object_get(line, "samples"), "cycles"));
        if (i) json_object_del(metrics, "cycles");
        add(point(line, "sites",
                  json_pack("{s:s, s:s, s:i}", "targets", "random", "align", "none", "sites", 8)));
    }
    shown("sites", NULL);
    assert_shows("measured ns");
    assert_null(strstr(out, "50.0"));
}

static void what_a_probe_adds_is_a_column(void **state) {
    (void)state;
    static const char *const values[] = {"on", "off"};
    for (int i = 0; i < 2; i++) {
        json_t *line = make_result("r", "scratch", "scratch", i ? 10 : 40, 9);
        json_object_set_new(json_object_get(line, "metrics"), "loads",
                            make_metric(i ? 1 : 15, i ? 1 : 15, i ? 1 : 15, 1, "counted"));
        add(point(line, "probe", json_pack("{s:s}", "probe", values[i])));
    }
    assert_int_equal(shown("probe", NULL), 0);
    assert_shows("added by on");
    assert_shows("30.0 [");
    assert_shows(" 14 ");
}

static void tsv_has_the_parameters_of_the_experiment(void **state) {
    (void)state;
    add_contexts("pip", "page", 2, 10);
    assert_int_equal(shown(NULL, "contexts"), 0);
    assert_shows("order\tstacks\tpages\tprefetch\tcontexts\tcheck");
    assert_shows("ring\tpage\tsmall\t0\t2\tpass");
}

static void the_same_save_set_by_jmp_and_ret_is_a_pair(void **state) {
    (void)state;
    add(make_result("r", "scratch", "scratch", 10, 9));
    json_t *ret = make_result("r", "scratch", "scratch", 30, 9);
    json_object_set_new(ret, "transfer", json_string("ret"));
    add(ret);
    add(make_result("r", "alone", "full", 30, 9));
    assert_int_equal(shown("transfer", NULL), 0);
    assert_shows("scratch  scratch none  cycles 10.0 30.0 20.0 [");
    assert_null(strstr(out, "alone"));
}

#define with_record(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        with_record(a_curve_is_a_row_and_a_value_a_column_by_size),
        with_record(the_best_is_compared_with_the_reference),
        with_record(a_failed_point_is_named_with_its_reason),
        with_record(a_skipped_point_is_no_failure),
        with_record(one_metric_for_a_table),
        with_record(what_a_probe_adds_is_a_column),
        with_record(tsv_has_the_parameters_of_the_experiment),
        with_record(the_same_save_set_by_jmp_and_ret_is_a_pair),
    };
    return cmocka_run_group_tests_name("curves", tests, NULL, NULL);
}
