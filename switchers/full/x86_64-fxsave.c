/* full+fxsave, transfer by jmp: full and x87, mxcsr, 16 xmm by fxsave. */
#define NAME          "full+fxsave"
#define STATE         "fxsave"
#define TRANSFER      "jmp"
#define STATE_CLAUSES X86_64_SAVED_FP_CLAUSE, X86_64_SAVED("x87"), X86_64_SAVED("xmm")
#define CLOBBERS
#define LACKS   NULL
#define SUMMARY "full and x87, mxcsr, 16 xmm by fxsave; valid at any instruction"
#include "switchers/full/x86_64.inc"
