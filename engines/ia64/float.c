/* float.c - floating-point instructions (formats F, and M18, M19: setf, getf): what fp.h computes,
 * between the registers of a machine and the faults and traps that it raises (volume 3, chapter 2).
 */
#include "machine.h"

/* What executing one came to: 0 is success, else a kind and an ISR.code. The work is done in
 * functions of their own because a handler that has the address of a local taken cannot end in a
 * tail call. */
enum {
    EVENT_CODE = 0xffff,
    EVENT_ILLEGAL = 1 << 16,
    EVENT_DISABLED = 1 << 17,
    EVENT_FAULT = 1 << 18,
    EVENT_TRAP = 1 << 19, /* the instruction is complete */
};

static const struct slot *raise_event(struct ia64 *m, const struct slot *s, const struct table *tab,
                                      uint32_t event) {
    const uint32_t code = event & EVENT_CODE;

    if (event & EVENT_ILLEGAL) return ia64_illegal(m, s, tab);
    if (event & EVENT_DISABLED) return ia64_raise(m, s, V_DISABLED_FP, code);
    if (event & EVENT_FAULT) return ia64_raise(m, s, V_FP_FAULT, code);
    return ia64_trap(m, s, s + 1, V_FP_TRAP, code);
}

/* The registers that an instruction names. */
enum { F1 = 1, F2 = 2, F3 = 4, F4 = 8 };

static uint32_t disabled_bit(const struct ia64 *m, unsigned f) {
    return fr_disabled(m, f) ? (f < 32 ? 1 : 2) : 0;
}

static __attribute__((noinline)) uint32_t check_disabled(const struct ia64 *m, const struct slot *s,
                                                         unsigned named) {
    const uint32_t code =
        (named & F1 ? disabled_bit(m, s->r1) : 0) | (named & F2 ? disabled_bit(m, s->r2) : 0) |
        (named & F3 ? disabled_bit(m, s->r3) : 0) | (named & F4 ? disabled_bit(m, s->r4) : 0);
    return code ? EVENT_DISABLED | code : 0;
}

static inline uint32_t check_registers(const struct ia64 *m, const struct slot *s, unsigned named) {
    if (named & F1 && unlikely(s->r1 < 2)) return EVENT_ILLEGAL;
    if (likely(!(m->psr & (PSR_DFL | PSR_DFH)))) return 0;
    return check_disabled(m, s, named);
}

/* The flags of a completed instruction go to its status field. */
static inline uint32_t complete(struct ia64 *m, const struct slot *s,
                                const struct ia64_fp_env *env) {
    m->ar[AR_FPSR] = ia64_fp_flags(m->ar[AR_FPSR], s->x, env);
    return env->trap ? EVENT_TRAP | env->trap : 0;
}

/* A handler whose work is done by static uint32_t run_NAME(m, s), written after the macro. */
#define HANDLER_RUN(name)                                                                          \
    static __attribute__((noinline)) uint32_t run_##name(struct ia64 *m, const struct slot *s);    \
    HANDLER(name) {                                                                                \
        const uint32_t event = run_##name(m, s);                                                   \
        if (unlikely(event)) return raise_event(m, s, tab, event);                                 \
        NEXT;                                                                                      \
    }                                                                                              \
    static uint32_t run_##name(struct ia64 *m, const struct slot *s)

/* ---- results in a floating-point register ---- */

#define A2 fr_get(m, s->r2)
#define A3 fr_get(m, s->r3)
#define A4 fr_get(m, s->r4)

/* f1 = an expression that needs the environment, &env. */
#define ARITHMETIC(name, named, pc, expression)                                                    \
    HANDLER_RUN(name) {                                                                            \
        const uint32_t refused = check_registers(m, s, F1 | (named));                              \
        if (unlikely(refused)) return refused;                                                     \
        struct ia64_fp_env env = ia64_fp_env(m->ar[AR_FPSR], s->x, pc);                            \
        const struct ia64_fr result = expression;                                                  \
        if (unlikely(env.fault)) return EVENT_FAULT | env.fault;                                   \
        fr_set(m, s->r1, result);                                                                  \
        return complete(m, s, &env);                                                               \
    }

/* f1 = an expression that raises nothing. */
#define PLAIN(name, named, expression)                                                             \
    HANDLER_RUN(name) {                                                                            \
        const uint32_t refused = check_registers(m, s, F1 | (named));                              \
        if (unlikely(refused)) return refused;                                                     \
        fr_set(m, s->r1, expression);                                                              \
        return 0;                                                                                  \
    }

/* Multiply-add of f3, f4 and f2; with f0 as f2 it is a multiplication. */
#define KIND(kind) ((kind) | (s->r2 == 0 ? IA64_FMPY : 0))
#define FMA_FORMS(name, kind)                                                                      \
    ARITHMETIC(F##name##_F1, F2 | F3 | F4, IA64_PC_DYNAMIC,                                        \
               ia64_fma(A3, A4, A2, KIND(kind), &env))                                             \
    ARITHMETIC(F##name##_S_F1, F2 | F3 | F4, IA64_PC_S, ia64_fma(A3, A4, A2, KIND(kind), &env))    \
    ARITHMETIC(F##name##_D_F1, F2 | F3 | F4, IA64_PC_D, ia64_fma(A3, A4, A2, KIND(kind), &env))    \
    ARITHMETIC(FP##name##_F1, F2 | F3 | F4, IA64_PC_PARALLEL,                                      \
               ia64_fpma(A3, A4, A2, KIND(kind), &env))
FMA_FORMS(MA, IA64_FMA)
FMA_FORMS(MS, IA64_FMS)
FMA_FORMS(NMA, IA64_FNMA)

#define MINMAX(name, kind)                                                                         \
    ARITHMETIC(F##name##_F8, F2 | F3, IA64_PC_DYNAMIC, ia64_fminmax(A2, A3, kind, &env))           \
    ARITHMETIC(FP##name##_F8, F2 | F3, IA64_PC_PARALLEL, ia64_fpminmax(A2, A3, kind, &env))
MINMAX(MIN, IA64_FMIN)
MINMAX(MAX, IA64_FMAX)
MINMAX(AMIN, IA64_FAMIN)
MINMAX(AMAX, IA64_FAMAX)

#define FPCMP(name)                                                                                \
    ARITHMETIC(FPCMP_##name##_F8, F2 | F3, IA64_PC_PARALLEL,                                       \
               ia64_fpcmp(A2, A3, IA64_FREL_##name, &env))
FPCMP(EQ)
FPCMP(LT)
FPCMP(LE)
FPCMP(UNORD)
FPCMP(NEQ)
FPCMP(NLT)
FPCMP(NLE)
FPCMP(ORD)

#define CONVERT(name, is_unsigned, trunc)                                                          \
    ARITHMETIC(FCVT_##name##_F10, F2, IA64_PC_DYNAMIC, ia64_fcvt_fx(A2, is_unsigned, trunc, &env)) \
    ARITHMETIC(FPCVT_##name##_F10, F2, IA64_PC_PARALLEL,                                           \
               ia64_fpcvt_fx(A2, is_unsigned, trunc, &env))
CONVERT(FX, false, false)
CONVERT(FXU, true, false)
CONVERT(FX_TRUNC, false, true)
CONVERT(FXU_TRUNC, true, true)
PLAIN(FCVT_XF_F11, F2, ia64_fcvt_xf(A2))

PLAIN(XMA_L_F2, F2 | F3 | F4, ia64_xma_l(A3, A4, A2))
PLAIN(XMA_H_F2, F2 | F3 | F4, ia64_xma_h(A3, A4, A2))
PLAIN(XMA_HU_F2, F2 | F3 | F4, ia64_xma_hu(A3, A4, A2))
PLAIN(FSELECT_F3, F2 | F3 | F4, ia64_fselect(A3, A4, A2))

#define BITS(name, function) PLAIN(name##_F9, F2 | F3, ia64_##function(A2, A3))
BITS(FMERGE_S, fmerge_s)
BITS(FMERGE_NS, fmerge_ns)
BITS(FMERGE_SE, fmerge_se)
BITS(FPMERGE_S, fpmerge_s)
BITS(FPMERGE_NS, fpmerge_ns)
BITS(FPMERGE_SE, fpmerge_se)
BITS(FAND, fand)
BITS(FANDCM, fandcm)
BITS(FOR, for)
BITS(FXOR, fxor)
BITS(FPACK, fpack)
BITS(FMIX_L, fmix_l)
BITS(FMIX_R, fmix_r)
BITS(FMIX_LR, fmix_lr)
BITS(FSWAP, fswap)
BITS(FSWAP_NL, fswap_nl)
BITS(FSWAP_NR, fswap_nr)
BITS(FSXT_L, fsxt_l)
BITS(FSXT_R, fsxt_r)

/* ---- results in predicates (that these are two different ones is checked at decoding) ---- */

static void set_predicates(struct ia64 *m, const struct slot *s, enum ia64_fp_test test) {
    pr_set(m, s->r1, test == IA64_FP_TRUE);
    pr_set(m, s->r4, test == IA64_FP_FALSE);
}

static uint32_t compare(struct ia64 *m, const struct slot *s, enum ia64_frel rel) {
    const uint32_t refused = check_registers(m, s, F2 | F3);
    if (unlikely(refused)) return refused;
    struct ia64_fp_env env = ia64_fp_env(m->ar[AR_FPSR], s->x, IA64_PC_DYNAMIC);
    const enum ia64_fp_test test = ia64_fcmp(A2, A3, rel, &env);
    if (unlikely(env.fault)) return EVENT_FAULT | env.fault;
    set_predicates(m, s, test);
    return complete(m, s, &env);
}

static uint32_t classify(struct ia64 *m, const struct slot *s) {
    const uint32_t refused = check_registers(m, s, F2);
    if (unlikely(refused)) return refused;
    set_predicates(m, s, ia64_fclass(A2, (unsigned)s->imm));
    return 0;
}

/* An unconditional comparison with a false qualifying predicate clears both. */
static uint32_t clear_predicates(struct ia64 *m, const struct slot *s) {
    pr_set(m, s->r1, false);
    pr_set(m, s->r4, false);
    return 0;
}

#define COMPARE(name, format, work)                                                                \
    HANDLER_RUN(name##_##format) {                                                                 \
        return work;                                                                               \
    }                                                                                              \
    HANDLER_RUN(name##_UNC_##format) {                                                             \
        return pr_get(m, s->qp) ? work : clear_predicates(m, s);                                   \
    }
COMPARE(FCMP_EQ, F4, compare(m, s, IA64_FREL_EQ))
COMPARE(FCMP_LT, F4, compare(m, s, IA64_FREL_LT))
COMPARE(FCMP_LE, F4, compare(m, s, IA64_FREL_LE))
COMPARE(FCMP_UNORD, F4, compare(m, s, IA64_FREL_UNORD))
COMPARE(FCLASS_M, F5, classify(m, s))

/* Reciprocal approximations write f1 and p2, and clear p2 when their qualifying predicate is false.
 */
#define APPROXIMATION(name, named, pc, expression)                                                 \
    HANDLER_RUN(name) {                                                                            \
        bool p2 = false;                                                                           \
        if (!pr_get(m, s->qp)) return pr_set(m, s->r4, p2), 0;                                     \
        const uint32_t refused = check_registers(m, s, F1 | (named));                              \
        if (unlikely(refused)) return refused;                                                     \
        struct ia64_fp_env env = ia64_fp_env(m->ar[AR_FPSR], s->x, pc);                            \
        const struct ia64_fr result = expression;                                                  \
        if (unlikely(env.fault)) return EVENT_FAULT | env.fault;                                   \
        fr_set(m, s->r1, result);                                                                  \
        pr_set(m, s->r4, p2);                                                                      \
        return complete(m, s, &env);                                                               \
    }
APPROXIMATION(FRCPA_F6, F2 | F3, IA64_PC_DYNAMIC, ia64_frcpa(A2, A3, &p2, &env))
APPROXIMATION(FPRCPA_F6, F2 | F3, IA64_PC_PARALLEL, ia64_fprcpa(A2, A3, &p2, &env))
APPROXIMATION(FRSQRTA_F7, F3, IA64_PC_DYNAMIC, ia64_frsqrta(A3, &p2, &env))
APPROXIMATION(FPRSQRTA_F7, F3, IA64_PC_PARALLEL, ia64_fprsqrta(A3, &p2, &env))

/* ---- between general and floating-point registers ---- */

#define SETF(name, expression)                                                                     \
    HANDLER_RUN(SETF_##name##_M18) {                                                               \
        const uint32_t refused = check_registers(m, s, F1);                                        \
        if (unlikely(refused)) return refused;                                                     \
        const uint64_t a = gr(m, s->r2);                                                           \
        fr_set(m, s->r1, gr_nat(m, s->r2) ? IA64_FR_NATVAL : expression);                          \
        return 0;                                                                                  \
    }
SETF(SIG, ia64_fr_integer(a))
SETF(EXP, ia64_fr_from_exp(a))
SETF(S, ia64_fr_from_single((uint32_t)a))
SETF(D, ia64_fr_from_double(a))

#define GETF(name, expression)                                                                     \
    HANDLER(GETF_##name##_M19) {                                                                   \
        TARGET(d, s->r1);                                                                          \
        const uint32_t refused = check_registers(m, s, F2);                                        \
        if (unlikely(refused)) return raise_event(m, s, tab, refused);                             \
        const struct ia64_fr a = A2;                                                               \
        PUT(d, expression, ia64_fr_is_nat(a));                                                     \
        NEXT;                                                                                      \
    }
GETF(SIG, a.sig)
GETF(EXP, ia64_fr_to_spill(a))
GETF(S, ia64_fr_to_single(a))
GETF(D, ia64_fr_to_double(a))

/* ---- status register ---- */

static bool set_controls(struct ia64 *m, const struct slot *s) {
    uint64_t fpsr = m->ar[AR_FPSR];

    if (!ia64_fsetc(&fpsr, s->x, (unsigned)s->imm, s->r4)) return false;
    m->ar[AR_FPSR] = fpsr;
    return true;
}

HANDLER(FSETC_F12) {
    if (unlikely(!set_controls(m, s))) TAIL ia64_x_reserved_field(m, s, tab);
    NEXT;
}

HANDLER(FCLRF_F13) {
    m->ar[AR_FPSR] = ia64_fclrf(m->ar[AR_FPSR], s->x);
    NEXT;
}
