/* translate.c - from virtual to physical addresses: TLB lookup, the VHPT walker, rights, keys,
 * debug registers, and the choice of fault when a reference does not work (volume 2, chapters 4 and
 * 7). */
#include "machine.h"

#define RR_VE(rr)  ((rr)&1)
#define RR_PS(rr)  ((rr) >> 2 & 63)
#define RR_RID(rr) ((rr) >> 8 & 0xffffff)
#define PTA_VE     1
#define PTA_VF     0x100

/* When a speculative load defers a fault on a page that allows it (ITLB.ed): by a bit of cr.dcr,
 * always there (unaligned), or on any page (fatal: there is nothing that a handler could repair).
 */
enum { DM = 8, DP, DK, DX, DR, DA, DD, UNALIGNED = 64, FATAL };

/* Who may do what on a page, by its ar field (volume 2, table 4-2): levels below the page's, its
 * own level, levels above it, and level 0. */
/* clang-format off */
static const uint8_t rights[8][4] = {
#define R A_READ
#define W A_WRITE
#define X A_EXECUTE
    {0, R,         R,         R},
    {0, R | X,     R | X,     R | X},
    {0, R | W,     R | W,     R | W},
    {0, R | W | X, R | W | X, R | W | X},
    {0, R,         R | W,     R | W},
    {0, R | X,     R | X,     R | W | X},
    {0, R | W | X, R | W,     R | W},
    {X, X,         X,         R | X},
#undef R
#undef W
#undef X
};
/* clang-format on */

static unsigned rights_of(const struct tlb_entry *e, unsigned pl) {
    return rights[e->ar][pl == 0 ? 3 : pl > e->pl ? 0 : pl == e->pl ? 1 : 2];
}

static bool is_fc(unsigned access) {
    return (access & 0xf00) == A_FC;
}

static uint64_t isr_of(unsigned access) {
    uint64_t isr = 0;

    if (access & A_READ) isr |= ISR_R;
    if (access & A_WRITE) isr |= ISR_W;
    if (access & A_EXECUTE) isr |= ISR_X;
    if (access & A_SPECULATIVE) isr |= ISR_SP;
    if (access & A_RSE) isr |= ISR_RS;
    if (access & A_NON_ACCESS) isr |= ISR_NA | (access >> 8 & 15);
    return isr;
}

/* Fills in *fault; a speculative load defers by its class (dcr bit) and the model it runs in. */
static bool fail(struct ia64 *m, struct access_fault *fault, enum ia64_vector vector, uint64_t code,
                 uint64_t va, unsigned access, unsigned class) {
    bool ed = !(access & (A_EXECUTE | A_RSE)) && vector != V_NAT && vector != V_GENERAL;

    *fault = (struct access_fault){
        .vector = vector, .address = va, .isr = isr_of(access) | code | (ed ? m->itlb_ed : 0)};
    if (access & A_SPECULATIVE) /* volume 2, table 5-4 */
        fault->deferred =
            class == FATAL || !(m->psr & PSR_IC) ||
            (m->psr & PSR_IT && m->itlb_ed && (class == UNALIGNED || m->cr[CR_DCR] >> class & 1));
    return false;
}

static const struct tlb_entry *search(const struct tlb_entry *e, unsigned n, uint64_t va,
                                      uint32_t rid) {
    for (const struct tlb_entry *end = e + n; e < end; e++)
        if ((va & e->mask) == e->base && e->rid == rid && e->valid) return e;
    return NULL;
}

const struct tlb_entry *ia64_tlb_find(const struct ia64 *m, uint64_t va, bool instruction) {
    const struct tlb *t = &m->tlb;
    uint32_t rid = RR_RID(m->rr[va >> 61]);
    const struct tlb_entry *e = search(instruction ? t->itc : t->dtc, TCS, va, rid);

    return e ? e : search(instruction ? t->itr : t->dtr, TRS, va, rid);
}

struct tlb_entry ia64_tlb_entry(const struct ia64 *m, uint64_t va, uint64_t pte, uint64_t itir) {
    uint64_t mask = ~((UINT64_C(1) << RR_PS(itir)) - 1);

    return (struct tlb_entry){
        .mask = mask,
        .base = va & mask,
        .physical = pte & UINT64_C(0x3fffffffff000) & mask,
        .rid = RR_RID(m->rr[va >> 61]),
        .key = itir >> 8 & 0xffffff,
        .p = pte & 1,
        .ma = pte >> 2 & 7,
        .a = pte >> 5 & 1,
        .d = pte >> 6 & 1,
        .pl = pte >> 7 & 3,
        .ar = pte >> 9 & 7,
        .ed = pte >> 52 & 1,
        .valid = 1,
    };
}

/* Reserved fields of an insertion: page sizes from 4 KiB, memory attribute, bits without meaning.
 */
bool ia64_tlb_reserved(uint64_t pte, uint64_t itir) {
    static const uint8_t good_ma = 1 << 0 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7;

    if (RR_PS(itir) < PAGE_BITS || RR_PS(itir) > 61 || itir & 3) return true;
    if (!(pte & 1)) return false;
    return itir >> 32 || pte & 2 || pte >> 50 & 3 || !(good_ma >> (pte >> 2 & 7) & 1);
}

/* Entries of a translation cache that meet [va, va + size) are dropped. */
void ia64_tlb_purge(struct tlb_entry *e, unsigned n, uint64_t va, uint64_t mask, uint32_t rid) {
    for (unsigned i = 0; i < n; i++)
        if (e[i].valid && e[i].rid == rid && !((e[i].base ^ va) & e[i].mask & mask)) e[i].valid = 0;
}

/* Does an entry meet a translation register other than `slot`? */
bool ia64_tlb_conflict(const struct ia64 *m, bool instruction, struct tlb_entry entry,
                       unsigned slot) {
    const struct tlb_entry *e = instruction ? m->tlb.itr : m->tlb.dtr;

    for (unsigned i = 0; i < TRS; i++)
        if (i != slot && e[i].valid && e[i].rid == entry.rid &&
            !((e[i].base ^ entry.base) & e[i].mask & entry.mask))
            return true;
    return false;
}

/* A free entry, or else the next in turn. */
static void insert_tc(struct tlb_entry *tc, uint32_t *next, struct tlb_entry entry) {
    unsigned i = 0;

    ia64_tlb_purge(tc, TCS, entry.base, entry.mask, entry.rid);
    while (i < TCS && tc[i].valid)
        i++;
    tc[i < TCS ? i : (*next)++ % TCS] = entry;
}

void ia64_tlb_insert(struct ia64 *m, bool instruction, struct tlb_entry entry) {
    if (instruction)
        insert_tc(m->tlb.itc, &m->tlb.next_itc, entry);
    else
        insert_tc(m->tlb.dtc, &m->tlb.next_dtc, entry);
    ia64_drop_caches(m);
}

/* --- rights, keys, debug registers ----------------------------------------------------------- */

static bool key_failed(struct ia64 *m, const struct tlb_entry *e, unsigned access, bool *miss) {
    unsigned disabled =
        (access & A_READ ? 4 : 0) | (access & A_WRITE ? 2 : 0) | (access & A_EXECUTE ? 8 : 0);

    *miss = false;
    for (int i = 0; i < 16; i++)
        if (m->pkr[i] & 1 && (m->pkr[i] >> 8 & 0xffffff) == e->key) return m->pkr[i] & disabled;
    return *miss = true;
}

/* True when a pair of debug registers watches some byte of the reference. */
bool ia64_watched(const uint64_t reg[16], uint64_t va, unsigned size, unsigned pl, uint64_t kinds) {
    for (int i = 0; i < 16; i += 2) {
        uint64_t control = reg[i + 1];
        uint64_t mask = (control & UINT64_C(0xffffffffffffff)) | ~UINT64_C(0) << 56;

        if (control & kinds && control >> (56 + pl) & 1 &&
            !((reg[i] ^ va) & mask & ~(uint64_t)(size - 1)))
            return true;
    }
    return false;
}

#define DEBUG_R (UINT64_C(1) << 63)
#define DEBUG_W (UINT64_C(1) << 62)

/* --- VHPT ------------------------------------------------------------------------------------ */

uint64_t ia64_thash(const struct ia64 *m, uint64_t va) {
    uint64_t rr = m->rr[va >> 61], pta = m->cr[CR_PTA];
    uint64_t vpn = (va & ~(UINT64_C(7) << 61)) >> RR_PS(rr);
    uint64_t mask = (UINT64_C(1) << (pta >> 2 & 63)) - 1, offset;

    if (pta & PTA_VF) /* long format: the hash is this implementation's choice */
        return (pta & ~mask & ~UINT64_C(0x7fff)) | (((vpn ^ RR_RID(rr)) << 5) & mask);
    offset = vpn << 3;
    return (va & UINT64_C(7) << 61) | (pta & UINT64_C(0x1fffffffffff8000) & ~mask) |
           (offset & mask);
}

uint64_t ia64_ttag(const struct ia64 *m, uint64_t va) {
    uint64_t rr = m->rr[va >> 61];

    return (va & ~(UINT64_C(7) << 61)) >> RR_PS(rr) ^ RR_RID(rr) << 39;
}

/* A reference of the walker: level 0, never a fault by itself. */
enum walk { WALK_OFF, WALK_UNREACHABLE, WALK_MISS, WALK_DONE, WALK_STOP };

/* WALK_DONE, or why the table's words cannot be read: no translation of the table, or one that is
 * not to be used for it. */
static enum walk walker_read(struct ia64 *m, uint64_t va, uint64_t *words, unsigned n) {
    const struct tlb_entry *e = ia64_tlb_find(m, va, false);
    bool miss;

    if (!e) return WALK_UNREACHABLE;
    if (!e->p || e->ma != 0 || !e->a) return WALK_MISS;
    if (m->psr & PSR_PK && key_failed(m, e, A_READ, &miss)) return WALK_MISS;
    if (m->psr & PSR_DB && ia64_watched(m->dbr, va, 8 * n, 0, DEBUG_R)) return WALK_MISS;
    ia64_peek(m, e->physical | (va & ~e->mask), words, 8 * n);
    if (m->cr[CR_DCR] & 2)
        for (unsigned i = 0; i < n; i++)
            words[i] = __builtin_bswap64(words[i]);
    return WALK_DONE;
}


static enum walk walk_vhpt(struct ia64 *m, uint64_t va, bool instruction) {
    uint64_t rr = m->rr[va >> 61], at, itir, words[4];
    struct tlb_entry entry;
    enum walk read;
    bool wide = m->cr[CR_PTA] & PTA_VF;

    if (!(m->cr[CR_PTA] & PTA_VE) || !RR_VE(rr) || !(m->psr & PSR_DT)) return WALK_OFF;
    if (instruction && !(m->psr & PSR_IC)) return WALK_OFF;
    at = ia64_thash(m, va);
    read = walker_read(m, at, words, wide ? 4 : 1);
    if (read != WALK_DONE) return read;
    itir = wide ? words[1] : rr & UINT64_C(0xfffffffc);
    if (wide && words[2] != ia64_ttag(m, va)) return WALK_MISS;
    if (ia64_tlb_reserved(words[0], itir)) return WALK_MISS;
    entry = ia64_tlb_entry(m, va, words[0], itir);
    if (ia64_tlb_conflict(m, instruction, entry, TRS)) {
        ia64_fail(m, IA64_STOP_UNIMPLEMENTED,
                  "the VHPT entry of 0x%llx meets a translation register: machine check",
                  (unsigned long long)va);
        return WALK_STOP;
    }
    ia64_tlb_insert(m, instruction, entry);
    return WALK_DONE;
}

/* What a VHPT fault lacks is the translation of the table, so its defaults are those of the region
 * of IHA (volume 2, chapter 8). In the long format that is another one than the region of IFA. */
void ia64_set_ifa(struct ia64 *m, uint64_t va, enum ia64_vector vector) {
    uint64_t iha = ia64_thash(m, va), wanted = vector == V_VHPT ? iha : va;

    if (!(m->psr & PSR_IC)) return;
    m->cr[CR_IFA] = va;
    m->cr[CR_ITIR] = m->rr[wanted >> 61] & UINT64_C(0xfffffffc);
    m->cr[CR_IHA] = iha;
}

/* The checks go on after a fault that is deferred: a later one may not be (volume 2, 5.5.5). */
static bool stops(struct ia64 *m, struct access_fault *fault, enum ia64_vector vector,
                  uint64_t code, uint64_t va, unsigned access, unsigned class) {
    fail(m, fault, vector, code, va, access, class);
    return !fault->deferred;
}

static bool check_debug(struct ia64 *m, uint64_t va, unsigned size, unsigned access, unsigned pl,
                        struct access_fault *fault) {
    uint64_t kinds = (access & A_READ ? DEBUG_R : 0) | (access & A_WRITE ? DEBUG_W : 0);

    return likely(!(m->psr & PSR_DB)) || m->psr & PSR_DD || is_fc(access) ||
           !ia64_watched(m->dbr, va, size, pl, kinds) ||
           !stops(m, fault, V_DEBUG, 0, va, access, DD);
}

/* What is the same for virtual and physical references, after translation. */
static bool check_reference(struct ia64 *m, uint64_t va, unsigned size, unsigned access,
                            unsigned pl, unsigned ma, struct access_fault *fault) {
    if (!check_debug(m, va, size, access, pl, fault)) return false;
    if (va & (size - 1) && stops(m, fault, V_UNALIGNED, 0, va, access, UNALIGNED)) return false;
    if ((access & A_SEMAPHORE) == A_SEMAPHORE && ma != 0)
        return fail(m, fault, V_UNSUPPORTED, 0, va, access, FATAL);
    return !fault->deferred;
}

static bool check_entry(struct ia64 *m, const struct tlb_entry *e, uint64_t va, unsigned access,
                        unsigned pl, struct access_fault *fault) {
    unsigned kinds = access & (A_READ | A_WRITE | A_EXECUTE);
    bool x = access & A_EXECUTE, fc = is_fc(access), miss;

    if (e->ma == 7 && stops(m, fault, V_NAT, 0x20, va, access, FATAL)) return false;
    if (m->psr & PSR_PK && !fc && key_failed(m, e, access, &miss) &&
        stops(m, fault,
              !miss ? V_KEY_PERMISSION
              : x   ? V_IKEY_MISS
                    : V_DKEY_MISS,
              0, va, access, miss ? DK : DX))
        return false;
    if (kinds & ~rights_of(e, pl) &&
        stops(m, fault, x ? V_IACCESS_RIGHTS : V_DACCESS_RIGHTS, 0, va, access, DR))
        return false;
    if (fc) return true;
    if (access & A_WRITE && !e->d && !(m->psr & PSR_DA))
        return fail(m, fault, V_DIRTY, 0, va, access, FATAL);
    return e->a || m->psr & (x ? PSR_IA : PSR_DA) ||
           !stops(m, fault, x ? V_IACCESS_BIT : V_DACCESS_BIT, 0, va, access, DA);
}

static bool missing(struct ia64 *m, enum walk walk, uint64_t va, unsigned access,
                    struct access_fault *fault) {
    static const enum ia64_vector data[] = {V_ALT_DTLB, V_VHPT, V_DTLB};
    static const enum ia64_vector code[] = {V_ALT_ITLB, V_VHPT, V_ITLB};
    bool x = access & A_EXECUTE;

    if (!x && !(m->psr & PSR_IC)) return fail(m, fault, V_NESTED_DTLB, 0, va, access, DM);
    return fail(m, fault, x ? code[walk] : data[walk], 0, va, access, DM);
}

static const struct tlb_entry *lookup(struct ia64 *m, uint64_t va, unsigned access,
                                      struct access_fault *fault) {
    bool x = access & A_EXECUTE;
    const struct tlb_entry *e = ia64_tlb_find(m, va, x);
    enum walk walk;

    if (e) return e;
    walk = walk_vhpt(m, va, x);
    if (walk == WALK_DONE) return ia64_tlb_find(m, va, x);
    if (walk == WALK_STOP) {
        *fault = (struct access_fault){.limit = true};
        return NULL;
    }
    missing(m, walk, va, access, fault);
    return NULL;
}

#define PHYSICAL_BITS 50

static bool translate_physical(struct ia64 *m, uint64_t va, unsigned size, unsigned access,
                               unsigned pl, uint64_t *pa, unsigned *ma,
                               struct access_fault *fault) {
    *pa = va & ~(UINT64_C(1) << 63);
    *ma = va >> 63 ? 4 : 0;
    if (*pa >> PHYSICAL_BITS) return fail(m, fault, V_GENERAL, GE_RESERVED, va, access, FATAL);
    return check_reference(m, va, size, access, pl, *ma, fault);
}

static bool translate_virtual(struct ia64 *m, uint64_t va, unsigned size, unsigned access,
                              unsigned pl, uint64_t *pa, unsigned *ma, struct access_fault *fault) {
    const struct tlb_entry *e = lookup(m, va, access, fault);

    if (e && !e->p) fail(m, fault, V_PAGE_NOT_PRESENT, 0, va, access, DP);
    if (!e || !e->p) { /* a deferred miss leaves only the debug registers to look at */
        if (fault->deferred) check_debug(m, va, size, access, pl, fault);
        return false;
    }
    if (!check_entry(m, e, va, access, pl, fault)) return false;
    *pa = e->physical | (va & ~e->mask);
    *ma = e->ma;
    return check_reference(m, va, size, access, pl, *ma, fault);
}

bool ia64_translate(struct ia64 *m, uint64_t va, unsigned size, unsigned access, uint64_t *pa,
                    unsigned *ma, struct access_fault *fault) {
    bool rse = access & A_RSE;
    fault->deferred = false;
    unsigned pl = rse ? m->ar[AR_RSC] >> 2 & 3 : cpl(m);

    if (m->psr & (rse ? PSR_RT : PSR_DT))
        return translate_virtual(m, va, size, access, pl, pa, ma, fault);
    return translate_physical(m, va, size, access, pl, pa, ma, fault);
}

bool ia64_translate_key(struct ia64 *m, uint64_t va, uint64_t *key, struct access_fault *fault) {
    const struct tlb_entry *e = lookup(m, va, A_NON_ACCESS, fault);

    *key = e && e->p ? (uint64_t)e->key << 8 : 1;
    return e || !fault->limit;
}

bool ia64_translate_tpa(struct ia64 *m, uint64_t va, uint64_t *pa, struct access_fault *fault) {
    const struct tlb_entry *e = lookup(m, va, A_NON_ACCESS, fault);

    if (!e) return false;
    if (!e->p) return fail(m, fault, V_PAGE_NOT_PRESENT, 0, va, A_NON_ACCESS, FATAL);
    if (e->ma == 7) return fail(m, fault, V_NAT, 0x20, va, A_NON_ACCESS, FATAL);
    *pa = e->physical | (va & ~e->mask);
    return true;
}

/* probe.fault: a reference at another level that touches nothing. */
bool ia64_translate_at(struct ia64 *m, uint64_t va, unsigned pl, unsigned access,
                       struct access_fault *fault) {
    uint64_t pa;
    unsigned ma;

    fault->deferred = false;
    return m->psr & PSR_DT ? translate_virtual(m, va, 1, access, pl, &pa, &ma, fault)
                           : translate_physical(m, va, 1, access, pl, &pa, &ma, fault);
}

/* probe, whether psr.dt is on or not: are the rights there? False with *fault for a miss; *granted
 * is the answer otherwise. */
bool ia64_translate_probe(struct ia64 *m, uint64_t va, unsigned pl, unsigned access, bool *granted,
                          struct access_fault *fault) {
    const struct tlb_entry *e;
    bool miss;

    *granted = true;
    e = lookup(m, va, access, fault);
    if (!e) return false;
    if (!e->p) return fail(m, fault, V_PAGE_NOT_PRESENT, 0, va, access, FATAL);
    if (e->ma == 7) return fail(m, fault, V_NAT, 0x20, va, access, FATAL);
    if (m->psr & PSR_PK && key_failed(m, e, access, &miss)) {
        if (miss) return fail(m, fault, V_DKEY_MISS, 0, va, access, FATAL);
        *granted = false;
    }
    if (access & (A_READ | A_WRITE) & ~rights_of(e, pl)) *granted = false;
    return true;
}

bool ia64_translate_fetch(struct ia64 *m, uint64_t ip, uint64_t *pa) {
    struct access_fault fault;
    const struct tlb_entry *e;

    m->itlb_ed = 0;
    if (!(m->psr & PSR_IT)) {
        *pa = ip & ~(UINT64_C(1) << 63) & ((UINT64_C(1) << PHYSICAL_BITS) - 1);
        return true;
    }
    fault.deferred = false;
    e = lookup(m, ip, A_EXECUTE, &fault);
    if (e && !e->p) fail(m, &fault, V_PAGE_NOT_PRESENT, 0, ip, A_EXECUTE, DP);
    if (!e && fault.limit) return false;
    if (!e || !e->p || !check_entry(m, e, ip, A_EXECUTE, cpl(m), &fault)) {
        ia64_set_ifa(m, ip, fault.vector);
        ia64_deliver(m, fault.vector, fault.isr);
        return false;
    }
    m->itlb_ed = e->ed ? ISR_ED : 0;
    *pa = e->physical | (ip & ~e->mask);
    return true;
}
