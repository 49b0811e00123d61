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
#include <unistd.h>

enum {
    SWITCHES =
        2, /* an iteration of a kernel is a round trip, where the experiment says nothing else */
    WARM_UP = 256,        /* iterations before the first clock is read */
    FEWEST = 16,          /* iterations that are timed at once */
    BATCHES = 7,          /* in a sample; the clock is calibrated before and after each */
    SLICES = 4,           /* in a batch; the core is looked at before, within and after each */
    SLICE_NS = 25 * 1000, /* time that the N of a slice should take: others come and go in less than
                             a millisecond */
    WANTED = BATCHES * SLICES,
    PATIENCE = 2, /* times as many are tried to get them on a core that is not shared */
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

/* below this part of its best throughput, the core is taken to be shared with another hardware
 * thread */
#define SHARED 0.97

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
                  const struct clock_batch *clock, double *ticks_per_switch, double *throughput) {
    double before = clock_throughput(&clock_native, clock);
    struct timed first = run(kernel, longer_first ? 2 * n : n);
    double between = clock_throughput(&clock_native, clock);
    struct timed second = run(kernel, longer_first ? n : 2 * n);
    double after = clock_throughput(&clock_native, clock);
    double ticks = longer_first ? first.ticks - second.ticks : second.ticks - first.ticks;
    *ticks_per_switch = ticks / ((double)switches * (double)n);
    *throughput = fmin(before, fmin(between, after));
    return first.intact && second.intact;
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

/* the highest value that at least `enough` of them come near, within a hundredth below it, or the
 * highest of all; *near of them do. One alone may be a slip of the clock. Sorts them */
static double plateau(double *values, int n, int enough, int *near) {
    qsort(values, (size_t)n, sizeof *values, ascending);
    for (int top = n - 1, bottom = n - 1; top >= 0; top--) {
        while (bottom > 0 && values[bottom - 1] >= 0.99 * values[top])
            bottom--;
        *near = top - bottom + 1;
        if (*near >= enough) return values[top];
    }
    *near = 0;
    return n ? values[n - 1] : 0;
}

/* the most that this core adds in a cycle again and again: what it does when nobody else is on it.
 * Looks for longer where few looks reach that, for then others are, in turns */
static double best_throughput(void) {
    enum { LOOKS = 1000, PAUSE_US = 1000, LEAST = 200, ENOUGH = 20 };
    double adds[LOOKS], best = 0;
    int n = 0, at_best = 0;
    for (int look = 0; look < LOOKS && (look < LEAST || 2 * at_best < n); look++) {
        struct clock_batch batch = clock_calibrate(&clock_native, 3);
        if (batch.disagreement < CLOCK_DISAGREEMENT_LIMIT)
            adds[n++] = clock_throughput(&clock_native, &batch);
        usleep(PAUSE_US);
        if (look % 10 == 9) best = plateau(adds, n, ENOUGH, &at_best);
    }
    return best;
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

/* measures until WANTED slices are on a core of its own, or patience ends: early where few of the
 * first were, for then a later process has the better chance. Returns how many were measured */
static int measure(const struct work *work, kernel_fn *kernel, uint64_t n, struct figures *slices,
                   int *alone, bool *intact) {
    double ns_per_tick = json_real_value(json_object_get(work->clock, "ns_per_tick"));
    double enough = SHARED * json_real_value(json_object_get(work->clock, "adds_per_cycle"));
    struct clock_batch before = clock_calibrate(&clock_native, CLOCK_ROUNDS);
    int count = 0;
    *alone = 0;
    while (count < PATIENCE * WANTED && *alone < WANTED) {
        double ticks[SLICES], throughput[SLICES];
        for (int i = 0; i < SLICES; i++)
            *intact = slice(kernel, n, switches_of(work), (work->seed + (unsigned)i) & 1, &before,
                            &ticks[i], &throughput[i]) &&
                      *intact;
        struct clock_batch after = clock_calibrate(&clock_native, CLOCK_ROUNDS);
        struct clock_batch clock = clock_between(&clock_native, &before, &after);
        for (int i = 0; i < SLICES; i++) {
            slices[count] = (struct figures){clock_cycles(&clock, ticks[i]), ticks[i] * ns_per_tick,
                                             clock.disagreement, throughput[i] >= enough};
            *alone += slices[count++].alone;
        }
        before = after;
        if (count == WANTED && 4 * *alone < WANTED) break;
    }
    return count;
}

static json_t *sample(const struct work *work) {
    kernel_fn *kernel = work->experiment->kernel(work->switcher, work->params);
    struct figures slices[PATIENCE * WANTED];
    bool intact = true;
    int alone;
    kernel_colour(work->seed * 64);
    const char *why = prepare(work);
    if (why) return json_pack("{s:s}", "skip", why);
    uint64_t iterations =
        calibrate(kernel, json_real_value(json_object_get(work->clock, "ns_per_tick")));
    int n = measure(work, kernel, iterations, slices, &alone, &intact);
    bool shared = 2 * alone < WANTED;
    if (work->experiment->intact) intact = work->experiment->intact() && intact;
    json_t *checked = contract_check(work->switcher, work->seed);
    if (!intact) {
        json_object_set_new(checked, "status", json_string("fail"));
        json_object_set_new(checked, "reason",
                            json_string("a live value of the kernel did not survive the switches"));
    }
    json_t *metrics = json_pack(
        "{s:{s:f, s:s}, s:{s:f, s:s}}", "cycles", "value",
        middle(slices, n, shared, offsetof(struct figures, cycles)), "unit", "core cycles", "ns",
        "value", middle(slices, n, shared, offsetof(struct figures, ns)), "unit", "ns");
    double worst = middle(slices, n, shared, offsetof(struct figures, disagreement));
    if (json_is_true(json_object_get(work->clock, "pmu")) &&
        add_counters(metrics, kernel, SLICES * iterations, switches_of(work)))
        worst = 0;
    json_t *answer = json_pack("{s:o, s:o, s:f, s:b}", "check", checked, "metrics", metrics,
                               "disagreement", worst, "shared", shared);
    json_t *used = work->experiment->used ? work->experiment->used() : NULL;
    if (used) json_object_set_new(answer, "used", used);
    return answer;
}

static json_t *describe_clock(void) {
    const char *why = clock_native.unavailable();
    if (why) return json_pack("{s:s}", "skip", why);
    struct clock_batch batch = clock_calibrate(&clock_native, CLOCK_ROUNDS);
    double ns_per_tick = clock_ns_per_tick(&clock_native, CLOCK_MS);
    const char *no_pmu = counters_perf.open();
    if (!no_pmu) counters_perf.close();
    json_t *clock =
        json_pack("{s:s+, s:{s:f, s:f, s:f, s:f}, s:f, s:f, s:b}", "source", clock_native.name,
                  no_pmu ? " and a chain of dependent multiplications" : " and the cycle counter",
                  "calibration", "ticks_per_cycle", batch.ticks_per_cycle, "ghz",
                  1 / (batch.ticks_per_cycle * ns_per_tick), "disagreement_percent",
                  batch.disagreement, "overhead_ticks", clock_overhead(&clock_native),
                  "ns_per_tick", ns_per_tick, "adds_per_cycle", best_throughput(), "pmu", !no_pmu);
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
