/* stage.h: what the files of the shared stage say to each other. No architecture needs it. */
#ifndef SWITCHLAB_WORLD_STAGE_H
#define SWITCHLAB_WORLD_STAGE_H

#include "worlds/common/world.h"

/* system calls: of the host, of the guest OS by its application, and what the guest OS asks of the
 * virtual machine */
enum {
    SYS_PUT = 0x101, /* print the character */
    SYS_WORK,        /* time passes: the clock ticks */
    SYS_RUN_VM,      /* the driver: run the virtual machine [0018] */
    SYS_EXIT,
    GUEST_WORK = 0x201,
    GUEST_EXIT,
    VM_PUT = 0x301,
    VM_STOP,
    VM_VECTOR, /* the guest OS's function for its application's calls */
    VM_RETURN, /* the guest OS goes back to its application */
    VM_START,  /* the guest OS starts its application */
};
enum { VM_DONE, VM_SLICE_OVER }; /* results of SYS_RUN_VM */

struct application {
    struct context context;
    struct application *next; /* itself: the last one left */
};
extern struct application *current;
void applications_make(void);

uint64_t driver(void);
void vm_make(void);
void guest_start(void);
/* X is the handler's: whoever kept something there has lost it [0013] */
void serve_tick(const struct context *interrupted);

extern uint64_t ticks, switches, world_switches, simulated, x_lost;

/* what the lab asks for; each ends the world */
_Noreturn void trial_check(void);
_Noreturn void trial_map(void);
_Noreturn void trial_mutate(void);
_Noreturn void time_chain(void);
_Noreturn void time_switches(void);
/* any interrupt or exception while trial_running */
struct context *trial_trap(struct context *c, enum cause cause);

_Noreturn void finish(void); /* the line `end`, status 0 */
/* the last registers, unless c is NULL; status 64 */
_Noreturn void unexpected(const struct context *c, const char *what);

#endif
