/* results.c: a record file in memory; see results.h. */
#include "harness/results.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/record.h"

int results_load(const char *path, struct results *r, FILE *err) {
    char why[RECORD_WHY];
    enum reading reading;
    json_t *line;
    *r = (struct results){json_array(), 0};
    struct reader *reader = reader_open(path, why, sizeof why);
    if (!reader) {
        fprintf(err, "%s\n", why);
        results_free(r);
        return -1;
    }
    while ((reading = reader_next(reader, &line, why, sizeof why)) != READ_END) {
        if (reading == READ_LINE)
            json_array_append_new(r->lines, line);
        else {
            fprintf(err, "%s\n", why);
            r->bad++;
        }
    }
    reader_close(reader);
    return 0;
}

void results_free(struct results *r) {
    json_decref(r->lines);
    r->lines = NULL;
}

/* --- One line --------------------------------------------------------------------------------- */

const char *line_text(const json_t *line, const char *field) {
    const char *text = json_string_value(json_object_get(line, field));
    return text ? text : "-";
}

bool line_is(const json_t *line, const char *field, const char *value) {
    return !strcmp(line_text(line, field), value);
}

json_t *line_param(const json_t *line, const char *name) {
    return json_object_get(json_object_get(line, "params"), name);
}

bool line_passed(const json_t *line) {
    return line_is(json_object_get(line, "check"), "status", "pass");
}

static const json_t *metric(const json_t *line, const char *name) {
    return json_object_get(json_object_get(line, "metrics"), name);
}

bool line_metric(const json_t *line, const char *name, struct estimate *e) {
    const json_t *m = metric(line, name);
    if (!m) return false;
    *e = (struct estimate){.value = json_number_value(json_object_get(m, "value")),
                           .lo = json_number_value(json_object_get(m, "lo")),
                           .hi = json_number_value(json_object_get(m, "hi")),
                           .n = (size_t)json_integer_value(json_object_get(m, "n")),
                           .confidence = 0};
    e->confidence = median_confidence(e->n, CONFIDENCE);
    return true;
}

const char *line_method(const json_t *line, const char *name) {
    return json_string_value(json_object_get(metric(line, name), "method"));
}

const char *line_cost(const json_t *line) {
    static const char *const names[] = {"cycles", "ns"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (metric(line, names[i])) return names[i];
    return NULL;
}

const char *lines_cost(const json_t *const *lines, size_t n) {
    const char *cost = NULL;
    for (size_t i = 0; i < n; i++)
        if (!cost || (line_cost(lines[i]) && !strcmp(line_cost(lines[i]), "ns")))
            cost = line_cost(lines[i]);
    return cost;
}

double *line_samples(const json_t *line, const char *name, size_t *n) {
    json_t *array = json_object_get(json_object_get(line, "samples"), name), *sample;
    size_t i;
    *n = json_array_size(array);
    double *samples = *n ? malloc(*n * sizeof *samples) : NULL;
    if (samples) json_array_foreach(array, i, sample) samples[i] = json_number_value(sample);
    return samples;
}

static const json_t *places_aside(const json_t *line) {
    return json_object_get(json_object_get(line, "set_aside"), "places");
}

size_t line_set_aside(const json_t *line) {
    return json_array_size(places_aside(line));
}

double *line_samples_in_place(const json_t *line, const char *name, size_t *n) {
    const json_t *places = places_aside(line);
    size_t sound, aside = json_array_size(places), next = 0;
    double *samples = line_samples(line, name, &sound),
           *all = samples ? malloc((sound + aside) * sizeof *all) : NULL;
    *n = all ? sound + aside : 0;
    for (size_t i = 0, from = 0; i < *n; i++) {
        bool gone = next < aside && (size_t)json_integer_value(json_array_get(places, next)) == i;
        next += gone;
        all[i] = gone || from == sound ? NAN : samples[from++];
    }
    free(samples);
    return all;
}

bool line_ratio(const json_t *a, const json_t *b, struct estimate *e) {
    const char *cost =
        line_cost(a) && line_cost(b) && strcmp(line_cost(a), line_cost(b)) ? "ns" : line_cost(a);
    size_t na, nb;
    if (!cost) return false;
    double *sa = line_samples(a, cost, &na), *sb = line_samples(b, cost, &nb);
    if (sa && sb) *e = ratio(sb, nb, sa, na, CONFIDENCE);
    bool found = sa && sb && isfinite(e->value);
    free(sa);
    free(sb);
    return found;
}

/* --- Many lines ------------------------------------------------------------------------------- */

static int kind_rank(const json_t *line) {
    static const char *const order[] = {"pip", "scratch", "full", "peer"};
    int i = 0, n = sizeof order / sizeof *order;
    while (i < n && !line_is(line, "kind", order[i]))
        i++;
    return i;
}

static double cost_value(const json_t *line, const char *cost) {
    struct estimate e;
    return cost && line_metric(line, cost, &e) ? e.value : INFINITY;
}

static int by_kind_then_cost(const void *left, const void *right, void *cost) {
    const json_t *a = *(const json_t *const *)left, *b = *(const json_t *const *)right;
    if (kind_rank(a) != kind_rank(b)) return kind_rank(a) - kind_rank(b);
    double ca = cost_value(a, cost), cb = cost_value(b, cost);
    if (ca < cb || ca > cb) return ca < cb ? -1 : 1;
    int names = strcmp(line_text(a, "switcher"), line_text(b, "switcher"));
    return names ? names : strcmp(line_text(a, "transfer"), line_text(b, "transfer"));
}

static bool agrees(const json_t *line, json_t *like) {
    const char *field;
    json_t *value;
    json_object_foreach(like, field,
                        value) if (!json_equal(value, json_object_get(line, field))) return false;
    return true;
}

const json_t **results_select(const struct results *r, const json_t *like, size_t *n) {
    size_t i;
    json_t *line;
    const json_t **selected = malloc((json_array_size(r->lines) + 1) * sizeof *selected);
    *n = 0;
    if (!selected) return NULL;
    json_array_foreach(r->lines, i, line) if (agrees(line, (json_t *)like)) selected[(*n)++] = line;
    qsort_r(selected, *n, sizeof *selected, by_kind_then_cost, (void *)lines_cost(selected, *n));
    return selected;
}
