/* full+fp, transfer by ret: full, mxcsr and the x87 control word. */
#define NAME          "full+fp"
#define STATE         "fp"
#define TRANSFER      "ret"
#define STATE_CLAUSES X86_64_SAVED_FP_CLAUSE
#define CLOBBERS      X86_64_VECTORS_CLOBBERED
#define LACKS         NULL
#define SUMMARY       "full, mxcsr and the x87 control word; valid at any instruction"
#include "switchers/full/x86_64.inc"
