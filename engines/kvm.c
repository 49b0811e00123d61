/* kvm: the worlds on /dev/kvm, by the lab's own runner. */
#include "engines/kvm/timing.h"

#include <string.h>

/* Counts come from the switcher's code, so one engine for them is enough; this one serves where
 * QEMU is not there. */
static bool counted_elsewhere(const struct work *work) {
    const struct engine *qemu = engine_find("qemu");
    return work->experiment && work->experiment->counted && qemu && !qemu->rejects(work) &&
           !qemu->lacks(work);
}

static const char *rejects(const struct work *work) {
    struct work alone = *work;
    bool timed = work->experiment && strcmp(work->experiment->name, "worldtime") == 0;
    if (timed) alone.experiment = NULL;
    const char *why = world_rejects(&alone);
    if (why) return why;
    if (counted_elsewhere(work)) return "qemu counts the same code";
    const struct kvm_cpu *cpu = kvm_cpu_of_host();
    if (!cpu || strcmp(cpu->name, world_machine(work->switcher)->name) != 0)
        return "its architecture is not this machine's";
    return NULL;
}

static json_t *check(const struct work *work) {
    return world_check(work, kvm_run_world);
}
static json_t *count(const struct work *work) {
    return world_count(work, kvm_run_world);
}
static json_t *map(const struct work *work) {
    return world_map(work, kvm_run_world);
}
static json_t *mutate(const struct work *work) {
    return world_mutate(work, kvm_run_world);
}

static const struct engine kvm = {
    .name = "kvm",
    .summary =
        "bare-metal worlds on /dev/kvm: interrupts by single steps, ring-0 cycles on hardware",
    .unavailable = kvm_missing,
    .rejects = rejects,
    .check = check,
    .count = count,
    .sample = kvm_sample,
    .map = map,
    .mutate = mutate,
};
REGISTER_ENGINE(kvm);
