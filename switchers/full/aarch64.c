/* full: 31 general registers, sp, pc and flags; transfer by br. */
#include "switchers/registers/aarch64.h"

#ifdef __aarch64__
#define WITH_PRESSURE
#define STATE    "none"
#define CLOBBERS AARCH64_VECTORS_CLOBBERED,
#include "switchers/full/aarch64.inc"
#endif

static const struct clause clauses[] = {
    {"gpr", NULL, SAVED, "every general register"},
    {"link", NULL, SAVED, "every general register"},
    {"sp", NULL, SAVED, "every general register"},
    {"pc", NULL, SAVED, "resumes at the next instruction"},
    {"flags", NULL, SAVED, "the flags that user code can set"},
    AARCH64_SHARED_FP_CLAUSE,
    AARCH64_THREAD_CLAUSE,
    {NULL, NULL, INCONSEQUENTIAL,
     "outside this variant's state: declared clobbered to the compiler"},
};

static const struct switcher full = {
    .name = "full",
    .kind = "full",
    .arch = "aarch64",
    .mask = "none",
    .state = "none",
    .transfer = "br",
    .summary = "31 general registers, sp, pc and flags; valid at any instruction",
    .contract = {&aarch64_registers, clauses},
    .native = AARCH64_CODE(&native),
};
REGISTER_SWITCHER(full);
