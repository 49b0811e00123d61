/* show_transfer.c: what the transfer instruction alone costs: switchers that save the same set and
 * differ only in how they go to the other context, from the pairs that ping-pong has measured
 * beside each other. */
#include <stdlib.h>
#include <string.h>

#include "harness/table.h"
#include "harness/views.h"

static bool same_save_set(const json_t *a, const json_t *b) {
    static const char *const fields[] = {"switcher", "kind", "mask", "state"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!line_is(a, fields[i], line_text(b, fields[i]))) return false;
    return true;
}

static const json_t *partner(const struct group *g, const json_t *line, const char *transfer) {
    for (size_t i = 0; i < g->n; i++)
        if (same_save_set(g->lines[i], line) && line_is(g->lines[i], "transfer", transfer) &&
            line_passed(g->lines[i]))
            return g->lines[i];
    return NULL;
}

static struct figure cost(const json_t *line, const char *metric) {
    struct estimate e;
    return line_metric(line, metric, &e) ? figure(e.value) : (struct figure){"-"};
}

static void put_row(struct table *t, const json_t *jmp, const json_t *ret) {
    struct figure name = switcher_name(jmp), times = {"-"}, more = {"-"};
    const char *metric = line_cost(jmp) && line_cost(ret) && !strcmp(line_cost(jmp), line_cost(ret))
                             ? line_cost(jmp)
                             : "ns";
    struct estimate e;
    size_t nj, nr;
    double *j = line_samples(jmp, metric, &nj), *r = line_samples(ret, metric, &nr);
    if (line_ratio(jmp, ret, &e))
        snprintf(times.text, sizeof times.text, "%.16s %.40s", figure(e.value).text,
                 interval(&e).text);
    if (j && r) {
        e = shift(r, nr, j, nj, CONFIDENCE);
        snprintf(more.text, sizeof more.text, "%.16s %.40s", figure(e.value).text,
                 interval(&e).text);
    }
    struct figure a = cost(jmp, metric), b = cost(ret, metric);
    const char *cells[] = {name.text,
                           line_text(jmp, "kind"),
                           line_text(jmp, "state"),
                           metric,
                           a.text,
                           b.text,
                           more.text,
                           times.text};
    table_row(t, cells);
    free(j);
    free(r);
}

static size_t print_pairs(struct view_context *c, const struct group *g) {
    static const struct column heading[] = {
        {"switcher", NULL, FIT_CUT},        {"kind", NULL, FIT_CUT},
        {"state", NULL, FIT_CUT},           {"unit", NULL, FIT_CUT},
        {"jmp", "measured", FIT_RIGHT},     {"ret", "measured", FIT_RIGHT},
        {"ret adds (95%)", NULL, FIT_KEEP}, {"ret / jmp (95%)", NULL, FIT_KEEP},
    };
    struct table *t = table_new(heading, sizeof heading / sizeof *heading);
    size_t rows = 0;
    for (size_t i = 0; i < g->n; i++) {
        const json_t *ret = line_is(g->lines[i], "transfer", "jmp") && line_passed(g->lines[i])
                                ? partner(g, g->lines[i], "ret")
                                : NULL;
        if (!ret) continue;
        put_row(t, g->lines[i], ret);
        rows++;
    }
    if (rows) {
        fprintf(c->out,
                "\nThe same save set by jmp and by ret (Hodges-Lehmann difference and ratio of raw "
                "samples): %s on %s\n",
                g->arch, g->engine);
        table_print(t, SHOW_COLUMNS, c->out);
    }
    table_free(t);
    return rows;
}

size_t view_transfer(struct view_context *c) {
    struct group *all;
    size_t n = groups(c, "result", "pingpong", &all), rows = 0;
    for (size_t i = 0; i < n; i++)
        rows += print_pairs(c, &all[i]);
    groups_free(all, n);
    return rows;
}
