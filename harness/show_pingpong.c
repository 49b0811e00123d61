/* show_pingpong.c: what a switch costs, each beside the check it passed, and how they compare. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/table.h"
#include "harness/views.h"

#define WIDEST   0.25 /* an interval wider than this part of its value is called unstable */
#define MATERIAL 0.01 /* an outlier nearer than this part of the median is not worth a mark */

/* --- Costs ------------------------------------------------------------------------------------ */

enum {
    SWITCHER,
    KIND,
    VIA,
    STATE,
    CYCLES,
    INTERVAL,
    NS,
    INSTRUCTIONS,
    LOADS,
    STORES,
    BYTES,
    SAVED,
    CHECK,
    COLUMNS
};

static const struct {
    const char *heading, *metric;
} columns[COLUMNS] = {
    [SWITCHER] = {"switcher", NULL},
    [KIND] = {"kind", NULL},
    [VIA] = {"via", NULL},
    [STATE] = {"state", NULL},
    [CYCLES] = {"cycles", "cycles"},
    [INTERVAL] = {"95%", "cycles"},
    [NS] = {"ns", "ns"},
    [INSTRUCTIONS] = {"instr", "instructions"},
    [LOADS] = {"loads", "loads"},
    [STORES] = {"stores", "stores"},
    [BYTES] = {"bytes", "bytes"},
    [SAVED] = {"saved", "registers_saved"},
    [CHECK] = {"check", NULL},
};

/* The method of a column: one word when all rows agree, else "mixed" and each odd cell is marked.
 */
static const char *column_method(const struct group *g, const char *name) {
    const char *method = NULL;
    for (size_t i = 0; name && i < g->n; i++) {
        const char *here = line_method(g->lines[i], name);
        if (here && method && strcmp(here, method)) return "mixed";
        if (here) method = here;
    }
    return method;
}

/* Counts that are whole are written so. */
static struct figure count_or_figure(double value, const char *method) {
    struct figure f = figure(value);
    if (!strcmp(method, "counted") && value == floor(value) && fabs(value) < 1e9)
        snprintf(f.text, sizeof f.text, "%.0f", value);
    return f;
}

/* What a reader must know before using a row's time; each mark in use is explained below the table.
 */
enum { SHARED, UNSTABLE, FEW, OUTLYING, COUNTED, MODELLED, MARKS };
static const struct {
    char mark;
    const char *meaning;
} marks[MARKS] = {
    [SHARED] = {'^', "processes whose core others used count here: too high"},
    [UNSTABLE] = {'?', "unstable: negative, or its interval is wider than a quarter of it"},
    [FEW] = {'!', "too few processes for 95%: the interval holds all of them"},
    [OUTLYING] = {'*', "some samples are outliers, more than 1% away; they are kept"},
    [COUNTED] = {'=', "counted, where the column is otherwise not"},
    [MODELLED] = {'~', "modelled, where the column is otherwise not"},
};

static bool has_outliers(const json_t *line, const char *metric) {
    size_t n, found = 0;
    double *samples = line_samples(line, metric, &n);
    bool *flag = samples ? malloc(n * sizeof *flag) : NULL;
    if (flag) outliers(samples, n, flag);
    double centre = flag ? median(samples, n, CONFIDENCE).value : 0;
    for (size_t i = 0; flag && i < n; i++)
        found += flag[i] && fabs(samples[i] - centre) > MATERIAL * fabs(centre);
    free(flag);
    free(samples);
    return found > 0;
}

static void judge_time(const json_t *line, bool *marked) {
    struct estimate e;
    const char *cost = line_cost(line);
    if (!cost || !line_metric(line, cost, &e) || strcmp(line_method(line, cost), "measured"))
        return;
    marked[SHARED] =
        json_integer_value(json_object_get(line, "core_shared")) > 0 && !line_set_aside(line);
    marked[UNSTABLE] = estimate_flaw(&e, WIDEST) != NULL;
    marked[FEW] = e.confidence < CONFIDENCE;
    marked[OUTLYING] = has_outliers(line, cost);
}

static void print_legend(const bool *used, FILE *out) {
    for (size_t i = 0; i < MARKS; i++)
        if (used[i]) fprintf(out, "%c %s\n", marks[i].mark, marks[i].meaning);
}

/* Which mark a cell needs whose column has several methods; MARKS: none. */
static size_t method_mark(const char *column, const char *method) {
    if (strcmp(column, "mixed") || !strcmp(method, "measured")) return MARKS;
    return !strcmp(method, "counted") ? COUNTED : MODELLED;
}

/* "[3.02, 3.11]?*"; of the nanoseconds where there are no cycles, whose column then says "ns". */
static struct figure marked_interval(const json_t *line, bool *used) {
    struct figure f = {""};
    struct estimate e;
    bool marked[MARKS] = {false};
    const char *cost = line_cost(line);
    if (cost && line_metric(line, cost, &e)) f = interval(&e);
    judge_time(line, marked);
    for (size_t i = 0; i < MARKS; i++) {
        size_t length = strlen(f.text);
        if (marked[i]) snprintf(f.text + length, sizeof f.text - length, "%c", marks[i].mark);
        used[i] |= marked[i];
    }
    return f;
}

static void cost_row(struct table *t, const json_t *line, const char *const *methods, bool *used) {
    struct figure text[COLUMNS], name = switcher_name(line);
    const char *cells[COLUMNS] = {name.text, line_text(line, "kind"), line_text(line, "transfer"),
                                  line_text(line, "state")};
    struct estimate e;
    text[INTERVAL] = marked_interval(line, used);
    cells[INTERVAL] = text[INTERVAL].text;
    cells[CHECK] = "pass";
    if (line_cost(line) && strcmp(line_cost(line), "cycles")) cells[CYCLES] = line_cost(line);
    for (size_t i = CYCLES; i < CHECK; i++) {
        if (i == INTERVAL || !line_metric(line, columns[i].metric, &e)) continue;
        const char *method = line_method(line, columns[i].metric);
        size_t mark = method_mark(methods[i], method), marked = mark < MARKS;
        if (marked) text[i].text[0] = marks[mark].mark;
        snprintf(text[i].text + marked, sizeof text[i].text - marked, "%.40s",
                 count_or_figure(e.value, method).text);
        cells[i] = text[i].text;
        if (marked) used[mark] = true;
    }
    table_row(t, cells);
}

static void failed_row(struct table *t, const json_t *line) {
    const json_t *check = json_object_get(line, "check");
    struct figure name = switcher_name(line);
    const char *cells[] = {name.text, line_text(line, "kind"), line_text(line, "transfer"),
                           line_text(line, "state")};
    char text[1024];
    snprintf(text, sizeof text, "%s: %s", line_is(check, "status", "fail") ? "FAILED" : "skipped",
             line_text(check, "reason"));
    json_t *names = json_object_get(check, "corrupted"), *register_name;
    size_t i;
    json_array_foreach(names, i, register_name) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s",
                 i ? ", " : "; corrupted: ", json_string_value(register_name));
    }
    table_row_text(t, cells, CYCLES, text);
}

static void print_costs(struct view_context *c, const struct group *g) {
    struct column heading[COLUMNS];
    const char *methods[COLUMNS];
    bool used[MARKS] = {false};
    for (size_t i = 0; i < COLUMNS; i++) {
        methods[i] = column_method(g, columns[i].metric);
        heading[i] = (struct column){columns[i].heading, methods[i],
                                     i == 0 || i == INTERVAL     ? FIT_KEEP
                                     : i >= CYCLES && i != CHECK ? FIT_RIGHT
                                                                 : FIT_CUT};
    }
    struct table *t = table_new(heading, COLUMNS);
    for (size_t i = 0; i < g->n; i++) {
        if (line_passed(g->lines[i]))
            cost_row(t, g->lines[i], methods, used);
        else {
            failed_row(t, g->lines[i]);
            c->failed += line_is(json_object_get(g->lines[i], "check"), "status", "fail");
        }
    }
    fprintf(c->out, "\nOne switch, one way: %s on %s; medians over processes\n", g->arch,
            g->engine);
    table_print(t, SHOW_COLUMNS, c->out);
    print_legend(used, c->out);
    table_free(t);
}

size_t view_pingpong(struct view_context *c) {
    struct group *all;
    size_t n = groups(c, "result", "pingpong", &all), rows = 0;
    for (size_t i = 0; i < n; i++) {
        print_costs(c, &all[i]);
        rows += all[i].n;
    }
    groups_free(all, n);
    return rows;
}

/* --- Ratios ----------------------------------------------------------------------------------- */

enum { REFERENCES = 4, RATIO_COLUMNS = 3 + REFERENCES };

static const json_t *cheapest(const struct group *g, const char *field, const char *value) {
    for (size_t i = 0; i < g->n; i++) /* sorted by cost within a kind */
        if (line_is(g->lines[i], field, value) && line_passed(g->lines[i])) return g->lines[i];
    return NULL;
}

/* The baseline, then the best of each kind; without repeats. */
static size_t references(const struct view_context *c, const struct group *g, const json_t **out) {
    const char *baseline = c->options->baseline;
    const json_t *candidates[REFERENCES] = {
        baseline ? cheapest(g, "switcher", baseline) : cheapest(g, "kind", "peer"),
        cheapest(g, "kind", "scratch"),
        cheapest(g, "kind", "pip"),
        cheapest(g, "kind", "full"),
    };
    size_t n = 0;
    for (size_t i = 0; i < REFERENCES; i++)
        if (candidates[i] && (i == 0 || candidates[i] != candidates[0])) out[n++] = candidates[i];
    return n;
}

/* Below a tenth, 1/x says it better. */
static struct figure ratio_part(double value) {
    struct figure f = figure(value);
    if (value < 0.1) snprintf(f.text, sizeof f.text, "1/%.20s", figure(1 / value).text);
    return f;
}

static struct figure ratio_cell(const json_t *line, const json_t *reference) {
    struct figure f = {"="};
    struct estimate e;
    if (line == reference) return f;
    if (!line_ratio(line, reference, &e)) return (struct figure){"-"};
    snprintf(f.text, sizeof f.text, "%.18s [%.18s, %.18s]", ratio_part(e.value).text,
             ratio_part(e.lo).text, ratio_part(e.hi).text);
    return f;
}

static struct table *ratio_table(const struct group *g, const json_t *const *reference, size_t n) {
    struct column heading[RATIO_COLUMNS] = {
        {"switcher", NULL, FIT_CUT}, {"kind", NULL, FIT_CUT}, {"via", NULL, FIT_CUT}};
    struct figure names[REFERENCES], cells[REFERENCES];
    for (size_t k = 0; k < n; k++) {
        names[k] = switcher_and_transfer(reference[k]);
        heading[3 + k] = (struct column){names[k].text, "column's cost / row's cost", FIT_KEEP};
    }
    struct table *t = table_new(heading, 3 + n);
    for (size_t i = 0; i < g->n; i++) {
        struct figure name = switcher_name(g->lines[i]);
        const char *row[RATIO_COLUMNS] = {name.text, line_text(g->lines[i], "kind"),
                                          line_text(g->lines[i], "transfer")};
        if (!line_passed(g->lines[i])) continue;
        for (size_t k = 0; k < n; k++) {
            cells[k] = ratio_cell(g->lines[i], reference[k]);
            row[3 + k] = cells[k].text;
        }
        table_row(t, row);
    }
    return t;
}

/* an emulated switch is counted, not timed */
static bool timed(const struct group *g) {
    for (size_t i = 0; i < g->n; i++)
        if (line_cost(g->lines[i])) return true;
    return false;
}

static size_t print_ratios(const struct view_context *c, const struct group *g) {
    const json_t *reference[REFERENCES];
    size_t n = references(c, g, reference);
    if (n == 0 || !timed(g)) return 0;
    struct table *t = ratio_table(g, reference, n);
    while (n > 1 && table_width(t) > SHOW_COLUMNS) {
        table_free(t);
        t = ratio_table(g, reference, --n);
    }
    fprintf(c->out,
            "\nHow many times cheaper (Hodges-Lehmann ratio and 95%% interval of raw samples): %s "
            "on %s\n",
            g->arch, g->engine);
    table_print(t, SHOW_COLUMNS, c->out);
    table_free(t);
    return g->n;
}

size_t view_ratios(struct view_context *c) {
    struct group *all;
    size_t n = groups(c, "result", "pingpong", &all), rows = 0;
    for (size_t i = 0; i < n; i++)
        rows += print_ratios(c, &all[i]);
    groups_free(all, n);
    return rows;
}
