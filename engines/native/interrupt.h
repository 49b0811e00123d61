/* interrupt.h: one trial of a switch in user mode, in a child of its own, with a signal at chosen
 * boundaries. */
#ifndef SWITCHLAB_NATIVE_INTERRUPT_H
#define SWITCHLAB_NATIVE_INTERRUPT_H

#include "engines/native/trap.h"
#include "harness/engine.h"

enum { BOUNDARIES_MOST = 512 };

/* a place at which an interrupt can come */
struct boundary {
    const uint8_t *at;
    int side;                    /* the side that is switching away */
    char text[INSTRUCTION_TEXT]; /* the instruction that would be next */
};

struct boundaries {
    struct boundary b[BOUNDARIES_MOST];
    size_t n;
};

/* Adds the instructions of [begin, end). False: they can't be decoded, or are too many */
bool boundaries_add(struct boundaries *, int side, const uint8_t *begin, const uint8_t *end);
/* all of both sides of a switcher's check, in the order of execution */
bool boundaries_of(struct boundaries *, const struct native_code *);

/* NOT_REACHED and NO_PTRACE: there was no interrupt */
enum trial { TRIAL_OK, TRIAL_CORRUPTED, TRIAL_CRASHED, TRIAL_HUNG, NOT_REACHED, NO_PTRACE, TRIALS };

/* The contract check of work's switcher, with n interrupts: each comes when control gets to its
 * boundary, once the one before has come. What the handler does is to switch away [0025]. *corrupted,
 * if not NULL, gets a new array of names where the outcome is TRIAL_CORRUPTED */
enum trial interrupt_trial(const struct work *, const struct boundaries *, const uint32_t *at, unsigned n, json_t **corrupted);

/* why there was no interrupt, for a record */
const char *trial_reason(enum trial, const struct boundary *);

#endif
