/* table.c: aligned text tables; see table.h. */
#include "harness/table.h"

#include <stdlib.h>
#include <string.h>

struct row {
    char **cells;
    size_t
        from; /* the column from which the last cell runs; the number of columns when none does */
};

struct title {
    char *heading, *group;
    enum fit fit;
};

struct table {
    struct title *columns;
    size_t n;
    struct row *rows;
    size_t count;
    size_t *widths;
};

enum { NARROWEST = 4 };

static size_t larger(size_t a, size_t b) {
    return a > b ? a : b;
}

struct table *table_new(const struct column *columns, size_t n) {
    struct table *t = calloc(1, sizeof *t);
    if (!t) return NULL;
    t->columns = calloc(n, sizeof *t->columns);
    t->widths = calloc(n, sizeof *t->widths);
    for (; t->columns && t->widths && t->n < n; t->n++) {
        struct title *title = &t->columns[t->n];
        title->heading = strdup(columns[t->n].heading);
        title->group = columns[t->n].group ? strdup(columns[t->n].group) : NULL;
        title->fit = columns[t->n].fit;
        if (!title->heading) break;
        t->widths[t->n] = strlen(title->heading);
    }
    if (t->n == n) return t;
    table_free(t);
    return NULL;
}

void table_row_text(struct table *t, const char *const *cells, size_t from, const char *text) {
    if (!t) return;
    struct row *rows = realloc(t->rows, (t->count + 1) * sizeof *rows);
    if (!rows) return;
    t->rows = rows;
    struct row *row = &rows[t->count];
    *row = (struct row){calloc(t->n, sizeof *row->cells), from};
    if (!row->cells) return;
    t->count++;
    for (size_t i = 0; i < t->n; i++) {
        const char *cell = i < from ? cells[i] : i == from ? text : "";
        row->cells[i] = strdup(cell ? cell : "-");
        if (i < from && row->cells[i]) t->widths[i] = larger(t->widths[i], strlen(row->cells[i]));
    }
}

void table_row(struct table *t, const char *const *cells) {
    if (t) table_row_text(t, cells, t->n, NULL);
}

/* Columns i up to the one returned, exclusive, share a group. */
static size_t group_end(const struct table *t, size_t i) {
    size_t end = i + 1;
    while (t->columns[i].group && end < t->n && t->columns[end].group &&
           !strcmp(t->columns[i].group, t->columns[end].group))
        end++;
    return end;
}

static size_t span(const struct table *t, size_t from, size_t end) {
    size_t width = end - from - 1;
    for (size_t i = from; i < end; i++)
        width += t->widths[i];
    return width;
}

/* A group's name needs room above its columns. */
static void widen_for_groups(struct table *t) {
    for (size_t i = 0, end; i < t->n; i = end) {
        end = group_end(t, i);
        size_t need = t->columns[i].group ? strlen(t->columns[i].group) : 0, have = span(t, i, end);
        if (need > have) t->widths[end - 1] += need - have;
    }
}

size_t table_width(const struct table *t) {
    return t ? span(t, 0, t->n) : 0;
}

static void narrow(struct table *t, size_t width, enum fit fit) {
    while (table_width(t) > width) {
        size_t widest = t->n;
        for (size_t i = 0; i < t->n; i++)
            if (t->columns[i].fit == fit && t->widths[i] > NARROWEST &&
                (widest == t->n || t->widths[i] > t->widths[widest]))
                widest = i;
        if (widest == t->n) return;
        t->widths[widest]--;
    }
}

/* --- Printing --------------------------------------------------------------------------------- */

static void pad(size_t n, char with, FILE *out) {
    while (n--)
        putc(with, out);
}

static void print_cell(const struct table *t, size_t i, const char *cell, FILE *out) {
    size_t width = t->widths[i], length = strlen(cell);
    bool last = i + 1 == t->n;
    if (length > width)
        fprintf(out, "%.*s~", (int)width - 1, cell);
    else {
        if (t->columns[i].fit == FIT_RIGHT) pad(width - length, ' ', out);
        fputs(cell, out);
        if (t->columns[i].fit != FIT_RIGHT && !last) pad(width - length, ' ', out);
    }
    if (!last) putc(' ', out);
}

static void print_groups(const struct table *t, FILE *out) {
    size_t gap = 0;
    bool any = false;
    for (size_t i = 0, end; i < t->n; i = end) {
        end = group_end(t, i);
        size_t width = span(t, i, end);
        const char *group = t->columns[i].group;
        if (!group) {
            gap += width + 1;
            continue;
        }
        size_t dashes = width > strlen(group) + 1 ? width - strlen(group) - 2 : 0;
        pad(gap, ' ', out);
        pad(dashes / 2, '-', out);
        fprintf(out, dashes ? " %s " : "%s", group);
        pad(dashes - dashes / 2, '-', out);
        gap = 1 + (dashes ? 0 : width - strlen(group));
        any = true;
    }
    if (any) putc('\n', out);
}

void print_wrapped(const char *text, size_t indent, size_t width, FILE *out) {
    size_t room = width > indent ? width - indent : 1;
    for (;;) {
        size_t length = strcspn(text, "\n"), cut = length;
        if (length > room) {
            for (cut = room; cut > 0 && text[cut] != ' '; cut--)
                ;
            if (cut == 0) cut = room;
        }
        fprintf(out, "%.*s\n", (int)cut, text);
        text += cut + strspn(text + cut, " \n");
        if (!*text) return;
        pad(indent, ' ', out);
    }
}

void table_print(struct table *t, size_t width, FILE *out) {
    if (!t) return;
    widen_for_groups(t);
    narrow(t, width, FIT_CUT);
    narrow(t, width, FIT_KEEP);
    print_groups(t, out);
    for (size_t i = 0; i < t->n; i++)
        print_cell(t, i, t->columns[i].heading, out);
    putc('\n', out);
    for (size_t r = 0; r < t->count; r++) {
        size_t from = t->rows[r].from, start = from ? span(t, 0, from) + 1 : 0;
        for (size_t i = 0; i < from; i++)
            print_cell(t, i, t->rows[r].cells[i] ? t->rows[r].cells[i] : "-", out);
        if (from < t->n)
            print_wrapped(t->rows[r].cells[from] ? t->rows[r].cells[from] : "-", start, width, out);
        else
            putc('\n', out);
    }
}

void table_free(struct table *t) {
    if (!t) return;
    for (size_t r = 0; r < t->count; r++) {
        for (size_t i = 0; i < t->n; i++)
            free(t->rows[r].cells[i]);
        free(t->rows[r].cells);
    }
    for (size_t i = 0; t->columns && i < t->n; i++) {
        free(t->columns[i].heading);
        free(t->columns[i].group);
    }
    free(t->rows);
    free(t->columns);
    free(t->widths);
    free(t);
}
