/* compare_print.c: a comparison as people, and workflows, read it; and what its exit code is. */
#include "harness/compare.h"

#include "harness/noise.h"
#include "harness/show.h"
#include "harness/table.h"
#include "harness/views.h"

#include <stdlib.h>
#include <string.h>

enum { SENTENCE = 1024 };

struct job {
    const struct compare_options *options;
    struct side base, new;
    json_t *floors;
    FILE *out, *err;
    size_t failures; /* what the gate holds against NEW */
};

/* ---- annotations ---- */

/* a workflow command's text may not hold these as they are */
static void print_escaped(const char *text, const char *also, FILE *out) {
    for (; *text; text++)
        if (strchr("%\r\n", *text) || strchr(also, *text))
            fprintf(out, "%%%02X", (unsigned char)*text);
        else
            fputc(*text, out);
}

static void annotate(const struct job *job, const char *level, const char *cell, const char *text) {
    if (!job->options->annotate) return;
    fprintf(job->out, "::%s title=", level);
    print_escaped(cell, ",:", job->out);
    fputs("::", job->out);
    print_escaped(text, "", job->out);
    fputc('\n', job->out);
}

/* ---- head ---- */

static void print_side(const char *name, const struct side *side, FILE *out) {
    char text[SENTENCE];
    snprintf(text, sizeof text, "%s  %s: run %s, commit %s, %s, %s", name, side->path,
             line_text(side->run, "run"), line_text(side->run, "commit"),
             *side->machine ? side->machine : "no one machine",
             *side->compiler ? side->compiler : "no one compiler");
    print_wrapped(text, 6, SHOW_COLUMNS, out);
}

/* ---- exact figures ---- */

static bool counts_against(const struct job *job, const struct change *change) {
    if (change->kind == CELL_MISSING && change->reason) return false;
    return job->options->complete || !change_is_absence(change);
}

static void print_change(struct job *job, const struct change *change) {
    char text[SENTENCE], line[2 * SENTENCE];
    bool against = counts_against(job, change),
         gates = against && job->options->gate >= GATE_COUNTS;
    change_text(change, text, sizeof text);
    snprintf(line, sizeof line, "  %s %s: %s", gates ? "FAIL" : "note", change->cell, text);
    print_wrapped(line, 7, SHOW_COLUMNS, job->out);
    annotate(job, gates ? "error" : "notice", change->cell, text);
    job->failures += gates;
}

static bool print_exact(struct job *job) {
    struct changes changes = compare_exact(&job->base, &job->new);
    size_t shown = 0;
    bool any = changes.cells > 0;
    if (any || job->options->complete)
        fprintf(job->out, "\nExact figures: %zu in %zu cells\n", changes.figures, changes.cells);
    for (size_t i = 0; i < changes.n && (any || job->options->complete); i++) {
        bool absent = change_is_absence(&changes.list[i]);
        if (absent && !job->options->complete) continue;
        print_change(job, &changes.list[i]);
        shown++;
    }
    if (any && !shown) fprintf(job->out, "  all equal\n");
    free(changes.list);
    return any;
}

/* ---- times ---- */

static const struct column columns[] = {{"cell", NULL, FIT_CUT},   {"base", NULL, FIT_RIGHT},
                                        {"new", NULL, FIT_RIGHT},  {"ratio", NULL, FIT_RIGHT},
                                        {"95%", NULL, FIT_KEEP},   {"floor", NULL, FIT_RIGHT},
                                        {"verdict", NULL, FIT_CUT}};
enum {
    COLUMNS = sizeof columns / sizeof *columns,
    CELL = 64,
    VERDICT = 1024,
    WIDTH = SHOW_COLUMNS + 20
};

static void floor_cell(const struct timing *t, char text[CELL]) {
    if (t->floor < 0)
        strcpy(text, "?");
    else
        snprintf(text, CELL, "%.2f%%%s", 100 * t->floor, t->floor_measured ? "" : "~");
}

/* cycles need no unit, ns do */
static void cost_cell(const struct timing *t, const struct estimate *e, char text[CELL]) {
    snprintf(text, CELL, "%.40s%s", figure(e->value).text, strcmp(t->metric, "ns") ? "" : " ns");
}

static void add_row(struct table *table, const struct timing *t, const char *verdict) {
    char base[CELL], new[CELL], ratio[CELL], bounds[CELL], floor[CELL];
    cost_cell(t, &t->base, base);
    cost_cell(t, &t->new, new);
    snprintf(ratio, sizeof ratio, "%.4f", t->ratio.value);
    snprintf(bounds, sizeof bounds, "[%.4f, %.4f]", t->ratio.lo, t->ratio.hi);
    floor_cell(t, floor);
    table_row_text(table, (const char *const[]){t->cell, base, new, ratio, bounds, floor},
                   COLUMNS - 1, verdict);
}

/* Whether it is an alarm, and the verdict in words */
static bool decide(const struct job *job, const struct timing *t, char text[VERDICT]) {
    char why[SENTENCE] = "";
    bool alarm = t->alarm;
    snprintf(text, VERDICT, "%s", verdict_words[t->verdict]);
    if (t->verdict == VERDICT_TOO_FEW && t->needs)
        snprintf(text, VERDICT, "%s: needs %zu", verdict_words[t->verdict], t->needs);
    else if (t->verdict == VERDICT_TOO_FEW)
        snprintf(text, VERDICT, "%s: needs over 1000", verdict_words[t->verdict]);
    if (t->verdict != VERDICT_FASTER && t->verdict != VERDICT_SLOWER) return false;
    if (t->floor < 0)
        snprintf(why, sizeof why, "no alarm: floor unknown");
    else if (job->options->confirm)
        alarm = job->options->confirm(job->options, &job->base, &job->new, t, why, sizeof why);
    else
        snprintf(why, sizeof why, "unconfirmed");
    if (*why) snprintf(text, VERDICT, "%s, %.900s", verdict_words[t->verdict], why);
    return alarm;
}

static void print_alarm(struct job *job, const struct timing *t, const char *verdict) {
    char text[2 * SENTENCE];
    bool gates = job->options->gate == GATE_TIME && t->verdict == VERDICT_SLOWER;
    struct figure base = figure(t->base.value), new = figure(t->new.value);
    snprintf(text, sizeof text, "%s: %s %.20s, was %.20s (ratio %.4f, 95%% interval %.4f to %.4f)",
             verdict, t->metric, new.text, base.text, t->ratio.value, t->ratio.lo, t->ratio.hi);
    annotate(job,
             gates                          ? "error"
             : t->verdict == VERDICT_SLOWER ? "warning"
                                            : "notice",
             t->cell, text);
    job->failures += gates;
}

static void print_timings(struct job *job, struct table *table) {
    const char *cell;
    json_t *lines;
    json_object_foreach(job->base.cells, cell, lines) {
        struct timing t;
        char verdict[VERDICT];
        if (!compare_times(&job->base, &job->new, cell, job->options->threshold, job->floors, &t))
            continue;
        bool alarm = decide(job, &t, verdict);
        add_row(table, &t, verdict);
        if (alarm) print_alarm(job, &t, verdict);
    }
}

static bool common_times(const struct job *job) {
    const char *cell;
    json_t *lines;
    struct timing t;
    json_object_foreach(job->base.cells, cell, lines) if (compare_times(&job->base, &job->new, cell,
                                                                        1, NULL, &t)) return true;
    return false;
}

/* whether there was anything to compare */
static bool print_times(struct job *job) {
    char why[SENTENCE], text[2 * SENTENCE];
    if (!job->options->times || !common_times(job)) return false;
    if (sides_differ(&job->base, &job->new, why, sizeof why)) {
        snprintf(text, sizeof text, "\nTimes: not compared: %s", why);
        print_wrapped(text, 2, SHOW_COLUMNS, job->out);
        annotate(job, "notice", "times", why);
        return true;
    }
    struct table *table = table_new(columns, COLUMNS);
    print_timings(job, table);
    fprintf(job->out,
            "\nTimes: Hodges-Lehmann ratio of NEW to BASE; an alarm is beyond %.3g%% and beyond "
            "the floor\n",
            100 * job->options->threshold);
    table_print(table, WIDTH, job->out);
    table_free(table);
    if (!job->floors)
        print_wrapped("~ no noise floor was measured on this machine (`switchlab noise` does): it "
                      "is how far the layouts of these "
                      "two records lie apart",
                      2, SHOW_COLUMNS, job->out);
    return true;
}

/* ---- the whole ---- */

static json_t *load_floors(const struct job *job) {
    char path[4096];
    if (job->options->noise) return noise_load(job->options->noise, job->err);
    noise_path(path, sizeof path, job->options->results, job->new.machine);
    return noise_load(path, job->err);
}

static int compare_loaded(struct job *job) {
    print_side("BASE", &job->base, job->out);
    print_side("NEW ", &job->new, job->out);
    job->floors = load_floors(job);
    bool exact = print_exact(job), times = print_times(job);
    json_decref(job->floors);
    if (!exact && !times && !job->options->complete) {
        fprintf(job->err,
                "%s and %s have no cell in common: nothing to compare; both must come from runs of "
                "the same experiments and "
                "switchers\n",
                job->base.path, job->new.path);
        return 2;
    }
    return job->failures || job->base.results.bad || job->new.results.bad ? 1 : 0;
}

int compare(const char *base, const char *new, const struct compare_options *options, FILE *out,
            FILE *err) {
    struct job job = {.options = options, .out = out, .err = err};
    int code = 2;
    if (side_load(&job.base, base, err) == 0) {
        if (side_load(&job.new, new, err) == 0) code = compare_loaded(&job);
        side_free(&job.new);
    }
    side_free(&job.base);
    return code;
}
