/* victim.c: a child runs a victim; its parent stops it before one instruction, sends it through the switch to a partner that overwrites
 * every register, looks at what came back, and lets the victim go on with that. */
#include "engines/native/victim.h"

#include "engines/native/interrupt.h"
#include "engines/native/map.h"
#include "engines/native/registers.h"
#include "harness/contract.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { HANG_MS = 50, RIGHT = 0, WRONG = 1 };

/* ---- the victim: a checksum with integers and floating point live nearly everywhere ---- */

#define VICTIM __attribute__((noinline, aligned(64)))
extern const uint8_t victim_pip[], victim_end[];

static volatile uint64_t noted;
static VICTIM void note(uint64_t x) { noted = x; }

/* two PIPs: where it declares that it keeps nothing in registers, and right after the call, which gives nothing back, by the calling
 * convention [0032] */
static VICTIM uint64_t checksum(const uint64_t *data, unsigned n) {
    uint64_t sum = UINT64_C(0xcbf29ce484222325), odd = 1;
    double weight = 0;
    for (unsigned i = 0; i < n; i++) {
        __asm__ volatile("victim_pip:" ::: VICTIM_CLOBBERS);
        sum = (sum ^ data[i]) * UINT64_C(0x100000001b3);
        odd += (data[i] >> 3 ^ sum) | 1;
        weight += (double)(uint32_t)data[i] * 0.5;
        note(odd);
    }
    sum ^= (uint64_t)weight ^ noted;
    __asm__ volatile("victim_end:" : "+r"(sum), "+r"(odd));
    return sum + odd;
}

static const uint64_t data[] = {UINT64_C(0x0123456789abcdef), UINT64_C(0xfedcba9876543210), 42};
enum { DATA = sizeof data / sizeof *data };

/* not known to the compiler, which must make no copy of checksum() for them */
static const uint64_t *volatile source = data;
static volatile unsigned length = DATA;

static uint64_t expected; /* what checksum() gives when nobody disturbs it */

/* ---- the child ---- */

static uint64_t random_state;

static void fill(struct check_images *images, int side) {
    const struct register_file *file = ((const struct switcher *)images->owner)->contract.file;
    contract_canaries(file, images->given[side], images->abi, &random_state);
}

static void arrived(struct check_images *images, int side) {
    (void)images;
    (void)side;
}

static _Noreturn void child(const struct work *work) {
    const struct switcher *s = work->switcher;
    size_t bytes = (s->contract.file->image_bytes + 63) / 64 * 64;
    uint8_t *memory = aligned_alloc(64, 4 * bytes);
    struct check_images images = {.given = {memory, memory + bytes}, .captured = {memory + 2 * bytes, memory + 3 * bytes},
                                  .fill = fill, .arrived = arrived, .owner = s,
                                  .abi = true}; /* a partner that obeys the calling convention: no trap on unaligned data */
    struct itimerval limit = {.it_value = {.tv_usec = HANG_MS * 1000}};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    if (!memory || ptrace(PTRACE_TRACEME, 0, 0, 0) != 0) _exit(NO_PTRACE);
    setitimer(ITIMER_PROF, &limit, NULL);
    random_state = work->seed | 1;
    s->native->check(NULL);
    s->native->check(&images); /* the partner waits in the middle of its loop from now on */
    raise(SIGSTOP);
    _exit(checksum(source, length) == expected ? RIGHT : WRONG);
}

/* ---- the parent ---- */

/* goes on to a breakpoint; false: the child ended, or stopped for something else, as *status says */
static bool run_to(pid_t pid, const uint8_t *at, int *status) {
    struct trap trap;
    if (!trap_plant(&trap, pid, at) || ptrace(PTRACE_CONT, pid, 0, 0) != 0) return false;
    while (waitpid(pid, status, 0) < 0)
        if (errno != EINTR) return false;
    return WIFSTOPPED(*status) && WSTOPSIG(*status) == SIGTRAP && trap_hit(&trap, pid);
}

static enum trial ended(int status) {
    if (WIFSTOPPED(status)) return WSTOPSIG(status) == SIGPROF ? TRIAL_HUNG : TRIAL_CRASHED;
    if (!WIFEXITED(status)) return TRIAL_CRASHED;
    return WEXITSTATUS(status) == RIGHT ? TRIAL_OK : TRIAL_CORRUPTED;
}

static bool looked_at(const struct register_file *file, const struct reg *reg) {
    bool present = !file->present || file->present(reg);
    return present && strcmp(reg->class, "ip") != 0 && strcmp(reg->class, "thread") != 0;
}

/* registers of a class, all or those that differ */
static size_t class_size(const struct register_file *file, const char *class, const struct snapshot *before,
                         const struct snapshot *after) {
    size_t n = 0;
    for (size_t i = 0; i < file->count; i++)
        n += strcmp(file->reg[i].class, class) == 0 && looked_at(file, &file->reg[i]) &&
             !(before && register_equal(&file->reg[i], before->image, after->image));
    return n;
}

/* what a switch lost: registers that differ; where it is all of a class of several, the class */
static json_t *losses(const struct register_file *file, const struct snapshot *before, const struct snapshot *after) {
    json_t *names = json_array();
    const char *done = "";
    for (size_t i = 0; i < file->count; i++) {
        const struct reg *reg = &file->reg[i];
        if (!looked_at(file, reg) || strcmp(reg->class, done) == 0 || register_equal(reg, before->image, after->image)) continue;
        size_t all = class_size(file, reg->class, NULL, NULL);
        bool whole = all > 1 && all == class_size(file, reg->class, before, after);
        json_array_append_new(names, json_string(whole ? reg->class : reg->name));
        if (whole) done = reg->class;
    }
    if (memcmp(before->red_zone, after->red_zone, RED_ZONE) != 0) json_array_append_new(names, json_string("red zone"));
    return names;
}

/* from the child's stop on: to the boundary, through the switch and back, and on to the end */
static enum trial force(pid_t pid, const struct work *work, const uint8_t *at, json_t **lost) {
    const struct native_code *native = work->switcher->native;
    const struct register_file *file = work->switcher->contract.file;
    static struct snapshot before, after;
    int status = 0;
    if (!run_to(pid, at, &status)) return WIFEXITED(status) ? NOT_REACHED : NO_PTRACE;
    if (!snapshot_take(&before, pid, file) || !snapshot_jump(pid, native->site[0])) return NO_PTRACE;
    if (!run_to(pid, native->site_end[0], &status)) return ended(status);
    if (!snapshot_take(&after, pid, file) || !snapshot_jump(pid, at)) return NO_PTRACE;
    *lost = losses(file, &before, &after);
    if (ptrace(PTRACE_CONT, pid, 0, 0) != 0) return NO_PTRACE;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return NO_PTRACE;
    return ended(status);
}

static enum trial trial(const struct work *work, const uint8_t *at, json_t **lost) {
    int status = 0;
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0) return NO_PTRACE;
    if (pid == 0) child(work);
    enum trial outcome = NO_PTRACE;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP) outcome = force(pid, work, at, lost);
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return outcome;
}

/* ---- the map ---- */

/* the PIP of which kind this is, or NULL */
static const char *pip_of(const struct boundaries *list, size_t i) {
    if (list->b[i].at == victim_pip) return "pip";
    return i > 0 && strncmp(list->b[i - 1].text, "call", 4) == 0 ? "scratch" : NULL;
}

json_t *victim_map(const struct work *work, const char *victim) {
    static struct boundaries list;
    if (strcmp(victim, "checksum") != 0) return json_pack("{s:s}", "skip", "there is no victim of this name; there is checksum");
    list.n = 0;
    if (!boundaries_add(&list, 0, (const uint8_t *)(uintptr_t)checksum, victim_end))
        return json_pack("{s:s}", "skip", "the victim's code can't be decoded");
    expected = checksum(source, length);
    size_t count[TRIALS] = {0}, reached = 0;
    json_t *cells = json_array();
    for (size_t i = 0; i < list.n; i++) {
        json_t *lost = NULL;
        enum trial outcome = trial(work, list.b[i].at, &lost);
        if (outcome == NOT_REACHED) continue; /* the victim does not go there */
        if (outcome == NO_PTRACE) {
            json_decref(lost);
            json_decref(cells);
            return json_pack("{s:s}", "skip", trial_reason(outcome, &list.b[i]));
        }
        count[outcome]++;
        json_t *cell = map_cell(reached++, outcome, &list.b[i], lost);
        if (pip_of(&list, i)) json_object_set_new(cell, "pip", json_string(pip_of(&list, i)));
        json_array_append_new(cells, cell);
    }
    return map_line("anywhere", count, reached, cells);
}
