/* export_google.c: Google Benchmark's JSON, for its compare.py and for github-action-benchmark. It
 * is a format of times: each sample is a repetition, the median an aggregate, and all else a
 * counter. */
#include <stdlib.h>
#include <string.h>

#include "harness/export.h"

/* "host" out of "host-20260131T120000Z-0123abcd" */
static json_t *host(const char *run) {
    size_t length = strlen(run);
    for (int dashes = 2; dashes && length;)
        dashes -= run[--length] == '-';
    return length ? json_stringn(run, length) : json_string(run);
}

static json_t *context(const struct run_records *run) {
    const json_t *env = json_object_get(run->run, "env"), *load = json_object_get(env, "load");
    const json_t *calibration = json_object_get(json_object_get(run->run, "clock"), "calibration");
    const char *governor = json_string_value(json_object_get(env, "governor")),
               *commit = json_string_value(json_object_get(run->run, "commit"));
    return json_pack("{s:s, s:o, s:s, s:i, s:f, s:b, s:[], s:o, s:s, s:s, s:s, s:s*}", "date",
                     line_text(run->run, "time"), "host_name", host(line_text(run->run, "run")),
                     "executable", "switchlab", "num_cpus",
                     (int)json_integer_value(json_object_get(env, "cpus")), "mhz_per_cpu",
                     1000 * json_number_value(json_object_get(calibration, "ghz")),
                     "cpu_scaling_enabled", governor && strcmp(governor, "performance"), "caches",
                     "load_avg", json_is_array(load) ? json_deep_copy(load) : json_array(),
                     "library_build_type", "release", "switchlab_run", line_text(run->run, "run"),
                     "switchlab_machine", run->machine, "switchlab_commit", commit);
}

static void add_counters(struct export *e, json_t *benchmark, const json_t *result) {
    const char *name;
    json_t *metric;
    struct estimate figure;
    json_object_foreach(json_object_get(result, "metrics"), name,
                        metric) if (strcmp(name, "ns") && export_figure(e, result, name, &figure))
        json_object_set_new(benchmark, name, json_real(figure.value));
}

static json_t *benchmark(const char *run_name, const char *suffix, const char *type, double ns,
                         int family) {
    return json_pack("{s:s+, s:i, s:i, s:s, s:s, s:i, s:i, s:f, s:f, s:s}", "name", run_name,
                     suffix, "family_index", family, "per_family_instance_index", 0, "run_name",
                     run_name, "run_type", type, "threads", 1, "iterations", 1, "real_time", ns,
                     "cpu_time", ns, "time_unit", "ns");
}

static void add_result(struct export *e, json_t *benchmarks, const json_t *result, int family) {
    struct estimate ns;
    struct cell_path name = cell_path(result, false);
    size_t n;
    if (!export_figure(e, result, "ns", &ns)) {
        e->passed++;
        return;
    }
    double *samples = line_samples(result, "ns", &n);
    for (size_t i = 0; i < n && !e->medians; i++) {
        json_t *one = benchmark(name.text, "", "iteration", samples[i], family);
        json_object_set_new(one, "repetitions", json_integer((json_int_t)n));
        json_object_set_new(one, "repetition_index", json_integer((json_int_t)i));
        json_array_append_new(benchmarks, one);
    }
    free(samples);
    json_t *median = benchmark(name.text, e->medians ? "" : "_median",
                               e->medians ? "iteration" : "aggregate", ns.value, family);
    if (!e->medians) json_object_set_new(median, "aggregate_name", json_string("median"));
    add_counters(e, median, result);
    json_array_append_new(benchmarks, median);
}

static void write_google(struct export *e) {
    json_t *benchmarks = json_array();
    const json_t *result;
    int family = 0;
    for (size_t i = 0; (result = export_next(&e->runs->run[0], &i));)
        add_result(e, benchmarks, result, family++);
    json_t *file =
        json_pack("{s:o, s:o}", "context", context(&e->runs->run[0]), "benchmarks", benchmarks);
    json_dumpf(file, e->out, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    putc('\n', e->out);
    json_decref(file);
}

static const struct export_format google = {
    "google", "Google Benchmark JSON: times with their samples, the rest as counters; the last run",
    RUNS_LAST, write_google};
REGISTER_EXPORT_FORMAT(google);
