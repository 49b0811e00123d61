/* aarch64/step.c: the instruction at which a traced thread stands. */
#define PC_WORD 32
#define DECODE  aarch64_decode
#include "engines/native/step_regset.inc"
