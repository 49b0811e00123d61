/* ia64sim: the world of worlds/ia64 on the lab's own simulator of an Itanium processor. It counts,
 * checks, interrupts at every boundary and removes every step; its clock is the timing model's. */
#include "engines/ia64sim/ia64sim.h"

#include <string.h>

static const char *rejects(const struct work *work) {
    if (strcmp(work->switcher->arch, "ia64") != 0) return "it runs only what is written for IA-64";
    return work->experiment && work->experiment->kernel ? "its world has no such loop" : NULL;
}

static const struct engine ia64sim = {
    .name = "ia64sim",
    .summary = "the lab's IA-64 simulator: exact counts, interrupts at every boundary, no clock",
    .rejects = rejects,
    .check = ia64sim_check,
    .count = ia64sim_count,
    .map = ia64sim_map,
    .mutate = ia64sim_mutate,
    .injector = &ia64sim_injector,
};
REGISTER_ENGINE(ia64sim);
