/* export_csv.c: plain CSV for R and pandas: tidy, one line a sample; a figure without samples has
 * one line. What a result has no word for is an empty field. */
#include <stdlib.h>
#include <string.h>

#include "harness/csv.h"
#include "harness/export.h"

static const char *const run_fields[] = {"run", "time", "commit"};
static const char *const result_fields[] = {"experiment", "arch", "engine", "switcher",
                                            "kind",       "mask", "state",  "transfer"};
static const char *const figure_fields[] = {"metric", "unit", "method", "sample", "value"};
#define COUNT(array) (sizeof array / sizeof *array)

/* the parameters that any result has: each is a column */
static json_t *all_params(const struct export *e) {
    json_t *names = json_object(), *value;
    const char *name;
    const json_t *result;
    for (size_t r = 0; r < e->runs->n; r++)
        for (size_t i = 0; (result = export_next(&e->runs->run[r], &i));)
            json_object_foreach(json_object_get(result, "params"), name, value)
                json_object_set_new(names, name, json_null());
    return names;
}

static void put_field(struct csv *csv, const json_t *value) {
    if (json_is_number(value))
        csv_put(csv, decimal(json_number_value(value)).text);
    else
        csv_put(csv, json_is_string(value) ? json_string_value(value) : "");
}

static void put_header(struct csv *csv, json_t *params) {
    const char *name;
    json_t *value;
    for (size_t i = 0; i < COUNT(run_fields); i++)
        csv_put(csv, run_fields[i]);
    csv_put(csv, "machine");
    for (size_t i = 0; i < COUNT(result_fields); i++)
        csv_put(csv, result_fields[i]);
    json_object_foreach(params, name, value) csv_put(csv, name);
    for (size_t i = 0; i < COUNT(figure_fields); i++)
        csv_put(csv, figure_fields[i]);
    csv_end(csv);
}

struct row {
    struct csv csv;
    const struct run_records *run;
    const json_t *result;
    json_t *params;
    const char *metric;
};

static void put_row(struct row *row, size_t sample, double value) {
    const json_t *metric = json_object_get(json_object_get(row->result, "metrics"), row->metric);
    const char *name;
    json_t *unused;
    char number[32];
    for (size_t i = 0; i < COUNT(run_fields); i++)
        put_field(&row->csv, json_object_get(row->run->run, run_fields[i]));
    csv_put(&row->csv, row->run->machine);
    for (size_t i = 0; i < COUNT(result_fields); i++)
        put_field(&row->csv, json_object_get(row->result, result_fields[i]));
    json_object_foreach(row->params, name, unused)
        put_field(&row->csv, line_param(row->result, name));
    csv_put(&row->csv, row->metric);
    put_field(&row->csv, json_object_get(metric, "unit"));
    put_field(&row->csv, json_object_get(metric, "method"));
    snprintf(number, sizeof number, "%zu", sample);
    csv_put(&row->csv, number);
    csv_put(&row->csv, decimal(value).text);
    csv_end(&row->csv);
}

static void put_result(struct export *e, struct row *row) {
    json_t *metric;
    json_object_foreach(json_object_get(row->result, "metrics"), row->metric, metric) {
        struct estimate figure;
        size_t n = 0;
        if (!export_figure(e, row->result, row->metric, &figure)) continue;
        double *samples = e->medians ? NULL : line_samples(row->result, row->metric, &n);
        for (size_t i = 0; i < n; i++)
            put_row(row, i + 1, samples[i]);
        if (!n) put_row(row, 1, figure.value);
        free(samples);
    }
}

static void write_csv(struct export *e) {
    struct row row = {.csv = {e->out, false}, .params = all_params(e)};
    put_header(&row.csv, row.params);
    for (size_t r = 0; r < e->runs->n; r++) {
        row.run = &e->runs->run[r];
        for (size_t i = 0; (row.result = export_next(row.run, &i));)
            put_result(e, &row);
    }
    json_decref(row.params);
}

static const struct export_format csv = {
    "csv", "plain CSV for R and pandas: one line a sample; all runs", RUNS_ANY, write_csv};
REGISTER_EXPORT_FORMAT(csv);
