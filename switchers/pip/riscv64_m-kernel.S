/* pip, for a host in machine mode: the same text with that mode's registers. */
#define MACHINE
#include "switchers/pip/riscv64-kernel.S"
