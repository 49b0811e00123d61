/* exec.c - running: the table of handlers, the chain that executes pre-decoded slots, and the loop
 * around it that finds pages, takes interrupts, steps one instruction at a time when something has
 * to be exact, and stops. */
#include <stdarg.h>
#include <string.h>

#include "machine.h"

/* A row whose handler no file defines stays NULL: unimplemented. */
#define ROW(op, format, ...) extern ia64_handler ia64_x_##op##_##format __attribute__((weak));
#include "isa.def"
#undef ROW
extern ia64_handler ia64_x_br_cond_near, ia64_x_br_cloop_near, ia64_x_br_ctop_near,
    ia64_x_br_call_near;

static ia64_handler predicated, decode, page_end, skip, unimplemented, stop_here, stop_at_address;

static const struct table fast = {
    .run =
        {
            [IA64_OP_ILLEGAL] = ia64_x_illegal_operation,
#define ROW(op, format, ...) [IA64_OP_##op##_##format] = ia64_x_##op##_##format,
#include "isa.def"
            [OP_DECODE] = decode,
            [OP_PAGE_END] = page_end,
            [OP_RESERVED] = ia64_x_illegal_operation,
            [OP_SKIP] = skip,
            [OP_UNIMPLEMENTED] = unimplemented,
            [OP_BR_COND_NEAR] = ia64_x_br_cond_near,
            [OP_BR_CLOOP_NEAR] = ia64_x_br_cloop_near,
            [OP_BR_CTOP_NEAR] = ia64_x_br_ctop_near,
            [OP_BR_CALL_NEAR] = ia64_x_br_call_near,
            [OP_STOP] = stop_at_address,
            [OP_PREDICATED... 2 * OP_PREDICATED - 1] = predicated,
        },
};
static const struct table stepping = {.run = {[0 ... 2 * OP_PREDICATED - 1] = stop_here}};

bool ia64_implemented(enum ia64_op op) {
    return fast.run[op] != NULL;
}

static const struct slot *predicated(struct ia64 *m, const struct slot *s,
                                     const struct table *tab) {
    if (!(m->pr >> s->qp & 1)) NEXT;
    TAIL fast.run[s->op - OP_PREDICATED](m, s, tab);
}

static const struct slot *decode(struct ia64 *m, const struct slot *s, const struct table *tab) {
    ia64_decode_into(m->page, slot_index(m, s) / 3);
    TAIL fast.run[s->op](m, s, tab);
}

static const struct slot *page_end(struct ia64 *m, const struct slot *s, const struct table *tab) {
    (void)tab;
    return ia64_leave(m, s);
}

static const struct slot *skip(struct ia64 *m, const struct slot *s, const struct table *tab) {
    m->mark++;
    NEXT;
}

static const struct slot *unimplemented(struct ia64 *m, const struct slot *s,
                                        const struct table *tab) {
    (void)tab;
    return ia64_unimplemented(m, s, "not implemented");
}

static const struct slot *stop_here(struct ia64 *m, const struct slot *s, const struct table *tab) {
    (void)tab;
    return ia64_leave(m, s);
}

/* A mark of ia64_run_until or of run_to_mark; one that is not wanted any more goes away here. */
static const struct slot *stop_at_address(struct ia64 *m, const struct slot *s,
                                          const struct table *tab) {
    if (s == m->stop_slot || (m->until_on && slot_ip(m, s) == m->until)) return ia64_leave(m, s);
    TAIL decode(m, s, tab);
}

/* --- leaving a chain ------------------------------------------------------------------------- */

const struct slot *ia64_leave(struct ia64 *m, const struct slot *s) {
    unsigned i;

    m->taken = s == m->mark;
    if (s->op == OP_SKIP) {
        s++;
        m->mark++;
    }
    m->count += (uint64_t)(s - m->mark);
    if (!m->taken)
        m->from_ip = slot_ip(m, s - 1);
    else if (m->from)
        m->from_ip = slot_ip(m, m->from);
    i = slot_index(m, s);
    m->ip = m->page_ip + i / 3 * 16;
    m->ri = i % 3;
    m->mark = s;
    m->from = NULL;
    return NULL;
}

const struct slot *ia64_leave_to(struct ia64 *m, const struct slot *s, uint64_t ip, unsigned ri) {
    m->count += (uint64_t)(s + 1 - m->mark);
    m->from_ip = slot_ip(m, s);
    m->from = NULL;
    m->taken = true;
    m->ip = ip;
    m->ri = ri;
    return NULL;
}

void ia64_fail(struct ia64 *m, enum ia64_stop stop, const char *format, ...) {
    va_list args;

    m->stop = stop;
    va_start(args, format);
    vsnprintf(m->message, sizeof m->message, format, args);
    va_end(args);
}

const struct slot *ia64_unimplemented(struct ia64 *m, const struct slot *s, const char *why) {
    struct ia64_insn insn[3] = {0};
    uint64_t words[2];
    char text[80] = "?";

    ia64_leave(m, s);
    memcpy(words, m->page->data + (m->ip & ~PAGE_MASK), sizeof words);
    ia64_decode_bundle(words, insn);
    ia64_disasm(&insn[m->ri], m->ip, text, sizeof text);
    ia64_fail(m, IA64_STOP_UNIMPLEMENTED, "0x%llx.%u: %s: %s", (unsigned long long)m->ip, m->ri,
              text, why);
    return NULL;
}

/* --- the run loop ---------------------------------------------------------------------------- */

/* Makes the page of ip current. False: a fault was delivered or the run stops. */
static bool enter_page(struct ia64 *m) {
    uint64_t page = m->ip & PAGE_MASK, pa;
    unsigned i = m->ip >> PAGE_BITS & (CACHE - 1);
    bool fresh;

    if (m->icache[i].tag != page) {
        struct page *p;

        if (!ia64_translate_fetch(m, m->ip, &pa)) return false;
        p = ia64_page_at(m->memory, pa);
        if (!p && (p = ia64_page_own(m->memory, pa, &fresh))) ia64_drop_data_cache(m);
        if (!p || !ia64_code_of(p)) {
            ia64_fail(m, IA64_STOP_MEMORY, "no memory for code at 0x%llx (limit %llu bytes)",
                      (unsigned long long)m->ip, (unsigned long long)ia64_pages_limit(m->memory));
            return false;
        }
        ia64_drop_writes(m);
        m->icache[i].tag = page;
        m->icache[i].page = p;
        m->icache[i].ed = m->itlb_ed;
    }
    m->page = m->icache[i].page;
    m->itlb_ed = m->icache[i].ed;
    m->slots = m->page->code->slots;
    m->page_ip = page;
    return true;
}

/* The slot at ip, ri, decoded. */
static const struct slot *current(struct ia64 *m) {
    const struct slot *s = m->slots + 3 * (m->ip >> 4 & (PAGE_BUNDLES - 1)) + m->ri;

    if (s->op == OP_DECODE || s->op == OP_STOP) ia64_decode_into(m->page, slot_index(m, s) / 3);
    return s;
}

static void run_chain(struct ia64 *m, const struct slot *s, const struct table *tab) {
    m->mark = s;
    m->from = NULL;
    s = fast.run[s->op](m, s, tab);
#if !IA64_TAIL_CALLS
    while (s)
        s = tab->run[s->op](m, s, tab);
#endif
}

#define PSR_EXACT (PSR_SS | PSR_TB | PSR_ID | PSR_DA | PSR_DD | PSR_ED | PSR_IA | PSR_DB)
#define PSR_ONCE  (PSR_ID | PSR_DA | PSR_DD | PSR_ED | PSR_IA)
#define IBR_X     (UINT64_C(1) << 63)

/* Single-step and taken-branch traps, after an instruction that retired. */
static void step_traps(struct ia64 *m, unsigned slot) {
    uint64_t isr = (m->psr & PSR_SS ? 8 : 0) | (m->psr & PSR_TB && m->taken ? 4 : 0);

    if (!isr) return;
    ia64_deliver_trap(m, slot, isr & 4 ? V_TAKEN_BRANCH : V_SINGLE_STEP, isr);
}

static void step(struct ia64 *m) {
    const struct slot *s = current(m);
    uint64_t before = m->count, psr = m->psr;
    unsigned slot = m->ri == 1 && s[1].op == OP_SKIP ? 2 : m->ri; /* traps after L+X: slot 2 */

    if (unlikely(psr & PSR_DB && !(psr & PSR_ID) &&
                 ia64_watched(m->ibr, m->ip, 16, cpl(m), IBR_X))) {
        ia64_set_ifa(m, m->ip, V_DEBUG);
        m->stats.faults++;
        ia64_deliver(m, V_DEBUG, ISR_X);
        return;
    }
    m->safe = UINT64_MAX;
    if (unlikely(s->op == OP_SKIP)) { /* rfi to slot 2 of MLX */
        m->mark = s + 1;
        m->stats.faults++;
        ia64_deliver(m, V_GENERAL, GE_ILLEGAL);
        return;
    }
    run_chain(m, s, &stepping);
    if (unlikely(psr & PSR_EXACT) && m->count != before && m->event_vector == V_NONE) {
        m->psr &= ~(psr & PSR_ONCE & m->psr);
        step_traps(m, slot);
    }
}

/* Runs a step and tells the hook. */
static void watched_step(struct ia64 *m) {
    struct ia64_event e;

    ia64_event_before(m, current(m), &e);
    step(m);
    if (m->stop == IA64_STOP_UNIMPLEMENTED || m->stop == IA64_STOP_MEMORY) return;
    ia64_event_after(m, &e);
    if (m->hook(m->hook_context, m, &e) && m->stop < 0) m->stop = IA64_STOP_HOOK;
}

static uint64_t least(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

/* Interruptions that are due before the next instruction, and its page. False: the instruction has
 * to wait, one was delivered or the run stops. */
static bool attend(struct ia64 *m) {
    if (unlikely(m->count >= m->interrupt_at)) {
        m->interrupt_at = UINT64_MAX;
        ia64_pend(m, m->interrupt_vector);
    }
    if (unlikely(m->count >= m->timer_at)) ia64_timer_tick(m);
    if (m->psr & PSR_I && ia64_external_pending(m)) {
        m->stats.external++;
        ia64_deliver(m, V_EXTERNAL, 0);
        return false;
    }
    return (m->dirty >= 0 || ia64_complete_frame(m)) && enter_page(m);
}

/* The same, told to the hook. */
static bool attend_watched(struct ia64 *m) {
    uint64_t ip = m->ip;
    unsigned slot = m->ri;
    bool ready;

    m->event_vector = V_NONE;
    ready = attend(m);
    if (!ready && m->hook && m->event_vector != V_NONE) ia64_event_interruption(m, ip, slot);
    return ready;
}

/* Makes the chain stop at the address, once its page is known. */
static void mark_address(struct ia64 *m) {
    unsigned i = m->until >> PAGE_BITS & (CACHE - 1), bundle = m->until >> 4 & (PAGE_BUNDLES - 1);

    if (m->icache[i].tag != (m->until & PAGE_MASK)) return;
    if (m->icache[i].page->code->slots[3 * bundle].op == OP_STOP) return;
    ia64_decode_into(m->icache[i].page, bundle);
    m->icache[i].page->code->slots[3 * bundle].op = OP_STOP;
}

/* Runs a chain of at most `budget` instructions in a page that has more: a mark stops it, and a
 * taken branch brings it back here. */
static void run_to_mark(struct ia64 *m, const struct slot *s, uint64_t budget) {
    struct slot *mark = (struct slot *)s + budget;
    uint16_t op;

    if (mark->op == OP_DECODE) ia64_decode_into(m->page, slot_index(m, mark) / 3);
    if (mark->op == OP_SKIP) mark++; /* the chain steps over slot 2 of MLX */
    op = mark->op;
    mark->op = OP_STOP;
    m->stop_slot = mark;
    m->safe = 0;
    run_chain(m, s, &fast);
    m->stop_slot = NULL;
    if (mark->op == OP_STOP) mark->op = op;
}

/* Until `limit`, a stop, or one chain ended; slots of one page run without a look at the count. */
static void run_some(struct ia64 *m, uint64_t limit) {
    uint64_t budget = least(limit, least(m->interrupt_at, m->timer_at)) - m->count;
    const struct slot *s;

    m->event_vector = V_NONE;
    m->moved = false;
    if (unlikely(m->hook)) {
        watched_step(m);
        return;
    }
    s = current(m);
    if (unlikely(m->psr & PSR_EXACT || s->op == OP_SKIP)) {
        step(m);
        return;
    }
    if (m->until_on) mark_address(m);
    if (budget < (uint64_t)(m->slots + PAGE_SLOTS - s)) {
        run_to_mark(m, s, budget);
        return;
    }
    m->safe = budget > PAGE_SLOTS ? m->count + budget - PAGE_SLOTS : 0;
    run_chain(m, s, &fast);
}

/* A handler that is there retires something before it faults again. */
enum { IDLE = 100 };

static enum ia64_stop run(struct ia64 *m, uint64_t limit) {
    bool stands = m->until_on && m->ip == m->until && m->ri == 0; /* it has to leave first */

    m->stop = -1;
    m->message[0] = 0;
    for (unsigned idle = 0; m->stop < 0; idle++) {
        uint64_t before = m->count;

        if (m->count >= limit) return IA64_STOP_LIMIT;
        if (unlikely(idle > IDLE)) {
            ia64_fail(m, IA64_STOP_LOST, "0x%llx.%u: %u interruptions in a row, none retires",
                      (unsigned long long)m->ip, m->ri, idle);
            break;
        }
        if (!attend_watched(m)) continue;
        if (unlikely(stands)) {
            step(m);
            stands = false;
        } else {
            run_some(m, limit);
        }
        if (m->until_on && m->ip == m->until && m->ri == 0 && m->stop < 0 && (m->dirty >= 0 || ia64_complete_frame(m)))
            return IA64_STOP_ADDRESS; /* with the loads that a return owes */
        if (m->count != before) idle = 0;
    }
    return m->stop;
}

enum ia64_stop ia64_run(struct ia64 *m, uint64_t limit) {
    m->until_on = false;
    return run(m, limit);
}

enum ia64_stop ia64_run_until(struct ia64 *m, uint64_t address, uint64_t limit) {
    m->until_on = true;
    m->until = address;
    return run(m, limit);
}
