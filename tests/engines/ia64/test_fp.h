/*
 * Values and environments that the tests of fp.h share.
 */
#ifndef TEST_FP_H
#define TEST_FP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fp.h"

#define BIT63  (UINT64_C(1) << 63)
#define MASKED 0x3f /* all traps disabled, pc and rc 0 */

/* ar.fpsr with all four status fields alike. */
static inline uint64_t fpsr_with(unsigned traps, unsigned controls) {
    uint64_t fpsr = traps;
    for (unsigned sf = 0; sf < 4; sf++)
        fpsr |= (uint64_t)controls << (6 + 13 * sf);
    return fpsr;
}

enum {
    FTZ = 1,
    WRE = 2,
    PC_DOUBLE = 2 << 2,
    PC_EXTENDED = 3 << 2,
    DOWN = 1 << 4,
    UP = 2 << 4,
    CHOP = 3 << 4
};

static inline struct ia64_fp_env env_with(unsigned traps, unsigned controls, enum ia64_fp_pc pc) {
    return ia64_fp_env(fpsr_with(traps, controls), 0, pc);
}

static inline struct ia64_fp_env extended(void) {
    return env_with(MASKED, PC_EXTENDED, IA64_PC_DYNAMIC);
}

/* 1.fraction * 2^exponent, fraction being the 63 bits after the point. */
static inline struct ia64_fr number(int exponent, uint64_t fraction) {
    return (struct ia64_fr){BIT63 | fraction, (uint32_t)(0xffff + exponent), 0};
}

static inline struct ia64_fr negative(struct ia64_fr a) {
    a.sign ^= 1;
    return a;
}

static const struct ia64_fr infinity = {BIT63, 0x1ffff, 0};
static const struct ia64_fr indefinite = {UINT64_C(0xc000000000000000), 0x1ffff, 1};
static const struct ia64_fr unsupported = {1, 0x1ffff, 0};
static const struct ia64_fr pseudo_zero = {0, 0x10000, 0};

static inline struct ia64_fr quiet_nan(uint64_t payload) {
    return (struct ia64_fr){UINT64_C(0xc000000000000000) | payload, 0x1ffff, 0};
}

static inline struct ia64_fr signalling_nan(uint64_t payload) {
    return (struct ia64_fr){BIT63 | payload, 0x1ffff, 0};
}

static inline void assert_fr(struct ia64_fr got, struct ia64_fr want) {
    assert_int_equal(got.sign, want.sign);
    assert_int_equal(got.exp, want.exp);
    assert_int_equal(got.sig, want.sig);
}

static inline void assert_outcome(const struct ia64_fp_env *env, unsigned flags, unsigned fault,
                                  unsigned trap) {
    assert_int_equal(env->fault, fault);
    if (!fault) assert_int_equal(env->flags, flags);
    assert_int_equal(env->trap, trap);
}

#endif
