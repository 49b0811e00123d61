/* cpu.c: the simple CPU, one instruction at a time, and the host's interrupt handler in its
 * language. */
#include "engines/simple/cpu.h"

#include <inttypes.h>
#include <stdio.h>

enum { RAM_BASE = 0x1000, WORD = 8, HANDLER_LIMIT = 100 };

uint64_t simple_address(enum simple_area area) {
    return RAM_BASE + (uint64_t)area * SIMPLE_REGISTERS * WORD;
}

/* ---- the handler ---- */

static const struct simple_instruction handler_rows[] = {
    ADDRESS("[0015] [1]", X, INTERRUPTED_CONTEXT),
    STORE("[0015] [1]", I, X),
    STORE("[0015] [1]", J, X),
    STORE("[0015] [1]", K, X),
    ADDRESS("[0015] [1]", X, HANDLER_CONTEXT), /* its own context, with values of its own */
    LOAD("[0015] [1]", I, X),
    LOAD("[0015] [1]", J, X),
    LOAD("[0015] [1]", K, X),
    ADDRESS("[0015] [1]", X, INTERRUPTED_CONTEXT),
    LOAD("[0015] [1]", I, X),
    LOAD("[0015] [1]", J, X),
    LOAD("[0015] [1]", K, X),
    SIMPLE("[0015]", OP_RETURN),
};
const struct simple_code simple_handler = SIMPLE_CODE(handler_rows);

/* ---- execution ---- */

/* the word of `reg` in the context that `address` points to, or NULL */
static uint64_t *word(struct simple_cpu *cpu, uint64_t address, enum simple_reg reg) {
    uint64_t index = (address - RAM_BASE) / WORD + reg;
    if (address < RAM_BASE || address % WORD || index >= (uint64_t)SIMPLE_AREAS * SIMPLE_REGISTERS)
        return NULL;
    return &cpu->ram[index / SIMPLE_REGISTERS][index % SIMPLE_REGISTERS];
}

static bool moves(enum simple_op op) {
    return op == OP_STORE || op == OP_LOAD;
}

static bool uses(const struct simple_instruction *row, enum simple_reg reg) {
    bool target = moves(row->op) || row->op == OP_ADDRESS || row->op == OP_SET;
    return (target && row->reg == reg) || (moves(row->op) && row->base == reg);
}

static const char *forbidden(const struct simple_cpu *cpu, const struct simple_instruction *row) {
    if (cpu->level == 0) return NULL;
    if (uses(row, X)) return "code above PL0 used X";
    if (row->op == OP_MASK || row->op == OP_UNMASK)
        return "code above PL0 touched the interrupt mask";
    return NULL;
}

static const char *move(struct simple_cpu *cpu, const struct simple_instruction *row) {
    uint64_t *memory = word(cpu, cpu->reg[row->base], row->reg);
    if (!memory) return "an address outside RAM";
    if (row->op == OP_STORE)
        *memory = cpu->reg[row->reg];
    else
        cpu->reg[row->reg] = *memory;
    return NULL;
}

const char *simple_step(struct simple_cpu *cpu, const struct simple_instruction *row) {
    const char *why = forbidden(cpu, row);
    if (!why && moves(row->op)) why = move(cpu, row);
    if (why) return why;
    switch (row->op) {
    case OP_ADDRESS:
        cpu->reg[row->reg] = simple_address((enum simple_area)row->value);
        break;
    case OP_SET:
        cpu->reg[row->reg] = row->value;
        break;
    case OP_MASK:
        cpu->masked = true;
        break;
    case OP_UNMASK:
        cpu->masked = false;
        break;
    case OP_ENTER:
        cpu->level = 1;
        break;
    case OP_LEAVE:
        cpu->level = 0;
        break;
    case OP_JUMP:
        cpu->pc += row->value;
        return NULL;
    case OP_STORE:
    case OP_LOAD:
    case OP_RETURN:
        break;
    }
    cpu->pc++;
    return NULL;
}

const char *simple_interrupt(struct simple_cpu *cpu, const struct simple_code *handler) {
    const size_t pc = cpu->pc;
    const unsigned level = cpu->level;
    const bool masked = cpu->masked;
    const char *why = NULL;
    bool returned = false;
    cpu->pc = 0;
    cpu->level = 0;
    cpu->masked = true;
    for (unsigned steps = 0; !why && !returned; steps++) {
        if (cpu->pc >= handler->count || steps == HANDLER_LIMIT)
            return "the handler did not return";
        returned = handler->row[cpu->pc].op == OP_RETURN;
        why = simple_step(cpu, &handler->row[cpu->pc]);
    }
    cpu->pc = pc;
    cpu->level = level;
    cpu->masked = masked;
    return why;
}

/* ---- text ---- */

void simple_text(const struct simple_instruction *row, char *text) {
    static const char *const areas[SIMPLE_AREAS] = {[HOST_CONTEXT] = "OS A context",
                                                    [GUEST_CONTEXT] = "guest context",
                                                    [INTERRUPTED_CONTEXT] = "interrupted context",
                                                    [HANDLER_CONTEXT] = "handler context",
                                                    [STACK] = "stack"};
    const char *reg = simple_registers.reg[row->reg].name,
               *base = simple_registers.reg[row->base].name;
    enum { TEXT = 64 };
    switch (row->op) {
    case OP_ADDRESS:
        snprintf(text, TEXT, "%s = address of %s", reg, areas[row->value]);
        break;
    case OP_SET:
        snprintf(text, TEXT, "%s = %" PRIu64, reg, row->value);
        break;
    case OP_STORE:
        snprintf(text, TEXT, "store %s to %s", reg, base);
        break;
    case OP_LOAD:
        snprintf(text, TEXT, "load %s from %s", reg, base);
        break;
    case OP_MASK:
        snprintf(text, TEXT, "mask interrupts");
        break;
    case OP_UNMASK:
        snprintf(text, TEXT, "unmask interrupts");
        break;
    case OP_ENTER:
        snprintf(text, TEXT, "enter the guest");
        break;
    case OP_LEAVE:
        snprintf(text, TEXT, "leave the guest");
        break;
    case OP_JUMP:
        snprintf(text, TEXT, "jump to [4]");
        break;
    case OP_RETURN:
        snprintf(text, TEXT, "return from interrupt");
        break;
    }
}
