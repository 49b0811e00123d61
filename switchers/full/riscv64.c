/* full: the general registers, sp and pc; transfer by jr. */
#include "switchers/registers/riscv64.h"

#define NAME    "full"
#define STATE   "none"
#define SUMMARY "28 general registers, sp and pc; valid at any instruction"
#define WITH_PRESSURE
#define CLOBBERS      VECTORS_CLOBBERED,
#define STATE_CLAUSES SHARED_FP_CLAUSE
#define REST_REASON   "outside this variant's state: declared clobbered to the compiler"
#include "switchers/full/riscv64.inc"
