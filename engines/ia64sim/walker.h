/* walker.h: a machine that walks through a switch, both directions, an instruction at a time, so
 * that interrupts can be raised at its boundaries. The virtual machine's part between the two is
 * done at once. */
#ifndef SWITCHLAB_IA64SIM_WALKER_H
#define SWITCHLAB_IA64SIM_WALKER_H

#include "engines/ia64sim/ia64sim.h"

enum { WALK_STEPS_MOST = 20 * 1000 };

struct walk { /* what all walks through one switch share */
    struct stage stage;
    uint64_t seed;
    bool lend; /* floating point, to the guest */
};

struct walker {
    const struct walk *walk;
    struct trip trip;
    bool back;        /* on the way back */
    unsigned pending; /* ticks that the host owes */
};

/* False: see walk->stage.why. */
bool walk_open(struct walk *, const struct switcher *, uint64_t seed);
void walk_close(struct walk *);

/* At the driver's call, with a machine of its own. False: no memory. */
bool walker_new(struct walker *, const struct walk *);
/* *to, which has a machine already, becomes a copy. */
bool walker_copy(struct walker *to, const struct walker *from);
void walker_free(struct walker *);

/* one instruction on. False: it can't, or the end is reached */
bool walker_step(struct walker *);
/* at the resumption point */
bool walker_at_end(const struct walker *);
/* Raises an interrupt now. One that finds another pending still is the same tick. */
void walker_interrupt(struct walker *);
/* from here to the end, and what was lost */
enum outcome walker_finish(struct walker *);

#endif
