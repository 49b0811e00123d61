/* table.h: aligned text tables of a stated width, for people. */
#ifndef HARNESS_TABLE_H
#define HARNESS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum fit {
    FIT_CUT,   /* aligned left, cut (with a final ~) where the table would be too wide */
    FIT_RIGHT, /* aligned right, never cut: a number */
    FIT_KEEP   /* aligned left, cut only when nothing else is left to cut: an interval */
};

struct column {
    const char *heading;
    const char *group; /* written once above neighbours that share it; NULL: none */
    enum fit fit;
};

struct table;

/* Columns are copied. NULL when there is no memory; all functions below accept that. */
struct table *table_new(const struct column *columns, size_t n);

/* One cell for each column, copied; NULL is "-". */
void table_row(struct table *t, const char *const *cells);

/* A row whose text takes all the room from column `from` on, wrapped; cells before it as above. */
void table_row_text(struct table *t, const char *const *cells, size_t from, const char *text);

/* Of the widest line, before anything is cut. */
size_t table_width(const struct table *t);

/* Columns are cut, as their fit says, where the table would be wider than `width`. */
void table_print(struct table *t, size_t width, FILE *out);
void table_free(struct table *t);

/* A paragraph, wrapped at `width`; lines after the first are indented. */
void print_wrapped(const char *text, size_t indent, size_t width, FILE *out);

#endif
