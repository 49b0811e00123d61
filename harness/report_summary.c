/* report_summary.c: the cheapest of each kind, what the checks said, and what makes figures
 * uncertain. */
#include <stdlib.h>
#include <string.h>

#include "harness/conditions.h"
#include "harness/report_parts.h"
#include "harness/views.h"

static const char *const kinds[] = {"pip", "scratch", "full", "peer"};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* ---- the cheapest of each kind ---- */

/* a place that is described by at most one word, so that a row of the summary needs no explanation
 */
static const char *place(const json_t *line, bool *simple) {
    json_t *params = json_object_get(line, "params"), *value;
    const char *name, *text = "";
    *simple = json_object_size(params) <= 1;
    json_object_foreach(params, name, value) {
        *simple &= json_is_string(value);
        text = json_is_string(value) ? json_string_value(value) : "";
    }
    return text;
}

static const json_t *cheapest(const struct section *s, const char *kind, const char *where) {
    const json_t *best = NULL;
    struct estimate least, e;
    for (size_t i = 0; i < s->n; i++) {
        bool simple;
        const json_t *line = s->lines[i];
        const char *here = place(line, &simple), *cost = line_cost(line);
        if (!simple || strcmp(here, where) || !line_is(line, "kind", kind) || !cost ||
            !line_metric(line, cost, &e))
            continue;
        if (!best || e.value < least.value) best = line, least = e;
    }
    return best;
}

static void put_cheapest(struct report *r, const json_t *line) {
    struct estimate e;
    if (!line) {
        fputs("<td class=\"n\">–</td>", r->out);
        return;
    }
    line_metric(line, line_cost(line), &e);
    html(r->out, "<td class=\"n\"><b>%s</b> %s<br><small>%s, %s</small></td>", figure(e.value).text,
         line_cost(line), switcher_and_transfer(line).text, line_method(line, line_cost(line)));
}

static void put_places(struct report *r, const struct section *s) {
    for (size_t i = 0; i < s->n; i++) {
        bool simple, again = false;
        const char *where = place(s->lines[i], &simple);
        for (size_t k = 0; k < i && !again; k++)
            again = !strcmp(place(s->lines[k], &(bool){0}), where);
        if (!simple || again) continue;
        html(r->out, "<tr><td>%s on %s, %s%s%s", s->arch, s->engine, s->experiment,
             *where ? ", " : "", where);
        put_machine(r, s->run->machine);
        fputs("</td>", r->out);
        for (size_t k = 0; k < KINDS; k++)
            put_cheapest(r, cheapest(s, kinds[k], where));
        fputs("</tr>\n", r->out);
    }
}

/* ---- checks ---- */

struct checks {
    size_t passed, failed, skipped, maps, clean;
};

static struct checks count_checks(const struct report *r) {
    struct checks c = {0};
    for (size_t i = 0; i < r->sections; i++)
        for (size_t k = 0; k < r->section[i].n; k++) {
            const json_t *line = r->section[i].lines[k], *check = json_object_get(line, "check");
            if (line_is(line, "type", "map")) {
                c.maps++;
                c.clean += !json_integer_value(json_object_get(line, "corrupted")) &&
                           !json_integer_value(json_object_get(line, "crashed")) &&
                           !json_integer_value(json_object_get(line, "hung"));
            } else if (line_is(check, "status", "pass"))
                c.passed++;
            else if (line_is(check, "status", "fail"))
                c.failed++;
            else
                c.skipped++;
        }
    return c;
}

static size_t count_changes(const struct history *h) {
    size_t n = 0;
    for (size_t i = 0; i < h->n; i++)
        n += h->series[i].changes;
    return n;
}

static void put_tile(struct report *r, const char *class, size_t number, const char *what,
                     const char *where) {
    html(r->out, "<a class=\"tile %s\" href=\"#%s\"><b>%z</b> %s</a>", class, where, number, what);
}

static void put_condition(void *context, const char *name, const char *text) {
    struct report *r = context;
    html(r->out, "<li><b>%s</b>: %s</li>\n", name, text);
}

void report_summary(struct report *r) {
    struct checks c = count_checks(r);
    size_t changes = count_changes(r->history);
    fputs("<section id=\"summary\">\n<h2>Summary</h2>\n<p class=\"tiles\">", r->out);
    put_tile(r, "good", c.passed, "cells whose check passed", "results");
    put_tile(r, c.failed ? "bad" : "", c.failed, "that failed", "results");
    if (c.skipped) put_tile(r, "", c.skipped, "skipped", "results");
    if (c.maps) put_tile(r, "", c.clean, "maps without a corrupted boundary", "maps");
    if (c.maps) put_tile(r, "", c.maps - c.clean, "maps with some", "maps");
    put_tile(r, changes ? "warn" : "", changes, "change points in the history", "trend");
    fputs("</p>\n<h3>The cheapest of each kind, one switch</h3>\n<div "
          "class=\"scroll\"><table>\n<thead><tr><th>where</th>",
          r->out);
    for (size_t k = 0; k < KINDS; k++)
        html(r->out, "<th class=\"n\"><span class=\"kind %s\">%s</span></th>", kinds[k], kinds[k]);
    fputs("</tr></thead>\n<tbody>\n", r->out);
    for (size_t i = 0; i < r->sections; i++)
        if (!strcmp(r->section[i].type, "result")) put_places(r, &r->section[i]);
    fputs("</tbody></table></div>\n<p class=\"note\"><b>pip</b> saves what is live at a "
          "predetermined interruption point, <b>scratch</b> what the calling "
          "convention preserves, <b>full</b> every register; a <b>peer</b> is what people use "
          "today.</p>\n",
          r->out);
    fputs("<h3>What makes figures of the last run uncertain</h3>\n<ul class=\"conditions\">\n",
          r->out);
    if (!conditions(json_object_get(r->runs->run[r->runs->n - 1].run, "env"), put_condition, r))
        fputs("<li>Nothing that its environment shows.</li>\n", r->out);
    fputs("</ul>\n</section>\n", r->out);
}
