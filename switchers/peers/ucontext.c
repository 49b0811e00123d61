/* ucontext: swapcontext of the C library, the portable switch that POSIX had until 2008. It also
 * carries the x87 environment and the signal mask, which costs a system call. */
#include "harness/kernel.h"

#include <ucontext.h>

__attribute__((used)) static ucontext_t ucontext_a, ucontext_b;

static void make_partner(void (*entry)(void)) {
    getcontext(&ucontext_b);
    ucontext_b.uc_stack.ss_sp = (uint8_t *)kernel_stack() - KERNEL_STACK_BYTES;
    ucontext_b.uc_stack.ss_size = KERNEL_STACK_BYTES;
    makecontext(&ucontext_b, entry, 0);
}

#define SWITCH(from, to) swapcontext(&ucontext_##from, &ucontext_##to)

#define SITE(from, to)                                                                             \
    "lea ucontext_" from "(%rip), %rdi\n\tlea ucontext_" to "(%rip), %rsi\n\tcall swapcontext@PLT"
#define SITE_A    SITE("a", "b")
#define SITE_B    SITE("b", "a")

#define NAME      "ucontext"
#define STATE     "fp+sigmask"
#define TRANSFER  "ret"
#define FP_CLAUSE X86_64_SAVED_FP_CLAUSE
#define SUMMARY                                                                                    \
    "C library swapcontext: preserved registers, floating-point environment, signal mask (a "      \
    "system call)"
#include "switchers/peers/x86_64.inc"
