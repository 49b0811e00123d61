/* runs.h: the records of many runs, read from files and folders, each run with its lines, in the
 * order of time. For what looks further than one file: exchange formats, history, the report. */
#ifndef HARNESS_RUNS_H
#define HARNESS_RUNS_H

#include <jansson.h>
#include <stdio.h>

#include "harness/results.h"

struct run_records {
    const json_t *run;    /* its run line */
    const char *machine;  /* its fingerprint (machine.h); "unknown" where the record tells none */
    const json_t **lines; /* result, map and skip lines, in the file's order */
    size_t n;
};

struct runs {
    struct run_records *run; /* by time, then by name */
    size_t n;
    size_t bad;    /* lines left out, each reported on err as file:line */
    json_t *lines; /* owns all of them */
};

/* A folder stands for the *.jsonl files in it, links left out (latest.jsonl is one of the others).
 * A run that two files hold is taken from the first, and said so. 0, or -1, reported on err, when a
 * path cannot be read or there is no run in any. Free it in either case. */
int runs_load(char *const *paths, size_t n, struct runs *r, FILE *err);
void runs_free(struct runs *r);

/* Where a line that runs_load read stands: "file:line", for errors. */
const char *line_at(const json_t *line);

/* Two lines that say the same, of whatever run. */
bool same_content(const json_t *a, const json_t *b);

/* The cell that a result is of, the same in every run: "pingpong/x86_64/native/pip/none/jmp", then
 * its parameters sorted by name, "/live=3"; keyed: "pingpong/arch=x86_64/engine=native/...". No
 * white space. */
struct cell_path {
    char text[512];
};
struct cell_path cell_path(const json_t *result, bool keyed);

/* Why a figure must not be used for ratios and trends: what is measured must be positive, what is
 * counted or modelled not negative. NULL when nothing is wrong. */
const char *metric_flaw(const json_t *result, const char *metric);

#endif
