/* pip, unmasked: [2] and [3] with interrupts on, to show what the mask is for. */
#define MASK_NAME "none"
#define MASKED(row)
#define OPEN(row) row,
#define SUMMARY   "save [2] and restore [3] at the PIP, interrupts on"
#include "switchers/simple/pip.inc"
