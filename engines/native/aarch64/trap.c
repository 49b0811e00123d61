/* aarch64/trap.c: breakpoints by brk, and instructions as text (trap.h). */
#define PC_WORD         32
#define BREAKPOINT      0xd4200000L
#define BREAKPOINT_BITS 32
#include "engines/native/trap_regset.inc"

#include <capstone/capstone.h>
#include <stdio.h>

size_t trap_instruction(const uint8_t *at, char text[INSTRUCTION_TEXT]) {
    enum { BYTES = 4 };
    csh handle;
    cs_insn *insn;
    if (cs_open(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN, &handle) != CS_ERR_OK) return 0;
    size_t length = 0;
    if (cs_disasm(handle, at, BYTES, 0, 1, &insn) == 1) {
        length = insn->size;
        snprintf(text, INSTRUCTION_TEXT, "%.20s%s%.50s", insn->mnemonic, insn->op_str[0] ? " " : "",
                 insn->op_str);
        cs_free(insn, 1);
    }
    cs_close(&handle);
    return length;
}
