/* riscv64/step.c: the instruction at which a traced thread stands. Linux steps no RISC-V thread (no
 * PTRACE_SINGLESTEP as of 6.1): there the counts are a stated skip. */
#define PC_WORD 0
#define DECODE  riscv64_decode
#include "engines/native/step_regset.inc"
