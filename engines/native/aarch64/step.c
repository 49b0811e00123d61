/* aarch64/step.c: the instruction at which a traced thread stands. */
#define STOPPED_AT(regs) (regs).pc
#define DECODE           aarch64_decode
#include "engines/native/step_regset.inc"
