/* timing.c: calibration first, then cycles of round trips at ring 0. */
#include "engines/kvm/timing.h"
#include "engines/native/clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHAIN = 200, SWITCHES = 1000, BATCHES_MOST = 64, CLOCK_MS = 10 };

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double kvm_slope(const char *text, const char *name) {
    double slope[BATCHES_MOST], waiting = 0;
    unsigned long long n, ticks, first = 0;
    char what[16];
    size_t batches = 0;
    for (const char *p = text; p && *p && batches < BATCHES_MOST;
         p = strchr(p, '\n'), p += p != NULL) {
        if (sscanf(p, "time %15s %llu %llu", what, &n, &ticks) != 3 || strcmp(what, name) != 0)
            continue;
        if (!first) {
            first = n;
            waiting = (double)ticks;
        } else {
            double longer = n > first ? (double)ticks : waiting,
                   shorter = n > first ? waiting : (double)ticks;
            slope[batches++] = (longer - shorter) / (double)(n > first ? n - first : first - n);
            first = 0;
        }
    }
    if (!batches) return NAN;
    qsort(slope, batches, sizeof *slope, ascending);
    return slope[batches / 2];
}

static bool timed_world(const struct switcher *s, enum world_verb verb, uint64_t rounds,
                        struct world_end *end, char why[WORLD_WHY]) {
    struct world_file file;
    *end = (struct world_end){0};
    if (!world_open(&file, s, 1, verb)) {
        memcpy(why, file.why, WORLD_WHY);
        return false;
    }
    file.command->rounds = rounds;
    kvm_run_world(&file, end);
    world_close(&file);
    if (!end->good) memcpy(why, end->why, WORLD_WHY);
    return end->good;
}

bool kvm_calibrate(struct kvm_calibration *c, const struct switcher *s, char why[WORLD_WHY]) {
    struct world_end end;
    *c = (struct kvm_calibration){0};
    bool good = timed_world(s, WORLD_CHAIN, CHAIN, &end, why);
    if (good) {
        double ns_per_tick = clock_ns_per_tick(&clock_native, CLOCK_MS);
        c->host = clock_calibrate(&clock_native, CLOCK_ROUNDS).ticks_mul;
        c->guest = kvm_slope(end.text, "mul");
        c->ratio = c->guest / c->host;
        c->cpuid_ns = kvm_slope(end.text, "cpuid") * ns_per_tick;
        c->port_ns = kvm_slope(end.text, "port") * ns_per_tick;
        if (!(c->ratio <= KVM_RATIO_LIMIT))
            snprintf(c->interpreted, sizeof c->interpreted,
                     "guest ring 0 is interpreted on this machine: a dependent multiplication "
                     "takes %.0f times as long there as at "
                     "ring 3 of the host (limit %.1f); the checks count, cycles would not",
                     c->ratio, KVM_RATIO_LIMIT);
    }
    free(end.text);
    return good;
}

static json_t *figures(const char *text) {
    struct clock_batch clock =
        clock_from_chains(&clock_native, kvm_slope(text, "mul"), kvm_slope(text, "add"));
    double ticks = kvm_slope(text, "switch");
    if (isnan(ticks) || isnan(clock.ticks_per_cycle))
        return json_pack("{s:s}", "untimed", "the world printed no times");
    return json_pack("{s:{s:{s:f, s:s}, s:{s:f, s:s}}, s:f, s:b}", "metrics", "cycles", "value",
                     clock_cycles(&clock, ticks), "unit", "core cycles", "ns", "value",
                     ticks * clock_ns_per_tick(&clock_native, CLOCK_MS), "unit", "ns",
                     "disagreement", clock.disagreement, "shared", 0);
}

json_t *kvm_sample(const struct work *work) {
    struct kvm_calibration c;
    struct world_end end;
    char why[WORLD_WHY];
    if (clock_native.unavailable())
        return json_pack("{s:s}", "untimed", clock_native.unavailable());
    if (!kvm_calibrate(&c, work->switcher, why)) return json_pack("{s:s}", "untimed", why);
    if (c.interpreted[0]) return json_pack("{s:s}", "untimed", c.interpreted);
    json_t *answer = timed_world(work->switcher, WORLD_TIME, SWITCHES, &end, why)
                         ? figures(end.text)
                         : json_pack("{s:s}", "untimed", why);
    free(end.text);
    return answer;
}
