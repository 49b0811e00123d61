/* full+xsave, transfer by jmp: full and all extended state that the OS enables, by xsave. */
#define NAME          "full+xsave"
#define STATE         "xsave"
#define TRANSFER      "jmp"
#define STATE_CLAUSES X86_64_XSAVE_CLAUSES
#define CLOBBERS
#define LACKS x86_64_lacks_xsave
#define SUMMARY                                                                                    \
    "full and all extended state that the OS enables, by xsave; valid at any instruction"
#include "switchers/full/x86_64.inc"
