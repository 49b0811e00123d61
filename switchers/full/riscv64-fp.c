/* full+fp: full, and 32 floating-point registers with their control register; transfer by jr. */
#include "switchers/registers/riscv64.h"

#ifdef __riscv
#define STATE "fp"
#define CLOBBERS
#include "switchers/full/riscv64.inc"
#endif

static const struct clause clauses[] = {
    {"gpr", NULL, SAVED, "every general register"},
    {"link", NULL, SAVED, "every general register"},
    {"sp", NULL, SAVED, "every general register"},
    {"pc", NULL, SAVED, "resumes at the next instruction"},
    {"fpcontrol", NULL, SAVED, "in this variant's state"},
    {"fp", NULL, SAVED, "in this variant's state"},
    RISCV64_THREAD_CLAUSES,
    {NULL, NULL, INCONSEQUENTIAL, "no register is left"},
};

static const struct switcher full = {
    .name = "full+fp",
    .kind = "full",
    .arch = "riscv64",
    .mask = "none",
    .state = "fp",
    .transfer = "jr",
    .summary = "full, 32 floating-point registers and fcsr; valid at any instruction",
    .contract = {&riscv64_registers, clauses},
    .native = RISCV64_CODE(&native),
};
REGISTER_SWITCHER(full);
