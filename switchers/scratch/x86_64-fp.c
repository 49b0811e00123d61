/* scratch+fp, transfer by jmp: saves the preserved registers, mxcsr and the x87 control word. */
#define NAME      "scratch+fp"
#define STATE     "fp"
#define TRANSFER  "jmp"
#define FP_CLAUSE X86_64_SAVED_FP_CLAUSE
#define SUMMARY                                                                                    \
    "saves the preserved registers, mxcsr and the x87 control word; the PIP follows a call"
#include "switchers/scratch/x86_64.inc"
