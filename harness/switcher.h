/* switcher.h: the descriptor that every implementation of save, transfer, restore fills in. One
 * file in switchers/ holds one switcher, which registers itself; nothing else needs editing. */
#ifndef SWITCHLAB_SWITCHER_H
#define SWITCHLAB_SWITCHER_H

#include "harness/kernel.h"
#include "harness/register_file.h"
#include "harness/registry.h"

enum duty_kind {
    SAVED,           /* the switch keeps it: its value after the switch back is its value before */
    INCONSEQUENTIAL, /* nobody uses its value at the PIP [0021]: the switch may corrupt it */
    SHARED,          /* both contexts use the same one by agreement: the switch leaves it alone */
};

/* one clause of a contract. `class` may be a register's name; NULL matches every class or
 * convention; the first clause that matches a register holds */
struct clause {
    const char *class, *convention;
    enum duty_kind duty;
    const char *why; /* the rule by which it is so; shown by `switchlab list --contract` */
};

struct contract {
    const struct register_file *file;
    const struct clause *clauses; /* the last one matches everything */
};

struct switcher {
    const char *name;  /* full, scratch, pip, a variant such as full+xmm, or a peer's name */
    const char *kind;  /* full, scratch, pip or peer */
    const char *arch;  /* the architecture it runs on */
    const char *mask;  /* how the context is kept from changing during the save */
    const char *state; /* which extended state it moves: none, fp, xmm, ..., or a peer's own word */
    const char *transfer; /* the instruction that transfers control: jmp, ret, syscall, ... */
    const char *summary;  /* one line */
    struct contract contract;
    const char *(*unavailable)(
        void); /* why it can't run here, or NULL; a NULL function: it always can */
    const struct native_code *native; /* its compiled form for the native engine, or NULL */
    const void *other; /* what another engine needs to know of it; only that engine looks */
};

const struct clause *contract_clause(const struct contract *, const struct reg *);

REGISTRY(switcher)
#define REGISTER_SWITCHER(object) REGISTER(switcher, object)

/* what names one switcher: arch/name/mask/transfer */
enum { SWITCHER_ID = 96 };
void switcher_id(const struct switcher *, char id[SWITCHER_ID]);
const struct switcher *switcher_by_id(const char *id);

/* registers that the contract saves and this CPU has */
size_t contract_saved(const struct contract *);

#endif
