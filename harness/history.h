/* history.h: the records of many runs as series, one a machine, cell and metric, with their change
 * points. */
#ifndef HARNESS_HISTORY_H
#define HARNESS_HISTORY_H

#include <stdio.h>

#include "harness/changepoint.h"
#include "harness/runs.h"

struct history_options {
    const char *machine;       /* only machines whose fingerprint holds this text; NULL: all */
    const char *cell, *metric; /* globs; NULL: all */
    struct changepoint_options changepoint;
};

struct series {
    const char *machine, *unit;
    char *cell, *metric;
    bool exact; /* counted or modelled in every run: each change of value is a change point, without
                   a test */
    size_t n;   /* runs that have it, by time */
    struct estimate *figure;
    const struct run_records **run;
    struct changepoint *change;
    size_t changes;
};

struct history {
    struct series *series; /* by machine, cell, metric */
    size_t n;
    size_t flaws; /* figures left out because of their value, each reported on err */
};

/* Borrows from `runs`, which must outlive it. */
void history_of(const struct runs *runs, const struct history_options *options, struct history *h,
                FILE *err);
void history_free(struct history *h);

/* The commits between which a change came, "1c2d3e4..5f6a7b8", as git log takes it; or one commit
 * and why it is one. */
struct commit_range {
    char text[160];
};
struct commit_range commit_range(const struct series *s, const struct changepoint *change);

/* Relative change, 0.05 for 5% more; NAN from zero. */
double change_size(const struct changepoint *change);

/* Text for people, or one tab-separated line a change point. */
void history_print(const struct history *h, const struct history_options *options, FILE *out);
void history_print_tsv(const struct history *h, FILE *out);

#endif
