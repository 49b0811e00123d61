/* events.c - what a hook is told of each instruction: a snapshot before and what became of it
 * after. */
#include <string.h>

#include "machine.h"

/* Bytes that a memory form refers to, from the digits of its name: ld8 8, ldfpd 16, st1.rel 1. */
static unsigned reference_size(enum ia64_op op) {
    static const struct {
        const char *name;
        unsigned size;
    } fp[] = {
        {"ldfps", 8},      {"ldfpd", 16}, {"ldfp8", 16}, {"ldfs", 4},
        {"ldfd", 8},       {"ldfe", 10},  {"ldf8", 8},   {"ldf.fill", 16},
        {"stfs", 4},       {"stfd", 8},   {"stfe", 10},  {"stf8", 8},
        {"stf.spill", 16}, {"ld16", 16},  {"st16", 16},  {"cmp8xchg16", 16},
    };
    const char *name = ia64_op_name(op);

    for (unsigned i = 0; i < sizeof fp / sizeof *fp; i++)
        if (!strncmp(name, fp[i].name, strlen(fp[i].name))) return fp[i].size;
    name += strcspn(name, "0123456789");
    return *name ? *name - '0' : 0;
}

/* The instruction of a slot, decoded once more for the hook. Returns the template. */
static unsigned decode_at(struct ia64 *m, const struct slot *s, struct ia64_insn *insn) {
    struct ia64_insn all[3] = {0};
    uint64_t words[2];

    memcpy(words, m->page->data + (slot_ip(m, s) & ~PAGE_MASK), sizeof words);
    ia64_decode_bundle(words, all);
    *insn = all[slot_index(m, s) % 3];
    return words[0] & 31;
}

void ia64_event_before(struct ia64 *m, const struct slot *s, struct ia64_event *e) {
    unsigned flags, template = decode_at(m, s, &m->event_insn);

    *e = (struct ia64_event){.ip = m->ip,
                             .slot = m->ri,
                             .insn = &m->event_insn,
                             .template = template,
                             .predicate = pr_get(m, m->event_insn.qp),
                             .vector = -1};
    flags = ia64_op_flags(m->event_insn.op);
    if (flags & (IA64_LOAD | IA64_STORE) && e->predicate) {
        e->has_address = true;
        e->address = gr(m, m->event_insn.r3);
        e->size = reference_size(m->event_insn.op);
    }
    m->event_count = m->count;
    m->taken = false;
}

/* What the RSE moved since the last event: the fills of a return come to the instruction after it.
 */
static void rse_traffic(struct ia64 *m, struct ia64_event *e) {
    e->rse_stores = m->stats.rse_stores - m->event_rse_stores;
    e->rse_loads = m->stats.rse_loads - m->event_rse_loads;
    m->event_rse_stores = m->stats.rse_stores;
    m->event_rse_loads = m->stats.rse_loads;
}

void ia64_event_after(struct ia64 *m, struct ia64_event *e) {
    bool retired = m->count != m->event_count;

    e->vector = m->event_vector;
    rse_traffic(m, e);
    e->taken = retired && m->taken && e->vector < 0;
    if (e->taken) e->target = m->ip;
    if (!retired) e->has_address = false;
}

/* An interruption that is not an instruction's own: an external interrupt, a fault of the fetch or
 * of a fill, delivered at ip, slot. */
void ia64_event_interruption(struct ia64 *m, uint64_t ip, unsigned slot) {
    struct ia64_event e = {.ip = ip, .slot = slot, .vector = m->event_vector};

    rse_traffic(m, &e);
    if (m->hook(m->hook_context, m, &e) && m->stop < 0) m->stop = IA64_STOP_HOOK;
}
