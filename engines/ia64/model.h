/* model.h - an in-order timing model of Itanium 2: how many cycles the executed instructions take,
 * and what the pipeline waits for. It is fed with the events of ia64.h's hook, in program order,
 * and never changes the machine. Its numbers are the rows of itanium2.def. What has no published
 * number has a low and a high there, so that every result is three: low, typical, high.
 * docs/ia64-model.md says what is modelled and what is not. */
#ifndef IA64_MODEL_H
#define IA64_MODEL_H

#include "ia64.h"

enum ia64_bound { IA64_LOW, IA64_TYPICAL, IA64_HIGH, IA64_BOUNDS };

enum ia64_model_value {
#define VALUE(name, ...) IA64_VALUE_##name,
#include "itanium2.def"
    IA64_VALUES
};

enum ia64_model_cause {
#define CAUSE(name, ...) IA64_CAUSE_##name,
#include "itanium2.def"
    IA64_CAUSES
};

/* Which level of the memory hierarchy answers a load. */
enum ia64_model_caches {
    IA64_CACHES_WARM, /* the first that may: L1D for integers, L2 for floating point */
    IA64_CACHES_L2,   /* L2 always */
    IA64_CACHES_COLD  /* by contents: L1D, L2 and L3, empty at first */
};

enum ia64_model_branches {
    IA64_BRANCHES_PERFECT, /* each branch is predicted right */
    IA64_BRANCHES_HINTS    /* as its completer says (.sptk, .dpnt, ...): a first encounter */
};

struct ia64_model_config {
    int32_t value[IA64_VALUES][IA64_BOUNDS];
    enum ia64_model_caches caches;
    enum ia64_model_branches branches;
};

/* Stalls are cycles in which nothing issues. For each bound, cycles = issue + all stalls, exactly.
 */
struct ia64_model_result {
    uint64_t passes;       /* stretches that were begun and had an instruction */
    uint64_t instructions; /* issued, those with a false predicate too */
    uint64_t groups;       /* instruction groups: up to a stop or a taken branch */
    uint64_t splits;       /* issue cycles beyond one a group, by dispersal */
    uint64_t loads[4];     /* answered by L1D, L2, L3, memory */
    uint64_t mispredicted; /* branches */
    uint64_t cycles[IA64_BOUNDS];
    uint64_t issue[IA64_BOUNDS];
    uint64_t stall[IA64_CAUSES][IA64_BOUNDS];
};

void ia64_model_defaults(struct ia64_model_config *config);
/* Changes one setting: "NAME=N" or "NAME=LOW:TYPICAL:HIGH" of itanium2.def, "caches=warm|l2|cold",
 * "branches=perfect|hints". NULL, or what is wrong with it (low > typical > high is refused). */
const char *ia64_model_option(struct ia64_model_config *config, const char *text);

const char *ia64_model_value_name(enum ia64_model_value value);
const char *ia64_model_value_source(enum ia64_model_value value);
const char *ia64_model_value_text(enum ia64_model_value value);
const char *ia64_model_cause_name(enum ia64_model_cause cause); /* "BE_EXE_BUBBLE.GRALL" */
const char *ia64_model_cause_text(enum ia64_model_cause cause);

struct ia64_model *ia64_model_new(const struct ia64_model_config *config); /* NULL: defaults */
void ia64_model_free(struct ia64_model *model);

/* Begins a stretch: nothing is in flight, the next event issues in its cycle 0. Caches keep their
 * contents. */
void ia64_model_begin(struct ia64_model *model);
/* One event of the hook; the machine is in the state after it. */
void ia64_model_step(struct ia64_model *model, const struct ia64 *m,
                     const struct ia64_event *event);
/* Ends a stretch before `next`, whose event may carry RSE fills that belong to it (a return); NULL:
 * there are none. A stretch need not be ended. */
void ia64_model_end(struct ia64_model *model, const struct ia64_event *next);
/* The same where the run stopped, before a further event: the machine tells of the fills. */
void ia64_model_end_here(struct ia64_model *model, const struct ia64 *m);
/* Sum over all stretches since the model was made or cleared. */
struct ia64_model_result ia64_model_result(const struct ia64_model *model);
/* Results to 0, and begins; caches keep their contents. */
void ia64_model_clear(struct ia64_model *model);

#endif
