/* probe: what a probe at a PIP disturbs [0038]: events of a hot loop counted by code that is
 * injected into it while it runs, which saves every register, or those that a call may change, or
 * none, because it uses what is inconsequential at its PIP. */
#include "harness/probe.h"
#include "harness/experiment.h"
#include "harness/switcher.h"

#include <signal.h>
#include <string.h>
#include <sys/time.h>

static json_t *points(bool quick) {
    (void)quick;
    return json_pack("[{s:s}, {s:s}]", "probe", "off", "probe", "on");
}

/* each kind of saving once: the transfer says nothing here */
static bool concerns(const struct switcher *switcher) {
    return switcher->native && strcmp(switcher->transfer, "jmp") == 0 &&
           strcmp(switcher->mask, "none") == 0 && probe_is_for(switcher);
}

/* ---- the loop: verified afterwards, for that takes as long as the loop ---- */

static bool on;
static uint64_t asked, last_iterations, last_result;

static bool run(uint64_t iterations) {
    last_result = probe_host.run(iterations);
    last_iterations = iterations;
    asked += iterations;
    return true;
}

static bool intact(void) {
    return last_result == probe_host.expected(last_iterations) && probe_events == (on ? asked : 0);
}

/* ---- injection into the loop while it runs ---- */

static const struct switcher *injected;
static struct probe_pip pip; /* the host's, with what is free there */
static const char *volatile failure;

static void inject_now(int signal) {
    (void)signal;
    failure = probe_inject(&pip, injected);
}

/* a timer's handler injects it in the middle of the loop: some of the events are counted, not all,
 * and the loop's result is what it is without */
static const char *inject_while_running(void) {
    enum { TRIES = 8, MICROSECONDS = 200 };
    uint64_t iterations = 1 << 18;
    signal(SIGALRM, inject_now);
    for (int i = 0; i < TRIES; i++, iterations *= 2) {
        probe_events = 0;
        setitimer(ITIMER_REAL, &(struct itimerval){.it_value.tv_usec = MICROSECONDS}, NULL);
        run(iterations);
        uint64_t events = probe_events;
        if (failure) return failure;
        failure = probe_remove(&pip);
        if (failure) return failure;
        if (last_result != probe_host.expected(iterations) || events > iterations)
            return "the probe changed what the loop computes";
        if (events > 0 && events < iterations) return NULL;
    }
    return "the timer never came in the middle of the loop";
}

/* ---- what a probe that saves nothing uses comes from the analysis of this very program ---- */

static json_t *chosen; /* NULL: the probe saves what it uses */

static const char *choose(const struct switcher *switcher) {
    static char why[PROBE_WHY];
    json_decref(chosen);
    chosen = NULL;
    pip = probe_host.pip;
    if (!on || strcmp(switcher->kind, "pip") != 0) return NULL;
    chosen = probe_choose(&pip, why);
    return chosen ? NULL : why;
}

static json_t *used(void) {
    return json_incref(chosen);
}

static const char *prepare(const struct switcher *switcher, const json_t *params, uint32_t seed) {
    (void)seed;
    on = strcmp(json_string_value(json_object_get(params, "probe")), "on") == 0;
    injected = switcher;
    const char *why = choose(switcher);
    if (on && !why) why = inject_while_running();
    if (on && !why) why = probe_inject(&pip, switcher);
    probe_events = asked = 0;
    return why;
}

static kernel_fn *kernel(const struct switcher *switcher, const json_t *params) {
    (void)params;
    return concerns(switcher) ? run : NULL;
}

static unsigned one(const json_t *params) {
    (void)params;
    return 1;
}

static const struct experiment probe = {
    .name = "probe",
    .summary = "what code injected at a PIP of a running loop adds to it, by what it saves",
    .points = points,
    .concerns = concerns,
    .prepare = prepare,
    .kernel = kernel,
    .intact = intact,
    .used = used,
    .switches = one,
    .divisor = experiment_halved,
};
REGISTER_EXPERIMENT(probe);
