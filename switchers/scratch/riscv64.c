/* scratch: saves the preserved registers; the PIP follows a call; transfer by jr. */
#include "switchers/registers/riscv64.h"

#ifdef __riscv
#define WITH_PRESSURE
#define ID "_scratch"

OF_ASSEMBLY void scratch_switch(struct riscv64_context *from,
                                const struct riscv64_context *to) __asm__("switch" ID);
extern OF_ASSEMBLY const uint8_t scratch_begin[] __asm__("switch" ID), scratch_end[] __asm__(
                                                                           "switch_end" ID);
__attribute__((used)) static struct riscv64_context scratch_a __asm__("context_a" ID), scratch_b
    __asm__("context_b" ID);

/* a0 = from, a1 = to: argument registers, inconsequential after a call; so is t1. ra has the return
 * address. */
__asm__(".text\n\t.balign 64\n"
        "switch" ID ":\n\t"
        "rows gpr_preserved, save_gpr, a0\n\t"
        "rows fp_preserved, save_fp, a0\n\t"
        "step_begin\n\tsd ra, 256(a0)\n\tstep_end save, pc\n\t"
        "rows sp, save_gpr, a0\n\t"
        "rows sp, restore_gpr, a1\n\t"
        "step_begin\n\tld t1, 256(a1)\n\tstep_end restore, pc\n\t"
        "rows fp_preserved, restore_fp, a1\n\t"
        "rows gpr_preserved, restore_gpr, a1\n\t"
        "jr t1\n"
        "switch_end" ID ":\n");

static void make_partner(void (*entry)(void)) {
    riscv64_start(&scratch_b, entry);
}

#define SITE(from, to) "lla a0, context_" from ID "\n\tla a1, context_" to ID "\n\tcall switch" ID
DEFINE_CHECK(ID, SITE("a", "b"), SITE("b", "a"));

#define SWITCH(from, to) scratch_switch(&scratch_##from, &scratch_##to)
#include "harness/kernels.inc"

static const struct native_code native = {
    NATIVE_KERNELS,
    .check = check,
    .code = {scratch_begin},
    .end = {scratch_end},
};
#endif

static const struct clause clauses[] = {
    {"gpr", "preserved", SAVED, "preserved by the calling convention"},
    {"fp", "preserved", SAVED, "preserved by the calling convention"},
    {"sp", NULL, SAVED, "names the stack on which the context goes on"},
    {"pc", NULL, SAVED, "the return address, in ra"},
    {"link", NULL, INCONSEQUENTIAL, "the call itself has overwritten it"},
    RISCV64_SHARED_FP_CLAUSE,
    RISCV64_THREAD_CLAUSES,
    {NULL, NULL, INCONSEQUENTIAL,
     "scratch by the calling convention: dead after the call at the PIP [0032]"},
};

static const struct switcher scratch = {
    .name = "scratch",
    .kind = "scratch",
    .arch = "riscv64",
    .mask = "none",
    .state = "none",
    .transfer = "jr",
    .summary = "saves the preserved registers; the PIP follows a call",
    .contract = {&riscv64_registers, clauses},
    .native = RISCV64_CODE(&native),
};
REGISTER_SWITCHER(scratch);
