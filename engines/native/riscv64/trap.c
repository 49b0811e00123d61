/* riscv64/trap.c: breakpoints by c.ebreak, which fits any instruction, and instructions as text
 * (trap.h). */
#define PC_WORD         0
#define BREAKPOINT      0x9002L
#define BREAKPOINT_BITS 16
#include "engines/native/trap_regset.inc"

#include "engines/decode/decode.h"

#include <string.h>

size_t trap_instruction(const uint8_t *at, char text[INSTRUCTION_TEXT]) {
    enum { LONG = 3 };
    uint32_t word = 0;
    size_t length = (at[0] & LONG) == LONG ? 4 : 2;
    memcpy(&word, at, length);
    riscv64_text(word, text, INSTRUCTION_TEXT);
    return length;
}
