/* map.c: a child runs the contract check under interrupts; its parent stops it at one boundary of the switch, by a breakpoint, and
 * lets it go on with a signal. The signal's handler does what a preemptive runtime's does: it switches to the other context. One
 * child for each boundary, so that a crash or a hang loses only itself. */
#include "engines/native/map.h"

#include "engines/native/trap.h"
#include "engines/native/victim.h"
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
    ROUNDS = 4,           /* round trips of a trial: one before, the interrupted one, and two after */
    INTERRUPTED_TURN = 1, /* the turn of the interrupted side, from 0 */
    HANG_MS = 50,         /* of CPU time: a trial takes less than 1 */
    INTERRUPTS_MOST = 2,
    BOUNDARIES_MOST = 512,
    NAMES = 2048
};

/* a place at which an interrupt can come */
struct boundary {
    const uint8_t *at;
    int side;                    /* the side that is switching away */
    char text[INSTRUCTION_TEXT]; /* the instruction that would be next */
};

struct list {
    struct boundary b[BOUNDARIES_MOST];
    size_t n;
};

enum outcome { OK, CORRUPTED, CRASHED, HUNG, NOT_REACHED, NO_PTRACE, OUTCOMES };
static const char *const outcomes[OUTCOMES] = {"ok", "corrupted", "crashed", "hung"};

/* what the child leaves for its parent */
struct report {
    unsigned entered, left; /* the handler's work */
    bool passed;
    char corrupted[NAMES]; /* a JSON array of names */
};
static struct report *report; /* shared memory */

/* ---- the child ---- */

struct trial {
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
    const struct trial *trial = argument;
    if (side == trial->side && n == INTERRUPTED_TURN) raise(SIGSTOP);
}

static _Noreturn void child(const struct trial *trial) {
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
    _exit(OK);
}

/* ---- the parent ---- */

static bool next_stop(pid_t pid, int *status) {
    while (waitpid(pid, status, 0) < 0)
        if (errno != EINTR) return false;
    return WIFSTOPPED(*status);
}

/* how a child that met its interrupts ended. An interrupt that was held back comes now: it goes through */
static enum outcome to_the_end(pid_t pid, int status) {
    while (WIFSTOPPED(status)) {
        int number = WSTOPSIG(status);
        if (number == SIGPROF) return HUNG;
        if (number != SIGUSR1 && number != SIGSTOP) return CRASHED;
        ptrace(PTRACE_CONT, pid, 0, number == SIGUSR1 ? number : 0);
        if (!next_stop(pid, &status)) break;
    }
    if (!WIFEXITED(status)) return CRASHED;
    if (WEXITSTATUS(status) != OK) return CRASHED;
    return report->passed && report->entered > 0 && report->entered == report->left ? OK : CORRUPTED;
}

/* from the child's stop on: to each boundary in turn, where it gets the interrupt */
static enum outcome interrupt(pid_t pid, const struct boundary *const *at, unsigned n) {
    int status, number = 0;
    for (unsigned i = 0; i < n; i++) {
        struct trap trap;
        if (!trap_plant(&trap, pid, at[i]->at)) return NO_PTRACE;
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

static enum outcome run_trial(const struct work *work, const struct boundary *const *at, unsigned n) {
    const struct trial trial = {work->switcher, work->seed, at[0]->side};
    int status;
    memset(report, 0, sizeof *report);
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0) return NO_PTRACE;
    if (pid == 0) child(&trial);
    enum outcome outcome = NO_PTRACE;
    bool stopped = next_stop(pid, &status);
    if (stopped && WSTOPSIG(status) == SIGSTOP) outcome = interrupt(pid, at, n);
    if (!stopped && WIFEXITED(status) && WEXITSTATUS(status) != NO_PTRACE) outcome = NOT_REACHED;
    if (stopped && WSTOPSIG(status) != SIGSTOP) outcome = to_the_end(pid, status); /* wrong even before */
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return outcome;
}

/* ---- boundaries ---- */

static bool add_range(struct list *list, int side, const uint8_t *begin, const uint8_t *end) {
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
static bool add_side(struct list *list, const struct native_code *native, int side) {
    bool all = add_range(list, side, native->site[side], native->site_end[side]);
    if (native->code[0] != native->site[0]) all = add_range(list, side, native->code[0], native->end[0]) && all;
    return all;
}

/* ---- the map ---- */

static json_t *cell(size_t i, enum outcome outcome, const struct boundary *b) {
    json_t *line = json_pack("{s:i, s:s, s:s}", "boundary", (int)i, "outcome", outcomes[outcome], "at", b->text);
    if (outcome == CORRUPTED) {
        json_t *names = json_loads(report->corrupted, 0, NULL);
        if (!names) names = json_array();
        if (report->entered != report->left) json_array_append_new(names, json_string("control"));
        if (!report->entered) json_array_append_new(names, json_string("interrupt"));
        if (!json_array_size(names)) json_array_append_new(names, json_string("control"));
        json_object_set_new(line, "corrupted", names);
    }
    return line;
}

static json_t *not_mapped(enum outcome outcome, const struct boundary *b) {
    if (outcome == NO_PTRACE)
        return json_pack("{s:s}", "skip",
                         "ptrace is not permitted here: run outside the debugger or sandbox (see "
                         "/proc/sys/kernel/yama/ptrace_scope)");
    char why[INSTRUCTION_TEXT + 64];
    snprintf(why, sizeof why, "no trial reached the boundary before '%s'", b->text);
    return json_pack("{s:s}", "skip", why);
}

static json_t *map_line(json_t *cells, const size_t count[OUTCOMES], size_t boundaries, int interrupts) {
    return json_pack("{s:s, s:i, s:i, s:i, s:i, s:i, s:o}", "direction", "round trip", "interrupts", interrupts, "boundaries",
                     (int)boundaries, "corrupted", (int)count[CORRUPTED], "crashed", (int)count[CRASHED], "hung",
                     (int)count[HUNG], "cells", cells);
}

static json_t *map_singles(const struct work *work, const struct list *list) {
    size_t count[OUTCOMES] = {0};
    json_t *cells = json_array();
    for (size_t i = 0; i < list->n; i++) {
        const struct boundary *at[] = {&list->b[i]};
        enum outcome outcome = run_trial(work, at, 1);
        if (outcome >= NOT_REACHED) {
            json_decref(cells);
            return not_mapped(outcome, at[0]);
        }
        count[outcome]++;
        json_array_append_new(cells, cell(i, outcome, at[0]));
    }
    return map_line(cells, count, list->n, 1);
}

/* in every order: the second interrupt may find the handler of the first one at work. Cells that are ok are left out */
static json_t *map_pairs(const struct work *work, const struct list *list) {
    size_t count[OUTCOMES] = {0};
    json_t *cells = json_array();
    for (size_t i = 0; i < list->n; i++)
        for (size_t j = 0; j < list->n; j++) {
            const struct boundary *at[] = {&list->b[i], &list->b[j]};
            enum outcome outcome = run_trial(work, at, 2);
            if (outcome >= NOT_REACHED) {
                json_decref(cells);
                return not_mapped(outcome, at[0]);
            }
            count[outcome]++;
            if (outcome == OK) continue;
            json_t *line = cell(i, outcome, at[0]);
            json_object_set_new(line, "second", json_integer((json_int_t)j));
            json_array_append_new(cells, line);
        }
    return map_line(cells, count, list->n, 2);
}

json_t *native_map(const struct work *work) {
    static struct list list;
    const struct native_code *native = work->switcher->native;
    const char *victim = json_string_value(json_object_get(work->params, "victim"));
    if (victim) return victim_map(work, victim);
    list.n = 0;
    if (!add_side(&list, native, 0) || !add_side(&list, native, 1))
        return json_pack("{s:s}", "skip", "its code can't be decoded, or is longer than 512 instructions");
    report = mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (report == MAP_FAILED) return json_pack("{s:s+}", "skip", "no shared memory: ", strerror(errno));
    json_t *answer = json_integer_value(json_object_get(work->params, "interrupts")) == 2 ? map_pairs(work, &list)
                                                                                          : map_singles(work, &list);
    munmap(report, sizeof *report);
    return answer;
}
