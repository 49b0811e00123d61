/* show_long.c: `show --tsv figures` and `--tsv cells`, one figure or one map's cell a line, for
 * plots of what is counted. */
#include <string.h>

#include "harness/views.h"

static const char *word(const json_t *object, const char *name, char text[32]) {
    const json_t *value = json_object_get(object, name);
    if (json_is_integer(value))
        snprintf(text, 32, "%d", (int)json_integer_value(value));
    else
        snprintf(text, 32, "%.31s", json_is_string(value) ? json_string_value(value) : "-");
    return text;
}

static size_t put_figures(const json_t *line, FILE *out) {
    const json_t *params = json_object_get(line, "params");
    char direction[32], guest[32], stacked[32], fp[32];
    const char *name;
    json_t *metric;
    size_t rows = 0;
    word(params, "direction", direction);
    word(params, "guest", guest);
    word(params, "stacked", stacked);
    word(params, "fp", fp);
    json_object_foreach(json_object_get(line, "metrics"), name, metric) {
        fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%.10g\t%.10g\t%.10g\t%s\n", line_text(line, "engine"),
                switcher_name(line).text, line_text(line, "kind"), direction, guest, stacked, fp, name,
                json_number_value(json_object_get(metric, "value")),
                json_number_value(json_object_get(metric, "lo")),
                json_number_value(json_object_get(metric, "hi")), line_text(line, "arch"));
        rows++;
    }
    return rows;
}

static size_t put_cells(const json_t *line, FILE *out) {
    size_t i;
    json_t *cell;
    int boundaries = (int)json_integer_value(json_object_get(line, "boundaries"));
    if (is_forced(line)) return 0;
    fprintf(out, "%s\t%s\t%s\t-\t%d\tall\t%s\n", line_text(line, "engine"),
            switcher_name(line).text, line_text(line, "kind"), boundaries,
            line_text(line, "transfer"));
    json_array_foreach(json_object_get(line, "cells"), i, cell) {
        char side[32], at[32];
        fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", line_text(line, "engine"),
                switcher_name(line).text, line_text(line, "kind"), word(cell, "side", side),
                word(cell, "boundary", at), json_string_value(json_object_get(cell, "outcome")),
                line_text(line, "transfer"));
    }
    return i + 1;
}

static const struct {
    const char *name, *type, *header;
    size_t (*put)(const json_t *line, FILE *out);
} tables[] = {
    {"figures", "result",
     "engine\tswitcher\tkind\tdirection\tguest\tstacked\tfp\tmetric\tvalue\tlo\thi\tarch", put_figures},
    {"cells", "map", "engine\tswitcher\tkind\tside\tboundary\toutcome\ttransfer", put_cells},
};

bool show_long(struct view_context *c, const char *table, bool header, size_t *rows) {
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        if (strcmp(tables[t].name, table)) continue;
        struct group *all;
        size_t n = groups(c, tables[t].type, NULL, &all);
        if (n && header) fprintf(c->out, "%s\n", tables[t].header);
        for (size_t k = 0; k < n; k++)
            for (size_t i = 0; i < all[k].n; i++)
                *rows += tables[t].put(all[k].lines[i], c->out);
        groups_free(all, n);
        return true;
    }
    return false;
}
