/*
 * Floating-point conversions to and from integers, and the reciprocal approximations.
 */
#include "fp_internal.h"

/* ---- conversion ---- */

/* Rounds to an integer of `width` bits in the two's complement or unsigned; what does not fit is
 * invalid and gives the integer indefinite, of which only the top bit is set. */
uint64_t fp_to_integer(struct ia64_fr a, unsigned width, bool is_unsigned, bool trunc,
                       struct ia64_fp_env *env) {
    uint64_t indefinite = UINT64_C(1) << (width - 1);
    enum fp_class c = fp_classify(a);
    struct fp_number n = fp_number(a);
    int integer_exp = IA64_FR_INTEGER;

    if (!fp_is_finite(c) || (n.sig && n.exp > integer_exp)) {
        fp_raise(env, IA64_FP_V);
        return indefinite;
    }
    unsigned shift = n.sig ? (unsigned)(integer_exp - n.exp) : 0;
    struct fp_rounded how = fp_round(fp_shift_sticky((u128)n.sig << 64, shift), 64, n.sign,
                                     trunc ? IA64_RC_ZERO : (enum ia64_fp_rounding)env->rounding);
    uint64_t largest =
        is_unsigned ? (n.sign ? 0 : UINT64_MAX >> (64 - width)) : indefinite - 1 + n.sign;
    if (how.sig > largest) {
        fp_raise(env, IA64_FP_V);
        return indefinite;
    }
    if (c == UNNORMAL && fp_raise(env, IA64_FP_D)) return 0;
    if (how.inexact) fp_inexact(env, how.up);
    return n.sign ? -how.sig : how.sig;
}

struct ia64_fr ia64_fcvt_fx(struct ia64_fr a, bool is_unsigned, bool trunc,
                            struct ia64_fp_env *env) {
    if (ia64_fr_is_nat(a)) return IA64_FR_NATVAL;
    return ia64_fr_integer(fp_to_integer(a, 64, is_unsigned, trunc, env));
}

struct ia64_fr ia64_fcvt_xf(struct ia64_fr a) {
    if (ia64_fr_is_nat(a)) return IA64_FR_NATVAL;
    bool sign = a.sig & INTEGER_BIT;
    struct fp_number n = fp_number(ia64_fr_integer(sign ? -a.sig : a.sig));
    return n.sig ? (struct ia64_fr){n.sig, (uint32_t)n.exp, sign} : fp_zero(0);
}

/* ---- reciprocal approximations ---- */

/* The tables of the manual (frcpa, frsqrta) have entries of 11 bits, leading 1 included, that are
 * the reciprocal of the middle of the interval that the index names, rounded to nearest. */

/* index: the 8 bits after the integer bit. 2048 / (1 + (index + 1/2) / 256). */
static uint64_t reciprocal_entry(unsigned index) {
    unsigned middle = 513 + 2 * index;
    return (2048 * 512 + middle / 2) / middle;
}

/* index: low exponent bit, then the 7 bits after the integer bit. 2048 / sqrt(m) for the middle m
 * of the interval in [1, 2) or, with an odd unbiased exponent, in [2, 4): the largest r for which
 * (r - 1/2)^2 m <= 2048^2. */
static uint64_t reciprocal_sqrt_entry(unsigned index) {
    uint64_t middle = (257 + 2 * (index & 0x7f)) << (index < 0x80);
    unsigned r = 0;

    for (unsigned bit = 1 << 10; bit; bit >>= 1) {
        uint64_t odd = 2 * (r | bit) - 1;
        if (odd * odd * middle <= UINT64_C(1) << 32) r |= bit;
    }
    return r;
}

static struct ia64_fr reciprocal(struct fp_number a) {
    uint64_t entry = reciprocal_entry(a.sig >> 55 & 0xff);
    return (struct ia64_fr){entry << 53, (uint32_t)(2 * (int)IA64_FR_BIAS - 1 - a.exp), a.sign};
}

static struct ia64_fr reciprocal_sqrt(struct fp_number a) {
    uint64_t entry = reciprocal_sqrt_entry((a.exp & 1u) << 7 | (a.sig >> 56 & 0x7f));
    int half = (a.exp - (int)IA64_FR_BIAS) >> 1;
    return (struct ia64_fr){entry << 53, (uint32_t)((int)IA64_FR_BIAS - 1 - half), 0};
}

/* Quotients with a zero or an infinity, and what they raise: true when *result is one. */
static bool special_quotient(struct ia64_fr a, struct ia64_fr b, struct ia64_fr *result,
                             struct ia64_fp_env *env) {
    enum fp_class ca = fp_classify(a), cb = fp_classify(b);
    bool sign = a.sign ^ b.sign;
    bool a_zero = fp_is_finite(ca) && !a.sig, b_zero = fp_is_finite(cb) && !b.sig;

    if ((ca == INFINITE && cb == INFINITE) || (a_zero && b_zero)) {
        *result = fp_invalid(env);
    } else if (b_zero && ca != INFINITE) {
        fp_raise(env, IA64_FP_Z);
        *result = fp_infinity(sign);
    } else if (ca == INFINITE) {
        if (cb == UNNORMAL) fp_raise(env, IA64_FP_D);
        *result = fp_infinity(sign);
    } else if (a_zero || cb == INFINITE) {
        if (ca == UNNORMAL || cb == UNNORMAL) fp_raise(env, IA64_FP_D);
        *result = fp_zero(sign);
    } else {
        return false;
    }
    return true;
}

/* Exponents with which the iteration that follows frcpa could leave the register's range. The
 * limits are those of Ski; the instruction's page gives the reason only. */
static bool frcpa_needs_assistance(int a, int b) {
    int least = 1, largest = 2 * (int)IA64_FR_BIAS, bias = IA64_FR_BIAS; /* biased */

    return b < least || b >= largest - 2 || a - b <= least - bias + 1 || a - b >= largest - bias ||
           a <= least + 63;
}

struct ia64_fr ia64_frcpa(struct ia64_fr a, struct ia64_fr b, bool *p2, struct ia64_fp_env *env) {
    struct ia64_fr r;

    *p2 = false;
    if (fp_special((struct ia64_fr[]){a, b}, 2, &r, env)) return r;
    if (special_quotient(a, b, &r, env)) return r;

    struct fp_number x = fp_number(a), y = fp_number(b);
    if (frcpa_needs_assistance(x.exp, y.exp)) {
        env->fault = ISR_SWA;
        return IA64_FR_ZERO;
    }
    if (fp_classify(a) == UNNORMAL || fp_classify(b) == UNNORMAL) fp_raise(env, IA64_FP_D);
    *p2 = true;
    return reciprocal(y);
}

/* The invalid and infinite operands of a square root: true when *result is its result. */
static bool special_root(struct ia64_fr a, struct ia64_fr *result, struct ia64_fp_env *env) {
    if (fp_special(&a, 1, result, env)) return true;
    bool zero = fp_is_finite(fp_classify(a)) && !a.sig;
    if (!a.sign || zero) return false;
    *result = fp_invalid(env);
    return true;
}

struct ia64_fr ia64_frsqrta(struct ia64_fr a, bool *p2, struct ia64_fp_env *env) {
    struct ia64_fr r;

    *p2 = false;
    if (special_root(a, &r, env)) return r;
    enum fp_class c = fp_classify(a);
    if (c == INFINITE) return a;

    struct fp_number n = fp_number(a);
    if (n.sig && n.exp <= 64) {
        env->fault = ISR_SWA;
        return IA64_FR_ZERO;
    }
    if (c == UNNORMAL) fp_raise(env, IA64_FP_D);
    if (!n.sig) return fp_zero(a.sign);
    *p2 = true;
    return reciprocal_sqrt(n);
}

/* ---- one half of the parallel approximations ---- */

enum { SINGLE_LEAST = 0xffff - 126, SINGLE_LARGEST = 0xffff + 127, SINGLE_BITS = 24 };

struct ia64_fr fp_half_frcpa(struct ia64_fr a, struct ia64_fr b, bool *p2,
                             struct ia64_fp_env *env) {
    struct ia64_fr r;

    *p2 = false;
    if (fp_special((struct ia64_fr[]){a, b}, 2, &r, env)) return r;
    if (special_quotient(a, b, &r, env)) return r;
    if (fp_classify(a) == UNNORMAL || fp_classify(b) == UNNORMAL) fp_raise(env, IA64_FP_D);

    struct fp_number x = fp_number(a), y = fp_number(b);
    if (y.exp < SINGLE_LEAST) return fp_infinity(y.sign);
    if (y.exp >= SINGLE_LARGEST - 2) return fp_zero(y.sign);
    /* No assistance here: where the iteration could leave the range of singles, p2 is cleared. */
    int distance = x.exp - y.exp;
    *p2 = distance < 127 && distance > -125 && x.exp > SINGLE_LEAST + SINGLE_BITS - 1;
    return reciprocal(y);
}

struct ia64_fr fp_half_frsqrta(struct ia64_fr a, bool *p2, struct ia64_fp_env *env) {
    struct ia64_fr r;

    *p2 = false;
    if (special_root(a, &r, env)) return r;
    enum fp_class c = fp_classify(a);
    if (c == INFINITE) return fp_zero(0);
    if (c == ZERO) return fp_infinity(a.sign);
    if (c == UNNORMAL) fp_raise(env, IA64_FP_D);

    struct fp_number n = fp_number(a);
    *p2 = n.exp > SINGLE_LEAST + SINGLE_BITS - 1;
    return reciprocal_sqrt(n);
}
