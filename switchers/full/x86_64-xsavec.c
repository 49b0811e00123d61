/* full+xsavec, transfer by jmp: full and all extended state that the OS enables, by xsavec. */
#define NAME          "full+xsavec"
#define STATE         "xsavec"
#define TRANSFER      "jmp"
#define STATE_CLAUSES X86_64_XSAVE_CLAUSES
#define CLOBBERS
#define LACKS x86_64_lacks_xsavec
#define SUMMARY                                                                                    \
    "full and all extended state that the OS enables, by xsavec; valid at any instruction"
#include "switchers/full/x86_64.inc"
