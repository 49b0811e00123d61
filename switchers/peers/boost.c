/* boost: jump_fcontext of Boost.Context, the C++ world's switch. Its duty is that of scratch+fp:
 * what a call preserves, and the control words of SSE and x87. Declared here because its header is
 * C++ and its two functions are not. */
#include <stddef.h>

struct boost_transfer {
    void *jumper, *data; /* the context that jumped here, as it is now */
};
struct boost_transfer jump_fcontext(void *to, void *data);
void *make_fcontext(void *stack_top, size_t stack_bytes, void (*entry)(struct boost_transfer));

#include "harness/kernel.h"

/* a context is a stack pointer and moves with every jump: whoever arrives notes where the other one
 * is */
__attribute__((used)) static void *boost_a, *boost_b;
static void (*boost_entry)(void);

static void boost_start(struct boost_transfer transfer) {
    boost_a = transfer.jumper;
    boost_entry();
}

static void make_partner(void (*entry)(void)) {
    boost_entry = entry;
    boost_b = make_fcontext(kernel_stack(), KERNEL_STACK_BYTES, boost_start);
}

#define SWITCH(from, to) boost_##to = jump_fcontext(boost_##to, NULL).jumper

#define SITE(to)                                                                                   \
    "mov boost_" to "(%rip), %rdi\n\txor %esi, %esi\n\tcall jump_fcontext\n\tmov %rax, boost_" to  \
    "(%rip)"
#define SITE_A SITE("b")
#define SITE_B SITE("a")

#define WITH_PRESSURE
#define NAME      "boost"
#define STATE     "fp"
#define TRANSFER  "jmp"
#define FP_CLAUSE X86_64_SAVED_FP_CLAUSE
#define SUMMARY   "Boost.Context jump_fcontext: preserved registers and floating-point control words"
#include "switchers/peers/x86_64.inc"
