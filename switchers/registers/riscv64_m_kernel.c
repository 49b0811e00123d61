/* riscv64_m_kernel.c: the registers of RV64 in machine mode, for the harness. */
#define MACHINE
#include "switchers/registers/riscv64_kernel.h"
#include "switchers/registers/riscv64_kernel_clauses.h"

static const struct reg rows[] = {
#define REG(name, class, bits, privilege, convention, slot)                                        \
    {#name, #class, bits, #privilege, #convention, slot},
#include "switchers/registers/riscv64_m_kernel.def"
#undef REG
};

const char *const riscv64_m_kernel_x[] = {"mepc", "mscratch", "mstatus", NULL};
KERNEL_TABLE(riscv64_m, "riscv64_m", RISCV64_KERNEL_IMAGE);
