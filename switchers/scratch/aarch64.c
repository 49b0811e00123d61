/* scratch: saves the preserved registers; the PIP follows a call; transfer by br. */
#include "switchers/registers/aarch64.h"

#ifdef __aarch64__
#define WITH_PRESSURE
#define ID "_scratch"

OF_ASSEMBLY void scratch_switch(struct aarch64_context *from,
                                const struct aarch64_context *to) __asm__("switch" ID);
extern OF_ASSEMBLY const uint8_t scratch_begin[] __asm__("switch" ID), scratch_end[] __asm__(
                                                                           "switch_end" ID);
__attribute__((used)) static struct aarch64_context scratch_a __asm__("context_a" ID), scratch_b
    __asm__("context_b" ID);

/* x0 = from, x1 = to: argument registers, inconsequential after a call; so is x9. x30 has the
 * return address. */
__asm__(".text\n\t.balign 64\n"
        "switch" ID ":\n\t"
        "save x0, gpr_preserved, link\n\t"
        "rows fp_preserved, pair_save_low, x0\n\t"
        "rows sp, through_x9_save, x0\n\t"
        "rows sp, through_x9_restore, x1\n\t"
        "rows fp_preserved, pair_restore_low, x1\n\t"
        "restore x1, gpr_preserved, link\n\t"
        "br x30\n"
        "switch_end" ID ":\n");

static void make_partner(void (*entry)(void)) {
    aarch64_start(&scratch_b, entry);
}

#define SITE(from, to)                                                                             \
    "adrp x0, context_" from ID "\n\tadd x0, x0, :lo12:context_" from ID "\n\t"                    \
    "adrp x1, context_" to ID "\n\tadd x1, x1, :lo12:context_" to ID "\n\tbl switch" ID
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
    {"fp", "preserved", SAVED, "preserved by the calling convention: the low halves of v8 to v15"},
    {"sp", NULL, SAVED, "names the stack on which the context goes on"},
    {"pc", NULL, SAVED, "the return address, in x30"},
    {"link", NULL, INCONSEQUENTIAL, "the call itself has overwritten it"},
    AARCH64_SHARED_FP_CLAUSE,
    AARCH64_THREAD_CLAUSE,
    {NULL, NULL, INCONSEQUENTIAL,
     "scratch by the calling convention: dead after the call at the PIP [0032]"},
};

static const struct switcher scratch = {
    .name = "scratch",
    .kind = "scratch",
    .arch = "aarch64",
    .mask = "none",
    .state = "none",
    .transfer = "br",
    .summary = "saves the preserved registers; the PIP follows a call",
    .contract = {&aarch64_registers, clauses},
    .native = AARCH64_CODE(&native),
};
REGISTER_SWITCHER(scratch);
