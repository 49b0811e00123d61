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

/* Where the check keeps images of all registers (register_file.h). [0] is the side that the harness
 * runs, [1] the partner; each loads its given image, switches away, and captures what is there once
 * it has been switched back to. */
struct check_images {
    uint8_t *given[2], *captured[2];
    /* called before a side loads given[side], to fill it, and after it has written captured[side] */
    void (*fill)(struct check_images *, int side);
    void (*arrived)(struct check_images *, int side);
    const void *owner; /* for the callbacks */
    bool abi; /* the canaries obey the calling convention: the x87 stack is empty */
};

/* of a label of the file's own assembly: a position-independent program reaches it directly, for a
 * local label has no entry in the linker's table of addresses */
#define OF_ASSEMBLY __attribute__((visibility("hidden")))

enum { NATIVE_CODES = 3 };

/* Many contexts that switch in a ring or to a scheduler (harness/many.inc): what a switcher does in
 * its own way. A context is `bytes` of memory, aligned to 64; its stack may stand right below it. */
struct many_links {
    void *next;     /* the context that this one switches to */
    uint64_t live;  /* its live value, as of its last visit */
    uint64_t growth; /* what each visit adds to it */
    uint8_t *ahead; /* what it prefetches at each visit */
};
struct many_code {
    size_t bytes;       /* a context */
    size_t stack_bytes; /* the smallest stack that it runs on; a multiple of 64 */
    size_t links;       /* where in a context its struct many_links is */
    void *main;         /* the context of the caller of go() */
    /* prepares a context that visits and switches, again and again; its live value starts at
     * `live` */
    void (*make)(void *context, void *stack, bool prefetches);
    /* from main to main's next, and back here when somebody's next is main; so many times */
    void (*go)(uint64_t times);
};

/* Loops with 1, 2, 4, ... 64 switch sites a side (harness/sites.inc) */
enum sites_align { SITES_ALIGN_NONE, SITES_ALIGN_LINE, SITES_ALIGNS };
enum { SITES_COUNTS = 7 };
struct sites_code {
    kernel_fn *fixed[SITES_ALIGNS][SITES_COUNTS]; /* an iteration is a round trip at each site */
    kernel_fn *targets[SITES_ALIGNS]; /* one site, whose partners take turns in kernel_order */
};

/* in which order the partners of a loop with one site are resumed, again and again */
enum { KERNEL_TARGETS = 64, KERNEL_ORDER = 1 << 16 };
extern uint8_t kernel_order[KERNEL_ORDER];
extern uint16_t kernel_order_at; /* goes round by itself */

/* The upper parts of vector registers, clean (as at the start, so that an instruction that saves state
 * may leave them out) or dirty; the architecture's register table defines it */
enum { KERNEL_UPPER_STATES = 2 };
struct kernel_upper_state {
    const char *name;
    void (*set)(void);
    bool (*is_set)(void);
};
struct kernel_upper {
    const char *(*lacks)(void); /* why there are no upper parts, or NULL */
    struct kernel_upper_state states[KERNEL_UPPER_STATES];
};
extern const struct kernel_upper kernel_upper;
extern const struct kernel_upper_state *kernel_upper_now; /* what the kernel `state` puts them into */

struct native_code {
    kernel_fn *pingpong;
    kernel_fn *state; /* pingpong over upper parts that both sides put into kernel_upper_now */
    const struct many_code *many; /* NULL: none */
    const struct sites_code *sites; /* NULL: none */
    kernel_fn *pressure[KERNEL_VALUES][KERNEL_USES][KERNEL_LIVE];
    /* images NULL: prepares the partner; else one round trip under canaries. NULL where the
     * switcher's two sides do not share an address space */
    void (*check)(struct check_images *);
    /* a bare switch away from a side, for what an interrupt does on that side; NULL: the switcher is
     * not one to be interrupted */
    void (*yield[2])(void);
    kernel_fn *soak; /* as pingpong, with live values on both sides that are verified all along */
    bool abi;     /* reached by a call into C: canaries obey the calling convention */
    bool threads; /* switches through the kernel: instructions can't be counted by stepping one
                     thread */
    const uint8_t *code[NATIVE_CODES],
        *end[NATIVE_CODES]; /* where its steps stand: the switch, or both sides of the check */
    const uint8_t *site[2],
        *site_end[2]; /* where each side of the check switches: the PIP is the first address */
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

/* the side whose stack this is called on: 0 the harness, 1 the partner */
int kernel_side(void);

/* The top of a stack for the partner, 64-byte aligned; kernel_colour() moves it within a page */
void *kernel_stack(void);
enum { KERNEL_STACK_BYTES = 256 * 1024 };
void kernel_colour(unsigned bytes);

/* the partner's side of a kernel: how long it runs and whether its values survived */
extern uint64_t kernel_iterations;
extern bool kernel_partner_intact;

/* both contexts of a soak exist, so an interrupt may switch away */
extern volatile bool kernel_preemptible;

#endif
