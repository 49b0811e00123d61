/* stepper.c: runs a kernel one instruction at a time in a child and adds up what each does (stepper.h). The child stops itself
 * before, between and after runs of N, 2N and 3N iterations, so that everything but the switches cancels. */
#include "engines/native/stepper.h"

#include "engines/native/instruction.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { N = 3, RUNS = 3, STEPS_MAX = 400 * 1000, SECONDS_MAX = 30 };
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
    struct itimerval limit = {.it_value = {.tv_sec = SECONDS_MAX}};
    signal(SIGALRM, SIG_DFL);
    setitimer(ITIMER_REAL, &limit, NULL);
}

static _Noreturn void child(kernel_fn *kernel) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0) _exit(CHILD_REFUSED);
    limit_time();
    bool intact = kernel(1); /* lazy binding and page faults happen here */
    for (uint64_t run = 1;; run++) {
        raise(SIGSTOP); /* one call for all stops: the way in and out is always the same */
        if (run > RUNS) _exit(intact ? 0 : CHILD_CORRUPTED);
        intact = kernel(N * run) && intact;
    }
}

/* ---- the parent ---- */

static const char *ended(int status) {
    if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGALRM)
        return BECAUSE("the counted run did not end within %d s of single steps: it hangs or waits for another thread", SECONDS_MAX);
    int number = WIFSTOPPED(status) ? WSTOPSIG(status) : WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (number) return BECAUSE("the counted run got signal %d, %s", number, strsignal(number));
    switch (WEXITSTATUS(status)) {
    case CHILD_REFUSED:
        return "ptrace is not permitted here: run outside the debugger or sandbox (see /proc/sys/kernel/yama/ptrace_scope)";
    case CHILD_CORRUPTED: return "a live value did not survive the counted run";
    default: return BECAUSE("the counted run ended its process with exit code %d", WEXITSTATUS(status));
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

/* from one of the child's stops to the next. The way in and out of the stop is counted too: it cancels */
static const char *step_to_stop(pid_t pid, struct counts *counts) {
    struct instruction previous = {0}, next;
    for (int step = 0; step < STEPS_MAX; step++) {
        int status = 0;
        const char *why = instruction_next(pid, &previous, &next);
        if (why) return why;
        if (ptrace(PTRACE_SINGLESTEP, pid, 0, 0) != 0) return BECAUSE("can't single-step: %s", strerror(errno));
        bool trapped = waits_at(pid, SIGTRAP, &status);
        if (!trapped && !(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP)) return ended(status);
        add(counts, &next);
        if (!trapped) return NULL;
        previous = next;
    }
    return BECAUSE("the counted run took more than %d instructions for %d iterations", STEPS_MAX, N * RUNS);
}

static const char *count_runs(pid_t pid, struct counts runs[RUNS]) {
    int status = 0;
    if (!waits_at(pid, SIGSTOP, &status)) return ended(status);
    for (int i = 0; i < RUNS; i++) {
        const char *why = step_to_stop(pid, &runs[i]);
        if (why) return why;
    }
    do ptrace(PTRACE_CONT, pid, 0, 0); /* a switch that saves flags has kept the trap flag: it goes on trapping */
    while (waits_at(pid, SIGTRAP, &status));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? NULL : ended(status);
}

static const char *repeats(const struct counts runs[RUNS]) {
    for (int i = 0; i < METRICS; i++) {
        const struct metric *metric = &metrics[i];
        uint64_t n = count_of(&runs[0], metric), n2 = count_of(&runs[1], metric), n3 = count_of(&runs[2], metric);
        if (n3 - n2 != n2 - n)
            return BECAUSE("not repeatable: %s of %d, %d and %d iterations: %ju, %ju, %ju", metric->name, N, 2 * N, 3 * N,
                           (uintmax_t)n, (uintmax_t)n2, (uintmax_t)n3);
    }
    return NULL;
}

static json_t *per_switch(const struct counts runs[RUNS], uint64_t switches) {
    json_t *counted = json_object();
    for (int i = 0; i < METRICS; i++) {
        double more = (double)(count_of(&runs[1], &metrics[i]) - count_of(&runs[0], &metrics[i]));
        json_object_set_new(counted, metrics[i].name,
                            json_pack("{s:f, s:s}", "value", more / (double)switches, "unit", metrics[i].unit));
    }
    return counted;
}

json_t *native_count(kernel_fn *kernel, uint64_t switches_per_iteration) {
    struct counts runs[RUNS] = {0};
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0) return json_pack("{s:s+}", "skip", "can't fork: ", strerror(errno));
    if (pid == 0) child(kernel);
    const char *why = count_runs(pid, runs);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    if (!why) why = repeats(runs);
    return why ? json_pack("{s:s}", "skip", why) : per_switch(runs, N * switches_per_iteration);
}
