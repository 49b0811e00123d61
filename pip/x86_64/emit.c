/* emit.c: writes a switcher for one PIP: save and restore of what is live there and of nothing
 * else, through a register that is not [0023]. The output is a file for switchers/pip/, with the
 * reason for each register in it. */
#include "pip/pip.h"
#include "pip/x86_64/x86_64.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* how a register is moved: %s its name, %u its place in the context. After the moves of its lower
 * part */
static const struct move {
    const char *class;
    unsigned bytes;
    const char *save, *restore;
} moves[] = {
    {"gpr", 8, "mov \" P \"%1$s, %2$u(\" P \"%3$s)", "mov %2$u(\" P \"%3$s), \" P \"%1$s"},
    {"sp", 8, "mov \" P \"%1$s, %2$u(\" P \"%3$s)", "mov %2$u(\" P \"%3$s), \" P \"%1$s"},
    {"xmm", 16, "movups \" P \"%1$s, %2$u(\" P \"%3$s)", "movups %2$u(\" P \"%3$s), \" P \"%1$s"},
    {"ymmh", 16, "vextractf128 $1, \" P \"%1$s, %2$u(\" P \"%3$s)",
     "vinsertf128 $1, %2$u(\" P \"%3$s), \" P \"%1$s, \" P \"%1$s"},
    {"zmmh", 32, "vextractf64x4 $1, \" P \"%1$s, %2$u(\" P \"%3$s)",
     "vinsertf64x4 $1, %2$u(\" P \"%3$s), \" P \"%1$s, \" P \"%1$s"},
    {"zmm", 64, "vmovups \" P \"%1$s, %2$u(\" P \"%3$s)", "vmovups %2$u(\" P \"%3$s), \" P \"%1$s"},
    {"mask", 8, "kmovq \" P \"%1$s, %2$u(\" P \"%3$s)", "kmovq %2$u(\" P \"%3$s), \" P \"%1$s"},
    /* by way of the stack, beyond the red zone of a leaf function */
    {"flags", 8,
     "lea -128(\" P \"rsp), \" P \"rsp\\n\\tpushf\\n\\tpop %2$u(\" P \"%3$s)\\n\\tlea 128(\" P "
     "\"rsp), \" P \"rsp",
     "lea -128(\" P \"rsp), \" P \"rsp\\n\\tpush %2$u(\" P \"%3$s)\\n\\tpopf\\n\\tlea 128(\" P "
     "\"rsp), \" P \"rsp"},
    /* the x87 stack moves as a whole, with the first of its registers */
    {"x87", 112, "fnsave %2$u(\" P \"%3$s)", "frstor %2$u(\" P \"%3$s)"},
};
enum { MOVES = sizeof moves / sizeof *moves };

struct plan {
    const struct pip *pip;
    const struct pip_points *points;
    const struct pip_register *reg;
    size_t registers;
    struct pip_verdict *verdict;
    const char *address; /* the register that holds the context's address */
    char name[96], id[96], place[128];
    FILE *out;
};

static const struct move *move_of(const struct pip_register *reg) {
    for (int i = 0; i < MOVES; i++)
        if (strcmp(moves[i].class, reg->class) == 0) return &moves[i];
    return NULL;
}
static bool is_class(const struct pip_register *reg, const char *class) {
    return strcmp(reg->class, class) == 0;
}

/* rows that are saved one by one; rip goes its own way */
static bool moved(const struct plan *p, size_t i) {
    return p->verdict[i].live && move_of(&p->reg[i]) &&
           (!is_class(&p->reg[i], "x87") || strcmp(p->reg[i].name, "st0") == 0);
}
static bool any_live(const struct plan *p, const char *class) {
    for (size_t i = 0; i < p->registers; i++)
        if (is_class(&p->reg[i], class) && p->verdict[i].live) return true;
    return false;
}

/* a reason as the text of a C comment and string */
static const char *clean(const char *why) {
    static char text[200];
    size_t n = 0;
    for (; *why && n < sizeof text - 1; why++)
        text[n++] = *why == '"' || *why == '\\' ? '\'' : *why == '*' && why[1] == '/' ? '+' : *why;
    text[n] = 0;
    return text;
}

/* where row i stands in the context, after rip: each at a multiple of what is moved, for the
 * alignment check may be on */
static unsigned place_of(const struct plan *p, size_t row) {
    unsigned at = 8;
    for (size_t i = 0; i < p->registers; i++) {
        if (!moved(p, i)) continue;
        const struct move *m = move_of(&p->reg[i]);
        unsigned step = m->bytes == 112 ? 16 : m->bytes;
        at = (at + step - 1) / step * step;
        if (i == row) break;
        at += m->bytes;
    }
    return at;
}

static unsigned place_named(const struct plan *p, const char *name) {
    size_t i = 0;
    while (strcmp(p->reg[i].name, name) != 0)
        i++;
    return place_of(p, i);
}

static void write_moves(const struct plan *p, const char *op) {
    for (size_t i = 0; i < p->registers; i++) {
        if (!moved(p, i)) continue;
        const struct move *m = move_of(&p->reg[i]);
        fprintf(p->out, "    MARK(\"%s\", \"%s\", \"", op,
                is_class(&p->reg[i], "x87") ? "x87" : p->reg[i].name);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        fprintf(p->out, *op == 's' ? m->save : m->restore, p->reg[i].name, place_of(p, i),
                p->address);
#pragma GCC diagnostic pop
        fprintf(p->out, "\") /* %s */ \\\n", clean(p->verdict[i].why));
    }
}

static void write_site(const struct plan *p) {
    fprintf(p->out,
            "/* P is %% or %%%%; MARK(op, reg, text) records a step in the check and is just the "
            "text in the kernels. %s is inconsequential: it\n"
            " * carries the resumption address, then the context's address [0023] */\n"
            "/* clang-format off */\n"
            "#define SITE(P, MARK, from, to) \\\n"
            "    MARK(\"save\", \"rip\", \"lea 1f(\" P \"rip), \" P \"%s\\n\\tmov \" P \"%s, "
            "context_\" from ID \"(\" P \"rip)\") /* the resumption point */ \\\n"
            "    \"lea context_\" from ID \"(\" P \"rip), \" P \"%s\\n\\t\" \\\n",
            p->address, p->address, p->address, p->address);
    write_moves(p, "save");
    fprintf(p->out, "    \"lea context_\" to ID \"(\" P \"rip), \" P \"%s\\n\\t\" \\\n",
            p->address);
    write_moves(p, "restore");
    fprintf(p->out,
            "    MARK(\"restore\", \"rip\", \"jmp *(\" P \"%s)\") /* the resumption point */ \\\n"
            "    \"1:\"\n"
            "/* clang-format on */\n\n",
            p->address);
}

static void write_clobbers(const struct plan *p) {
    fprintf(p->out, "/* the compiler keeps live values in what is saved, and in nothing else "
                    "*/\n#define CLOBBERED ");
    for (size_t i = 0; i < p->registers; i++)
        if (!p->verdict[i].live && (is_class(&p->reg[i], "gpr") || is_class(&p->reg[i], "xmm")))
            fprintf(p->out, "\"%s\", ", p->reg[i].name);
    if (!any_live(p, "zmm") && !any_live(p, "mask")) fprintf(p->out, "X86_64_AVX512_CLOBBERED ");
    fprintf(p->out, "%s\"memory\"\n\n", any_live(p, "flags") ? "" : "\"cc\", ");
}

static void write_clauses(const struct plan *p) {
    fprintf(p->out, "static const struct clause clauses[] = {\n");
    for (size_t i = 0; i < p->registers; i++) {
        const struct pip_register *reg = &p->reg[i];
        if (is_class(reg, "fpcontrol") || is_class(reg, "thread")) continue;
        fprintf(p->out, "    {\"%s\", NULL, %s, \"%s\"},\n", reg->name,
                p->verdict[i].live ? "SAVED" : "INCONSEQUENTIAL", clean(p->verdict[i].why));
    }
    fprintf(p->out, "    X86_64_SHARED_FP_CLAUSE,\n    X86_64_THREAD_CLAUSE,\n    {NULL, NULL, "
                    "INCONSEQUENTIAL, \"not in the table of registers\"},\n};\n\n");
}

static void write_partner(const struct plan *p) {
    unsigned bytes = place_of(p, p->registers);
    fprintf(p->out,
            "struct emitted_context {\n    uint8_t bytes[%u];\n} __attribute__((aligned(64)));\n"
            "__attribute__((used)) static struct emitted_context emitted_a __asm__(\"context_a\" "
            "ID),\n    emitted_b __asm__(\"context_b\" ID);\n\n",
            bytes);
    fprintf(p->out,
            "static void make_partner(void (*entry)(void)) {\n"
            "    void **top = kernel_stack();\n"
            "    *--top = NULL; /* aligned as after a call, with no caller */\n"
            "    memset(&emitted_b, 0, sizeof emitted_b);\n"
            "    memcpy(emitted_b.bytes, &entry, 8);\n"
            "    memcpy(emitted_b.bytes + %u, &top, 8);\n",
            place_named(p, "rsp"));
    if (any_live(p, "flags"))
        fprintf(p->out,
                "    static const uint64_t flags = 0x202;\n    memcpy(emitted_b.bytes + %u, "
                "&flags, 8);\n",
                place_named(p, "rflags"));
    if (any_live(p, "x87"))
        fprintf(p->out,
                "    static const uint16_t control = 0x37f, empty = 0xffff; /* where fnsave puts "
                "them */\n"
                "    memcpy(emitted_b.bytes + %u, &control, 2);\n    memcpy(emitted_b.bytes + %u, "
                "&empty, 2);\n",
                place_named(p, "st0"), place_named(p, "st0") + 8);
    fprintf(p->out, "}\n\n");
}

static void write_head(const struct plan *p) {
    char text[96];
    const struct pip_point *at = &p->points->point[0];
    p->pip->arch->text(p->pip->image, at->flow->insn[at->at].address, text, sizeof text);
    fprintf(p->out,
            "/* %s: the switch whose PIP is %s, before `%s`. Written by `switchlab pip --emit`: it "
            "saves what is\n * live there",
            p->name, p->place, clean(text));
    for (size_t i = 1; i < p->points->count; i++) {
        char name[128];
        pip_name(p->pip, p->points->point[i].flow->insn[p->points->point[i].at].address, name,
                 sizeof name);
        fprintf(p->out, "%s%s", i == 1 ? " or where control may resume [0034]: " : ", ", name);
    }
    fprintf(p->out,
            ". */\n#ifndef MASK /* the registers that masks use may be live here */\n#include \"switchers/registers/x86_64.h\"\n\n#include <string.h>\n\n#define ID "
            "\"%s\"\n\n",
            p->id);
}

static void write_descriptor(const struct plan *p) {
    const char *lacks = any_live(p, "zmmh") || any_live(p, "zmm") || any_live(p, "mask")
                            ? "x86_64_lacks_avx512"
                        : any_live(p, "ymmh") ? "x86_64_lacks_avx"
                                              : "NULL";
    fprintf(
        p->out,
        "static const struct switcher emitted = {\n    .name = \"%s\",\n    .kind = \"pip\",\n    "
        ".arch = \"x86_64\",\n    .mask = \"none\",\n"
        "    .state = \"%s\",\n    .transfer = \"jmp\",\n    .summary = \"what is live at %s\",\n"
        "    .contract = {&x86_64_registers, clauses},\n    .unavailable = %s,\n    .native = "
        "&native,\n};\nREGISTER_SWITCHER(emitted);\n#endif\n",
        p->name, any_live(p, "xmm") ? "xmm" : "none", p->place, lacks);
}

static void write_all(const struct plan *p) {
    write_head(p);
    write_partner(p);
    write_site(p);
    fprintf(p->out, "DEFINE_CHECK(ID, SITE(\"%%\", STEP, \"a\", \"b\"), SITE(\"%%\", STEP, \"b\", "
                    "\"a\"));\n\n");
    write_clobbers(p);
    fprintf(p->out, "#define SWITCH(from, to) __asm__ volatile(SITE(\"%%%%\", PLAIN, #from, "
                    "#to)::: CLOBBERED)\n"
                    "#include \"harness/kernels.inc\"\n\n"
                    "static const struct native_code native = {\n    NATIVE_KERNELS,\n    .check = "
                    "check,\n    .code = {check_a, check_b},\n"
                    "    .end = {check_a_end, check_b_end},\n};\n\n");
    write_clauses(p);
    write_descriptor(p);
}

static void name_it(struct plan *p) {
    const struct pip_point *at = &p->points->point[0];
    pip_name(p->pip, at->flow->insn[at->at].address, p->place, sizeof p->place);
    snprintf(p->name, sizeof p->name, "pip-%.80s", p->place);
    snprintf(p->id, sizeof p->id, "_%.80s", p->name);
    for (char *c = p->id; *c; c++)
        if (!isalnum((unsigned char)*c)) *c = '_';
    for (char *c = p->name; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("._-", *c)) *c = '-';
}

/* the address register: of those that need no prefix first */
static const char *free_register(const struct plan *p) {
    for (size_t i = 0; i < p->registers; i++)
        if (is_class(&p->reg[i], "gpr") && !p->verdict[i].live &&
            strcmp(p->reg[i].name, "rbp") != 0)
            return p->reg[i].name;
    return NULL;
}

bool x86_64_emit(const struct pip *pip, const struct pip_points *points, FILE *out,
                 char message[PIP_MESSAGE]) {
    struct plan p = {.pip = pip, .points = points, .out = out};
    p.reg = pip->arch->registers(&p.registers);
    p.verdict = calloc(p.registers, sizeof *p.verdict);
    if (!p.verdict) abort();
    for (size_t i = 0; i < p.registers; i++)
        p.verdict[i] = pip_verdict(pip, points, &p.reg[i]);
    name_it(&p);
    p.address = free_register(&p);
    if (p.address)
        write_all(&p);
    else
        snprintf(message, PIP_MESSAGE,
                 "every general register is live at %s: none can hold the context's address "
                 "[0023]. `switchlab pip FILE FUNCTION` lists better points",
                 p.place);
    free(p.verdict);
    return p.address;
}
