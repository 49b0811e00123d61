/*
 * IA-64 floating-point arithmetic: status register, exceptions, rounding and multiply-add.
 * Every operation computes an exact (or sticky) wide result, and fp_pack alone makes it a register.
 */
#include "fp_internal.h"

#include <stddef.h>

/* ---- ar.fpsr ---- */

static bool controls_reserved(unsigned controls, unsigned sf) {
    return IA64_SF_PC(controls) == 1 || (sf == 0 && controls & IA64_SF_TD);
}

bool ia64_fpsr_reserved(uint64_t value) {
    for (unsigned sf = 0; sf < 4; sf++)
        if (controls_reserved(ia64_fp_controls(value, sf), sf)) return true;
    return value >> 58;
}

bool ia64_fsetc(uint64_t *fpsr, unsigned sf, unsigned amask7, unsigned omask7) {
    uint64_t controls = (ia64_fp_controls(*fpsr, 0) & amask7) | omask7;

    if (controls_reserved(controls, sf)) return false;
    *fpsr = (*fpsr & ~(UINT64_C(0x7f) << (6 + 13 * sf))) | controls << (6 + 13 * sf);
    return true;
}

uint64_t ia64_fclrf(uint64_t fpsr, unsigned sf) {
    return fpsr & ~(UINT64_C(0x3f) << (13 + 13 * sf));
}

bool ia64_fchkf(uint64_t fpsr, unsigned sf) {
    uint64_t flags = fpsr >> (13 + 13 * sf) & 0x3f;
    uint64_t main_flags = fpsr >> 13 & 0x3f;

    return (flags & ~fpsr) || (flags & ~main_flags);
}

/* ---- operands that are no numbers ---- */

bool fp_special(const struct ia64_fr *operands, int count, struct ia64_fr *result,
                struct ia64_fp_env *env) {
    unsigned seen = 0;
    const struct ia64_fr *nan = NULL;

    for (int i = 0; i < count; i++) {
        enum fp_class c = fp_classify(operands[i]);
        seen |= 1u << c;
        if (fp_is_nan(c) && !nan) nan = &operands[i];
    }
    if (seen & 1u << NATVAL) {
        *result = IA64_FR_NATVAL;
    } else if (seen & 1u << UNSUPPORTED) {
        *result = fp_invalid(env);
    } else if (nan) {
        if (seen & 1u << SNAN) fp_raise(env, IA64_FP_V);
        *result = *nan;
        result->sig |= QUIET_BIT;
    } else {
        return false;
    }
    return true;
}

/* ---- rounding ---- */

enum { TRAP_FP = 1, TRAP_O = 1 << 11, TRAP_U = 1 << 12, TRAP_I = 1 << 13, TRAP_FPA = 1 << 14 };

static uint16_t inexact_code(bool up) {
    return TRAP_FP | TRAP_I | (up ? TRAP_FPA : 0);
}

void fp_inexact(struct ia64_fp_env *env, bool up) {
    env->flags |= IA64_FP_I;
    if (env->enabled & IA64_FP_I) env->trap |= inexact_code(up);
}

static int smallest_exp(const struct ia64_fp_env *env) {
    return (int)IA64_FR_BIAS - (1 << (env->range - 1)) + 2;
}

static int largest_exp(const struct ia64_fp_env *env) {
    return (int)IA64_FR_BIAS + (1 << (env->range - 1)) - 1;
}

/* An enabled overflow or underflow delivers the rounded value with its exponent wrapped to the
 * register's 17 bits, or to the 8 of a single in a parallel operation. */
static struct ia64_fr trap_wrapped(bool sign, int exp, uint64_t sig, unsigned flag,
                                   struct fp_rounded how, struct ia64_fp_env *env) {
    uint32_t offset = env->parallel ? (uint32_t)smallest_exp(env) - 1 : 0;
    uint32_t mask = env->parallel ? 0xff : IA64_FR_MAX_EXP;

    env->flags |= flag;
    env->trap |= TRAP_FP | (flag == IA64_FP_O ? TRAP_O : TRAP_U);
    if (how.inexact) {
        env->flags |= IA64_FP_I;
        env->trap |= inexact_code(how.up);
    }
    return (struct ia64_fr){sig, (((uint32_t)exp - offset) & mask) + offset, sign};
}

static struct ia64_fr overflow(bool sign, struct ia64_fp_env *env) {
    static const bool to_infinity[4][2] = {
        {true, true}, {false, true}, {true, false}, {false, false}};
    bool infinite = to_infinity[env->rounding][sign];

    env->flags |= IA64_FP_O;
    fp_inexact(env, infinite);
    if (infinite) return fp_infinity(sign);
    return (struct ia64_fr){-(UINT64_C(1) << (64 - env->precision)), (uint32_t)largest_exp(env),
                            sign};
}

/* The disabled response to tininess: flush to zero, or round again at the smallest exponent. */
static struct ia64_fr underflow(bool sign, int exp, u128 sig, struct ia64_fp_env *env) {
    int least = smallest_exp(env);

    if (env->ftz) {
        env->flags |= IA64_FP_U;
        fp_inexact(env, false);
        return fp_zero(sign);
    }
    struct fp_rounded how = fp_round(fp_shift_sticky(sig, (unsigned)(least - exp)), env->precision,
                                     sign, env->rounding);
    if (how.inexact) {
        env->flags |= IA64_FP_U;
        fp_inexact(env, how.up);
    }
    if (how.sig == 0) return fp_zero(sign);
    /* Denormals of the double-extended format have the encoded exponent 0. */
    bool encoded_zero = least == EXT_DENORM_EXP && !(how.sig & INTEGER_BIT);
    return (struct ia64_fr){how.sig, encoded_zero ? 0 : (uint32_t)least, sign};
}

struct ia64_fr fp_pack(bool sign, int exp, u128 sig, struct ia64_fp_env *env) {
    struct fp_rounded how = fp_round(sig, env->precision, sign, env->rounding);
    uint64_t rounded = how.carry ? INTEGER_BIT : how.sig;
    int rounded_exp = exp + how.carry;

    if (rounded_exp > largest_exp(env)) {
        if (env->enabled & IA64_FP_O)
            return trap_wrapped(sign, rounded_exp, rounded, IA64_FP_O, how, env);
        return overflow(sign, env);
    }
    if (rounded_exp < smallest_exp(env)) {
        if (env->enabled & IA64_FP_U)
            return trap_wrapped(sign, rounded_exp, rounded, IA64_FP_U, how, env);
        return underflow(sign, exp, sig, env);
    }
    if (how.inexact) fp_inexact(env, how.up);
    return (struct ia64_fr){rounded, (uint32_t)rounded_exp, sign};
}

/* ---- multiply-add ---- */

static unsigned leading_zeros(u128 a) {
    uint64_t high = (uint64_t)(a >> 64);
    return high ? (unsigned)__builtin_clzll(high) : 64 + (unsigned)__builtin_clzll((uint64_t)a);
}

/* A sum that is exactly zero, or of two zeros. */
static struct ia64_fr zero_sum(bool sign1, bool sign2, const struct ia64_fp_env *env) {
    return fp_zero(sign1 == sign2 ? sign1 : env->rounding == IA64_RC_DOWN);
}

/* A term of a sum: sig has its integer bit in bit 127. */
struct term {
    u128 sig;
    int exp;
    bool sign;
};

/* Sums are exact to the last of 128 bits, below which bits are only remembered as `lost`. That is
 * enough for any rounding: where bits were lost, the sum has more than 64 bits. */
static struct ia64_fr add_magnitudes(struct term big, u128 small, bool lost,
                                     struct ia64_fp_env *env) {
    u128 sum = big.sig + small;

    if (sum < small) return fp_pack(big.sign, big.exp + 1, sum >> 1 | (sum & 1) | lost | TOP, env);
    return fp_pack(big.sign, big.exp, sum | lost, env);
}

static struct ia64_fr subtract_magnitudes(struct term big, u128 small, bool lost,
                                          struct ia64_fp_env *env) {
    u128 difference = big.sig - small - lost;
    unsigned shift = leading_zeros(difference);

    return fp_pack(big.sign, big.exp - (int)shift, difference << shift | lost, env);
}

static struct ia64_fr add(struct term big, struct term small, struct ia64_fp_env *env) {
    if (big.exp < small.exp || (big.exp == small.exp && big.sig < small.sig)) {
        struct term swapped = big;
        big = small;
        small = swapped;
    }
    unsigned distance = (unsigned)(big.exp - small.exp);
    u128 shifted = distance < 128 ? small.sig >> distance : 0;
    bool lost = distance && (distance > 127 || small.sig << (128 - distance));

    if (big.sign == small.sign) return add_magnitudes(big, shifted, lost, env);
    if (distance == 0 && big.sig == small.sig) return zero_sum(big.sign, small.sign, env);
    if (distance == 1 && lost && !((big.sig - shifted) >> 126)) {
        /* Much cancels, so that the lost bit counts: twice the difference fits. */
        big.sig <<= 1;
        big.exp--;
        return subtract_magnitudes(big, small.sig, false, env);
    }
    return subtract_magnitudes(big, shifted, lost, env);
}

static struct ia64_fr add_product(bool sign, struct fp_number a, struct fp_number b,
                                  struct fp_number c, struct ia64_fp_env *env) {
    struct term product = {(u128)a.sig * b.sig, a.exp + b.exp - (int)IA64_FR_BIAS + 1, sign};

    if (!(product.sig & TOP)) {
        product.sig <<= 1;
        product.exp--;
    }
    if (!c.sig) return fp_pack(sign, product.exp, product.sig, env);
    return add(product, (struct term){(u128)c.sig << 64, c.exp, c.sign}, env);
}

/* At least one operand is infinite, none is a NaN. */
static struct ia64_fr infinite_fma(bool sign, bool addend_sign, enum fp_class ca, enum fp_class cb,
                                   enum fp_class cc, struct ia64_fp_env *env) {
    bool product_infinite = ca == INFINITE || cb == INFINITE;

    /* A pseudo-zero times infinity is an infinity, a zero times infinity is invalid. */
    if (product_infinite && (ca == ZERO || cb == ZERO || (cc == INFINITE && sign != addend_sign)))
        return fp_invalid(env);
    if (ca == UNNORMAL || cb == UNNORMAL || cc == UNNORMAL) fp_raise(env, IA64_FP_D);
    return fp_infinity(product_infinite ? sign : addend_sign);
}

/* Operands that are not all normal or zero: true when *result is the result (or a fault was
 * raised), false when all are finite after all. */
static bool unusual_fma(const struct ia64_fr operands[3], bool sign, bool addend_sign,
                        struct ia64_fr *result, struct ia64_fp_env *env) {
    enum fp_class cb = fp_classify(operands[0]), cc = fp_classify(operands[1]),
                  ca = fp_classify(operands[2]);

    if (fp_special(operands, 3, result, env)) return true;
    if (ca == INFINITE || cb == INFINITE || cc == INFINITE) {
        *result = infinite_fma(sign, addend_sign, ca, cb, cc, env);
        return true;
    }
    return fp_raise(env, IA64_FP_D);
}

struct ia64_fr ia64_fma(struct ia64_fr a, struct ia64_fr b, struct ia64_fr c, unsigned kind,
                        struct ia64_fp_env *env) {
    bool sign = a.sign ^ b.sign ^ !!(kind & IA64_FNMA);
    /* A sign is never changed in the register: a pseudo-zero could become NaTVal. */
    bool addend_sign = c.sign ^ !!(kind & IA64_FMS);
    struct ia64_fr r = IA64_FR_ZERO;

    if (!fp_is_usual(a) || !fp_is_usual(b) || !fp_is_usual(c))
        if (unusual_fma((struct ia64_fr[]){b, c, a}, sign, addend_sign, &r, env)) return r;

    struct fp_number x = fp_number(a), y = fp_number(b), z = fp_number(c);
    z.sign = addend_sign;
    if (x.sig && y.sig) return add_product(sign, x, y, z, env);
    if (z.sig) return fp_pack(z.sign, z.exp, (u128)z.sig << 64, env);
    return kind & IA64_FMPY ? fp_zero(sign) : zero_sum(sign, z.sign, env);
}

/* ---- integer multiply-add in the significands ---- */

static bool any_nat(struct ia64_fr a, struct ia64_fr b, struct ia64_fr c) {
    return ia64_fr_is_nat(a) || ia64_fr_is_nat(b) || ia64_fr_is_nat(c);
}

struct ia64_fr ia64_xma_l(struct ia64_fr a, struct ia64_fr b, struct ia64_fr c) {
    return any_nat(a, b, c) ? IA64_FR_NATVAL : ia64_fr_integer(a.sig * b.sig + c.sig);
}

struct ia64_fr ia64_xma_h(struct ia64_fr a, struct ia64_fr b, struct ia64_fr c) {
    if (any_nat(a, b, c)) return IA64_FR_NATVAL;
    /* The addend is unsigned in the manual's definition, also where the factors are signed. */
    u128 product = (u128)((__int128)(int64_t)a.sig * (int64_t)b.sig);
    return ia64_fr_integer((uint64_t)((product + c.sig) >> 64));
}

struct ia64_fr ia64_xma_hu(struct ia64_fr a, struct ia64_fr b, struct ia64_fr c) {
    if (any_nat(a, b, c)) return IA64_FR_NATVAL;
    return ia64_fr_integer((uint64_t)(((u128)a.sig * b.sig + c.sig) >> 64));
}
