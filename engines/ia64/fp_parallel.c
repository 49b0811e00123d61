/*
 * Parallel floating point: an instruction on two singles is the scalar operation on each half, in
 * the environment of singles, with faults and traps reported separately for the two.
 */
#include "fp_internal.h"

/* The low half has its fault bits 4 above and its trap bits 4 below those of the high half, which
 * are where a scalar instruction has them. */
static struct ia64_fr join(uint32_t high, uint32_t low, const struct ia64_fp_env *low_env,
                           struct ia64_fp_env *env) {
    enum { TRAP_FP = 1, TRAP_BITS = 0x7800 };

    env->flags |= low_env->flags;
    env->fault |= low_env->fault << 4;
    env->trap |= (low_env->trap & TRAP_FP) | (low_env->trap & TRAP_BITS) >> 4;
    return ia64_fr_integer((uint64_t)high << 32 | low);
}

static struct ia64_fr high_single(struct ia64_fr a) {
    return ia64_fr_from_single(fp_high(a));
}

static struct ia64_fr low_single(struct ia64_fr a) {
    return ia64_fr_from_single(fp_low(a));
}

struct ia64_fr ia64_fpma(struct ia64_fr a, struct ia64_fr b, struct ia64_fr c, unsigned kind,
                         struct ia64_fp_env *env) {
    if (ia64_fr_is_nat(a) || ia64_fr_is_nat(b) || ia64_fr_is_nat(c)) return IA64_FR_NATVAL;
    struct ia64_fp_env low_env = *env;
    struct ia64_fr high = ia64_fma(high_single(a), high_single(b), high_single(c), kind, env);
    struct ia64_fr low = ia64_fma(low_single(a), low_single(b), low_single(c), kind, &low_env);
    return join(ia64_fr_to_single(high), ia64_fr_to_single(low), &low_env, env);
}

struct ia64_fr ia64_fpminmax(struct ia64_fr a, struct ia64_fr b, enum ia64_fminmax_kind kind,
                             struct ia64_fp_env *env) {
    if (ia64_fr_is_nat(a) || ia64_fr_is_nat(b)) return IA64_FR_NATVAL;
    struct ia64_fp_env low_env = *env;
    struct ia64_fr high = ia64_fminmax(high_single(a), high_single(b), kind, env);
    struct ia64_fr low = ia64_fminmax(low_single(a), low_single(b), kind, &low_env);
    return join(ia64_fr_to_single(high), ia64_fr_to_single(low), &low_env, env);
}

struct ia64_fr ia64_fpcmp(struct ia64_fr a, struct ia64_fr b, enum ia64_frel rel,
                          struct ia64_fp_env *env) {
    if (ia64_fr_is_nat(a) || ia64_fr_is_nat(b)) return IA64_FR_NATVAL;
    struct ia64_fp_env low_env = *env;
    bool high = ia64_fcmp(high_single(a), high_single(b), rel, env) == IA64_FP_TRUE;
    bool low = ia64_fcmp(low_single(a), low_single(b), rel, &low_env) == IA64_FP_TRUE;
    return join(high ? UINT32_MAX : 0, low ? UINT32_MAX : 0, &low_env, env);
}

struct ia64_fr ia64_fpcvt_fx(struct ia64_fr a, bool is_unsigned, bool trunc,
                             struct ia64_fp_env *env) {
    if (ia64_fr_is_nat(a)) return IA64_FR_NATVAL;
    struct ia64_fp_env low_env = *env;
    uint64_t high = fp_to_integer(high_single(a), 32, is_unsigned, trunc, env);
    uint64_t low = fp_to_integer(low_single(a), 32, is_unsigned, trunc, &low_env);
    return join((uint32_t)high, (uint32_t)low, &low_env, env);
}

struct ia64_fr ia64_fprcpa(struct ia64_fr a, struct ia64_fr b, bool *p2, struct ia64_fp_env *env) {
    bool p2_high, p2_low;

    *p2 = false;
    if (ia64_fr_is_nat(a) || ia64_fr_is_nat(b)) return IA64_FR_NATVAL;
    struct ia64_fp_env low_env = *env;
    struct ia64_fr high = fp_half_frcpa(high_single(a), high_single(b), &p2_high, env);
    struct ia64_fr low = fp_half_frcpa(low_single(a), low_single(b), &p2_low, &low_env);
    *p2 = p2_high && p2_low;
    return join(ia64_fr_to_single(high), ia64_fr_to_single(low), &low_env, env);
}

struct ia64_fr ia64_fprsqrta(struct ia64_fr a, bool *p2, struct ia64_fp_env *env) {
    bool p2_high, p2_low;

    *p2 = false;
    if (ia64_fr_is_nat(a)) return IA64_FR_NATVAL;
    struct ia64_fp_env low_env = *env;
    struct ia64_fr high = fp_half_frsqrta(high_single(a), &p2_high, env);
    struct ia64_fr low = fp_half_frsqrta(low_single(a), &p2_low, &low_env);
    *p2 = p2_high && p2_low;
    return join(ia64_fr_to_single(high), ia64_fr_to_single(low), &low_env, env);
}
