/* test_plot.c: plot.sh draws what a record holds and says plainly what it cannot. Run from the top
 * of the tree, once build/switchlab is built. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs those first */
#include <cmocka.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "harness/record.h"
#include "tests/harness/lines.h"

static char *folder, path[256], said[8192];
static struct record *record;

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
    return 0;
}

static void add(json_t *line) {
    char why[RECORD_WHY] = "";
    if (record_write(record, line, why, sizeof why)) fail_msg("%s", why);
}

static void add_pressure(const char *switcher, const char *kind, const char *file, int live,
                         double cost) {
    json_t *line = make_result("r", switcher, kind, cost, 9);
    json_object_set_new(line, "params",
                        json_pack("{s:i, s:s, s:s}", "live", live, "file", file, "use", "used"));
    json_object_set_new(line, "experiment", json_string("pressure"));
    add(line);
}

/* Runs a shell command; its exit code, with all it says in `said`. */
static int run(const char *command) {
    char whole[1024];
    snprintf(whole, sizeof whole, "%s 2>&1", command);
    FILE *pipe = popen(whole, "r");
    assert_non_null(pipe);
    said[fread(said, 1, sizeof said - 1, pipe)] = '\0';
    return WEXITSTATUS(pclose(pipe));
}

static int plot(const char *environment) {
    char command[768];
    if (run("command -v gnuplot") || access("build/switchlab", X_OK)) skip();
    snprintf(command, sizeof command, "%s plots/plot.sh %s %s", environment, path, folder);
    return run(command);
}

static const char *drawing(const char *name) {
    static char text[262144];
    char full[512];
    snprintf(full, sizeof full, "%s/%s", folder, name);
    FILE *f = fopen(full, "r");
    if (!f) return "";
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    return text;
}

#define assert_says(what)                                                                          \
    do {                                                                                           \
        if (!strstr(said, what)) fail_msg("\"%s\" is not in: %s", what, said);                     \
    } while (0)

static void costs_are_drawn_in_both_formats_with_every_name(void **state) {
    (void)state;
    add(make_result("r", "pip", "pip", 3, 9));
    add(make_result("r", "boost", "peer", 20, 9));
    if (plot("")) fail_msg("%s", said);
    assert_non_null(strstr(drawing("cost.svg"), "boost"));
    assert_non_null(strstr(drawing("cost.svg"), "</svg>"));
    assert_int_equal(strncmp(drawing("cost.pdf"), "%PDF", 4), 0);
}

static void a_name_with_an_underscore_is_written_as_it_is(void **state) {
    (void)state;
    add(make_result("r", "a_b^c{d}", "pip", 3, 9));
    if (plot("")) fail_msg("%s", said);
    assert_non_null(strstr(drawing("cost.svg"), "a_b^c{d}"));
}

static void a_crossover_is_marked_with_its_place(void **state) {
    (void)state;
    for (int live = 0; live <= 15; live += 3) {
        add_pressure("pip", "pip", "int", live, 101 + 10 * live);
        add_pressure("scratch", "scratch", "int", live, 193);
    }
    if (plot("")) fail_msg("%s", said);
    assert_non_null(strstr(drawing("pressure.svg"), ">9.2<"));
}

static void two_files_have_two_panels(void **state) {
    (void)state;
    for (int live = 0; live < 3; live++) {
        add_pressure("pip", "pip", "int", live, 10 + live);
        add_pressure("pip", "pip", "vector", live, 20 + live);
    }
    if (plot("")) fail_msg("%s", said);
    assert_non_null(strstr(drawing("pressure.svg"), "live integer values"));
    assert_non_null(strstr(drawing("pressure.svg"), "live vector values"));
}

/* A result of another experiment, at a point of it. */
static void add_point(const char *experiment, const char *kind, json_t *params, double cost) {
    json_t *line = make_result("r", kind, kind, cost, 9),
           *metrics = json_object_get(line, "metrics");
    json_object_set(metrics, "ns", json_object_get(metrics, "cycles"));
    json_object_set(metrics, "bytes", json_object_get(metrics, "cycles"));
    json_object_set_new(line, "params", params);
    json_object_set_new(line, "experiment", json_string(experiment));
    json_t *samples = json_object_get(line, "samples");
    json_object_set(samples, "ns", json_object_get(samples, "cycles"));
    json_object_set(samples, "bytes", json_object_get(samples, "cycles"));
    add(line);
}

static void cost_against_a_parameter_is_drawn_for_each_experiment(void **state) {
    (void)state;
    static const char *const kinds[] = {"pip", "scratch", "full"},
                             *const halves[] = {"clean", "dirty"}, *const probes[] = {"off", "on"};
    for (int k = 0; k < 3; k++)
        for (int i = 0; i < 2; i++) {
            add_point("contexts", kinds[k],
                      json_pack("{s:s, s:s, s:s, s:i, s:i}", "order", "ring", "stacks", "page",
                                "pages", "small", "prefetch", 0, "contexts", 2 + 100 * i),
                      10 + k);
            add_point(
                "sites", kinds[k],
                json_pack("{s:s, s:s, s:i}", "targets", "in step", "align", "none", "sites", 1 + i),
                10 + k);
            add_point("state", kinds[k], json_pack("{s:s}", "upper", halves[i]), 10 + k);
            add_point("probe", kinds[k], json_pack("{s:s}", "probe", probes[i]), 10 + 10 * k * i);
        }
    if (plot("")) fail_msg("%s", said);
    static const char *const drawings[] = {"contexts.svg", "sites.svg", "state.svg", "probe.svg"};
    for (int i = 0; i < 4; i++) {
        if (!strstr(drawing(drawings[i]), "scratch")) fail_msg("%s has no scratch", drawings[i]);
        assert_non_null(strstr(drawing(drawings[i]), "</svg>"));
    }
}

static void a_failed_switcher_is_left_out(void **state) {
    (void)state;
    add(make_result("r", "pip", "pip", 3, 9));
    add(make_failure("r", "broken", "full", "lost rbx"));
    if (plot("")) fail_msg("%s", said);
    assert_null(strstr(drawing("cost.svg"), "broken"));
}

static void a_record_without_figures_is_an_error(void **state) {
    (void)state;
    add(make_failure("r", "broken", "full", "lost rbx"));
    assert_int_equal(plot(""), 1);
    assert_says("has a figure");
}

static void a_record_that_is_not_there_is_wrong_use(void **state) {
    (void)state;
    strcat(path, "-not-there");
    assert_int_equal(plot(""), 2);
    assert_says("-not-there");
}

static void no_record_is_wrong_use(void **state) {
    (void)state;
    assert_int_equal(run("plots/plot.sh"), 2);
    assert_says("usage");
}

static void a_program_that_is_not_built_is_wrong_use(void **state) {
    (void)state;
    assert_int_equal(plot("SWITCHLAB=./not-built"), 2);
    assert_says("./not-built is not there; run make first");
}

/* A PATH that has all it needs but gnuplot. */
static void a_machine_without_gnuplot_is_a_skip(void **state) {
    char environment[300];
    (void)state;
    add(make_result("r", "pip", "pip", 3, 9));
    snprintf(environment, sizeof environment,
             "for p in mkdir mktemp rm sh; do ln -s $(command -v $p) %s/$p; done; PATH=%s", folder,
             folder);
    assert_int_equal(plot(environment), 77);
    assert_says("gnuplot is not installed");
}

#define with_record(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        with_record(costs_are_drawn_in_both_formats_with_every_name),
        with_record(a_name_with_an_underscore_is_written_as_it_is),
        with_record(a_crossover_is_marked_with_its_place),
        with_record(two_files_have_two_panels),
        with_record(cost_against_a_parameter_is_drawn_for_each_experiment),
        with_record(a_failed_switcher_is_left_out),
        with_record(a_record_without_figures_is_an_error),
        with_record(a_record_that_is_not_there_is_wrong_use),
        with_record(no_record_is_wrong_use),
        with_record(a_program_that_is_not_built_is_wrong_use),
        with_record(a_machine_without_gnuplot_is_a_skip),
    };
    return cmocka_run_group_tests_name("plot", tests, NULL, NULL);
}
