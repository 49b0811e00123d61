/* show_curves.c: cost against one parameter of an experiment, for each experiment that the table
 * below names: a row is a curve, a column a value of the parameter. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* qsort_r */
#endif
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/table.h"
#include "harness/views.h"

enum { SERIES = 4, ADDED = 4 };

static const struct curves_view {
    const char *view, *experiment, *title;
    const char *x;              /* the parameter across */
    const char *series[SERIES]; /* the parameters that tell curves apart, NULL after the last */
    const char *metric; /* what a cell shows; NULL: cycles, or nanoseconds where there are none */
    const char *extra;  /* a metric that has a column of its own, or NULL */
    size_t least;       /* a curve has as many points, else it is not of this table... */
    bool any;           /* unless none has */
    const char *added[ADDED]; /* metrics of which a row also shows by how much the last x has more
                                 than the first */
    struct {
        const char *parameter, *value,
            *at; /* curves that differ from this one in this parameter... */
    } reference; /* are compared with it where x is `at` */
} tables[] = {
    {.view = "state",
     .experiment = "state",
     .title = "One switch by extended state, upper parts of vector registers",
     .x = "upper",
     .extra = "bytes",
     .least = 1,
     .added = {"cycles"}},
    {.view = "contexts",
     .experiment = "contexts",
     .title = "One switch among many contexts",
     .x = "contexts",
     .series = {"order", "stacks", "pages", "prefetch"},
     .metric = "ns",
     .least = 2,
     .any = true,
     .reference = {"stacks", "page", "4096"}},
    {.view = "contexts",
     .experiment = "contexts",
     .title = "The same against the distance of prefetch",
     .x = "prefetch",
     .series = {"order", "stacks", "pages", "contexts"},
     .metric = "ns",
     .least = 3},
    {.view = "sites",
     .experiment = "sites",
     .title = "One switch against the number of sites",
     .x = "sites",
     .series = {"targets", "align"},
     .least = 1},
    {.view = "probe",
     .experiment = "probe",
     .title = "One event of the host's loop, by its probe",
     .x = "probe",
     .least = 2,
     .any = true,
     .added = {"cycles", "instructions", "loads", "stores"}},
};

/* --- Parameters as text ----------------------------------------------------------------------- */

static struct figure param(const json_t *line, const char *name) {
    struct figure f = {"-"};
    const json_t *value = name ? line_param(line, name) : NULL;
    if (json_is_number(value)) snprintf(f.text, sizeof f.text, "%.10g", json_number_value(value));
    if (json_is_string(value)) snprintf(f.text, sizeof f.text, "%.60s", json_string_value(value));
    return f;
}

/* numbers by size, words by alphabet */
static int compare_params(const json_t *a, const json_t *b, const char *name) {
    const json_t *x = line_param(a, name), *y = line_param(b, name);
    if (json_is_number(x) && json_is_number(y))
        return (json_number_value(x) > json_number_value(y)) -
               (json_number_value(x) < json_number_value(y));
    return strcmp(param(a, name).text, param(b, name).text);
}

/* the view with one metric for the whole table: cycles where every line that passed has them */
static struct curves_view with_metric(const struct curves_view *v, const struct group *g) {
    struct curves_view with = *v;
    if (!with.metric) with.metric = "cycles";
    for (size_t i = 0; !v->metric && i < g->n; i++)
        if (line_cost(g->lines[i]) && strcmp(line_cost(g->lines[i]), "cycles")) with.metric = "ns";
    for (size_t i = 0; i < ADDED && with.added[i]; i++)
        if (!strcmp(with.added[i], "cycles")) with.added[i] = with.metric;
    return with;
}

/* --- Curves ----------------------------------------------------------------------------------- */

struct drawn {
    const json_t **lines; /* by x */
    size_t n, rank;       /* rank: as selected, by kind and cost */
};

static bool same_drawn(const struct curves_view *v, const json_t *a, const json_t *b) {
    static const char *const fields[] = {"switcher", "mask", "state", "transfer"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!line_is(a, fields[i], line_text(b, fields[i]))) return false;
    for (size_t i = 0; i < SERIES && v->series[i]; i++)
        if (compare_params(a, b, v->series[i])) return false;
    return true;
}

static int by_x(const void *a, const void *b, void *view) {
    return compare_params(*(const json_t *const *)a, *(const json_t *const *)b,
                          ((const struct curves_view *)view)->x);
}

/* by what tells them apart, and the switchers of one such curve beside each other */
static int by_series(const void *left, const void *right, void *view) {
    const struct drawn *a = left, *b = right;
    const struct curves_view *v = view;
    for (size_t i = 0; i < SERIES && v->series[i]; i++) {
        int order = compare_params(a->lines[0], b->lines[0], v->series[i]);
        if (order) return order;
    }
    return (a->rank > b->rank) - (a->rank < b->rank);
}

static void free_curves(struct drawn *all, size_t n) {
    for (size_t i = 0; i < n; i++)
        free(all[i].lines);
    free(all);
}

/* sorts each curve and leaves out those that have too few points for the table; returns how many
 * are left */
static size_t without_short(const struct curves_view *v, struct drawn *all, size_t n) {
    size_t longest = 0, kept = 0;
    for (size_t i = 0; i < n; i++) {
        qsort_r(all[i].lines, all[i].n, sizeof *all[i].lines, by_x, (void *)(uintptr_t)v);
        if (all[i].n > longest) longest = all[i].n;
    }
    size_t least = v->any && longest < v->least ? 1 : v->least;
    for (size_t i = 0; i < n; i++) {
        if (all[i].n >= least)
            all[kept++] = all[i];
        else
            free(all[i].lines);
    }
    return kept;
}

static struct drawn *curves_of(const struct curves_view *v, const struct group *g, size_t *n) {
    struct drawn *all = calloc(g->n + 1, sizeof *all);
    *n = 0;
    for (size_t i = 0; all && i < g->n; i++) {
        size_t k = 0;
        while (k < *n && !same_drawn(v, all[k].lines[0], g->lines[i]))
            k++;
        if (k == *n) {
            all[k] = (struct drawn){.lines = malloc(g->n * sizeof *all[k].lines), .rank = k};
            if (!all[k].lines) break;
            (*n)++;
        }
        all[k].lines[all[k].n++] = g->lines[i];
    }
    if (all) *n = without_short(v, all, *n);
    if (all) qsort_r(all, *n, sizeof *all, by_series, (void *)(uintptr_t)v);
    return all;
}

/* one line for each value of x that a curve of the table has, in order */
static size_t values_of_x(const struct curves_view *v, const struct drawn *all, size_t n,
                          size_t most, const json_t **out) {
    size_t count = 0;
    for (size_t c = 0; c < n; c++)
        for (size_t i = 0; i < all[c].n; i++) {
            size_t k = 0;
            while (k < count && compare_params(out[k], all[c].lines[i], v->x))
                k++;
            if (k == count && count < most) out[count++] = all[c].lines[i];
        }
    qsort_r(out, count, sizeof *out, by_x, (void *)(uintptr_t)v);
    return count;
}

static const json_t *at(const struct curves_view *v, const struct drawn *c, const json_t *like) {
    for (size_t i = 0; i < c->n; i++)
        if (!compare_params(c->lines[i], like, v->x)) return c->lines[i];
    return NULL;
}

/* --- Cells ------------------------------------------------------------------------------------ */

enum { WIDE = 3, MOST_X = 12, COLUMNS = 3 + SERIES + 1 + MOST_X + ADDED };

static struct figure cost_cell(const struct curves_view *v, const json_t *line, bool wide) {
    struct figure f = {"-"};
    struct estimate e;
    if (line && !line_passed(line)) {
        bool skipped = line_is(json_object_get(line, "check"), "status", "skip");
        snprintf(f.text, sizeof f.text, "%s", skipped ? "skipped" : "FAILED");
        return f;
    }
    if (!line || !line_metric(line, v->metric, &e)) return f;
    if (wide)
        snprintf(f.text, sizeof f.text, "%.16s %.40s", figure(e.value).text, interval(&e).text);
    else
        f = figure(e.value);
    return f;
}

/* by how much `last` has more than `first`: of samples the Hodges-Lehmann shift with its interval
 */
static struct figure added_cell(const json_t *first, const json_t *last, const char *metric) {
    struct figure f = {"-"};
    struct estimate a, b;
    size_t na, nb;
    if (first == last || !line_metric(first, metric, &a) || !line_metric(last, metric, &b))
        return f;
    double *x = line_samples(first, metric, &na), *y = line_samples(last, metric, &nb);
    if (x && y) {
        struct estimate e = shift(y, nb, x, na, CONFIDENCE);
        snprintf(f.text, sizeof f.text, "%.16s %.40s", figure(e.value).text, interval(&e).text);
    } else if (b.value - a.value == floor(b.value - a.value))
        snprintf(f.text, sizeof f.text, "%.0f", b.value - a.value);
    else
        f = figure(b.value - a.value);
    free(x);
    free(y);
    return f;
}

/* --- Tables ----------------------------------------------------------------------------------- */

struct layout { /* of a table's columns */
    size_t series, x, added, columns;
    bool wide;
};

static struct layout layout_of(const struct curves_view *v, size_t x) {
    struct layout l = {.x = x, .wide = x < WIDE};
    while (l.series < SERIES && v->series[l.series])
        l.series++;
    while (l.added < ADDED && v->added[l.added])
        l.added++;
    l.columns = l.series + 2 + (v->extra != NULL) + x + l.added;
    return l;
}

static void curve_row(struct table *t, const struct curves_view *v, const struct layout *l,
                      const struct drawn *c, const json_t *const *xs) {
    struct figure text[COLUMNS];
    const char *cells[COLUMNS];
    size_t n = 0;
    for (size_t i = 0; i < l->series; i++)
        text[n++] = param(c->lines[0], v->series[i]);
    text[n++] = switcher_name(c->lines[0]);
    snprintf(text[n++].text, sizeof text->text, "%.40s", line_text(c->lines[0], "transfer"));
    if (v->extra) {
        struct estimate e;
        bool has = line_metric(c->lines[0], v->extra, &e);
        snprintf(text[n++].text, sizeof text->text, has ? "%.10g" : "-", has ? e.value : 0);
    }
    for (size_t i = 0; i < l->x; i++)
        text[n++] = cost_cell(v, at(v, c, xs[i]), l->wide);
    for (size_t i = 0; i < l->added; i++)
        text[n++] = added_cell(c->lines[0], c->lines[c->n - 1], v->added[i]);
    for (size_t i = 0; i < n; i++)
        cells[i] = text[i].text;
    table_row(t, cells);
}

static bool too_few(const struct curves_view *v, const struct drawn *all, size_t n) {
    struct estimate e;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < all[i].n; k++)
            if (line_metric(all[i].lines[k], v->metric, &e) && e.confidence < CONFIDENCE)
                return true;
    return false;
}

static struct table *heading_of(const struct curves_view *v, const struct layout *l,
                                const char *group, const json_t *const *xs) {
    struct column heading[COLUMNS];
    struct figure names[MOST_X];
    char added[96];
    size_t n = 0;
    snprintf(added, sizeof added, "added by %.60s", l->x ? param(xs[l->x - 1], v->x).text : "");
    for (size_t i = 0; i < l->series; i++)
        heading[n++] = (struct column){v->series[i], NULL, FIT_CUT};
    heading[n++] = (struct column){"switcher", NULL, FIT_CUT};
    heading[n++] = (struct column){"via", NULL, FIT_CUT};
    if (v->extra) heading[n++] = (struct column){v->extra, NULL, FIT_RIGHT};
    for (size_t i = 0; i < l->x; i++) {
        names[i] = param(xs[i], v->x);
        heading[n++] = (struct column){names[i].text, group, l->wide ? FIT_CUT : FIT_RIGHT};
    }
    for (size_t i = 0; i < l->added; i++)
        heading[n++] = (struct column){v->added[i], added, i > 0 ? FIT_RIGHT : FIT_CUT};
    return table_new(heading, n);
}

static void print_failures(struct view_context *c, const struct drawn *curve,
                           const struct curves_view *v) {
    for (size_t i = 0; i < curve->n; i++) {
        const json_t *line = curve->lines[i], *check = json_object_get(line, "check");
        char text[1024], *params = json_dumps(json_object_get(line, "params"), JSON_COMPACT);
        if (!line_passed(line)) {
            bool failed = line_is(check, "status", "fail");
            snprintf(text, sizeof text, "%.80s, %.300s: %s: %.400s",
                     switcher_and_transfer(line).text, params ? params : v->x,
                     failed ? "FAILED" : "skipped", line_text(check, "reason"));
            print_wrapped(text, 2, SHOW_COLUMNS, c->out);
            c->failed += failed;
        }
        free(params);
    }
}

/* --- Comparison with a reference ---------------------------------------------------------------
 */

/* the line at the table's reference x that agrees with `like` in order and switcher, and costs
 * least; or the reference itself */
static const json_t *at_reference(const struct curves_view *v, const struct drawn *all, size_t n,
                                  const json_t *like, bool best) {
    const json_t *found = NULL;
    struct estimate e, least = {.value = INFINITY};
    for (size_t c = 0; c < n; c++)
        for (size_t i = 0; i < all[c].n; i++) {
            const json_t *line = all[c].lines[i];
            bool is_reference =
                !strcmp(param(line, v->reference.parameter).text, v->reference.value);
            if (strcmp(param(line, v->x).text, v->reference.at) || is_reference == best ||
                !line_is(line, "switcher", line_text(like, "switcher")) ||
                compare_params(line, like, v->series[0]) || !line_metric(line, v->metric, &e) ||
                e.value >= least.value)
                continue;
            found = line;
            least = e;
        }
    return found;
}

/* "stacks packed, pages huge, prefetch 4" */
static struct figure described(const struct curves_view *v, const json_t *line) {
    struct figure f = {""};
    for (size_t s = 1; s < SERIES && v->series[s]; s++) {
        size_t used = strlen(f.text);
        snprintf(f.text + used, sizeof f.text - used, "%s%.12s %.12s", used ? ", " : "",
                 v->series[s], param(line, v->series[s]).text);
    }
    return f;
}

static struct estimate times_faster(const json_t *line, const json_t *than, const char *metric) {
    size_t na, nb;
    double *a = line_samples(line, metric, &na), *b = line_samples(than, metric, &nb);
    struct estimate e = a && b ? ratio(b, nb, a, na, CONFIDENCE)
                               : (struct estimate){.value = NAN, .lo = NAN, .hi = NAN};
    free(a);
    free(b);
    return e;
}

static void print_reference(const struct view_context *c, const struct curves_view *v,
                            const struct drawn *all, size_t n) {
    for (size_t i = 0; v->reference.at && i < n; i++) {
        const json_t *like = all[i].lines[0], *reference = at_reference(v, all, n, like, false),
                     *best = at_reference(v, all, n, like, true);
        char text[512];
        if (strcmp(param(like, v->reference.parameter).text, v->reference.value) || !reference ||
            !best)
            continue;
        struct estimate e = times_faster(best, reference, v->metric);
        snprintf(text, sizeof text, "  %s %s, %s %s, %s: %s is %.16s times faster %.40s than %s %s",
                 v->x, v->reference.at, v->series[0], param(best, v->series[0]).text,
                 switcher_name(best).text, described(v, best).text, figure(e.value).text,
                 interval(&e).text, v->reference.parameter, v->reference.value);
        print_wrapped(text, 4, SHOW_COLUMNS, c->out);
    }
}

/* --- The view --------------------------------------------------------------------------------- */

static size_t print_table(struct view_context *c, const struct curves_view *view,
                          const struct group *g) {
    const struct curves_view with = with_metric(view, g), *v = &with;
    const json_t *xs[MOST_X];
    size_t n, rows = 0;
    struct drawn *all = curves_of(v, g, &n);
    if (!all || !n) {
        free_curves(all, all ? n : 0);
        return 0;
    }
    struct layout l = layout_of(v, values_of_x(v, all, n, MOST_X, xs));
    char group[64];
    snprintf(group, sizeof group, "%s (measured %s)", v->x, v->metric);
    struct table *t = heading_of(v, &l, group, xs);
    for (size_t i = 0; i < n; i++, rows += all[i - 1].n)
        curve_row(t, v, &l, &all[i], xs);
    fprintf(c->out, "\n%s: %s on %s; medians over processes\n", v->title, g->arch, g->engine);
    table_print(t, SHOW_COLUMNS, c->out);
    table_free(t);
    if (l.wide && too_few(v, all, n))
        fputs("intervals hold all processes where those are too few for 95%\n", c->out);
    print_reference(c, v, all, n);
    for (size_t i = 0; i < n; i++)
        print_failures(c, &all[i], v);
    free_curves(all, n);
    return rows;
}

size_t view_curves(struct view_context *c) {
    size_t rows = 0;
    for (const struct curves_view *v = tables; v < tables + sizeof tables / sizeof *tables; v++) {
        struct group *all;
        if (strcmp(v->view, c->view)) continue;
        size_t n = groups(c, "result", v->experiment, &all);
        for (size_t i = 0; i < n; i++)
            rows += print_table(c, v, &all[i]);
        groups_free(all, n);
    }
    return rows;
}
