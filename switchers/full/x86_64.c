/* full, transfer by jmp: 16 general registers, rip and flags. */
#define WITH_PRESSURE
#define WITH_MANY "switchers/full/x86_64-many.inc"
#define NAME          "full"
#define STATE         "none"
#define TRANSFER      "jmp"
#define STATE_CLAUSES X86_64_SHARED_FP_CLAUSE
#define CLOBBERS      X86_64_VECTORS_CLOBBERED
#define LACKS         NULL
#define SUMMARY       "16 general registers, rip and flags; valid at any instruction"
#include "switchers/full/x86_64.inc"
