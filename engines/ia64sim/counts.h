/* counts.h: what a stretch of executed IA-64 instructions adds up to, whoever executed them. */
#ifndef SWITCHLAB_IA64SIM_COUNTS_H
#define SWITCHLAB_IA64SIM_COUNTS_H

#include "engines/ia64sim/stage.h"

enum metric {
    INSTRUCTIONS,
    BUNDLES,
    GROUPS,
    LOADS,
    STORES,
    BYTES,
    RSE_SPILLS,
    RSE_FILLS,
    SERIALIZATIONS,
    METRICS
};

struct counts {
    uint64_t n[METRICS];
    uint64_t bundle; /* that executes; 0 at the beginning of a stretch */
};

void counts_add(struct counts *, const struct ia64_event *);
/* only what the register stack engine did for it */
void counts_add_rse(struct counts *, const struct ia64_event *);
/* by name, as an engine's count answers; with the registers of each class that the contract keeps,
 * and how many the interrupting code may use for nothing [0036] */
void counts_put(json_t *answer, const struct counts *, const struct stage *);

#endif
