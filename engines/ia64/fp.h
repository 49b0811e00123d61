/*
 * IA-64 floating point as pure functions: 82-bit register values in, register values out.
 *
 * Nothing here knows a machine. What an operation needs from ar.fpsr (rounding, precision, range,
 * enabled traps) comes in through struct ia64_fp_env, and what it did to ar.fpsr or wants to raise
 * (flags, fault, trap, ISR.code) goes out through it. Chapter 5 of volume 1 of the manual.
 *
 *     struct ia64_fp_env env = ia64_fp_env(fpsr, sf, IA64_PC_DYNAMIC);
 *     struct ia64_fr r = ia64_fma(f3, f4, f2, IA64_FMA, &env);
 *     if (env.fault) raise the floating-point fault with ISR.code env.fault: r is void, fpsr stays
 *     fpsr = ia64_fp_flags(fpsr, sf, &env);       write r
 *     if (env.trap) raise the floating-point trap with ISR.code env.trap, after the instruction
 */
#ifndef IA64_FP_H
#define IA64_FP_H

#include <stdbool.h>
#include <stdint.h>

/* A floating-point register: 64-bit significand with explicit integer bit, 17-bit exponent biased
 * by 65535, sign. exp never exceeds 0x1ffff and sign is 0 or 1. */
struct ia64_fr {
    uint64_t sig;
    uint32_t exp;
    uint32_t sign; /* as wide as exp: no padding, so that copies are two words */
};

#define IA64_FR_BIAS    0xffffu
#define IA64_FR_INTEGER 0x1003eu /* exponent of an integer or a pair of singles */
#define IA64_FR_NAT_EXP 0x1fffeu
#define IA64_FR_MAX_EXP 0x1ffffu /* exponent of infinities and NaNs */

#define IA64_FR_ZERO    ((struct ia64_fr){0, 0, 0})
#define IA64_FR_ONE     ((struct ia64_fr){UINT64_C(1) << 63, IA64_FR_BIAS, 0})
#define IA64_FR_NATVAL  ((struct ia64_fr){0, IA64_FR_NAT_EXP, 0})

static inline bool ia64_fr_is_nat(struct ia64_fr a) {
    return a.exp == IA64_FR_NAT_EXP && a.sig == 0 && a.sign == 0;
}

static inline bool ia64_fr_equal(struct ia64_fr a, struct ia64_fr b) {
    return a.sig == b.sig && a.exp == b.exp && a.sign == b.sign;
}

/* A significand that is an integer (setf.sig, ldf8, fcvt.fx) or a pair of singles. */
static inline struct ia64_fr ia64_fr_integer(uint64_t sig) {
    return (struct ia64_fr){sig, IA64_FR_INTEGER, 0};
}

/* ar.fpsr: six trap-disable bits, then four status fields of 13 bits. */
#define IA64_FPSR_RESET 0x0009804c0270033full

/* The flags of a status field, in the order of its bits 7-12 and of the trap-disable bits 0-5. */
enum ia64_fp_flag {
    IA64_FP_V = 1,  /* invalid operation */
    IA64_FP_D = 2,  /* denormal or unnormal operand */
    IA64_FP_Z = 4,  /* division by zero */
    IA64_FP_O = 8,  /* overflow */
    IA64_FP_U = 16, /* underflow */
    IA64_FP_I = 32, /* inexact */
};

/* The precision completer of an instruction: none, .s, .d, or a parallel instruction. */
enum ia64_fp_pc { IA64_PC_DYNAMIC, IA64_PC_S, IA64_PC_D, IA64_PC_PARALLEL };

enum ia64_fp_rounding { IA64_RC_NEAREST, IA64_RC_DOWN, IA64_RC_UP, IA64_RC_ZERO };

struct ia64_fp_env {
    uint8_t rounding;  /* enum ia64_fp_rounding */
    uint8_t precision; /* bits of the significand: 24, 53 or 64 */
    uint8_t range;     /* bits of the exponent: 8, 11, 15 or 17 */
    bool ftz;          /* flush tiny results to zero */
    bool parallel;     /* half of a parallel operation */
    uint8_t enabled;   /* flags whose faults and traps are enabled */
    uint8_t flags;     /* out: flags raised, to be or-ed into the status field */
    uint16_t fault;    /* out: ISR.code of a fault, 0 for none */
    uint16_t trap;     /* out: ISR.code of a trap, 0 for none */
};

/* The controls of a status field. */
enum { IA64_SF_FTZ = 1, IA64_SF_WRE = 2, IA64_SF_TD = 0x40 };
#define IA64_SF_PC(controls) ((controls) >> 2 & 3)
#define IA64_SF_RC(controls) ((controls) >> 4 & 3)

static inline unsigned ia64_fp_controls(uint64_t fpsr, unsigned sf) {
    return fpsr >> (6 + 13 * sf) & 0x7f;
}

/* The environment of an instruction with completers .sf and pc; the outputs are clear. */
static inline struct ia64_fp_env ia64_fp_env(uint64_t fpsr, unsigned sf, enum ia64_fp_pc pc) {
    static const uint8_t dynamic_precision[4] = {24, 24, 53, 64}; /* by pc; 1 is reserved */
    static const uint8_t precision[] = {0, 24, 53, 24};
    static const uint8_t range[] = {15, 8, 11, 8};
    unsigned controls = ia64_fp_controls(fpsr, sf);
    bool widest = controls & IA64_SF_WRE && pc != IA64_PC_PARALLEL;

    struct ia64_fp_env env = {0};

    env.rounding = IA64_SF_RC(controls);
    env.precision = pc == IA64_PC_DYNAMIC ? dynamic_precision[IA64_SF_PC(controls)] : precision[pc];
    env.range = widest ? 17 : range[pc];
    env.ftz = controls & IA64_SF_FTZ;
    env.parallel = pc == IA64_PC_PARALLEL;
    env.enabled = controls & IA64_SF_TD && sf ? 0 : ~fpsr & 0x3f;
    return env;
}

/* ar.fpsr with the flags that an instruction raised. */
static inline uint64_t ia64_fp_flags(uint64_t fpsr, unsigned sf, const struct ia64_fp_env *env) {
    return fpsr | (uint64_t)env->flags << (13 + 13 * sf);
}

/* True when a value may not be written to ar.fpsr: reserved bits, reserved pc, td of sf0. */
bool ia64_fpsr_reserved(uint64_t value);

/* fsetc (false: Reserved Register/Field fault, *fpsr stays), fclrf, fchkf (true: branch). */
bool ia64_fsetc(uint64_t *fpsr, unsigned sf, unsigned amask7, unsigned omask7);
uint64_t ia64_fclrf(uint64_t fpsr, unsigned sf);
bool ia64_fchkf(uint64_t fpsr, unsigned sf);

/* ---- multiply-add: fma fms fnma (and fnorm, fadd, fsub, fmpy, which are forms of them) ---- */

/* The product is a * b, the addend c: fma f1 = f3, f4, f2 has a = f3, b = f4, c = f2. When f2 is
 * register f0 the instruction is a pure multiplication: add IA64_FMPY. */
enum ia64_fma_kind {
    IA64_FMA = 0,
    IA64_FNMA = 1, /* negate the product */
    IA64_FMS = 2,  /* negate the addend */
    IA64_FMPY = 4, /* no addend: keeps the sign of a zero product */
};

struct ia64_fr ia64_fma(struct ia64_fr a, struct ia64_fr b, struct ia64_fr c, unsigned kind,
                        struct ia64_fp_env *env);

/* xma.l, xma.h, xma.hu: integers in the significands, a * b + c. */
struct ia64_fr ia64_xma_l(struct ia64_fr a, struct ia64_fr b, struct ia64_fr c);
struct ia64_fr ia64_xma_h(struct ia64_fr a, struct ia64_fr b, struct ia64_fr c);
struct ia64_fr ia64_xma_hu(struct ia64_fr a, struct ia64_fr b, struct ia64_fr c);

/* ---- minimum, maximum, comparison, classification ---- */

/* fmin fmax famin famax: a = f2, b = f3. */
enum ia64_fminmax_kind { IA64_FMIN, IA64_FMAX, IA64_FAMIN, IA64_FAMAX };

struct ia64_fr ia64_fminmax(struct ia64_fr a, struct ia64_fr b, enum ia64_fminmax_kind kind,
                            struct ia64_fp_env *env);

/* fcmp.eq .lt .le .unord; the assembler makes the others of these by swapping. */
enum ia64_frel {
    IA64_FREL_EQ,
    IA64_FREL_LT,
    IA64_FREL_LE,
    IA64_FREL_UNORD,
    /* further relations of fpcmp only */
    IA64_FREL_NEQ,
    IA64_FREL_NLT,
    IA64_FREL_NLE,
    IA64_FREL_ORD,
};

/* What a comparison or classification says of its predicates p1 and p2. */
enum ia64_fp_test {
    IA64_FP_FALSE, /* p1 = 0, p2 = 1 */
    IA64_FP_TRUE,  /* p1 = 1, p2 = 0 */
    IA64_FP_NAT,   /* p1 = p2 = 0: an operand is NaTVal */
};

enum ia64_fp_test ia64_fcmp(struct ia64_fr a, struct ia64_fr b, enum ia64_frel rel,
                            struct ia64_fp_env *env);

/* fclass.m with the nine-bit class of the instruction:
 * 0x01 positive, 0x02 negative, 0x04 zero, 0x08 unnormal, 0x10 normal, 0x20 infinity,
 * 0x40 signalling NaN, 0x80 quiet NaN, 0x100 NaTVal. */
enum ia64_fp_test ia64_fclass(struct ia64_fr a, unsigned fclass9);

/* ---- reciprocal approximations ---- */

/* frcpa f1, p2 = f2, f3 with a = f2 (numerator), b = f3. *p2 is what the predicate becomes: true
 * when the result is an approximation of 1 / b to be refined, false when it is the quotient. */
struct ia64_fr ia64_frcpa(struct ia64_fr a, struct ia64_fr b, bool *p2, struct ia64_fp_env *env);
struct ia64_fr ia64_frsqrta(struct ia64_fr a, bool *p2, struct ia64_fp_env *env);

/* ---- conversions in registers ---- */

/* fcvt.fx[.trunc], fcvt.fxu[.trunc] to an integer; fcvt.xf from one (exact, no environment).
 * fcvt.xuf is fma f1 = f3, f1, f0. */
struct ia64_fr ia64_fcvt_fx(struct ia64_fr a, bool is_unsigned, bool trunc,
                            struct ia64_fp_env *env);
struct ia64_fr ia64_fcvt_xf(struct ia64_fr a);

/* ---- bits of registers; a NaTVal operand gives NaTVal ---- */

struct ia64_fr ia64_fmerge_s(struct ia64_fr a, struct ia64_fr b);
struct ia64_fr ia64_fmerge_ns(struct ia64_fr a, struct ia64_fr b);
struct ia64_fr ia64_fmerge_se(struct ia64_fr a, struct ia64_fr b);
struct ia64_fr ia64_fand(struct ia64_fr a, struct ia64_fr b);
struct ia64_fr ia64_fandcm(struct ia64_fr a, struct ia64_fr b);
struct ia64_fr ia64_for(struct ia64_fr a, struct ia64_fr b);
struct ia64_fr ia64_fxor(struct ia64_fr a, struct ia64_fr b);
/* fselect f1 = f3, f4, f2: a = f3 where mask f2 is 1, b = f4 where it is 0. */
struct ia64_fr ia64_fselect(struct ia64_fr a, struct ia64_fr b, struct ia64_fr mask);
struct ia64_fr ia64_fpack(struct ia64_fr a, struct ia64_fr b);
struct ia64_fr ia64_fmix_l(struct ia64_fr a, struct ia64_fr b);
struct ia64_fr ia64_fmix_r(struct ia64_fr a, struct ia64_fr b);
struct ia64_fr ia64_fmix_lr(struct ia64_fr a, struct ia64_fr b);
struct ia64_fr ia64_fswap(struct ia64_fr a, struct ia64_fr b);
struct ia64_fr ia64_fswap_nl(struct ia64_fr a, struct ia64_fr b);
struct ia64_fr ia64_fswap_nr(struct ia64_fr a, struct ia64_fr b);
struct ia64_fr ia64_fsxt_l(struct ia64_fr a, struct ia64_fr b);
struct ia64_fr ia64_fsxt_r(struct ia64_fr a, struct ia64_fr b);

/* ---- parallel: two singles in the significand, high and low ---- */

struct ia64_fr ia64_fpma(struct ia64_fr a, struct ia64_fr b, struct ia64_fr c, unsigned kind,
                         struct ia64_fp_env *env);
struct ia64_fr ia64_fpminmax(struct ia64_fr a, struct ia64_fr b, enum ia64_fminmax_kind kind,
                             struct ia64_fp_env *env);
struct ia64_fr ia64_fpcmp(struct ia64_fr a, struct ia64_fr b, enum ia64_frel rel,
                          struct ia64_fp_env *env);
struct ia64_fr ia64_fpcvt_fx(struct ia64_fr a, bool is_unsigned, bool trunc,
                             struct ia64_fp_env *env);
struct ia64_fr ia64_fprcpa(struct ia64_fr a, struct ia64_fr b, bool *p2, struct ia64_fp_env *env);
struct ia64_fr ia64_fprsqrta(struct ia64_fr a, bool *p2, struct ia64_fp_env *env);
struct ia64_fr ia64_fpmerge_s(struct ia64_fr a, struct ia64_fr b);
struct ia64_fr ia64_fpmerge_ns(struct ia64_fr a, struct ia64_fr b);
struct ia64_fr ia64_fpmerge_se(struct ia64_fr a, struct ia64_fr b);

/* ---- memory and general registers (no environment: these never fault on a value) ---- */

struct ia64_fr ia64_fr_from_single(uint32_t bits); /* ldfs, setf.s, each half of a ldfps */
struct ia64_fr ia64_fr_from_double(uint64_t bits); /* ldfd, setf.d */
struct ia64_fr ia64_fr_from_extended(uint64_t sig, uint16_t sign_exp); /* ldfe */
struct ia64_fr ia64_fr_from_spill(uint64_t low, uint64_t high);        /* ldf.fill */
uint32_t ia64_fr_to_single(struct ia64_fr a);                          /* stfs, getf.s */
uint64_t ia64_fr_to_double(struct ia64_fr a);                          /* stfd, getf.d */
uint16_t ia64_fr_to_extended(struct ia64_fr a); /* sign and exponent of stfe; the rest is a.sig */
uint64_t ia64_fr_to_spill(struct ia64_fr a);    /* high word of stf.spill; the low one is a.sig */

/* setf.exp: significand 1.0, sign from bit 17 and exponent from bits 0-16; getf.exp is
 * ia64_fr_to_spill. */
struct ia64_fr ia64_fr_from_exp(uint64_t bits);

#endif
