/* x86_64.c: QEMU's machine for the x86-64 world, and what the instructions of switchers at ring 0
 * do. */
#include "engines/world/machine.h"

static const char *const arguments[] = {"-M",
                                        "microvm,acpi=off,rtc=off",
                                        "-m",
                                        "64",
                                        "-display",
                                        "none",
                                        "-nodefaults",
                                        "-no-reboot",
                                        "-no-shutdown",
                                        "-debugcon",
                                        "stdio",
                                        "-device",
                                        "isa-debug-exit,iobase=0xf4,iosize=1",
                                        "-accel",
                                        "tcg",
                                        "-cpu",
                                        "max",
                                        "-icount",
                                        "shift=0,sleep=off",
                                        NULL};

/* isa-debug-exit ends QEMU with 2 v + 1. After a triple fault the machine stands still, so that its
 * time limit finds its last registers */
static int world_status(int status) {
    return status & 1 ? status >> 1 : -1;
}

/* Intel SDM vol. 2. Capstone 4 does not say reliably which operand is written, so the table does.
 */
enum memory { NONE, FIRST_WRITTEN, READ }; /* what an explicit operand in memory is */
static const struct row {
    x86_insn id;
    enum memory memory;
    unsigned load, store; /* bytes of accesses without an operand: the stack */
    unsigned bytes;       /* of the operand; 0: as Capstone says */
    unsigned privileged;
} rows[] = {
    {X86_INS_MOV, FIRST_WRITTEN, 0, 0, 0, 0},
    {X86_INS_LEA, NONE, 0, 0, 0, 0},
    {X86_INS_XOR, NONE, 0, 0, 0, 0},
    {X86_INS_CALL, READ, 0, 8, 0, 0},
    {X86_INS_JMP, READ, 0, 0, 0, 0},
    {X86_INS_RET, NONE, 8, 0, 0, 0},
    {X86_INS_PUSH, READ, 0, 8, 0, 0},
    {X86_INS_POP, FIRST_WRITTEN, 8, 0, 0, 0},
    {X86_INS_PUSHFQ, NONE, 0, 8, 0, 0},
    {X86_INS_POPFQ, NONE, 8, 0, 0, 0},
    {X86_INS_CLI, NONE, 0, 0, 0, 1},
    {X86_INS_STI, NONE, 0, 0, 0, 1},
    {X86_INS_RDMSR, NONE, 0, 0, 0, 1},
    {X86_INS_WRMSR, NONE, 0, 0, 0, 1},
    {X86_INS_SWAPGS, NONE, 0, 0, 0, 1},
    {X86_INS_LIDT, READ, 0, 0, 10, 1},
    {X86_INS_SIDT, FIRST_WRITTEN, 0, 0, 10, 0},
    {X86_INS_NOP, NONE, 0, 0, 0, 0},
};

static bool is_control(const cs_x86_op *op) {
    return op->type == X86_OP_REG && op->reg >= X86_REG_CR0 && op->reg <= X86_REG_CR15;
}

static void access(struct world_effect *e, unsigned load, unsigned store) {
    e->loads += load > 0;
    e->stores += store > 0;
    e->bytes += load + store;
}

static const char *effect(const cs_insn *insn, struct world_effect *e) {
    const struct row *row = rows, *end = rows + sizeof rows / sizeof *rows;
    while (row < end && row->id != (x86_insn)insn->id)
        row++;
    if (row == end) return "engines/qemu/x86_64.c has no row for this instruction";
    access(e, row->load, row->store);
    e->privileged = row->privileged;
    for (int i = 0; i < insn->detail->x86.op_count; i++) {
        const cs_x86_op *op = &insn->detail->x86.operands[i];
        unsigned bytes = row->bytes ? row->bytes : op->size;
        if (is_control(op)) e->privileged = 1;
        if (op->type != X86_OP_MEM || row->memory == NONE) continue;
        bool written = row->memory == FIRST_WRITTEN && i == 0;
        access(e, written ? 0 : bytes, written ? bytes : 0);
    }
    return NULL;
}

static const struct machine x86_64 = {
    .name = "x86_64",
    .program = "qemu-system-x86_64",
    .package = "qemu-system-x86",
    .arguments = arguments,
    .world_status = world_status,
    .arch = CS_ARCH_X86,
    .mode = CS_MODE_64,
    .effect = effect,
};
REGISTER_MACHINE(x86_64);
