/* stepper.c: runs a kernel one instruction at a time in a child and adds up what each does
 * (stepper.h). The child stops itself before and after runs of N, 2N and 3N iterations, so that
 * everything but the switches cancels. */
#include "engines/native/stepper.h"

#include "engines/native/step_counts.h"
#include "harness/cpu.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static struct count_limits limits = {.steps = 400 * 1000, .seconds = 30};
enum { CHILD_REFUSED = 100, CHILD_CORRUPTED = 101 }; /* the child's exit codes */

static char reason[256];
#define BECAUSE(...) (snprintf(reason, sizeof reason, __VA_ARGS__), reason)

/* ---- the child ---- */

/* a kernel that hangs, even in a system call, ends by SIGALRM */
static void limit_time(void) {
    struct itimerval limit = {.it_value = {.tv_sec = limits.seconds}};
    signal(SIGALRM, SIG_DFL);
    setitimer(ITIMER_REAL, &limit, NULL);
}

/* not inlined: all runs go the same way from stop to stop, whatever the compiler does to the loop
 * around them */
static __attribute__((noinline)) bool counted_run(kernel_fn *kernel, uint64_t iterations) {
    raise(SIGSTOP);
    bool intact = kernel(iterations);
    raise(SIGSTOP);
    return intact;
}

/* each single step is a preemption, which would send a restartable sequence back to its start for ever */
static void leave_rseq(void) {
    enum { UNREGISTER = 1 };
    uint8_t *area = (uint8_t *)__builtin_thread_pointer() + __rseq_offset;
    if (__rseq_size) syscall(SYS_rseq, area, sizeof(struct rseq), UNREGISTER, RSEQ_SIG);
}

static _Noreturn void child(kernel_fn *kernel, int n) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0) _exit(CHILD_REFUSED);
    limit_time();
    leave_rseq();
    bool intact = kernel(1); /* lazy binding and page faults happen here */
    for (uint64_t run = 1; run <= COUNTED_RUNS; run++)
        intact = counted_run(kernel, (uint64_t)n * run) && intact;
    _exit(intact ? 0 : CHILD_CORRUPTED);
}

/* ---- the parent ---- */

static const char *ended(int status) {
    if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGALRM)
        return BECAUSE("the counted run did not end within %d s of single steps: it hangs or waits "
                       "for another thread",
                       limits.seconds);
    int number = WIFSTOPPED(status) ? WSTOPSIG(status) : WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (number) return BECAUSE("the counted run got signal %d, %s", number, strsignal(number));
    switch (WEXITSTATUS(status)) {
    case CHILD_REFUSED:
        return "ptrace is not permitted here: run outside the debugger or sandbox (see "
               "/proc/sys/kernel/yama/ptrace_scope)";
    case CHILD_CORRUPTED:
        return "a live value did not survive the counted run";
    default:
        return BECAUSE("the counted run ended its process with exit code %d", WEXITSTATUS(status));
    }
}

static bool waits_at(pid_t pid, int signal_number, int *status) {
    while (waitpid(pid, status, 0) < 0)
        if (errno != EINTR) return false;
    return WIFSTOPPED(*status) && WSTOPSIG(*status) == signal_number;
}

/* until the child stops itself or ends. A switch that saves flags may have kept the trap flag: it
 * goes on trapping */
static bool run_to_stop(pid_t pid, int *status) {
    do
        ptrace(PTRACE_CONT, pid, 0, 0);
    while (waits_at(pid, SIGTRAP, status));
    return WIFSTOPPED(*status) && WSTOPSIG(*status) == SIGSTOP;
}

/* from one of the child's stops to the next. The way in and out of the stop is counted too: it
 * cancels */
static const char *step_to_stop(pid_t pid, struct step_counts *counts) {
    struct instruction previous = {0}, next;
    for (int step = 0; step < limits.steps; step++) {
        int status = 0;
        const char *why = instruction_next(pid, &previous, &next);
        if (why) return why;
        if (ptrace(PTRACE_SINGLESTEP, pid, 0, 0) != 0)
            return BECAUSE("can't single-step: %s", strerror(errno));
        bool trapped = waits_at(pid, SIGTRAP, &status);
        if (!trapped && !(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP)) return ended(status);
        step_counts_add(counts, &next.effect, next.continues);
        if (!trapped) return NULL;
        previous = next;
    }
    return BECAUSE("the counted run took more than %d instructions", limits.steps);
}

static const char *count_runs(pid_t pid, struct step_counts runs[COUNTED_RUNS]) {
    int status = 0;
    bool stopped = waits_at(pid, SIGSTOP, &status);
    for (int i = 0; i < COUNTED_RUNS; i++) {
        const char *why = stopped ? step_to_stop(pid, &runs[i]) : ended(status);
        if (why) return why;
        stopped = run_to_stop(pid, &status);
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? NULL : ended(status);
}

/* counts in a child that runs N, 2N and 3N iterations; *repeatable: whether they came to lie on a
 * line */
static const char *count(kernel_fn *kernel, int n, struct step_counts runs[COUNTED_RUNS], bool *repeatable) {
    *repeatable = true;
    fflush(NULL);
    cpu_stay(); /* tracer and child take turns: on one CPU neither has to wake another; where it fails, counting only takes longer */
    pid_t pid = fork();
    if (pid < 0) return BECAUSE("can't fork: %s", strerror(errno));
    if (pid == 0) child(kernel, n);
    const char *why = count_runs(pid, runs);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    if (why) return why;
    why = step_counts_repeat(runs, n);
    *repeatable = !why;
    return why;
}

json_t *native_count(kernel_fn *kernel, uint64_t switches_per_iteration) {
    const char *why = NULL;
    bool repeatable = false;
    for (size_t i = 0; i < COUNTED_LENGTHS && !repeatable; i++) {
        struct step_counts runs[COUNTED_RUNS] = {0};
        why = count(kernel, counted_lengths[i], runs, &repeatable);
        if (!why) return step_counts_per_switch(runs, (uint64_t)counted_lengths[i] * switches_per_iteration);
    }
    return json_pack("{s:s}", "skip", why);
}

json_t *native_count_within(struct count_limits other, kernel_fn *kernel,
                            uint64_t switches_per_iteration) {
    struct count_limits usual = limits;
    limits = other;
    json_t *counted = native_count(kernel, switches_per_iteration);
    limits = usual;
    return counted;
}
