/* registers.c: the rows of switchers/registers/x86_64.def as sets of parts, and Capstone's
 * registers likewise. */
#include "pip/x86_64/x86_64.h"

#include <stdlib.h>
#include <string.h>

static const char *const gpr_names[16] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                          "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};

static int gpr_number(const char *name) {
    for (int i = 0; i < 16; i++)
        if (strcmp(name, gpr_names[i]) == 0) return i;
    return -1;
}

/* ---- rows ---- */

#define REG(name, class, bits, privilege, convention, slot) {#name, #class, bits, {{0}}, NULL},
static struct pip_register rows[] = {
#include "switchers/registers/x86_64.def"
};
#undef REG
enum { ROWS = sizeof rows / sizeof *rows };

/* what no analysis of one function can call dead */
static const struct fixed {
    const char *class, *why;
} fixed[] = {
    {"sp", "names the stack"},
    {"ip", "the resumption point"},
    {"fpcontrol", "control word: preserved by the calling convention"},
    {"thread", "belongs to the thread"},
};

static void fill_row(struct pip_register *row) {
    int number = atoi(row->name + strcspn(row->name, "0123456789"));
    if (strcmp(row->class, "gpr") == 0) add_gpr(&row->parts, gpr_number(row->name), B30);
    if (strcmp(row->class, "xmm") == 0) add_vector(&row->parts, number, V_XMM);
    if (strcmp(row->class, "ymmh") == 0) add_vector(&row->parts, number, V_YMM & ~V_XMM);
    if (strcmp(row->class, "zmmh") == 0) add_vector(&row->parts, number, V_ZMM & ~V_YMM);
    if (strcmp(row->class, "zmm") == 0) add_vector(&row->parts, number, 1);
    if (strcmp(row->class, "mask") == 0) pip_add_bits(&row->parts, MASK + number, 1);
    if (strcmp(row->class, "x87") == 0) pip_add_bits(&row->parts, X87, 1);
    if (strcmp(row->class, "flags") == 0) add_flags(&row->parts, STATUS);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (strcmp(row->class, fixed[i].class) == 0) row->fixed = fixed[i].why;
}

const struct pip_register *x86_64_pip_registers(size_t *count) {
    static bool filled;
    for (int i = 0; i < ROWS && !filled; i++)
        fill_row(&rows[i]);
    filled = true;
    *count = ROWS;
    return rows;
}

/* ---- Capstone's registers ---- */

#define FAMILY(n, letter)                                                                          \
    [X86_REG_R##letter##X] = {GENERAL, n, B30}, [X86_REG_E##letter##X] = {GENERAL, n, B20},        \
    [X86_REG_##letter##X] = {GENERAL, n, B10}, [X86_REG_##letter##L] = {GENERAL, n, B0},           \
    [X86_REG_##letter##H] = {GENERAL, n, B1}
#define POINTER(n, name)                                                                           \
    [X86_REG_R##name] = {GENERAL, n, B30}, [X86_REG_E##name] = {GENERAL, n, B20},                  \
    [X86_REG_##name] = {GENERAL, n, B10}, [X86_REG_##name##L] = {GENERAL, n, B0}
#define EXTENDED(n)                                                                                \
    [X86_REG_R##n] = {GENERAL, n, B30}, [X86_REG_R##n##D] = {GENERAL, n, B20},                     \
    [X86_REG_R##n##W] = {GENERAL, n, B10}, [X86_REG_R##n##B] = {GENERAL, n, B0}

static const struct place general[X86_REG_ENDING] = {
    FAMILY(RAX, A),
    FAMILY(RCX, C),
    FAMILY(RDX, D),
    FAMILY(RBX, B),
    POINTER(RSP, SP),
    POINTER(RBP, BP),
    POINTER(RSI, SI),
    POINTER(RDI, DI),
    EXTENDED(8),
    EXTENDED(9),
    EXTENDED(10),
    EXTENDED(11),
    EXTENDED(12),
    EXTENDED(13),
    EXTENDED(14),
    EXTENDED(15),
    [X86_REG_RIP] = {IP, 0, 0},
    [X86_REG_EIP] = {IP, 0, 0},
    [X86_REG_RIZ] = {IP, 0, 0},
    [X86_REG_EIZ] = {IP, 0, 0},
};

static const struct range {
    x86_reg first, last;
    enum register_class class;
    unsigned parts;
} ranges[] = {
    {X86_REG_XMM0, X86_REG_XMM31, VECTORS, V_XMM}, {X86_REG_YMM0, X86_REG_YMM31, VECTORS, V_YMM},
    {X86_REG_ZMM0, X86_REG_ZMM31, VECTORS, V_ZMM}, {X86_REG_K0, X86_REG_K7, MASKS, 0},
    {X86_REG_MM0, X86_REG_MM7, X87_OR_MMX, 0},     {X86_REG_ST0, X86_REG_ST7, X87_OR_MMX, 0},
};

struct place x86_64_place(x86_reg reg) {
    if (reg == X86_REG_INVALID || reg >= X86_REG_ENDING) return (struct place){0};
    if (general[reg].class) return general[reg];
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (reg >= ranges[i].first && reg <= ranges[i].last)
            return (struct place){ranges[i].class, (int)(reg - ranges[i].first), ranges[i].parts};
    return (struct place){.class = OTHER};
}

void x86_64_add_place(struct pip_set *s, struct place p) {
    switch (p.class) {
    case GENERAL:
        add_gpr(s, p.number, p.parts);
        break;
    case VECTORS:
        add_vector(s, p.number, p.parts);
        break;
    case MASKS:
        pip_add_bits(s, MASK + p.number, 1);
        break;
    case X87_OR_MMX:
        pip_add_bits(s, X87, 1);
        break;
    case NO_CLASS:
    case IP:
    case OTHER:
        break;
    }
}
