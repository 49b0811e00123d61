/* trial.h: one switch from the host OS to a guest and back on the simple CPU, perhaps with an interrupt, and the oracle's verdict. */
#ifndef SWITCHLAB_SIMPLE_TRIAL_H
#define SWITCHLAB_SIMPLE_TRIAL_H

#include "engines/simple/cpu.h"

enum { NOWHERE = -1 };

struct simple_trial {
    const struct simple_program *program;
    const struct simple_code *handler;
    uint32_t seed; /* of the contexts' values */
    int interrupt; /* the line rises before this instruction, or NOWHERE; it is delivered as soon as interrupts are not masked */
    int removed;   /* this instruction is left out, or NOWHERE */
    const uint32_t *further; /* where the line rises again, in order; at the same place: once it was served */
    unsigned furthers;
};

enum simple_outcome { SIMPLE_OK, SIMPLE_CORRUPTED, SIMPLE_CRASHED, SIMPLE_HUNG };

/* what can be lost: registers of the host OS, bit by bit as in enum simple_reg, then these */
enum simple_loss { LOST_GUEST_I = SIMPLE_REGISTERS, LOST_GUEST_J, LOST_GUEST_K, LOST_KEPT_I, LOST_ANSWER, SIMPLE_LOSSES };
extern const char *const simple_loss_names[SIMPLE_LOSSES];

struct simple_verdict {
    enum simple_outcome outcome;
    unsigned lost;   /* a bit for each loss */
    const char *why; /* of a crash */
};

/* The oracle: what was saved equals the context at the PIP, and what is restored equals it; the same for the guest's context.
 * Where I is inconsequential, it has the answer at [4], and the host's own value again at the end [0028]. */
struct simple_verdict simple_try(const struct simple_trial *);

#endif
