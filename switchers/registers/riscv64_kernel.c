/* riscv64_kernel.c: the registers of RV64 in supervisor mode, for the harness. */
#include "switchers/registers/riscv64_kernel.h"
#include "switchers/registers/riscv64_kernel_clauses.h"

static const struct reg rows[] = {
#define REG(name, class, bits, privilege, convention, slot)                                        \
    {#name, #class, bits, #privilege, #convention, slot},
#include "switchers/registers/riscv64_kernel.def"
#undef REG
};

const char *const riscv64_kernel_x[] = {"sepc", "sscratch", "sstatus", NULL};
KERNEL_TABLE(riscv64, "riscv64", RISCV64_KERNEL_IMAGE);
