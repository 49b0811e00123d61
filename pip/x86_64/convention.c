/* convention.c: System V AMD64 psABI 1.0, section 3.2, as sets, and what calls of other files read. */
#include "pip/x86_64/x86_64.h"

#include <stdlib.h>
#include <string.h>

static void add_vectors(struct pip_set *s, int count) {
    for (int i = 0; i < count; i++) add_vector(s, i, V_ZMM);
}

/* arguments: rax says how many vector registers a variadic function gets, r10 is the static chain. Results: a long double comes
 * on the x87 stack */
const struct pip_convention *x86_64_convention(void) {
    static struct pip_convention c;
    static bool filled;
    if (filled) return &c;
    filled = true;
    add_gprs(&c.scratch, SCRATCH);
    add_vectors(&c.scratch, 32);
    pip_add_bits(&c.scratch, MASK, 0xff);
    pip_add_bits(&c.scratch, X87, 1);
    add_flags(&c.scratch, STATUS);
    add_gprs(&c.preserved, PRESERVED);
    add_gprs(&c.arguments, ARGUMENTS | BIT(RAX) | BIT(R10));
    add_vectors(&c.arguments, 8);
    add_gprs(&c.results, BIT(RAX) | BIT(RDX));
    add_vectors(&c.results, 2);
    pip_add_bits(&c.results, X87, 1);
    return &c;
}

/* ---- functions of the C library ---- */

enum how { FIXED, VARIADIC, NEVER_RETURNS };
static const struct library {
    const char *name;
    int integers, vectors;
    enum how how;
} library[] = {
#define LIBRARY(name, integers, vectors, how) {#name, integers, vectors, how},
#include "pip/x86_64/library.def"
#undef LIBRARY
};

static const struct library *library_function(const char *name) {
    for (size_t i = 0; i < sizeof library / sizeof *library; i++)
        if (strcmp(name, library[i].name) == 0) return &library[i];
    return NULL;
}

/* ---- constants before a call ---- */

static bool only_successor(const struct pip_flow *flow, int before, int i) {
    if (flow->insn[before].next != i) return false;
    for (int k = 0; k < flow->count; k++) {
        if (k == before) continue;
        PIP_EACH_SUCCESSOR(flow, k, s) if (s == i) return false;
    }
    return true;
}

/* al before instruction i, when it is set to a constant just before; -1: not known */
static int constant_al(const struct pip_flow *flow, int i) {
    struct pip_set rax = {{0}};
    add_gpr(&rax, RAX, B0);
    for (int steps = 0; steps < 12 && i > 0; steps++, i--) {
        const struct pip_insn *before = &flow->insn[i - 1];
        if (before->kind != PIP_PLAIN || !only_successor(flow, i - 1, i)) return -1;
        if (!pip_meets(&before->writes, &rax)) continue;
        const cs_insn *cs = x86_64_capstone(flow->image, before->address);
        if (!cs || cs->detail->x86.op_count != 2) return -1;
        const cs_x86_op *op = cs->detail->x86.operands;
        if (cs->id == X86_INS_XOR && op[1].type == X86_OP_REG && op[0].reg == op[1].reg) return 0;
        if (cs->id == X86_INS_MOV && op[0].type == X86_OP_REG && op[0].reg != X86_REG_AH && op[1].type == X86_OP_IMM) return (int)(op[1].imm & 0xff);
        return -1;
    }
    return -1;
}

static void library_reads(const struct pip_flow *flow, int i, const struct library *f, struct pip_callee *callee) {
    static const enum gpr order[] = {RDI, RSI, RDX, RCX, R8, R9};
    callee->reads = (struct pip_set){{0}};
    for (int k = 0; k < f->integers; k++) add_gpr(&callee->reads, order[k], B30);
    int vectors = f->vectors;
    if (f->how == VARIADIC) {
        int al = constant_al(flow, i);
        if (al >= 0 && al < vectors) vectors = al;
        add_gpr(&callee->reads, RAX, B0);
    }
    for (int k = 0; k < vectors; k++) add_vector(&callee->reads, k, V_XMM);
    callee->never_returns = f->how == NEVER_RETURNS;
}

/* ---- calls of other files ---- */

/* the import that a function's address stands for when it is a stub of the procedure linkage table */
static const char *stub_name(const struct pip_image *image, uint64_t address) {
    struct pip_insn insn;
    for (int i = 0; i < 2; i++, address += insn.size) {
        insn = (struct pip_insn){.address = address};
        x86_64_decode(image, address, &insn);
        if (insn.kind == PIP_ANYWHERE && insn.slot) return pip_image_import(image, insn.slot);
        if (insn.kind != PIP_PLAIN || !insn.size) return NULL;
    }
    return NULL;
}

bool x86_64_outside(const struct pip_flow *flow, int i, struct pip_callee *callee) {
    const struct pip_insn *insn = &flow->insn[i];
    const char *name = insn->target ? stub_name(flow->image, insn->target) : insn->slot ? pip_image_import(flow->image, insn->slot) : NULL;
    const struct library *known = name ? library_function(name) : NULL;
    if (known) library_reads(flow, i, known, callee);
    return name || (insn->kind == PIP_CALL && !insn->target);
}
