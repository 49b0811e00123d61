/* published.h: a table of published figures, tab-separated: a line that names the columns, then one
 * row a sequence; lines that begin with # say where the figures come from. docs/accuracy.tsv is
 * one. */
#ifndef SWITCHLAB_PUBLISHED_H
#define SWITCHLAB_PUBLISHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct published;

/* NULL, reported on err with file and line: unreadable, a row with too few or too many columns, a
 * figure that is none */
struct published *published_load(const char *path, FILE *err);
void published_free(struct published *);

bool published_has_column(const struct published *, const char *column);

/* false where the table has no row for it, or "-" in this column. Figures are decimal numbers or
 * fractions such as 1/3 */
bool published_figure(const struct published *, const char *sequence, const char *kind,
                      const char *column, double *figure);

#endif
