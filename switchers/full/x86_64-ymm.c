/* full+ymm, transfer by jmp: full+fp and 16 ymm by moves. */
#define NAME          "full+ymm"
#define STATE         "ymm"
#define TRANSFER      "jmp"
#define STATE_CLAUSES X86_64_SAVED_FP_CLAUSE, X86_64_SAVED("xmm"), X86_64_SAVED("ymmh")
#define CLOBBERS
#define LACKS   x86_64_lacks_avx
#define SUMMARY "full+fp and 16 ymm by moves; valid at any instruction"
#include "switchers/full/x86_64.inc"
