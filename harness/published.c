/* published.c: see published.h. The columns "sequence", "kind" and "source" are text, all others
 * figures. */
#include "harness/published.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_COLUMNS = 32, MOST_ROWS = 1000 };

struct published {
    char *texts; /* what the cells point into */
    size_t columns, rows;
    char *name[MOST_COLUMNS];
    char *(*cell)[MOST_COLUMNS];
};

static bool is_text(const char *column) {
    return strcmp(column, "sequence") == 0 || strcmp(column, "kind") == 0 ||
           strcmp(column, "source") == 0;
}

/* "-" is NaN; false: not a figure above 0 */
static bool parse_figure(const char *text, double *figure) {
    char *end;
    *figure = NAN;
    if (strcmp(text, "-") == 0) return true;
    *figure = strtod(text, &end);
    if (end != text && *end == '/') {
        char *whole = end + 1;
        *figure /= strtod(whole, &end);
        if (end == whole) return false;
    }
    return end != text && *end == '\0' && isfinite(*figure) && *figure > 0;
}

static size_t split(char *line, char *cells[MOST_COLUMNS]) {
    size_t n = 0;
    for (char *rest = line, *cell; n < MOST_COLUMNS && (cell = strsep(&rest, "\t"));)
        cells[n++] = cell;
    return n;
}

static const char *bad_cell(const struct published *p, char *const *cells) {
    double figure;
    for (size_t i = 0; i < p->columns; i++)
        if (!is_text(p->name[i]) && !parse_figure(cells[i], &figure)) return cells[i];
    return NULL;
}

static bool add_line(struct published *p, char *line, const char *path, size_t number, FILE *err) {
    char **cells = p->columns ? p->cell[p->rows] : p->name;
    if (*line == '#' || *line == '\0') return true;
    size_t n = split(line, cells);
    if (!p->columns) {
        p->columns = n;
        return true;
    }
    const char *bad = n == p->columns ? bad_cell(p, cells) : NULL;
    if (n != p->columns)
        fprintf(err, "%s:%zu: %zu columns, its heading has %zu\n", path, number, n, p->columns);
    else if (bad)
        fprintf(err, "%s:%zu: '%s' is no figure: a number above 0, a fraction as 1/3, or -\n", path,
                number, bad);
    else if (++p->rows == MOST_ROWS)
        fprintf(err, "%s:%zu: more than %d rows\n", path, number, MOST_ROWS - 1);
    else
        return true;
    return false;
}

static char *read_all(const char *path, FILE *err) {
    char *text = NULL;
    size_t size = 0;
    errno = 0;
    FILE *file = fopen(path, "re");
    ssize_t n = file ? getdelim(&text, &size, '\0', file) : -1;
    if (file) fclose(file);
    if (n >= 0) return text;
    free(text);
    fprintf(err, "cannot read the published figures %s: %s\n", path,
            errno ? strerror(errno) : "it is empty");
    return NULL;
}

struct published *published_load(const char *path, FILE *err) {
    struct published *p = calloc(1, sizeof *p);
    bool good =
        p && (p->texts = read_all(path, err)) && (p->cell = calloc(MOST_ROWS + 1, sizeof *p->cell));
    size_t number = 0;
    for (char *rest = good ? p->texts : NULL, *line; good && (line = strsep(&rest, "\n"));)
        good = add_line(p, line, path, ++number, err);
    if (good && p->rows) return p;
    if (good)
        fprintf(err, "%s: no rows: a heading, then one row a sequence, separated by tabs\n", path);
    published_free(p);
    return NULL;
}

void published_free(struct published *p) {
    if (!p) return;
    free(p->texts);
    free(p->cell);
    free(p);
}

static const char *cell_of(const struct published *p, size_t row, const char *column) {
    for (size_t i = 0; i < p->columns; i++)
        if (strcmp(p->name[i], column) == 0) return p->cell[row][i];
    return "";
}

bool published_has_column(const struct published *p, const char *column) {
    return *cell_of(p, 0, column) != '\0' && !is_text(column);
}

bool published_figure(const struct published *p, const char *sequence, const char *kind,
                      const char *column, double *figure) {
    for (size_t row = 0; row < p->rows && published_has_column(p, column); row++)
        if (strcmp(cell_of(p, row, "sequence"), sequence) == 0 &&
            strcmp(cell_of(p, row, "kind"), kind) == 0)
            return parse_figure(cell_of(p, row, column), figure) && isfinite(*figure);
    return false;
}
