/*
 * What the fp*.c files share: the class of a register value, finite values as normalized numbers,
 * the raising of faults, and the two steps in which every inexact result is made (round, pack).
 */
#ifndef IA64_FP_INTERNAL_H
#define IA64_FP_INTERNAL_H

#include "fp.h"

typedef unsigned __int128 u128;

#define INTEGER_BIT    (UINT64_C(1) << 63)
#define TOP            ((u128)1 << 127)
#define QUIET_BIT      (UINT64_C(1) << 62)
#define EXT_DENORM_EXP 0xc001 /* the exponent that an encoded exponent of 0 stands for */
#define ISR_SWA        8      /* ISR.code of a software assistance fault; V, D, Z are as flags */

enum fp_class { NATVAL, UNSUPPORTED, SNAN, QNAN, INFINITE, ZERO, UNNORMAL, NORMAL };

static inline enum fp_class fp_classify(struct ia64_fr a) {
    if (a.exp == IA64_FR_MAX_EXP) {
        if (!(a.sig & INTEGER_BIT)) return UNSUPPORTED;
        if (a.sig == INTEGER_BIT) return INFINITE;
        return a.sig & QUIET_BIT ? QNAN : SNAN;
    }
    if (a.exp && a.sig & INTEGER_BIT) return NORMAL;
    if (a.sig) return UNNORMAL;
    if (a.exp == 0) return ZERO;
    return ia64_fr_is_nat(a) ? NATVAL : UNNORMAL; /* pseudo-zeros are unnormal */
}

/* Normal or zero, which is nearly every operand. */
static inline bool fp_is_usual(struct ia64_fr a) {
    if (a.sig & INTEGER_BIT) return a.exp - 1 < IA64_FR_MAX_EXP - 1;
    return !a.sig && !a.exp;
}

static inline bool fp_is_nan(enum fp_class c) {
    return c == SNAN || c == QNAN;
}

static inline bool fp_is_finite(enum fp_class c) {
    return c >= ZERO;
}

/* A finite value: sig is zero or has its integer bit, exp is biased and may be below 0. */
struct fp_number {
    uint64_t sig;
    int exp;
    bool sign;
};

static inline struct fp_number fp_number(struct ia64_fr a) {
    struct fp_number n = {a.sig, a.exp ? (int)a.exp : EXT_DENORM_EXP, a.sign};

    if (!(a.sig & INTEGER_BIT) && a.sig) {
        int shift = __builtin_clzll(a.sig);
        n.sig <<= shift;
        n.exp -= shift;
    }
    return n;
}

/* Raises V, D or Z: true means a fault, and the instruction has no result. */
static inline bool fp_raise(struct ia64_fp_env *env, unsigned flag) {
    env->flags |= flag;
    env->fault |= flag & env->enabled;
    return env->fault;
}

static inline struct ia64_fr fp_infinity(bool sign) {
    return (struct ia64_fr){INTEGER_BIT, IA64_FR_MAX_EXP, sign};
}

static inline struct ia64_fr fp_zero(bool sign) {
    return (struct ia64_fr){0, 0, sign};
}

/* The result of an invalid operation (void if that faults): the quiet NaN indefinite. */
static inline struct ia64_fr fp_invalid(struct ia64_fp_env *env) {
    fp_raise(env, IA64_FP_V);
    return (struct ia64_fr){INTEGER_BIT | QUIET_BIT, IA64_FR_MAX_EXP, 1};
}

/* Handles NaTVal, unsupported and NaN operands, given in the order in which NaNs prevail: true when
 * *result is the result (or a fault was raised). */
bool fp_special(const struct ia64_fr *operands, int count, struct ia64_fr *result,
                struct ia64_fp_env *env);

/* sig's upper 64 bits rounded to their first `precision` bits; the lower 64 say what is lost. */
struct fp_rounded {
    uint64_t sig;
    bool carry;   /* out of bit 63: sig is 0 and stands for 2^64 */
    bool inexact; /* sig differs from the exact value */
    bool up;      /* sig is larger than the exact value */
};

/* It rounds up when adding this to the lost bits carries out of them. */
static inline u128 fp_round_bias(uint64_t odd, bool sign, enum ia64_fp_rounding rc) {
    switch (rc) {
    case IA64_RC_NEAREST:
        return TOP - 1 + odd;
    case IA64_RC_DOWN:
        return sign ? ~(u128)0 : 0;
    case IA64_RC_UP:
        return sign ? 0 : ~(u128)0;
    default:
        return 0;
    }
}

static inline struct fp_rounded fp_round(u128 sig, unsigned precision, bool sign,
                                         enum ia64_fp_rounding rc) {
    unsigned dropped = 64 - precision;
    uint64_t kept = (uint64_t)(sig >> 64) >> dropped;
    u128 lost = sig << precision;
    bool up = lost + fp_round_bias(kept & 1, sign, rc) < lost;
    uint64_t rounded = (kept + up) << dropped;

    return (struct fp_rounded){rounded, up && !rounded, lost != 0, up};
}

/* sig shifted right, with everything lost or-ed into its lowest bit. */
static inline u128 fp_shift_sticky(u128 sig, unsigned count) {
    if (count == 0) return sig;
    if (count > 127) return sig != 0;
    return sig >> count | (sig << (128 - count) != 0);
}

/* Notes an inexact result: the I flag, and the I trap if that is enabled. */
void fp_inexact(struct ia64_fp_env *env, bool up);

/* Rounds the value 1.sig * 2^exp (integer bit in bit 127, exp biased, unbounded) to the precision
 * and range of the environment, with the flags and traps that this causes. */
struct ia64_fr fp_pack(bool sign, int exp, u128 sig, struct ia64_fp_env *env);

/* Rounds to an integer of `width` bits; what does not fit is invalid and gives the indefinite. */
uint64_t fp_to_integer(struct ia64_fr a, unsigned width, bool is_unsigned, bool trunc,
                       struct ia64_fp_env *env);

/* frcpa and frsqrta as half of a parallel instruction does them. */
struct ia64_fr fp_half_frcpa(struct ia64_fr a, struct ia64_fr b, bool *p2, struct ia64_fp_env *env);
struct ia64_fr fp_half_frsqrta(struct ia64_fr a, bool *p2, struct ia64_fp_env *env);

/* Both halves of a parallel operation. */
static inline uint32_t fp_high(struct ia64_fr a) {
    return (uint32_t)(a.sig >> 32);
}

static inline uint32_t fp_low(struct ia64_fr a) {
    return (uint32_t)a.sig;
}

#endif
