/* arch.c: the riscv64 world with a host in machine mode. */
#include "worlds/riscv64/arch.c"
