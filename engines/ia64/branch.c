/* branch.c - branches, calls and returns, counted and while loops, chk.s and epc (volume 3, chapter
 * 2; volume 1, chapter 4.5). */
#include "machine.h"

/* The instruction at s is a taken branch to t in its page. Returns t, or NULL when the chain ends. */
static inline const struct slot *near(struct ia64 *m, const struct slot *s, const struct slot *t) {
    m->count += (uint64_t)(s + 1 - m->mark);
    m->mark = t;
    m->from = s;
    return likely(m->count < m->safe) ? t : ia64_leave(m, t);
}

/* The same to another page that is known. */
static inline const struct slot *page_change(struct ia64 *m, const struct slot *s, unsigned i,
                                             uint64_t target) {
    m->count += (uint64_t)(s + 1 - m->mark);
    m->from_ip = slot_ip(m, s);
    m->page = m->icache[i].page;
    m->itlb_ed = m->icache[i].ed;
    m->page_ip = target & PAGE_MASK;
    m->slots = m->page->code->slots;
    m->from = NULL;
    m->mark = m->slots + 3 * (target >> 4 & (PAGE_BUNDLES - 1));
    return likely(m->count < m->safe) ? m->mark : ia64_leave(m, m->mark);
}

/* The same to any bundle. */
static inline const struct slot *far(struct ia64 *m, const struct slot *s, uint64_t target) {
    uint64_t page = target & PAGE_MASK;
    unsigned i = target >> PAGE_BITS & (CACHE - 1);

    if (likely(page == m->page_ip))
        return near(m, s, m->slots + 3 * (target >> 4 & (PAGE_BUNDLES - 1)));
    if (likely(m->icache[i].tag == page)) return page_change(m, s, i, target);
    return ia64_leave_to(m, s, target & ~UINT64_C(15), 0);
}

static inline uint64_t relative(const struct ia64 *m, const struct slot *s) {
    return slot_ip(m, s) + s->imm;
}

#define GO(where)                                                                                  \
    do {                                                                                           \
        const struct slot *to_ = (where);                                                          \
        if (unlikely(!to_)) return NULL;                                                           \
        GOTO_SLOT(to_);                                                                            \
    } while (0)
#define NEAR       GO(near(m, s, s + s->imm))
#define FAR(where) GO(far(m, s, (where)))

HANDLER(br_cond_near) {
    NEAR;
}
HANDLER(BR_COND_B1) {
    FAR(relative(m, s));
}
HANDLER(BR_COND_B4) {
    FAR(m->br[s->r2]);
}
HANDLER(BRL_COND_X3) {
    FAR(relative(m, s));
}

HANDLER(BRP_B6) {
    NEXT;
}
HANDLER(BRP_B7) {
    NEXT;
}
HANDLER(BRP_RET_B7) {
    NEXT;
}

/* --- calls ----------------------------------------------------------------------------------- */

static inline void call(struct ia64 *m, const struct slot *s) {
    m->br[s->r1] = slot_ip(m, s) + 16;
    m->ar[AR_PFS] = ia64_cfm_value(m) | m->ar[AR_EC] << 52 | (uint64_t)cpl(m) << 62;
    ia64_frame_call(m);
}

HANDLER(br_call_near) {
    call(m, s);
    NEAR;
}

HANDLER(BR_CALL_B3) {
    call(m, s);
    FAR(relative(m, s));
}

HANDLER(BR_CALL_B5) {
    uint64_t target = m->br[s->r2];

    call(m, s);
    FAR(target);
}

HANDLER(BRL_CALL_X4) {
    call(m, s);
    FAR(relative(m, s));
}

/* A return that has to fill registers, or that lowers the privilege, leaves the chain. */
static const struct slot *slow_return(struct ia64 *m, const struct slot *s, bool lower,
                                      uint64_t ppl) {
    unsigned slot = slot_index(m, s) % 3;

    ia64_leave_to(m, s, m->br[s->r2] & ~UINT64_C(15), 0);
    if (!lower) return NULL;
    ia64_psr_write(m, (m->psr & ~PSR_CPL) | ppl << 32);
    if (m->psr & PSR_LP)
        ia64_deliver_trap(m, slot, V_LOWER_PRIVILEGE,
                          2 | (m->psr & PSR_TB ? 4 : 0) | (m->psr & PSR_SS ? 8 : 0));
    return NULL;
}

HANDLER(BR_RET_B4) {
    uint64_t pfs = m->ar[AR_PFS], ppl = pfs >> 62;
    bool lower = ppl > cpl(m), fill;

    m->ar[AR_EC] = pfs >> 52 & 63;
    fill = ia64_frame_return(m, pfs);
    if (unlikely(lower || fill)) return slow_return(m, s, lower, ppl);
    FAR(m->br[s->r2]);
}

HANDLER(BR_IA_B4) {
    (void)tab;
    return ia64_unimplemented(m, s, "IA-32 code");
}

/* --- loops ----------------------------------------------------------------------------------- */

HANDLER(br_cloop_near) {
    if (unlikely(!m->ar[AR_LC])) NEXT;
    m->ar[AR_LC]--;
    NEAR;
}

HANDLER(BR_CLOOP_B2) {
    if (unlikely(!m->ar[AR_LC])) NEXT;
    m->ar[AR_LC]--;
    FAR(relative(m, s));
}

static inline void rotate(struct ia64 *m, bool p63) {
    pr_set(m, 63, p63);
    ia64_rotate(m);
}

/* One step of a counted loop; true while iterations or epilogue stages remain. */
static inline bool counted(struct ia64 *m) {
    bool more = m->ar[AR_LC] || m->ar[AR_EC] > 1;

    if (m->ar[AR_LC]) {
        m->ar[AR_LC]--;
        rotate(m, true);
    } else if (m->ar[AR_EC]) {
        m->ar[AR_EC]--;
        rotate(m, false);
    } else {
        pr_set(m, 63, false);
    }
    return more;
}

/* The same for a while loop, whose condition is the qualifying predicate. */
static inline bool conditional(struct ia64 *m, const struct slot *s) {
    bool go = pr_get(m, s->qp), more = go || m->ar[AR_EC] > 1;

    if (go || m->ar[AR_EC]) {
        if (!go) m->ar[AR_EC]--;
        rotate(m, false);
    } else {
        pr_set(m, 63, false);
    }
    return more;
}

HANDLER(br_ctop_near) {
    if (likely(counted(m))) NEAR;
    NEXT;
}

HANDLER(BR_CTOP_B2) {
    if (counted(m)) FAR(relative(m, s));
    NEXT;
}

HANDLER(BR_CEXIT_B2) {
    if (!counted(m)) FAR(relative(m, s));
    NEXT;
}

HANDLER(BR_WTOP_B1) {
    if (conditional(m, s)) FAR(relative(m, s));
    NEXT;
}

HANDLER(BR_WEXIT_B1) {
    if (!conditional(m, s)) FAR(relative(m, s));
    NEXT;
}

/* --- speculation checks, privilege ----------------------------------------------------------- */

HANDLER(CHK_S_I_I20) {
    if (unlikely(gr_nat(m, s->r2))) FAR(relative(m, s));
    NEXT;
}

HANDLER(CHK_S_M_M20) {
    if (unlikely(gr_nat(m, s->r2))) FAR(relative(m, s));
    NEXT;
}

HANDLER(CHK_S_M21) {
    if (unlikely(fr_disabled(m, s->r2))) return ia64_raise(m, s, V_DISABLED_FP, s->r2 < 32 ? 1 : 2);
    if (unlikely(ia64_fr_is_nat(fr_get(m, s->r2)))) FAR(relative(m, s));
    NEXT;
}

HANDLER(FCHKF_F14) {
    if (unlikely(ia64_fchkf(m->ar[AR_FPSR], s->x))) FAR(relative(m, s));
    NEXT;
}

HANDLER(EPC_B8) {
    uint64_t level = 0;

    if (unlikely(m->ar[AR_PFS] >> 62 < cpl(m))) TAIL ia64_x_illegal_operation(m, s, tab);
    if (m->psr & PSR_IT) {
        const struct tlb_entry *e = ia64_tlb_find(m, slot_ip(m, s), true);

        level = e && e->ar == 7 && e->pl < cpl(m) ? e->pl : cpl(m);
    }
    ia64_leave(m, s + 1);
    ia64_psr_write(m, (m->psr & ~PSR_CPL) | level << 32);
    return NULL;
}

HANDLER(VMSW_0_B8) {
    TAIL ia64_x_illegal_operation(m, s, tab);
}
HANDLER(VMSW_1_B8) {
    TAIL ia64_x_illegal_operation(m, s, tab);
}
