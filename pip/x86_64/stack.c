/* stack.c: a return is one only where the stack pointer is what it was on entry and the return
 * address is still there. Elsewhere `ret` is a jump to anywhere: a retpoline, a switch of stacks,
 * push and ret. So the stack pointer is followed through the function, and the frame pointer, which
 * gives it back. */
#include "pip/x86_64/x86_64.h"

#include <limits.h>
#include <stdlib.h>

/* distance from the stack pointer on entry */
enum { UNSET = INT_MAX, UNKNOWN = INT_MIN, LIMIT = 1 << 28 };
struct depth {
    int rsp, rbp;
};

static int moved(int depth, int64_t by) {
    if (depth == UNKNOWN || by > LIMIT || by < -LIMIT || depth + by > LIMIT || depth + by < -LIMIT)
        return UNKNOWN;
    return depth + (int)by;
}

static bool is_reg(const cs_x86_op *op, x86_reg reg) {
    return op->type == X86_OP_REG && op->reg == reg;
}

/* gcc realigns a stack by way of r10 or r13, which hold the old stack pointer plus 8 */
static bool realigned(const cs_x86_op *op) {
    return op->type == X86_OP_MEM && (op->mem.base == X86_REG_R10 || op->mem.base == X86_REG_R13) &&
           !op->mem.index && op->mem.disp == -8;
}

static int address_depth(const struct depth *d, const cs_x86_op *op) {
    if (op->mem.index) return UNKNOWN;
    if (op->mem.base == X86_REG_RSP) return moved(d->rsp, op->mem.disp);
    if (op->mem.base == X86_REG_RBP) return moved(d->rbp, op->mem.disp);
    return realigned(op) ? 0 : UNKNOWN;
}

static int value_depth(const struct depth *d, const cs_insn *cs, int old) {
    const cs_x86_op *op = cs->detail->x86.operands;
    int64_t by = op[1].type == X86_OP_IMM ? op[1].imm : INT64_MAX;
    switch (cs->id) {
    case X86_INS_MOV:
        return is_reg(&op[1], X86_REG_RSP)   ? d->rsp
               : is_reg(&op[1], X86_REG_RBP) ? d->rbp
                                             : UNKNOWN;
    case X86_INS_LEA:
        return address_depth(d, &op[1]);
    case X86_INS_ADD:
        return moved(old, by);
    case X86_INS_SUB:
        return by == INT64_MAX ? UNKNOWN : moved(old, -by);
    default:
        return UNKNOWN;
    }
}

static struct depth after(struct depth d, const struct pip_insn *insn, const cs_insn *cs) {
    const cs_x86 *x86 = &cs->detail->x86;
    bool first = x86->op_count && x86->operands[0].type == X86_OP_REG;
    struct pip_set rsp = {{0}}, rbp = {{0}};
    add_gpr(&rsp, RSP, B30);
    add_gpr(&rbp, RBP, B30);
    switch (cs->id) {
    case X86_INS_PUSH:
    case X86_INS_PUSHFQ:
        d.rsp = moved(d.rsp, x86->op_count && x86->operands[0].size == 2 ? -2 : -8);
        return d;
    case X86_INS_POP:
    case X86_INS_POPFQ:
        d.rsp = moved(d.rsp, x86->op_count && x86->operands[0].size == 2 ? 2 : 8);
        break;
    case X86_INS_LEAVE:
        d.rsp = moved(d.rbp, 8);
        d.rbp = UNKNOWN;
        return d;
    case X86_INS_CALL:
    case X86_INS_CMP:
    case X86_INS_TEST:
        return d;
    default:
        if (pip_meets(&insn->writes, &rsp))
            d.rsp = first && is_reg(&x86->operands[0], X86_REG_RSP) ? value_depth(&d, cs, d.rsp)
                                                                    : UNKNOWN;
    }
    if (pip_meets(&insn->writes, &rbp))
        d.rbp = first && is_reg(&x86->operands[0], X86_REG_RBP) && cs->id != X86_INS_POP
                    ? value_depth(&d, cs, d.rbp)
                    : UNKNOWN;
    return d;
}

static int joined(int a, int b) {
    return a == UNSET ? b : b == UNSET || a == b ? a : UNKNOWN;
}

/* stores to the place of the return address */
static bool replaces_return(const struct depth *d, const cs_insn *cs) {
    const cs_x86_op *op = cs->detail->x86.operands;
    return cs->detail->x86.op_count && cs->id != X86_INS_CMP && cs->id != X86_INS_TEST &&
           cs->id != X86_INS_PUSH && cs->id != X86_INS_NOP && op[0].type == X86_OP_MEM &&
           (op[0].mem.base == X86_REG_RSP || op[0].mem.base == X86_REG_RBP) &&
           address_depth(d, op) == 0;
}

struct walk {
    struct depth *before;
    int *queue, count;
    bool *queued;
};

static void reach(struct walk *w, int i, const struct depth *d) {
    struct depth merged = {joined(w->before[i].rsp, d->rsp), joined(w->before[i].rbp, d->rbp)};
    bool same = merged.rsp == w->before[i].rsp && merged.rbp == w->before[i].rbp;
    w->before[i] = merged;
    if (same || w->queued[i]) return;
    w->queued[i] = true;
    w->queue[w->count++] = i;
}

/* whether it has to be looked at more closely: what names neither pointer moves neither, and stores
 * nothing beside them */
static bool names_stack(const struct pip_insn *insn) {
    struct pip_set pointers = {{0}};
    add_gprs(&pointers, BIT(RSP) | BIT(RBP));
    return pip_meets(&insn->reads, &pointers) || pip_meets(&insn->writes, &pointers);
}

/* gives whether the return address is replaced somewhere */
static bool follow(const struct pip_flow *flow, struct walk *w) {
    bool replaced = false;
    while (w->count) {
        int i = w->queue[--w->count];
        w->queued[i] = false;
        struct depth d = w->before[i];
        if (names_stack(&flow->insn[i])) {
            const cs_insn *cs = x86_64_capstone(flow->image, flow->insn[i].address);
            if (!cs) continue;
            replaced |= replaces_return(&d, cs);
            d = after(d, &flow->insn[i], cs);
        }
        PIP_EACH_SUCCESSOR(flow, i, s) reach(w, s, &d);
    }
    return replaced;
}

void x86_64_check_returns(struct pip_flow *flow) {
    size_t n = (size_t)flow->count + 1;
    struct walk w = {.before = malloc(n * sizeof *w.before),
                     .queue = malloc(n * sizeof *w.queue),
                     .queued = calloc(n, 1)};
    if (!w.before || !w.queue || !w.queued) abort();
    for (int i = 0; i < flow->count; i++)
        w.before[i] = (struct depth){UNSET, UNSET};
    reach(&w, pip_flow_find(flow, flow->entry), &(struct depth){0, UNKNOWN});
    bool replaced = follow(flow, &w);
    for (int i = 0; i < flow->count; i++)
        if (flow->insn[i].kind == PIP_RETURN && (replaced || w.before[i].rsp != 0))
            flow->insn[i].kind = PIP_ANYWHERE;
    free(w.before);
    free(w.queue);
    free(w.queued);
}
