/* history.c: series out of records; see history.h. */
#include "harness/history.h"

#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct builder {
    struct history *h;
    const struct history_options *options;
    json_t *place; /* "machine\ncell\nmetric" to the index of its series */
    FILE *err;
};

static bool wanted(const char *glob, const char *name) {
    return !glob || !fnmatch(glob, name, FNM_EXTMATCH);
}

static struct series *find_series(struct builder *b, const struct run_records *run,
                                  const char *cell, const json_t *result, const char *metric) {
    char key[1200];
    snprintf(key, sizeof key, "%s\n%s\n%s", run->machine, cell, metric);
    json_t *known = json_object_get(b->place, key);
    if (known) return &b->h->series[json_integer_value(known)];
    json_object_set_new(b->place, key, json_integer((json_int_t)b->h->n));
    struct series *larger = realloc(b->h->series, (b->h->n + 1) * sizeof *larger);
    if (!larger) abort();
    b->h->series = larger;
    larger[b->h->n] = (struct series){
        .machine = run->machine,
        .unit = line_text(json_object_get(json_object_get(result, "metrics"), metric), "unit"),
        .cell = strdup(cell),
        .metric = strdup(metric),
        .exact = true,
    };
    return &larger[b->h->n++];
}

static void extend(struct series *s, const struct run_records *run, const struct estimate *figure) {
    bool again =
        s->n && s->run[s->n - 1] == run; /* a run that has the cell twice: the later line counts */
    size_t n = s->n + !again;
    s->figure = realloc(s->figure, n * sizeof *s->figure);
    s->run = realloc(s->run, n * sizeof *s->run);
    if (!s->figure || !s->run) abort();
    s->figure[n - 1] = *figure;
    s->run[n - 1] = run;
    s->n = n;
}

static void add_result(struct builder *b, const struct run_records *run, const json_t *result) {
    struct cell_path cell = cell_path(result, false);
    const char *metric;
    json_t *value;
    if (!wanted(b->options->cell, cell.text)) return;
    json_object_foreach(json_object_get(result, "metrics"), metric, value) {
        struct estimate figure;
        const char *flaw = metric_flaw(result, metric);
        if (!wanted(b->options->metric, metric) || !line_metric(result, metric, &figure)) continue;
        if (flaw) {
            fprintf(b->err, "%s: %s is %g, %s; left out\n", line_at(result), metric, figure.value,
                    flaw);
            b->h->flaws++;
            continue;
        }
        struct series *s = find_series(b, run, cell.text, result, metric);
        s->exact &= strcmp(line_method(result, metric), "measured") != 0;
        extend(s, run, &figure);
    }
}

static void find_changes(struct series *s, const struct changepoint_options *options) {
    double *x = calloc(s->n + 1, sizeof *x);
    s->change = calloc(s->n + 1, sizeof *s->change);
    if (!x || !s->change) abort();
    for (size_t i = 0; i < s->n; i++)
        x[i] = s->figure[i].value;
    s->changes =
        s->exact ? exact_changes(x, s->n, s->change) : changepoints(x, s->n, options, s->change);
    free(x);
}

static int by_name(const void *left, const void *right) {
    const struct series *a = left, *b = right;
    int d = strcmp(a->machine, b->machine);
    if (!d) d = strcmp(a->cell, b->cell);
    return d ? d : strcmp(a->metric, b->metric);
}

void history_of(const struct runs *runs, const struct history_options *options, struct history *h,
                FILE *err) {
    *h = (struct history){0};
    struct builder b = {h, options, json_object(), err};
    for (size_t r = 0; r < runs->n; r++) {
        const struct run_records *run = &runs->run[r];
        if (options->machine && !strstr(run->machine, options->machine)) continue;
        for (size_t i = 0; i < run->n; i++)
            if (line_is(run->lines[i], "type", "result") && line_passed(run->lines[i]))
                add_result(&b, run, run->lines[i]);
    }
    json_decref(b.place);
    for (size_t i = 0; i < h->n; i++)
        find_changes(&h->series[i], &options->changepoint);
    if (h->n) qsort(h->series, h->n, sizeof *h->series, by_name);
}

void history_free(struct history *h) {
    for (size_t i = 0; i < h->n; i++) {
        struct series *s = &h->series[i];
        free(s->cell);
        free(s->metric);
        free(s->figure);
        free(s->run);
        free(s->change);
    }
    free(h->series);
    *h = (struct history){0};
}

/* ---- commits ---- */

static bool is_dirty(const char *commit) {
    size_t length = strlen(commit);
    return length > 6 && !strcmp(commit + length - 6, "-dirty");
}

static int clean_length(const char *commit) {
    return (int)(strlen(commit) - (is_dirty(commit) ? 6 : 0));
}

struct commit_range commit_range(const struct series *s, const struct changepoint *change) {
    struct commit_range range;
    const char *before = line_text(s->run[change->division.at - 1]->run, "commit"),
               *after = line_text(s->run[change->division.at]->run, "commit");
    if (!strcmp(before, after) && !is_dirty(before))
        snprintf(range.text, sizeof range.text, "%.40s on both sides: not the code", before);
    else
        snprintf(range.text, sizeof range.text, "%.*s..%.*s%s",
                 clean_length(before) < 60 ? clean_length(before) : 60, before,
                 clean_length(after) < 60 ? clean_length(after) : 60, after,
                 is_dirty(before) || is_dirty(after) ? " and uncommitted changes" : "");
    return range;
}

double change_size(const struct changepoint *change) {
    return change->before == 0 ? NAN : change->after / change->before - 1;
}
