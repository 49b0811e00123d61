/* compare.c: pairs the cells of two records and judges them; see compare.h. compare_print.c says it
 * to people. */
#include "harness/compare.h"

#include "harness/machine.h"
#include "harness/noise.h"
#include "harness/record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- cells ---- */

/* " live=4 use=used": params in the order of their names */
static void add_params(FILE *name, const json_t *params) {
    char *text = json_dumps(params, JSON_SORT_KEYS | JSON_COMPACT);
    bool quoted = false;
    for (const char *c = text ? text + 1 : ""; *c && !(*c == '}' && !c[1]); c++) {
        if (c == text + 1) fputc(' ', name);
        if (*c == '"')
            quoted = !quoted;
        else
            fputc(quoted ? *c : *c == ':' ? '=' : *c == ',' ? ' ' : *c, name);
    }
    free(text);
}

char *cell_name(const json_t *line) {
    char *text = NULL;
    size_t size;
    FILE *name = open_memstream(&text, &size);
    if (!name) return NULL;
    bool masked = !line_is(line, "mask", "none");
    fprintf(name, "%s %s%s%s %s %s %s", line_text(line, "experiment"), line_text(line, "switcher"),
            masked ? "/" : "", masked ? line_text(line, "mask") : "", line_text(line, "transfer"),
            line_text(line, "arch"), line_text(line, "engine"));
    add_params(name, json_object_get(line, "params"));
    if (json_object_get(line, "direction"))
        fprintf(name, " %s, interrupts=%d", line_text(line, "direction"),
                (int)json_integer_value(json_object_get(line, "interrupts")));
    if (fclose(name) == 0) return text;
    free(text);
    return NULL;
}

static void add_line(struct side *side, json_t *line) {
    if (!line_is(line, "type", "result") && !line_is(line, "type", "map")) return;
    char *name = cell_name(line);
    if (name && !json_object_get(side->cells, name))
        json_object_set_new(side->cells, name, json_array());
    if (name) json_array_append(json_object_get(side->cells, name), line);
    free(name);
}

/* runs that disagree have no one name */
static void agree(char *name, const char *of_run, bool first) {
    if (first)
        strcpy(name, of_run);
    else if (strcmp(name, of_run))
        *name = '\0';
}

static void add_run(struct side *side, json_t *line) {
    char machine[MACHINE_NAME], compiler[MACHINE_NAME];
    machine_name(line, machine);
    compiler_name(line, compiler);
    agree(side->machine, machine, !side->run);
    agree(side->compiler, compiler, !side->run);
    side->run = line;
}

int side_load(struct side *side, const char *path, FILE *err) {
    size_t i;
    json_t *line;
    *side = (struct side){.path = path, .cells = json_object()};
    if (results_load(path, &side->results, err)) return -1;
    json_array_foreach(side->results.lines, i, line) {
        if (line_is(line, "type", "run")) add_run(side, line);
        add_line(side, line);
    }
    if (json_object_size(side->cells)) return 0;
    fprintf(err, "%s holds no result: nothing to compare; `make bench` writes one\n", path);
    return -1;
}

void side_free(struct side *side) {
    json_decref(side->cells);
    results_free(&side->results);
}

static bool differ(const char *what, const char *base, const char *new, char *why, size_t size) {
    if (*base && strcmp(base, new) == 0) return false;
    if (*base && *new)
        snprintf(why, size, "the %ss differ: %s and %s", what, base, new);
    else
        snprintf(why, size, "%s does not name one %s", *base ? "NEW" : "BASE", what);
    return true;
}

bool sides_differ(const struct side *base, const struct side *new, char *why, size_t size) {
    return differ("machine", base->machine, new->machine, why, size) ||
           differ("compiler", base->compiler, new->compiler, why, size);
}

/* ---- exact figures ---- */

static const json_t *last_line(const struct side *side, const char *cell) {
    const json_t *lines = json_object_get(side->cells, cell);
    return json_array_get(lines, json_array_size(lines) - 1);
}

static const struct {
    const char *name, *unit;
} map_figures[] = {
    {"boundaries", "boundaries"}, {"corrupted", "cells"}, {"crashed", "cells"}, {"hung", "cells"}};
enum { MAP_FIGURES = sizeof map_figures / sizeof *map_figures };
static const char digest_name[] = "digest";

/* FNV-1a, 32 bits: a record's figure holds it exactly */
static uint32_t digest(uint32_t hash, const char *text) {
    do
        hash = (hash ^ (unsigned char)*text) * UINT32_C(16777619);
    while (*text++);
    return hash;
}

static double map_digest(const json_t *cells) {
    uint32_t hash = UINT32_C(2166136261);
    size_t i, j;
    json_t *cell, *name;
    json_array_foreach((json_t *)(uintptr_t)cells, i, cell) {
        hash = digest(hash, line_text(cell, "outcome"));
        json_array_foreach(json_object_get(cell, "corrupted"), j, name) hash =
            digest(hash, json_is_string(name) ? json_string_value(name) : "");
    }
    return hash;
}

json_t *exact_figures(const json_t *line) {
    json_t *exact = json_object(), *metric;
    const char *name;
    json_object_foreach(json_object_get(line, "metrics"), name,
                        metric) if (!line_is(metric, "method", "measured"))
        json_object_set(exact, name, metric);
    if (!line_is(line, "type", "map")) return exact;
    for (size_t i = 0; i < MAP_FIGURES; i++)
        json_object_set_new(
            exact, map_figures[i].name,
            record_count(json_number_value(json_object_get(line, map_figures[i].name)),
                         map_figures[i].unit));
    json_object_set_new(exact, digest_name,
                        record_count(map_digest(json_object_get(line, "cells")), "FNV-1a"));
    return exact;
}

static void add_change(struct changes *changes, const struct change *change) {
    struct change *list = realloc(changes->list, (changes->n + 1) * sizeof *list);
    if (!list) abort();
    changes->list = list;
    list[changes->n++] = *change;
}

/* written with 12 digits, so no figure of a record differs by less */
static bool same_number(const json_t *a, const json_t *b) {
    double x = json_number_value(a), y = json_number_value(b);
    return fabs(x - y) <= 1e-9 * fmax(fabs(x), fabs(y));
}

static const char *const parts[] = {"value", "lo", "hi"};

static void compare_figure(struct changes *changes, const char *cell, const char *metric,
                           const json_t *base, const json_t *new) {
    struct change change = {.kind = CHANGED, .cell = cell, .metric = metric};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const json_t *a = json_object_get(base, parts[i]), *b = json_object_get(new, parts[i]);
        if (same_number(a, b)) continue;
        change.base = json_number_value(a);
        change.new = json_number_value(b);
        add_change(changes, &change);
        return;
    }
}

/* the names are those of the lines, not of the copies that end here */
static const char *lasting_name(const json_t *line, const char *name) {
    json_t *metrics = json_object_get(line, "metrics");
    const char *key = json_object_iter_key(json_object_iter_at(metrics, name));
    for (size_t i = 0; i < MAP_FIGURES && !key; i++)
        if (strcmp(map_figures[i].name, name) == 0) key = map_figures[i].name;
    return key ? key : digest_name;
}

static void compare_lines(struct changes *changes, const char *cell, const json_t *base,
                          const json_t *new) {
    json_t *old = exact_figures(base), *now = exact_figures(new), *figure;
    const char *name;
    json_object_foreach(old, name, figure) {
        const json_t *other = json_object_get(now, name);
        const char *metric = lasting_name(base, name);
        changes->figures++;
        if (other)
            compare_figure(changes, cell, metric, figure, other);
        else
            add_change(changes, &(struct change){
                                    .kind = NOT_COUNTED,
                                    .cell = cell,
                                    .metric = metric,
                                    .reason = json_string_value(json_object_get(new, "uncounted")),
                                    .base = json_number_value(json_object_get(figure, "value"))});
    }
    json_object_foreach(now, name, figure) if (!json_object_get(old, name)) add_change(
        changes, &(struct change){.kind = NEWLY_COUNTED,
                                  .cell = cell,
                                  .metric = lasting_name(new, name),
                                  .new = json_number_value(json_object_get(figure, "value"))});
    json_decref(old);
    json_decref(now);
}

/* what the new record says of a cell that it lacks: a skip of its switcher (and transfer) or of its
 * engine */
static const char *skip_reason(const struct side *new, const json_t *line) {
    size_t i;
    json_t *skip;
    json_array_foreach(new->results.lines, i, skip) {
        if (!line_is(skip, "type", "skip")) continue;
        if (line_is(skip, "switcher", line_text(line, "switcher")) ||
            line_is(skip, "what", line_text(line, "engine")))
            return line_text(skip, "reason");
    }
    return NULL;
}

static bool failed(const json_t *line) {
    return json_object_get(line, "check") && !line_passed(line);
}

struct changes compare_exact(const struct side *base, const struct side *new) {
    struct changes changes = {0};
    const char *cell;
    json_t *lines;
    json_object_foreach(base->cells, cell, lines) {
        const json_t *old = last_line(base, cell), *now = last_line(new, cell);
        struct change change = {.cell = cell};
        if (failed(old)) continue; /* nothing to hold the new one to */
        changes.cells += now != NULL;
        if (!now) {
            change.kind = CELL_MISSING;
            change.reason = skip_reason(new, old);
            add_change(&changes, &change);
        } else if (failed(now)) {
            change.kind = CHECK_FAILED;
            change.reason = line_text(json_object_get(now, "check"), "reason");
            add_change(&changes, &change);
        } else
            compare_lines(&changes, cell, old, now);
    }
    json_object_foreach(new->cells, cell, lines) if (!json_object_get(base->cells, cell))
        add_change(&changes, &(struct change){.kind = CELL_NEW, .cell = cell});
    return changes;
}

void change_text(const struct change *c, char *text, size_t size) {
    const char *reason = c->reason ? c->reason : "";
    switch (c->kind) {
    case CHANGED:
        snprintf(text, size, "%s %.12g, was %.12g", c->metric, c->new, c->base);
        break;
    case NOT_COUNTED:
        snprintf(text, size, "%s is not there, was %.12g%s%s", c->metric, c->base,
                 *reason ? ": " : "", reason);
        break;
    case NEWLY_COUNTED:
        snprintf(text, size, "%s %.12g, was not there", c->metric, c->new);
        break;
    case CELL_MISSING:
        snprintf(text, size, *reason ? "skipped: %s" : "not in NEW%s", reason);
        break;
    case CELL_NEW:
        snprintf(text, size, "not in BASE");
        break;
    case CHECK_FAILED:
        snprintf(text, size, "its check failed: %s", reason);
        break;
    }
}

bool change_is_absence(const struct change *c) {
    return c->kind == CELL_MISSING || c->kind == CELL_NEW || c->kind == NEWLY_COUNTED;
}

/* ---- times ---- */

const char *const verdict_words[] = {
    [VERDICT_SAME] = "same",
    [VERDICT_FASTER] = "faster",
    [VERDICT_SLOWER] = "slower",
    [VERDICT_TOO_FEW] = "not enough samples",
    [VERDICT_UNDEFINED] = "no ratio: a sample is not above 0",
};

double *cell_samples(const struct side *side, const char *cell, const char *metric,
                     read_samples *read, size_t *n) {
    double *all = NULL;
    size_t i;
    json_t *line;
    *n = 0;
    json_array_foreach(json_object_get(side->cells, cell), i, line) {
        size_t more;
        double *samples = read(line, metric, &more),
               *larger = realloc(all, (*n + more + 1) * sizeof *all);
        if (!larger) abort();
        all = larger;
        if (samples) memcpy(all + *n, samples, more * sizeof *all);
        *n += samples ? more : 0;
        free(samples);
    }
    if (*n) return all;
    free(all);
    return NULL;
}

/* the floor by the record's own samples: how far its layouts lie apart, in the last run of the cell
 */
static double own_floor(const struct side *side, const struct timing *t) {
    size_t n;
    double *samples = line_samples_in_place(last_line(side, t->cell), t->metric, &n);
    double floor = noise_relinks(samples, n,
                                 (size_t)json_integer_value(json_object_get(side->run, "layouts")));
    free(samples);
    return floor;
}

/* the least number of samples a side whose exact interval can hold the confidence: 2 / C(2n, n) of
 * all orders are the most extreme */
static size_t fewest(void) {
    double orders = 1;
    size_t n = 0;
    do {
        n++;
        orders *= (double)(2 * (2 * n - 1)) / (double)n;
    } while (2 / orders > 1 - CONFIDENCE);
    return n;
}

/* an interval shrinks with the root of n; this many would decide which side of the limit the effect
 * is on */
static size_t enough(const struct timing *t, double limit) {
    enum { MOST = 1000 };
    double width = log(t->ratio.hi / t->ratio.lo) / 2,
           room = fabs(log1p(limit) - fabs(log(t->ratio.value)));
    double n = ceil((double)t->ratio.n * pow(width / room, 2));
    return n <= MOST ? (size_t)fmax(n, (double)t->ratio.n + 1) : 0;
}

static void judge(struct timing *t, double threshold) {
    double limit = fmax(threshold, t->floor), effect = fabs(log(t->ratio.value));
    bool excludes_one = t->ratio.lo > 1 || t->ratio.hi < 1;
    bool within = t->ratio.hi <= 1 + limit && t->ratio.lo >= 1 / (1 + limit);
    if (!isfinite(t->ratio.value))
        t->verdict = VERDICT_UNDEFINED;
    else if (t->ratio.confidence < CONFIDENCE) {
        t->verdict = VERDICT_TOO_FEW;
        t->needs = fewest();
    } else if (excludes_one && effect > log1p(limit)) {
        t->verdict = t->ratio.value > 1 ? VERDICT_SLOWER : VERDICT_FASTER;
        t->alarm = t->floor >= 0;
    } else if (within)
        t->verdict = VERDICT_SAME;
    else {
        t->verdict = VERDICT_TOO_FEW;
        t->needs = enough(t, limit);
    }
}

static double floor_of(const struct side *base, const struct side *new, const json_t *floors,
                       struct timing *t) {
    double measured = noise_floor(floors, t->cell);
    t->floor_measured = measured >= 0;
    return t->floor_measured ? measured : fmax(own_floor(base, t), own_floor(new, t));
}

bool compare_times(const struct side *base, const struct side *new, const char *cell,
                   double threshold, const json_t *floors, struct timing *t) {
    static const char *const metrics[] = {"cycles", "ns"};
    const char *source = line_text(json_object_get(base->run, "clock"), "source");
    bool same_clock = line_is(json_object_get(new->run, "clock"), "source", source);
    *t = (struct timing){.cell = cell};
    for (size_t m = same_clock ? 0 : 1; m < 2; m++) {
        size_t na, nb;
        double *a = cell_samples(base, cell, metrics[m], line_samples, &na),
               *b = cell_samples(new, cell, metrics[m], line_samples, &nb);
        if (a && b) {
            t->metric = metrics[m];
            t->base = median(a, na, CONFIDENCE);
            t->new = median(b, nb, CONFIDENCE);
            t->ratio = ratio(b, nb, a, na, CONFIDENCE);
            t->floor = floor_of(base, new, floors, t);
            judge(t, threshold);
        }
        free(a);
        free(b);
        if (t->metric) return true;
    }
    return false;
}
