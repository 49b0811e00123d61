/* lines.h: lines of records made by hand, valid until a test breaks them; and a folder that goes
 * away. */
#ifndef TESTS_LINES_H
#define TESTS_LINES_H

#include <ftw.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline json_t *make_run(const char *id) {
    return json_pack("{s:s, s:i, s:s, s:s, s:n, s:i, s:{}, s:{s:s}}", "type", "run", "schema", 1,
                     "run", id, "time", "2026-01-31T12:00:00Z", "commit", "seed", 7, "env", "clock",
                     "source", "made up");
}

static inline json_t *make_metric(double value, double lo, double hi, int n, const char *method) {
    return json_pack("{s:f, s:s, s:s, s:f, s:f, s:i}", "value", value, "unit", "cycle", "method",
                     method, "lo", lo, "hi", hi, "n", n);
}

/* A passed cell whose samples are cost - 1 to cost + 1 in `n` even steps. */
static inline json_t *make_result(const char *run, const char *switcher, const char *kind,
                                  double cost, int n) {
    json_t *samples = json_array();
    for (int i = 0; i < n; i++)
        json_array_append_new(samples, json_real(n > 1 ? cost - 1 + 2.0 * i / (n - 1) : cost));
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:{}, s:{s:s, s:i, s:[]}, s:{s:o}, "
        "s:{s:o}}",
        "type", "result", "run", run, "experiment", "pingpong", "switcher", switcher, "kind", kind,
        "arch", "toy", "mask", "none", "state", "none", "transfer", "jmp", "engine", "native",
        "params", "check", "status", "pass", "registers", 3, "corrupted", "metrics", "cycles",
        make_metric(cost, n > 1 ? cost - 1 : cost, n > 1 ? cost + 1 : cost, n, "measured"),
        "samples", "cycles", samples);
}

/* The same cell, failed. */
static inline json_t *make_failure(const char *run, const char *switcher, const char *kind,
                                   const char *reason) {
    json_t *line = make_result(run, switcher, kind, 1, 1);
    json_object_del(line, "metrics");
    json_object_del(line, "samples");
    json_object_set_new(line, "check",
                        json_pack("{s:s, s:i, s:[s], s:s}", "status", "fail", "registers", 3,
                                  "corrupted", "rbx", "reason", reason));
    return line;
}

static inline json_t *make_map(const char *run) {
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:[{s:i, s:s}]}", "type",
        "map", "run", run, "switcher", "pip", "kind", "pip", "arch", "toy", "mask", "none",
        "engine", "simple", "direction", "save", "interrupts", 1, "boundaries", 4, "corrupted", 1,
        "crashed", 0, "hung", 0, "cells", "boundary", 2, "outcome", "corrupted");
}

static inline json_t *make_skip(const char *run) {
    return json_pack("{s:s, s:s, s:s, s:s}", "type", "skip", "run", run, "what", "full+zmm",
                     "reason", "this CPU has no AVX-512");
}

static inline int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw) {
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static inline void remove_tree(const char *path) {
    nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static inline char *make_folder(void) {
    char *path = strdup("/tmp/switchlab-test-XXXXXX");
    return mkdtemp(path);
}

#endif
