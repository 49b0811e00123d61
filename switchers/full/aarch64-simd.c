/* full+simd: full, and 32 vector registers with their control and status registers; transfer by br.
 */
#include "switchers/registers/aarch64.h"

#define NAME    "full+simd"
#define STATE   "simd"
#define SUMMARY "full, 32 vector registers, fpcr and fpsr; valid at any instruction"
#define CLOBBERS
#define STATE_CLAUSES                                                                              \
    SAVED_STATE("fpcontrol"), SAVED_STATE("fpstatus"), SAVED_STATE("fp"), SAVED_STATE("simd")
#define REST_REASON "no register is left"
#include "switchers/full/aarch64.inc"
