/*
 * Floating-point comparison: fcmp, fmin, fmax, famin, famax and fclass.
 */
#include "fp_internal.h"

/* Below, equal, above or without order. */
enum order { LESS, EQUAL, GREATER, UNORDERED };

static enum order swapped(enum order o) {
    return o == LESS ? GREATER : o == GREATER ? LESS : o;
}

static enum order magnitude_order(struct ia64_fr a, struct ia64_fr b, enum fp_class ca,
                                  enum fp_class cb) {
    if (ca == INFINITE || cb == INFINITE) return ca == cb ? EQUAL : ca == INFINITE ? GREATER : LESS;

    struct fp_number x = fp_number(a), y = fp_number(b);
    if (!x.sig || !y.sig) return x.sig ? GREATER : y.sig ? LESS : EQUAL;
    if (x.exp != y.exp) return x.exp < y.exp ? LESS : GREATER;
    return x.sig < y.sig ? LESS : x.sig > y.sig ? GREATER : EQUAL;
}

static enum order value_order(struct ia64_fr a, struct ia64_fr b, bool absolute) {
    enum fp_class ca = fp_classify(a), cb = fp_classify(b);

    if (ca <= QNAN || cb <= QNAN) return UNORDERED;
    enum order o = magnitude_order(a, b, ca, cb);
    bool zeros = fp_is_finite(ca) && fp_is_finite(cb) && !a.sig && !b.sig;
    if (absolute || zeros) return o;
    if (a.sign != b.sign) return a.sign ? LESS : GREATER;
    return a.sign ? swapped(o) : o;
}

/* Raises what two operands of a comparison raise; quiet NaNs are invalid for some. */
static void check_operands(struct ia64_fr a, struct ia64_fr b, bool quiet_invalid,
                           struct ia64_fp_env *env) {
    unsigned seen = 1u << fp_classify(a) | 1u << fp_classify(b);
    unsigned invalid = 1u << UNSUPPORTED | 1u << SNAN | (quiet_invalid ? 1u << QNAN : 0);

    if (seen & invalid)
        fp_raise(env, IA64_FP_V);
    else if (seen & 1u << UNNORMAL && !(seen & 1u << QNAN))
        fp_raise(env, IA64_FP_D);
}

enum ia64_fp_test ia64_fcmp(struct ia64_fr a, struct ia64_fr b, enum ia64_frel rel,
                            struct ia64_fp_env *env) {
    /* The orders that make a relation true, and whether it is one that minds quiet NaNs. */
    static const struct {
        uint8_t orders;
        bool quiet_invalid;
    } relations[] = {
        [IA64_FREL_EQ] = {1 << EQUAL, false},
        [IA64_FREL_LT] = {1 << LESS, true},
        [IA64_FREL_LE] = {1 << LESS | 1 << EQUAL, true},
        [IA64_FREL_UNORD] = {1 << UNORDERED, false},
        [IA64_FREL_NEQ] = {1 << LESS | 1 << GREATER | 1 << UNORDERED, false},
        [IA64_FREL_NLT] = {1 << EQUAL | 1 << GREATER | 1 << UNORDERED, true},
        [IA64_FREL_NLE] = {1 << GREATER | 1 << UNORDERED, true},
        [IA64_FREL_ORD] = {1 << LESS | 1 << EQUAL | 1 << GREATER, false},
    };

    if (ia64_fr_is_nat(a) || ia64_fr_is_nat(b)) return IA64_FP_NAT;
    check_operands(a, b, relations[rel].quiet_invalid, env);
    return relations[rel].orders >> value_order(a, b, false) & 1 ? IA64_FP_TRUE : IA64_FP_FALSE;
}

struct ia64_fr ia64_fminmax(struct ia64_fr a, struct ia64_fr b, enum ia64_fminmax_kind kind,
                            struct ia64_fp_env *env) {
    if (ia64_fr_is_nat(a) || ia64_fr_is_nat(b)) return IA64_FR_NATVAL;
    check_operands(a, b, true, env);

    bool absolute = kind == IA64_FAMIN || kind == IA64_FAMAX;
    bool minimum = kind == IA64_FMIN || kind == IA64_FAMIN;
    /* The second operand where they are equal or have no order. */
    return value_order(a, b, absolute) == (minimum ? LESS : GREATER) ? a : b;
}

enum ia64_fp_test ia64_fclass(struct ia64_fr a, unsigned fclass9) {
    static const uint16_t class_bit[] = {
        [NATVAL] = 0x100,  [UNSUPPORTED] = 0, [SNAN] = 0x40,     [QNAN] = 0x80,
        [INFINITE] = 0x20, [ZERO] = 0x04,     [UNNORMAL] = 0x08, [NORMAL] = 0x10,
    };
    enum fp_class c = fp_classify(a);
    bool member = fclass9 & class_bit[c];

    if (c == NATVAL) return member ? IA64_FP_TRUE : IA64_FP_NAT;
    if (c >= INFINITE) member = member && fclass9 & (a.sign ? 0x02 : 0x01);
    return member ? IA64_FP_TRUE : IA64_FP_FALSE;
}
