/* cpu.h: the patent's simple CPU 110 with its RAM 112, executable: four registers, two privilege levels, one interrupt line. */
#ifndef SWITCHLAB_SIMPLE_CPU_H
#define SWITCHLAB_SIMPLE_CPU_H

#include "switchers/simple/simple.h"

#include <stdbool.h>

struct simple_cpu {
    uint64_t reg[SIMPLE_REGISTERS];
    size_t pc;
    unsigned level; /* 0 may do everything; PL1 and up may not use X or mask interrupts [0011], [0014] */
    bool masked, pending;
    uint64_t ram[SIMPLE_AREAS][SIMPLE_REGISTERS];
};

/* where an area is: addresses are 64-bit, 8 to a word */
uint64_t simple_address(enum simple_area);

/* Executes the instruction; NULL, or why the CPU can't: "PL1 code used X", "an address outside RAM" */
const char *simple_step(struct simple_cpu *, const struct simple_instruction *);

/* Delivers an interrupt: the CPU masks further ones and goes to PL0, the handler runs to its end, and both are as before.
 * NULL or why it crashed. */
const char *simple_interrupt(struct simple_cpu *, const struct simple_code *handler);

/* the host's handler: uses X freely [0013] and preserves I, J and K by the application switch [1] */
extern const struct simple_code simple_handler;

/* "store X to I"; text is at least 64 bytes */
void simple_text(const struct simple_instruction *, char *text);

#endif
