/* pcl: co_call of the Portable Coroutine Library, which here is a layer over swapcontext: the price
 * of a tidy interface on it. */
#include "harness/kernel.h"

#include <err.h>
#include <pcl.h>
#include <stdlib.h>

__attribute__((used)) static coroutine_t pcl_a, pcl_b;

static void pcl_start(void *entry) {
    (*(void (**)(void))entry)();
}

static void make_partner(void (*entry)(void)) {
    static void (*start)(void);
    start = entry;
    pcl_a = co_current();
    pcl_b = co_create(pcl_start, &start, (uint8_t *)kernel_stack() - KERNEL_STACK_BYTES,
                      KERNEL_STACK_BYTES);
    if (!pcl_b)
        errx(EXIT_FAILURE, "pcl: co_create does not take a stack of %d bytes", KERNEL_STACK_BYTES);
}

#define SWITCH(from, to) co_call(pcl_##to)

#define SITE(to)         "mov pcl_" to "(%rip), %rdi\n\tcall co_call@PLT"
#define SITE_A           SITE("b")
#define SITE_B           SITE("a")

#define NAME             "pcl"
#define STATE            "fp+sigmask"
#define TRANSFER         "ret"
#define FP_CLAUSE        X86_64_SAVED_FP_CLAUSE
#define SUMMARY          "libpcl co_call: coroutines over swapcontext"
#include "switchers/peers/x86_64.inc"
