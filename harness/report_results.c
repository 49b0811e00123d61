/* report_results.c: the results as tables that sort. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report_parts.h"
#include "harness/views.h"

/* figures that have a column, in this order; the rest is in the record and in every export */
const char *const column_metrics[] = {
    "cycles",  "ns",     "instructions", "loads",          "stores",          "bytes",
    "bundles", "groups", "rse_spills",   "serializations", "registers_saved", NULL};
static const char *const texts[][2] = {{"kind", "kind"}, {"transfer", "via"}, {"state", "state"}};
enum { TEXTS = sizeof texts / sizeof *texts };

struct columns {
    json_t *params; /* names, in the order in which they first stand */
    bool metric[sizeof column_metrics / sizeof *column_metrics];
    json_t *others; /* metrics without a column */
    const char *cost; /* the column that has bars; NULL: none */
    struct range costs;
};

const char *column_title(const char *metric) {
    return strcmp(metric, "registers_saved") ? metric : "saved";
}

void range_add(struct range *range, const json_t *line, const char *metric) {
    struct estimate e;
    if (!metric || !line_metric(line, metric, &e) || e.value <= 0) return;
    range->least = range->least > 0 ? fmin(range->least, e.value) : e.value;
    range->most = fmax(range->most, e.value);
}

static void params_add(json_t *params, const json_t *line) {
    const char *name;
    json_t *value;
    json_object_foreach(json_object_get(line, "params"), name, value)
        json_object_set_new(params, name, json_null());
}

static void look_at(struct columns *c, const json_t *line) {
    const char *name;
    json_t *value;
    params_add(c->params, line);
    range_add(&c->costs, line, c->cost);
    json_object_foreach(json_object_get(line, "metrics"), name, value) {
        size_t i = 0;
        while (column_metrics[i] && strcmp(column_metrics[i], name))
            i++;
        if (column_metrics[i])
            c->metric[i] = true;
        else
            json_object_set_new(c->others, name, json_null());
    }
}

bool row_is_cut(const struct report *r, size_t row, const json_t *line) {
    return is_cut(r, CUT_ROWS) && row >= LONG_TABLE && line_passed(line);
}

void put_left_out(struct report *r, size_t rows) {
    if (rows)
        html(r->out,
             "<p class=\"note\">%z more rows are left out here; <code>switchlab export -f "
             "csv</code> has them all.</p>\n",
             rows);
}

void put_heading(struct report *r, const char *text, bool number, const char *method) {
    html(r->out, "<th%s aria-sort=\"none\"><button>%s</button>", number ? " class=\"n\"" : "",
         text);
    if (method) html(r->out, "<small>%s</small>", method);
    fputs("</th>", r->out);
}

const char *method_of(const struct section *s, const char *metric) {
    const char *method = NULL;
    for (size_t i = 0; i < s->n; i++) {
        const char *here = line_method(s->lines[i], metric);
        if (here && method && strcmp(here, method)) return "mixed";
        if (here) method = here;
    }
    return method;
}

static void put_cell_headings(struct report *r, json_t *params) {
    const char *name;
    json_t *unused;
    put_heading(r, "switcher", false, NULL);
    for (size_t i = 0; i < TEXTS; i++)
        put_heading(r, texts[i][1], false, NULL);
    json_object_foreach(params, name, unused) put_heading(r, name, false, NULL);
}

static void put_header(struct report *r, const struct section *s, const struct columns *c) {
    fputs("<thead><tr>", r->out);
    put_cell_headings(r, c->params);
    for (size_t i = 0; column_metrics[i]; i++)
        if (c->metric[i])
            put_heading(r, column_title(column_metrics[i]), true, method_of(s, column_metrics[i]));
    put_heading(r, "check", false, NULL);
    fputs("</tr></thead>\n", r->out);
}

/* ---- rows: tens of thousands of cells, so without the tags and quotes that HTML does not need ---- */

static void put_param(struct report *r, const json_t *value) {
    if (json_is_number(value))
        html(r->out, "<td class=n>%g", json_number_value(value));
    else
        html(r->out, "<td>%s", json_is_string(value) ? json_string_value(value) : "");
}

/* a cell without the value beside its text sorts by the text */
static bool is_rounded(const char *text, double value) {
    double shown = strtod(text, NULL);
    return shown < value || shown > value;
}

void put_metric(struct report *r, const json_t *line, const char *metric,
                const struct range *bars) {
    struct estimate e;
    if (!line_metric(line, metric, &e)) {
        fputs("<td class=n>–", r->out);
        return;
    }
    bool whole = line_method(line, metric) && !strcmp(line_method(line, metric), "counted") &&
                 e.value < 1e9 && (double)(long)e.value == e.value;
    struct figure text = figure(e.value);
    if (whole) snprintf(text.text, sizeof text.text, "%ld", (long)e.value);
    fputs("<td class=n", r->out);
    if (is_rounded(text.text, e.value)) html(r->out, " data-v=%g", e.value);
    if (bars && bars->most > bars->least && e.value > 0)
        fprintf(r->out, " style=--part:%.0f%%",
                3 + 97 * log(e.value / bars->least) / log(bars->most / bars->least));
    html(r->out, ">%s", text.text);
    if (e.lo < e.hi) html(r->out, " <small>%s–%s</small>", figure(e.lo).text, figure(e.hi).text);
}

static void put_check(struct report *r, const json_t *line) {
    const json_t *check = json_object_get(line, "check");
    const char *status = line_text(check, "status");
    html(r->out, "<td class=\"check %s\">%s", status, status);
    if (strcmp(status, "pass")) html(r->out, "<br><small>%s</small>", line_text(check, "reason"));
}

static void put_cell_names(struct report *r, const json_t *line, json_t *params) {
    const char *name;
    json_t *unused;
    html(r->out, "<tr><th>%s", switcher_name(line).text);
    for (size_t i = 0; i < TEXTS; i++)
        if (i)
            html(r->out, "<td>%s", line_text(line, texts[i][0]));
        else
            html(r->out, "<td><span class=\"kind %s\">%s</span>", line_text(line, texts[i][0]),
                 line_text(line, texts[i][0]));
    json_object_foreach(params, name, unused) put_param(r, line_param(line, name));
}

static void put_row(struct report *r, const json_t *line, const struct columns *c) {
    put_cell_names(r, line, c->params);
    for (size_t i = 0; column_metrics[i]; i++)
        if (c->metric[i])
            put_metric(r, line, column_metrics[i],
                       c->cost && !strcmp(c->cost, column_metrics[i]) ? &c->costs : NULL);
    put_check(r, line);
    fputs("\n", r->out);
}

static void put_table(struct report *r, const struct section *s) {
    struct columns c = {
        .params = json_object(), .others = json_object(), .cost = section_cost(s)};
    size_t left_out = 0;
    for (size_t i = 0; i < s->n; i++)
        look_at(&c, s->lines[i]);
    fputs("<div class=\"scroll\"><table class=\"sortable\">\n", r->out);
    put_header(r, s, &c);
    fputs("<tbody>\n", r->out);
    for (size_t i = 0; i < s->n; i++)
        if (row_is_cut(r, i, s->lines[i]))
            left_out++;
        else
            put_row(r, s->lines[i], &c);
    fputs("</tbody></table></div>\n", r->out);
    put_left_out(r, left_out);
    if (json_object_size(c.others))
        html(r->out,
             "<p class=\"note\">%z more figures a row are in the record; <code>switchlab export -f "
             "csv</code> has them all.</p>\n",
             json_object_size(c.others));
    json_decref(c.params);
    json_decref(c.others);
}

static void put_section(struct report *r, size_t section) {
    const struct section *s = &r->section[section], *before = same_before(r, section);
    html(r->out,
         "<details%s><summary><h3>%s: %s on %s</h3> <small>%z results, %s; "
         "%s</small></summary>\n",
         s->n <= LONG_TABLE ? " open" : "", s->experiment, s->arch, s->engine, s->n,
         run_label(s->run).text, s->run->machine);
    if (before)
        html(r->out, "<p class=\"note\">The same %z results, figure by figure, as of %s.</p>\n", s->n,
             machine_label(r, before->run->machine).text);
    else
        put_table(r, s);
    fputs("</details>\n", r->out);
}

void report_results(struct report *r) {
    size_t shown = 0;
    fputs("<section id=\"results\">\n<h2>Results</h2>\n<p class=\"note\">One switch, one way, "
          "where nothing else is said. A figure with a range is a median over "
          "processes with its 95% interval, or a model's prediction with its bounds. A heading "
          "sorts.</p>\n",
          r->out);
    for (size_t i = 0; i < r->sections; i++)
        if (!strcmp(r->section[i].type, "result")) put_section(r, i), shown++;
    if (!shown) fputs("<p>These records hold no results.</p>\n", r->out);
    fputs("</section>\n", r->out);
}
