// The disassembler: writes a decoded instruction as objdump does, from the same rows as the
// decoder.
#include "isa_rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct text {
    char *buf;
    size_t size, length;
};

__attribute__((format(printf, 2, 3))) static void put(struct text *t, const char *format, ...) {
    size_t room = t->length < t->size ? t->size - t->length : 0;
    va_list args;
    va_start(args, format);
    int n = vsnprintf(room ? t->buf + t->length : NULL, room, format, args);
    va_end(args);
    if (n > 0) t->length += (size_t)n;
}

// clang-format off
static const char *const ar_names[128] = {
    [0] = "k0",    [1] = "k1",   [2] = "k2",    [3] = "k3",   [4] = "k4",   [5] = "k5",        [6] = "k6",
    [7] = "k7",    [16] = "rsc", [17] = "bsp",  [18] = "bspstore",          [19] = "rnat",     [21] = "fcr",
    [24] = "eflag", [25] = "csd", [26] = "ssd", [27] = "cflg", [28] = "fsr", [29] = "fir",      [30] = "fdr",
    [32] = "ccv",  [36] = "unat", [40] = "fpsr", [44] = "itc", [45] = "ruc", [64] = "pfs",      [65] = "lc",
    [66] = "ec",
};

static const char *const cr_names[128] = {
    [0] = "dcr",   [1] = "itm",   [2] = "iva",   [8] = "pta",   [16] = "ipsr", [17] = "isr",  [19] = "iip",
    [20] = "ifa",  [21] = "itir", [22] = "iipa", [23] = "ifs",  [24] = "iim",  [25] = "iha",  [26] = "iib0",
    [27] = "iib1", [64] = "lid",  [65] = "ivr",  [66] = "tpr",  [67] = "eoi",  [68] = "irr0", [69] = "irr1",
    [70] = "irr2", [71] = "irr3", [72] = "itv",  [73] = "pmv",  [74] = "cmcv", [80] = "lrr0", [81] = "lrr1",
};

static const char *const mux1_names[16] = {
    [0] = "@brcst", [8] = "@mix", [9] = "@shuf", [10] = "@alt", [11] = "@rev",
};
// clang-format on
static void put_named(struct text *t, const char *file, const char *const names[128],
                      unsigned number) {
    if (names[number])
        put(t, "%s.%s", file, names[number]);
    else
        put(t, "%s%u", file, number);
}

static void put_operand(struct text *t, const struct ia64_operand_row *o,
                        const struct ia64_insn *insn, uint64_t ip) {
    int64_t value = ia64_operand_value(insn, o);
    switch ((enum ia64_operand_kind)o->kind) {
    case KIND_NONE:
        break;
    case KIND_REGISTER:
    case KIND_NAME:
        put(t, "%s%d", o->text, (int)value);
        break;
    case KIND_MEMORY:
    case KIND_INDEXED:
        put(t, "%s[r%d]", o->text, (int)value);
        break;
    case KIND_AR:
        put_named(t, o->text, ar_names, (unsigned)value & 127);
        break;
    case KIND_CR:
        put_named(t, o->text, cr_names, (unsigned)value & 127);
        break;
    case KIND_FIXED:
        put(t, "%s", o->text);
        break;
    case KIND_SIGNED:
    case KIND_UNSIGNED:
        put(t, "%lld", (long long)value);
        break;
    case KIND_HEX:
        put(t, "0x%llx", (unsigned long long)value);
        break;
    case KIND_ADDRESS:
        put(t, "0x%llx", (unsigned long long)(ip + (uint64_t)value));
        break;
    case KIND_MUX1:
        if (mux1_names[value & 15])
            put(t, "%s", mux1_names[value & 15]);
        else
            put(t, "0x%x", (unsigned)value);
        break;
    }
}

static void put_operands(struct text *t, const uint8_t *operands, const struct ia64_insn *insn,
                         uint64_t ip) {
    const char *separator = " ";
    for (const uint8_t *o = operands; *o != OPERAND_END; o++) {
        if (*o == OPERAND_IS) {
            separator = "=";
            continue;
        }
        put(t, "%s", separator);
        put_operand(t, &ia64_operands[*o], insn, ip);
        separator = ",";
    }
}

// ---- Pseudo-operations ----
// The assembler's own names for special cases of an instruction; the first alias that applies is
// printed.
static bool imm_is_0(const struct ia64_insn *i) {
    return i->imm == 0;
}
static bool r3_is_0(const struct ia64_insn *i) {
    return i->r3 == 0;
}
static bool shifts(const struct ia64_insn *i) {
    return i->len == 64 - i->pos;
}
static bool f2_is_0(const struct ia64_insn *i) {
    return i->f2 == 0;
}
static bool f2_is_f3(const struct ia64_insn *i) {
    return i->f2 == i->f3;
}
static bool f4_is_1(const struct ia64_insn *i) {
    return i->f4 == 1;
}
static bool normalizes(const struct ia64_insn *i) {
    return i->f2 == 0 && i->f4 == 1;
}
static bool has_no_hint(const struct ia64_insn *i) {
    return i->hint == 1;
}
static bool always_taken(const struct ia64_insn *i) {
    return i->qp == 0 && (i->hint & 3) == 0;
}

#define O(name) OPERAND_##name
static const struct alias {
    uint16_t op;
    const char *name;
    bool (*applies)(const struct ia64_insn *);
    uint8_t operands[6];
    bool without_whether; // leaves out the first part of the hints
} aliases[] = {
    {IA64_OP_ADDS_A4, "mov", imm_is_0, {O(R1), O(IS), O(R3)}, false},
    {IA64_OP_ADDL_A5, "mov", r3_is_0, {O(R1), O(IS), O(IMM22)}, false},
    {IA64_OP_DEP_Z_I12, "shl", shifts, {O(R1), O(IS), O(R2), O(CPOS6C)}, false},
    {IA64_OP_EXTR_I11, "shr", shifts, {O(R1), O(IS), O(R3), O(POS6)}, false},
    {IA64_OP_EXTR_U_I11, "shr.u", shifts, {O(R1), O(IS), O(R3), O(POS6)}, false},
    {IA64_OP_MOV_I21, "mov", has_no_hint, {O(B1), O(IS), O(R2)}, false},
    {IA64_OP_FMERGE_S_F9, "mov", f2_is_f3, {O(F1), O(IS), O(F3)}, false},
    {IA64_OP_FMERGE_S_F9, "fabs", f2_is_0, {O(F1), O(IS), O(F3)}, false},
    {IA64_OP_FMERGE_NS_F9, "fneg", f2_is_f3, {O(F1), O(IS), O(F3)}, false},
    {IA64_OP_FMERGE_NS_F9, "fnegabs", f2_is_0, {O(F1), O(IS), O(F3)}, false},
    {IA64_OP_FPMERGE_S_F9, "fpabs", f2_is_0, {O(F1), O(IS), O(F3)}, false},
    {IA64_OP_FPMERGE_NS_F9, "fpneg", f2_is_f3, {O(F1), O(IS), O(F3)}, false},
    {IA64_OP_FPMERGE_NS_F9, "fpnegabs", f2_is_0, {O(F1), O(IS), O(F3)}, false},
#define FMA_ALIASES(p, add, sfx)                                                                   \
    { IA64_OP_F##p##_F1, add sfx, f4_is_1, {O(F1), O(IS), O(F3), O(F2)}, false }
    {IA64_OP_FMA_F1, "fnorm", normalizes, {O(F1), O(IS), O(F3)}, false},
    {IA64_OP_FMA_S_F1, "fnorm.s", normalizes, {O(F1), O(IS), O(F3)}, false},
    {IA64_OP_FMA_D_F1, "fnorm.d", normalizes, {O(F1), O(IS), O(F3)}, false},
    FMA_ALIASES(MA, "fadd", ""),
    FMA_ALIASES(MA_S, "fadd", ".s"),
    FMA_ALIASES(MA_D, "fadd", ".d"),
    FMA_ALIASES(MS, "fsub", ""),
    FMA_ALIASES(MS_S, "fsub", ".s"),
    FMA_ALIASES(MS_D, "fsub", ".d"),
#undef FMA_ALIASES
#define PRODUCT(op, name)                                                                          \
    { IA64_OP_##op, name, f2_is_0, {O(F1), O(IS), O(F3), O(F4)}, false }
    PRODUCT(FMA_F1, "fmpy"),
    PRODUCT(FMA_S_F1, "fmpy.s"),
    PRODUCT(FMA_D_F1, "fmpy.d"),
    PRODUCT(FPMA_F1, "fpmpy"),
    PRODUCT(FNMA_F1, "fnmpy"),
    PRODUCT(FNMA_S_F1, "fnmpy.s"),
    PRODUCT(FNMA_D_F1, "fnmpy.d"),
    PRODUCT(FPNMA_F1, "fpnmpy"),
    PRODUCT(XMA_L_F2, "xmpy.l"),
    PRODUCT(XMA_H_F2, "xmpy.h"),
    PRODUCT(XMA_HU_F2, "xmpy.hu"),
#undef PRODUCT
    {IA64_OP_BR_COND_B1, "br", always_taken, {O(TARGET25)}, true},
    {IA64_OP_BR_COND_B4, "br", always_taken, {O(B2)}, true},
    {IA64_OP_BRL_COND_X3, "brl", always_taken, {O(TARGET64)}, true},
};

static const struct alias *find_alias(const struct ia64_insn *insn) {
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (aliases[i].op == insn->op && aliases[i].applies(insn)) return &aliases[i];
    return NULL;
}

static void put_hints(struct text *t, const struct ia64_insn *insn, bool without_whether) {
    const struct ia64_hint_parts *parts =
        &ia64_hints[ia64_formats[ia64_rows[insn->op].format].hint];
    unsigned shift = 0;
    for (size_t i = 0; i < sizeof parts->part / sizeof *parts->part; i++) {
        const struct ia64_hint_part *part = &parts->part[i];
        unsigned len = part->piece[0].len + part->piece[1].len;
        const char *completer = part->completer[insn->hint >> shift & ((1u << len) - 1)];
        if (len && completer && !(without_whether && i == 0)) put(t, "%s", completer);
        shift += len;
    }
}

size_t ia64_disasm(const struct ia64_insn *insn, uint64_t ip, char *buf, size_t n) {
    const struct ia64_row *row = &ia64_rows[insn->op];
    struct text t = {buf, n, 0};
    if (n) *buf = 0;
    if (insn->op == IA64_OP_ILLEGAL) {
        put(&t, "data8 0x%09llx", (unsigned long long)insn->imm);
        return t.length;
    }
    const struct alias *alias = find_alias(insn);
    if (insn->qp && !(row->flags & IA64_NOQP)) put(&t, "(p%02d) ", insn->qp);
    put(&t, "%s", alias ? alias->name : row->name);
    put_hints(&t, insn, alias && alias->without_whether);
    put_operands(&t, alias ? alias->operands : row->operands, insn, ip);
    if (insn->stop) put(&t, ";;");
    return t.length;
}

size_t ia64_op_operands(enum ia64_op op, char *buf, size_t n) {
    struct text t = {buf, n, 0};
    const char *separator = "";
    if (n) *buf = 0;
    for (const uint8_t *o = ia64_rows[op].operands; *o != OPERAND_END; o++) {
        bool is = *o == OPERAND_IS;
        put(&t, "%s%s", is ? "=" : separator, is ? "" : ia64_operands[*o].name);
        separator = is ? "" : ",";
    }
    return t.length;
}
