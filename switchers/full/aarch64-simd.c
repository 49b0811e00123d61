/* full+simd: full, and 32 vector registers with their control and status registers; transfer by br.
 */
#include "switchers/registers/aarch64.h"

#ifdef __aarch64__
#define STATE "simd"
#define CLOBBERS
#include "switchers/full/aarch64.inc"
#endif

static const struct clause clauses[] = {
    {"gpr", NULL, SAVED, "every general register"},
    {"link", NULL, SAVED, "every general register"},
    {"sp", NULL, SAVED, "every general register"},
    {"pc", NULL, SAVED, "resumes at the next instruction"},
    {"flags", NULL, SAVED, "the flags that user code can set"},
    {"fpcontrol", NULL, SAVED, "in this variant's state"},
    {"fpstatus", NULL, SAVED, "in this variant's state"},
    {"fp", NULL, SAVED, "in this variant's state"},
    {"simd", NULL, SAVED, "in this variant's state"},
    AARCH64_THREAD_CLAUSE,
    {NULL, NULL, INCONSEQUENTIAL, "no register is left"},
};

static const struct switcher full = {
    .name = "full+simd",
    .kind = "full",
    .arch = "aarch64",
    .mask = "none",
    .state = "simd",
    .transfer = "br",
    .summary = "full, 32 vector registers, fpcr and fpsr; valid at any instruction",
    .contract = {&aarch64_registers, clauses},
    .native = AARCH64_CODE(&native),
};
REGISTER_SWITCHER(full);
