/* pip: inlined at the PIP. The context is {pc, sp, x29}, apart from any stack; every other register
 * is declared corrupted to the compiler, which so keeps only what is live at this PIP, and where it
 * likes [0021], [0022]. x29 is saved because a frame pointer can't be declared corrupted. Transfer
 * by br. */
#include "switchers/registers/aarch64.h"

#ifdef __aarch64__
#define WITH_PRESSURE
#define ID "_pip"

struct pip_context {
    void *pc, *sp, *x29, *unused;
};
/* both in one place: one address for the two of them */
__attribute__((used)) static struct pip_context pip_contexts[2] __asm__("contexts" ID)
    __attribute__((aligned(64)));

/* MARK(op, regs, text) records a step in the check and is just the text in the kernels. x0 to x2,
 * like all but three, are inconsequential here: they carry addresses and sp [0023] */
#define SITE(MARK, from, to)                                                                       \
    "adrp x1, contexts" ID "\n\tadd x1, x1, :lo12:contexts" ID                                     \
    "\n\t" MARK("save", "pc sp", "adr x0, 1f\n\tmov x2, sp\n\tstp x0, x2, [x1, #" from "]")        \
        MARK("save", "x29", "str x29, [x1, #16 + " from "]")                                       \
            MARK("restore", "pc sp", "ldp x0, x2, [x1, #" to "]\n\tmov sp, x2")                    \
                MARK("restore", "x29", "ldr x29, [x1, #16 + " to "]") "br x0\n1:"
#define A                     "0"
#define B                     "32"
#define PLAIN(op, regs, text) text "\n\t"
#define STEP(op, regs, text)  "step_begin\n\t" text "\n\tstep_end " op ", " regs "\n\t"

static void make_partner(void (*entry)(void)) {
    pip_contexts[1] = (struct pip_context){.pc = (void *)(uintptr_t)entry, .sp = kernel_stack()};
}

DEFINE_CHECK(ID, SITE(STEP, A, B), SITE(STEP, B, A));

#define PLACE_a A
#define PLACE_b B
#define SWITCH(from, to)                                                                           \
    __asm__ volatile(SITE(PLAIN, PLACE_##from, PLACE_##to)::                                       \
                         : AARCH64_VECTORS_CLOBBERED, "x0", "x1", "x2", "x3", "x4", "x5", "x6",    \
                           "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16",      \
                           "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26",   \
                           "x27", "x28", "x30", "cc", "memory")
#include "harness/kernels.inc"

static const struct native_code native = {
    NATIVE_KERNELS,
    .check = check,
    .code = {check_a, check_b},
    .end = {check_a_end, check_b_end},
};
#endif

static const struct clause clauses[] = {
    {"pc", NULL, SAVED, "the resumption point"},
    {"sp", NULL, SAVED, "names the stack, where the compiler keeps what is live"},
    {"x29", NULL, SAVED, "may be the frame pointer, which can't be declared corrupted"},
    AARCH64_SHARED_FP_CLAUSE,
    AARCH64_THREAD_CLAUSE,
    {NULL, NULL, INCONSEQUENTIAL,
     "declared corrupted: the compiler keeps no live value in it at this PIP [0022]"},
};

static const struct switcher pip = {
    .name = "pip",
    .kind = "pip",
    .arch = "aarch64",
    .mask = "none",
    .state = "none",
    .transfer = "br",
    .summary = "inlined at the PIP: saves pc, sp, x29; the compiler keeps what is live",
    .contract = {&aarch64_registers, clauses},
    .native = AARCH64_CODE(&native),
};
REGISTER_SWITCHER(pip);
