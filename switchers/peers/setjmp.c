/* setjmp: _setjmp and longjmp of the C library, without the signal mask. The partner is put on its
 * stack by swapcontext, once; from then on each side leaves by longjmp to where the other one last
 * called _setjmp. */
#undef _FORTIFY_SOURCE /* its longjmp refuses to go to another stack */
#include "harness/kernel.h"

#include <setjmp.h>
#include <ucontext.h>

__attribute__((used)) static jmp_buf setjmp_a, setjmp_b;
static ucontext_t setjmp_harness, setjmp_partner;
static void (*setjmp_entry)(void);

static void setjmp_start(void) {
    if (_setjmp(setjmp_b) == 0) setcontext(&setjmp_harness);
    setjmp_entry();
}

static void make_partner(void (*entry)(void)) {
    setjmp_entry = entry;
    getcontext(&setjmp_partner);
    setjmp_partner.uc_stack.ss_sp = (uint8_t *)kernel_stack() - KERNEL_STACK_BYTES;
    setjmp_partner.uc_stack.ss_size = KERNEL_STACK_BYTES;
    makecontext(&setjmp_partner, setjmp_start, 0);
    swapcontext(&setjmp_harness, &setjmp_partner);
}

/* in the pressure kernels a function, because one that calls _setjmp is never inlined; in ping-pong
 * without the `ret` of it, which the CPU can't predict after a longjmp */
static __attribute__((noinline, unused)) void setjmp_switch(jmp_buf from, jmp_buf to) {
    if (_setjmp(from) == 0) longjmp(to, 1);
}
#define SWITCH(from, to) setjmp_switch(setjmp_##from, setjmp_##to)
#define PINGPONG_SWITCH(from, to)                                                                  \
    if (_setjmp(setjmp_##from) == 0) longjmp(setjmp_##to, 1)

#define SITE(from, to)                                                                             \
    "lea setjmp_" from "(%rip), %rdi\n\tcall _setjmp@PLT\n\ttest %eax, %eax\n\tjnz 1f\n\t"         \
    "lea setjmp_" to "(%rip), %rdi\n\tmov $1, %esi\n\tcall longjmp@PLT\n1:"
#define SITE_A    SITE("a", "b")
#define SITE_B    SITE("b", "a")

#define NAME      "setjmp"
#define STATE     "none"
#define TRANSFER  "jmp"
#define FP_CLAUSE X86_64_SHARED_FP_CLAUSE
#define SUMMARY   "C library _setjmp and longjmp: preserved registers"
#include "switchers/peers/x86_64.inc"
