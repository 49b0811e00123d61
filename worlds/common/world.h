/* world.h: the stage of Fig. 1 that all worlds share, and what an architecture supplies to it. The
 * C files of worlds/common are compiled for each architecture with its folder on the include path;
 * they know no architecture.
 *
 * The architecture's folder holds
 *   arch.h    struct context, struct image and the functions below that are marked arch.h (static
 * inline)
 *   *.S, *.c  the rest of them; boot ends in world_main()
 *   world.lds, world.mk
 * and its table switchers/registers/<arch>_kernel.def lists each register once: REG(name, class,
 * bits, privilege, convention, slot). An image is an array of bytes with each register at its slot.
 */
#ifndef SWITCHLAB_WORLD_H
#define SWITCHLAB_WORLD_H

#include "worlds/common/command.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ==== what an architecture supplies ==== */

/* ARCH_NAME          "x86_64"
 * ARCH_TABLE         "switchers/registers/x86_64_kernel.def"
 * ARCH_X             how many registers X is
 * ARCH_TICK          instructions that one tick of the timer lasts: the sweep pads by 0 to
 * ARCH_TICK - 1 of them ARCH_IMAGE_BYTES   size of an image struct context     registers of
 * interrupted code: an application's or the guest OS's. Its layout is the entry code's. */

/* who runs in a context: below the host's privilege, all of them. Where the CPU has a level between
 * (ring 1), the guest OS has it; else it shares the applications' level, and the virtual machine
 * knows which of the two is running [0019] */
enum level { LEVEL_APPLICATION, LEVEL_GUEST_OS };
struct context;

/* ---- X: privileged instructions, executed natively by the host and simulated for the guest OS,
 * which calls the same functions. arch.h ---- */
static inline uint64_t x_read(unsigned n);
static inline void x_write(unsigned n, uint64_t value);
/* a value made one that X n can hold */
static inline uint64_t x_legal(unsigned n, uint64_t value);
/* What X n holds once a handler that wrote `written` has returned to c. Its own value, unless the
 * return itself uses X n. */
static inline uint64_t x_after_handler(unsigned n, const struct context *c, uint64_t written);

/* ---- contexts. arch.h ---- */
static inline bool
context_privileged(const struct context *c); /* interrupted at the host's level */
static inline uint64_t context_pc(const struct context *c);
static inline void context_set_pc(struct context *c, uint64_t pc);
static inline void context_set_stack(struct context *c, uint64_t top);
static inline void context_set_level(struct context *c, enum level level);
/* a system call's number, argument and result */
static inline uint64_t context_number(const struct context *c);
static inline uint64_t context_argument(const struct context *c);
static inline void context_set_argument(struct context *c,
                                        uint64_t value); /* as a function's first one */
static inline void context_set_number(struct context *c,
                                      uint64_t value); /* as a function's second one */
static inline void context_set_result(struct context *c, uint64_t value);
/* from any level below the host's: to the host or, in the virtual machine, to it. The kernel goes
 * on after the instruction */
static inline uint64_t system_call(uint64_t number, uint64_t argument);

/* ---- the CPU at the host's level. arch.h ---- */
static inline void interrupts_on(void);
static inline void interrupts_off(void);

#include "arch.h"

/* ---- C in the architecture's folder ---- */

extern const char *const x_names[ARCH_X];
/* interruptible, at the lower level, about to execute entry() */
void context_make(struct context *c, enum level level, void (*entry)(void), void *stack_top);
/* X, simulated [0019]: executes the privileged instruction at which the guest stopped on x[]
 * instead and steps over it. False: it is none that this virtual machine knows. */
bool simulate(struct context *guest, uint64_t x[ARCH_X]);

/* ---- clock: a tick is an interrupt, CAUSE_TICK ---- */
void tick_now(void);    /* it is pending from now on */
void tick_take(void);   /* in its handler: it is served; no other one comes by itself */
void tick_keep(void);   /* in its handler: it stays pending for whoever unmasks next [0025] */
void tick_cancel(void); /* whatever was asked for or is pending does not come */

/* ---- console and end ---- */
void put_character(char c);
_Noreturn void
world_exit(unsigned status); /* 0 to 255; the engine's row says how it is seen outside */
/* the registers at an unexpected exception, a line each: NAME HEX */
void print_context(const struct context *c);

/* ---- assembly ----
 *
 * Two vector tables, the host's and the virtual machine's. Entry saves what was interrupted to a
 * struct context and calls host_trap() or vm_trap(); what they return is continued. An exception
 * (CAUSE_OTHER) must arrive whatever the stack pointer holds.
 *
 * driver_switch(&information): saves what C expects to be preserved, on its stack, and calls
 * switch_out at the label driver_call. Returns through one of the resumption points resume_tick,
 * resume_put, resume_stop, which use nothing that a switcher may have corrupted, with interrupts as
 * the switcher left them. vm_enter: where switch_out ends: interrupts off; the virtual machine's
 * stack, then, unless trial_running, what vm_run() returns is continued. With trial_running:
 * trial_partner. vm_back(): interrupts on where switch_masks is 0, then to switch_back.
 * trial_run(): saves what C expects; has the timer tick after trial_delay ticks (0: never), then
 * trial_pad instructions that do nothing; loads every register of image_classes from trial_given,
 * vectors included, and interrupts on; writes to trial_given what it can't choose (its stack
 * pointer); at the label trial_call, one instruction, calls switch_out. trial_partner sets
 * trial_running to TRIAL_BACK, loads every register from trial_partner_image, interrupts on where
 * trial_open is not 0 (the same instructions in either case), and goes to switch_back. At the label
 * trial_resume every register goes to trial_captured, before any changes; interrupts off; returns
 * 0. trial_recover: reached by context_recover(): vectors are the host's again, interrupts off, and
 * it is trial_run's return with 1. */
enum exit_reason { EXIT_TICK, EXIT_PUT, EXIT_STOP };
enum exit_reason driver_switch(uint64_t *information);
extern uint8_t driver_call[], resume_tick[], resume_put[], resume_stop[];
_Noreturn void vm_back(void);
unsigned trial_run(void);
extern uint8_t trial_call[], trial_called[] /* the next instruction */, trial_resume[];
/* makes c continue in trial_recover, at the host's level, interrupts off */
void context_recover(struct context *c);
/* the classes of the table that trial_run loads and captures, each register of 64 bits or fewer;
 * NULL at the end */
extern const char *const image_classes[];
/* makes random bytes an image that the host may hold at the PIP: flags, X; and what it can't choose
 * is as it is: vectors, translation */
void image_legal(uint8_t *image);
/* what register I holds in a captured image [0028] */
uint64_t image_information(const uint8_t *image);
/* overwrites [begin, end) by instructions that do nothing; code_changed: after any change of code,
 * for the instruction cache */
void fill_nops(uint8_t *begin, uint8_t *end);
void code_changed(void *begin, void *end);

/* ---- the switcher: one file of switchers/<kind>/<arch>-kernel*.S, assembled with MASKED = 0 or 1
 * ---- */
extern uint8_t switch_out[];  /* called at the PIP's call; saves the host's context [312], ends in a
                                 jump to vm_enter */
extern uint8_t switch_pip[];  /* the first instruction after interrupts are masked [0021] */
extern uint8_t switch_back[]; /* jumped to; restores the host [320], goes to host_resume.point */
extern uint8_t switch_end[];  /* [switch_out, switch_back) and [switch_back, switch_end) are
                                 straight-line code, nothing else */
extern uint8_t switch_mask[],
    switch_masked[]; /* the instructions that mask; nothing lies between when it does not */
/* what it saves and restores, one instruction or pair of them each, in the section switch_steps */
struct step {
    uint8_t *begin, *end;
    const char *op, *reg;
};
extern struct step __start_switch_steps[], __stop_switch_steps[];

/* ==== what the shared part gives ==== */

enum cause { CAUSE_TICK, CAUSE_CALL, CAUSE_PRIVILEGED, CAUSE_OTHER };
struct context *host_trap(struct context *c, enum cause cause);
struct context *vm_trap(struct context *c, enum cause cause);
struct context *vm_run(void);
_Noreturn void
world_main(void); /* from boot: host's level, interrupts off, host's vectors, host's stack */

/* where the host's context lies between A and B of Fig. 3 [0029]: an image; where and with what the
 * switch comes back */
extern uint8_t host_context[];
struct resume {
    uint64_t point, information;
};
extern struct resume host_resume;

extern struct world_command world_command;
enum { TRIAL_NONE, TRIAL_OUT, TRIAL_BACK, TRIAL_OVER, TRIAL_TIMED };
extern uint64_t trial_running, trial_delay, trial_pad, trial_open;
extern uint8_t trial_given[], trial_captured[], trial_partner_image[];

enum { STACK_BYTES = 8192 };
extern uint8_t host_stack[STACK_BYTES], vm_stack[STACK_BYTES];

/* ---- inside the shared part ---- */

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
_Noreturn void
host_run(void); /* continues the current application; boot and the end of a stage only */
_Noreturn void context_continue(struct context *c); /* assembly: interrupts off; continues it */

uint64_t driver(void);
void serve_tick(const struct context *interrupted);
void vm_make(void);
void guest_start(void);

extern uint64_t ticks, switches, world_switches, simulated, x_lost;
extern uint64_t switch_masks; /* 1: the switcher masks; by the switcher's file */

/* timing.c; what an architecture times is in `timings`, whose default is nothing: END */
struct timing {
    const char *name;
    uint64_t (*ticks)(uint64_t n); /* of n of them */
};
extern const struct timing chain_timings[], switch_timings[]; /* name NULL at the end */
_Noreturn void time_chain(void);
_Noreturn void time_switches(void);

_Noreturn void trial_check(void);
_Noreturn void trial_map(void);
_Noreturn void trial_mutate(void);
struct context *trial_trap(struct context *c, enum cause cause);

void print(const char *text);
void print_number(uint64_t n);                  /* decimal */
void print_hex(uint64_t n);                     /* 0x, 16 digits */
void print_named(const char *name, uint64_t n); /* name, a space, decimal, end of line */
_Noreturn void finish(void);                    /* the line `end`, status 0 */
_Noreturn void unexpected(const struct context *c,
                          const char *what); /* last registers, status 128 */

#endif
