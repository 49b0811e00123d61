/* deps.c - the rules of instruction groups that hardware does not enforce: no instruction reads or
 * writes what an earlier one of its group wrote, save for the manual's exceptions, and some
 * resources need srlz.d or srlz.i between write and use (volume 1, chapter 3.4.1; volume 3, chapter
 * 5). Checked as executed: an instruction whose predicate is false takes part with its predicate
 * only. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "watch.h"

enum {
    PER_FILE = 128,
    UNAT_BITS = IA64_FILES * PER_FILE, /* the 64 bits of ar.unat, one resource each */
    RESOURCES = UNAT_BITS + 64,
    SEEN = 4096,
    SRLZ_D = 1,
    SRLZ_I = 2,
};

struct place {
    uint64_t ip;
    unsigned slot;
    struct ia64_insn insn;
};

struct record {      /* the last write of a resource */
    uint64_t group;  /* 0: never */
    uint8_t pending; /* serialization that a reader of the resource has to wait for */
    struct place by;
};

struct deps {
    FILE *to;
    uint64_t group;
    bool first; /* the next instruction begins the group */
    bool last;  /* an instruction that must be the last of its group went before */
    struct place last_by;
    struct record record[RESOURCES];
    uint64_t seen[SEEN]; /* reports so far, hashed: each pair of places speaks once */
};

struct deps *ia64_deps_new(FILE *to) {
    struct deps *d = calloc(1, sizeof *d);

    if (d) *d = (struct deps){.to = to, .group = 1, .first = true};
    return d;
}

void ia64_deps_free(struct deps *d) {
    free(d);
}

/* --- reports --------------------------------------------------------------------------------- */

static bool seen_before(struct deps *d, uint64_t key) {
    size_t i = key * UINT64_C(0x9e3779b97f4a7c15) >> 52;

    for (size_t n = 0; n < SEEN; n++, i = (i + 1) % SEEN) {
        if (d->seen[i] == key) return true;
        if (!d->seen[i]) {
            d->seen[i] = key;
            return false;
        }
    }
    return false;
}

static void name_resource(unsigned r, char *name, size_t n) {
    static const char *const files[] = {"r", "f", "p", "b", "ar", "cr", "psr bit "};
    static const char *const named[] = {
        [IA64_RES_CFM] = "cfm", [IA64_RES_RR] = "rr",
        [IA64_RES_PKR] = "pkr", [IA64_RES_IBR] = "ibr",
        [IA64_RES_DBR] = "dbr", [IA64_RES_PMC] = "pmc",
        [IA64_RES_PMD] = "pmd", [IA64_RES_ITC] = "itc",
        [IA64_RES_DTC] = "dtc", [IA64_RES_ITR] = "itr",
        [IA64_RES_DTR] = "dtr", [IA64_RES_INSERVICE] = "interrupts in service",
    };
    unsigned file = r / PER_FILE, i = r % PER_FILE;

    if (r >= UNAT_BITS)
        snprintf(name, n, "ar.unat bit %u", r - UNAT_BITS);
    else if (file < IA64_FILE_RESOURCE)
        snprintf(name, n, "%s%u", files[file], i);
    else if (i < sizeof named / sizeof *named && named[i])
        snprintf(name, n, "%s", named[i]);
    else
        snprintf(name, n, "ar.fpsr field");
}

static unsigned report(struct deps *d, const struct place *at, const char *rule,
                       const char *resource, const struct place *by) {
    uint64_t key = ((at->ip + at->slot) * 31 + by->ip + by->slot) * 31 + (unsigned char)rule[0];
    char text[100];

    if (seen_before(d, key ? key : 1)) return 0;
    ia64_disasm(&at->insn, at->ip, text, sizeof text);
    fprintf(d->to, "0x%" PRIx64 ".%u: %s: %s%s%s", at->ip, at->slot, text, rule,
            *resource ? " " : "", resource);
    if (by != at) {
        ia64_disasm(&by->insn, by->ip, text, sizeof text);
        fprintf(d->to, " (0x%" PRIx64 ".%u: %s)", by->ip, by->slot, text);
    }
    fputc('\n', d->to);
    return 1;
}

/* --- exceptions ------------------------------------------------------------------------------ */

#define R(file, index) ((unsigned)(file)*PER_FILE + (index))
#define RES(index)     R(IA64_FILE_RESOURCE, IA64_RES_##index)
#define AR_PFS         R(IA64_FILE_AR, 64)
#define PSR(bit)       R(IA64_FILE_PSR, bit)
enum { BIT_MFL = 4, BIT_MFH = 5, BIT_CPL = 32 };

static enum ia64_class class_of(const struct ia64_insn *insn) {
    return ia64_op_class(insn->op);
}

static bool is_branch(enum ia64_class c) {
    return c == IA64_CLASS_br || c == IA64_CLASS_brcall || c == IA64_CLASS_brret ||
           c == IA64_CLASS_brloop;
}

/* Ordered by the hardware itself, or without an order that matters. */
static bool unordered(unsigned r) {
    return r == RES(ALAT) || r == RES(MEMORY) || r == RES(RSE) || r == RES(DAHR) ||
           r == RES(UNAT_BIT) || r == PSR(BIT_CPL) ||
           (r >= RES(SF0_CONTROLS) && r <= RES(FPSR_TRAPS));
}

/* Two purges of translations (ptc, ptr) have no order among themselves. */
static bool purges(const struct ia64_insn *insn) {
    return !strncmp(ia64_op_name(insn->op), "pt", 2);
}

static bool raw_allowed(unsigned r, const struct ia64_insn *writer,
                        const struct ia64_insn *reader) {
    enum ia64_class w = class_of(writer), c = class_of(reader);

    if (unordered(r) || (purges(writer) && purges(reader))) return true;
    switch (r / PER_FILE) {
    case IA64_FILE_PR: /* a branch sees the compare of its own group, but not of the FP unit */
        return is_branch(c) &&
               (w == IA64_CLASS_icmp || w == IA64_CLASS_tbit || w == IA64_CLASS_topr);
    case IA64_FILE_BR:
        return is_branch(c) && w == IA64_CLASS_tobr;
    case IA64_FILE_AR:
        return r == AR_PFS && c == IA64_CLASS_brret && w == IA64_CLASS_toar;
    case IA64_FILE_RESOURCE:
        return r == RES(CFM) && w == IA64_CLASS_alloc;
    }
    return false;
}

/* and and or compares may gather in one predicate; or.andcm does the one to p1, the other to p2. */
static char gathers(const struct ia64_insn *insn, unsigned p) {
    const char *name = ia64_op_name(insn->op);

    if (!(ia64_op_flags(insn->op) & IA64_CONDWRITE)) return 0;
    if (strstr(name, "or.andcm")) return p == insn->p1 ? 'o' : 'a';
    return strstr(name, ".and") ? 'a' : 'o';
}

static bool waw_allowed(unsigned r, const struct ia64_insn *first, const struct ia64_insn *second) {
    unsigned file = r / PER_FILE, n = r % PER_FILE;

    if (unordered(r) || r == PSR(BIT_MFL) || r == PSR(BIT_MFH)) return true;
    if (file == IA64_FILE_PR) return gathers(first, n) && gathers(first, n) == gathers(second, n);
    if (r < UNAT_BITS && file == IA64_FILE_RESOURCE) /* files as a whole: other registers, maybe */
        return r != RES(CFM) && r != RES(INSERVICE);
    return file == IA64_FILE_CR && !strcmp(ia64_op_format(second->op), "M33"); /* irr of ivr */
}

/* --- serialization --------------------------------------------------------------------------- */

/* What has to stand between a write of r and its use; 0: a stop is enough. */
static unsigned serialization(unsigned r, const struct ia64_insn *writer) {
    enum ia64_class w = class_of(writer);

    switch (r / PER_FILE) {
    case IA64_FILE_CR:
        return w == IA64_CLASS_tocr ? SRLZ_D : 0;
    case IA64_FILE_PSR: /* user mask instructions need none */
        return w == IA64_CLASS_topsr || w == IA64_CLASS_sysmask
                   ? (ia64_op_flags(writer->op) & IA64_PRIV ? SRLZ_D : 0)
                   : 0;
    case IA64_FILE_RESOURCE:
        if (r == RES(RR) || r == RES(PKR) || r == RES(DBR) || r == RES(DTC) || r == RES(DTR) ||
            (r == RES(INSERVICE) && w == IA64_CLASS_tocr))
            return SRLZ_D;
        return r == RES(ITC) || r == RES(ITR) || r == RES(IBR) ? SRLZ_I : 0;
    }
    return 0;
}

/* Readers that the hardware makes wait by itself. */
static bool waits_itself(unsigned r, const struct ia64_insn *reader) {
    enum ia64_class c = class_of(reader);
    unsigned file = r / PER_FILE;

    if (c == IA64_CLASS_rfi || c == IA64_CLASS_tlb)
        return file == IA64_FILE_CR || c == IA64_CLASS_rfi || file == IA64_FILE_RESOURCE;
    if (c == IA64_CLASS_frpsr) return true;
    return c == IA64_CLASS_frix && file == IA64_FILE_RESOURCE; /* reads back what was written */
}

static void serialize(struct deps *d, unsigned done) {
    for (unsigned r = 0; r < RESOURCES; r++)
        if (d->record[r].group < d->group) d->record[r].pending &= ~done;
}

/* --- one instruction ------------------------------------------------------------------------- */

static unsigned check_read(struct deps *d, const struct place *at, unsigned r) {
    struct record *w = &d->record[r];
    unsigned n = 0;
    char name[40];

    if (!w->group) return 0;
    name_resource(r, name, sizeof name);
    if (w->group == d->group && !raw_allowed(r, &w->by.insn, &at->insn))
        n += report(d, at, "reads what its group wrote:", name, &w->by);
    if (w->group < d->group && w->pending && !waits_itself(r, &at->insn))
        n += report(d, at,
                    w->pending & SRLZ_I ? "needs srlz.i after the write of"
                                        : "needs srlz.d after the write of",
                    name, &w->by);
    return n;
}

static unsigned check_write(struct deps *d, const struct place *at, unsigned r) {
    struct record *w = &d->record[r];
    unsigned n = 0;
    char name[40];

    if (w->group == d->group && !waw_allowed(r, &w->by.insn, &at->insn)) {
        name_resource(r, name, sizeof name);
        n = report(d, at, "writes what its group wrote:", name, &w->by);
    }
    *w = (struct record){d->group, serialization(r, &at->insn), *at};
    return n;
}

/* Calls check for a resource; ar.unat's bits are those that the address selects, or all. */
static unsigned for_resource(struct deps *d, const struct place *at, const struct ia64_effect *e,
                             const struct ia64_event *event,
                             unsigned (*check)(struct deps *, const struct place *, unsigned)) {
    unsigned r = R(e->file, e->index), n = 0;

    if (r != RES(UNAT_BIT)) return check(d, at, r);
    if (event->has_address) return check(d, at, UNAT_BITS + (event->address >> 3 & 63));
    for (unsigned bit = 0; bit < 64; bit++)
        n += check(d, at, UNAT_BITS + bit);
    return n;
}

static unsigned check_effects(struct deps *d, const struct place *at, const struct ia64_event *e) {
    struct ia64_effect effect[IA64_EFFECTS_MAX];
    size_t count = ia64_effects(e->insn, effect);
    unsigned n = 0;

    for (size_t i = 0; i < count; i++) /* reads come before the instruction's own writes */
        if (effect[i].access == IA64_READ &&
            (e->predicate || (effect[i].file == IA64_FILE_PR && effect[i].index == e->insn->qp)))
            n += for_resource(d, at, &effect[i], e, check_read);
    for (size_t i = 0; i < count; i++)
        if (effect[i].access == IA64_WRITE &&
            (e->predicate ||
             (ia64_op_flags(e->insn->op) & IA64_UNC && effect[i].file == IA64_FILE_PR)))
            n += for_resource(d, at, &effect[i], e, check_write);
    return n;
}

static unsigned check_position(struct deps *d, const struct place *at) {
    unsigned flags = ia64_op_flags(at->insn.op), n = 0;

    if (d->last) n += report(d, at, "follows in the group of", "its last instruction", &d->last_by);
    if (flags & IA64_FIRST && !d->first) n += report(d, at, "must be first in its group", "", at);
    d->last = flags & IA64_LAST;
    d->last_by = *at;
    return n;
}

static void new_group(struct deps *d) {
    d->group++;
    d->first = true;
    d->last = false;
}

unsigned ia64_deps_step(struct deps *d, struct ia64 *m, const struct ia64_event *e) {
    struct place at;
    enum ia64_class class;
    unsigned n;

    (void)m;
    if (!e->insn || e->vector >= 0) { /* an interruption serializes and begins anew */
        new_group(d);
        serialize(d, SRLZ_D | SRLZ_I);
        return 0;
    }
    at = (struct place){e->ip, e->slot, *e->insn};
    class = class_of(e->insn);
    if (e->predicate && (class == IA64_CLASS_srlzd || class == IA64_CLASS_srlzi))
        serialize(d, class == IA64_CLASS_srlzi ? SRLZ_D | SRLZ_I : SRLZ_D);
    n = check_position(d, &at) + check_effects(d, &at, e);
    d->first = false;
    if (e->insn->stop || e->taken) new_group(d);
    if (class == IA64_CLASS_rfi) serialize(d, SRLZ_D | SRLZ_I);
    return n;
}
