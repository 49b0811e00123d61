/* full+xsaveopt, transfer by jmp: full and all extended state that the OS enables, by xsaveopt. */
#define NAME          "full+xsaveopt"
#define STATE         "xsaveopt"
#define TRANSFER      "jmp"
#define STATE_CLAUSES X86_64_XSAVE_CLAUSES
#define CLOBBERS
#define LACKS x86_64_lacks_xsaveopt
#define SUMMARY                                                                                    \
    "full and all extended state that the OS enables, by xsaveopt; valid at any instruction"
#include "switchers/full/x86_64.inc"
