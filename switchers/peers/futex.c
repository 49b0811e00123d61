/* futex: two threads of one process on one CPU, each waking the other and then sleeping until it is
 * woken: what a mutex or a condition variable costs at best when control really changes hands. */
#include "switchers/peers/one_cpu.h"

#include "harness/switcher.h"
#include "switchers/registers/x86_64.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char who[] = "futex";

/* the number of switches so far; the harness runs while it is even, the partner while it is odd */
static atomic_uint switches;

static void futex(int operation, unsigned value) {
    if (syscall(SYS_futex, &switches, operation | FUTEX_PRIVATE_FLAG, value, NULL, NULL, 0) >= 0)
        return;
    if (errno != EAGAIN && errno != EINTR)
        err(EXIT_FAILURE, "%s: futex operation %d", who, operation);
}

static void switch_and_wait(void) {
    unsigned theirs = atomic_fetch_add(&switches, 1) + 1;
    futex(FUTEX_WAKE, 1);
    while (atomic_load(&switches) == theirs)
        futex(FUTEX_WAIT, theirs);
}

static void *partner(void *iterations) {
    while (atomic_load(&switches) == 0)
        futex(FUTEX_WAIT, 0);
    for (uint64_t i = 1; i < *(const uint64_t *)iterations; i++)
        switch_and_wait();
    atomic_fetch_add(&switches, 1);
    futex(FUTEX_WAKE, 1);
    return NULL;
}

static bool pingpong(uint64_t iterations) {
    if (iterations == 0) return true;
    cpu_set_t before = one_cpu_stay(who);
    atomic_store(&switches, 0);
    pthread_t thread;
    errno = pthread_create(&thread, NULL, partner, &iterations);
    if (errno) err(EXIT_FAILURE, "%s: can't start the partner's thread", who);
    for (uint64_t i = 0; i < iterations; i++)
        switch_and_wait();
    errno = pthread_join(thread, NULL);
    if (errno) err(EXIT_FAILURE, "%s: can't wait for the partner's thread", who);
    one_cpu_leave(who, before);
    return atomic_load(&switches) == (unsigned)(2 * iterations);
}

static const struct native_code native = {.pingpong = pingpong, .threads = true};

static const struct clause clauses[] = {
    {NULL, NULL, SAVED, "the kernel switches threads: each has all registers to itself"},
};

static const struct switcher peer = {
    .name = "futex",
    .kind = "peer",
    .arch = "x86_64",
    .mask = "none",
    .state = "thread",
    .transfer = "syscall",
    .summary = "two threads on one CPU handing over through a futex",
    .contract = {&x86_64_registers, clauses},
    .native = &native,
};
REGISTER_SWITCHER(peer);
