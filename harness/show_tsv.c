/* show_tsv.c: the same figures as the text tables, one result a line, for gnuplot and other
 * programs. */
#include "harness/show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/views.h"

/* Cells of a line are put one after the other; the first one has no tab before it. */
struct line {
    FILE *out;
    bool begun;
};

static void put(struct line *l, const char *text) {
    if (l->begun) putc('\t', l->out);
    l->begun = true;
    for (; *text; text++)
        putc(*text == '\t' || *text == '\n' || *text == '\r' ? ' ' : *text, l->out);
}

static void put_number(struct line *l, double value) {
    char text[32] = "-";
    if (isfinite(value)) snprintf(text, sizeof text, "%.10g", value);
    put(l, text);
}

static void put_all(struct line *l, const char *const *names, size_t n) {
    for (size_t i = 0; i < n; i++)
        put(l, names[i]);
}

static void end(struct line *l) {
    putc('\n', l->out);
    l->begun = false;
}

/* --- Results ---------------------------------------------------------------------------------- */

static const char *const text_fields[] = {"run",  "arch",     "engine", "switcher",
                                          "kind", "transfer", "mask",   "state"};
static const char *const metrics[] = {"cycles", "ns",    "instructions",   "loads",
                                      "stores", "bytes", "registers_saved"};
enum {
    TEXTS = sizeof text_fields / sizeof *text_fields,
    METRICS = sizeof metrics / sizeof *metrics,
};

/* The parameters that any line of the table has, in the order in which they first appear, after
 * those of pressure: an object whose names they are. */
static json_t *params_of(const struct results *r, const char *experiment) {
    json_t *names = json_pack("{s:n, s:n, s:n}", "file", "use", "live"), *line, *value;
    const char *name;
    size_t i;
    json_array_foreach(r->lines, i, line) if (line_is(line, "experiment", experiment) &&
                                              line_is(line, "type", "result"))
        json_object_foreach(json_object_get(line, "params"), name, value)
            json_object_set_new(names, name, json_null());
    return names;
}

static void put_results_header(struct line *l, json_t *params) {
    const char *param;
    json_t *unused;
    put_all(l, text_fields, TEXTS);
    json_object_foreach(params, param, unused) put(l, param);
    put(l, "check");
    for (size_t i = 0; i < METRICS; i++) {
        static const char *const suffixes[] = {"", "_lo", "_hi", "_method"};
        for (size_t k = 0; k < sizeof suffixes / sizeof *suffixes; k++) {
            char name[64];
            snprintf(name, sizeof name, "%s%s", metrics[i], suffixes[k]);
            put(l, name);
        }
    }
    end(l);
}

static void put_param(struct line *l, const json_t *value) {
    if (json_is_number(value))
        put_number(l, json_number_value(value));
    else
        put(l, json_is_string(value) ? json_string_value(value) : "-");
}

static void put_result(struct line *l, const json_t *result, json_t *params) {
    const char *param;
    json_t *unused;
    for (size_t i = 0; i < TEXTS; i++)
        put(l, line_text(result, text_fields[i]));
    json_object_foreach(params, param, unused) put_param(l, line_param(result, param));
    put(l, line_text(json_object_get(result, "check"), "status"));
    for (size_t i = 0; i < METRICS; i++) {
        struct estimate e = {.value = NAN, .lo = NAN, .hi = NAN};
        const char *method = line_method(result, metrics[i]);
        line_metric(result, metrics[i], &e);
        put_number(l, e.value);
        put_number(l, e.lo);
        put_number(l, e.hi);
        put(l, method ? method : "-");
    }
    end(l);
}

static size_t put_results(struct line *l, struct view_context *c, const char *experiment,
                          bool header) {
    struct group *all;
    size_t n = groups(c, "result", experiment, &all), rows = 0;
    json_t *params = params_of(c->results, experiment);
    if (n && header) put_results_header(l, params);
    for (size_t k = 0; k < n; k++) {
        for (size_t i = 0; i < all[k].n; i++)
            put_result(l, all[k].lines[i], params);
        rows += all[k].n;
    }
    json_decref(params);
    groups_free(all, n);
    return rows;
}

/* --- Crossovers ------------------------------------------------------------------------------- */

static const char *const crossover_header[] = {
    "run", "arch",   "engine",  "file", "use", "transfer", "a",    "a_kind",
    "b",   "b_kind", "crosses", "at",   "lo",  "hi",       "cost", "crossings",
};

/* What both cost where they meet: the line between the medians of a on either side. */
static double cost_at(const struct results *r, const struct meeting *m) {
    double at = m->crossover.at, x0 = -INFINITY, x1 = INFINITY, y0 = NAN, y1 = NAN;
    json_t *like = json_deep_copy(m->a);
    static const char *const vary[] = {"params", "check", "metrics", "samples"};
    for (size_t i = 0; i < sizeof vary / sizeof *vary; i++)
        json_object_del(like, vary[i]);
    size_t n;
    const json_t **lines = results_select(r, like, &n);
    for (size_t i = 0; lines && i < n; i++) {
        struct estimate e;
        double x = json_number_value(line_param(lines[i], "live"));
        bool same = json_equal(line_param(lines[i], "file"), line_param(m->a, "file")) &&
                    json_equal(line_param(lines[i], "use"), line_param(m->a, "use"));
        if (!same || !line_cost(lines[i]) || !line_metric(lines[i], line_cost(lines[i]), &e))
            continue;
        if (x <= at && x > x0) x0 = x, y0 = e.value;
        if (x >= at && x < x1) x1 = x, y1 = e.value;
    }
    free(lines);
    json_decref(like);
    return x1 > x0 ? y0 + (y1 - y0) * (at - x0) / (x1 - x0) : y0;
}

static void put_meeting(struct line *l, const struct results *r, const char *run,
                        const struct group *g, const struct meeting *m) {
    const struct crossover *c = &m->crossover;
    const char *const names[] = {run, g->arch, g->engine};
    put_all(l, names, 3);
    put_param(l, line_param(m->a, "file"));
    put_param(l, line_param(m->a, "use"));
    put(l, line_text(m->a, "transfer"));
    put(l, switcher_name(m->a).text);
    put(l, line_text(m->a, "kind"));
    put(l, switcher_name(m->b).text);
    put(l, line_text(m->b, "kind"));
    put(l, c->crossing == CROSSES ? "yes" : "no");
    put_number(l, c->at);
    put_number(l, c->lo);
    put_number(l, c->hi);
    put_number(l, c->crossing == CROSSES ? cost_at(r, m) : NAN);
    put_number(l, (double)c->crossings);
    end(l);
}

static size_t put_crossovers(struct line *l, struct view_context *c, const char *experiment,
                             bool header) {
    (void)experiment;
    struct group *all;
    size_t n = groups(c, "result", "pressure", &all), rows = 0;
    for (size_t k = 0; k < n; k++) {
        struct meeting *met;
        size_t count = meetings(&all[k], &met);
        if (count && header && !rows) {
            put_all(l, crossover_header, sizeof crossover_header / sizeof *crossover_header);
            end(l);
        }
        for (size_t m = 0; m < count; m++)
            put_meeting(l, c->results, c->run, &all[k], &met[m]);
        rows += count;
        free(met);
    }
    groups_free(all, n);
    return rows;
}

/* --- The whole -------------------------------------------------------------------------------- */

static size_t put_runs(const struct results *r, const char *table, FILE *out) {
    size_t i, rows = 0;
    json_t *line;
    struct line l = {out, false};
    json_array_foreach(r->lines, i, line) {
        struct view_context c = {.results = r, .run = line_text(line, "run"), .out = out};
        if (!line_is(line, "type", "run") || show_long(&c, table, rows == 0, &rows)) continue;
        rows +=
            (strcmp(table, "crossover") ? put_results : put_crossovers)(&l, &c, table, rows == 0);
    }
    return rows;
}

int show_tsv(const char *path, const char *table, FILE *out, FILE *err) {
    struct results results;
    if (results_load(path, &results, err)) return 2;
    size_t rows = put_runs(&results, table, out);
    int status = results.bad ? 1 : 0;
    results_free(&results);
    if (rows) return status;
    fprintf(err, "%s holds no results of %s\n", path, table);
    return 2;
}
