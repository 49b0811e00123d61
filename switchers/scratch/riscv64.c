/* scratch: saves the preserved registers; the PIP follows a call; transfer by jr. */
#include "switchers/registers/riscv64.h"

/* a0 = from, a1 = to: argument registers, inconsequential after a call; so is t1. ra has the return
 * address. */
#define BODY                                                                                       \
    "rows gpr_preserved, save_gpr, a0\n\t"                                                         \
    "rows fp_preserved, save_fp, a0\n\t"                                                           \
    "step_begin\n\tsd ra, 256(a0)\n\tstep_end save, pc\n\t"                                        \
    "rows sp, save_gpr, a0\n\t"                                                                    \
    "rows sp, restore_gpr, a1\n\t"                                                                 \
    "step_begin\n\tld t1, 256(a1)\n\tstep_end restore, pc\n\t"                                     \
    "rows fp_preserved, restore_fp, a1\n\t"                                                        \
    "rows gpr_preserved, restore_gpr, a1\n\t"                                                      \
    "jr t1\n"
#define SITE(from, to) "lla a0, context_" from ID "\n\tla a1, context_" to ID "\n\tcall switch" ID
#define FP_REASON      "preserved by the calling convention"
#include "switchers/scratch/link.inc"
