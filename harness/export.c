/* export.c: what the export formats share. */
#include "harness/export.h"

#include <stdlib.h>
#include <string.h>

static int by_name(const struct export_format *a, const struct export_format *b) {
    return strcmp(a->name, b->name);
}
DEFINE_REGISTRY(export_format, by_name)

const json_t *export_next(const struct run_records *run, size_t *i) {
    while (*i < run->n) {
        const json_t *line = run->lines[(*i)++];
        if (line_is(line, "type", "result") && line_passed(line)) return line;
    }
    return NULL;
}

bool export_figure(struct export *e, const json_t *result, const char *metric,
                   struct estimate *figure) {
    const char *flaw;
    if (!line_metric(result, metric, figure)) return false;
    if ((flaw = metric_flaw(result, metric))) {
        fprintf(e->err, "%s: %s is %g, %s; left out\n", line_at(result), metric, figure->value,
                flaw);
        e->flaws++;
        return false;
    }
    e->written++;
    return true;
}

struct decimal decimal(double value) {
    struct decimal d;
    snprintf(d.text, sizeof d.text, "%.12g", value);
    return d;
}
