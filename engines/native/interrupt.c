/* interrupt.c: a child runs the contract check under interrupts; its parent stops it at one boundary of the switch, by a breakpoint, and
 * lets it go on with a signal. The signal's handler does what a preemptive runtime's does: it switches to the other context. One
 * child for each boundary, so that a crash or a hang loses only itself. */
#include "engines/native/interrupt.h"

#include "harness/contract.h"
#include "harness/mask.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    ROUNDS = 7,           /* round trips of a trial: one before, the interrupted one, and enough for every handler to end */
    INTERRUPTED_TURN = 1, /* the turn of the interrupted side, from 0 */
    HANG_MS = 50,         /* of CPU time: a trial takes less than 1 */
    NAMES = 2048
};

/* what the child leaves for its parent */
struct report {
    unsigned entered, left; /* the handler's work */
    bool passed;
    char corrupted[NAMES]; /* a JSON array of names */
};
static struct report *report; /* shared memory */

/* ---- the child ---- */

struct child {
    const struct switcher *switcher;
    uint32_t seed;
    int side;
};

static const struct native_code *interrupted;

/* [0013]: the handler is free to use X, which in user mode is the running context's save area: it switches away [0025] */
static void preempt(void) {
    report->entered++;
    mask_open();
    interrupted->yield[kernel_side()]();
    report->left++;
}

/* the parent plants its breakpoint while the child is stopped */
static void turn(void *argument, int side, unsigned n) {
    const struct child *trial = argument;
    if (side == trial->side && n == INTERRUPTED_TURN) raise(SIGSTOP);
}

static _Noreturn void child(const struct child *trial) {
    struct itimerval limit = {.it_value = {.tv_usec = HANG_MS * 1000}};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    if (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0) _exit(NO_PTRACE);
    setitimer(ITIMER_PROF, &limit, NULL);
    sigaction(SIGUSR1,
              &(struct sigaction){.sa_sigaction = mask_handler, .sa_flags = SA_SIGINFO | SA_RESTART}, NULL);
    interrupted = trial->switcher->native;
    mask_work = preempt;
    json_t *check = contract_check_interrupted(trial->switcher, trial->seed, ROUNDS, turn, (void *)trial);
    report->passed = strcmp(json_string_value(json_object_get(check, "status")), "pass") == 0;
    json_dumpb(json_object_get(check, "corrupted"), report->corrupted, NAMES - 1, 0);
    _exit(TRIAL_OK);
}

/* ---- the parent ---- */

static bool next_stop(pid_t pid, int *status) {
    while (waitpid(pid, status, 0) < 0)
        if (errno != EINTR) return false;
    return WIFSTOPPED(*status);
}

/* how a child that met its interrupts ended. An interrupt that was held back comes now: it goes through */
static enum trial to_the_end(pid_t pid, int status) {
    while (WIFSTOPPED(status)) {
        int number = WSTOPSIG(status);
        if (number == SIGPROF) return TRIAL_HUNG;
        if (number != SIGUSR1 && number != SIGSTOP) return TRIAL_CRASHED;
        ptrace(PTRACE_CONT, pid, 0, number == SIGUSR1 ? number : 0);
        if (!next_stop(pid, &status)) break;
    }
    if (!WIFEXITED(status)) return TRIAL_CRASHED;
    if (WEXITSTATUS(status) != TRIAL_OK) return TRIAL_CRASHED;
    return report->passed && report->entered > 0 && report->entered == report->left ? TRIAL_OK : TRIAL_CORRUPTED;
}

/* what the corrupted trial lost: registers, or "control" (a side did not go on), or the "interrupt" itself */
static json_t *names(void) {
    json_t *lost = json_loads(report->corrupted, 0, NULL);
    if (!lost) lost = json_array();
    if (!report->entered) json_array_append_new(lost, json_string("interrupt"));
    if (report->entered != report->left || !json_array_size(lost)) json_array_append_new(lost, json_string("control"));
    return lost;
}

/* from the child's stop on: to each boundary in turn, where it gets the interrupt */
static enum trial interrupt(pid_t pid, const struct boundaries *list, const uint32_t *at, unsigned n) {
    int status, number = 0;
    for (unsigned i = 0; i < n; i++) {
        struct trap trap;
        if (!trap_plant(&trap, pid, list->b[at[i]].at)) return NO_PTRACE;
        do {
            if (ptrace(PTRACE_CONT, pid, 0, number) != 0) return NO_PTRACE;
            if (!next_stop(pid, &status)) break;
            number = WSTOPSIG(status) == SIGUSR1 ? SIGUSR1 : 0;
        } while (WIFSTOPPED(status) && (WSTOPSIG(status) == SIGUSR1 || WSTOPSIG(status) == SIGSTOP));
        bool hit = WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP && trap_hit(&trap, pid);
        if (!hit) {
            if (i > 0) return to_the_end(pid, status); /* there was no second time at that place */
            return WIFEXITED(status) ? NOT_REACHED : to_the_end(pid, status);
        }
        number = SIGUSR1;
    }
    ptrace(PTRACE_CONT, pid, 0, SIGUSR1);
    next_stop(pid, &status);
    return to_the_end(pid, status);
}

enum trial interrupt_trial(const struct work *work, const struct boundaries *list, const uint32_t *at, unsigned n,
                           json_t **corrupted) {
    const struct child trial = {work->switcher, work->seed, list->b[at[0]].side};
    int status;
    if (!report) report = mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (report == MAP_FAILED) abort();
    memset(report, 0, sizeof *report);
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0) return NO_PTRACE;
    if (pid == 0) child(&trial);
    enum trial outcome = NO_PTRACE;
    bool stopped = next_stop(pid, &status);
    if (stopped && WSTOPSIG(status) == SIGSTOP) outcome = interrupt(pid, list, at, n);
    if (!stopped && WIFEXITED(status) && WEXITSTATUS(status) != NO_PTRACE) outcome = NOT_REACHED;
    if (stopped && WSTOPSIG(status) != SIGSTOP) outcome = to_the_end(pid, status); /* wrong even before */
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    if (outcome == TRIAL_CORRUPTED && corrupted) *corrupted = names();
    return outcome;
}

const char *trial_reason(enum trial outcome, const struct boundary *b) {
    static char why[INSTRUCTION_TEXT + 64];
    if (outcome == NO_PTRACE)
        return "ptrace is not permitted here: run outside the debugger or sandbox (see /proc/sys/kernel/yama/ptrace_scope)";
    snprintf(why, sizeof why, "no trial reached the boundary before '%s'", b->text);
    return why;
}

/* ---- boundaries ---- */

bool boundaries_add(struct boundaries *list, int side, const uint8_t *begin, const uint8_t *end) {
    while (begin < end && list->n < BOUNDARIES_MOST) {
        struct boundary *b = &list->b[list->n++];
        *b = (struct boundary){.at = begin, .side = side};
        size_t length = trap_instruction(begin, b->text);
        if (!length) return false;
        begin += length;
    }
    return begin == end;
}

/* the side's site, and the routine that it calls, if the switch is not inlined there */
static bool add_side(struct boundaries *list, const struct native_code *native, int side) {
    bool all = boundaries_add(list, side, native->site[side], native->site_end[side]);
    if (native->code[0] != native->site[0]) all = boundaries_add(list, side, native->code[0], native->end[0]) && all;
    return all;
}

bool boundaries_of(struct boundaries *list, const struct native_code *native) {
    list->n = 0;
    return add_side(list, native, 0) && add_side(list, native, 1);
}
