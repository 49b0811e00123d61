/* full: the general registers, sp and pc; transfer by jr. */
#include "switchers/registers/riscv64.h"

#ifdef __riscv
#define WITH_PRESSURE
#define STATE    "none"
#define CLOBBERS RISCV64_FP_CLOBBERED,
#include "switchers/full/riscv64.inc"
#endif

static const struct clause clauses[] = {
    {"gpr", NULL, SAVED, "every general register"},
    {"link", NULL, SAVED, "every general register"},
    {"sp", NULL, SAVED, "every general register"},
    {"pc", NULL, SAVED, "resumes at the next instruction"},
    RISCV64_SHARED_FP_CLAUSE,
    RISCV64_THREAD_CLAUSES,
    {NULL, NULL, INCONSEQUENTIAL,
     "outside this variant's state: declared clobbered to the compiler"},
};

static const struct switcher full = {
    .name = "full",
    .kind = "full",
    .arch = "riscv64",
    .mask = "none",
    .state = "none",
    .transfer = "jr",
    .summary = "28 general registers, sp and pc; valid at any instruction",
    .contract = {&riscv64_registers, clauses},
    .native = RISCV64_CODE(&native),
};
REGISTER_SWITCHER(full);
