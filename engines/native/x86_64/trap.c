/* x86_64/trap.c: breakpoints by int3, and instructions as text (trap.h). */
#include "engines/native/trap.h"

#include <capstone/capstone.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>

enum { INT3 = 0xcc, INSTRUCTION_MOST = 15 };

size_t trap_instruction(const uint8_t *at, char text[INSTRUCTION_TEXT]) {
    csh handle;
    cs_insn *insn;
    if (cs_open(CS_ARCH_X86, CS_MODE_64, &handle) != CS_ERR_OK) return 0;
    cs_option(handle, CS_OPT_SYNTAX, CS_OPT_SYNTAX_ATT);
    size_t length = 0;
    if (cs_disasm(handle, at, INSTRUCTION_MOST, 0, 1, &insn) == 1) {
        length = insn->size;
        snprintf(text, INSTRUCTION_TEXT, "%.20s%s%.50s", insn->mnemonic, insn->op_str[0] ? " " : "",
                 insn->op_str);
        cs_free(insn, 1);
    }
    cs_close(&handle);
    return length;
}

bool trap_plant(struct trap *trap, pid_t child, const uint8_t *at) {
    errno = 0;
    trap->at = at;
    trap->covered = ptrace(PTRACE_PEEKTEXT, child, at, 0);
    if (errno) return false;
    return ptrace(PTRACE_POKETEXT, child, at, (trap->covered & ~0xffL) | INT3) == 0;
}

bool trap_hit(const struct trap *trap, pid_t child) {
    struct user_regs_struct regs;
    if (ptrace(PTRACE_GETREGS, child, 0, &regs) != 0) return false;
    if (regs.rip != (uint64_t)(uintptr_t)trap->at + 1) return false;
    regs.rip--;
    return ptrace(PTRACE_SETREGS, child, 0, &regs) == 0 &&
           ptrace(PTRACE_POKETEXT, child, trap->at, trap->covered) == 0;
}
