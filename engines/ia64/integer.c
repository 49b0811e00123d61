/* integer.c - integer instructions: arithmetic, logic, compares, shifts and bit fields, bit tests,
 * and moves among general, branch and predicate registers (formats A, I, X; volume 3, chapter 2).
 */
#include "machine.h"

#define NAT2 gr_nat(m, s->r2)
#define NAT3 gr_nat(m, s->r3)

/* A result of r2 and r3, or of the immediate and r3; its NaT is that of its sources. */
#define BINARY(name, expression)                                                                   \
    HANDLER(name) {                                                                                \
        TARGET(d, s->r1);                                                                          \
        const uint64_t a = gr(m, s->r2), b = gr(m, s->r3);                                         \
        PUT(d, expression, NAT2 | NAT3);                                                           \
        NEXT;                                                                                      \
    }
#define IMMEDIATE(name, expression)                                                                \
    HANDLER(name) {                                                                                \
        TARGET(d, s->r1);                                                                          \
        const uint64_t a = s->imm, b = gr(m, s->r3);                                               \
        PUT(d, expression, NAT3);                                                                  \
        NEXT;                                                                                      \
    }
#define UNARY(name, expression)                                                                    \
    HANDLER(name) {                                                                                \
        TARGET(d, s->r1);                                                                          \
        const uint64_t b = gr(m, s->r3);                                                           \
        PUT(d, expression, NAT3);                                                                  \
        NEXT;                                                                                      \
    }
#define FROM_R2(name, expression)                                                                  \
    HANDLER(name) {                                                                                \
        TARGET(d, s->r1);                                                                          \
        const uint64_t a = gr(m, s->r2);                                                           \
        PUT(d, expression, NAT2);                                                                  \
        NEXT;                                                                                      \
    }

/* 32-bit pointer arithmetic: the region bits come from bits 30 and 31 of b. */
static inline uint64_t pointer(uint64_t sum, uint64_t b) {
    return (sum & 0xffffffff) | (b >> 30 & 3) << 61;
}

BINARY(ADD_A1, a + b)
BINARY(ADD_PLUS1_A1, a + b + 1)
BINARY(SUB_A1, a - b)
BINARY(SUB_MINUS1_A1, a - b - 1)
BINARY(ADDP4_A1, pointer(a + b, b))
BINARY(AND_A1, a &b)
BINARY(ANDCM_A1, a & ~b)
BINARY(OR_A1, a | b)
BINARY(XOR_A1, a ^ b)
BINARY(SHLADD_A2, (a << s->x) + b)
BINARY(SHLADDP4_A2, pointer((a << s->x) + b, b))
IMMEDIATE(SUB_A3, a - b)
IMMEDIATE(AND_A3, a &b)
IMMEDIATE(ANDCM_A3, a & ~b)
IMMEDIATE(OR_A3, a | b)
IMMEDIATE(XOR_A3, a ^ b)
IMMEDIATE(ADDS_A4, a + b)
IMMEDIATE(ADDP4_A4, pointer(a + b, b))
IMMEDIATE(ADDL_A5, a + b)

HANDLER(MOVL_X2) {
    TARGET(d, s->r1);
    PUT(d, s->imm, 0);
    m->mark++; /* slot 2 of the bundle is no instruction */
    GOTO_SLOT(s + 2);
}

/* --- shifts and bit fields ------------------------------------------------------------------- */

static inline uint64_t ones(unsigned len) {
    return len >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << len) - 1;
}

static inline uint64_t extract(uint64_t v, unsigned pos, unsigned len) {
    return v >> pos & ones(len);
}

static inline uint64_t extract_signed(uint64_t v, unsigned pos, unsigned len) {
    unsigned n = pos + len > 64 ? 64 - pos : len;

    return (int64_t)(v << (64 - pos - n)) >> (64 - n);
}

static inline uint64_t deposit(uint64_t into, uint64_t v, unsigned pos, unsigned len) {
    uint64_t mask = ones(len) << pos;

    return (into & ~mask) | (v << pos & mask);
}

BINARY(SHL_I7, b > 63 ? 0 : a << b)
BINARY(SHR_U_I5, a > 63 ? 0 : b >> a)
BINARY(SHR_I5, (uint64_t)((int64_t)b >> (a > 63 ? 63 : a)))
BINARY(SHRP_I10, s->x ? b >> s->x | a << (64 - s->x) : b)
BINARY(DEP_I15, deposit(b, a, s->x, s->r4))
IMMEDIATE(DEP_I14, deposit(b, a, s->x, s->r4))
FROM_R2(DEP_Z_I12, deposit(0, a, s->x, s->r4))
UNARY(EXTR_U_I11, extract(b, s->x, s->r4))
UNARY(EXTR_I11, extract_signed(b, s->x, s->r4))
UNARY(ZXT1_I29, (uint8_t)b)
UNARY(ZXT2_I29, (uint16_t)b)
UNARY(ZXT4_I29, (uint32_t)b)
UNARY(SXT1_I29, (uint64_t)(int8_t)b)
UNARY(SXT2_I29, (uint64_t)(int16_t)b)
UNARY(SXT4_I29, (uint64_t)(int32_t)b)

HANDLER(DEP_Z_I13) {
    TARGET(d, s->r1);
    PUT(d, deposit(0, s->imm, s->x, s->r4), 0);
    NEXT;
}

/* --- compares and tests ---------------------------------------------------------------------- */

static inline void set_pair(struct ia64 *m, const struct slot *s, bool p1, bool p2) {
    uint64_t pr = m->pr & ~(UINT64_C(1) << s->r1 | UINT64_C(1) << s->r4);

    m->pr = pr | (uint64_t)p1 << s->r1 | (uint64_t)p2 << s->r4 | 1;
}

/* What a condition does with its two predicates, by type; a NaT operand makes no condition true. */
static inline void type_none(struct ia64 *m, const struct slot *s, bool nat, bool c) {
    set_pair(m, s, c & !nat, !c & !nat);
}
static inline void type_and(struct ia64 *m, const struct slot *s, bool nat, bool c) {
    if (nat || !c) set_pair(m, s, false, false);
}
static inline void type_or(struct ia64 *m, const struct slot *s, bool nat, bool c) {
    if (!nat && c) set_pair(m, s, true, true);
}
static inline void type_or_andcm(struct ia64 *m, const struct slot *s, bool nat, bool c) {
    if (!nat && c) set_pair(m, s, true, false);
}

#define TEST(name, type, nat, condition)                                                           \
    HANDLER(name) {                                                                                \
        type(m, s, nat, condition);                                                                \
        NEXT;                                                                                      \
    }
/* unc runs with a false qualifying predicate too, and clears both. */
#define TEST_UNC(name, nat, condition)                                                             \
    HANDLER(name) {                                                                                \
        if (pr_get(m, s->qp))                                                                      \
            type_none(m, s, nat, condition);                                                       \
        else                                                                                       \
            set_pair(m, s, false, false);                                                          \
        NEXT;                                                                                      \
    }

#define R2     gr(m, s->r2)
#define R3     gr(m, s->r3)
#define NAT23  (NAT2 | NAT3)
#define S64(x) ((int64_t)(x))
#define S32(x) ((int32_t)(x))
#define U32(x) ((uint32_t)(x))

#define RELATION(name, cast, op)                                                                   \
    TEST(name##_A6, type_none, NAT23, cast(R2) op cast(R3))                                        \
    TEST_UNC(name##_UNC_A6, NAT23, cast(R2) op cast(R3))                                           \
    TEST(name##_A8, type_none, NAT3, cast(s->imm) op cast(R3))                                     \
    TEST_UNC(name##_UNC_A8, NAT3, cast(s->imm) op cast(R3))
#define U64(x) ((uint64_t)(x))
RELATION(CMP_LT, S64, <)
RELATION(CMP_LTU, U64, <)
RELATION(CMP_EQ, U64, ==)
RELATION(CMP4_LT, S32, <)
RELATION(CMP4_LTU, U32, <)
RELATION(CMP4_EQ, U32, ==)

#define PARALLEL(name, TYPE, type, cast)                                                           \
    TEST(name##_EQ_##TYPE##_A6, type, NAT23, cast(R2) == cast(R3))                                 \
    TEST(name##_NE_##TYPE##_A6, type, NAT23, cast(R2) != cast(R3))                                 \
    TEST(name##_EQ_##TYPE##_A8, type, NAT3, cast(s->imm) == cast(R3))                              \
    TEST(name##_NE_##TYPE##_A8, type, NAT3, cast(s->imm) != cast(R3))                              \
    TEST(name##_GT_##TYPE##_A7, type, NAT3, 0 > cast(R3))                                          \
    TEST(name##_LE_##TYPE##_A7, type, NAT3, 0 <= cast(R3))                                         \
    TEST(name##_GE_##TYPE##_A7, type, NAT3, 0 >= cast(R3))                                         \
    TEST(name##_LT_##TYPE##_A7, type, NAT3, 0 < cast(R3))
#define PARALLELS(name, cast)                                                                      \
    PARALLEL(name, AND, type_and, cast)                                                            \
    PARALLEL(name, OR, type_or, cast)                                                              \
    PARALLEL(name, OR_ANDCM, type_or_andcm, cast)
PARALLELS(CMP, S64)
PARALLELS(CMP4, S32)

#define TESTS(name, format, nat, zero)                                                             \
    TEST(name##_Z_##format, type_none, nat, zero)                                                  \
    TEST_UNC(name##_Z_UNC_##format, nat, zero)                                                     \
    TEST(name##_Z_AND_##format, type_and, nat, zero)                                               \
    TEST(name##_NZ_AND_##format, type_and, nat, !(zero))                                           \
    TEST(name##_Z_OR_##format, type_or, nat, zero)                                                 \
    TEST(name##_NZ_OR_##format, type_or, nat, !(zero))                                             \
    TEST(name##_Z_OR_ANDCM_##format, type_or_andcm, nat, zero)                                     \
    TEST(name##_NZ_OR_ANDCM_##format, type_or_andcm, nat, !(zero))
TESTS(TBIT, I16, NAT3, !(R3 >> s->x & 1))
TESTS(TNAT, I17, false, !NAT3)
TESTS(TF, I30, false, !(CPUID_FEATURES >> (32 + (s->imm & 31)) & 1))

/* --- moves ----------------------------------------------------------------------------------- */

HANDLER(MOV_I21) {
    if (unlikely(NAT2)) TAIL ia64_x_nat_consumption(m, s, tab);
    m->br[s->r1] = gr(m, s->r2);
    NEXT;
}

HANDLER(MOV_RET_I21) {
    TAIL ia64_x_MOV_I21(m, s, tab);
}

HANDLER(MOV_I22) {
    TARGET(d, s->r1);
    PUT(d, m->br[s->r2], 0);
    NEXT;
}

HANDLER(MOV_IP_I25) {
    TARGET(d, s->r1);
    PUT(d, slot_ip(m, s), 0);
    NEXT;
}

/* Moves of all predicates see them unrotated: p16 is at the rename base. */
static inline uint64_t rotate_predicates(uint64_t pr, unsigned by) {
    uint64_t field = pr >> 16;

    if (by) field = (field << by | field >> (48 - by)) & UINT64_C(0xffffffffffff);
    return field << 16 | (pr & 0xffff);
}

uint64_t ia64_pr_unrotated(const struct ia64 *m) {
    return rotate_predicates(m->pr, m->frame.rrb_pr);
}

void ia64_pr_set_unrotated(struct ia64 *m, uint64_t pr) {
    m->pr = rotate_predicates(pr, m->frame.rrb_pr ? 48 - m->frame.rrb_pr : 0) | 1;
}

HANDLER(MOV_PR_I25) {
    TARGET(d, s->r1);
    PUT(d, ia64_pr_unrotated(m), 0);
    NEXT;
}

HANDLER(MOV_I23) {
    if (unlikely(NAT2)) TAIL ia64_x_nat_consumption(m, s, tab);
    ia64_pr_set_unrotated(m, (ia64_pr_unrotated(m) & ~s->imm) | (gr(m, s->r2) & s->imm));
    NEXT;
}

HANDLER(MOV_I24) {
    ia64_pr_set_unrotated(m, (ia64_pr_unrotated(m) & 0xffff) | (s->imm & ~UINT64_C(0xffff)));
    NEXT;
}

#define NOP(name)                                                                                  \
    HANDLER(name) {                                                                                \
        NEXT;                                                                                      \
    }
NOP(NOP_M_M48)
NOP(NOP_I_I18) NOP(NOP_F_F16) NOP(NOP_B_B9) NOP(NOP_X_X5) NOP(HINT_M_M48) NOP(HINT_I_I18)
    NOP(HINT_F_F16) NOP(HINT_B_B9) NOP(HINT_X_X5)
