/* show_worldtime.c: round trips between host and virtual machine, timed: a row a switcher; or why
 * they are not timed here. */
#include <stdio.h>
#include <string.h>

#include "harness/table.h"
#include "harness/views.h"

enum { SWITCHER, CYCLES, INTERVAL, NS, COLUMNS };

static struct figure metric_text(const json_t *line, const char *name) {
    struct estimate e;
    struct figure none = {"-"};
    return line_metric(line, name, &e) ? figure(e.value) : none;
}

static struct figure interval_text(const json_t *line) {
    struct estimate e;
    struct figure none = {"-"};
    return line_metric(line, "cycles", &e) ? interval(&e) : none;
}

static const char *why_not(const json_t *line) {
    const char *failed =
        line_passed(line)
            ? NULL
            : json_string_value(json_object_get(json_object_get(line, "check"), "reason"));
    return failed ? failed : json_string_value(json_object_get(line, "untimed"));
}

static size_t print_times(struct view_context *c, const struct group *g) {
    static const struct column columns[COLUMNS] = {{"switcher", NULL, FIT_CUT},
                                                   {"cycles", NULL, FIT_RIGHT},
                                                   {"95%", NULL, FIT_KEEP},
                                                   {"ns", NULL, FIT_RIGHT}};
    struct table *t = table_new(columns, COLUMNS);
    size_t rows = 0;
    for (size_t i = 0; i < g->n; i++) {
        if (why_not(g->lines[i])) continue;
        struct figure name = switcher_name(g->lines[i]),
                      cycles = metric_text(g->lines[i], "cycles"),
                      range = interval_text(g->lines[i]), ns = metric_text(g->lines[i], "ns");
        table_row(t, (const char *const[]){name.text, cycles.text, range.text, ns.text});
        rows++;
    }
    if (rows) table_print(t, SHOW_COLUMNS, c->out);
    table_free(t);
    return rows;
}

/* each reason once, with those that it holds for */
static void print_reasons(struct view_context *c, const struct group *g) {
    for (size_t i = 0; i < g->n; i++) {
        const char *why = why_not(g->lines[i]);
        bool said = !why;
        for (size_t k = 0; k < i && !said; k++)
            said = why_not(g->lines[k]) &&
                   strcmp(json_string_value(json_object_get(g->lines[k], "engine")),
                          line_text(g->lines[i], "engine")) == 0 &&
                   line_passed(g->lines[k]) == line_passed(g->lines[i]);
        c->failed += why && !line_passed(g->lines[i]);
        if (!said) print_wrapped(why, 2, SHOW_COLUMNS, c->out);
    }
}

size_t view_worldtime(struct view_context *c) {
    struct group *all;
    size_t n = groups(c, "result", "worldtime", &all);
    for (size_t i = 0; i < n; i++) {
        fprintf(c->out, "\nRound trip host, virtual machine, host: %s on %s (measured)\n",
                all[i].arch, all[i].engine);
        print_times(c, &all[i]);
        print_reasons(c, &all[i]);
    }
    groups_free(all, n);
    return n;
}
