/* show_pressure.c: what each live register costs, and from how many on it pays to save them all. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* open_memstream */
#endif
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/table.h"
#include "harness/views.h"

/* --- Curves ----------------------------------------------------------------------------------- */

enum { POINTS = 64 };

/* All lines of one switcher under one kind of pressure, in ascending number of live values. */
struct live_curve {
    const json_t *line; /* any of them, for names */
    const json_t *lines[POINTS];
    size_t n;
    size_t rank; /* as selected: by kind, then cost */
};

static double live(const json_t *line) {
    return json_number_value(line_param(line, "live"));
}

static bool same_curve(const json_t *a, const json_t *b) {
    static const char *const fields[] = {"switcher", "mask", "state", "transfer"};
    static const char *const params[] = {"file", "use"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!line_is(a, fields[i], line_text(b, fields[i]))) return false;
    for (size_t i = 0; i < sizeof params / sizeof *params; i++)
        if (!json_equal(line_param(a, params[i]), line_param(b, params[i]))) return false;
    return true;
}

static void insert(struct live_curve *c, const json_t *line) {
    size_t i = c->n;
    if (c->n == POINTS) return;
    for (; i > 0 && live(c->lines[i - 1]) > live(line); i--)
        c->lines[i] = c->lines[i - 1];
    c->lines[i] = line;
    c->n++;
}

static const char *param_text(const json_t *line, const char *name) {
    const char *text = json_string_value(line_param(line, name));
    return text ? text : "-";
}

/* Selection has sorted by kind; a table reads best by file, use, then kind. */
static int by_file_use(const void *left, const void *right) {
    const struct live_curve *a = left, *b = right;
    int order = strcmp(param_text(a->line, "file"), param_text(b->line, "file"));
    if (!order) order = -strcmp(param_text(a->line, "use"), param_text(b->line, "use"));
    return order ? order : (a->rank > b->rank) - (a->rank < b->rank);
}

static struct live_curve *curves(const struct group *g, size_t *n) {
    struct live_curve *all = calloc(g->n, sizeof *all);
    *n = 0;
    for (size_t i = 0; all && i < g->n; i++) {
        size_t k = 0;
        while (k < *n && !same_curve(all[k].line, g->lines[i]))
            k++;
        if (k == *n) all[(*n)++] = (struct live_curve){.line = g->lines[i], .rank = k};
        insert(&all[k], g->lines[i]);
    }
    if (all) qsort(all, *n, sizeof *all, by_file_use);
    return all;
}

/* --- Where two of them meet ------------------------------------------------------------------- */

static size_t points(const struct live_curve *c, const char *cost, struct curve_point *p) {
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++) {
        p[n].x = live(c->lines[i]);
        p[n].samples = line_samples(c->lines[i], cost, &p[n].n);
        n += p[n].samples != NULL; /* failed ones have none */
    }
    return n;
}

static const char *curve_cost(const struct live_curve *c) {
    return lines_cost(c->lines, c->n);
}

static struct crossover meet(const struct live_curve *a, const struct live_curve *b) {
    struct curve_point pa[POINTS], pb[POINTS];
    const char *ca = curve_cost(a), *cb = curve_cost(b),
               *cost = ca && cb && strcmp(ca, cb) ? "ns" : ca;
    size_t na = cost && cb ? points(a, cost, pa) : 0, nb = cost && cb ? points(b, cost, pb) : 0;
    struct crossover c = crossover(pa, na, pb, nb);
    for (size_t i = 0; i < na; i++)
        free((double *)pa[i].samples);
    for (size_t i = 0; i < nb; i++)
        free((double *)pb[i].samples);
    return c;
}

static bool comparable(const json_t *a, const json_t *b) {
    return !line_is(a, "kind", line_text(b, "kind")) &&
           line_is(a, "transfer", line_text(b, "transfer")) &&
           json_equal(line_param(a, "file"), line_param(b, "file")) &&
           json_equal(line_param(a, "use"), line_param(b, "use"));
}

size_t meetings(const struct group *g, struct meeting **out) {
    size_t n, count = 0;
    struct live_curve *all = curves(g, &n);
    *out = all ? calloc(n * n + 1, sizeof **out) : NULL;
    for (size_t i = 0; *out && i < n; i++)
        for (size_t k = i + 1; k < n; k++)
            if (comparable(all[i].line, all[k].line))
                (*out)[count++] =
                    (struct meeting){all[i].line, all[k].line, meet(&all[i], &all[k])};
    free(all);
    return count;
}

/* --- Tables ----------------------------------------------------------------------------------- */

enum { FIRST = 5, SHOWN = 10, COLUMNS = FIRST + SHOWN };

/* The live values that have a column: all when they fit, else these; the rest are in the record and
 * in the plot. */
static const int preferred[] = {0, 1, 4, 6, 8, 12, 15, 16};

static bool measured(const struct group *g, int value) {
    for (size_t i = 0; i < g->n; i++)
        if (live(g->lines[i]) == value) return true;
    return false;
}

static size_t shown_values(const struct group *g, int *values) {
    size_t n = 0, count = 0;
    for (int value = 0; value < POINTS; value++)
        if (measured(g, value) && count++ < SHOWN) values[n++] = value;
    if (count <= SHOWN) return n;
    n = 0;
    for (size_t i = 0; i < sizeof preferred / sizeof *preferred; i++)
        if (measured(g, preferred[i])) values[n++] = preferred[i];
    return n;
}

static struct figure cell(const struct live_curve *c, const char *cost, int value) {
    for (size_t i = 0; i < c->n; i++) {
        struct estimate e;
        if (live(c->lines[i]) != value) continue;
        if (!line_passed(c->lines[i])) return (struct figure){"FAILED"};
        if (cost && line_metric(c->lines[i], cost, &e)) return figure(e.value);
    }
    return (struct figure){"-"};
}

static void curve_row(struct table *t, const struct live_curve *c, const int *values,
                      size_t shown) {
    struct figure name = switcher_name(c->line), figures[SHOWN];
    const char *cost = curve_cost(c);
    const char *cells[COLUMNS] = {param_text(c->line, "file"), param_text(c->line, "use"),
                                  name.text, line_text(c->line, "transfer"), cost ? cost : "-"};
    for (size_t i = 0; i < shown; i++) {
        figures[i] = cell(c, cost, values[i]);
        cells[FIRST + i] = figures[i].text;
    }
    table_row(t, cells);
}

static const char *verdict(const json_t *line) {
    return line_is(json_object_get(line, "check"), "status", "fail") ? "FAILED" : "skipped";
}

static const char *reason(const json_t *line) {
    return line_text(json_object_get(line, "check"), "reason");
}

static void print_paragraph(FILE *text, char **buffer, size_t indent, FILE *out) {
    if (!text || fclose(text)) return;
    print_wrapped(*buffer, indent, SHOW_COLUMNS, out);
    free(*buffer);
}

/* Cells without a figure, one paragraph for each reason in a row. */
static void print_failures(struct view_context *c, const struct live_curve *curve) {
    for (size_t i = 0, end; i < curve->n; i = end) {
        const json_t *first = curve->lines[i];
        end = i + 1;
        if (line_passed(first)) continue;
        char *buffer;
        size_t size;
        FILE *text = open_memstream(&buffer, &size);
        if (!text) continue;
        fprintf(text, "%s, %s, %s: %s with %g", param_text(first, "file"), param_text(first, "use"),
                switcher_and_transfer(first).text, verdict(first), live(first));
        for (; end < curve->n && !line_passed(curve->lines[end]) &&
               !strcmp(reason(first), reason(curve->lines[end]));
             end++)
            fprintf(text, ", %g", live(curve->lines[end]));
        fprintf(text, " live: %s", reason(first));
        print_paragraph(text, &buffer, 2, c->out);
        c->failed += !strcmp(verdict(first), "FAILED");
    }
}

static const char *table_method(const struct group *g) {
    for (size_t i = 0; i < g->n; i++)
        if (line_cost(g->lines[i])) return line_method(g->lines[i], line_cost(g->lines[i]));
    return NULL;
}

static void print_curves(struct view_context *c, const struct group *g,
                         const struct live_curve *all, size_t n) {
    static const char *const first[FIRST] = {"file", "use", "switcher", "via", "unit"};
    struct column heading[COLUMNS];
    int values[SHOWN];
    char numbers[SHOWN][16], group[64];
    size_t shown = shown_values(g, values);
    const char *method = table_method(g);
    snprintf(group, sizeof group, "live values (%s)", method ? method : "no figures");
    for (size_t i = 0; i < FIRST; i++)
        heading[i] = (struct column){first[i], NULL, FIT_CUT};
    for (size_t i = 0; i < shown; i++) {
        snprintf(numbers[i], sizeof numbers[i], "%d", values[i]);
        heading[FIRST + i] = (struct column){numbers[i], group, FIT_RIGHT};
    }
    struct table *t = table_new(heading, FIRST + shown);
    for (size_t i = 0; i < n; i++)
        curve_row(t, &all[i], values, shown);
    fprintf(c->out, "\nOne switch with live values: %s on %s; medians over processes\n", g->arch,
            g->engine);
    table_print(t, SHOW_COLUMNS, c->out);
    table_free(t);
}

/* --- What the crossovers say ------------------------------------------------------------------ */

static void bound(char *out, size_t size, double value, const char *none) {
    if (isfinite(value))
        snprintf(out, size, "%.1f", value);
    else
        snprintf(out, size, "%s", none);
}

static void describe(const struct meeting *m, char *out, size_t size) {
    const struct crossover *c = &m->crossover;
    struct figure a = switcher_and_transfer(m->a), b = switcher_and_transfer(m->b);
    const char *less = c->a_first ? a.text : b.text, *more = c->a_first ? b.text : a.text;
    char lo[32], hi[32], below[32], beyond[32];
    snprintf(below, sizeof below, "below %g", c->x_min);
    snprintf(beyond, sizeof beyond, "beyond %g", c->x_max);
    bound(lo, sizeof lo, c->lo, below);
    bound(hi, sizeof hi, c->hi, beyond);
    snprintf(out, size, "%s costs less than %s up to %.1f live values (95%%: between %s and %s)%s",
             less, more, c->at, lo, hi,
             c->crossings > 1 ? "; they cross more than once, so take this as a draw" : "");
}

static void print_crossings(const struct view_context *c, const struct meeting *all, size_t n) {
    for (size_t i = 0; i < n; i++) {
        char text[1024], what[700];
        if (all[i].crossover.crossing != CROSSES) continue;
        describe(&all[i], what, sizeof what);
        snprintf(text, sizeof text, "  %s, %s: %s", param_text(all[i].a, "file"),
                 param_text(all[i].a, "use"), what);
        print_wrapped(text, 4, SHOW_COLUMNS, c->out);
    }
}

static bool same_pressure(const struct meeting *a, const struct meeting *b) {
    return !strcmp(param_text(a->a, "file"), param_text(b->a, "file")) &&
           !strcmp(param_text(a->a, "use"), param_text(b->a, "use"));
}

/* Pairs that do not cross: who costs less at every count. Returns how many there were. */
static size_t put_orders(const struct meeting *all, size_t n, FILE *text) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        bool a_less = all[i].crossover.crossing == A_ALWAYS_LESS;
        if (!a_less && all[i].crossover.crossing != B_ALWAYS_LESS) continue;
        fprintf(text, "%s %s < %s (%s)", count++ ? "," : "",
                switcher_name(a_less ? all[i].a : all[i].b).text,
                switcher_name(a_less ? all[i].b : all[i].a).text, line_text(all[i].a, "transfer"));
    }
    return count;
}

/* One paragraph for each file and use. */
static void print_orders(const struct view_context *c, const struct meeting *all, size_t n) {
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && same_pressure(&all[i], &all[end]);)
            end++;
        char *buffer;
        size_t size;
        FILE *text = open_memstream(&buffer, &size);
        if (!text) continue;
        fprintf(text, "  %s, %s, at every count:", param_text(all[i].a, "file"),
                param_text(all[i].a, "use"));
        if (!put_orders(&all[i], end - i, text)) fputs(" too few figures to compare", text);
        print_paragraph(text, &buffer, 4, c->out);
    }
}

static void print_meetings(const struct view_context *c, const struct group *g) {
    struct meeting *all;
    size_t n = meetings(g, &all);
    if (n)
        fputs("\nWhere kinds meet (medians, interpolated; interval of the Hodges-Lehmann "
              "difference)\n",
              c->out);
    print_crossings(c, all, n);
    print_orders(c, all, n);
    free(all);
}

size_t view_pressure(struct view_context *c) {
    struct group *all;
    size_t n = groups(c, "result", "pressure", &all), rows = 0;
    for (size_t i = 0; i < n; i++) {
        size_t count;
        struct live_curve *drawn = curves(&all[i], &count);
        if (drawn) print_curves(c, &all[i], drawn, count);
        for (size_t k = 0; drawn && k < count; k++)
            print_failures(c, &drawn[k]);
        print_meetings(c, &all[i]);
        rows += all[i].n;
        free(drawn);
    }
    groups_free(all, n);
    return rows;
}
