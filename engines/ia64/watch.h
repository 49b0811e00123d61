/* watch.h - what ia64sim looks at while a program runs: the trace, counts of a region, and the
 * rules of instruction groups. */
#ifndef IA64_WATCH_H
#define IA64_WATCH_H

#include "ia64.h"
#include "model.h"

enum watch_count {
    W_PASSES,
    W_INSTRUCTIONS,
    W_PREDICATED_OFF,
    W_BUNDLES,
    W_GROUPS,
    W_LOADS,
    W_STORES,
    W_BYTES_LOADED,
    W_BYTES_STORED,
    W_RSE_LOADS,
    W_RSE_STORES,
    W_TAKEN_BRANCHES,
    W_SERIALIZATIONS,
    W_INTERRUPTIONS,
    WATCH_COUNTS,
};
extern const char *const ia64_watch_names[WATCH_COUNTS];

struct watch {
    FILE *trace;     /* NULL: no trace */
    FILE *groups_to; /* where violations go; NULL: stderr */
    bool groups, region;
    struct ia64_model *model; /* NULL: no timing model */
    uint64_t begin, end; /* of the region */
    uint64_t count[WATCH_COUNTS];
    uint64_t violations;
    /* private */
    bool inside;
    uint64_t bundle;
    struct deps *deps;
};

enum ia64_stop ia64_watch_run(struct ia64 *m, struct watch *w, uint64_t limit);

/* The checker of instruction groups (deps.c); prints what it finds to `to`. */
struct deps *ia64_deps_new(FILE *to);
void ia64_deps_free(struct deps *d);
/* Returns the violations that this instruction adds. */
unsigned ia64_deps_step(struct deps *d, struct ia64 *m, const struct ia64_event *e);

#endif
