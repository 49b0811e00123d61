/* tables.c: where a jump through a table can go. The instructions before the jump are executed on
 * symbols: the jump is resolved when its target comes from a table at a known place, by an index
 * that was compared with a constant on the way. */
#include "pip/x86_64/x86_64.h"

#include <string.h>

enum { STEPS = 40, ENTRIES_MAX = 1024, SYMBOLS = 1000 };

/* what a register holds: symbol * scale + base, or what stands at such an address, plus base again
 */
struct value {
    enum { UNKNOWN, LINEAR, LOADED32, LOADED64 } kind;
    int symbol; /* 0: none */
    int64_t scale;
    uint64_t base;  /* LINEAR: added; LOADED: added to what was loaded */
    uint64_t table; /* LOADED: the address for symbol 0 */
};

struct machine {
    struct value reg[16];
    int64_t bound[SYMBOLS]; /* entries: the symbol is less than this; 0: unknown */
    int symbols;
    struct memory {
        x86_reg base;
        int64_t disp;
        struct value value;
    } memory[8]; /* what was read from the stack */
    int memories;
    int compared; /* the symbol of the last comparison with a constant */
    int64_t constant;
};

static struct value fresh(struct machine *m) {
    if (m->symbols == SYMBOLS - 1) return (struct value){.kind = UNKNOWN};
    return (struct value){.kind = LINEAR, .symbol = ++m->symbols, .scale = 1};
}

static int gpr_of(const cs_x86_op *op) {
    struct place p = x86_64_place(op->reg);
    return op->type == X86_OP_REG && p.class == GENERAL && p.parts != B1 ? p.number : -1;
}

static struct value sum(struct value a, struct value b) {
    if (a.kind == LINEAR && b.kind == LINEAR && (!a.symbol || !b.symbol))
        return (struct value){LINEAR, a.symbol + b.symbol, a.symbol ? a.scale : b.scale,
                              a.base + b.base, 0};
    if (b.kind != LINEAR) {
        struct value swap = a;
        a = b, b = swap;
    }
    if (a.kind != LOADED32 || b.kind != LINEAR || b.symbol) return (struct value){.kind = UNKNOWN};
    a.base += b.base;
    return a;
}

static struct value times(struct value a, int64_t scale) {
    if (a.kind != LINEAR) return (struct value){.kind = UNKNOWN};
    a.scale *= scale;
    a.base *= (uint64_t)scale;
    return a;
}

static struct value reg_value(const struct machine *m, x86_reg reg) {
    struct place p = x86_64_place(reg);
    return p.class == GENERAL ? m->reg[p.number] : (struct value){.kind = UNKNOWN};
}

static struct value address(const struct machine *m, const cs_insn *cs, const cs_x86_op *op) {
    struct value a = {.kind = LINEAR, .base = (uint64_t)op->mem.disp};
    if (op->mem.base == X86_REG_RIP)
        a.base += cs->address + cs->size;
    else if (op->mem.base)
        a = sum(a, reg_value(m, op->mem.base));
    if (op->mem.index && op->mem.index != X86_REG_RIZ)
        a = sum(a, times(reg_value(m, op->mem.index), op->mem.scale));
    return a;
}

static bool on_stack(const cs_x86_op *op) {
    return op->type == X86_OP_MEM && (op->mem.base == X86_REG_RSP || op->mem.base == X86_REG_RBP) &&
           !op->mem.index;
}

/* the same place on the stack holds the same value until something is stored */
static struct value stack_value(struct machine *m, const cs_x86_op *op) {
    for (int i = 0; i < m->memories; i++)
        if (m->memory[i].base == op->mem.base && m->memory[i].disp == op->mem.disp)
            return m->memory[i].value;
    struct value v = fresh(m);
    if (m->memories < (int)(sizeof m->memory / sizeof *m->memory))
        m->memory[m->memories++] = (struct memory){op->mem.base, op->mem.disp, v};
    return v;
}

static struct value loaded(struct machine *m, const cs_insn *cs, const cs_x86_op *op) {
    if (on_stack(op)) return stack_value(m, op);
    struct value a = address(m, cs, op);
    if (a.kind == LINEAR && a.symbol && a.scale == op->size && (op->size == 4 || op->size == 8))
        return (struct value){op->size == 4 ? LOADED32 : LOADED64, a.symbol, a.scale, 0, a.base};
    struct value v = fresh(m);
    if (op->size == 1 && v.symbol) m->bound[v.symbol] = 256;
    return v;
}

static struct value operand(struct machine *m, const cs_insn *cs, const cs_x86_op *op) {
    if (op->type == X86_OP_IMM) return (struct value){.kind = LINEAR, .base = (uint64_t)op->imm};
    if (op->type == X86_OP_MEM) return loaded(m, cs, op);
    return reg_value(m, op->reg);
}

/* movzx of a byte bounds it; a move of 32 bits takes the symbol along, for an index that was
 * compared is small */
static void move(struct machine *m, const cs_insn *cs) {
    const cs_x86_op *op = cs->detail->x86.operands;
    int to = gpr_of(&op[0]);
    if (to < 0) {
        m->memories = 0; /* a store may go anywhere */
        return;
    }
    struct value v = operand(m, cs, &op[1]);
    if (op[1].type != X86_OP_IMM && op[1].size < 4 && op[1].type == X86_OP_REG) {
        v = fresh(m);
        if (op[1].size == 1 && v.symbol) m->bound[v.symbol] = 256;
    }
    m->reg[to] = v;
}

static void compare(struct machine *m, const cs_insn *cs) {
    const cs_x86_op *op = cs->detail->x86.operands;
    struct value v = operand(m, cs, &op[0]);
    m->compared = 0;
    if (op[1].type != X86_OP_IMM || v.kind != LINEAR || v.scale != 1 || v.base) return;
    m->compared = v.symbol;
    m->constant = op[1].imm;
}

/* a conditional jump on the way: taken or not, it says something of what was compared */
static void narrow(struct machine *m, const cs_insn *cs, bool taken) {
    static const struct {
        x86_insn id;
        bool taken;
        int more;
    } says[] = {{X86_INS_JA, false, 1},
                {X86_INS_JBE, true, 1},
                {X86_INS_JAE, false, 0},
                {X86_INS_JB, true, 0}};
    for (size_t i = 0; i < sizeof says / sizeof *says; i++)
        if (says[i].id == (x86_insn)cs->id && says[i].taken == taken && m->compared &&
            m->constant >= 0)
            m->bound[m->compared] = m->constant + says[i].more;
}

static void forget_written(struct machine *m, const struct pip_insn *insn) {
    for (int i = 0; i < 16; i++) {
        struct pip_set r = {{0}};
        add_gpr(&r, i, B30);
        if (pip_meets(&insn->writes, &r)) m->reg[i] = fresh(m);
    }
}

static void execute(struct machine *m, const struct pip_insn *insn, const cs_insn *cs) {
    const cs_x86_op *op = cs->detail->x86.operands;
    int to = cs->detail->x86.op_count ? gpr_of(&op[0]) : -1;
    switch (cs->id) {
    case X86_INS_MOV:
    case X86_INS_MOVABS:
    case X86_INS_MOVZX:
    case X86_INS_MOVSXD:
    case X86_INS_MOVSX:
        move(m, cs);
        return;
    case X86_INS_CDQE:
        return;
    case X86_INS_LEA:
        m->reg[to] = address(m, cs, &op[1]);
        return;
    case X86_INS_ADD:
        if (to < 0) break;
        m->reg[to] = sum(m->reg[to], operand(m, cs, &op[1]));
        return;
    case X86_INS_SHL:
        if (to < 0 || cs->detail->x86.op_count < 2 || op[1].type != X86_OP_IMM || op[1].imm < 0 ||
            op[1].imm > 8)
            break;
        m->reg[to] = times(m->reg[to], 1 << op[1].imm);
        return;
    case X86_INS_SUB: /* the index from 0, by the lowest case */
        if (to >= 0) m->reg[to] = fresh(m);
        return;
    case X86_INS_AND:
        if (to < 0) break;
        m->reg[to] = fresh(m);
        if (op[1].type == X86_OP_IMM && op[1].imm >= 0 && m->reg[to].symbol)
            m->bound[m->reg[to].symbol] = op[1].imm + 1;
        return;
    case X86_INS_CMP:
        compare(m, cs);
        return;
    default:
        break;
    }
    struct pip_set status = {{0}};
    add_flags(&status, CF | ZF);
    if (pip_meets(&insn->writes, &status)) m->compared = 0;
    if (insn->kind != PIP_BRANCH && insn->kind != PIP_JUMP) {
        forget_written(m, insn);
        m->memories = 0;
    }
}

/* the instructions that lead to i on one way: those from which control just falls into the next, or
 * which jump */
static int way_to(const struct pip_flow *flow, int i, int way[STEPS]) {
    int n = STEPS;
    for (way[--n] = i; n > 0;) {
        int at = way[n], before = -1;
        for (int k = at - 1; k >= 0 && before < 0; k--)
            if ((flow->insn[k].next == at || flow->insn[k].branch == at) &&
                flow->insn[k].kind != PIP_CALL)
                before = k;
        if (before < 0) break;
        way[--n] = before;
    }
    return n;
}

static struct value run(const struct pip_flow *flow, struct machine *m, const int way[STEPS],
                        int first) {
    for (int r = 0; r < 16; r++)
        m->reg[r] = fresh(m);
    for (int k = first; k < STEPS - 1; k++) {
        const struct pip_insn *insn = &flow->insn[way[k]];
        const cs_insn *cs = x86_64_capstone(flow->image, insn->address);
        if (!cs) return (struct value){.kind = UNKNOWN};
        if (insn->kind == PIP_BRANCH)
            narrow(m, cs, insn->branch == way[k + 1] && insn->next != way[k + 1]);
        else
            execute(m, insn, cs);
    }
    const cs_insn *jump = x86_64_capstone(flow->image, flow->insn[way[STEPS - 1]].address);
    if (!jump || jump->id != X86_INS_JMP) return (struct value){.kind = UNKNOWN};
    return operand(m, jump, &jump->detail->x86.operands[0]);
}

static bool entry(const struct pip_image *image, const struct value *v, int n, uint64_t *target) {
    size_t left, size = v->kind == LOADED32 ? 4 : 8;
    const uint8_t *bytes = pip_image_data(image, v->table + (uint64_t)n * size, &left);
    if (!bytes || left < size) return false;
    int32_t distance;
    memcpy(&distance, bytes, 4);
    if (v->kind == LOADED32)
        *target = v->base + (uint64_t)(int64_t)distance;
    else
        memcpy(target, bytes, 8);
    return pip_image_code(image, *target, &left) != NULL;
}

/* a table of functions is no table of cases: a jump through it is a call that doesn't come back */
static bool of_functions(const struct pip_image *image, const struct value *v) {
    uint64_t target;
    if (v->kind != LOADED64 || v->base || !entry(image, v, 0, &target)) return false;
    const struct pip_function *f = pip_image_function(image, target);
    return f && f->start == target;
}

/* Resolved only as a whole: an entry that is no code spoils the table */
bool x86_64_resolve(struct pip_flow *flow, int i, int n, uint64_t *target) {
    static struct machine m;
    static struct value v;
    static int64_t bound;
    if (n == 0) { /* cases are asked for one after the other */
        int way[STEPS], first = way_to(flow, i, way);
        m = (struct machine){.symbols = 0};
        v = run(flow, &m, way, first);
        if (of_functions(flow->image, &v)) flow->insn[i].kind = PIP_TAIL;
        bool table = flow->insn[i].kind == PIP_TAIL
                         ? false
                         : (v.kind == LOADED64 && !v.base) || (v.kind == LOADED32 && v.base);
        bound = table ? m.bound[v.symbol] : 0;
        for (int k = 0; k < bound && bound; k++)
            if (k >= ENTRIES_MAX || !entry(flow->image, &v, k, target)) bound = 0;
    }
    return n < bound && entry(flow->image, &v, n, target);
}
