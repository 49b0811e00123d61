/* pip: inlined at the PIP. The context is {pc, sp, s0}, apart from any stack; every other register
 * is declared corrupted to the compiler, which so keeps only what is live at this PIP, and where it
 * likes [0021], [0022]. s0 is saved because a frame pointer can't be declared corrupted. Transfer
 * by jr. */
#include "switchers/registers/riscv64.h"

#ifdef __riscv
#define WITH_PRESSURE
#define ID "_pip"

struct pip_context {
    void *pc, *sp, *s0, *unused;
};
/* both in one place: one address for the two of them */
__attribute__((used)) static struct pip_context pip_contexts[2] __asm__("contexts" ID)
    __attribute__((aligned(64)));

/* MARK(op, regs, text) records a step in the check and is just the text in the kernels. t1 and t2,
 * like all but three, are inconsequential here: they carry addresses [0023] */
#define SITE(MARK, from, to)                                                                       \
    "lla t2, contexts" ID "\n\t" MARK("save", "pc", "lla t1, 1f\n\tsd t1, " from "(t2)")           \
        MARK("save", "sp", "sd sp, 8+" from "(t2)") MARK("save", "s0", "sd s0, 16+" from "(t2)")   \
            MARK("restore", "s0", "ld s0, 16+" to "(t2)")                                          \
                MARK("restore", "sp", "ld sp, 8+" to "(t2)")                                       \
                    MARK("restore", "pc", "ld t1, " to "(t2)") "jr t1\n1:"
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
                         : RISCV64_FP_CLOBBERED, "ra", "t0", "t1", "t2", "t3", "t4", "t5", "t6",   \
                           "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "s1", "s2", "s3", "s4", \
                           "s5", "s6", "s7", "s8", "s9", "s10", "s11", "memory")
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
    {"s0", NULL, SAVED, "may be the frame pointer, which can't be declared corrupted"},
    RISCV64_SHARED_FP_CLAUSE,
    RISCV64_THREAD_CLAUSES,
    {NULL, NULL, INCONSEQUENTIAL,
     "declared corrupted: the compiler keeps no live value in it at this PIP [0022]"},
};

static const struct switcher pip = {
    .name = "pip",
    .kind = "pip",
    .arch = "riscv64",
    .mask = "none",
    .state = "none",
    .transfer = "jr",
    .summary = "inlined at the PIP: saves pc, sp, s0; the compiler keeps what is live",
    .contract = {&riscv64_registers, clauses},
    .native = RISCV64_CODE(&native),
};
REGISTER_SWITCHER(pip);
