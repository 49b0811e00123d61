/* report_machines.c: machines side by side, a column each, of every experiment that several of them
 * ran. Each figure stays its machine's: none are put together, and no ratio is taken across. */
#include <stdlib.h>
#include <string.h>

#include "harness/report_parts.h"
#include "harness/views.h"

/* one experiment: its sections, one a machine, and the lines of each by their cell */
struct beside {
    const struct section *section;
    size_t n;
    json_t **place; /* of each section: cell to its line's index */
    json_t *rows;   /* every cell that a machine has */
};

/* ---- cells ---- */

static void open_beside(struct beside *b, const struct section *section, size_t n) {
    *b = (struct beside){section, n, calloc(n, sizeof(json_t *)), json_object()};
    if (!b->place) abort();
    for (size_t k = 0; k < n; k++) {
        b->place[k] = json_object();
        for (size_t i = 0; i < section[k].n; i++) {
            struct cell_path cell = cell_path(section[k].lines[i], false);
            json_object_set_new(b->place[k], cell.text, json_integer((json_int_t)i));
            json_object_set_new(b->rows, cell.text, json_null());
        }
    }
}

static void close_beside(struct beside *b) {
    for (size_t k = 0; k < b->n; k++)
        json_decref(b->place[k]);
    free(b->place);
    json_decref(b->rows);
}

/* NULL: this machine has no such cell */
static const json_t *line_of(const struct beside *b, size_t machine, const char *cell) {
    const json_t *index = json_object_get(b->place[machine], cell);
    return index ? b->section[machine].lines[json_integer_value(index)] : NULL;
}

static const json_t *any_line(const struct beside *b, const char *cell) {
    const json_t *line = NULL;
    for (size_t k = 0; k < b->n && !line; k++)
        line = line_of(b, k, cell);
    return line;
}

/* ---- which rows a metric's table has ---- */

static bool any_has(const struct beside *b, const char *cell, const char *metric) {
    struct estimate e;
    for (size_t k = 0; k < b->n; k++) {
        const json_t *line = line_of(b, k, cell);
        if (line && line_metric(line, metric, &e)) return true;
    }
    return false;
}

static bool same_value(const json_t *a, const json_t *b, const char *metric) {
    struct estimate x, y;
    bool in_a = line_metric(a, metric, &x), in_b = line_metric(b, metric, &y);
    return in_a && in_b && !(x.value < y.value) && !(x.value > y.value);
}

/* how many machines have the cell, and whether all of these agree in the metric */
static size_t machines_of(const struct beside *b, const char *cell, const char *metric,
                          bool *agree) {
    size_t n = 0;
    const json_t *first = any_line(b, cell);
    *agree = true;
    for (size_t k = 0; k < b->n; k++) {
        const json_t *line = line_of(b, k, cell);
        n += line != NULL;
        if (line && !same_value(first, line, metric)) *agree = false;
    }
    return n;
}

/* what a clock measures differs everywhere; what is counted or modelled is told where it does */
static bool is_exact(const struct beside *b, const char *metric) {
    for (size_t k = 0; k < b->n; k++) {
        const char *method = method_of(&b->section[k], metric);
        if (method && (!strcmp(method, "measured") || !strcmp(method, "mixed"))) return false;
    }
    return true;
}

static bool is_row(const struct beside *b, const char *cell, const char *metric, bool exact) {
    bool agree;
    if (!any_has(b, cell, metric)) return false;
    return !exact || (machines_of(b, cell, metric, &agree) > 1 && !agree);
}

/* a line of each row, by what the first machine that has it says */
static const json_t **rows_of(const struct beside *b, const char *metric, bool exact, size_t *n) {
    const json_t **rows = calloc(json_object_size(b->rows) + 1, sizeof *rows);
    const char *cell;
    json_t *unused;
    if (!rows) abort();
    *n = 0;
    json_object_foreach(b->rows, cell, unused) if (is_row(b, cell, metric, exact)) rows[(*n)++] =
        any_line(b, cell);
    sort_lines(rows, *n, metric);
    return rows;
}

/* ---- a metric's table ---- */

static void put_figure(struct report *r, const json_t *line, const char *metric,
                       const struct range *bars) {
    if (!line || line_passed(line)) {
        put_metric(r, line, metric, bars);
        return;
    }
    const char *status = line_text(json_object_get(line, "check"), "status");
    html(r->out, "<td class=\"n check %s\">%s", status, status);
}

/* one column for all that says which cell it is, so that a phone has room for the machines */
static void put_name(struct report *r, const json_t *line) {
    const char *name, *sign = "<br><small>";
    json_t *value;
    html(r->out, "<tr><th>%s <span class=\"kind %s\">%s</span>", switcher_and_transfer(line).text,
         line_text(line, "kind"), line_text(line, "kind"));
    json_object_foreach(json_object_get(line, "params"), name, value) {
        fputs(sign, r->out);
        sign = ", ";
        if (json_is_number(value))
            html(r->out, "%s %g", name, json_number_value(value));
        else
            html(r->out, "%s %s", name, json_is_string(value) ? json_string_value(value) : "");
    }
    fputs(*sign == ',' ? "</small>" : "", r->out);
}

static void put_headings(struct report *r, const struct beside *b, const char *metric) {
    fputs("<thead><tr>", r->out);
    put_heading(r, "switcher", false, NULL);
    for (size_t k = 0; k < b->n; k++) {
        const char *machine = b->section[k].run->machine,
                   *method = method_of(&b->section[k], metric);
        html(r->out,
             "<th class=\"n\" aria-sort=\"none\"><button>%s</button><small>%s</small>"
             "<small>%s</small></th>",
             machine_label(r, machine).text, machine, method ? method : "no figure");
    }
    fputs("</tr></thead>\n<tbody>\n", r->out);
}

static bool cut(const struct report *r, const struct beside *b, const char *cell, size_t row) {
    for (size_t k = 0; k < b->n; k++) {
        const json_t *line = line_of(b, k, cell);
        if (line && !row_is_cut(r, row, line)) return false;
    }
    return true;
}

static void put_table(struct report *r, const struct beside *b, const char *metric, bool exact) {
    struct range bars = {0};
    size_t n, left_out = 0;
    const json_t **rows = rows_of(b, metric, exact, &n);
    for (size_t k = 0; k < b->n; k++)
        for (size_t i = 0; i < b->section[k].n; i++)
            range_add(&bars, b->section[k].lines[i], metric);
    html(r->out, "<div class=\"scroll\"><table class=\"sortable beside\"><caption>%s</caption>\n",
         column_title(metric));
    put_headings(r, b, metric);
    for (size_t i = 0; i < n; i++) {
        struct cell_path cell = cell_path(rows[i], false);
        if (cut(r, b, cell.text, i)) {
            left_out++;
            continue;
        }
        put_name(r, rows[i]);
        for (size_t k = 0; k < b->n; k++)
            put_figure(r, line_of(b, k, cell.text), metric, &bars);
        fputs("\n", r->out);
    }
    free(rows);
    fputs("</tbody></table></div>\n", r->out);
    put_left_out(r, left_out);
}

/* ---- an experiment ---- */

struct tally {
    size_t rows, shared, differ; /* of the cells that have the metric */
};

static struct tally count(const struct beside *b, const char *metric) {
    struct tally t = {0};
    const char *cell;
    json_t *unused;
    json_object_foreach(b->rows, cell, unused) {
        bool agree, there = any_has(b, cell, metric);
        bool shared = there && machines_of(b, cell, metric, &agree) > 1;
        t.rows += there;
        t.shared += shared;
        t.differ += shared && !agree;
    }
    return t;
}

static const char *exact_method(const struct beside *b, const char *metric) {
    const char *method = NULL;
    for (size_t k = 0; k < b->n && !method; k++)
        method = method_of(&b->section[k], metric);
    return method;
}

static void put_metric_of_all(struct report *r, const struct beside *b, const char *metric) {
    struct tally t = count(b, metric);
    bool exact = is_exact(b, metric);
    if (!t.rows) return;
    if (exact && t.shared)
        html(r->out,
             "<p class=\"note\">%s (%s): %z of %z cells that several machines have %s.</p>\n",
             column_title(metric), exact_method(b, metric), t.differ ? t.differ : t.shared,
             t.shared, t.differ ? "differ" : "are the same on each");
    if (!exact || t.differ) put_table(r, b, metric, exact);
}

static void put_experiment(struct report *r, const struct section *section, size_t n) {
    struct beside b;
    open_beside(&b, section, n);
    html(r->out, "<details%s><summary><h3>%s: %s on %s</h3> <small>%z machines</small></summary>\n",
         json_object_size(b.rows) <= LONG_TABLE ? " open" : "", section->experiment, section->arch,
         section->engine, n);
    for (size_t i = 0; column_metrics[i]; i++)
        put_metric_of_all(r, &b, column_metrics[i]);
    fputs("</details>\n", r->out);
    close_beside(&b);
}

static void put_legend(struct report *r) {
    fputs("<ul class=\"machines\">\n", r->out);
    for (size_t i = 0; i < r->machines; i++)
        html(r->out, "<li><b>%s</b> <small>%s; kernel %s; %s</small></li>\n",
             machine_label(r, r->machine[i]->machine).text, r->machine[i]->machine,
             line_text(json_object_get(r->machine[i]->run, "env"), "kernel"),
             run_label(r->machine[i]).text);
    fputs("</ul>\n", r->out);
}

void report_machines(struct report *r) {
    size_t shown = 0;
    fputs("<section id=\"machines\">\n<h2>Machines side by side</h2>\n<p class=\"note\">A column "
          "holds one machine's newest figures of an experiment. Times of different machines are "
          "never put together, and no ratio is taken across them. Counts are listed where they "
          "differ.</p>\n",
          r->out);
    put_legend(r);
    for (size_t i = 0, n; i < r->sections; i += n) {
        n = same_on_machines(r, i);
        if (n < 2 || strcmp(r->section[i].type, "result")) continue;
        put_experiment(r, &r->section[i], n);
        shown++;
    }
    if (!shown) fputs("<p>No experiment was run on more than one of them.</p>\n", r->out);
    fputs("</section>\n", r->out);
}
