/* show.c: reads a record and prints, run by run, the views that the user asks for. */
#include "harness/show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/table.h"
#include "harness/views.h"

/* --- Shared by the views ---------------------------------------------------------------------- */

struct figure figure(double value) {
    struct figure f;
    double size = fabs(value);
    int decimals = size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
    snprintf(f.text, sizeof f.text, size < 1e9 ? "%.*f" : "%.*e", decimals, value);
    return f;
}

struct figure interval(const struct estimate *e) {
    struct figure f;
    snprintf(f.text, sizeof f.text, "[%.28s, %.28s]", figure(e->lo).text, figure(e->hi).text);
    return f;
}

struct figure switcher_name(const json_t *line) {
    struct figure f;
    const char *mask = line_text(line, "mask");
    bool masked = strcmp(mask, "none") && strcmp(mask, "-");
    snprintf(f.text, sizeof f.text, "%s%s%s", line_text(line, "switcher"), masked ? "/" : "",
             masked ? mask : "");
    return f;
}

struct figure switcher_and_transfer(const json_t *line) {
    struct figure f;
    snprintf(f.text, sizeof f.text, "%.40s %.20s", switcher_name(line).text,
             line_text(line, "transfer"));
    return f;
}

static bool same_group(const struct group *g, const json_t *line) {
    return line_is(line, "arch", g->arch) && line_is(line, "engine", g->engine);
}

static struct group *find_group(struct group **all, size_t *n, const json_t *line) {
    for (size_t i = 0; i < *n; i++)
        if (same_group(&(*all)[i], line)) return &(*all)[i];
    struct group *larger = realloc(*all, (*n + 1) * sizeof *larger);
    if (!larger) return NULL;
    *all = larger;
    larger[*n] =
        (struct group){.arch = line_text(line, "arch"), .engine = line_text(line, "engine")};
    return &larger[(*n)++];
}

size_t groups(struct view_context *c, const char *type, const char *experiment,
              struct group **out) {
    json_t *like = json_pack("{s:s, s:s}", "type", type, "run", c->run);
    size_t n = 0, count;
    if (experiment) json_object_set_new(like, "experiment", json_string(experiment));
    const json_t **lines = results_select(c->results, like, &count);
    *out = NULL;
    for (size_t i = 0; lines && i < count; i++) {
        struct group *g = find_group(out, &n, lines[i]);
        if (g && !g->lines) g->lines = malloc(count * sizeof *g->lines);
        if (g && g->lines) g->lines[g->n++] = lines[i];
    }
    free(lines);
    json_decref(like);
    return n;
}

void groups_free(struct group *g, size_t n) {
    for (size_t i = 0; i < n; i++)
        free(g[i].lines);
    free(g);
}

/* --- Skips --------------------------------------------------------------------------- */

static const char *skipped(const json_t *line) {
    return json_object_get(line, "switcher") ? line_text(line, "switcher")
                                             : line_text(line, "what");
}

/* one line for what was skipped for one reason, say under every mask */
static bool said(const json_t **lines, size_t i) {
    for (size_t k = 0; k < i; k++)
        if (!strcmp(skipped(lines[k]), skipped(lines[i])) &&
            line_is(lines[k], "reason", line_text(lines[i], "reason")))
            return true;
    return false;
}

static void print_skips(struct view_context *c) {
    json_t *like = json_pack("{s:s, s:s}", "type", "skip", "run", c->run);
    size_t n;
    const json_t **lines = results_select(c->results, like, &n);
    if (lines && n) fputs("\nSkipped\n", c->out);
    for (size_t i = 0; lines && i < n; i++) {
        if (said(lines, i)) continue;
        char text[1024];
        snprintf(text, sizeof text, "  %s: %s", skipped(lines[i]), line_text(lines[i], "reason"));
        print_wrapped(text, 4, SHOW_COLUMNS, c->out);
    }
    free(lines);
    json_decref(like);
}

/* --- The whole -------------------------------------------------------------------------------- */

static const struct view {
    const char *name;
    size_t (*print)(struct view_context *c);
} views[] = {
    {"pingpong", view_pingpong},     {"ratios", view_ratios},     {"transfer", view_transfer},
    {"masks", view_masks},           {"pressure", view_pressure}, {"state", view_curves},
    {"contexts", view_curves},       {"sites", view_curves},      {"probe", view_curves},
    {"counts", view_counts},         {"maps", view_maps},         {"worldtime", view_worldtime},
    {"boundaries", view_boundaries},
};

static void print_run(const json_t *run, FILE *out) {
    char text[1024];
    const json_t *env = json_object_get(run, "env");
    snprintf(text, sizeof text,
             "run %s, commit %s, seed %lld\n%s, microcode %s, kernel %s, %s; clock: %s",
             line_text(run, "run"), line_text(run, "commit"),
             (long long)json_integer_value(json_object_get(run, "seed")), line_text(env, "cpu"),
             line_text(env, "microcode"), line_text(env, "kernel"), line_text(env, "compiler"),
             line_text(json_object_get(run, "clock"), "source"));
    print_wrapped(text, 0, SHOW_COLUMNS, out);
}

static size_t count(const json_t *line, const char *field) {
    return (size_t)json_integer_value(json_object_get(line, field));
}

/* how many of the run's processes are not to be trusted, and whether they count all the same */
static void print_doubts(const struct results *results, const char *run, FILE *out) {
    size_t i, n, processes = 0, shared = 0, refused = 0, aside = 0;
    json_t *line;
    char text[300];
    json_array_foreach(results->lines, i, line) {
        if (!line_is(line, "type", "result") || !line_is(line, "run", run)) continue;
        free(line_samples(line, line_cost(line) ? line_cost(line) : "-", &n));
        processes += n + line_set_aside(line);
        aside += line_set_aside(line);
        shared += count(line, "core_shared");
        refused += count(line, "clock_refused");
    }
    if (!shared && !refused) return;
    snprintf(text, sizeof text,
             "of %zu processes %zu shared their core with others to the end, and the clock of %zu "
             "contradicted itself: %zu were set aside, the rest counts",
             processes, shared, refused, aside);
    print_wrapped(text, 0, SHOW_COLUMNS, out);
}

static bool is_view(const char *name) {
    for (size_t i = 0; i < sizeof views / sizeof *views; i++)
        if (!strcmp(views[i].name, name)) return true;
    return false;
}

int show(const char *path, const struct show_options *options, FILE *out, FILE *err) {
    struct results results;
    size_t i, rows = 0, failed = 0, bad;
    json_t *line;
    if (options->view && !is_view(options->view)) {
        fprintf(err, "no view is called %s; there are", options->view);
        for (size_t v = 0; v < sizeof views / sizeof *views; v++)
            fprintf(err, "%s %s", v ? "," : "", views[v].name);
        fputc('\n', err);
        return 2;
    }
    if (results_load(path, &results, err)) return 2;
    json_array_foreach(results.lines, i, line) {
        if (!line_is(line, "type", "run")) continue;
        struct view_context c = {&results, line_text(line, "run"), options, out, 0, NULL};
        print_run(line, out);
        print_doubts(&results, c.run, out);
        for (size_t v = 0; v < sizeof views / sizeof *views; v++) {
            c.view = views[v].name;
            if (options->view ? !strcmp(options->view, c.view) : views[v].print != view_boundaries)
                rows += views[v].print(&c);
        }
        print_skips(&c);
        failed += c.failed;
    }
    bad = results.bad;
    results_free(&results);
    if (rows) return bad || failed ? 1 : 0;
    fprintf(err, "%s holds no %s\n", path, options->view ? options->view : "results");
    return 2;
}
