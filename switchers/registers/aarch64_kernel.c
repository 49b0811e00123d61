/* aarch64_kernel.c: the registers of Armv8-A at EL1, for the harness. */
#include "switchers/registers/aarch64_kernel.h"
#include "switchers/registers/aarch64_kernel_clauses.h"

static const struct reg rows[] = {
#define REG(name, class, bits, privilege, convention, slot)                                        \
    {#name, #class, bits, #privilege, #convention, slot},
#include "switchers/registers/aarch64_kernel.def"
#undef REG
};

const char *const aarch64_kernel_x[] = {"elr_el1", "spsr_el1", "tpidr_el1", "sp_el0", NULL};
KERNEL_TABLE(aarch64, "aarch64", AARCH64_KERNEL_IMAGE);
