/* full+zmm, transfer by jmp: full+fp, 32 zmm and 8 mask registers by moves. */
#define NAME     "full+zmm"
#define STATE    "zmm"
#define TRANSFER "jmp"
#define STATE_CLAUSES                                                                              \
    X86_64_SAVED_FP_CLAUSE, X86_64_SAVED("xmm"), X86_64_SAVED("ymmh"), X86_64_SAVED("zmmh"),       \
        X86_64_SAVED("zmm"), X86_64_SAVED("mask")
#define CLOBBERS
#define LACKS   x86_64_lacks_avx512
#define SUMMARY "full+fp, 32 zmm and 8 mask registers by moves; valid at any instruction"
#include "switchers/full/x86_64.inc"
