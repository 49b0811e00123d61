/* masks/x86_64.c: the handler's side of the masks: what interrupts do when they find a switch in progress. */
#include "switchers/masks/x86_64.h"

#include <stddef.h>
#include <string.h>
#include <sys/rseq.h>
#include <ucontext.h>
#include <x86intrin.h>

void (*mask_work)(void);
struct mask_counts mask_counts;

/* deferred: 0 no switch in progress, 1 one is, 2 and a signal came meanwhile */
enum { IDLE, BUSY, PENDING };
__attribute__((visibility("hidden"))) _Thread_local volatile int mask_busy;

/* sigprocmask: everything but what can't wait, that is faults and the debugger's trap */
__attribute__((used, visibility("hidden"))) const uint64_t mask_signals =
    ~(UINT64_C(1) << (SIGSEGV - 1) | UINT64_C(1) << (SIGBUS - 1) | UINT64_C(1) << (SIGILL - 1) |
      UINT64_C(1) << (SIGFPE - 1) | UINT64_C(1) << (SIGTRAP - 1));

/* rseq: where the thread's pointer to its critical section lies, from the thread pointer; the C library has registered it */
__attribute__((used, visibility("hidden"))) ptrdiff_t mask_rseq;
static __attribute__((constructor)) void find_rseq(void) {
    mask_rseq = __rseq_offset + (ptrdiff_t)offsetof(struct rseq, rseq_cs);
}

const char *mask_unavailable(const char *mask) {
    return strcmp(mask, "rseq") == 0 && __rseq_size == 0
               ? "no restartable sequences: the kernel has none (Linux 4.18), the C library does not register them (glibc 2.35), or "
                 "GLIBC_TUNABLES=glibc.pthread.rseq=0 is set"
               : NULL;
}

extern const struct mask_range __start_switch_ranges[], __stop_switch_ranges[];

static const struct mask_range *find(uintptr_t address) {
    for (const struct mask_range *r = __start_switch_ranges; r < __stop_switch_ranges; r++)
        if (r->begin < address && address < r->end) return r;
    return NULL;
}

/* What compiled code expects: strings go up, unaligned accesses don't trap. For a handler the kernel sees to the first alone. Who is
 * entered from a switch does this before anything else, prologues that work in memory among it: the rest is a function of its own */
static inline void compiled_code_flags(void) {
    enum { DF = 1 << 10, AC = 1 << 18 };
    __writeeflags(__readeflags() & ~(unsigned long long)(DF | AC));
}

static void work(void) {
    if (mask_work) mask_work();
}

static int handled;

static void hold(int how) {
    sigset_t set;
    sigemptyset(&set);
    if (handled) sigaddset(&set, handled);
    sigprocmask(how, &set, NULL);
}

void mask_open(void) {
    hold(SIG_UNBLOCK);
}

void mask_close(void) {
    hold(SIG_BLOCK);
}

/* out of a switch that has committed: the signal that it had deferred. No return from a handler opens the thread again */
__attribute__((used, visibility("hidden"))) void mask_deliver(void);
static __attribute__((noinline)) void deliver(void) {
    mask_busy = IDLE;
    work();
    mask_open();
}
void mask_deliver(void) {
    compiled_code_flags();
    deliver();
}

static __attribute__((noinline)) void handle(int signal, greg_t *rip) {
    handled = signal;
    const struct mask_range *range = find((uintptr_t)*rip);
    mask_counts.interrupts++;
    mask_counts.inside += range != NULL || mask_busy;
    if (mask_busy) {
        mask_busy = PENDING;
        return;
    }
    if (range && range->action == MASK_REWIND) *rip = (greg_t)range->begin;
    work();
}
void mask_handler(int signal, siginfo_t *info, void *context) {
    (void)info;
    compiled_code_flags();
    handle(signal, &((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP]);
}
