/* runs.h: files of made-up runs for tests: a folder, files in it, and all that was written or said.
 */
#ifndef TESTS_RUNS_H
#define TESTS_RUNS_H

#include "harness/record.h"
#include "tests/harness/lines.h"

static char *folder, *out, *err;
static FILE *out_file, *err_file;

static inline int open_folder(void **state) {
    static size_t sizes[2];
    (void)state;
    folder = make_folder();
    out_file = open_memstream(&out, &sizes[0]);
    err_file = open_memstream(&err, &sizes[1]);
    return folder && out_file && err_file ? 0 : -1;
}

static inline int close_folder(void **state) {
    (void)state;
    fclose(out_file);
    fclose(err_file);
    remove_tree(folder);
    free(folder);
    free(out);
    free(err);
    return 0;
}

static inline const char *written(void) {
    fflush(out_file);
    return out;
}

static inline const char *said(void) {
    fflush(err_file);
    return err;
}

static inline char *in_folder(const char *name) {
    static char path[4][512];
    static int next;
    char *p = path[next = (next + 1) % 4];
    snprintf(p, sizeof path[0], "%s/%s", folder, name);
    return p;
}

/* Appends lines to a file of the folder as they are, valid or not. */
static inline void put_line(const char *name, json_t *line) {
    FILE *f = fopen(in_folder(name), "a");
    json_dumpf(line, f, JSON_COMPACT);
    putc('\n', f);
    fclose(f);
    json_decref(line);
}

static inline void put_text(const char *name, const char *text) {
    FILE *f = fopen(in_folder(name), "a");
    fputs(text, f);
    fclose(f);
}

/* A run of the machine whose only known fact is its CPU, on a day of January, at a commit. */
static inline json_t *make_run_of(const char *id, const char *cpu, int day, const char *commit) {
    json_t *run = make_run(id);
    char time[32];
    snprintf(time, sizeof time, "2026-01-%02dT12:00:00Z", day);
    json_object_set_new(run, "time", json_string(time));
    json_object_set_new(run, "commit", json_string(commit));
    json_object_set_new(json_object_get(run, "env"), "cpu", json_string(cpu));
    return run;
}

/* A result with nanoseconds, not cycles, and a count beside them. */
static inline json_t *make_timed(const char *run, const char *switcher, double ns, int n,
                                 double instructions) {
    json_t *line = make_result(run, switcher, "pip", ns, n),
           *metrics = json_object_get(line, "metrics"), *samples = json_object_get(line, "samples");
    json_object_set_new(metrics, "ns", json_deep_copy(json_object_get(metrics, "cycles")));
    json_object_set_new(samples, "ns", json_deep_copy(json_object_get(samples, "cycles")));
    json_object_del(metrics, "cycles");
    json_object_del(samples, "cycles");
    json_object_set_new(metrics, "instructions", record_count(instructions, "1"));
    return line;
}

#define assert_in(text, what)                                                                      \
    do {                                                                                           \
        if (!strstr(text, what)) fail_msg("\"%s\" is not in: %s", what, text);                     \
    } while (0)
#define assert_not_in(text, what)                                                                  \
    do {                                                                                           \
        if (strstr(text, what)) fail_msg("\"%s\" is in: %s", what, text);                          \
    } while (0)

#endif
