/* show.h: what people and plots read, derived from a record file and from nothing else. */
#ifndef HARNESS_SHOW_H
#define HARNESS_SHOW_H

#include <stdio.h>

enum { SHOW_COLUMNS = 104 }; /* no line is wider */

struct show_options {
    const char *view;     /* a name of show.c's table; NULL: all that the file has */
    const char *baseline; /* name of the switcher that ratios refer to; NULL: the cheapest one of
                             kind "peer" */
};

/* Text tables. Bad lines are reported on err (file:line) and left out.
 * 0; 1 when a line was bad or a check has failed; 2 when the file cannot be read or holds no such
 * view. */
int show(const char *path, const struct show_options *options, FILE *out, FILE *err);

/* What a switch costs by the last run of each file, side by side: 2 to SHOW_MACHINES_MOST of them.
 * Returns as show() does. */
enum { SHOW_MACHINES_MOST = 8 };
int show_machines(const char *const *paths, size_t n, FILE *out, FILE *err);

/* Tab-separated, one header line, then one line per result, run by run; "-" where there is no
 * figure. table: an experiment's name, or "crossover": where two kinds cost the same under
 * pressure. Returns as show() does, but a failed check is a row: 0. */
int show_tsv(const char *path, const char *table, FILE *out, FILE *err);

#endif
