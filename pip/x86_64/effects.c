/* effects.c: one instruction's reads, writes and kills, by the rows of effects.def. What is not in
 * there is assumed to read more and to overwrite less than it does. */
#include "pip/x86_64/x86_64.h"

#include <stdlib.h>
#include <string.h>

enum use {
    NONE,    /* no row */
    NOTHING, /* operands are not even read */
    READ,    /* the first operand too */
    WRITE,
    MODIFY,  /* read and overwritten */
    MAYBE,   /* read, and perhaps overwritten */
    SWAP,    /* two operands modified */
    PAIR,    /* two operands written */
    SHIFT,   /* modified; flags stay as they are when the count is 0 */
    PRODUCT, /* imul: one, two or three operands */
    WIDE,    /* rdx:rax or ax, by the operand's size */
    EXTEND,  /* cbw to cqo */
    STRING,
    MOVE_SCALAR, /* from memory: the rest becomes 0; from a register: stays */
};

struct row {
    uint8_t use, flags, sets, lanes, source;
    bool same;
    uint16_t reads, kills;
};

#define ROW(name, how, ...) [X86_INS_##name] = {.use = how, __VA_ARGS__},
static const struct row rows[X86_INS_ENDING] = {
#include "pip/x86_64/effects.def"
};
#undef ROW

/* ---- conditions ---- */

static const struct condition {
    x86_insn jump, set, move;
    unsigned flags;
} conditions[] = {
#define CONDITION(cc, flags)                                                                       \
    { X86_INS_J##cc, X86_INS_SET##cc, X86_INS_CMOV##cc, flags }
    CONDITION(A, CF | ZF),      CONDITION(AE, CF),
    CONDITION(B, CF),           CONDITION(BE, CF | ZF),
    CONDITION(E, ZF),           CONDITION(NE, ZF),
    CONDITION(G, ZF | SF | OF), CONDITION(GE, SF | OF),
    CONDITION(L, SF | OF),      CONDITION(LE, ZF | SF | OF),
    CONDITION(O, OF),           CONDITION(NO, OF),
    CONDITION(P, PF),           CONDITION(NP, PF),
    CONDITION(S, SF),           CONDITION(NS, SF),
};

/* other ways of control */
static const struct leaving {
    x86_insn id;
    enum pip_kind kind;
    unsigned flags, reads;
} leavings[] = {
    {X86_INS_JMP, PIP_JUMP, 0, 0},
    {X86_INS_CALL, PIP_CALL, 0, BIT(RSP)},
    {X86_INS_RET, PIP_RETURN, 0, BIT(RSP)},
    {X86_INS_UD2, PIP_STOP, 0, 0},
    {X86_INS_HLT, PIP_STOP, 0, 0},
    {X86_INS_JRCXZ, PIP_BRANCH, 0, BIT(RCX)},
    {X86_INS_JECXZ, PIP_BRANCH, 0, BIT(RCX)},
    {X86_INS_LOOP, PIP_BRANCH, 0, BIT(RCX)},
    {X86_INS_LOOPE, PIP_BRANCH, ZF, BIT(RCX)},
    {X86_INS_LOOPNE, PIP_BRANCH, ZF, BIT(RCX)},
};

/* ---- operands ---- */

static void read_memory(struct pip_set *s, const cs_x86_op *operand) {
    x86_64_add_place(s, x86_64_place(operand->mem.base));
    x86_64_add_place(s, x86_64_place(operand->mem.index));
}

static void read_operand(struct pip_insn *insn, const cs_x86_op *operand, unsigned source) {
    if (operand->type == X86_OP_MEM) read_memory(&insn->reads, operand);
    if (operand->type != X86_OP_REG) return;
    struct place p = x86_64_place(operand->reg);
    if (p.class == VECTORS && source && p.number < 16) p.parts = source;
    x86_64_add_place(&insn->reads, p);
}

/* what an operand that is written loses of its old value: 32 bits of a general register clear the
 * upper half; VEX clears the rest of a vector register, other vector instructions leave it */
static struct place lost_by_write(const cs_x86_op *operand, bool vex, unsigned lanes) {
    struct place p = x86_64_place(operand->reg);
    if (p.class == GENERAL && p.parts == B20) p.parts = B30;
    if (p.class == VECTORS) p.parts = vex ? V_ZMM : lanes ? lanes : p.parts;
    return p;
}

static void write_operand(struct pip_insn *insn, const cs_x86_op *operand, bool vex, unsigned lanes,
                          bool surely) {
    if (operand->type == X86_OP_MEM) read_memory(&insn->reads, operand);
    if (operand->type != X86_OP_REG) return;
    struct place p = lost_by_write(operand, vex, lanes);
    x86_64_add_place(&insn->writes, p);
    if (surely && p.class != X87_OR_MMX) x86_64_add_place(&insn->kills, p);
    if (p.class == X87_OR_MMX) x86_64_add_place(&insn->reads, p);
}

static void set_flags(struct pip_insn *insn, unsigned flags, bool surely) {
    add_flags(&insn->writes, flags);
    if (surely) add_flags(&insn->kills, flags);
}

static void kill_gpr(struct pip_insn *insn, int gpr, unsigned parts) {
    add_gpr(&insn->writes, gpr, parts);
    add_gpr(&insn->kills, gpr, parts);
}

static bool is_vector(const cs_x86_op *operand) {
    return operand->type == X86_OP_REG && x86_64_place(operand->reg).class == VECTORS;
}
static bool has_class(const cs_x86 *x86, enum register_class class) {
    for (int i = 0; i < x86->op_count; i++)
        if (x86->operands[i].type == X86_OP_REG &&
            x86_64_place(x86->operands[i].reg).class == class)
            return true;
    return false;
}

/* ---- instructions with a row ---- */

/* the count of a shift, when it is a constant; -1: it is in cl */
static int shift_count(const cs_x86 *x86) {
    const cs_x86_op *last = &x86->operands[x86->op_count - 1];
    if (x86->op_count == 1) return 1;
    if (last->type != X86_OP_IMM) return -1;
    return (int)(last->imm & (x86->operands[0].size == 8 ? 63 : 31));
}

static void wide(struct pip_insn *insn, const cs_x86 *x86) {
    static const unsigned parts[] = {[1] = B10, [2] = B10, [4] = B30, [8] = B30};
    unsigned size = x86->operands[0].size;
    if (size > 8 || !parts[size]) return;
    add_gpr(&insn->reads, RAX, parts[size]);
    kill_gpr(insn, RAX, parts[size]);
    if (size == 1) return;
    add_gpr(&insn->reads, RDX, parts[size]);
    kill_gpr(insn, RDX, parts[size]);
}

static void string(struct pip_insn *insn, const cs_insn *cs, const struct row *row) {
    const cs_x86 *x86 = &cs->detail->x86;
    bool repeated = x86->prefix[0] == X86_PREFIX_REP || x86->prefix[0] == X86_PREFIX_REPNE;
    for (int i = 0; i < x86->op_count; i++) {
        read_operand(insn, &x86->operands[i], 0);
        if (x86->operands[i].type == X86_OP_MEM) read_memory(&insn->writes, &x86->operands[i]);
    }
    if (x86->op_count && x86->operands[0].type == X86_OP_REG)
        write_operand(insn, &x86->operands[0], false, 0, false);
    if (repeated) {
        add_gpr(&insn->reads, RCX, B30);
        add_gpr(&insn->writes, RCX, B30);
    }
    add_flags(&insn->reads, DF);
    set_flags(insn, row->sets, !repeated);
}

/* and with 0, or with all ones: the result doesn't depend on the register */
static bool constant_result(const cs_insn *cs) {
    const cs_x86 *x86 = &cs->detail->x86;
    if (x86->op_count != 2 || x86->operands[1].type != X86_OP_IMM) return false;
    return (cs->id == X86_INS_AND && x86->operands[1].imm == 0) ||
           (cs->id == X86_INS_OR && x86->operands[1].imm == -1);
}

static bool same_sources(const cs_x86 *x86) {
    const cs_x86_op *last = &x86->operands[x86->op_count - 1];
    return x86->op_count >= 2 && last->type == X86_OP_REG && last[-1].type == X86_OP_REG &&
           last->reg == last[-1].reg;
}

static void first_operand(struct pip_insn *insn, const cs_insn *cs, const struct row *row,
                          bool vex) {
    const cs_x86_op *first = &cs->detail->x86.operands[0];
    bool independent = (row->same && same_sources(&cs->detail->x86)) || constant_result(cs);
    switch (row->use) {
    case READ:
        read_operand(insn, first, row->source);
        break;
    case MODIFY:
    case SHIFT:
    case SWAP:
        if (!independent) read_operand(insn, first, row->source);
        write_operand(insn, first, vex, row->lanes, true);
        break;
    case MAYBE:
        write_operand(insn, first, vex, row->lanes, false);
        insn->reads.word[0] |=
            insn->writes.word[0]; /* all of a register of which 32 bits may be written */
        break;
    default:
        write_operand(insn, first, vex, row->lanes, true);
    }
}

static void by_row(struct pip_insn *insn, const cs_insn *cs, const struct row *row) {
    const cs_x86 *x86 = &cs->detail->x86;
    bool vex = cs->mnemonic[0] == 'v', independent = row->same && same_sources(x86);
    int n = x86->op_count, others = row->use == PAIR ? 2 : 1;
    if (row->use == NOTHING) return;
    add_gprs(&insn->reads, row->reads);
    add_flags(&insn->reads, row->flags);
    for (int i = 0; i < 16; i++)
        if (row->kills >> i & 1) kill_gpr(insn, i, B30);
    if (row->use == STRING) {
        string(insn, cs, row);
        return;
    }
    for (int i = others; i < n && !independent; i++)
        read_operand(insn, &x86->operands[i], row->source);
    if (row->use == WIDE || (row->use == PRODUCT && n == 1)) {
        read_operand(insn, &x86->operands[0], 0);
        wide(insn, x86);
    } else if (row->use == PRODUCT) {
        if (n == 2) read_operand(insn, &x86->operands[0], 0);
        write_operand(insn, &x86->operands[0], false, 0, true);
    } else if (row->use == MOVE_SCALAR) {
        bool load = x86->operands[1].type == X86_OP_MEM;
        write_operand(insn, &x86->operands[0], false, load ? V_XMM : row->lanes, true);
    } else if (row->use == EXTEND) {
        if (!row->kills) add_gprs(&insn->reads, BIT(RAX) | BIT(RDX)); /* 16 bits: the rest stays */
    } else if (n) {
        first_operand(insn, cs, row, vex);
    }
    if ((row->use == SWAP || row->use == PAIR) && n > 1)
        write_operand(insn, &x86->operands[1], false, 0, true);
    if (row->use == MAYBE && row->reads & BIT(RAX))
        add_gprs(&insn->writes, row->reads & (BIT(RAX) | BIT(RDX)));
    insn->saves = cs->id == X86_INS_PUSH && x86->operands[0].type == X86_OP_REG;
    int count = row->use == SHIFT ? shift_count(x86) : 1;
    set_flags(insn, row->sets, count > 0);
}

/* ---- vector and x87 instructions without a row ---- */

/* AVX and AVX-512 whose destination is a source too, or keeps parts of itself */
static bool reads_destination(const cs_insn *cs) {
    static const char *const begin[] = {
        "vfmadd",  "vfmsub",   "vfnmadd", "vfnmsub", "vgather", "vpgather",  "vpdp",   "vpermi2",
        "vpermt2", "vpmadd52", "vfixup",  "vpshld",  "vpshrd",  "vpternlog", "vpcmov", "vperm2f"};
    for (size_t i = 0; i < sizeof begin / sizeof *begin; i++)
        if (strncmp(cs->mnemonic, begin[i], strlen(begin[i])) == 0) return true;
    return has_class(&cs->detail->x86, MASKS);
}

static bool vex_idiom(const cs_insn *cs) {
    static const char *const begin[] = {"vpxor", "vxorp", "vpsub", "vpcmpeq", "vpcmpgt"};
    for (size_t i = 0; i < sizeof begin / sizeof *begin; i++)
        if (strncmp(cs->mnemonic, begin[i], strlen(begin[i])) == 0)
            return same_sources(&cs->detail->x86);
    return false;
}

static void implicit_reads(struct pip_insn *insn, const cs_detail *detail) {
    for (int i = 0; i < detail->regs_read_count; i++)
        x86_64_add_place(&insn->reads, x86_64_place(detail->regs_read[i]));
    for (int i = 0; i < detail->regs_write_count; i++)
        x86_64_add_place(&insn->writes, x86_64_place(detail->regs_write[i]));
}

static void by_vector_rule(struct pip_insn *insn, const cs_insn *cs) {
    const cs_x86 *x86 = &cs->detail->x86;
    bool vex = cs->mnemonic[0] == 'v', idiom = vex && vex_idiom(cs) && !has_class(x86, MASKS);
    implicit_reads(insn, cs->detail);
    if (strstr(cs->mnemonic, "blendv") || strstr(cs->mnemonic, "rnds2"))
        add_vector(&insn->reads, 0, V_XMM); /* a mask unsaid */
    for (int i = 1; i < x86->op_count && !idiom; i++)
        read_operand(insn, &x86->operands[i], 0);
    const cs_x86_op *first = &x86->operands[0];
    bool overwrites = is_vector(first), depends = !vex || !overwrites || reads_destination(cs);
    if (depends && !idiom) read_operand(insn, first, 0);
    write_operand(insn, first, vex, 0, overwrites && !strstr(cs->mnemonic, "gather"));
    if (strstr(cs->mnemonic, "gather") && overwrites) read_operand(insn, first, V_ZMM);
}

static void zero_upper(struct pip_insn *insn, unsigned parts) {
    for (int i = 0; i < 16; i++) {
        add_vector(&insn->writes, i, parts);
        add_vector(&insn->kills, i, parts);
    }
}

static void by_x87_rule(struct pip_insn *insn, const cs_insn *cs) {
    for (int i = 0; i < cs->detail->x86.op_count; i++)
        read_operand(insn, &cs->detail->x86.operands[i], 0);
    pip_add_bits(&insn->reads, X87, 1);
    pip_add_bits(&insn->writes, X87, 1);
    if (strncmp(cs->mnemonic, "fcmov", 5) == 0) add_flags(&insn->reads, STATUS);
}

/* ---- any instruction ---- */

static void anything(struct pip_insn *insn) {
    insn->reads = pip_all();
}

static bool in_group(const cs_detail *detail, const uint8_t *groups, size_t count) {
    for (int i = 0; i < detail->groups_count; i++)
        if (memchr(groups, detail->groups[i], count)) return true;
    return false;
}

static void by_rule(struct pip_insn *insn, const cs_insn *cs) {
    static const uint8_t control[] = {CS_GRP_JUMP, CS_GRP_CALL, CS_GRP_RET, CS_GRP_INT,
                                      CS_GRP_IRET};
    const cs_x86 *x86 = &cs->detail->x86;
    bool state = strncmp(cs->mnemonic, "fx", 2) == 0 && cs->id != X86_INS_FXCH &&
                 cs->id != X86_INS_FXAM && cs->id != X86_INS_FXTRACT;
    if (in_group(cs->detail, control, sizeof control)) {
        insn->kind = PIP_UNKNOWN;
        anything(insn);
    } else if (cs->id == X86_INS_VZEROUPPER) {
        zero_upper(insn, V_ZMM & ~V_XMM);
    } else if (cs->id == X86_INS_VZEROALL) {
        zero_upper(insn, V_ZMM);
    } else if (has_class(x86, VECTORS)) {
        by_vector_rule(insn, cs);
    } else if (!state && (cs->mnemonic[0] == 'f' || has_class(x86, X87_OR_MMX))) {
        by_x87_rule(insn, cs);
    } else {
        anything(insn);
    }
}

static bool by_condition(struct pip_insn *insn, const cs_insn *cs) {
    static const struct row set = {.use = WRITE}, move = {.use = MODIFY};
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        const struct condition *c = &conditions[i];
        bool jumps = cs->id == c->jump, sets = cs->id == c->set, moves = cs->id == c->move;
        if (!jumps && !sets && !moves) continue;
        add_flags(&insn->reads, c->flags);
        if (sets) by_row(insn, cs, &set);
        if (moves) by_row(insn, cs, &move);
        if (jumps) {
            insn->kind = PIP_BRANCH;
            insn->target = (uint64_t)cs->detail->x86.operands[0].imm;
        }
        return true;
    }
    return false;
}

static bool by_leaving(struct pip_insn *insn, const cs_insn *cs) {
    const cs_x86_op *first = &cs->detail->x86.operands[0];
    for (size_t i = 0; i < sizeof leavings / sizeof *leavings; i++) {
        if (leavings[i].id != (x86_insn)cs->id) continue;
        insn->kind = leavings[i].kind;
        add_gprs(&insn->reads, leavings[i].reads);
        add_gprs(&insn->writes, leavings[i].kind == PIP_BRANCH ? leavings[i].reads : 0);
        add_flags(&insn->reads, leavings[i].flags);
        if (first->type == X86_OP_IMM && insn->kind != PIP_RETURN)
            insn->target = (uint64_t)first->imm;
        if (first->type == X86_OP_MEM && first->mem.base == X86_REG_RIP && !first->mem.index)
            insn->slot = cs->address + cs->size + (uint64_t)first->mem.disp;
        if (first->type == X86_OP_IMM || insn->kind == PIP_RETURN || insn->kind == PIP_STOP)
            return true;
        read_operand(insn, first, 0);
        if (insn->kind == PIP_JUMP) insn->kind = PIP_ANYWHERE;
        return true;
    }
    return false;
}

/* movsd and cmpsd are a string instruction and a scalar one */
static bool by_double_name(struct pip_insn *insn, const cs_insn *cs) {
    static const struct row move = {.use = STRING}, compare = {.use = STRING, .sets = STATUS},
                            scalar = {.use = MODIFY, .lanes = V_LOW64, .source = V_LOW64};
    if (cs->id != X86_INS_MOVSD && cs->id != X86_INS_CMPSD) return false;
    bool is_move = cs->id == X86_INS_MOVSD;
    if (has_class(&cs->detail->x86, VECTORS))
        by_row(insn, cs, is_move ? &rows[X86_INS_MOVSD] : &scalar);
    else
        by_row(insn, cs, is_move ? &move : &compare);
    return true;
}

const cs_insn *x86_64_capstone(const struct pip_image *image, uint64_t address) {
    static csh handle;
    static cs_insn *space;
    if (!space) {
        if (cs_open(CS_ARCH_X86, CS_MODE_64, &handle) != CS_ERR_OK) abort();
        cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON);
        space = cs_malloc(handle);
        if (!space) abort();
    }
    size_t left;
    const uint8_t *code = pip_image_code(image, address, &left);
    if (!code) return NULL;
    if (left > 16) left = 16;
    uint64_t at = address;
    return cs_disasm_iter(handle, &code, &left, &at, space) ? space : NULL;
}

/* Capstone 4 takes these for others: incssp, which reads its operand, for lfence */
static bool misread(const cs_insn *cs) {
    return cs->id == X86_INS_LFENCE && cs->bytes[0] == 0xf3;
}

void x86_64_decode(const struct pip_image *image, uint64_t address, struct pip_insn *insn) {
    const cs_insn *cs = x86_64_capstone(image, address);
    if (!cs) {
        insn->kind = PIP_UNKNOWN;
        anything(insn);
        return;
    }
    insn->size = cs->size;
    if (misread(cs))
        anything(insn);
    else if (by_condition(insn, cs) || by_leaving(insn, cs) || by_double_name(insn, cs))
        return;
    else if (rows[cs->id].use != NONE)
        by_row(insn, cs, &rows[cs->id]);
    else
        by_rule(insn, cs);
}
