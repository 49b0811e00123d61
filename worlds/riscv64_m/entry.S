// entry.S: the riscv64 world with a host in machine mode.
#define MACHINE
#include "worlds/riscv64/entry.S"
