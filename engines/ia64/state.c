/* state.c - the architectural state as a list of named values: printed for people and diff, and
 * compared without printing. ar.itc is time and the ALAT a cache: neither is listed. */
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "machine.h"

struct value {
    uint64_t low, high;
};

/* A file of registers: the n-th value of it is there or not, and has a name. */
struct file {
    const char *format; /* of the name, with the number */
    unsigned count;
    bool (*get)(const struct ia64 *m, unsigned n, struct value *v);
    size_t offset, size; /* where all of it lies in struct ia64: equal bytes are equal values */
};
#define COMPUTED     0, 0
#define LIES(member) offsetof(struct ia64, member), sizeof(((struct ia64 *)0)->member)

/* clang-format off */
static const struct { unsigned ar; const char *name; } ar_names[] = {
    {AR_BSP, "bsp"}, {AR_BSPSTORE, "bspstore"}, {AR_CCV, "ccv"}, {AR_CFLG, "cflg"}, {AR_CSD, "csd"},
    {AR_EC, "ec"}, {AR_EFLAG, "eflag"}, {AR_FCR, "fcr"}, {AR_FDR, "fdr"}, {AR_FIR, "fir"},
    {AR_FPSR, "fpsr"}, {AR_FSR, "fsr"}, {0, "k0"}, {1, "k1"}, {2, "k2"}, {3, "k3"}, {4, "k4"},
    {5, "k5"}, {6, "k6"}, {7, "k7"}, {AR_LC, "lc"}, {AR_PFS, "pfs"}, {AR_RNAT, "rnat"},
    {AR_RSC, "rsc"}, {AR_SSD, "ssd"}, {AR_UNAT, "unat"},
};
static const struct { unsigned cr; const char *name; } cr_names[] = {
    {CR_CMCV, "cmcv"}, {CR_DCR, "dcr"}, {CR_IFA, "ifa"}, {CR_IFS, "ifs"}, {CR_IHA, "iha"},
    {CR_IIM, "iim"}, {CR_IIP, "iip"}, {CR_IIPA, "iipa"}, {CR_IPSR, "ipsr"}, {CR_IRR0, "irr0"},
    {CR_IRR0 + 1, "irr1"}, {CR_IRR0 + 2, "irr2"}, {CR_IRR0 + 3, "irr3"}, {CR_ISR, "isr"},
    {CR_ITIR, "itir"}, {CR_ITM, "itm"}, {CR_ITV, "itv"}, {CR_IVA, "iva"}, {CR_LID, "lid"},
    {CR_LRR0, "lrr0"}, {CR_LRR1, "lrr1"}, {CR_PMV, "pmv"}, {CR_PTA, "pta"}, {CR_TPR, "tpr"},
};
/* clang-format on */
#define LENGTH(a) (sizeof(a) / sizeof *(a))

static bool get_ar(const struct ia64 *m, unsigned n, struct value *v) {
    v->low = m->ar[ar_names[n].ar];
    return true;
}

static bool get_cr(const struct ia64 *m, unsigned n, struct value *v) {
    v->low = m->cr[cr_names[n].cr];
    return true;
}

static bool get_gr(const struct ia64 *m, unsigned n, struct value *v) {
    if (n == 0 || (n >= 16 && n < 32) || n >= 32u + m->frame.sof) return false;
    *v = (struct value){gr(m, n), gr_nat(m, n)};
    return true;
}

static bool get_bank0(const struct ia64 *m, unsigned n, struct value *v) {
    *v = (struct value){m->gr[GR_BANK0 + n - 16], m->nat[GR_BANK0 + n - 16]};
    return n >= 16;
}

static bool get_bank1(const struct ia64 *m, unsigned n, struct value *v) {
    *v = (struct value){m->gr[n], m->nat[n]};
    return n >= 16;
}

static bool get_fr(const struct ia64 *m, unsigned n, struct value *v) {
    struct ia64_fr f = fr_get(m, n);

    *v = (struct value){f.sig, ia64_fr_to_spill(f)};
    return n > 1;
}

/* Dirty registers of the frames below, the oldest last. */
static bool get_dirty(const struct ia64 *m, unsigned n, struct value *v) {
    unsigned r = GR_STACKED + (m->bof + 2 * STACKED - n - 1) % STACKED;

    *v = (struct value){m->gr[r], m->nat[r]};
    return (int)n < m->dirty;
}

static bool get_tlb(const struct tlb_entry *e, struct value *v) {
    v->low = e->base | e->rid; /* base is a multiple of 4 KiB; a longer rid shows above */
    v->low ^= (uint64_t)(e->rid >> 12) << 48 ^ ~e->mask;
    v->high = e->physical | e->p | (unsigned)e->ma << 2 | (unsigned)e->a << 5 |
              (unsigned)e->d << 6 | (unsigned)e->pl << 7 | (unsigned)e->ar << 9;
    v->high ^= (uint64_t)e->ed << 63 ^ (uint64_t)e->key << 32;
    return e->valid;
}

#define SCALAR(name, expression)                                                                   \
    static bool get_##name(const struct ia64 *m, unsigned n, struct value *v) {                    \
        v->low = (expression);                                                                     \
        return n == 0;                                                                             \
    }
#define ARRAY(name, expression)                                                                    \
    static bool get_##name(const struct ia64 *m, unsigned n, struct value *v) {                    \
        v->low = m->expression[n];                                                                 \
        return true;                                                                               \
    }
#define TLB(name, expression)                                                                      \
    static bool get_##name(const struct ia64 *m, unsigned n, struct value *v) {                    \
        return get_tlb(&m->tlb.expression[n], v);                                                  \
    }
SCALAR(cfm, ia64_cfm_value(m))
SCALAR(ip, m->ip)
SCALAR(pr, m->pr)
SCALAR(psr, ia64_psr(m))
ARRAY(br, br)
ARRAY(dbr, dbr)
ARRAY(ibr, ibr)
ARRAY(in_service, in_service)
ARRAY(pkr, pkr)
ARRAY(pmc, pmc)
ARRAY(pmd, pmd)
ARRAY(rr, rr)
TLB(dtc, dtc)
TLB(dtr, dtr)
TLB(itc, itc)
TLB(itr, itr)

static const struct file files[] = {
    {NULL, LENGTH(ar_names), get_ar, COMPUTED}, /* names of their own */
    {"b%u", 8, get_br, COMPUTED},
    {"bank0.r%u", 32, get_bank0, COMPUTED},
    {"bank1.r%u", 32, get_bank1, COMPUTED},
    {"cfm", 1, get_cfm, COMPUTED},
    {NULL, LENGTH(cr_names), get_cr, COMPUTED},
    {"dbr%u", 16, get_dbr, LIES(dbr)},
    {"dirty%u", STACKED, get_dirty, COMPUTED},
    {"dtc%u", TCS, get_dtc, LIES(tlb.dtc)},
    {"dtr%u", TRS, get_dtr, LIES(tlb.dtr)},
    {"f%u", 128, get_fr, COMPUTED},
    {"ibr%u", 16, get_ibr, LIES(ibr)},
    {"inservice%u", 4, get_in_service, COMPUTED},
    {"ip", 1, get_ip, COMPUTED},
    {"itc%u", TCS, get_itc, LIES(tlb.itc)},
    {"itr%u", TRS, get_itr, LIES(tlb.itr)},
    {"pkr%u", 16, get_pkr, LIES(pkr)},
    {"pmc%u", 64, get_pmc, LIES(pmc)},
    {"pmd%u", 64, get_pmd, LIES(pmd)},
    {"pr", 1, get_pr, COMPUTED},
    {"psr", 1, get_psr, COMPUTED},
    {"r%u", 128, get_gr, COMPUTED},
    {"rr%u", 8, get_rr, LIES(rr)},
};

enum { NAME = 32, TEXT = 64 };

static void name_of(const struct file *f, unsigned n, char name[NAME]) {
    if (f->get == get_ar)
        snprintf(name, NAME, "ar.%s", ar_names[n].name);
    else if (f->get == get_cr)
        snprintf(name, NAME, "cr.%s", cr_names[n].name);
    else
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(name, NAME, f->format, n);
#pragma GCC diagnostic pop
}

static bool has_nat(const struct file *f) {
    return f->get == get_gr || f->get == get_bank0 || f->get == get_bank1 || f->get == get_dirty;
}

static void text_of(const struct file *f, bool there, const struct value *v, char text[TEXT]) {
    if (!there)
        snprintf(text, TEXT, "-");
    else if (has_nat(f))
        snprintf(text, TEXT, "0x%016" PRIx64 "%s", v->low, v->high ? " NaT" : "");
    else if (f->get == get_fr)
        snprintf(text, TEXT, "%" PRIu64 " 0x%05" PRIx64 " 0x%016" PRIx64, v->high >> 17,
                 v->high & 0x1ffff, v->low);
    else if (v->high)
        snprintf(text, TEXT, "0x%016" PRIx64 " 0x%016" PRIx64, v->low, v->high);
    else
        snprintf(text, TEXT, "0x%016" PRIx64, v->low);
}

void ia64_print_state(const struct ia64 *m, FILE *to) {
    for (const struct file *f = files; f < files + LENGTH(files); f++)
        for (unsigned n = 0; n < f->count; n++) {
            struct value v = {0};
            char name[NAME], text[TEXT];

            if (!f->get(m, n, &v)) continue;
            name_of(f, n, name);
            text_of(f, true, &v, text);
            fprintf(to, "%s %s\n", name, text);
        }
}

/* --- comparison ------------------------------------------------------------------------------ */

struct comparison {
    ia64_report *report;
    void *context;
    size_t found, max;
};

/* Counts a difference; true when somebody wants to hear its name. */
static bool wanted(struct comparison *c) {
    return c->found++ < c->max && c->report;
}

static bool same_bytes(const struct ia64 *a, const struct ia64 *b, const struct file *f) {
    return f->size && !memcmp((const char *)a + f->offset, (const char *)b + f->offset, f->size);
}

static void compare_file(const struct ia64 *a, const struct ia64 *b, const struct file *f,
                         struct comparison *c) {
    if (same_bytes(a, b, f)) return;
    for (unsigned n = 0; n < f->count; n++) {
        struct value va = {0}, vb = {0};
        bool there_a = f->get(a, n, &va), there_b = f->get(b, n, &vb);
        char name[NAME], left[TEXT], right[TEXT];

        if (there_a == there_b && (!there_a || (va.low == vb.low && va.high == vb.high))) continue;
        if (!wanted(c)) continue;
        name_of(f, n, name);
        text_of(f, there_a, &va, left);
        text_of(f, there_b, &vb, right);
        c->report(c->context, name, left, right);
    }
}

static void compare_pages(void *context, uint64_t physical, const struct page *a,
                          const struct page *b) {
    struct comparison *c = context;
    const uint8_t *x = a ? a->data : ia64_zero_page, *y = b ? b->data : ia64_zero_page;

    if (!memcmp(x, y, PAGE_SIZE)) return;
    for (unsigned i = 0; i < PAGE_SIZE; i += 8) {
        char name[NAME], left[TEXT], right[TEXT];
        uint64_t vx, vy;

        memcpy(&vx, x + i, 8);
        memcpy(&vy, y + i, 8);
        if (vx == vy || !wanted(c)) continue;
        snprintf(name, NAME, "mem 0x%" PRIx64, physical + i);
        snprintf(left, TEXT, "0x%016" PRIx64, vx);
        snprintf(right, TEXT, "0x%016" PRIx64, vy);
        c->report(c->context, name, left, right);
    }
}

size_t ia64_compare(const struct ia64 *a, const struct ia64 *b, ia64_report *report, void *context,
                    size_t max) {
    struct comparison c = {report, context, 0, max};

    for (const struct file *f = files; f < files + LENGTH(files); f++)
        compare_file(a, b, f, &c);
    ia64_pages_differences(a->memory, b->memory, compare_pages, &c);
    return c.found;
}
