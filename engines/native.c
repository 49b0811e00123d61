/* native: this CPU, in user mode. Timed by a clock that is checked in the same batch, counted by
 * single steps. */
#include "engines/native/clock.h"
#include "engines/native/counters.h"
#include "engines/native/map.h"
#include "engines/native/mutate.h"
#include "engines/native/slices.h"
#include "engines/native/stepper.h"
#include "harness/contract.h"
#include "harness/engine.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

enum {
    SWITCHES =
        2, /* an iteration of a kernel is a round trip, where the experiment says nothing else */
    FEWEST = 16,  /* iterations that are timed at once */
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

static bool run(const void *kernel, uint64_t iterations) {
    return (*(kernel_fn *const *)kernel)(iterations);
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

static json_t *sample(const struct work *work) {
    if (!json_object_get(work->clock, "ns_per_tick"))
        return json_pack("{s:s}", "untimed", clock_native.unavailable());
    kernel_fn *kernel = work->experiment->kernel(work->switcher, work->params);
    const struct subject subject = {run, &kernel, FEWEST, switches_of(work)};
    const json_t *best = json_object_get(work->clock, "adds_per_cycle");
    struct slices m;
    kernel_colour(work->seed * 64);
    const char *why = prepare(work);
    if (why) return json_pack("{s:s}", "skip", why);
    slices_measure(&m, &clock_native, &subject, json_real_value(best), work->seed);
    if (work->experiment->intact) m.intact = work->experiment->intact() && m.intact;
    json_t *checked = contract_check(work->switcher, work->seed);
    if (!m.intact) {
        json_object_set_new(checked, "status", json_string("fail"));
        json_object_set_new(checked, "reason",
                            json_string("a live value of the kernel did not survive the switches"));
    }
    json_t *metrics = json_pack("{s:{s:f, s:s}, s:{s:f, s:s}}", "cycles", "value",
                                slices_median(&m, offsetof(struct slice, cycles)), "unit",
                                "core cycles", "ns", "value",
                                slices_median(&m, offsetof(struct slice, ticks)) *
                                    json_real_value(json_object_get(work->clock, "ns_per_tick")),
                                "unit", "ns");
    double worst = slices_median(&m, offsetof(struct slice, disagreement));
    if (json_is_true(json_object_get(work->clock, "pmu")) &&
        add_counters(metrics, kernel, SLICES_IN_BATCH * m.repetitions, switches_of(work)))
        worst = 0;
    json_t *answer =
        json_pack("{s:o, s:o, s:f, s:b, s:f, s:f}", "check", checked, "metrics", metrics,
                  "disagreement", worst, "shared", slices_shared(&m), "adds_expected",
                  json_real_value(best), "adds_reached", slices_reached(&m));
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
