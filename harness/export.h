/* export.h: the lab's figures in other tools' formats. One file harness/export_*.c holds a format,
 * which registers itself; nothing else needs editing. docs/exchange.md says what each tool does
 * with them. */
#ifndef HARNESS_EXPORT_H
#define HARNESS_EXPORT_H

#include <stdio.h>

#include "harness/registry.h"
#include "harness/runs.h"

/* What a format writes, and what came of it. */
struct export {
    const struct runs *runs; /* the chosen ones */
    bool medians;            /* where a format has both: the medians alone, not the samples */
    FILE *out, *err;
    size_t written; /* figures */
    size_t flaws;   /* figures left out because of their value, each reported on err as file:line */
    size_t passed;  /* results left out because the format has no place for them */
};

struct export_format {
    const char *name, *summary;
    enum { RUNS_ANY, RUNS_ONE_MACHINE, RUNS_LAST } takes; /* RUNS_LAST: one run a file, the last */
    void (*write)(struct export *e);
};

REGISTRY(export_format)
#define REGISTER_EXPORT_FORMAT(object) REGISTER(export_format, object)

/* A run's next result whose check passed, from *i on; NULL at the end. */
const json_t *export_next(const struct run_records *run, size_t *i);

/* The figure, when there is one that is fit for use: a flaw is reported and counted. */
bool export_figure(struct export *e, const json_t *result, const char *metric,
                   struct estimate *figure);

/* Shortest decimal that is the same number again to 12 digits. */
struct decimal {
    char text[32];
};
struct decimal decimal(double value);

#endif
