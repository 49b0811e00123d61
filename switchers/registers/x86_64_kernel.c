/* x86_64_kernel.c: the registers of x86-64 at ring 0, for the harness. */
#include "switchers/registers/x86_64_kernel.h"
#include "switchers/registers/x86_64_kernel_clauses.h"

static const struct reg rows[] = {
#define REG(name, class, bits, privilege, convention, slot)                                        \
    {#name, #class, bits, #privilege, #convention, slot},
#include "switchers/registers/x86_64_kernel.def"
#undef REG
};

const char *const x86_64_kernel_x[] = {"cr2", "gs_base", "kernel_gs_base", NULL};
KERNEL_TABLE(x86_64, "x86_64", X86_64_KERNEL_IMAGE);
