/*
 * Floating-point values as bits: the memory and general register formats (loads, stores, getf,
 * setf) and the instructions that merge, pack, mix and mask register bits without arithmetic.
 */
#include "fp_internal.h"

/* ---- memory and general register formats ---- */

/* A format of `fraction` bits under an exponent of `exponent` bits, as in a 64-bit word. */
static struct ia64_fr unpack(uint64_t bits, unsigned fraction, unsigned exponent) {
    uint32_t ones = (1u << exponent) - 1;
    uint32_t exp = bits >> fraction & ones;
    uint32_t rebias = IA64_FR_BIAS - (ones >> 1);
    uint64_t sig = bits << (64 - fraction) >> 1;
    uint8_t sign = bits >> (fraction + exponent) & 1;

    if (exp == 0) return (struct ia64_fr){sig, sig ? rebias + 1 : 0, sign};
    return (struct ia64_fr){INTEGER_BIT | sig, exp == ones ? IA64_FR_MAX_EXP : exp + rebias, sign};
}

/* Stores neither round nor check: the upper bits of the significand, the top and the low bits of
 * the exponent; without integer bit the exponent is that of a denormal. */
static uint64_t pack(struct ia64_fr a, unsigned fraction, unsigned exponent) {
    uint64_t top = a.exp >> 16, rest = a.exp & ((1u << (exponent - 1)) - 1);
    uint64_t exp = a.sig & INTEGER_BIT ? top << (exponent - 1) | rest : 0;

    return (uint64_t)a.sign << (fraction + exponent) | exp << fraction |
           a.sig << 1 >> (64 - fraction);
}

struct ia64_fr ia64_fr_from_single(uint32_t bits) {
    return unpack(bits, 23, 8);
}

struct ia64_fr ia64_fr_from_double(uint64_t bits) {
    return unpack(bits, 52, 11);
}

uint32_t ia64_fr_to_single(struct ia64_fr a) {
    return (uint32_t)pack(a, 23, 8);
}

uint64_t ia64_fr_to_double(struct ia64_fr a) {
    return pack(a, 52, 11);
}

struct ia64_fr ia64_fr_from_extended(uint64_t sig, uint16_t sign_exp) {
    uint32_t exp = sign_exp & 0x7fff;

    if (exp == 0x7fff)
        exp = IA64_FR_MAX_EXP;
    else if (exp)
        exp += IA64_FR_BIAS - 0x3fff;
    return (struct ia64_fr){sig, exp, sign_exp >> 15};
}

uint16_t ia64_fr_to_extended(struct ia64_fr a) {
    return (uint16_t)(a.sign << 15 | a.exp >> 16 << 14 | (a.exp & 0x3fff));
}

struct ia64_fr ia64_fr_from_spill(uint64_t low, uint64_t high) {
    return (struct ia64_fr){low, high & IA64_FR_MAX_EXP, high >> 17 & 1};
}

uint64_t ia64_fr_to_spill(struct ia64_fr a) {
    return (uint64_t)a.sign << 17 | a.exp;
}

struct ia64_fr ia64_fr_from_exp(uint64_t bits) {
    return ia64_fr_from_spill(INTEGER_BIT, bits);
}

/* ---- merges and masks ---- */

static bool either_nat(struct ia64_fr a, struct ia64_fr b) {
    return ia64_fr_is_nat(a) || ia64_fr_is_nat(b);
}

struct ia64_fr ia64_fmerge_s(struct ia64_fr a, struct ia64_fr b) {
    return either_nat(a, b) ? IA64_FR_NATVAL : (struct ia64_fr){b.sig, b.exp, a.sign};
}

struct ia64_fr ia64_fmerge_ns(struct ia64_fr a, struct ia64_fr b) {
    return either_nat(a, b) ? IA64_FR_NATVAL : (struct ia64_fr){b.sig, b.exp, !a.sign};
}

struct ia64_fr ia64_fmerge_se(struct ia64_fr a, struct ia64_fr b) {
    return either_nat(a, b) ? IA64_FR_NATVAL : (struct ia64_fr){b.sig, a.exp, a.sign};
}

/* The rest makes a 64-bit significand of two, with the exponent of integers. */
static struct ia64_fr bits_of(struct ia64_fr a, struct ia64_fr b, uint64_t sig) {
    return either_nat(a, b) ? IA64_FR_NATVAL : ia64_fr_integer(sig);
}

static uint64_t pair(uint32_t high, uint32_t low) {
    return (uint64_t)high << 32 | low;
}

#define SIGN_HIGH UINT64_C(0x8000000000000000)
#define SIGN_LOW  UINT64_C(0x0000000080000000)
#define SIGNS     (SIGN_HIGH | SIGN_LOW)
#define SIGN_EXPS UINT64_C(0xff800000ff800000)

#define BITWISE(name, sig)                                                                         \
    struct ia64_fr ia64_##name(struct ia64_fr a, struct ia64_fr b) {                               \
        return bits_of(a, b, sig);                                                                 \
    }

BITWISE(fand, a.sig &b.sig)
BITWISE(fandcm, a.sig & ~b.sig)
BITWISE(for, a.sig | b.sig)
BITWISE(fxor, a.sig ^ b.sig)
BITWISE(fpack, pair(ia64_fr_to_single(a), ia64_fr_to_single(b)))
BITWISE(fmix_l, pair(fp_high(a), fp_high(b)))
BITWISE(fmix_r, pair(fp_low(a), fp_low(b)))
BITWISE(fmix_lr, pair(fp_high(a), fp_low(b)))
BITWISE(fswap, pair(fp_low(b), fp_high(a)))
BITWISE(fswap_nl, pair(fp_low(b), fp_high(a)) ^ SIGN_HIGH)
BITWISE(fswap_nr, pair(fp_low(b), fp_high(a)) ^ SIGN_LOW)
BITWISE(fsxt_l, pair(fp_high(a) >> 31 ? ~0u : 0, fp_high(b)))
BITWISE(fsxt_r, pair(fp_low(a) >> 31 ? ~0u : 0, fp_low(b)))
BITWISE(fpmerge_s, (a.sig & SIGNS) | (b.sig & ~SIGNS))
BITWISE(fpmerge_ns, (~a.sig & SIGNS) | (b.sig & ~SIGNS))
BITWISE(fpmerge_se, (a.sig & SIGN_EXPS) | (b.sig & ~SIGN_EXPS))

struct ia64_fr ia64_fselect(struct ia64_fr a, struct ia64_fr b, struct ia64_fr mask) {
    if (ia64_fr_is_nat(mask)) return IA64_FR_NATVAL;
    return bits_of(a, b, (a.sig & mask.sig) | (b.sig & ~mask.sig));
}
