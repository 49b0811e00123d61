/* scratch: saves the preserved registers; the PIP follows a call; transfer by br. */
#include "switchers/registers/aarch64.h"

/* x0 = from, x1 = to: argument registers, inconsequential after a call; so is x9. x30 has the
 * return address. */
#define BODY                                                                                       \
    "save x0, gpr_preserved, link\n\t"                                                             \
    "rows fp_preserved, pair_save_low, x0\n\t"                                                     \
    "rows sp, through_x9_save, x0\n\t"                                                             \
    "rows sp, through_x9_restore, x1\n\t"                                                          \
    "rows fp_preserved, pair_restore_low, x1\n\t"                                                  \
    "restore x1, gpr_preserved, link\n\t"                                                          \
    "br x30\n"
#define SITE(from, to)                                                                             \
    "adrp x0, context_" from ID "\n\tadd x0, x0, :lo12:context_" from ID "\n\t"                    \
    "adrp x1, context_" to ID "\n\tadd x1, x1, :lo12:context_" to ID "\n\tbl switch" ID
#define FP_REASON "preserved by the calling convention: the low halves of v8 to v15"
#include "switchers/scratch/link.inc"
