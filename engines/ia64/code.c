/* code.c - the decoded form of pages: bundles become slots when they are first executed, and are
 * forgotten when somebody writes to them. */
#include <stdlib.h>
#include <string.h>

#include "machine.h"

struct code *ia64_code_of(struct page *page) {
    struct code *code = page->code;

    if (code) return code;
    code = malloc(sizeof *code);
    if (!code) return NULL;
    for (int i = 0; i < PAGE_SLOTS; i++)
        code->slots[i] = (struct slot){.op = OP_DECODE};
    code->slots[PAGE_SLOTS] = (struct slot){.op = OP_PAGE_END};
    memset(code->decoded, 0, sizeof code->decoded);
    return page->code = code;
}

/* Forms whose operand combination is illegal whatever the registers hold. */
static bool illegal_operands(const struct ia64_insn *insn) {
    unsigned flags = ia64_op_flags(insn->op);
    enum ia64_class class = ia64_op_class(insn->op);

    switch (class) {
    case IA64_CLASS_icmp:
    case IA64_CLASS_tbit:
        return insn->p1 == insn->p2;
    case IA64_CLASS_fcmp: /* fpcmp has no predicates */
        return ia64_op_format(insn->op)[1] != '8' && insn->p1 == insn->p2;
    case IA64_CLASS_ld:
    case IA64_CLASS_ldc:
    case IA64_CLASS_ldfill:
        return flags & IA64_UPDATE && insn->r1 == insn->r3;
    case IA64_CLASS_brloop:
        return insn->slot != 2;
    default:
        return flags & IA64_NOQP && insn->qp && class != IA64_CLASS_alloc;
    }
}

/* Branches within the page need no lookup: their immediate becomes a distance in slots. */
static void lower_branch(const struct ia64_insn *insn, unsigned bundle, struct slot *s) {
    static const struct {
        uint16_t op, near;
    } forms[] = {{IA64_OP_BR_COND_B1, OP_BR_COND_NEAR},
                 {IA64_OP_BR_CLOOP_B2, OP_BR_CLOOP_NEAR},
                 {IA64_OP_BR_CTOP_B2, OP_BR_CTOP_NEAR},
                 {IA64_OP_BR_CALL_B3, OP_BR_CALL_NEAR}};
    uint64_t target = 16 * (uint64_t)bundle + (uint64_t)insn->imm;

    if (target >= PAGE_SIZE) return;
    for (unsigned i = 0; i < sizeof forms / sizeof *forms; i++)
        if (forms[i].op == insn->op) {
            s->op = forms[i].near;
            s->imm = 3 * (insn->imm / 16) - insn->slot;
        }
}

static struct slot lower(const struct ia64_insn *insn, unsigned bundle) {
    unsigned flags = ia64_op_flags(insn->op);
    struct slot s = {.op = insn->op,
                     .qp = insn->qp,
                     .r1 = insn->r1,
                     .r2 = insn->r2,
                     .r3 = insn->r3,
                     .r4 = insn->f4,
                     .x = insn->pos | insn->sf,
                     .imm = insn->imm};

    if (insn->len && insn->op != IA64_OP_ALLOC_M34) s.r4 = insn->len;
    if (insn->op == IA64_OP_ALLOC_M34)
        s.imm = insn->sof | (int64_t)insn->sol << 7 | (int64_t)insn->sor << 14;
    if (flags & IA64_BRANCH) lower_branch(insn, bundle, &s);
    if (!ia64_implemented(insn->op)) s.op = OP_UNIMPLEMENTED;
    if (illegal_operands(insn)) s.op = IA64_OP_ILLEGAL;
    if (insn->qp && !(flags & (IA64_UNC | IA64_NOQP)) && insn->op != IA64_OP_BR_WTOP_B1 &&
        insn->op != IA64_OP_BR_WEXIT_B1)
        s.op |= OP_PREDICATED;
    return s;
}

void ia64_decode_into(struct page *page, unsigned bundle) {
    struct slot *s = page->code->slots + 3 * bundle;
    struct ia64_insn insn[3] = {0};
    uint64_t words[2];
    int n;

    memcpy(words, page->data + 16 * bundle, sizeof words);
    n = ia64_decode_bundle(words, insn);
    for (int i = 0; i < 3; i++)
        s[i] = i < n ? lower(&insn[i], bundle) : (struct slot){.op = n ? OP_SKIP : OP_RESERVED};
    page->code->decoded[bundle / 64] |= UINT64_C(1) << bundle % 64;
}

void ia64_forget_code(struct page *page, unsigned offset, unsigned size) {
    struct code *code = page->code;

    if (!code || !size) return;
    for (unsigned b = offset / 16; b <= (offset + size - 1) / 16; b++) {
        if (!(code->decoded[b / 64] >> b % 64 & 1)) continue;
        code->decoded[b / 64] &= ~(UINT64_C(1) << b % 64);
        for (int i = 0; i < 3; i++)
            code->slots[3 * b + i] = (struct slot){.op = OP_DECODE};
    }
}
