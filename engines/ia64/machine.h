/* machine.h - the machine from inside: its struct, the pre-decoded instructions that it runs, and
 * how a handler (one function an instruction form, found by its name) reads and writes registers,
 * raises interruptions and goes on to the next instruction. */
#ifndef IA64_MACHINE_H
#define IA64_MACHINE_H

#include "ia64.h"

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* --- pre-decoded code ------------------------------------------------------------------------ */

enum {
    PAGE_BITS = 12,
    PAGE_SIZE = 1 << PAGE_BITS,
    PAGE_BUNDLES = PAGE_SIZE / 16,
    PAGE_SLOTS = 3 * PAGE_BUNDLES,
};
#define PAGE_MASK (~(uint64_t)(PAGE_SIZE - 1))

/* Operations beyond those of isa.h. An operation + OP_PREDICATED is the same one behind its
 * qualifying predicate. */
enum {
    OP_DECODE = IA64_OPS, /* not decoded yet */
    OP_PAGE_END,          /* beyond the last slot of a page */
    OP_RESERVED,          /* a reserved template */
    OP_SKIP,              /* slot 2 of MLX */
    OP_UNIMPLEMENTED,     /* a row without handler */
    OP_BR_COND_NEAR,      /* targets in the same page: imm is the distance in slots */
    OP_BR_CLOOP_NEAR,
    OP_BR_CTOP_NEAR,
    OP_BR_CALL_NEAR,
    OP_STOP, /* a mark where the chain may have to stop */
    OP_COUNT,
    OP_PREDICATED = 2048,
};
_Static_assert(OP_COUNT <= OP_PREDICATED, "room for the predicated half of the table");

/* An instruction ready to run. The fields are those of struct ia64_insn at the same place; x is
 * pos, count or status field, r4 is f4, p2 or len. */
struct slot {
    uint16_t op;
    uint8_t qp, r1, r2, r3, r4, x;
    int64_t imm;
};

/* The decoded form of a physical page. slots[3 * bundle + slot]. */
struct code {
    struct slot slots[PAGE_SLOTS + 1];
    uint64_t decoded[PAGE_BUNDLES / 64]; /* bit a bundle */
};

struct ia64;
struct table;

/* A handler executes the instruction at s and continues with the next through the table. Built with
 * optimization the continuation is a tail call, so that a run is a chain of jumps; otherwise (and
 * under sanitizers) it returns the next slot to a loop. NULL: the run loop has to look. */
typedef const struct slot *ia64_handler(struct ia64 *m, const struct slot *s,
                                        const struct table *tab);
struct table {
    ia64_handler *run[2 * OP_PREDICATED];
};

#define HANDLER(name)                                                                              \
    ia64_handler ia64_x_##name;                                                                    \
    const struct slot *ia64_x_##name(struct ia64 *m, const struct slot *s, const struct table *tab)

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define IA64_NO_TAIL_CALLS
#endif
#endif
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(IA64_NO_TAIL_CALLS)
#define IA64_TAIL_CALLS 1
#else
#define IA64_TAIL_CALLS 0
#endif
#if IA64_TAIL_CALLS && !defined(__clang__)
#pragma GCC optimize("optimize-sibling-calls") /* -O1 has them not */
#endif
#if defined(__has_attribute)
#if __has_attribute(musttail) && IA64_TAIL_CALLS
#define TAIL __attribute__((musttail)) return
#endif
#endif
#ifndef TAIL
#define TAIL return
#endif

#if IA64_TAIL_CALLS
#define GOTO_SLOT(next)                                                                            \
    do {                                                                                           \
        const struct slot *next_ = (next);                                                         \
        TAIL tab->run[next_->op](m, next_, tab);                                                   \
    } while (0)
#else
#define GOTO_SLOT(next) return ((void)m, (void)tab, (next))
#endif
#define NEXT GOTO_SLOT(s + 1)

/* --- the machine ----------------------------------------------------------------------------- */

enum {
    GR_BANK0 = 32, /* gr[]: 0-15, bank 1 of 16-31, bank 0, the physical stacked registers */
    GR_STACKED = 48,
    STACKED = 96,
    GR_NONE = GR_STACKED + STACKED, /* r0 and registers outside the frame: reads 0, not writable */
    CACHE = 64,                     /* entries of the translation caches */
    TRS = 16,
    TCS = 128,
    ALAT = 32,
};

/* clang-format off */
/* Application and control registers by number. */
enum {
    AR_KR0 = 0, AR_RSC = 16, AR_BSP, AR_BSPSTORE, AR_RNAT, AR_FCR = 21, AR_EFLAG = 24, AR_CSD,
    AR_SSD, AR_CFLG, AR_FSR, AR_FIR, AR_FDR, AR_CCV = 32, AR_UNAT = 36, AR_FPSR = 40, AR_ITC = 44,
    AR_RUC, AR_PFS = 64, AR_LC, AR_EC,
    CR_DCR = 0, CR_ITM, CR_IVA, CR_PTA = 8, CR_IPSR = 16, CR_ISR, CR_IIP = 19, CR_IFA, CR_ITIR,
    CR_IIPA, CR_IFS, CR_IIM, CR_IHA, CR_LID = 64, CR_IVR, CR_TPR, CR_EOI, CR_IRR0, CR_ITV = 72,
    CR_PMV, CR_CMCV, CR_LRR0 = 80, CR_LRR1,
};
/* clang-format on */

/* clang-format off */
#define PSR_BE  (UINT64_C(1) << 1)
#define PSR_UP  (UINT64_C(1) << 2)
#define PSR_AC  (UINT64_C(1) << 3)
#define PSR_MFL (UINT64_C(1) << 4)
#define PSR_MFH (UINT64_C(1) << 5)
#define PSR_IC  (UINT64_C(1) << 13)
#define PSR_I   (UINT64_C(1) << 14)
#define PSR_PK  (UINT64_C(1) << 15)
#define PSR_DT  (UINT64_C(1) << 17)
#define PSR_DFL (UINT64_C(1) << 18)
#define PSR_DFH (UINT64_C(1) << 19)
#define PSR_SP  (UINT64_C(1) << 20)
#define PSR_PP  (UINT64_C(1) << 21)
#define PSR_DI  (UINT64_C(1) << 22)
#define PSR_SI  (UINT64_C(1) << 23)
#define PSR_DB  (UINT64_C(1) << 24)
#define PSR_LP  (UINT64_C(1) << 25)
#define PSR_TB  (UINT64_C(1) << 26)
#define PSR_RT  (UINT64_C(1) << 27)
#define PSR_CPL (UINT64_C(3) << 32)
#define PSR_IS  (UINT64_C(1) << 34)
#define PSR_MC  (UINT64_C(1) << 35)
#define PSR_IT  (UINT64_C(1) << 36)
#define PSR_ID  (UINT64_C(1) << 37)
#define PSR_DA  (UINT64_C(1) << 38)
#define PSR_DD  (UINT64_C(1) << 39)
#define PSR_SS  (UINT64_C(1) << 40)
#define PSR_RI  (UINT64_C(3) << 41)
#define PSR_ED  (UINT64_C(1) << 43)
#define PSR_BN  (UINT64_C(1) << 44)
#define PSR_IA  (UINT64_C(1) << 45)
#define PSR_VM  (UINT64_C(1) << 46)
#define PSR_UM  UINT64_C(0x3e)
#define PSR_SM  UINT64_C(0xfffffe)     /* what ssm and rsm reach, less reserved bits */
#define PSR_IMPLEMENTED UINT64_C(0x39ff0ffee03e)
/* clang-format on */

/* What went wrong with an access, an instruction or a value; interruption.c turns it into a vector.
 */
/* clang-format off */
enum ia64_vector {
    V_VHPT = 0x0000, V_ITLB = 0x0400, V_DTLB = 0x0800, V_ALT_ITLB = 0x0c00, V_ALT_DTLB = 0x1000,
    V_NESTED_DTLB = 0x1400, V_IKEY_MISS = 0x1800, V_DKEY_MISS = 0x1c00, V_DIRTY = 0x2000,
    V_IACCESS_BIT = 0x2400, V_DACCESS_BIT = 0x2800, V_BREAK = 0x2c00, V_EXTERNAL = 0x3000,
    V_PAGE_NOT_PRESENT = 0x5000, V_KEY_PERMISSION = 0x5100, V_IACCESS_RIGHTS = 0x5200,
    V_DACCESS_RIGHTS = 0x5300, V_GENERAL = 0x5400, V_DISABLED_FP = 0x5500, V_NAT = 0x5600,
    V_SPECULATION = 0x5700, V_DEBUG = 0x5900, V_UNALIGNED = 0x5a00, V_UNSUPPORTED = 0x5b00,
    V_FP_FAULT = 0x5c00, V_FP_TRAP = 0x5d00, V_LOWER_PRIVILEGE = 0x5e00, V_TAKEN_BRANCH = 0x5f00,
    V_SINGLE_STEP = 0x6000, V_NONE = -1,
};
/* clang-format on */

#define ISR_X      (UINT64_C(1) << 32)
#define ISR_W      (UINT64_C(1) << 33)
#define ISR_R      (UINT64_C(1) << 34)
#define ISR_NA     (UINT64_C(1) << 35)
#define ISR_SP     (UINT64_C(1) << 36)
#define ISR_RS     (UINT64_C(1) << 37)
#define ISR_IR     (UINT64_C(1) << 38)
#define ISR_NI     (UINT64_C(1) << 39)
#define ISR_SO     (UINT64_C(1) << 40)
#define ISR_EI_BIT 41
#define ISR_ED     (UINT64_C(1) << 43)

/* ISR.code of general exceptions */
enum { GE_ILLEGAL = 0, GE_PRIVILEGED_OP = 0x10, GE_PRIVILEGED_REGISTER = 0x20, GE_RESERVED = 0x30 };

struct tlb_entry {
    uint64_t base, mask; /* virtual address & mask == base, region bits included */
    uint64_t physical;
    uint32_t rid, key;
    uint8_t p, ma, a, d, pl, ar, ed, valid;
};

struct tlb {
    struct tlb_entry itr[TRS], dtr[TRS], itc[TCS], dtc[TCS];
    uint32_t next_itc, next_dtc;
};

struct alat_entry {
    uint64_t physical;
    uint8_t size; /* bytes; 0: free */
    uint8_t fp;
    uint8_t reg; /* physical number */
};

struct frame { /* the current frame marker, unpacked; sor in registers */
    uint8_t sof, sol, sor, rrb_gr, rrb_fr, rrb_pr;
};

/* The outcome of a reference that did not work. */
struct access_fault {
    enum ia64_vector vector; /* V_NONE: not a fault, see below */
    uint64_t isr;            /* r, w, x, ... and code */
    uint64_t address;        /* for cr.ifa */
    bool deferred;           /* a speculative load gives NaT instead */
    bool limit;              /* the run stops, for want of memory or at a machine check */
};

struct ia64 {
    /* Registers. map and fmap turn the number in an instruction into an index of gr, nat and fr. */
    uint64_t gr[GR_NONE + 1];
    uint8_t nat[GR_NONE + 8];
    uint8_t map[128], fmap[128];
    uint64_t pr; /* as instructions see them: rotation applied */
    uint64_t br[8];
    struct ia64_fr fr[128];
    uint64_t psr; /* ri excepted */
    struct frame frame;
    uint64_t ar[128], cr[128];
    uint64_t in_service[4];

    /* Where it runs. While a handler chain runs, slot pointers tell; between, ip and ri do. */
    uint64_t ip; /* bundle to execute next */
    unsigned ri;
    struct page *page;        /* that executes */
    const struct slot *slots; /* of that page */
    uint64_t page_ip;         /* its address */
    const struct slot *mark;  /* instructions from here on are not in count yet */
    const struct slot *from;  /* last taken branch in this page, or NULL: from_ip */
    uint64_t from_ip;
    uint64_t count; /* retired */
    uint64_t safe;  /* leave the chain at the next taken branch when count is at least this */
    bool taken;     /* the chain ended with a taken branch */

    /* Register stack engine. The frame begins at physical register bof; `dirty` registers below it
     * are not in memory yet, negative: so many of the frame have yet to be loaded. */
    unsigned bof;
    int dirty;

    /* Translation caches for data: the virtual page, or bits that match nothing. */
    struct {
        uint64_t read, write;
        uint8_t *host;
    } dcache[CACHE];
    struct {
        uint64_t tag, ed;
        struct page *page;
    } icache[CACHE];  /* pages with code */
    uint64_t itlb_ed; /* ISR_ED when the code page has its ed bit set */

    uint64_t rr[8], pkr[16], ibr[16], dbr[16], pmc[64], pmd[64];
    struct alat_entry alat[ALAT];
    unsigned alat_used, alat_next;

    /* Time. ar.itc = count + itc_offset. */
    uint64_t itc_offset;
    uint64_t timer_at; /* count at which ITC == ITM, or UINT64_MAX */
    uint64_t interrupt_at;
    unsigned interrupt_vector;

    /* Stops */
    int stop; /* enum ia64_stop or -1 */
    int exit_status;
    char message[200];
    struct ia64_stats stats;
    int event_vector;                           /* of the instruction being stepped */
    uint64_t event_count;                       /* before it */
    uint64_t event_rse_stores, event_rse_loads; /* told so far */
    struct ia64_insn event_insn;
    struct access_fault fault; /* of the reference that failed last */
    bool moved;                /* a store replaced a page with code: the chain has to end */
    bool until_on;             /* ia64_run_until is on its way to `until` */
    uint64_t until;
    const struct slot *stop_slot; /* where the chain has to stop, or NULL */
    bool no_alat, defer_physical;

    /* Shared between copies or set from outside */
    struct tlb tlb;
    struct memory *memory;
    struct devices *devices;
    struct symbols *symbols;
    ia64_hook *hook;
    void *hook_context;
};

/* --- registers, for handlers ----------------------------------------------------------------- */

static inline uint64_t gr(const struct ia64 *m, unsigned r) {
    return m->gr[m->map[r]];
}
static inline uint8_t gr_nat(const struct ia64 *m, unsigned r) {
    return m->nat[m->map[r]];
}
static inline bool pr_get(const struct ia64 *m, unsigned p) {
    return m->pr >> p & 1;
}

static inline void pr_set(struct ia64 *m, unsigned p, bool v) {
    m->pr = ((m->pr & ~(UINT64_C(1) << p)) | (uint64_t)v << p) | 1;
}

static inline struct ia64_fr fr_get(const struct ia64 *m, unsigned f) {
    return m->fr[m->fmap[f]];
}

/* Writes f2..f127 and sets psr.mfl or mfh. */
static inline void fr_set(struct ia64 *m, unsigned f, struct ia64_fr v) {
    const uint64_t modified = f < 32 ? PSR_MFL : PSR_MFH;

    m->fr[m->fmap[f]] = v;
    if (unlikely(!(m->psr & modified))) m->psr |= modified; /* a test is cheaper than a store */
}

static inline unsigned cpl(const struct ia64 *m) {
    return m->psr >> 32 & 3;
}

/* Declares d, the index of target r in gr and nat, or raises the Illegal Operation fault. */
#define TARGET(d, r)                                                                               \
    const unsigned d = m->map[r];                                                                  \
    if (unlikely(d == GR_NONE)) TAIL ia64_illegal(m, s, tab)
#define PUT(d, value, isnat) (m->gr[d] = (value), m->nat[d] = (isnat))

/* --- interruptions (interruption.c) ---------------------------------------------------------- */

/* Handlers that end in one of these raise the fault of the instruction at s: nothing of it may have
 * happened yet. */
ia64_handler ia64_x_illegal_operation, ia64_x_privileged_operation, ia64_x_privileged_register,
    ia64_x_reserved_field, ia64_x_nat_consumption; /* the last: of a non-memory operand */
#define ia64_illegal ia64_x_illegal_operation
const struct slot *ia64_raise(struct ia64 *m, const struct slot *s, enum ia64_vector vector,
                              uint64_t isr); /* any fault; isr without ei, ni */
/* Traps: the instruction at s is complete and `next` comes after it. */
const struct slot *ia64_trap(struct ia64 *m, const struct slot *s, const struct slot *next,
                             enum ia64_vector vector, uint64_t isr);

/* What many instructions check first, in the manual's order. */
#define PRIVILEGED                                                                                 \
    if (unlikely(cpl(m))) TAIL ia64_x_privileged_operation(m, s, tab)
#define PRIVILEGED_NON_ACCESS(code)                                                                \
    if (unlikely(cpl(m))) return ia64_raise(m, s, V_GENERAL, GE_PRIVILEGED_OP | ISR_NA | (code))
#define NO_NAT(r)                                                                                  \
    if (unlikely(gr_nat(m, r))) TAIL ia64_x_nat_consumption(m, s, tab)
#define ILLEGAL_IF(condition)                                                                      \
    if (unlikely(condition)) TAIL ia64_illegal(m, s, tab)
#define RESERVED_IF(condition)                                                                     \
    if (unlikely(condition)) TAIL ia64_x_reserved_field(m, s, tab)

/* psr.dfl and dfh: true when use of f is disabled; *isr becomes the fault's ISR.code
 * (V_DISABLED_FP). */
static inline bool fr_disabled(const struct ia64 *m, unsigned f) {
    return unlikely(m->psr & (PSR_DFL | PSR_DFH)) && f > 1 &&
           (m->psr & (f < 32 ? PSR_DFL : PSR_DFH));
}

/* Collects the state at ip, ri in control registers when psr.ic is 1, and goes to the vector. */
void ia64_deliver(struct ia64 *m, enum ia64_vector vector, uint64_t isr);
void ia64_deliver_trap(struct ia64 *m, unsigned slot, enum ia64_vector vector, uint64_t isr);
void ia64_timer_tick(struct ia64 *m);
uint64_t ia64_peek_ivr(const struct ia64 *m);
bool ia64_external_pending(const struct ia64 *m); /* one that may be delivered now, psr.i apart */
void ia64_pend(struct ia64 *m, unsigned vector);
uint64_t ia64_read_ivr(struct ia64 *m);
void ia64_end_of_interrupt(struct ia64 *m);

/* cpuid register 4: clz and mpy4 are there. */
#define CPUID_FEATURES (UINT64_C(3) << 32)

/* All predicates as mov pr sees them: the rename base is ignored (integer.c). */
uint64_t ia64_pr_unrotated(const struct ia64 *m);
void ia64_pr_set_unrotated(struct ia64 *m, uint64_t pr);

/* --- running (exec.c) ------------------------------------------------------------------------ */

/* Ends a chain of handlers: the next instruction to execute is at s, everything before it counts.
 */
const struct slot *ia64_leave(struct ia64 *m, const struct slot *s);
/* The same, at an address instead: the instruction at s is complete and control goes to ip, ri. */
const struct slot *ia64_leave_to(struct ia64 *m, const struct slot *s, uint64_t ip, unsigned ri);
/* Stops the run before the instruction at s, with a message that names instruction and address. */
const struct slot *ia64_unimplemented(struct ia64 *m, const struct slot *s, const char *why);
bool ia64_implemented(enum ia64_op op);
void ia64_event_before(struct ia64 *m, const struct slot *s, struct ia64_event *e); /* events.c */
void ia64_event_after(struct ia64 *m, struct ia64_event *e);
void ia64_event_interruption(struct ia64 *m, uint64_t ip, unsigned slot);

static inline unsigned slot_index(const struct ia64 *m, const struct slot *s) {
    return (unsigned)(s - m->slots);
}
static inline uint64_t slot_ip(const struct ia64 *m, const struct slot *s) {
    return m->page_ip + slot_index(m, s) / 3 * 16;
}
static inline uint64_t ia64_now(const struct ia64 *m, const struct slot *s) {
    return m->count + (uint64_t)(s - m->mark);
}

/* psr changed: caches that depend on it are dropped when needed. */
void ia64_psr_write(struct ia64 *m, uint64_t psr);

/* --- physical memory (pages.c) ---------------------------------------------------------------- */

/* A page, shared by all copies of a machine that did not write to it since. */
struct page {
    unsigned refs;
    struct code *code; /* NULL: never executed */
    uint8_t data[PAGE_SIZE] __attribute__((aligned(64)));
};

struct memory *ia64_pages_new(uint64_t limit);
struct memory *ia64_pages_copy(const struct memory *mem);
void ia64_pages_free(struct memory *mem);
uint64_t ia64_pages_used(const struct memory *mem);
uint64_t ia64_pages_limit(const struct memory *mem);
/* The page of a physical address, maybe shared; NULL: none, it reads as zero. */
struct page *ia64_page_at(const struct memory *mem, uint64_t physical);
/* The page, made when there is none and unshared: safe to write. NULL: over the limit. *fresh
 * becomes true when pointers to an earlier form of the page are stale. */
struct page *ia64_page_own(struct memory *mem, uint64_t physical, bool *fresh);
/* Calls `each` for every page that is not the same object in both; NULL for a missing one. */
typedef void ia64_pages_visit(void *context, uint64_t physical, const struct page *a,
                              const struct page *b);
void ia64_pages_differences(const struct memory *a, const struct memory *b, ia64_pages_visit *each,
                            void *context);
extern const uint8_t ia64_zero_page[PAGE_SIZE];

/* --- references to memory (memory.c, tlb.c) --------------------------------------------------- */

enum access {
    A_READ = 1,
    A_WRITE = 2,
    A_EXECUTE = 4,
    A_SPECULATIVE = 8,
    A_ADVANCED = 16,
    A_RSE = 32,
    A_SEMAPHORE = A_READ | A_WRITE | 64,
    A_NON_ACCESS = 128, /* with the code of ISR.code{3:0} from bit 8 on */
    A_FC = 1 << 8,      /* fc: no keys, dirty and access bits, debug registers */
};

const struct tlb_entry *ia64_tlb_find(const struct ia64 *m, uint64_t va, bool instruction);
struct tlb_entry ia64_tlb_entry(const struct ia64 *m, uint64_t va, uint64_t pte, uint64_t itir);
bool ia64_tlb_reserved(uint64_t pte, uint64_t itir);
void ia64_tlb_purge(struct tlb_entry *e, unsigned n, uint64_t va, uint64_t mask, uint32_t rid);
bool ia64_tlb_conflict(const struct ia64 *m, bool instruction, struct tlb_entry entry,
                       unsigned slot);
void ia64_tlb_insert(struct ia64 *m, bool instruction, struct tlb_entry entry);
uint64_t ia64_thash(const struct ia64 *m, uint64_t va);
uint64_t ia64_ttag(const struct ia64 *m, uint64_t va);
bool ia64_watched(const uint64_t reg[16], uint64_t va, unsigned size, unsigned pl, uint64_t kinds);
/* What tak gives: the key of a present translation, or 1. False when the run stops. */
bool ia64_translate_key(struct ia64 *m, uint64_t va, uint64_t *key, struct access_fault *fault);
bool ia64_translate_tpa(struct ia64 *m, uint64_t va, uint64_t *pa, struct access_fault *fault);
bool ia64_translate_at(struct ia64 *m, uint64_t va, unsigned pl, unsigned access,
                       struct access_fault *fault);
bool ia64_translate_probe(struct ia64 *m, uint64_t va, unsigned pl, unsigned access, bool *granted,
                          struct access_fault *fault);

/* Translates a reference of `size` bytes and checks rights, keys, alignment and debug registers.
 * ma is the memory attribute (0 write-back, 4-6 uncacheable). False: *fault says why. */
bool ia64_translate(struct ia64 *m, uint64_t va, unsigned size, unsigned access, uint64_t *pa,
                    unsigned *ma, struct access_fault *fault);
/* Translation of the bundle at ip; false: the interruption is delivered. */
bool ia64_translate_fetch(struct ia64 *m, uint64_t ip, uint64_t *pa);
/* References as a whole, bytes in memory order. False: m->fault says why. */
bool ia64_load(struct ia64 *m, uint64_t va, unsigned size, unsigned access, void *to);
bool ia64_store(struct ia64 *m, uint64_t va, unsigned size, unsigned access, const void *from);
/* Raises what m->fault, of the instruction at s, asks for. */
const struct slot *ia64_access_failed(struct ia64 *m, const struct slot *s);
/* Sets IFA, ITIR, IHA of a fault on `va` when psr.ic is 1. */
void ia64_set_ifa(struct ia64 *m, uint64_t va, enum ia64_vector vector);

void ia64_drop_data_cache(struct ia64 *m); /* translations changed */
void ia64_drop_caches(struct ia64 *m);     /* of code too */
void ia64_drop_writes(struct ia64 *m);     /* stores take the slow path once more */
/* Physical bytes, whatever they hold: decoded code is dropped. False: the memory limit. */
bool ia64_poke(struct ia64 *m, uint64_t pa, const void *from, size_t size);
void ia64_peek(const struct ia64 *m, uint64_t pa, void *to, size_t size);

/* ALAT, register numbers physical (gr) or as mapped (fr) */
void ia64_alat_drop_register(struct ia64 *m, bool fp, unsigned reg);
void ia64_alat_drop_all(struct ia64 *m);

/* --- register stack (rse.c) ------------------------------------------------------------------- */

uint64_t ia64_cfm_value(const struct ia64 *m);
void ia64_map_frame(struct ia64 *m);    /* after any change of frame, bof or psr.bn */
void ia64_map_rotation(struct ia64 *m); /* after a change of rename bases */
void ia64_set_cfm(struct ia64 *m, uint64_t cfm);
void ia64_frame_call(struct ia64 *m); /* br.call: pfs is set, the callee's frame */
/* The frame that br.ret or rfi goes back to. True: registers of it are in memory yet. */
bool ia64_frame_return(struct ia64 *m, uint64_t pfm);
bool ia64_frame_rfi(struct ia64 *m, uint64_t ifm);
void ia64_rotate(struct ia64 *m);
void ia64_frame_cover(struct ia64 *m);
/* Mandatory fills of an incomplete frame. False: an interruption is delivered or the run stops. */
bool ia64_complete_frame(struct ia64 *m);
void ia64_write_bspstore(struct ia64 *m, uint64_t value);

/* --- the rest --------------------------------------------------------------------------------- */

/* Bundle at `bundle` of the page becomes slots; code is made when it has none. */
struct code *ia64_code_of(struct page *page);
void ia64_decode_into(struct page *page, unsigned bundle);
void ia64_forget_code(struct page *page, unsigned offset, unsigned size);

/* Simulator call: break 0x80000 or 0x80001. */
const struct slot *ia64_simulator_call(struct ia64 *m, const struct slot *s);
struct devices *ia64_devices_new(const struct ia64_config *config);
struct devices *ia64_devices_copy(struct devices *from);
void ia64_devices_free(struct devices *devices);
struct symbols *ia64_symbols_share(struct symbols *s); /* elf.c */
void ia64_symbols_free(struct symbols *s);

/* Timer events from ITM and ITC; now is the count after the instruction that writes. */
void ia64_set_itc(struct ia64 *m, uint64_t value, uint64_t now);
void ia64_set_itm(struct ia64 *m, uint64_t value, uint64_t now);

void ia64_fail(struct ia64 *m, enum ia64_stop stop, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
