/* stage.h: a switcher's world, run up to the call of switch_out, and the round trips of the switch
 * made from there. */
#ifndef SWITCHLAB_IA64SIM_STAGE_H
#define SWITCHLAB_IA64SIM_STAGE_H

#include "engines/ia64sim/rows.h"
#include "harness/engine.h"
#include "switchers/ia64/ia64.h"

enum place { /* symbols of the world and of the switcher */
             DRIVER_ALLOC,
             DRIVER_CALL,
             DRIVER_DONE,
             SWITCH_OUT,
             SWITCH_PIP,
             SWITCH_BACK,
             SWITCH_FP_USED,
             SWITCH_END,
             VM_ENTER,
             VM_VECTORS,
             VM_DISABLED_FP,
             VM_FP_LENT,
             VM_FILLS_STACK,
             VM_FILLED_STACK,
             RESUME_TICK,
             HOST_RESUME,
             HOST_CONTEXT,
             TICKS,
             CALLER_STORES_FP,
             CALLER_LOADS_FP,
             CALLER_FP,
             CODE_BEGIN,
             CODE_END,
             PLACES
};

enum { ROWS_MOST = 400, WHY = 256 };

struct stage {
    const struct switcher *switcher;
    const struct register_file *file;
    uint64_t place[PLACES];
    struct ia64 *host; /* before driver_call */
    enum duty_kind duty[ROWS_MOST];
    bool x[ROWS_MOST];       /* X: a loss of it is one, whatever the contract says [0017] */
    bool partner[ROWS_MOST]; /* the virtual machine may change it */
    bool collects;           /* the host goes on with psr.ic = 1 */
    char why[WHY];           /* why there is no stage, or what went wrong */
};

/* frame: registers of the driver's frame, 0 to 96. False: see why. */
bool stage_open(struct stage *, const struct switcher *, unsigned frame);
void stage_close(struct stage *);
/* Writes the last state of m into why: what, where, and what the simulator says. */
void stage_failed(struct stage *, const struct ia64 *m, enum ia64_stop stop, const char *what);

/* ---- one round trip ---- */

enum outcome { TRIP_OK, TRIP_CORRUPTED, TRIP_CRASHED, TRIP_HUNG };
extern const char *const outcome_names[];

struct trip {
    const struct stage *stage;
    struct ia64 *m;
    struct row_value given[ROWS_MOST]; /* canaries; of X: its value at the PIP */
    bool past_pip;
    uint64_t bspstore;    /* at driver_call */
    uint64_t information; /* what I has to bring */
    uint64_t ticks;       /* served at driver_call */
    bool lost[ROWS_MOST];
    bool lost_tick, lost_information;
    size_t losses;
    char why[WHY];
};

/* A machine of its own, at driver_call, with canaries in every register of the host. False: no
 * memory. */
bool trip_new(struct trip *, const struct stage *, uint64_t *seed);
/* After trip_back: the host switches once more, with new canaries; losses add up. */
void trip_again(struct trip *, uint64_t *seed);
/* *to, which has a machine already, becomes a copy. */
bool trip_assign(struct trip *to, const struct trip *from);
void trip_free(struct trip *);
/* One instruction. False: it can't go on. */
bool trip_step(struct trip *);
/* The parts, in this order; each goes on from where the machine stands. */
enum outcome trip_out(struct trip *); /* to the virtual machine; X is read at the PIP */
/* it overwrites every register that it may; floating point only when it is lent to the guest */
enum outcome trip_partner(struct trip *, bool lend, uint64_t *seed);
enum outcome trip_back(struct trip *); /* switch_back to the resumption point; compares */
enum outcome trip_finish(struct trip *,
                         unsigned ticks); /* the host goes on; it serves so many more ticks */
/* after trip_finish: the world goes on to its end, whatever inconsequential registers hold now
 * [0022] */
enum outcome trip_to_the_end(struct trip *);
/* the names of what was lost; promised: only what the contract says is kept */
json_t *trip_losses(const struct trip *, bool promised);

#endif
