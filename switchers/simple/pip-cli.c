/* pip, masked: [2] and [3] with interrupts off, the patent's switch [0020]. */
#define MASK_NAME   "cli"
#define MASKED(row) row,
#define OPEN(row)
#define SUMMARY "save [2] and restore [3] at the PIP, interrupts off"
#include "switchers/simple/pip.inc"
