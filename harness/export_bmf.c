/* export_bmf.c: Bencher Metric Format: benchmark to measure to {value, lower_value, upper_value}.
 * The measure of time is Bencher's own, latency, which is in nanoseconds. */
#include <string.h>

#include "harness/export.h"

static json_t *bounded(const struct estimate *e) {
    return e->lo < e->hi ? json_pack("{s:f, s:f, s:f}", "value", e->value, "lower_value", e->lo,
                                     "upper_value", e->hi)
                         : json_pack("{s:f}", "value", e->value);
}

static json_t *measures(struct export *e, const json_t *result) {
    json_t *all = json_object(), *metric;
    const char *name;
    struct estimate figure;
    json_object_foreach(json_object_get(result, "metrics"), name,
                        metric) if (export_figure(e, result, name, &figure))
        json_object_set_new(all, strcmp(name, "ns") ? name : "latency", bounded(&figure));
    return all;
}

static void write_bmf(struct export *e) {
    json_t *file = json_object();
    const json_t *result;
    for (size_t i = 0; (result = export_next(&e->runs->run[0], &i));)
        json_object_set_new(file, cell_path(result, false).text, measures(e, result));
    json_dumpf(file, e->out, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    putc('\n', e->out);
    json_decref(file);
}

static const struct export_format bmf = {"bmf", "Bencher Metric Format; the last run", RUNS_LAST,
                                         write_bmf};
REGISTER_EXPORT_FORMAT(bmf);
