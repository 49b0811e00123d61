/* full+xmm, transfer by jmp: full+fp and 16 xmm by moves. */
#define NAME          "full+xmm"
#define STATE         "xmm"
#define TRANSFER      "jmp"
#define STATE_CLAUSES X86_64_SAVED_FP_CLAUSE, X86_64_SAVED("xmm")
#define CLOBBERS
#define LACKS   NULL
#define SUMMARY "full+fp and 16 xmm by moves; valid at any instruction"
#include "switchers/full/x86_64.inc"
