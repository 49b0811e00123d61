/* convention.c: System V AMD64 psABI 1.0, section 3.2, as sets, and what calls of other files read.
 */
#include "pip/x86_64/x86_64.h"

#include <stdlib.h>
#include <string.h>

static void add_vectors(struct pip_set *s, int count) {
    for (int i = 0; i < count; i++)
        add_vector(s, i, V_ZMM);
}

/* arguments: rax says how many vector registers a variadic function gets, r10 is the static chain.
 * Results: a long double comes on the x87 stack */
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
    add_gpr(&c.status, RAX, B20);
    add_gprs(&c.status, BIT(RSP));
    return &c;
}

/* ---- functions of the C library ---- */

enum how { FIXED, VARIADIC, NEVER_RETURNS, UNWINDS };
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

enum { STEPS = 60 };

/* the value that an instruction gives to its first operand; *from: it comes from there instead */
static bool constant_of(const cs_insn *cs, uint64_t *value, int *from) {
    const cs_x86_op *op = cs->detail->x86.operands;
    struct place p = x86_64_place(op[1].reg);
    *from = -1;
    *value = 0;
    if (cs->detail->x86.op_count != 2 || op[0].type != X86_OP_REG ||
        x86_64_place(op[0].reg).parts < B20)
        return false;
    if (cs->id == X86_INS_XOR && op[1].type == X86_OP_REG && op[0].reg == op[1].reg) return true;
    if (cs->id == X86_INS_MOV && op[1].type == X86_OP_IMM)
        *value = (uint64_t)op[1].imm;
    else if (cs->id == X86_INS_LEA && op[1].mem.base == X86_REG_RIP && !op[1].mem.index)
        *value = cs->address + cs->size + (uint64_t)op[1].mem.disp;
    else if (cs->id == X86_INS_MOV && op[1].type == X86_OP_REG && p.class == GENERAL &&
             p.parts == B30)
        *from = p.number;
    else
        return false;
    return true;
}

/* the value of a general register before instruction i, when the code just before sets it to a
 * constant; false: not known */
static bool constant(const struct pip_flow *flow, int i, int gpr, uint64_t *value) {
    for (int steps = 0; steps < STEPS && i > 0 && flow->insn[i].sources == 1; steps++) {
        struct pip_set reg = {{0}};
        add_gpr(&reg, gpr, B30);
        const struct pip_insn *before = &flow->insn[--i];
        if (before->next != i + 1) return false;
        if (before->kind != PIP_PLAIN && before->kind != PIP_BRANCH && before->kind != PIP_CALL)
            return false;
        if (!pip_meets(&before->writes, &reg) || (before->kind == PIP_CALL && PRESERVED >> gpr & 1))
            continue;
        if (before->kind == PIP_CALL) return false;
        const cs_insn *cs = x86_64_capstone(flow->image, before->address);
        int from;
        if (!cs || !constant_of(cs, value, &from)) return false;
        if (from < 0) return true;
        gpr = from;
    }
    return false;
}

/* how many integers a format takes, including those that give a width or a precision; -1: not known
 */
static int format_integers(const struct pip_image *image, uint64_t address) {
    size_t left, n = 0;
    const char *text = (const char *)pip_image_data(image, address, &left);
    const char *end = text ? memchr(text, 0, left) : NULL;
    if (!end) return -1;
    for (const char *c = text; (c = strchr(c, '%')); c++) {
        for (c++; *c && strchr("-+ #0'123456789.*hlqjztL", *c); c++)
            n += *c == '*';
        if (!*c || !strchr("diouxXcspneEfFgGaA%mCS", *c)) return -1;
        n += strchr("diouxXcspnCS", *c) != NULL;
    }
    return n < 6 ? (int)n : 6;
}

/* none of these functions returns a long double: the x87 stack is empty after them as before */
static void library_reads(const struct pip_flow *flow, int i, const struct library *f,
                          struct pip_callee *callee) {
    static const enum gpr order[] = {RDI, RSI, RDX, RCX, R8, R9};
    enum { MOST = sizeof order / sizeof *order };
    int integers = f->integers, vectors = f->vectors;
    uint64_t value;
    callee->reads = (struct pip_set){{0}};
    if (f->how == VARIADIC) {
        int more = constant(flow, i, order[integers - 1], &value)
                       ? format_integers(flow->image, value)
                       : -1;
        integers = more < 0 || integers + more > MOST ? MOST : integers + more;
        vectors = constant(flow, i, RAX, &value) && value < 8 ? (int)value : 8;
        add_gpr(&callee->reads, RAX, B0);
    }
    for (int k = 0; k < integers; k++)
        add_gpr(&callee->reads, order[k], B30);
    for (int k = 0; k < vectors; k++)
        add_vector(&callee->reads, k, V_XMM);
    pip_add_bits(&callee->leaves, X87, 1);
    callee->never_returns = f->how == NEVER_RETURNS || f->how == UNWINDS;
    callee->unwinds = f->how == UNWINDS;
}

/* ---- calls of other files ---- */

/* the import that a function's address stands for when it is a stub of the procedure linkage table
 */
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
    const char *name = insn->target ? stub_name(flow->image, insn->target)
                       : insn->slot ? pip_image_import(flow->image, insn->slot)
                                    : NULL;
    const struct library *known = name ? library_function(name) : NULL;
    if (known) library_reads(flow, i, known, callee);
    return name || insn->kind == PIP_TAIL || (insn->kind == PIP_CALL && !insn->target);
}
