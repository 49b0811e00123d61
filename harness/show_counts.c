/* show_counts.c: experiments that are counted and not timed. One table for each point, with every
 * exact figure; where cycles are modelled, what they are made of; and, where a point has a number
 * as a parameter, one more with what that number does to bytes and cycles. */
#include <stdlib.h>
#include <string.h>

#include "harness/table.h"
#include "harness/views.h"

enum { CELL = 32, MOST_POINTS = 64 };

static const struct {
    const char *metric, *heading;
} figures[] = {
    {"instructions", "instr."}, {"bundles", "bundles"},        {"groups", "groups"},
    {"loads", "loads"},         {"stores", "stores"},          {"rse_spills", "spills"},
    {"rse_fills", "fills"},     {"serializations", "serial."}, {"privileged", "privileged"},
    {"bytes", "bytes"},         {"registers_saved", "saved"},
};
enum { FIGURES = sizeof figures / sizeof *figures, COLUMNS = FIGURES + 2 };
static const struct column first_column = {"switcher", NULL, FIT_CUT};

/* ---- figures ---- */

static const json_t *metric_of(const json_t *line, const char *name) {
    return json_object_get(json_object_get(line, "metrics"), name);
}

static double bound(const json_t *metric, const char *name) {
    return json_number_value(json_object_get(metric, name));
}

static const char *text_of(const json_t *line, const char *name, char text[CELL]) {
    const json_t *metric = metric_of(line, name);
    if (!metric) return NULL;
    if (bound(metric, "lo") < bound(metric, "hi"))
        snprintf(text, CELL, "%.0f (%.0f-%.0f)", bound(metric, "value"), bound(metric, "lo"),
                 bound(metric, "hi"));
    else
        snprintf(text, CELL, "%.0f", bound(metric, "value"));
    return text;
}

/* neither timed nor failed; what is to be timed has its own tables, timed or not */
static bool is_counted(const json_t *line) {
    return !line_is(line, "experiment", "pingpong") && !line_is(line, "experiment", "worldtime") &&
           json_object_size(json_object_get(line, "samples")) == 0 &&
           metric_of(line, "instructions");
}

static const json_t *check_of(const json_t *line) {
    return json_object_get(line, "check");
}

/* of an experiment that is neither timed nor mapped: those have their own tables */
static bool is_failed(const json_t *line) {
    return !line_is(line, "experiment", "worldtime") && line_is(check_of(line), "status", "fail") &&
           json_object_get(line, "params") &&
           json_object_get(json_object_get(line, "params"), "direction");
}

static void print_failures(struct view_context *c, const struct group *g, const json_t *params) {
    for (size_t i = 0; i < g->n; i++) {
        const json_t *line = g->lines[i];
        if (!is_failed(line) || !json_equal(json_object_get(line, "params"), params)) continue;
        c->failed++;
        fprintf(c->out, "%s: check failed: %s\n", switcher_name(line).text,
                line_text(check_of(line), "reason"));
    }
}

/* ---- points ---- */

static size_t points_of(const struct group *g, const json_t *points[MOST_POINTS]) {
    size_t n = 0;
    for (size_t i = 0; i < g->n; i++) {
        const json_t *params = json_object_get(g->lines[i], "params");
        bool known = !is_counted(g->lines[i]) && !is_failed(g->lines[i]);
        for (size_t k = 0; k < n && !known; k++)
            known = json_equal(points[k], params);
        if (!known && n < MOST_POINTS) points[n++] = params;
    }
    return n;
}

/* the name of a parameter that is a number, or NULL */
static const char *numeric(const json_t *params) {
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)params, name, value) if (json_is_integer(value)) return name;
    return NULL;
}

static const char *words(const json_t *params, char text[128]) {
    const char *name;
    json_t *value;
    text[0] = 0;
    json_object_foreach((json_t *)params, name, value) if (json_is_string(value))
        snprintf(text + strlen(text), 128 - strlen(text), "%s%s %s", *text ? ", " : "", name,
                 json_string_value(value));
    return text;
}

/* ---- tables ---- */

/* a line of this table: a failed one has no figures, only its reason */
static bool is_row(const json_t *line, const json_t *params) {
    return json_equal(json_object_get(line, "params"), params) &&
           (is_counted(line) || is_failed(line));
}

static bool is_used(const struct group *g, const json_t *params, const char *metric) {
    for (size_t i = 0; i < g->n; i++)
        if (is_row(g->lines[i], params) && metric_of(g->lines[i], metric)) return true;
    return false;
}

/* only columns that some row has a figure for */
static size_t columns_of(const struct group *g, const json_t *params,
                         struct column columns[COLUMNS], const char *metrics[COLUMNS]) {
    size_t n = 0;
    columns[n++] = first_column;
    for (size_t i = 0; i < FIGURES; i++)
        if (is_used(g, params, figures[i].metric)) {
            metrics[n] = figures[i].metric;
            columns[n++] = (struct column){figures[i].heading, NULL, FIT_RIGHT};
        }
    if (is_used(g, params, "cycles")) {
        metrics[n] = "cycles";
        columns[n++] = (struct column){"cycles (modelled)", NULL, FIT_RIGHT};
    }
    return n;
}

static size_t print_point(struct view_context *c, const struct group *g, const json_t *params) {
    struct column columns[COLUMNS];
    const char *metrics[COLUMNS];
    char text[COLUMNS][CELL], title[128];
    size_t n = columns_of(g, params, columns, metrics), rows = 0;
    struct table *t = table_new(columns, n);
    for (size_t i = 0; i < g->n; i++) {
        const json_t *line = g->lines[i];
        const char *cells[COLUMNS];
        struct figure name = switcher_name(line);
        if (!is_row(line, params)) continue;
        cells[0] = name.text;
        for (size_t k = 1; k < n; k++)
            cells[k] = text_of(line, metrics[k], text[k]);
        table_row(t, cells);
        rows++;
    }
    fprintf(c->out, "\nOne switch, %s, %s on %s (counted)\n", words(params, title), g->arch,
            g->engine);
    table_print(t, SHOW_COLUMNS, c->out);
    table_free(t);
    print_failures(c, g, params);
    return rows;
}

static const json_t *line_at(const struct group *g, const json_t *like, const json_t *params) {
    for (size_t i = 0; i < g->n; i++) {
        const json_t *line = g->lines[i];
        if (is_counted(line) && json_equal(json_object_get(line, "params"), params) &&
            line_is(line, "switcher", line_text(like, "switcher")) &&
            line_is(line, "mask", line_text(like, "mask")))
            return line;
    }
    return NULL;
}

/* rows: switchers; columns: the values of the number, evenly chosen */
static void print_curve(struct view_context *c, const struct group *g, const json_t **points,
                        size_t n, const char *name, const char *metric) {
    enum { SHOWN = 7 };
    struct column columns[1 + SHOWN] = {first_column};
    char heading[SHOWN][CELL], text[SHOWN][CELL], title[128];
    const json_t *shown[SHOWN];
    size_t width = n < SHOWN ? n : SHOWN;
    for (size_t k = 0; k < width; k++) {
        shown[k] = points[width > 1 ? k * (n - 1) / (width - 1) : 0];
        snprintf(heading[k], CELL, "%d", (int)json_integer_value(json_object_get(shown[k], name)));
        columns[1 + k] = (struct column){heading[k], NULL, FIT_RIGHT};
    }
    struct table *t = table_new(columns, 1 + width);
    for (size_t i = 0; i < g->n; i++) {
        const json_t *line = g->lines[i];
        const char *cells[1 + SHOWN];
        struct figure label = switcher_name(line);
        if (!is_counted(line) || !json_equal(json_object_get(line, "params"), points[0])) continue;
        cells[0] = label.text;
        for (size_t k = 0; k < width; k++) {
            const json_t *at = line_at(g, line, shown[k]);
            if (at) snprintf(text[k], CELL, "%.0f", bound(metric_of(at, metric), "value"));
            cells[1 + k] = at ? text[k] : NULL;
        }
        table_row(t, cells);
    }
    fprintf(c->out, "\n%s against %s, %s, %s on %s\n", metric, name, words(points[0], title),
            g->arch, g->engine);
    table_print(t, SHOW_COLUMNS, c->out);
    table_free(t);
}

/* ---- what modelled cycles are made of: parts of the code, "cycles.NAME"; and issue and stalls, by
 * the names of the processor's events, "EVENT.CAUSE" ---- */

enum { MOST_SUMMANDS = 16 };
static const char part_prefix[] = "cycles.";

struct breakdown {
    const char *heading;
    bool parts; /* or causes */
};

static bool belongs(const struct breakdown *b, const char *name, const json_t *metric) {
    return line_is(metric, "method", "modelled") && strcmp(name, "cycles") != 0 &&
           (strncmp(name, part_prefix, sizeof part_prefix - 1) == 0) == b->parts;
}

/* the names of what the lines at a point have more than 0 of */
static size_t summands(const struct group *g, const json_t *params, const struct breakdown *b,
                       const char *names[MOST_SUMMANDS]) {
    size_t n = 0;
    for (size_t i = 0; i < g->n; i++) {
        const char *name;
        json_t *metric;
        if (!json_equal(json_object_get(g->lines[i], "params"), params)) continue;
        json_object_foreach(json_object_get(g->lines[i], "metrics"), name, metric) {
            bool known = !belongs(b, name, metric) || bound(metric, "value") == 0;
            for (size_t k = 0; k < n && !known; k++)
                known = strcmp(names[k], name) == 0;
            if (!known && n < MOST_SUMMANDS) names[n++] = name;
        }
    }
    return n;
}

static void print_breakdown(struct view_context *c, const struct group *g, const json_t *params,
                            const struct breakdown *b) {
    const char *names[MOST_SUMMANDS];
    struct column columns[2 + MOST_SUMMANDS] = {first_column};
    char text[1 + MOST_SUMMANDS][CELL], title[128];
    size_t n = summands(g, params, b, names);
    if (!n) return;
    for (size_t k = 0; k < n; k++) {
        const char *dot = strrchr(names[k], '.');
        columns[1 + k] = (struct column){dot ? dot + 1 : names[k], NULL, FIT_RIGHT};
    }
    columns[1 + n] = (struct column){"cycles", NULL, FIT_RIGHT};
    struct table *t = table_new(columns, 2 + n);
    for (size_t i = 0; i < g->n; i++) {
        const json_t *line = g->lines[i];
        const char *cells[2 + MOST_SUMMANDS];
        struct figure label = switcher_name(line);
        if (!is_counted(line) || !json_equal(json_object_get(line, "params"), params)) continue;
        cells[0] = label.text;
        for (size_t k = 0; k <= n; k++) {
            const json_t *metric = metric_of(line, k < n ? names[k] : "cycles");
            if (metric) snprintf(text[k], CELL, "%.0f", bound(metric, "value"));
            cells[1 + k] = metric ? text[k] : NULL;
        }
        table_row(t, cells);
    }
    fprintf(c->out, "\nCycles by %s, %s, %s on %s (modelled)\n", b->heading, words(params, title),
            g->arch, g->engine);
    table_print(t, SHOW_COLUMNS, c->out);
    table_free(t);
}

/* ---- a group ---- */

static size_t print_whole_point(struct view_context *c, const struct group *g,
                                const json_t *params) {
    static const struct breakdown breakdowns[] = {{"part of the code", true},
                                                  {"what the pipeline does", false}};
    size_t rows = print_point(c, g, params);
    if (json_object_size(params) > 1) return rows;
    for (size_t i = 0; i < sizeof breakdowns / sizeof *breakdowns; i++)
        print_breakdown(c, g, params, &breakdowns[i]);
    return rows;
}

static bool same_curve(const json_t *a, const json_t *b) {
    char a_words[128], b_words[128];
    return numeric(a) && numeric(b) && strcmp(numeric(a), numeric(b)) == 0 &&
           strcmp(words(a, a_words), words(b, b_words)) == 0;
}

/* the curve that begins at points[first], with the points on it that come later */
static size_t print_curves(struct view_context *c, const struct group *g, const json_t **points,
                           size_t n, size_t first) {
    const json_t *curve[MOST_POINTS];
    size_t length = 0;
    for (size_t i = 0; i < n; i++) {
        if (!same_curve(points[first], points[i])) continue;
        if (i < first) return 0; /* printed */
        curve[length++] = points[i];
    }
    print_curve(c, g, curve, length, numeric(points[first]), "bytes");
    print_curve(c, g, curve, length, numeric(points[first]), "cycles");
    return length;
}

static size_t print_group(struct view_context *c, const struct group *g) {
    const json_t *points[MOST_POINTS];
    size_t n = points_of(g, points), rows = 0;
    for (size_t i = 0; i < n; i++)
        rows += numeric(points[i]) ? print_curves(c, g, points, n, i)
                                   : print_whole_point(c, g, points[i]);
    return rows;
}

/* ---- two engines that count the same code must agree ---- */

struct agreement {
    size_t same, different;
};

static void compare_lines(struct view_context *c, const json_t *a, const json_t *b,
                          struct agreement *sum) {
    const char *name;
    json_t *metric;
    json_object_foreach(json_object_get(a, "metrics"), name, metric) {
        const json_t *other = metric_of(b, name);
        if (!other || !line_is(metric, "method", "counted")) continue;
        bool same = bound(metric, "value") == bound(other, "value");
        sum->same += same;
        sum->different += !same;
        if (!same)
            fprintf(c->out, "%s %s: %.0f on %s, %.0f on %s\n", switcher_name(a).text, name,
                    bound(metric, "value"), line_text(a, "engine"), bound(other, "value"),
                    line_text(b, "engine"));
    }
}

static void compare_groups(struct view_context *c, const struct group *a, const struct group *b) {
    struct agreement sum = {0};
    for (size_t i = 0; i < a->n; i++) {
        const json_t *other = line_at(b, a->lines[i], json_object_get(a->lines[i], "params"));
        if (is_counted(a->lines[i]) && other) compare_lines(c, a->lines[i], other, &sum);
    }
    if (!sum.same && !sum.different) return;
    fprintf(c->out, "\n%s and %s agree in %zu of %zu counted figures\n", a->engine, b->engine,
            sum.same, sum.same + sum.different);
    c->failed += sum.different;
}

size_t view_counts(struct view_context *c) {
    struct group *all;
    size_t n = groups(c, "result", NULL, &all), rows = 0;
    for (size_t i = 0; i < n; i++)
        rows += print_group(c, &all[i]);
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++)
            if (!strcmp(all[i].arch, all[k].arch)) compare_groups(c, &all[i], &all[k]);
    groups_free(all, n);
    return rows;
}
