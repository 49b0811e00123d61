/* native: this CPU, in user mode. Timed by a clock that is checked in the same batch, counted by
 * single steps. */
#include "engines/native/clock.h"
#include "engines/native/counters.h"
#include "engines/native/map.h"
#include "engines/native/mutate.h"
#include "engines/native/stepper.h"
#include "harness/contract.h"
#include "harness/engine.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

enum {
    SWITCHES =
        2, /* an iteration of a kernel is a round trip, where the experiment says nothing else */
    WARM_UP = 256,        /* iterations before the first clock is read */
    FEWEST = 16,          /* iterations that are timed at once */
    BATCHES = 7,          /* in a sample; the clock is calibrated before and after each */
    LOOKS = 3,            /* in a slice: before, between and after N and 2N */
    SLICES = 4,           /* in a batch; the core is looked at before, within and after each */
    SLICE_NS = 25 * 1000, /* time that the N of a slice should take: others come and go in less than
                             a millisecond */
    WANTED = BATCHES * SLICES,
    PATIENCE = 3, /* times as many are tried to get them on a core that is not shared */
    CLOCK_MS = 50 /* over which the tick is calibrated, once a run */
};

static const char *rejects(const struct work *work) {
    static struct utsname name;
    if (!name.machine[0]) uname(&name);
    if (strcmp(work->switcher->arch, name.machine) != 0)
        return "its architecture is not this machine's";
    if (!work->switcher->native) return "it has no form for user mode on this CPU";
    if (work->experiment && work->experiment->kernel &&
        !work->experiment->kernel(work->switcher, work->params))
        return "it has no kernel for this point of the experiment";
    if (work->experiment && !work->experiment->kernel && !work->switcher->native->yield[0])
        return "it is not one to be interrupted: only the lab's own code is known to the "
               "instruction";
    return NULL;
}

static json_t *check(const struct work *work) {
    return contract_check(work->switcher, work->seed);
}

static unsigned switches_of(const struct work *work) {
    return work->experiment->switches ? work->experiment->switches(work->params) : SWITCHES;
}

/* NULL, or why the kernel has nothing to work on */
static const char *prepare(const struct work *work) {
    const struct experiment *e = work->experiment;
    return e->prepare ? e->prepare(work->switcher, work->params, work->seed) : NULL;
}

static json_t *count(const struct work *work) {
    if (work->switcher->native->threads)
        return json_pack("{s:s}", "skip",
                         "it switches through the kernel between threads or processes: one "
                         "thread's steps are not all");
    const char *why = prepare(work);
    if (why) return json_pack("{s:s}", "skip", why);
    return native_count(work->experiment->kernel(work->switcher, work->params), switches_of(work));
}

/* ---- timing ---- */

struct timed {
    double ticks;
    bool intact;
};

static struct timed run(kernel_fn *kernel, uint64_t iterations) {
    uint64_t begin = clock_native.begin();
    bool intact = kernel(iterations);
    uint64_t end = clock_native.end();
    return (struct timed){(double)(end - begin), intact};
}

/* iterations that take about SLICE_NS */
static uint64_t calibrate(kernel_fn *kernel, double ns_per_tick) {
    uint64_t n = FEWEST;
    kernel(WARM_UP);
    while (n < UINT64_C(1) << 30 && run(kernel, n).ticks * ns_per_tick < SLICE_NS)
        n *= 2;
    return n;
}

/* the kernel's values, each N against 2N so that everything but the switches cancels; order
 * alternates. The core is looked at right before, between and right after */
static bool slice(kernel_fn *kernel, uint64_t n, unsigned switches, bool longer_first,
                  const struct clock_batch *clock, double *ticks_per_switch, double looks[LOOKS]) {
    looks[0] = clock_throughput(&clock_native, clock);
    struct timed first = run(kernel, longer_first ? 2 * n : n);
    looks[1] = clock_throughput(&clock_native, clock);
    struct timed second = run(kernel, longer_first ? n : 2 * n);
    looks[2] = clock_throughput(&clock_native, clock);
    double ticks = longer_first ? first.ticks - second.ticks : second.ticks - first.ticks;
    *ticks_per_switch = ticks / ((double)switches * (double)n);
    return first.intact && second.intact;
}

static double least(const double looks[LOOKS]) {
    return fmin(looks[0], fmin(looks[1], looks[2]));
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* what one slice gave, per switch */
struct figures {
    double cycles, ns, disagreement;
    bool alone; /* no other thread took its share of the core, before, within or after */
};

/* the median of one figure over the slices that had the core to themselves, or over all of them
 * where those are too few */
static double middle(const struct figures *slices, int n, bool all, size_t field) {
    double values[PATIENCE * WANTED];
    size_t used = 0;
    for (int i = 0; i < n; i++)
        if (all || slices[i].alone)
            memcpy(&values[used++], (const char *)&slices[i] + field, sizeof *values);
    qsort(values, used, sizeof *values, ascending);
    return values[used / 2];
}

/* what the hardware counts goes beside the exact counts, as pmu_NAME; its cycles take the place of
 * calibrated ones: true */
static bool add_counters(json_t *metrics, kernel_fn *kernel, uint64_t iterations,
                         unsigned switches) {
    json_t *measured = counters_measure(&counters_perf, kernel, iterations, switches), *metric;
    const char *name;
    bool cycles = false;
    json_object_foreach(measured, name, metric) {
        if (!json_object_get(metric, "value")) continue;
        char key[64];
        bool is_cycles = strcmp(name, "cycles") == 0;
        snprintf(key, sizeof key, "%s%s", is_cycles ? "" : "pmu_", name);
        json_object_set(metrics, key, metric);
        cycles = cycles || is_cycles;
    }
    json_decref(measured);
    return cycles;
}

struct measured {
    struct figures slices[PATIENCE * WANTED];
    double looks[PATIENCE * WANTED * LOOKS]; /* independent adds per cycle */
    int n, alone; /* slices; of them those that had the core to themselves */
    bool intact;
};

/* measures until WANTED slices are on a core of its own, or patience ends: early where few of the
 * first were, for then a later process has the better chance */
static void measure(const struct work *work, kernel_fn *kernel, uint64_t n, struct measured *m) {
    double ns_per_tick = json_real_value(json_object_get(work->clock, "ns_per_tick"));
    double enough = CLOCK_ALONE * json_real_value(json_object_get(work->clock, "adds_per_cycle"));
    struct clock_batch before = clock_calibrate(&clock_native, CLOCK_ROUNDS);
    *m = (struct measured){.intact = true};
    while (m->n < PATIENCE * WANTED && m->alone < WANTED) {
        double ticks[SLICES];
        for (int i = 0; i < SLICES; i++)
            m->intact = slice(kernel, n, switches_of(work), (work->seed + (unsigned)i) & 1, &before,
                              &ticks[i], &m->looks[(m->n + i) * LOOKS]) &&
                        m->intact;
        struct clock_batch after = clock_calibrate(&clock_native, CLOCK_ROUNDS);
        struct clock_batch clock = clock_between(&clock_native, &before, &after);
        for (int i = 0; i < SLICES; i++, m->n++) {
            bool alone = least(&m->looks[m->n * LOOKS]) >= enough;
            m->slices[m->n] = (struct figures){clock_cycles(&clock, ticks[i]),
                                               ticks[i] * ns_per_tick, clock.disagreement, alone};
            m->alone += alone;
        }
        before = after;
        if (m->n == WANTED && 8 * m->alone < WANTED) break;
    }
}

/* what many of its looks reach, or 0; of more than one batch, for all looks of one share a
 * calibration. Sorts them */
static double reached(struct measured *m) {
    int near;
    double best = clock_plateau(m->looks, m->n * LOOKS, 2 * SLICES * LOOKS, &near);
    return near ? best : 0;
}

static json_t *sample(const struct work *work) {
    if (!json_object_get(work->clock, "ns_per_tick"))
        return json_pack("{s:s}", "untimed", clock_native.unavailable());
    kernel_fn *kernel = work->experiment->kernel(work->switcher, work->params);
    struct measured m;
    kernel_colour(work->seed * 64);
    const char *why = prepare(work);
    if (why) return json_pack("{s:s}", "skip", why);
    uint64_t iterations =
        calibrate(kernel, json_real_value(json_object_get(work->clock, "ns_per_tick")));
    measure(work, kernel, iterations, &m);
    bool shared = 2 * m.alone < WANTED;
    if (work->experiment->intact) m.intact = work->experiment->intact() && m.intact;
    json_t *checked = contract_check(work->switcher, work->seed);
    if (!m.intact) {
        json_object_set_new(checked, "status", json_string("fail"));
        json_object_set_new(checked, "reason",
                            json_string("a live value of the kernel did not survive the switches"));
    }
    json_t *metrics = json_pack(
        "{s:{s:f, s:s}, s:{s:f, s:s}}", "cycles", "value",
        middle(m.slices, m.n, shared, offsetof(struct figures, cycles)), "unit", "core cycles",
        "ns", "value", middle(m.slices, m.n, shared, offsetof(struct figures, ns)), "unit", "ns");
    double worst = middle(m.slices, m.n, shared, offsetof(struct figures, disagreement));
    if (json_is_true(json_object_get(work->clock, "pmu")) &&
        add_counters(metrics, kernel, SLICES * iterations, switches_of(work)))
        worst = 0;
    json_t *answer =
        json_pack("{s:o, s:o, s:f, s:b, s:O, s:f}", "check", checked, "metrics", metrics,
                  "disagreement", worst, "shared", shared, "adds_expected",
                  json_object_get(work->clock, "adds_per_cycle"), "adds_reached", reached(&m));
    json_t *used = work->experiment->used ? work->experiment->used() : NULL;
    if (used) json_object_set_new(answer, "used", used);
    return answer;
}

static json_t *describe_clock(void) {
    const char *why = clock_native.unavailable();
    if (why) return json_pack("{s:s+}", "source", "none: ", why);
    struct clock_batch batch = clock_calibrate(&clock_native, CLOCK_ROUNDS);
    double ns_per_tick = clock_ns_per_tick(&clock_native, CLOCK_MS);
    const char *no_pmu = counters_perf.open();
    if (!no_pmu) counters_perf.close();
    json_t *clock = json_pack(
        "{s:s+, s:{s:f, s:f, s:f, s:f}, s:f, s:f, s:b}", "source", clock_native.name,
        no_pmu ? " and a chain of dependent multiplications" : " and the cycle counter",
        "calibration", "ticks_per_cycle", batch.ticks_per_cycle, "ghz",
        1 / (batch.ticks_per_cycle * ns_per_tick), "disagreement_percent", batch.disagreement,
        "overhead_ticks", clock_overhead(&clock_native), "ns_per_tick", ns_per_tick,
        "adds_per_cycle", clock_best_throughput(&clock_native), "pmu", !no_pmu);
    if (no_pmu) json_object_set_new(clock, "pmu_reason", json_string(no_pmu));
    return clock;
}

static const struct engine native = {
    .name = "native",
    .summary = "this CPU, user mode",
    .rejects = rejects,
    .check = check,
    .count = count,
    .sample = sample,
    .map = native_map,
    .injector = &native_injector,
    .mutate = native_mutate,
    .clock = describe_clock,
};
REGISTER_ENGINE(native);
