/* full, for a host in machine mode: the same text with that mode's registers. */
#define MACHINE
#include "switchers/full/riscv64-kernel.S"
