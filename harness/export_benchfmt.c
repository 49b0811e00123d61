/* export_benchfmt.c: Go's benchmark format, for benchstat: one line a sample, exact counts marked
 * as such. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "harness/export.h"

/* benchstat compares exact units by equality; a unit is exact when it is counted wherever it stands
 */
static json_t *units(const struct export *e) {
    json_t *exact = json_object(), *metric;
    const char *name;
    const json_t *result;
    for (size_t r = 0; r < e->runs->n; r++)
        for (size_t i = 0; (result = export_next(&e->runs->run[r], &i));)
            json_object_foreach(json_object_get(result, "metrics"), name, metric) {
                json_t *before = json_object_get(exact, name);
                bool counted = !strcmp(line_method(result, name), "counted");
                json_object_set_new(exact, name, json_boolean(counted && !json_is_false(before)));
            }
    return exact;
}

static void write_units(const struct export *e) {
    json_t *exact = units(e), *value;
    const char *name;
    json_object_foreach(exact, name, value) fprintf(e->out, "Unit %s/op better=lower%s\n", name,
                                                    json_is_true(value) ? " assume=exact" : "");
    json_decref(exact);
}

/* benchstat sets apart what differs in a "key: value", so only the machine is one; what else tells
 * runs apart is a comment */
static void write_run(const struct export *e, const struct run_records *run) {
    const json_t *env = json_object_get(run->run, "env");
    fprintf(e->out, "\n# run %s, %s, commit %s, kernel %s, %s\n", line_text(run->run, "run"),
            line_text(run->run, "time"), line_text(run->run, "commit"), line_text(env, "kernel"),
            line_text(env, "compiler"));
    fprintf(e->out, "cpu: %s\nmachine: %s\n", line_text(env, "cpu"), run->machine);
}

struct column {
    const char *name;
    double value;    /* where there are no samples */
    double *samples; /* n of them */
    size_t n;
};

static size_t columns(struct export *e, const json_t *result, struct column *all) {
    const char *name;
    json_t *metric;
    size_t n = 0;
    json_object_foreach(json_object_get(result, "metrics"), name, metric) {
        struct estimate figure;
        if (!export_figure(e, result, name, &figure)) continue;
        struct column *c = &all[n++];
        *c = (struct column){.name = name, .value = figure.value};
        if (!e->medians) c->samples = line_samples(result, name, &c->n);
    }
    return n;
}

static void write_result(struct export *e, const json_t *result) {
    struct column *all =
        calloc(json_object_size(json_object_get(result, "metrics")) + 1, sizeof *all);
    if (!all) abort();
    size_t n = columns(e, result, all), rows = 1;
    struct cell_path name = cell_path(result, true);
    name.text[0] =
        (char)toupper(name.text[0]); /* the format asks for a capital after "Benchmark" */
    for (size_t c = 0; c < n; c++)
        if (all[c].n > rows) rows = all[c].n;
    for (size_t row = 0; row < rows && n; row++) {
        fprintf(e->out, "Benchmark%s 1", name.text);
        for (size_t c = 0; c < n; c++)
            if (!all[c].n || row < all[c].n)
                fprintf(e->out, " %s %s/op",
                        decimal(all[c].n ? all[c].samples[row] : all[c].value).text, all[c].name);
        putc('\n', e->out);
    }
    for (size_t c = 0; c < n; c++)
        free(all[c].samples);
    free(all);
}

static void write_benchfmt(struct export *e) {
    const json_t *result;
    write_units(e);
    for (size_t r = 0; r < e->runs->n; r++) {
        write_run(e, &e->runs->run[r]);
        for (size_t i = 0; (result = export_next(&e->runs->run[r], &i));)
            write_result(e, result);
    }
}

static const struct export_format benchfmt = {
    "benchfmt", "Go's benchmark format, for benchstat; all runs", RUNS_ANY, write_benchfmt};
REGISTER_EXPORT_FORMAT(benchfmt);
