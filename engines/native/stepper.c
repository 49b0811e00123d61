/* stepper.c: runs a kernel one instruction at a time in a child and adds up what each does
 * (stepper.h). The child stops itself before and after runs of N, 2N and 3N iterations, so that
 * everything but the switches cancels. */
#include "engines/native/stepper.h"

#include "engines/native/instruction.h"

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

enum { RUNS = 3 };
/* N: few iterations first, for each step takes microseconds; then a multiple of what compilers
 * unroll loops by */
static const int lengths[] = {3, 8};
static struct count_limits limits = {.steps = 400 * 1000, .seconds = 30};
enum { CHILD_REFUSED = 100, CHILD_CORRUPTED = 101 }; /* the child's exit codes */

struct counts {
    uint64_t instructions, loads, stores, modifies, bytes;
};

/* the metrics: a name, a unit and where the count stands */
static const struct metric {
    const char *name, *unit;
    size_t offset;
} metrics[] = {
    {"instructions", "instructions", offsetof(struct counts, instructions)},
    {"loads", "loads", offsetof(struct counts, loads)},
    {"stores", "stores", offsetof(struct counts, stores)},
    {"modifies", "modifies", offsetof(struct counts, modifies)},
    {"bytes", "bytes", offsetof(struct counts, bytes)},
};
enum { METRICS = sizeof metrics / sizeof *metrics };

static uint64_t count_of(const struct counts *counts, const struct metric *metric) {
    uint64_t value;
    memcpy(&value, (const char *)counts + metric->offset, sizeof value);
    return value;
}

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
    for (uint64_t run = 1; run <= RUNS; run++)
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

static void add(struct counts *counts, const struct instruction *done) {
    counts->instructions += !done->continues;
    counts->loads += done->effect.loads;
    counts->stores += done->effect.stores;
    counts->modifies += done->effect.modifies;
    counts->bytes += done->effect.bytes;
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
static const char *step_to_stop(pid_t pid, struct counts *counts) {
    struct instruction previous = {0}, next;
    for (int step = 0; step < limits.steps; step++) {
        int status = 0;
        const char *why = instruction_next(pid, &previous, &next);
        if (why) return why;
        if (ptrace(PTRACE_SINGLESTEP, pid, 0, 0) != 0)
            return BECAUSE("can't single-step: %s", strerror(errno));
        bool trapped = waits_at(pid, SIGTRAP, &status);
        if (!trapped && !(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP)) return ended(status);
        add(counts, &next);
        if (!trapped) return NULL;
        previous = next;
    }
    return BECAUSE("the counted run took more than %d instructions", limits.steps);
}

static const char *count_runs(pid_t pid, struct counts runs[RUNS]) {
    int status = 0;
    bool stopped = waits_at(pid, SIGSTOP, &status);
    for (int i = 0; i < RUNS; i++) {
        const char *why = stopped ? step_to_stop(pid, &runs[i]) : ended(status);
        if (why) return why;
        stopped = run_to_stop(pid, &status);
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? NULL : ended(status);
}

static const char *repeats(const struct counts runs[RUNS], int n) {
    for (int i = 0; i < METRICS; i++) {
        const struct metric *metric = &metrics[i];
        uint64_t once = count_of(&runs[0], metric), twice = count_of(&runs[1], metric),
                 thrice = count_of(&runs[2], metric);
        if (thrice - twice != twice - once)
            return BECAUSE("not repeatable: %s of %d, %d and %d iterations: %ju, %ju, %ju",
                           metric->name, n, 2 * n, 3 * n, (uintmax_t)once, (uintmax_t)twice,
                           (uintmax_t)thrice);
    }
    return NULL;
}

static json_t *per_switch(const struct counts runs[RUNS], uint64_t switches) {
    json_t *counted = json_object();
    for (int i = 0; i < METRICS; i++) {
        double more = (double)(count_of(&runs[1], &metrics[i]) - count_of(&runs[0], &metrics[i]));
        json_object_set_new(
            counted, metrics[i].name,
            json_pack("{s:f, s:s}", "value", more / (double)switches, "unit", metrics[i].unit));
    }
    return counted;
}

/* counts in a child that runs N, 2N and 3N iterations; *repeatable: whether they came to lie on a
 * line */
static const char *count(kernel_fn *kernel, int n, struct counts runs[RUNS], bool *repeatable) {
    *repeatable = true;
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0) return BECAUSE("can't fork: %s", strerror(errno));
    if (pid == 0) child(kernel, n);
    const char *why = count_runs(pid, runs);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    if (why) return why;
    why = repeats(runs, n);
    *repeatable = !why;
    return why;
}

json_t *native_count(kernel_fn *kernel, uint64_t switches_per_iteration) {
    const char *why = NULL;
    bool repeatable = false;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths && !repeatable; i++) {
        struct counts runs[RUNS] = {0};
        why = count(kernel, lengths[i], runs, &repeatable);
        if (!why) return per_switch(runs, (uint64_t)lengths[i] * switches_per_iteration);
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
