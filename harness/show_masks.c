/* show_masks.c: what a mask costs: each switcher under each mask, beside the same without. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/table.h"
#include "harness/views.h"

enum {
    SWITCHER,
    MASK,
    CYCLES,
    INTERVAL,
    ADDED,
    INSTRUCTIONS,
    LOADS,
    STORES,
    BYTES,
    CHECK,
    COLUMNS
};
enum { CELL = 80 };

static const struct {
    int column;
    const char *metric;
} counts[] = {
    {INSTRUCTIONS, "instructions"}, {LOADS, "loads"}, {STORES, "stores"}, {BYTES, "bytes"}};

static const json_t *unmasked(const struct group *g, const json_t *line) {
    for (size_t i = 0; i < g->n; i++)
        if (line_is(g->lines[i], "switcher", line_text(line, "switcher")) &&
            line_is(g->lines[i], "mask", "none"))
            return line_passed(g->lines[i]) ? g->lines[i] : NULL;
    return NULL;
}

static struct figure with_sign(double value) {
    struct figure f;
    snprintf(f.text, sizeof f.text, "%c%.40s", signbit(value) ? '-' : '+',
             figure(fabs(value)).text);
    return f;
}

/* "+1.02 [+0.98, +1.10]": the Hodges-Lehmann shift, in the unit that both have */
static void added(const json_t *line, const json_t *plain, char text[CELL]) {
    const char *cost = line_cost(line), *other = plain ? line_cost(plain) : NULL;
    size_t n, m;
    strcpy(text, "-");
    if (!cost || !other || line == plain) return;
    if (strcmp(cost, other)) cost = "ns";
    double *with = line_samples(line, cost, &n), *without = line_samples(plain, cost, &m);
    if (with && without) {
        struct estimate e = shift(with, n, without, m, CONFIDENCE);
        snprintf(text, CELL, "%.19s [%.19s, %.19s]%s", with_sign(e.value).text,
                 with_sign(e.lo).text, with_sign(e.hi).text, strcmp(cost, "ns") ? "" : " ns");
    }
    free(with);
    free(without);
}

static void mask_row(struct view_context *c, struct table *t, const struct group *g,
                     const json_t *line) {
    char text[COLUMNS][CELL];
    const char *cells[COLUMNS] = {line_text(line, "switcher"), line_text(line, "mask")};
    if (!line_passed(line)) {
        snprintf(text[0], CELL, "FAILED: %.50s",
                 line_text(json_object_get(line, "check"), "reason"));
        table_row_text(t, cells, CYCLES, text[0]);
        c->failed++;
        return;
    }
    struct estimate e;
    const char *cost = line_cost(line);
    if (cost && line_metric(line, cost, &e)) {
        bool ns = strcmp(cost, "ns") == 0;
        snprintf(text[CYCLES], CELL, "%.30s%s", figure(e.value).text, ns ? " ns" : "");
        snprintf(text[INTERVAL], CELL, "%.60s", interval(&e).text);
        cells[CYCLES] = text[CYCLES];
        cells[INTERVAL] = text[INTERVAL];
    }
    added(line, unmasked(g, line), text[ADDED]);
    cells[ADDED] = text[ADDED];
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        if (!line_metric(line, counts[i].metric, &e)) continue;
        snprintf(text[counts[i].column], CELL, "%g", e.value);
        cells[counts[i].column] = text[counts[i].column];
    }
    cells[CHECK] = "pass";
    table_row(t, cells);
}

size_t view_masks(struct view_context *c) {
    static const struct column columns[COLUMNS] = {
        [SWITCHER] = {"switcher", NULL, FIT_CUT},
        [MASK] = {"mask", NULL, FIT_CUT},
        [CYCLES] = {"cycles", "measured", FIT_RIGHT},
        [INTERVAL] = {"95%", "measured", FIT_KEEP},
        [ADDED] = {"over none (shift)", "measured", FIT_KEEP},
        [INSTRUCTIONS] = {"instr", "counted", FIT_RIGHT},
        [LOADS] = {"loads", "counted", FIT_RIGHT},
        [STORES] = {"stores", "counted", FIT_RIGHT},
        [BYTES] = {"bytes", "counted", FIT_RIGHT},
        [CHECK] = {"check", NULL, FIT_CUT},
    };
    struct group *all;
    size_t n = groups(c, "result", "mask", &all), rows = 0;
    for (size_t i = 0; i < n; i++) {
        struct table *t = table_new(columns, COLUMNS);
        fprintf(c->out, "\nOne switch under each mask: %s on %s\n", all[i].arch, all[i].engine);
        for (size_t k = 0; k < all[i].n; k++)
            mask_row(c, t, &all[i], all[i].lines[k]);
        table_print(t, SHOW_COLUMNS, c->out);
        table_free(t);
        rows += all[i].n;
    }
    groups_free(all, n);
    return rows;
}
