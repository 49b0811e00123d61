/* full: 31 general registers, sp, pc and flags; transfer by br. */
#include "switchers/registers/aarch64.h"

#define NAME    "full"
#define STATE   "none"
#define SUMMARY "31 general registers, sp, pc and flags; valid at any instruction"
#define WITH_PRESSURE
#define CLOBBERS      VECTORS_CLOBBERED,
#define STATE_CLAUSES SHARED_FP_CLAUSE
#define REST_REASON   "outside this variant's state: declared clobbered to the compiler"
#include "switchers/full/aarch64.inc"
