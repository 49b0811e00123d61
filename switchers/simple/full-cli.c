/* full, masked: the application switch [1] as an interrupt handler performs it, with interrupts
 * off. */
#define MASK_NAME   "cli"
#define MASKED(row) row,
#define OPEN(row)
#define SUMMARY "the application switch [1], interrupts off"
#include "switchers/simple/full.inc"
