/* report_results.c: the results as tables that sort. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report_parts.h"
#include "harness/views.h"

/* figures that have a column, in this order; the rest is in the record and in every export */
static const char *const metrics[] = {
    "cycles",  "ns",     "instructions", "loads",          "stores",          "bytes",
    "bundles", "groups", "rse_spills",   "serializations", "registers_saved", NULL};
static const char *const texts[][2] = {{"kind", "kind"}, {"transfer", "via"}, {"state", "state"}};
enum { TEXTS = sizeof texts / sizeof *texts, LONG_TABLE = 48 };

struct columns {
    json_t *params; /* names, in the order in which they first stand */
    bool metric[sizeof metrics / sizeof *metrics];
    json_t *others;     /* metrics without a column */
    double least, most; /* of the costs, for the bars, which are logarithmic */
};

static void look_at(struct columns *c, const json_t *line) {
    const char *name, *cost = line_cost(line);
    json_t *value;
    struct estimate e;
    json_object_foreach(json_object_get(line, "params"), name, value)
        json_object_set_new(c->params, name, json_null());
    json_object_foreach(json_object_get(line, "metrics"), name, value) {
        size_t i = 0;
        while (metrics[i] && strcmp(metrics[i], name))
            i++;
        if (metrics[i])
            c->metric[i] = true;
        else
            json_object_set_new(c->others, name, json_null());
    }
    if (!cost || !line_metric(line, cost, &e) || e.value <= 0) return;
    c->least = c->least > 0 ? fmin(c->least, e.value) : e.value;
    c->most = fmax(c->most, e.value);
}

static void put_heading(struct report *r, const char *text, bool number, const char *method) {
    html(r->out, "<th%s aria-sort=\"none\"><button>%s</button>", number ? " class=\"n\"" : "",
         text);
    if (method) html(r->out, "<small>%s</small>", method);
    fputs("</th>", r->out);
}

/* the method of a column, where all its figures share one */
static const char *method_of(const struct section *s, const char *metric) {
    const char *method = NULL;
    for (size_t i = 0; i < s->n; i++) {
        const char *here = line_method(s->lines[i], metric);
        if (here && method && strcmp(here, method)) return "mixed";
        if (here) method = here;
    }
    return method;
}

static void put_header(struct report *r, const struct section *s, const struct columns *c) {
    const char *name;
    json_t *unused;
    fputs("<thead><tr>", r->out);
    put_heading(r, "switcher", false, NULL);
    for (size_t i = 0; i < TEXTS; i++)
        put_heading(r, texts[i][1], false, NULL);
    json_object_foreach(c->params, name, unused) put_heading(r, name, false, NULL);
    for (size_t i = 0; metrics[i]; i++)
        if (c->metric[i])
            put_heading(r, strcmp(metrics[i], "registers_saved") ? metrics[i] : "saved", true,
                        method_of(s, metrics[i]));
    put_heading(r, "check", false, NULL);
    fputs("</tr></thead>\n", r->out);
}

static void put_param(struct report *r, const json_t *value) {
    if (json_is_number(value))
        html(r->out, "<td class=\"n\" data-v=\"%g\">%g</td>", json_number_value(value),
             json_number_value(value));
    else
        html(r->out, "<td>%s</td>", json_is_string(value) ? json_string_value(value) : "");
}

static void put_metric(struct report *r, const json_t *line, const char *metric,
                       const struct columns *c) {
    struct estimate e;
    if (!line_metric(line, metric, &e)) {
        fputs("<td class=\"n\">–</td>", r->out);
        return;
    }
    html(r->out, "<td class=\"n\" data-v=\"%g\"", e.value);
    if (c->most > c->least && e.value > 0 && line_cost(line) && !strcmp(line_cost(line), metric))
        fprintf(r->out, " style=\"--part:%.1f%%\"",
                3 + 97 * log(e.value / c->least) / log(c->most / c->least));
    bool whole = line_method(line, metric) && !strcmp(line_method(line, metric), "counted") &&
                 e.value < 1e9 && (double)(long)e.value == e.value;
    if (whole)
        html(r->out, ">%d", (int)e.value);
    else
        html(r->out, ">%s", figure(e.value).text);
    if (e.lo < e.hi) html(r->out, " <small>%s–%s</small>", figure(e.lo).text, figure(e.hi).text);
    fputs("</td>", r->out);
}

static void put_check(struct report *r, const json_t *line) {
    const json_t *check = json_object_get(line, "check");
    const char *status = line_text(check, "status");
    html(r->out, "<td class=\"check %s\">%s", status, status);
    if (strcmp(status, "pass")) html(r->out, "<br><small>%s</small>", line_text(check, "reason"));
    fputs("</td>", r->out);
}

static void put_row(struct report *r, const json_t *line, const struct columns *c) {
    const char *name;
    json_t *unused;
    html(r->out, "<tr><th scope=\"row\">%s</th>", switcher_name(line).text);
    for (size_t i = 0; i < TEXTS; i++)
        if (i)
            html(r->out, "<td>%s</td>", line_text(line, texts[i][0]));
        else
            html(r->out, "<td><span class=\"kind %s\">%s</span></td>", line_text(line, texts[i][0]),
                 line_text(line, texts[i][0]));
    json_object_foreach(c->params, name, unused) put_param(r, line_param(line, name));
    for (size_t i = 0; metrics[i]; i++)
        if (c->metric[i]) put_metric(r, line, metrics[i], c);
    put_check(r, line);
    fputs("</tr>\n", r->out);
}

static double cost_of(const json_t *line) {
    struct estimate e;
    return line_cost(line) && line_metric(line, line_cost(line), &e) ? e.value : 1e300;
}

static int by_cost(const void *left, const void *right) {
    double a = cost_of(*(const json_t *const *)left), b = cost_of(*(const json_t *const *)right);
    return (a > b) - (a < b);
}

static void put_section(struct report *r, struct section *s) {
    struct columns c = {.params = json_object(), .others = json_object()};
    for (size_t i = 0; i < s->n; i++)
        look_at(&c, s->lines[i]);
    qsort(s->lines, s->n, sizeof *s->lines, by_cost);
    html(r->out,
         "<details%s><summary><h3>%s: %s on %s</h3> <small>%z results, %s; "
         "%s</small></summary>\n<div class=\"scroll\"><table class=\"sortable\">\n",
         s->n <= LONG_TABLE ? " open" : "", s->experiment, s->arch, s->engine, s->n,
         run_label(s->run).text, s->run->machine);
    put_header(r, s, &c);
    fputs("<tbody>\n", r->out);
    for (size_t i = 0; i < s->n; i++)
        put_row(r, s->lines[i], &c);
    fputs("</tbody></table></div>\n", r->out);
    if (json_object_size(c.others))
        html(r->out,
             "<p class=\"note\">%z more figures a row are in the record; <code>switchlab export -f "
             "csv</code> has them all.</p>\n",
             json_object_size(c.others));
    fputs("</details>\n", r->out);
    json_decref(c.params);
    json_decref(c.others);
}

void report_results(struct report *r) {
    size_t shown = 0;
    fputs("<section id=\"results\">\n<h2>Results</h2>\n<p class=\"note\">One switch, one way, "
          "where nothing else is said. A figure with a range is a median over "
          "processes with its 95% interval, or a model's prediction with its bounds. A heading "
          "sorts.</p>\n",
          r->out);
    for (size_t i = 0; i < r->sections; i++)
        if (!strcmp(r->section[i].type, "result")) put_section(r, &r->section[i]), shown++;
    if (!shown) fputs("<p>These records hold no results.</p>\n", r->out);
    fputs("</section>\n", r->out);
}
