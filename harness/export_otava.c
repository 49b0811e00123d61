/* export_otava.c: CSV for Apache Otava (once Hunter): a line a run, a column a figure; and the
 * piece of otava.yaml that names them. Runs of one machine only: Otava would take another machine
 * for a change. */
#include <string.h>

#include "harness/csv.h"
#include "harness/export.h"

/* "pingpong/x86_64/native/pip/none/jmp:cycles", in the order in which they first stand; with their
 * places */
static json_t *columns(const struct export *e) {
    json_t *all = json_object(), *metric;
    const char *name;
    const json_t *result;
    for (size_t r = 0; r < e->runs->n; r++)
        for (size_t i = 0; (result = export_next(&e->runs->run[r], &i));)
            json_object_foreach(json_object_get(result, "metrics"), name, metric) {
                char column[600];
                snprintf(column, sizeof column, "%s:%s", cell_path(result, false).text, name);
                json_object_set_new(all, column, json_null());
            }
    return all;
}

/* the figures of a run, under the names of their columns */
static json_t *figures(struct export *e, const struct run_records *run) {
    json_t *all = json_object(), *metric;
    const char *name;
    const json_t *result;
    for (size_t i = 0; (result = export_next(run, &i));)
        json_object_foreach(json_object_get(result, "metrics"), name, metric) {
            char column[600];
            struct estimate figure;
            snprintf(column, sizeof column, "%s:%s", cell_path(result, false).text, name);
            if (export_figure(e, result, name, &figure))
                json_object_set_new(all, column, json_real(figure.value));
        }
    return all;
}

/* "2026-01-31T12:00:00Z" is what Otava's dateparser reads */
static void write_otava(struct export *e) {
    struct csv csv = {e->out, false};
    json_t *all = columns(e), *unused;
    const char *column;
    csv_put(&csv, "time");
    csv_put(&csv, "commit");
    csv_put(&csv, "run");
    json_object_foreach(all, column, unused) csv_put(&csv, column);
    csv_end(&csv);
    for (size_t r = 0; r < e->runs->n; r++) {
        const struct run_records *run = &e->runs->run[r];
        json_t *here = figures(e, run);
        csv_put(&csv, line_text(run->run, "time"));
        csv_put(&csv, line_text(run->run, "commit"));
        csv_put(&csv, line_text(run->run, "run"));
        json_object_foreach(all, column, unused) {
            json_t *value = json_object_get(here, column);
            csv_put(&csv, value ? decimal(json_real_value(value)).text : "");
        }
        csv_end(&csv);
        json_decref(here);
    }
    json_decref(all);
}

static void write_yaml(struct export *e) {
    json_t *all = columns(e), *unused;
    const char *column;
    fprintf(e->out,
            "tests:\n  switchlab:\n    type: csv\n    file: switchlab.csv\n    time_column: time\n"
            "    attributes: [commit, run]\n    metrics:\n");
    json_object_foreach(all, column, unused) {
        fprintf(e->out, "      \"%s\":\n        direction: -1\n        column: \"%s\"\n", column,
                column);
        e->written++;
    }
    json_decref(all);
}

static const struct export_format otava = {
    "otava", "CSV for Apache Otava: a line a run; the runs of one machine", RUNS_ONE_MACHINE,
    write_otava};
REGISTER_EXPORT_FORMAT(otava);
static const struct export_format yaml = {"otava-yaml", "the entry of otava.yaml that goes with it",
                                          RUNS_ONE_MACHINE, write_yaml};
REGISTER_EXPORT_FORMAT(yaml);
