/* minicoro: mco_resume and mco_yield, asymmetric coroutines in one header. Compiled when PEERS_DIR
 * holds it (peers.mk). */
#if __has_include("minicoro/minicoro.h")
#include "harness/kernel.h"

#include <err.h>
#include <stdlib.h>

/* one header in one file: the compiler may inline it, which saves it a `ret` that the CPU can't
 * predict; `used` is for the check */
#define MCO_API static inline __attribute__((always_inline, used))
#define MCO_NO_DEFAULT_ALLOCATOR
#define MINICORO_IMPL
#include "minicoro/minicoro.h"

__attribute__((used)) static mco_coro *minicoro_partner;

static void minicoro_start(mco_coro *co) {
    (*(void (**)(void))co->user_data)();
}

static void make_partner(void (*entry)(void)) {
    static void (*start)(void);
    start = entry;
    mco_desc desc = mco_desc_init(
        minicoro_start, KERNEL_STACK_BYTES / 2); /* its own records stand below the stack */
    minicoro_partner = (mco_coro *)((uint8_t *)kernel_stack() - KERNEL_STACK_BYTES);
    mco_result result = mco_init(minicoro_partner, &desc);
    if (result != MCO_SUCCESS)
        errx(EXIT_FAILURE, "minicoro: mco_init: %s", mco_result_description(result));
    minicoro_partner->user_data = &start;
}

#define SWITCH(from, to) minicoro_leave_##from(minicoro_partner)
#define minicoro_leave_a mco_resume
#define minicoro_leave_b mco_yield

#define SITE(leave)      "mov minicoro_partner(%rip), %rdi\n\tcall " leave
#define SITE_A           SITE("mco_resume")
#define SITE_B           SITE("mco_yield")
#else
#define UNAVAILABLE                                                                                \
    "minicoro is not in this build: give make PEERS_DIR with github.com/edubart/minicoro in "      \
    "minicoro/"
#endif

#define NAME      "minicoro"
#define STATE     "none"
#define TRANSFER  "jmp"
#define FP_CLAUSE X86_64_SHARED_FP_CLAUSE
#define SUMMARY   "minicoro mco_resume and mco_yield: preserved registers, with checks of use"
#include "switchers/peers/x86_64.inc"
