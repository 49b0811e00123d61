/* applications.c: the applications of the host (212 and 218 in Fig. 1): two that only work, and the
 * VM application, which asks the driver to take over the CPU [0018] until the guest is done. */
#include "worlds/common/stage.h"

enum { WORKERS = 2, APPLICATIONS = WORKERS + 1, TIMES = 3 };

static struct application applications[APPLICATIONS];
static uint8_t stacks[APPLICATIONS][STACK_BYTES] __attribute__((aligned(64)));

/* Keeps a value across ticks; losing it ends it early: the world's output differs [0016]. */
static void work(char letter) {
    uint64_t kept = 0x2020;
    for (int i = 0; i < TIMES; i++) {
        __asm__ volatile("" : "+r"(kept));
        system_call(SYS_PUT, (uint64_t)letter);
        system_call(SYS_WORK, 0);
        __asm__ volatile("" : "+r"(kept));
        if (kept != 0x2020) break;
    }
    system_call(SYS_EXIT, 0);
}

static void worker_a(void) {
    work('a');
}
static void worker_b(void) {
    work('b');
}

static void vm_application(void) {
    while (system_call(SYS_RUN_VM, 0) ==
           VM_SLICE_OVER) /* between A and B of Fig. 3 the CPU is the virtual machine's */
        ;
    system_call(SYS_PUT, '!');
    system_call(SYS_EXIT, 0);
}

void applications_make(void) {
    static void (*const entries[APPLICATIONS])(void) = {worker_a, worker_b, vm_application};
    for (int i = 0; i < APPLICATIONS; i++) {
        context_make(&applications[i].context, LEVEL_APPLICATION, entries[i],
                     stacks[i] + STACK_BYTES);
        applications[i].next = &applications[(i + 1) % APPLICATIONS];
    }
    current = applications;
}
