/* full+fp: full, and 32 floating-point registers with their control register; transfer by jr. */
#include "switchers/registers/riscv64.h"

#define NAME    "full+fp"
#define STATE   "fp"
#define SUMMARY "full, 32 floating-point registers and fcsr; valid at any instruction"
#define CLOBBERS
#define STATE_CLAUSES SAVED_STATE("fpcontrol"), SAVED_STATE("fp")
#define REST_REASON   "no register is left"
#include "switchers/full/riscv64.inc"
