/* accuracy: instruction sequences of published cost, measured by the clock that measures switches.
 */
#include "engines/native/accuracy.h"
#include "harness/command.h"
#include "harness/cpu.h"
#include "harness/options.h"
#include "harness/published.h"
#include "harness/show.h"
#include "harness/table.h"

#include <math.h>
#include <stdio.h>

enum { CELL = 64 };
#define LIMIT 1.0 /* percent */

static const struct column columns[] = {{"sequence", NULL, FIT_CUT},    {"kind", NULL, FIT_CUT},
                                        {"measured", NULL, FIT_RIGHT},  {"95%", NULL, FIT_KEEP},
                                        {"published", NULL, FIT_RIGHT}, {"off", NULL, FIT_RIGHT},
                                        {"verdict", NULL, FIT_CUT}};

struct tally {
    size_t right, wrong, unmeasured, unjudged;
};

struct row {
    char measured[CELL], interval[CELL], published[CELL], off[CELL];
};

/* published: NaN where there is none */
static const char *judge(const struct accuracy *a, double published, struct row *row,
                         struct tally *tally) {
    if (!isfinite(a->cycles)) {
        tally->unmeasured++;
        return "not measured: the core was never its own";
    }
    snprintf(row->measured, CELL, "%.4f", a->cycles);
    snprintf(row->interval, CELL, "[%.4f, %.4f]", a->lo, a->hi);
    if (!isfinite(published)) {
        tally->unjudged++;
        return "";
    }
    double off = 100 * (a->cycles / published - 1);
    bool right = fabs(off) <= LIMIT;
    snprintf(row->published, CELL, "%.4g", published);
    snprintf(row->off, CELL, "%+.2f%%", off);
    tally->right += right;
    tally->wrong += !right;
    return right ? "right" : "WRONG";
}

static void measure(const struct sequence *s, double best, const struct published *p,
                    const char *core, struct table *t, struct tally *tally) {
    const char *why = s->unavailable ? s->unavailable() : NULL, *verdict = why;
    struct row row = {"-", "", "-", ""};
    double published = NAN;
    if (!why) {
        struct accuracy a = accuracy_measure(&clock_native, s, best);
        if (!core || !published_figure(p, s->name, s->kind, core, &published)) published = NAN;
        verdict = judge(&a, published, &row, tally);
    }
    const char *const cells[] = {s->name,       s->kind, row.measured, row.interval,
                                 row.published, row.off, verdict};
    table_row(t, cells);
}

static int report(const struct tally *tally, const char *core) {
    if (core)
        printf("\n%zu within %.0f%% of what is published for %s, %zu not, %zu without a published "
               "figure, %zu not measured\n",
               tally->right, LIMIT, core, tally->wrong, tally->unjudged, tally->unmeasured);
    if (tally->unmeasured)
        fprintf(stderr,
                "switchlab accuracy: %zu not measured: others used this core; repeat on a quieter "
                "machine\n",
                tally->unmeasured);
    return tally->wrong ? EXIT_CHECK_FAILED : tally->unmeasured ? EXIT_SKIPPED : EXIT_DONE;
}

static int measure_all(const struct published *p) {
    char said[128];
    struct tally tally = {0};
    const char *core = microarchitecture_native(said, sizeof said);
    if (core && !published_has_column(p, core)) core = NULL;
    printf("%s: %s\n\n", said, core ? core : "not a core of the table: figures without a verdict");
    double best = clock_best_throughput(&clock_native);
    struct table *t = table_new(columns, sizeof columns / sizeof *columns);
    for (const struct sequence *s = sequences_native; s->name; s++)
        measure(s, best, p, core, t, &tally);
    table_print(t, SHOW_COLUMNS + 20, stdout);
    table_free(t);
    return report(&tally, core);
}

static int accuracy(int argc, char **argv) {
    struct options o;
    options_parse(&o, "accuracy",
                  "Measures instruction sequences whose latency or throughput is published for "
                  "this CPU's core, with the clock that "
                  "measures switches; each must be within 1%. FILE: the published figures (default "
                  "docs/accuracy.tsv).",
                  "cF", argc, argv);
    const char *why = !sequences_native ? "there are no sequences for this architecture"
                                        : clock_native.unavailable();
    if (why) {
        fprintf(stderr, "switchlab accuracy: skipped: %s\n", why);
        return EXIT_SKIPPED;
    }
    struct published *p = published_load(o.file ? o.file : "docs/accuracy.tsv", stderr);
    if (!p) return EXIT_WRONG_USE;
    if (o.cpu >= 0) cpu_pin(o.cpu);
    int code = measure_all(p);
    published_free(p);
    return code;
}

static const struct command accuracy_command = {
    "accuracy", accuracy, "this clock against published latencies and throughputs"};
REGISTER_COMMAND(accuracy_command);
