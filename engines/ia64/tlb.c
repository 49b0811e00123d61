/* tlb.c - the instructions of the TLB: insertion, purge, probe, tpa, tak, thash, ttag, fc (volume
 * 2, chapter 4.1; volume 3, chapter 2). */
#include "memory.h"

/* A processor takes a machine check when an insertion meets another translation register. */
#define NO_CONFLICT(instruction, slot)                                                             \
    if (unlikely(ia64_tlb_conflict(m, instruction, new_entry(m, s), slot)))                        \
    return ia64_unimplemented(m, s, "meets a translation register: machine check")

static struct tlb_entry new_entry(const struct ia64 *m, const struct slot *s) {
    return ia64_tlb_entry(m, m->cr[CR_IFA], gr(m, s->r2), m->cr[CR_ITIR]);
}

#define INSERT(name, instruction)                                                                  \
    HANDLER(name) {                                                                                \
        ILLEGAL_IF(m->psr &PSR_IC);                                                                \
        PRIVILEGED;                                                                                \
        NO_NAT(s->r2);                                                                             \
        RESERVED_IF(ia64_tlb_reserved(gr(m, s->r2), m->cr[CR_ITIR]));                              \
        NO_CONFLICT(instruction, TRS);                                                             \
        ia64_tlb_insert(m, instruction, new_entry(m, s));                                          \
        return ia64_leave(m, s + 1);                                                               \
    }
INSERT(ITC_D_M41, false)
INSERT(ITC_I_M41, true)

static void insert_tr(struct ia64 *m, struct tlb_entry *tr, struct tlb_entry *tc,
                      struct tlb_entry entry) {
    ia64_tlb_purge(tc, TCS, entry.base, entry.mask, entry.rid);
    *tr = entry;
    ia64_drop_caches(m);
}

#define INSERT_TR(name, instruction, tr, tc)                                                       \
    HANDLER(name) {                                                                                \
        ILLEGAL_IF(m->psr &PSR_IC);                                                                \
        PRIVILEGED;                                                                                \
        NO_NAT(s->r2);                                                                             \
        NO_NAT(s->r3);                                                                             \
        RESERVED_IF((gr(m, s->r3) & 255) >= TRS ||                                                 \
                    ia64_tlb_reserved(gr(m, s->r2), m->cr[CR_ITIR]));                              \
        NO_CONFLICT(instruction, gr(m, s->r3) & 255);                                              \
        insert_tr(m, &m->tlb.tr[gr(m, s->r3) & 255], m->tlb.tc, new_entry(m, s));                  \
        return ia64_leave(m, s + 1);                                                               \
    }
INSERT_TR(ITR_D_M42, false, dtr, dtc)
INSERT_TR(ITR_I_M42, true, itr, itc)

/* Drops what meets the range of r3 and the page size in r2. */
static void purge(struct ia64 *m, const struct slot *s, struct tlb_entry *tlb, unsigned n) {
    uint64_t va = gr(m, s->r3), mask = ~((UINT64_C(1) << (gr(m, s->r2) >> 2 & 63)) - 1);

    ia64_tlb_purge(tlb, n, va & mask, mask, m->rr[va >> 61] >> 8 & 0xffffff);
    ia64_drop_caches(m);
}

#define PURGE(name, ...)                                                                           \
    HANDLER(name) {                                                                                \
        PRIVILEGED;                                                                                \
        NO_NAT(s->r2);                                                                             \
        NO_NAT(s->r3);                                                                             \
        __VA_ARGS__;                                                                               \
        return ia64_leave(m, s + 1);                                                               \
    }
#define PURGE_TC purge(m, s, m->tlb.itc, TCS), purge(m, s, m->tlb.dtc, TCS)
PURGE(PTC_L_M45, PURGE_TC)
PURGE(PTC_G_M45, PURGE_TC)
PURGE(PTC_GA_M45, PURGE_TC; ia64_alat_drop_all(m))
/* ptr may drop entries of the cache too; it does not here. */
PURGE(PTR_D_M45, purge(m, s, m->tlb.dtr, TRS))
PURGE(PTR_I_M45, purge(m, s, m->tlb.itr, TRS))

HANDLER(PTC_E_M47) {
    PRIVILEGED;
    NO_NAT(s->r3);
    for (int i = 0; i < TCS; i++)
        m->tlb.itc[i].valid = m->tlb.dtc[i].valid = 0;
    ia64_drop_caches(m);
    return ia64_leave(m, s + 1);
}

HANDLER(THASH_M46) {
    TARGET(d, s->r1);
    PUT(d, ia64_thash(m, gr(m, s->r3)), gr_nat(m, s->r3));
    NEXT;
}

HANDLER(TTAG_M46) {
    TARGET(d, s->r1);
    PUT(d, ia64_ttag(m, gr(m, s->r3)), gr_nat(m, s->r3));
    NEXT;
}

/* ISR.code{3:0} of the instructions that look without touching */
enum non_access { NA_TPA, NA_FC, NA_PROBE, NA_TAK, NA_LFETCH, NA_PROBE_FAULT };

static bool translate_address(struct ia64 *m, const struct slot *s) {
    uint64_t pa;

    if (gr_nat(m, s->r3)) return ia64_nat_failed(m, ISR_NA | NA_TPA);
    if (!ia64_translate_tpa(m, gr(m, s->r3), &pa, &m->fault)) return false;
    PUT(m->map[s->r1], pa, 0);
    return true;
}

HANDLER(TPA_M46) {
    TARGET(d, s->r1);
    (void)d;
    PRIVILEGED_NON_ACCESS(NA_TPA);
    if (unlikely(!translate_address(m, s))) return ia64_access_failed(m, s);
    NEXT;
}

static bool access_key(struct ia64 *m, const struct slot *s) {
    uint64_t key;

    if (!ia64_translate_key(m, gr(m, s->r3), &key, &m->fault)) return false;
    PUT(m->map[s->r1], key, 0);
    return true;
}

HANDLER(TAK_M46) {
    TARGET(d, s->r1);
    (void)d;
    PRIVILEGED_NON_ACCESS(NA_TAK);
    if (unlikely(gr_nat(m, s->r3))) return ia64_raise(m, s, V_NAT, 0x10 | ISR_NA | NA_TAK);
    if (unlikely(!access_key(m, s))) return ia64_access_failed(m, s);
    NEXT;
}

static bool flush_cache(struct ia64 *m, const struct slot *s) {
    uint64_t pa;
    unsigned ma;

    if (gr_nat(m, s->r3)) return ia64_nat_failed(m, ISR_R | ISR_NA | NA_FC);
    return ia64_translate(m, gr(m, s->r3), 1, A_READ | A_NON_ACCESS | NA_FC << 8, &pa, &ma,
                          &m->fault);
}

HANDLER(FC_M28) {
    if (unlikely(!flush_cache(m, s))) return ia64_access_failed(m, s);
    NEXT;
}

HANDLER(FC_I_M28) {
    TAIL ia64_x_FC_M28(m, s, tab);
}

static uint64_t isr_of_kinds(unsigned kinds) {
    return (kinds & A_READ ? ISR_R : 0) | (kinds & A_WRITE ? ISR_W : 0) | ISR_NA;
}

/* probe; the level is the lesser privilege of cpl and the one that is asked for. */
static bool probe(struct ia64 *m, const struct slot *s, uint64_t level, unsigned kinds) {
    unsigned pl = (level & 3) > cpl(m) ? (level & 3) : cpl(m);
    bool granted;

    if (gr_nat(m, s->r3)) return ia64_nat_failed(m, isr_of_kinds(kinds) | NA_PROBE);
    if (!ia64_translate_probe(m, gr(m, s->r3), pl, kinds | A_NON_ACCESS | NA_PROBE << 8, &granted,
                              &m->fault))
        return false;
    PUT(m->map[s->r1], granted, 0);
    return true;
}

static bool probe_fault(struct ia64 *m, const struct slot *s, unsigned kinds) {
    unsigned pl = (s->imm & 3) > cpl(m) ? (s->imm & 3) : cpl(m);

    if (gr_nat(m, s->r3)) return ia64_nat_failed(m, isr_of_kinds(kinds) | NA_PROBE_FAULT);
    return ia64_translate_at(m, gr(m, s->r3), pl, kinds | A_NON_ACCESS | NA_PROBE_FAULT << 8,
                             &m->fault);
}

#define PROBE(name, level, kinds)                                                                  \
    HANDLER(name) {                                                                                \
        TARGET(d, s->r1);                                                                          \
        (void)d;                                                                                   \
        if (unlikely(!probe(m, s, level, kinds))) return ia64_access_failed(m, s);                 \
        NEXT;                                                                                      \
    }
#define PROBE_REGISTER(name, kinds)                                                                \
    HANDLER(name) {                                                                                \
        TARGET(d, s->r1);                                                                          \
        (void)d;                                                                                   \
        if (unlikely(gr_nat(m, s->r2)))                                                            \
            return ia64_raise(m, s, V_NAT, 0x10 | isr_of_kinds(kinds) | NA_PROBE);                 \
        if (unlikely(!probe(m, s, gr(m, s->r2), kinds))) return ia64_access_failed(m, s);          \
        NEXT;                                                                                      \
    }
#define PROBE_FAULT(name, kinds)                                                                   \
    HANDLER(name) {                                                                                \
        if (unlikely(!probe_fault(m, s, kinds))) return ia64_access_failed(m, s);                  \
        NEXT;                                                                                      \
    }
PROBE_REGISTER(PROBE_R_M38, A_READ)
PROBE_REGISTER(PROBE_W_M38, A_WRITE)
PROBE(PROBE_R_M39, s->imm, A_READ)
PROBE(PROBE_W_M39, s->imm, A_WRITE)
PROBE_FAULT(PROBE_R_FAULT_M40, A_READ)
PROBE_FAULT(PROBE_W_FAULT_M40, A_WRITE)
PROBE_FAULT(PROBE_RW_FAULT_M40, A_READ | A_WRITE)
