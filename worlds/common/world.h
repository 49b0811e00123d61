/* world.h: the stage of Fig. 1 that all worlds share, seen from an architecture: what it supplies
 * to the stage, and what the stage gives to it. The C files of worlds/common are compiled for each
 * architecture, with its folder on the include path; they know no architecture. The folder holds
 * arch.h, further C and assembly, world.lds and world.mk. Boot ends in world_main(). */
#ifndef SWITCHLAB_WORLD_H
#define SWITCHLAB_WORLD_H

#include "worlds/common/command.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ==== supplied by the architecture in arch.h, functions as static inline ==== */

/* Constants: */
/* ARCH_NAME: "x86_64" */
/* ARCH_TABLE: "switchers/registers/x86_64_kernel.def": REG(name, class, bits, privilege,
 * convention, slot), each register once. An image is an array of bytes with each register at its
 * slot. */
/* ARCH_IMAGE_BYTES: the size of an image */
/* ARCH_X: how many registers X is */
/* ARCH_TICK: how many instructions a tick of the timer lasts. The sweep pads by 0 to ARCH_TICK - 1
 */
/* struct context: the registers of interrupted code, as the entry code lays them down */

/* Who runs in a context: all of them below the host's privilege. Where the CPU has a level between
 * (ring 1), the guest OS has it; else it shares the applications' level, and the virtual machine
 * knows which of the two is running [0019]. */
enum level { LEVEL_APPLICATION, LEVEL_GUEST_OS };
struct context;

/* X: privileged instructions, executed for the host and simulated for the guest OS, which calls the
 * same functions */
static inline uint64_t x_read(unsigned n);
static inline void x_write(unsigned n, uint64_t value);
/* a value made one that X n can hold */
static inline uint64_t x_legal(unsigned n, uint64_t value);
/* what X n holds once a handler that wrote `written` has returned to c: that, unless the return
 * itself uses X n */
static inline uint64_t x_after_handler(unsigned n, const struct context *c, uint64_t written);

/* interrupted at the host's level */
static inline bool context_privileged(const struct context *c);
static inline uint64_t context_pc(const struct context *c);
static inline void context_set_pc(struct context *c, uint64_t pc);
static inline void context_set_stack(struct context *c, uint64_t top);
static inline void context_set_level(struct context *c, enum level level);
/* a system call's number, argument and result */
static inline uint64_t context_number(const struct context *c);
static inline uint64_t context_argument(const struct context *c);
static inline void context_set_result(struct context *c, uint64_t value);
/* a function's first and second parameter */
static inline void context_set_argument(struct context *c, uint64_t value);
static inline void context_set_number(struct context *c, uint64_t value);

/* From any level below the host's: to the host or, in the virtual machine, to it. The context that
 * its handler sees goes on after the instruction. */
static inline uint64_t system_call(uint64_t number, uint64_t argument);

/* at the host's level; an interrupt that is pending comes before interrupts_on() returns */
static inline void interrupts_on(void);
static inline void interrupts_off(void);

#include "arch.h"

/* ==== supplied by the architecture in C ==== */

extern const char *const x_names[ARCH_X]; /* as in the table */
/* interruptible, about to execute entry() */
void context_make(struct context *c, enum level level, void (*entry)(void), void *stack_top);
/* X, simulated [0019]: executes the privileged instruction at which the guest stopped on x[]
 * instead, and steps over it. False: it is none that this virtual machine knows. */
bool simulate(struct context *guest, uint64_t x[ARCH_X]);

/* the clock: a tick is an interrupt, CAUSE_TICK */
void tick_now(void);    /* it is pending from now on */
void tick_take(void);   /* in its handler: it is served; no other one comes by itself */
void tick_keep(void);   /* in its handler: it stays pending for whoever unmasks next [0025] */
void tick_cancel(void); /* whatever was asked for or is pending does not come */

void put_character(char c);
/* 0 to 255; engines/qemu/<arch>.c says how it is seen outside */
_Noreturn void world_exit(unsigned status);
/* a line a register: NAME HEX */
void print_context(const struct context *c);

/* the classes of the table that trial_run() loads and captures, each register of 64 bits or fewer;
 * "sp" and "ip" are among them; NULL at the end */
extern const char *const image_classes[];
/* Makes random bytes an image that the host may have at the PIP: flags and X legal; what it can't
 * choose is as it is: vectors, translation; ip is trial_resume. */
void image_legal(uint8_t *image);
/* what register I holds in a captured image [0028] */
uint64_t image_information(const uint8_t *image);

/* overwrites [begin, end) by as many instructions that do nothing */
void fill_nops(uint8_t *begin, uint8_t *end);
/* after any change of code: instruction cache */
void code_changed(void *begin, void *end);

/* what this architecture's world times for an engine whose clock is one; by default nothing */
struct timing {
    const char *name;              /* NULL at the end */
    uint64_t (*ticks)(uint64_t n); /* that n of them took */
};
extern const struct timing chain_timings[], switch_timings[];

/* ==== supplied by the architecture in assembly ==== */

/* Two vector tables, the host's and the virtual machine's. Entry lays down a struct context and
 * calls host_trap() or vm_trap(); what they return is continued. An exception arrives whatever the
 * stack pointer holds. */
_Noreturn void context_continue(struct context *c);

/* Saves what C expects to be preserved, on its stack, and calls switch_out at the label
 * driver_call. Returns through one of the resumption points, which use nothing that a switcher may
 * have corrupted, with interrupts as the switcher left them. */
enum exit_reason { EXIT_TICK, EXIT_PUT, EXIT_STOP };
enum exit_reason driver_switch(uint64_t *information);
extern uint8_t driver_call[], resume_tick[], resume_put[], resume_stop[];

/* The label vm_enter, where switch_out ends: interrupts off. trial_running is TRIAL_NONE: the
 * virtual machine's stack, and what vm_run() returns is continued. TRIAL_TIMED: at once to
 * switch_back. Else to trial_partner. */
/* interrupts on where switch_masks is 0, then to switch_back */
_Noreturn void vm_back(void);

/* One round trip; 0, or 1 when it ended in context_recover(). It
 *   saves what C expects, and loads vectors;
 *   has the timer tick after trial_delay ticks (0: never), then executes trial_pad instructions
 * that do nothing; loads the registers of image_classes from trial_given, interrupts on, and writes
 * to trial_given its stack pointer, which it can't choose; at the label trial_call, with one
 * instruction, calls switch_out; trial_called is the next one. The label trial_partner: sets
 * trial_running to TRIAL_BACK, loads the registers from trial_partner_image, interrupts on where
 * trial_open is not 0, with the same instructions in either case, and goes to switch_back. The
 * label trial_resume: interrupts off; every register to trial_captured, before any changes. */
unsigned trial_run(void);
extern uint8_t trial_call[], trial_called[], trial_resume[];
/* makes c return from trial_run() with 1: host's level, stack and vectors, interrupts off */
void context_recover(struct context *c);

/* ==== supplied by the switcher: switchers/<kind>/<arch>-kernel*.S, with MASKED = 0 or 1 ==== */

/* called at the PIP's call: masks, saves the host's context [312], jumps to vm_enter */
extern uint8_t switch_out[];
/* the instructions that mask: none where it does not */
extern uint8_t switch_mask[], switch_masked[];
extern uint64_t switch_masks; /* 1: it does */
/* the first instruction after them [0021] */
extern uint8_t switch_pip[];
/* jumped to: restores the host [320], goes to host_resume.point */
extern uint8_t switch_back[];
/* [switch_out, switch_back) and [switch_back, switch_end) are straight-line code, nothing else */
extern uint8_t switch_end[];
/* what it saves and restores, an instruction or a few each, in the section switch_steps */
struct step {
    uint8_t *begin, *end;
    const char *op, *reg;
};
extern struct step __start_switch_steps[], __stop_switch_steps[];

/* ==== given by the stage ==== */

/* from boot: host's level, interrupts off, host's vectors, host's stack */
_Noreturn void world_main(void);

enum cause { CAUSE_TICK, CAUSE_CALL, CAUSE_PRIVILEGED, CAUSE_OTHER };
struct context *host_trap(struct context *c, enum cause cause);
struct context *vm_trap(struct context *c, enum cause cause);
struct context *vm_run(void);

/* where the host's context lies between A and B of Fig. 3 [0029]: an image */
extern uint8_t host_context[];
/* where and with what the switch comes back */
struct resume {
    uint64_t point, information;
};
extern struct resume host_resume;

enum { TRIAL_NONE, TRIAL_OUT, TRIAL_BACK, TRIAL_OVER, TRIAL_TIMED };
extern uint64_t trial_running, trial_delay, trial_pad, trial_open;
extern uint8_t trial_given[], trial_captured[], trial_partner_image[];

enum { STACK_BYTES = 8192 };
extern uint8_t host_stack[STACK_BYTES], vm_stack[STACK_BYTES];
extern struct world_command world_command;

void print(const char *text);
void print_number(uint64_t n);                  /* decimal */
void print_hex(uint64_t n);                     /* 0x, 16 digits */
void print_named(const char *name, uint64_t n); /* name, a space, decimal, end of line */

#endif
