/* libaco: aco_resume and aco_yield, asymmetric coroutines. Compiled when PEERS_DIR holds it
 * (peers.mk). */
#if __has_include("libaco/aco.h")
#include "harness/kernel.h"

#include "libaco/aco.h"

__attribute__((used)) static aco_t *libaco_a, *libaco_b;

static void make_partner(void (*entry)(void)) {
    static aco_share_stack_t
        *stack; /* made by libaco only; its one user here has it to itself, so nothing is copied */
    if (!stack) {
        aco_thread_init(NULL);
        stack = aco_share_stack_new2(KERNEL_STACK_BYTES, 0);
        libaco_a = aco_create(NULL, NULL, 0, NULL, NULL);
    }
    if (libaco_b) aco_destroy(libaco_b);
    libaco_b = aco_create(libaco_a, stack, 0, entry, NULL);
}

#define SWITCH(from, to) libaco_leave_##from
#define libaco_leave_a   aco_resume(libaco_b)
#define libaco_leave_b   aco_yield()

#define SITE_A           "mov libaco_b(%rip), %rdi\n\tcall aco_resume"
#define SITE_B           "mov libaco_b(%rip), %rdi\n\tmov libaco_a(%rip), %rsi\n\tcall acosw"
#else
#define UNAVAILABLE                                                                                \
    "libaco is not in this build: give make PEERS_DIR with github.com/hnes/libaco in libaco/"
#endif

#define NAME      "libaco"
#define STATE     "fp"
#define TRANSFER  "jmp"
#define FP_CLAUSE X86_64_SAVED_FP_CLAUSE
#define SUMMARY                                                                                    \
    "libaco aco_resume and aco_yield: preserved registers and floating-point control words"
#include "switchers/peers/x86_64.inc"
