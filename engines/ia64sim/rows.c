/* rows.c: one pair of functions a class of registers. */
#include "engines/ia64sim/rows.h"

#include "harness/random.h"

enum { EXPONENT_BITS = 17, NAT_SHARE = 8 /* one general register in so many is a NaT */ };

static struct row_value of_gr(struct ia64_gr g) {
    return (struct row_value){g.value, g.nat};
}
static struct ia64_gr to_gr(struct row_value v) {
    return (struct ia64_gr){v.low, v.high & 1};
}

static struct row_value read_gr(const struct ia64 *m, unsigned n) {
    return of_gr(n >= 16 && n < 32 ? ia64_bank_gr(m, 1, n) : ia64_gr(m, n));
}
static void write_gr(struct ia64 *m, unsigned n, struct row_value v) {
    if (n >= 16 && n < 32)
        ia64_set_bank_gr(m, 1, n, to_gr(v));
    else
        ia64_set_gr(m, n, to_gr(v));
}
static struct row_value read_bank0(const struct ia64 *m, unsigned n) {
    return of_gr(ia64_bank_gr(m, 0, n));
}
static void write_bank0(struct ia64 *m, unsigned n, struct row_value v) {
    ia64_set_bank_gr(m, 0, n, to_gr(v));
}

static struct row_value read_fr(const struct ia64 *m, unsigned n) {
    struct ia64_fr f = ia64_fr(m, n);
    return (struct row_value){f.sig, (uint64_t)f.sign << EXPONENT_BITS | f.exp};
}
static void write_fr(struct ia64 *m, unsigned n, struct row_value v) {
    struct ia64_fr f = {.sig = v.low,
                        .exp = v.high & ((1 << EXPONENT_BITS) - 1),
                        .sign = v.high >> EXPONENT_BITS & 1};
    ia64_set_fr(m, n, f);
}

#define SIMPLE(name, read, write)                                                                  \
    static struct row_value read_##name(const struct ia64 *m, unsigned n) {                        \
        (void)m, (void)n;                                                                          \
        return (struct row_value){read, 0};                                                        \
    }                                                                                              \
    static void write_##name(struct ia64 *m, unsigned n, struct row_value v) {                     \
        (void)m, (void)n, (void)v;                                                                 \
        write;                                                                                     \
    }
SIMPLE(pr, ia64_pr(m), ia64_set_pr(m, v.low))
SIMPLE(br, ia64_br(m, n), ia64_set_br(m, n, v.low))
SIMPLE(ar, ia64_ar(m, n), ia64_set_ar(m, n, v.low))
SIMPLE(cr, ia64_cr(m, n), ia64_set_cr(m, n, v.low))
SIMPLE(frame, ia64_cfm(m), (void)0)
SIMPLE(psr, ia64_psr(m), ia64_set_psr(m, v.low))
SIMPLE(cpu, 0, (void)0)
SIMPLE(rr, ia64_indirect(m, IA64_RR, n), ia64_set_indirect(m, IA64_RR, n, v.low))
SIMPLE(pkr, ia64_indirect(m, IA64_PKR, n), ia64_set_indirect(m, IA64_PKR, n, v.low))
SIMPLE(ibr, ia64_indirect(m, IA64_IBR, n), ia64_set_indirect(m, IA64_IBR, n, v.low))
SIMPLE(dbr, ia64_indirect(m, IA64_DBR, n), ia64_set_indirect(m, IA64_DBR, n, v.low))

static const struct {
    struct row_value (*read)(const struct ia64 *, unsigned n);
    void (*write)(struct ia64 *, unsigned n, struct row_value);
} classes[IA64_ROW_CLASSES] = {
    [IA64_ROW_gr] = {read_gr, write_gr},      [IA64_ROW_bank0] = {read_bank0, write_bank0},
    [IA64_ROW_stacked] = {read_gr, write_gr}, [IA64_ROW_fr_low] = {read_fr, write_fr},
    [IA64_ROW_fr_high] = {read_fr, write_fr}, [IA64_ROW_pr] = {read_pr, write_pr},
    [IA64_ROW_link] = {read_br, write_br},    [IA64_ROW_br] = {read_br, write_br},
    [IA64_ROW_kr] = {read_ar, write_ar},      [IA64_ROW_rse] = {read_ar, write_ar},
    [IA64_ROW_ar] = {read_ar, write_ar},      [IA64_ROW_ia32] = {read_ar, write_ar},
    [IA64_ROW_time] = {read_cpu, write_cpu},  [IA64_ROW_frame] = {read_frame, write_frame},
    [IA64_ROW_psr] = {read_psr, write_psr},   [IA64_ROW_icr] = {read_cr, write_cr},
    [IA64_ROW_clock] = {read_cr, write_cr},   [IA64_ROW_cpu] = {read_cpu, write_cpu},
    [IA64_ROW_iva] = {read_cr, write_cr},     [IA64_ROW_cr] = {read_cr, write_cr},
    [IA64_ROW_rr] = {read_rr, write_rr},      [IA64_ROW_pkr] = {read_pkr, write_pkr},
    [IA64_ROW_ibr] = {read_ibr, write_ibr},   [IA64_ROW_dbr] = {read_dbr, write_dbr},
};

struct row_value row_read(const struct ia64 *m, size_t row) {
    return classes[ia64_register_rows[row].class].read(m, ia64_register_rows[row].number);
}
void row_write(struct ia64 *m, size_t row, struct row_value v) {
    classes[ia64_register_rows[row].class].write(m, ia64_register_rows[row].number, v);
}

/* Values that software may put there: the free bits, and those that are always set. Reserved fields
 * of Intel SDM vol. 2, chapter 3. */
static const struct legal {
    enum ia64_register_class class;
    int number; /* -1: any */
    uint64_t free, set;
} legals[] = {
    {IA64_ROW_pr, -1, ~UINT64_C(0), 1},
    {IA64_ROW_ar, 40, 0x03f1f81f8007e000,
     0x0009804c0270033f},                       /* ar.fpsr: the flags of its four status fields */
    {IA64_ROW_ar, 66, 0x3f, 0},                 /* ar.ec */
    {IA64_ROW_icr, 16, 0x0000117b0ffee03e, 0},  /* cr.ipsr */
    {IA64_ROW_icr, 17, 0x00000bff00ffffff, 0},  /* cr.isr: no slot 3 */
    {IA64_ROW_icr, 23, 0x8000000000001f80, 96}, /* cr.ifs: 96 registers, up to 63 of them local */
    {IA64_ROW_icr, 25, ~UINT64_C(3), 0},        /* cr.iha */
    {IA64_ROW_cr, 0, 0x7f00, 0},                /* cr.dcr: which speculative faults are deferred */
    {IA64_ROW_cr, 8, 0xffffffffffff8000, 15 << 2}, /* cr.pta */
    {IA64_ROW_cr, -1, 0x100ff, 0},                 /* cr.pmv, cmcv, lrr0, lrr1 */
    {IA64_ROW_rr, -1, 0xffffff00, 12 << 2},        /* region identifiers, 4 KiB pages */
    {IA64_ROW_pkr, -1, 0xffffff0e, 0},             /* keys, none of them valid */
};

struct row_value row_random(size_t row, uint64_t *state) {
    struct row_value v = {next_random(state), next_random(state)};
    enum ia64_register_class class = ia64_register_rows[row].class;
    if (class == IA64_ROW_fr_low || class == IA64_ROW_fr_high) return v;
    v.high = v.high % NAT_SHARE == 0;
    for (const struct legal *l = legals; l < legals + sizeof legals / sizeof *legals; l++)
        if (l->class == class &&
            (l->number < 0 || (unsigned)l->number == ia64_register_rows[row].number)) {
            v.low = (v.low & l->free) | l->set;
            break;
        }
    return v;
}
