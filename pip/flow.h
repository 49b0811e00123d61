/* flow.h: liveness over the control flow of one function, for any architecture. A front end (struct
 * pip_arch) says what each instruction reads, writes and overwrites and where control goes next;
 * this file knows nothing else. */
#ifndef SWITCHLAB_PIP_FLOW_H
#define SWITCHLAB_PIP_FLOW_H

#include "pip/image.h"
#include "pip/set.h"

#include <stdio.h>

enum pip_kind {
    PIP_PLAIN,
    PIP_BRANCH, /* to `target`, or on */
    PIP_JUMP,   /* to `target` */
    PIP_SWITCH, /* to one of the places in a table, all of them known */
    PIP_CALL,   /* and back; `target` 0: through a register or memory */
    PIP_RETURN,
    PIP_TAIL,     /* leaves for a function of another file, which returns to this one's caller */
    PIP_ANYWHERE, /* a jump that could not be resolved: everything may be read there */
    PIP_STOP,     /* control ends here */
    PIP_UNKNOWN,  /* not an instruction that the front end knows: everything may be read */
};

struct pip_insn {
    uint64_t address, target;
    uint64_t slot;         /* of a call or jump through memory at a fixed address: that address */
    struct pip_set reads;  /* before it writes */
    struct pip_set writes; /* what it may change */
    struct pip_set kills;  /* what it surely overwrites, whole: nothing of the old value is left */
    enum pip_kind kind;
    unsigned size;
    int next, branch;      /* indices of successors; -1: none */
    int outside;           /* of a call or jump: it leaves the file; -1: not yet known */
    int sources;           /* how many instructions it may follow; the entry has one more */
    int cases, case_count; /* further ones, in flow->cases */
    bool maybe; /* a predicate may keep a call or return from happening: control goes on then */
    bool bare;  /* nothing is in flow->bare here, so it is neither read nor passed on */
    bool saves; /* all it reads of preserved registers goes to the stack, to come back from there */
};

struct pip_flow {
    const struct pip_arch *arch;
    const struct pip_image *image;
    uint64_t entry;
    struct pip_insn *insn;
    int count, room;
    int *cases, case_count;
    int *slots, slot_count; /* hash: address to index */
    int *calls, call_count; /* indices of what may leave the function: calls and jumps */
    bool truncated;         /* larger than the limit: what lies beyond counts as unknown */
    struct pip_set bare;
    struct pip_set at_return; /* what the caller may read after this function has returned */
    struct pip_set *in;       /* live before each instruction: the result */
};

struct pip_register {
    const char *name, *class;
    unsigned bits;
    struct pip_set parts; /* the bits that stand for it; none: see fixed */
    const char *fixed;    /* why it is live anywhere, or NULL */
};

/* the calling convention, as sets */
struct pip_convention {
    struct pip_set scratch, preserved, arguments, results;
    struct pip_set status; /* what the C library uses after main has returned */
};

/* what the convention and the C library say of a function of another file */
struct pip_callee {
    struct pip_set reads;
    struct pip_set leaves; /* scratch registers that it surely leaves alone */
    bool never_returns;
    bool unwinds; /* if it doesn't return: to a caller, which gets its preserved registers back */
};

/* an address that stands in the file, as the distance of a call or jump, or otherwise */
struct pip_reference {
    uint64_t target, site;
    enum { PIP_REFERENCE_CALL, PIP_REFERENCE_JUMP, PIP_REFERENCE_ADDRESS } kind : 8;
    int instruction : 8; /* whether one begins at `site`: 1 yes, -1 no, 0 not looked at */
};

struct pip;
struct pip_points;

struct pip_arch {
    const char *name;
    unsigned machine; /* e_machine */
    const struct pip_register *(*registers)(size_t *count);
    const struct pip_convention *(*convention)(void);
    /* Whether the call that is instruction i goes to another file, and if so, what of it is known
     */
    bool (*outside)(const struct pip_flow *, int i, struct pip_callee *);
    /* Calls found() with every place that may refer to code; rather too many than too few */
    void (*scan)(const struct pip_image *, void (*found)(void *, const struct pip_reference *),
                 void *);
    /* Fills in all but the successors. Code that can't be decoded is PIP_UNKNOWN of size 0 */
    void (*decode)(const struct pip_image *, uint64_t address, struct pip_insn *);
    /* Targets of the indirect jump that is instruction i, one at a time: false: no more. *n counts
     * from 0 */
    bool (*resolve)(struct pip_flow *, int i, int n, uint64_t *target);
    /* All instructions are there: corrects the kinds of those that are not what they look like; may
     * be NULL */
    void (*check)(struct pip_flow *);
    /* What calls do is known: refines what depends on it; may be NULL */
    void (*settled)(struct pip_flow *);
    /* Writes a switcher that saves what is live at these points; false and a message. May be NULL
     */
    bool (*emit)(const struct pip *, const struct pip_points *, FILE *, char message[PIP_MESSAGE]);
    /* The instruction as text */
    void (*text)(const struct pip_image *, uint64_t address, char *text, size_t size);
};

/* All code that is reached from `entry` by jumps, in this function and others. NULL: no memory */
struct pip_flow *pip_flow_new(const struct pip_arch *, const struct pip_image *, uint64_t entry);
/* Adds code that is reached in ways that the flow doesn't show; gives its index */
int pip_flow_add(struct pip_flow *, uint64_t address);
/* Index of the instruction that begins at an address, or -1 */
int pip_flow_find(const struct pip_flow *, uint64_t address);
/* Fills in flow->in, for what is live at a return */
void pip_flow_solve(struct pip_flow *, const struct pip_set *at_return);
/* What the function itself may read of what it is entered with: saving a preserved register is no
 * use of it, and nothing is live after it */
struct pip_set pip_flow_reads(struct pip_flow *);
/* What may come through it to its end unchanged */
struct pip_set pip_flow_passes(struct pip_flow *);
/* What is live after instruction i */
struct pip_set pip_flow_after(const struct pip_flow *, int i);
void pip_flow_free(struct pip_flow *);

/* a loop over the indices of the successors of instruction i */
#define PIP_EACH_SUCCESSOR(flow, i, s)                                                             \
    for (int n_ = -2, s; n_ < (flow)->insn[i].case_count; n_++)                                    \
        if ((s = n_ == -2   ? (flow)->insn[i].next                                                 \
                 : n_ == -1 ? (flow)->insn[i].branch                                               \
                            : (flow)->cases[(flow)->insn[i].cases + n_]) >= 0)

/* Why a register is live or dead before instruction i */
struct pip_cause {
    bool live;
    int read; /* live: an instruction that reads it, first on a shortest way */
    int kill; /* dead: an instruction that overwrites it; -1: every way ends without a use */
};
struct pip_cause pip_flow_cause(const struct pip_flow *, int i, const struct pip_set *parts);

#endif
