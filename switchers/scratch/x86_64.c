/* scratch, transfer by jmp: saves the preserved registers. */
#define WITH_PRESSURE
#define WITH_MANY "switchers/scratch/x86_64-many.inc"
#define NAME      "scratch"
#define STATE     "none"
#define TRANSFER  "jmp"
#define FP_CLAUSE X86_64_SHARED_FP_CLAUSE
#define SUMMARY   "saves the preserved registers; the PIP follows a call"
#include "switchers/scratch/x86_64.inc"
