/* show_maps.c: what an interrupt at every boundary did, a row a switcher: how many boundaries went
 * wrong, and which registers were lost at how many of them. */
#include <stdlib.h>
#include <string.h>

#include "harness/table.h"
#include "harness/views.h"

enum { SWITCHER, KIND, MASK, DIRECTION, INTERRUPTS, CORRUPTED, CRASHED, HUNG, LOST, COLUMNS };
enum { ROOM = 24, CELL = 64 };

/* ---- which registers, at how many boundaries ---- */

struct loss {
    const char *name;
    size_t boundaries;
};

static int most_first(const void *a, const void *b) {
    const struct loss *x = a, *y = b;
    if (x->boundaries != y->boundaries) return x->boundaries < y->boundaries ? 1 : -1;
    return strcmp(x->name, y->name);
}

static size_t add(struct loss *losses, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(losses[i].name, name) == 0) return losses[i].boundaries++, n;
    losses[n] = (struct loss){name, 1};
    return n + 1;
}

/* how many names the cells have, repeated ones too */
static size_t mentions(const json_t *cells) {
    size_t i, n = 0;
    json_t *cell;
    json_array_foreach((json_t *)cells, i, cell) n +=
        json_array_size(json_object_get(cell, "corrupted"));
    return n;
}

/* "X 26, I 2, +3 more" */
static void describe(const struct loss *losses, size_t n, char text[CELL]) {
    size_t used = 0, i = 0;
    for (; i < n && used < ROOM; i++)
        used += (size_t)snprintf(text + used, CELL - used, "%s%.16s %zu", i ? ", " : "",
                                 losses[i].name, losses[i].boundaries);
    if (i < n) snprintf(text + used, CELL - used, ", +%zu more", n - i);
}

static void losses_of(const json_t *cells, char text[CELL]) {
    size_t i, k, n = 0;
    json_t *cell, *name;
    struct loss *losses = calloc(mentions(cells) + 1, sizeof *losses);
    strcpy(text, "none");
    if (!losses) return;
    json_array_foreach((json_t *)cells, i, cell)
        json_array_foreach(json_object_get(cell, "corrupted"), k, name) n =
            add(losses, n, json_string_value(name));
    qsort(losses, n, sizeof *losses, most_first);
    if (n) describe(losses, n, text);
    free(losses);
}

/* ---- rows ---- */

static long long number(const json_t *line, const char *field) {
    return json_integer_value(json_object_get(line, field));
}

static void map_row(struct table *t, const json_t *line) {
    static const char *const counts[COLUMNS] = {
        [CORRUPTED] = "corrupted", [CRASHED] = "crashed", [HUNG] = "hung"};
    const json_t *list = json_object_get(line, "cells");
    /* of pairs of interrupts, a map has as many cells as it lists */
    long long of = number(line, "interrupts") == 1 ? number(line, "boundaries")
                                                   : (long long)json_array_size(list);
    char text[COLUMNS][CELL];
    const char *cells[COLUMNS] = {line_text(line, "switcher"), line_text(line, "kind"),
                                  line_text(line, "mask"), line_text(line, "direction")};
    for (int i = INTERRUPTS; i < COLUMNS; i++)
        cells[i] = text[i];
    snprintf(text[INTERRUPTS], CELL, "%lld", number(line, "interrupts"));
    snprintf(text[CORRUPTED], CELL, "%lld of %lld", number(line, counts[CORRUPTED]), of);
    for (int i = CRASHED; i <= HUNG; i++)
        snprintf(text[i], CELL, "%lld", number(line, counts[i]));
    losses_of(list, text[LOST]);
    table_row(t, cells);
}

/* where the engine says it: how many of the boundaries its interrupts reached */
static void print_coverage(const struct group *g, FILE *out) {
    long long reached = 0, of = 0;
    for (size_t i = 0; i < g->n; i++)
        if (json_object_get(g->lines[i], "reached")) {
            reached += number(g->lines[i], "reached");
            of += number(g->lines[i], "boundaries");
        }
    if (of)
        fprintf(out, "boundaries reached: %lld of %lld (%.0f%%)\n", reached, of,
                100.0 * (double)reached / (double)of);
}

/* ---- two engines that interrupt the same switcher must find the same ---- */

static bool same_switcher(const json_t *a, const json_t *b) {
    static const char *const fields[] = {"switcher", "mask", "transfer", "interrupts"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const json_t *x = json_object_get(a, fields[i]), *y = json_object_get(b, fields[i]);
        if (x != y && !json_equal(x, y)) return false;
    }
    return true;
}

static bool same_map(const json_t *a, const json_t *b) {
    return number(a, "boundaries") == number(b, "boundaries") &&
           json_equal(json_object_get(a, "cells"), json_object_get(b, "cells"));
}

static void compare_maps(struct view_context *c, const struct group *a, const struct group *b) {
    size_t same = 0, all = 0;
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n; k++) {
            if (!same_switcher(a->lines[i], b->lines[k])) continue;
            bool agree = same_map(a->lines[i], b->lines[k]);
            all++;
            same += agree;
            if (!agree)
                fprintf(c->out, "%s: the maps of %s and %s differ\n",
                        switcher_name(a->lines[i]).text, a->engine, b->engine);
        }
    if (all)
        fprintf(c->out, "\n%s and %s agree in %zu of %zu maps, cell by cell\n", a->engine,
                b->engine, same, all);
    c->failed += all - same;
}

bool is_forced(const json_t *map) {
    return line_is(map, "experiment", "anywhere");
}

/* keeps the group's maps of a victim switched anywhere, or all others */
static void keep(struct group *g, bool anywhere) {
    size_t n = 0;
    for (size_t i = 0; i < g->n; i++)
        if (is_forced(g->lines[i]) == anywhere) g->lines[n++] = g->lines[i];
    g->n = n;
}

static size_t print_maps(struct view_context *c, bool anywhere, const char *title) {
    static const struct column columns[COLUMNS] = {
        [SWITCHER] = {"switcher", NULL, FIT_CUT},
        [KIND] = {"kind", NULL, FIT_CUT},
        [MASK] = {"mask", NULL, FIT_CUT},
        [DIRECTION] = {"direction", NULL, FIT_CUT},
        [INTERRUPTS] = {"int.", NULL, FIT_RIGHT},
        [CORRUPTED] = {"corrupted", NULL, FIT_RIGHT},
        [CRASHED] = {"crashed", NULL, FIT_RIGHT},
        [HUNG] = {"hung", NULL, FIT_RIGHT},
        [LOST] = {"lost, at how many", NULL, FIT_CUT},
    };
    struct group *all;
    size_t n = groups(c, "map", NULL, &all), rows = 0;
    for (size_t i = 0; i < n; i++)
        keep(&all[i], anywhere);
    for (size_t i = 0; i < n; i++) {
        if (!all[i].n) continue;
        struct table *t = table_new(columns, COLUMNS);
        fprintf(c->out, "\n%s, %s on %s (counted)\n", title, all[i].arch, all[i].engine);
        for (size_t k = 0; k < all[i].n; k++)
            map_row(t, all[i].lines[k]);
        table_print(t, SHOW_COLUMNS, c->out);
        table_free(t);
        print_coverage(&all[i], c->out);
        rows += all[i].n;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++)
            if (!strcmp(all[i].arch, all[k].arch)) compare_maps(c, &all[i], &all[k]);
    groups_free(all, n);
    return rows;
}

size_t view_maps(struct view_context *c) {
    return print_maps(c, false, "An interrupt at every boundary") + print_maps(c, true, FORCED);
}

/* ---- boundary by boundary ---- */

static void print_cell(const json_t *cell, FILE *out) {
    char lost[1024] = "";
    size_t i, used = 0;
    json_t *name;
    json_array_foreach(json_object_get(cell, "corrupted"), i, name) if (used < sizeof lost - 40)
        used +=
        (size_t)snprintf(lost + used, sizeof lost - used, " %.32s", json_string_value(name));
    const char *pip = json_string_value(json_object_get(cell, "pip"));
    fprintf(out, "  %4lld %-9s %-44s%s%s%s%s%s\n", number(cell, "boundary"),
            line_text(cell, "outcome"), line_text(cell, "at"), pip ? " PIP of " : "",
            pip ? pip : "", pip && used ? ";" : "", used ? " lost" : "", lost);
}

size_t view_boundaries(struct view_context *c) {
    struct group *all;
    size_t n = groups(c, "map", NULL, &all), rows = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < all[i].n; k++) {
            const json_t *line = all[i].lines[k];
            size_t b;
            json_t *cell;
            fprintf(c->out, "\n%s, %s, mask %s, %s, %s on %s\n", line_text(line, "switcher"),
                    line_text(line, "transfer"), line_text(line, "mask"),
                    line_text(line, "direction"), all[i].arch, all[i].engine);
            json_array_foreach(json_object_get(line, "cells"), b, cell) print_cell(cell, c->out);
            rows++;
        }
    groups_free(all, n);
    return rows;
}
