/* riscv64_text.c: RV64I and Zicsr instructions as assembly (RISC-V unprivileged ISA 20191213,
 * chapter 24), with the pseudo-instructions that assemblers print: what a corruption map names its
 * boundaries with. Capstone 4 does not know RISC-V. */
#include "engines/decode/decode.h"

#include <stdio.h>
#include <string.h>

static const char *const registers[] = {"zero", "ra", "sp",  "gp",  "tp", "t0", "t1", "t2",
                                        "s0",   "s1", "a0",  "a1",  "a2", "a3", "a4", "a5",
                                        "a6",   "a7", "s2",  "s3",  "s4", "s5", "s6", "s7",
                                        "s8",   "s9", "s10", "s11", "t3", "t4", "t5", "t6"};

enum form { IMMEDIATE, REGISTER, LOAD, STORE, BRANCH, UPPER, JUMP, SYSTEM, SYSTEM_IMMEDIATE };
static const struct row {
    uint32_t match, mask;
    const char *name;
    enum form form;
} rows[] = {
    {0x00000037, 0x0000007f, "lui", UPPER},
    {0x00000017, 0x0000007f, "auipc", UPPER},
    {0x0000006f, 0x0000007f, "jal", JUMP},
    {0x00000067, 0x0000707f, "jalr", LOAD},
    {0x00000063, 0x0000707f, "beq", BRANCH},
    {0x00001063, 0x0000707f, "bne", BRANCH},
    {0x00004063, 0x0000707f, "blt", BRANCH},
    {0x00005063, 0x0000707f, "bge", BRANCH},
    {0x00006063, 0x0000707f, "bltu", BRANCH},
    {0x00007063, 0x0000707f, "bgeu", BRANCH},
    {0x00000003, 0x0000707f, "lb", LOAD},
    {0x00001003, 0x0000707f, "lh", LOAD},
    {0x00002003, 0x0000707f, "lw", LOAD},
    {0x00003003, 0x0000707f, "ld", LOAD},
    {0x00004003, 0x0000707f, "lbu", LOAD},
    {0x00005003, 0x0000707f, "lhu", LOAD},
    {0x00006003, 0x0000707f, "lwu", LOAD},
    {0x00000023, 0x0000707f, "sb", STORE},
    {0x00001023, 0x0000707f, "sh", STORE},
    {0x00002023, 0x0000707f, "sw", STORE},
    {0x00003023, 0x0000707f, "sd", STORE},
    {0x00000013, 0x0000707f, "addi", IMMEDIATE},
    {0x00006013, 0x0000707f, "ori", IMMEDIATE},
    {0x00007013, 0x0000707f, "andi", IMMEDIATE},
    {0x00001013, 0xfc00707f, "slli", IMMEDIATE},
    {0x00000033, 0xfe00707f, "add", REGISTER},
    {0x40000033, 0xfe00707f, "sub", REGISTER},
    {0x00006033, 0xfe00707f, "or", REGISTER},
    {0x00007033, 0xfe00707f, "and", REGISTER},
    {0x00001073, 0x0000707f, "csrrw", SYSTEM},
    {0x00002073, 0x0000707f, "csrrs", SYSTEM},
    {0x00003073, 0x0000707f, "csrrc", SYSTEM},
    {0x00005073, 0x0000707f, "csrrwi", SYSTEM_IMMEDIATE},
    {0x00006073, 0x0000707f, "csrrsi", SYSTEM_IMMEDIATE},
    {0x00007073, 0x0000707f, "csrrci", SYSTEM_IMMEDIATE},
};
/* with a register that is zero, or no offset */
static const struct {
    uint32_t match, mask;
    const char *text;
} whole[] = {
    {0x00000013, 0xffffffff, "nop"},     {0x00008067, 0xffffffff, "ret"},
    {0x00000073, 0xffffffff, "ecall"},   {0x00100073, 0xffffffff, "ebreak"},
    {0x10200073, 0xffffffff, "sret"},    {0x30200073, 0xffffffff, "mret"},
    {0x0000100f, 0xffffffff, "fence.i"}, {0x10500073, 0xffffffff, "wfi"},
};
static const struct {
    unsigned number;
    const char *name;
} system_registers[] = {
    {0x001, "fflags"},   {0x002, "frm"},      {0x003, "fcsr"},       {0x100, "sstatus"},
    {0x104, "sie"},      {0x105, "stvec"},    {0x106, "scounteren"}, {0x10a, "senvcfg"},
    {0x140, "sscratch"}, {0x141, "sepc"},     {0x142, "scause"},     {0x143, "stval"},
    {0x144, "sip"},      {0x14d, "stimecmp"}, {0x180, "satp"},       {0x300, "mstatus"},
    {0x304, "mie"},      {0x305, "mtvec"},    {0x342, "mcause"},     {0x343, "mtval"},
    {0x340, "mscratch"}, {0x341, "mepc"},     {0xc00, "cycle"},      {0xc01, "time"},
    {0xc02, "instret"},
};

static const char *system_register(unsigned number) {
    static char text[16];
    for (size_t i = 0; i < sizeof system_registers / sizeof *system_registers; i++)
        if (system_registers[i].number == number) return system_registers[i].name;
    snprintf(text, sizeof text, "0x%x", number);
    return text;
}

static int signed_bits(uint32_t word, unsigned high, unsigned low) {
    return (int)(word << (31 - high)) >> (31 - high + low);
}
static int store_offset(uint32_t w) {
    return signed_bits(w, 31, 25) * 32 + (int)(w >> 7 & 31);
}
static int branch_offset(uint32_t w) {
    return signed_bits(w, 31, 31) * 4096 + (int)(w >> 7 & 1) * 2048 + (int)(w >> 25 & 63) * 32 +
           (int)(w >> 8 & 15) * 2;
}
static int jump_offset(uint32_t w) {
    return signed_bits(w, 31, 31) * (1 << 20) + (int)(w >> 12 & 255) * 4096 +
           (int)(w >> 20 & 1) * 2048 + (int)(w >> 21 & 1023) * 2;
}

static void control(const struct row *row, const char *to, const char *from, const char *reg,
                    bool no_to, bool no_from, char *text, size_t size) {
    char short_name[8];
    snprintf(short_name, sizeof short_name, "csr%s", row->name + 4); /* csrw, csrsi, ... */
    if (no_from && row->form == SYSTEM && row->name[4] == 's')
        snprintf(text, size, "csrr %s, %s", to, reg);
    else if (no_to)
        snprintf(text, size, "%s %s, %s", short_name, reg, from);
    else
        snprintf(text, size, "%s %s, %s, %s", row->name, to, reg, from);
}

static void print(const struct row *row, uint32_t w, char *text, size_t size) {
    const char *to = registers[w >> 7 & 31], *a = registers[w >> 15 & 31],
               *b = registers[w >> 20 & 31];
    char number[12];
    switch (row->form) {
    case IMMEDIATE:
        snprintf(text, size, "%s %s, %s, %d", row->name, to, a, signed_bits(w, 31, 20));
        break;
    case REGISTER:
        snprintf(text, size, "%s %s, %s, %s", row->name, to, a, b);
        break;
    case LOAD:
        snprintf(text, size, "%s %s, %d(%s)", row->name, to, signed_bits(w, 31, 20), a);
        break;
    case STORE:
        snprintf(text, size, "%s %s, %d(%s)", row->name, b, store_offset(w), a);
        break;
    case BRANCH:
        snprintf(text, size, "%s %s, %s, .%+d", row->name, a, b, branch_offset(w));
        break;
    case UPPER:
        snprintf(text, size, "%s %s, 0x%x", row->name, to, w >> 12);
        break;
    case JUMP:
        snprintf(text, size, "%s %s, .%+d", row->name, to, jump_offset(w));
        break;
    case SYSTEM:
        control(row, to, a, system_register(w >> 20), !(w >> 7 & 31), !(w >> 15 & 31), text, size);
        break;
    case SYSTEM_IMMEDIATE:
        snprintf(number, sizeof number, "%u", w >> 15 & 31);
        control(row, to, number, system_register(w >> 20), !(w >> 7 & 31), false, text, size);
    }
}

void riscv64_text(uint32_t word, char *text, size_t size) {
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if ((word & whole[i].mask) == whole[i].match) {
            snprintf(text, size, "%s", whole[i].text);
            return;
        }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if ((word & rows[i].mask) == rows[i].match) {
            print(&rows[i], word, text, size);
            return;
        }
    if ((word & 3) == 3)
        snprintf(text, size, ".4byte 0x%08x", word);
    else
        snprintf(text, size, ".2byte 0x%04x", word & 0xffff); /* compressed */
}
