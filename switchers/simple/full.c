/* full, unmasked: the application switch [1] with interrupts on. */
#define MASK_NAME "none"
#define MASKED(row)
#define OPEN(row) row,
#define SUMMARY   "the application switch [1], interrupts on"
#include "switchers/simple/full.inc"
