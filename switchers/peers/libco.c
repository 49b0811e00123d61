/* libco: co_switch of higan's libco, symmetric coroutines. Compiled when PEERS_DIR holds it
 * (peers.mk). */
#if __has_include("libco/libco.h")
#include "harness/kernel.h"

#include "libco/libco.h"

__attribute__((used)) static cothread_t libco_a, libco_b;

static void make_partner(void (*entry)(void)) {
    libco_a = co_active();
    libco_b = co_derive((uint8_t *)kernel_stack() - KERNEL_STACK_BYTES, KERNEL_STACK_BYTES, entry);
}

#define SWITCH(from, to) co_switch(libco_##to)

#define SITE(to)         "mov libco_" to "(%rip), %rdi\n\tcall co_switch"
#define SITE_A           SITE("b")
#define SITE_B           SITE("a")
#else
#define UNAVAILABLE                                                                                \
    "libco is not in this build: give make PEERS_DIR with github.com/higan-emu/libco in libco/"
#endif

#define NAME      "libco"
#define STATE     "none"
#define TRANSFER  "jmp"
#define FP_CLAUSE X86_64_SHARED_FP_CLAUSE
#define SUMMARY   "higan's libco co_switch: preserved registers"
#include "switchers/peers/x86_64.inc"
