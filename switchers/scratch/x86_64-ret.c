/* scratch, transfer by ret: saves the preserved registers. */
#define NAME      "scratch"
#define STATE     "none"
#define TRANSFER  "ret"
#define FP_CLAUSE X86_64_SHARED_FP_CLAUSE
#define SUMMARY   "saves the preserved registers; the PIP follows a call"
#include "switchers/scratch/x86_64.inc"
