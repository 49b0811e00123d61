/* results.h: a record file in memory, and the questions that tables, plots and comparisons ask of
 * its lines. */
#ifndef HARNESS_RESULTS_H
#define HARNESS_RESULTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "harness/statistics.h"

struct results {
    json_t *lines; /* an array of all valid lines, in the file's order */
    size_t bad;    /* lines left out, each reported on err */
};

/* 0, or -1 (reported on err) when the file cannot be read. */
int results_load(const char *path, struct results *r, FILE *err);
void results_free(struct results *r);

/* Lines that agree with `like` in every field that it has, sorted by kind (pip, scratch, full,
 * peer), then cost; those without a figure last. A new array whose elements are borrowed from r:
 * free() it. `like` may be NULL: all. */
const json_t **results_select(const struct results *r, const json_t *like, size_t *n);

const char *line_text(const json_t *line, const char *field); /* "-" when it is absent */
bool line_is(const json_t *line, const char *field, const char *value);
json_t *line_param(const json_t *line, const char *name); /* borrowed; NULL when absent */
bool line_passed(const json_t *line);

/* The metric of this name; false when the line has none. */
bool line_metric(const json_t *line, const char *name, struct estimate *e);
const char *line_method(const json_t *line, const char *name); /* NULL when it has none */

/* What a switch costs: "cycles" where the line has them, else "ns", else NULL. */
const char *line_cost(const json_t *line);

/* The unit that all n lines have: "cycles" only where none lacks them; NULL where none has a cost.
 */
const char *lines_cost(const json_t *const *lines, size_t n);

/* Raw samples, a new array or NULL. */
double *line_samples(const json_t *line, const char *name, size_t *n);

/* The same, each at the place of its process: NaN where that was set aside (docs/records.md). */
double *line_samples_in_place(const json_t *line, const char *name, size_t *n);

/* how many processes were set aside */
size_t line_set_aside(const json_t *line);

/* How many times cheaper a is than b, from raw samples of the same metric; false when they have
 * none in common. */
bool line_ratio(const json_t *a, const json_t *b, struct estimate *e);

#endif
