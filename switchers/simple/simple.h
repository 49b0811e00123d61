/* simple.h: the language of the patent's simple CPU [0011], [0012]: its registers, its
 * instructions, and a switch written in it. Switches are data, so what is executed, what is printed
 * and what is removed to test the check are the same rows. */
#ifndef SWITCHLAB_SIMPLE_H
#define SWITCHLAB_SIMPLE_H

#include "harness/switcher.h"

#include <stddef.h>
#include <stdint.h>

enum simple_reg {
#define REG(name, class, bits, privilege, convention, slot) name,
#include "switchers/registers/simple.def"
#undef REG
    SIMPLE_REGISTERS
};
extern const struct register_file simple_registers;

/* places in RAM 112. Each holds one context; a register's word in it is at the register's number */
enum simple_area {
    HOST_CONTEXT,
    GUEST_CONTEXT,
    INTERRUPTED_CONTEXT,
    HANDLER_CONTEXT,
    STACK,
    SIMPLE_AREAS
};

enum simple_op {
    OP_ADDRESS, /* reg = address of an area */
    OP_SET,     /* reg = value */
    OP_STORE,   /* writes reg to the context whose address is in base [0012] */
    OP_LOAD,    /* reads it from there */
    OP_MASK,    /* no interrupts [0020] */
    OP_UNMASK,
    OP_ENTER,  /* to PL1, where X is out of reach [0019] */
    OP_LEAVE,  /* a trap to PL0: the virtual machine has the CPU again */
    OP_JUMP,   /* `value` instructions further on */
    OP_RETURN, /* from an interrupt */
};

/* when an instruction with a mark executes, the oracle notes the registers */
enum simple_mark { NO_MARK, AT_PIP, GUEST_ENTERED, GUEST_LEFT, AT_RESUMPTION, SIMPLE_MARKS };

struct simple_instruction {
    const char *source; /* where the patent has it */
    enum simple_op op;
    enum simple_reg reg, base;
    uint64_t value; /* of OP_SET, an area, or a distance */
    enum simple_mark mark;
};

struct simple_code {
    const struct simple_instruction *row;
    size_t count;
};
#define SIMPLE_CODE(rows)                                                                          \
    { rows, sizeof rows / sizeof *rows }

struct simple_program {
    struct simple_code code;
    unsigned context; /* a bit for each register that the host OS uses at the PIP; others are
                         inconsequential [0021] */
    uint64_t answer;  /* what arrives in I at [4], where I is inconsequential [0028] */
};

/* the rows of a program; a mark may stand last in a row */
#define SIMPLE(where, what, ...)                                                                   \
    { .source = where, .op = what, ##__VA_ARGS__ }
#define ADDRESS(where, r, area, ...)                                                               \
    SIMPLE(where, OP_ADDRESS, .reg = r, .value = area, ##__VA_ARGS__)
#define SET(where, r, v)   SIMPLE(where, OP_SET, .reg = r, .value = v)
#define STORE(where, r, b) SIMPLE(where, OP_STORE, .reg = r, .base = b)
#define LOAD(where, r, b)  SIMPLE(where, OP_LOAD, .reg = r, .base = b)

#endif
