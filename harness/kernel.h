/* kernel.h: what a switcher offers to the native engine, once compiled: loops that switch, and the
 * check of its contract. They are made by harness/kernels.inc, which a switcher's file includes
 * last. */
#ifndef SWITCHLAB_KERNEL_H
#define SWITCHLAB_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Runs `iterations` round trips between two contexts (2 switches each), after preparing both.
 * Returns whether every live value of both sides survived. */
typedef bool kernel_fn(uint64_t iterations);

enum kernel_use { KERNEL_USED, KERNEL_UNUSED, KERNEL_USES };
enum kernel_values { KERNEL_INT, KERNEL_VECTOR, KERNEL_VALUES };
enum { KERNEL_LIVE = 17, KERNEL_LIVE_INT = 16 }; /* 0 to 16 live vectors, 0 to 15 live integers */

/* One instruction (or pair) of a switch that saves or restores; recorded where it stands in the
 * code */
struct step {
    uint8_t *begin, *end;
    const char *op;  /* "save" or "restore" */
    const char *reg; /* a register, or a group that one instruction moves */
};

/* What the check fills in: images of all registers (register_file.h). [0] is the side that the
 * harness runs, [1] the partner that overwrites every register. */
struct check_images {
    uint8_t *given[2];    /* canaries loaded before the switch */
    uint8_t *captured[2]; /* what was there after the switch back */
    uint64_t visits;      /* how often the partner ran; counted up */
    bool abi;             /* the canaries obey the calling convention: the x87 stack is empty */
};

/* of a label of the file's own assembly: a position-independent program reaches it directly, for a
 * local label has no entry in the linker's table of addresses */
#define OF_ASSEMBLY __attribute__((visibility("hidden")))

enum { NATIVE_CODES = 3 };

struct native_code {
    kernel_fn *pingpong;
    kernel_fn *pressure[KERNEL_VALUES][KERNEL_USES][KERNEL_LIVE];
    /* images NULL: prepares the partner; else one round trip under canaries. NULL where the
     * switcher's two sides do not share an address space */
    void (*check)(struct check_images *);
    bool abi;     /* reached by a call into C: canaries obey the calling convention */
    bool threads; /* switches through the kernel: instructions can't be counted by stepping one
                     thread */
    const uint8_t *code[NATIVE_CODES],
        *end[NATIVE_CODES]; /* where its steps stand: the switch, or both sides of the check */
};

/* the recorded steps of all switchers; whether one is a step of this code; and its removal, in this
 * process, by instructions that do nothing. False: its page can't be written, see errno */
extern struct step __start_switch_steps[], __stop_switch_steps[];
bool kernel_owns(const struct native_code *, const struct step *);
bool kernel_remove(const struct step *);
/* each architecture's own: the shortest instruction that does nothing */
struct kernel_nop {
    uint8_t bytes[4];
    size_t size;
};
extern const struct kernel_nop kernel_nop;

/* The top of a stack for the partner, 64-byte aligned; kernel_colour() moves it within a page */
void *kernel_stack(void);
enum { KERNEL_STACK_BYTES = 256 * 1024 };
void kernel_colour(unsigned bytes);

/* the partner's side of a kernel: how long it runs and whether its values survived */
extern uint64_t kernel_iterations;
extern bool kernel_partner_intact;

#endif
