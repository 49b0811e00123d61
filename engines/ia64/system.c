/* system.c - application, control and indirect registers, the processor status register (volume 2,
 * chapter 3; volume 3, chapter 2). */
#include "machine.h"

/* --- application registers ------------------------------------------------------------------- */

enum ar_kind { RESERVED, IGNORED, STORAGE, SPECIAL };

static enum ar_kind ar_kind(unsigned ar) {
    if (ar <= 7 || ar == AR_FCR || (ar >= AR_EFLAG && ar <= AR_FDR && ar != 31)) return STORAGE;
    if (ar == AR_CCV || ar == AR_UNAT || ar == AR_LC) return STORAGE;
    if ((ar >= 48 && ar <= 63) || ar >= 112) return IGNORED;
    if ((ar >= AR_RSC && ar <= AR_RNAT) || ar == AR_FPSR || ar == AR_ITC || ar == AR_RUC ||
        ar == AR_PFS || ar == AR_EC)
        return SPECIAL;
    return RESERVED;
}

#define RSC_RESERVED (~UINT64_C(0x3fff001f))
#define PFS_RESERVED (~UINT64_C(0xc3f0003fffffffff))

/* A frame marker, in ar.pfs or cr.ifs, that no frame can have. */
static bool bad_frame(uint64_t v) {
    unsigned sof = v & 127, sol = v >> 7 & 127, sor = (v >> 14 & 15) * 8, gr = v >> 18 & 127;

    return sof > STACKED || sol > sof || sor > sof || (sor ? gr >= sor : gr) ||
           (v >> 25 & 127) >= 96 || (v >> 32 & 63) >= 48;
}

static bool ar_reserved(unsigned ar, uint64_t v) {
    switch (ar) {
    case AR_RSC:
        return v & RSC_RESERVED;
    case AR_FPSR:
        return ia64_fpsr_reserved(v);
    case AR_PFS:
        return v & PFS_RESERVED || bad_frame(v);
    }
    return false;
}

static bool ar_unreadable(const struct ia64 *m, unsigned ar) {
    return ar_kind(ar) == RESERVED || ((ar == AR_BSPSTORE || ar == AR_RNAT) && m->ar[AR_RSC] & 3);
}

static bool ar_privileged(const struct ia64 *m, unsigned ar, bool write) {
    if (!cpl(m)) return false;
    if (write) return ar <= 7 || ar == AR_ITC || ar == AR_RUC;
    return (ar == AR_ITC || ar == AR_RUC) && m->psr & PSR_SI;
}

/* now: the count of instructions that includes this one when it writes, excludes it when it reads
 */
static uint64_t ar_read(const struct ia64 *m, unsigned ar, uint64_t now) {
    return ar == AR_ITC || ar == AR_RUC ? now + m->itc_offset : m->ar[ar];
}

static void ar_write(struct ia64 *m, unsigned ar, uint64_t v, uint64_t now) {
    switch (ar) {
    case AR_RSC:
        if ((v >> 2 & 3) < cpl(m)) v = (v & ~UINT64_C(12)) | (uint64_t)cpl(m) << 2;
        m->ar[ar] = v;
        break;
    case AR_BSPSTORE:
        ia64_write_bspstore(m, v);
        break;
    case AR_RNAT:
        m->ar[ar] = v & ~(UINT64_C(1) << 63);
        break;
    case AR_EC:
        m->ar[ar] = v & 63;
        break;
    case AR_ITC:
        ia64_set_itc(m, v, now);
        break;
    case AR_RUC:
        break;
    default:
        if (ar_kind(ar) != IGNORED) m->ar[ar] = v;
    }
}

/* Whether the chain has to end after a write: the timer may be due. */
#define WRITE_AR(value, nat)                                                                       \
    do {                                                                                           \
        ILLEGAL_IF(s->r3 == AR_BSP || ar_unreadable(m, s->r3));                                    \
        if (unlikely(nat)) TAIL ia64_x_nat_consumption(m, s, tab);                                 \
        RESERVED_IF(ar_reserved(s->r3, value));                                                    \
        if (unlikely(ar_privileged(m, s->r3, true))) TAIL ia64_x_privileged_register(m, s, tab);   \
        ar_write(m, s->r3, value, ia64_now(m, s) + 1);                                             \
        if (unlikely(s->r3 == AR_ITC)) return ia64_leave(m, s + 1);                                \
        NEXT;                                                                                      \
    } while (0)
#define READ_AR                                                                                    \
    do {                                                                                           \
        TARGET(d, s->r1);                                                                          \
        ILLEGAL_IF(ar_unreadable(m, s->r3));                                                       \
        if (unlikely(ar_privileged(m, s->r3, false))) TAIL ia64_x_privileged_register(m, s, tab);  \
        PUT(d, ar_read(m, s->r3, ia64_now(m, s)), 0);                                              \
        NEXT;                                                                                      \
    } while (0)

/* The M unit reaches 0-63, the I unit 64-127. */
HANDLER(MOV_M_M29) {
    ILLEGAL_IF(s->r3 > 63);
    WRITE_AR(gr(m, s->r2), gr_nat(m, s->r2));
}
HANDLER(MOV_M_M30) {
    ILLEGAL_IF(s->r3 > 63);
    WRITE_AR((uint64_t)s->imm, false);
}
HANDLER(MOV_M_M31) {
    ILLEGAL_IF(s->r3 > 63);
    READ_AR;
}
HANDLER(MOV_I_I26) {
    ILLEGAL_IF(s->r3 < 64);
    WRITE_AR(gr(m, s->r2), gr_nat(m, s->r2));
}
HANDLER(MOV_I_I27) {
    ILLEGAL_IF(s->r3 < 64);
    WRITE_AR((uint64_t)s->imm, false);
}
HANDLER(MOV_I_I28) {
    ILLEGAL_IF(s->r3 < 64);
    READ_AR;
}

uint64_t ia64_ar(const struct ia64 *m, unsigned a) {
    return a < 128 && ar_kind(a) != RESERVED ? ar_read(m, a, m->count) : 0;
}

void ia64_set_ar(struct ia64 *m, unsigned a, uint64_t value) {
    if (a >= 128 || ar_kind(a) == RESERVED || a == AR_BSP) return;
    if (a == AR_RSC)
        m->ar[a] = value;
    else
        ar_write(m, a, value, m->count);
}

/* --- control registers ----------------------------------------------------------------------- */

/* Bits that must be 0 and bits that are kept; a register that is not here is reserved. */
static const struct cr_form {
    bool exists, read_only, interruption;
    uint64_t reserved, kept;
} cr_forms[128] = {
#define ALL ~UINT64_C(0)
    [CR_DCR] = {true, false, false, ~UINT64_C(0x7f07), ALL},
    [CR_ITM] = {true, false, false, 0, ALL},
    [CR_IVA] = {true, false, false, 0, ~UINT64_C(0x7fff)},
    [CR_PTA] = {true, false, false, 0x7e02, ALL},
    [CR_IPSR] = {true, false, true, ~(PSR_IMPLEMENTED | PSR_RI), ALL},
    [CR_ISR] = {true, false, true, UINT64_C(0xfffff000ff000000), ALL},
    [CR_IIP] = {true, false, true, 0, ALL},
    [CR_IFA] = {true, false, true, 0, ALL},
    [CR_ITIR] = {true, false, true, 0, ALL},
    [CR_IIPA] = {true, false, true, 0, ALL},
    [CR_IFS] = {true, false, true, UINT64_C(0x7fffffc000000000), ALL},
    [CR_IIM] = {true, false, true, 0, ALL},
    [CR_IHA] = {true, false, true, 0, ~UINT64_C(3)},
    [CR_LID] = {true, false, false, 0xffff, 0xffffffff},
    [CR_IVR] = {true, true, false, 0, 0},
    [CR_TPR] = {true, false, false, 0xff00, 0x100f0},
    [CR_EOI] = {true, false, false, 0, 0},
    [CR_IRR0] = {true, true, false, 0, 0},
    [CR_IRR0 + 1] = {true, true, false, 0, 0},
    [CR_IRR0 + 2] = {true, true, false, 0, 0},
    [CR_IRR0 + 3] = {true, true, false, 0, 0},
    [CR_ITV] = {true, false, false, 0xef00, 0x1efff},
    [CR_PMV] = {true, false, false, 0xef00, 0x1efff},
    [CR_CMCV] = {true, false, false, 0xef00, 0x1efff},
    [CR_LRR0] = {true, false, false, 0, 0x1efff},
    [CR_LRR1] = {true, false, false, 0, 0x1efff},
#undef ALL
};

static bool cr_illegal(const struct ia64 *m, unsigned cr) {
    return !cr_forms[cr].exists || (cr_forms[cr].interruption && m->psr & PSR_IC);
}

static void cr_write(struct ia64 *m, unsigned cr, uint64_t v, uint64_t now) {
    if (cr == CR_ITM) ia64_set_itm(m, v, now);
    if (cr == CR_EOI) ia64_end_of_interrupt(m);
    m->cr[cr] = v & cr_forms[cr].kept;
}

static bool cr_reserved(unsigned cr, uint64_t v) {
    if (v & cr_forms[cr].reserved) return true;
    if (cr == CR_IFS) return v >> 63 && bad_frame(v);
    return (cr == CR_IPSR || cr == CR_ISR) && (v >> 41 & 3) == 3; /* slot 3 */
}

HANDLER(MOV_M32) {
    ILLEGAL_IF(cr_illegal(m, s->r3) || cr_forms[s->r3].read_only);
    PRIVILEGED;
    NO_NAT(s->r2);
    RESERVED_IF(cr_reserved(s->r3, gr(m, s->r2)));
    cr_write(m, s->r3, gr(m, s->r2), ia64_now(m, s) + 1);
    if (unlikely(s->r3 == CR_ITM || s->r3 == CR_TPR || s->r3 == CR_EOI))
        return ia64_leave(m, s + 1); /* an interrupt may be due */
    NEXT;
}

HANDLER(MOV_M33) {
    TARGET(d, s->r1);
    ILLEGAL_IF(cr_illegal(m, s->r3));
    PRIVILEGED;
    PUT(d, s->r3 == CR_IVR ? ia64_read_ivr(m) : m->cr[s->r3], 0);
    NEXT;
}

uint64_t ia64_cr(const struct ia64 *m, unsigned c) {
    if (c >= 128 || !cr_forms[c].exists) return 0;
    return c == CR_IVR ? ia64_peek_ivr(m) : m->cr[c];
}

void ia64_set_cr(struct ia64 *m, unsigned c, uint64_t value) {
    if (c >= 128 || !cr_forms[c].exists || c == CR_EOI || c == CR_IVR) return;
    if (cr_forms[c].read_only)
        m->cr[c] = value;
    else
        cr_write(m, c, value, m->count);
}

/* --- processor status register --------------------------------------------------------------- */

#define SYSTEM_MASK (PSR_IMPLEMENTED & 0xffffff)

static inline bool needs_look(const struct ia64 *m, uint64_t changed) {
    return changed & ~(PSR_UM | PSR_IC | PSR_I | PSR_DT | PSR_RT | PSR_DFL | PSR_DFH | PSR_PP) ||
           (changed & m->psr & PSR_I && ia64_external_pending(m));
}

#define NEW_PSR(value)                                                                             \
    do {                                                                                           \
        const uint64_t new_ = (value), changed_ = m->psr ^ new_;                                   \
        ia64_psr_write(m, new_);                                                                   \
        if (unlikely(needs_look(m, changed_))) return ia64_leave(m, s + 1);                        \
        NEXT;                                                                                      \
    } while (0)

HANDLER(SSM_M44) {
    PRIVILEGED;
    RESERVED_IF(s->imm & ~SYSTEM_MASK);
    NEW_PSR(m->psr | s->imm);
}

HANDLER(RSM_M44) {
    PRIVILEGED;
    RESERVED_IF(s->imm & ~SYSTEM_MASK);
    NEW_PSR(m->psr & ~s->imm);
}

/* psr.up is not for users while psr.sp is set. */
static inline uint64_t user_mask(const struct ia64 *m) {
    return m->psr & PSR_SP ? PSR_UM & ~PSR_UP : PSR_UM;
}

HANDLER(SUM_M44) {
    RESERVED_IF(s->imm & ~PSR_UM);
    NEW_PSR(m->psr | (s->imm & user_mask(m)));
}

HANDLER(RUM_M44) {
    RESERVED_IF(s->imm & ~PSR_UM);
    NEW_PSR(m->psr & ~(s->imm & user_mask(m)));
}

HANDLER(MOV_PSR_UM_M35) {
    NO_NAT(s->r2);
    RESERVED_IF(gr(m, s->r2) & ~PSR_UM);
    NEW_PSR((m->psr & ~user_mask(m)) | (gr(m, s->r2) & user_mask(m)));
}

HANDLER(MOV_PSR_L_M35) {
    PRIVILEGED;
    NO_NAT(s->r2);
    RESERVED_IF((uint32_t)gr(m, s->r2) & ~PSR_IMPLEMENTED);
    NEW_PSR((m->psr & ~UINT64_C(0xffffffff)) | (uint32_t)gr(m, s->r2));
}

HANDLER(MOV_PSR_M36) {
    TARGET(d, s->r1);
    PRIVILEGED;
    PUT(d, m->psr & (UINT64_C(0xffffffff) | PSR_MC | PSR_IT), 0);
    NEXT;
}

HANDLER(MOV_PSR_UM_M36) {
    TARGET(d, s->r1);
    PUT(d, m->psr & PSR_UM, 0);
    NEXT;
}

/* Everything takes effect at once, so that serialization has nothing to do. */
HANDLER(SRLZ_D_M24) {
    NEXT;
}
HANDLER(SRLZ_I_M24) {
    NEXT;
}

/* --- indirect registers ---------------------------------------------------------------------- */

static const struct file_form {
    unsigned count, shift; /* the index stands at bit `shift` of the register */
} file_forms[] = {
    [IA64_RR] = {8, 61},  [IA64_PKR] = {16, 0}, [IA64_IBR] = {16, 0},
    [IA64_DBR] = {16, 0}, [IA64_PMC] = {64, 0}, [IA64_PMD] = {64, 0},
};

static uint64_t *file_register(struct ia64 *m, enum ia64_indirect_file file, unsigned i) {
    uint64_t *const files[] = {m->rr, m->pkr, m->ibr, m->dbr, m->pmc, m->pmd};

    return &files[file][i];
}

static unsigned file_index(enum ia64_indirect_file file, uint64_t v) {
    return file == IA64_RR ? v >> 61 : v & 255;
}

static bool file_reserved(enum ia64_indirect_file file, uint64_t v) {
    if (file == IA64_RR) return v >> 32 || v & 2 || (v >> 2 & 63) < PAGE_BITS;
    if (file == IA64_PKR) return v >> 32 || v & 0xf0;
    return false;
}

static void file_write(struct ia64 *m, enum ia64_indirect_file file, unsigned i, uint64_t v) {
    if (i & 1 && file == IA64_IBR) v &= ~(UINT64_C(7) << 60);
    if (i & 1 && file == IA64_DBR) v &= ~(UINT64_C(3) << 60);
    if (file == IA64_PKR && v & 1) /* one valid register a key */
        for (int k = 0; k < 16; k++)
            if ((m->pkr[k] ^ v) >> 8 == 0) m->pkr[k] &= ~UINT64_C(1);
    *file_register(m, file, i) = v;
    if (file < IA64_PMC) ia64_drop_caches(m);
}

#define TO_FILE(name, file)                                                                        \
    HANDLER(name##_M42) {                                                                          \
        PRIVILEGED;                                                                                \
        NO_NAT(s->r2);                                                                             \
        NO_NAT(s->r3);                                                                             \
        RESERVED_IF(file_index(file, gr(m, s->r3)) >= file_forms[file].count ||                    \
                    file_reserved(file, gr(m, s->r2)));                                            \
        file_write(m, file, file_index(file, gr(m, s->r3)), gr(m, s->r2));                         \
        return ia64_leave(m, s + 1);                                                               \
    }
#define FROM_FILE(name, file)                                                                      \
    HANDLER(name##_M43) {                                                                          \
        TARGET(d, s->r1);                                                                          \
        PRIVILEGED;                                                                                \
        NO_NAT(s->r3);                                                                             \
        RESERVED_IF(file_index(file, gr(m, s->r3)) >= file_forms[file].count);                     \
        PUT(d, *file_register(m, file, file_index(file, gr(m, s->r3))), 0);                        \
        NEXT;                                                                                      \
    }
TO_FILE(MOV_RR, IA64_RR)
TO_FILE(MOV_PKR, IA64_PKR)
TO_FILE(MOV_IBR, IA64_IBR)
TO_FILE(MOV_DBR, IA64_DBR)
TO_FILE(MOV_PMC, IA64_PMC)
TO_FILE(MOV_PMD, IA64_PMD)
FROM_FILE(MOV_RR, IA64_RR)
FROM_FILE(MOV_PKR, IA64_PKR)
FROM_FILE(MOV_IBR, IA64_IBR)
FROM_FILE(MOV_DBR, IA64_DBR)
FROM_FILE(MOV_PMC, IA64_PMC)

/* Performance counters count nothing here; users may read those that pmc.pm leaves open. */
HANDLER(MOV_PMD_M43) {
    TARGET(d, s->r1);
    NO_NAT(s->r3);
    const unsigned i = gr(m, s->r3) & 255;
    RESERVED_IF(i >= 64);
    if (unlikely(m->pmc[i] >> 6 & 1 && cpl(m))) TAIL ia64_x_privileged_register(m, s, tab);
    PUT(d, m->psr & PSR_SP && cpl(m) ? 0 : m->pmd[i], 0);
    NEXT;
}

/* "GenuineIntel", serial number 0, five registers: the first Itanium 2, family 31 model 0. */
static const uint64_t cpuid[] = {UINT64_C(0x49656e69756e6547), 0x6c65746e, 0,
                                 UINT64_C(0x1f00000704), CPUID_FEATURES | 1};

HANDLER(MOV_CPUID_M43) {
    TARGET(d, s->r1);
    NO_NAT(s->r3);
    const unsigned i = gr(m, s->r3) & 255;
    RESERVED_IF(i >= sizeof cpuid / sizeof *cpuid);
    PUT(d, cpuid[i], 0);
    NEXT;
}

uint64_t ia64_indirect(const struct ia64 *m, enum ia64_indirect_file file, unsigned index) {
    return index < file_forms[file].count ? *file_register((struct ia64 *)m, file, index) : 0;
}

void ia64_set_indirect(struct ia64 *m, enum ia64_indirect_file file, unsigned index,
                       uint64_t value) {
    if (index < file_forms[file].count) file_write(m, file, index, value);
}
