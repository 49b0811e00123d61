/* tracee.c: see tracee.h. x86-64 Linux. */
#include "tests/pip/tracee.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct row {
    const char *name, *class;
} rows[] = {
#define REG(name, class, bits, privilege, convention, slot) {#name, #class},
#include "switchers/registers/x86_64.def"
};
enum { ROWS = sizeof rows / sizeof *rows };

/* ---- garbage ---- */

static uint64_t garbage(uint64_t *seed) { /* xorshift */
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static unsigned long long *gpr(struct user_regs_struct *r, const char *name) {
    const struct {
        const char *name;
        unsigned long long *value;
    } all[] = {{"rax", &r->rax}, {"rbx", &r->rbx}, {"rcx", &r->rcx}, {"rdx", &r->rdx},
               {"rsi", &r->rsi}, {"rdi", &r->rdi}, {"rbp", &r->rbp}, {"r8", &r->r8},
               {"r9", &r->r9},   {"r10", &r->r10}, {"r11", &r->r11}, {"r12", &r->r12},
               {"r13", &r->r13}, {"r14", &r->r14}, {"r15", &r->r15}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i].name, name) == 0) return all[i].value;
    return NULL;
}

enum { STATUS_FLAGS = 0x8d5, XSTATE_MAX = 16384 };

/* where the uncompacted xsave area keeps a row (Intel SDM vol. 1, 13.4; offsets of components by
 * CPUID) */
static unsigned component(unsigned number) {
    unsigned a = 0xd, b = 0, c = number, d = 0;
    __asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return b;
}
static bool in_xstate(const struct row *row, uint8_t *area, size_t size, uint8_t **at,
                      size_t *bytes) {
    static const struct {
        const char *class;
        unsigned number, first, each, bytes;
    } places[] = {{"xmm", 0, 0, 16, 16},  {"x87", 0, 0, 16, 10},  {"ymmh", 2, 0, 16, 16},
                  {"zmmh", 6, 0, 32, 32}, {"zmm", 7, 16, 64, 64}, {"mask", 5, 0, 8, 8}};
    unsigned number = (unsigned)atoi(row->name + strcspn(row->name, "0123456789"));
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (strcmp(places[i].class, row->class) != 0) continue;
        unsigned begin = strcmp(row->class, "xmm") == 0   ? 160
                         : strcmp(row->class, "x87") == 0 ? 32
                                                          : component(places[i].number);
        unsigned offset = begin + (number - places[i].first) * places[i].each;
        if (!begin || offset + places[i].bytes > size) return false;
        uint64_t components;
        memcpy(&components, area + 512, 8);
        components |= UINT64_C(3) | (places[i].number ? UINT64_C(1) << places[i].number : 0);
        memcpy(area + 512, &components, 8);
        *at = area + offset;
        *bytes = places[i].bytes;
        return true;
    }
    return false;
}

static const char *overwrite(pid_t pid, const bool *corrupt, uint64_t *seed) {
    static uint8_t area[XSTATE_MAX] __attribute__((aligned(64)));
    struct user_regs_struct regs;
    struct iovec state = {area, sizeof area};
    if (ptrace(PTRACE_GETREGS, pid, 0, &regs) != 0 ||
        ptrace(PTRACE_GETREGSET, pid, NT_X86_XSTATE, &state) != 0)
        return "the registers can't be read";
    for (int i = 0; i < ROWS; i++) {
        uint8_t *at;
        size_t bytes;
        unsigned long long *value = gpr(&regs, rows[i].name);
        if (!corrupt[i]) continue;
        if (value)
            *value = garbage(seed);
        else if (strcmp(rows[i].class, "flags") == 0)
            regs.eflags ^= STATUS_FLAGS;
        else if (in_xstate(&rows[i], area, state.iov_len, &at, &bytes))
            for (size_t k = 0; k < bytes; k++)
                at[k] = (uint8_t)garbage(seed);
    }
    if (ptrace(PTRACE_SETREGS, pid, 0, &regs) != 0 ||
        ptrace(PTRACE_SETREGSET, pid, NT_X86_XSTATE, &state) != 0)
        return "the registers can't be written";
    return NULL;
}

/* ---- the child ---- */

static _Noreturn void child(const char *program, int output, int milliseconds) {
    struct itimerval limit = {.it_value = {milliseconds / 1000, milliseconds % 1000 * 1000}};
    dup2(output, 1);
    dup2(output, 2);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){1 << 20, 1 << 20});
    setrlimit(RLIMIT_AS, &(struct rlimit){1 << 28, 1 << 28});
    personality(ADDR_NO_RANDOMIZE);
    setitimer(ITIMER_REAL, &limit, NULL);
    if (ptrace(PTRACE_TRACEME, 0, 0, 0) == 0) execl(program, program, (char *)NULL);
    _exit(127);
}

/* ---- the tracer ---- */

static bool stopped(pid_t pid, int *status) {
    while (waitpid(pid, status, 0) < 0)
        if (errno != EINTR) return false;
    return WIFSTOPPED(*status);
}

/* how far the file was moved: where its entry came to lie */
static bool load_bias(pid_t pid, uint64_t file_entry, uint64_t *bias) {
    char path[64];
    uint64_t pair[2];
    snprintf(path, sizeof path, "/proc/%d/auxv", (int)pid);
    int fd = open(path, O_RDONLY);
    bool found = false;
    while (!found && fd >= 0 && read(fd, pair, sizeof pair) == sizeof pair && pair[0])
        if ((found = pair[0] == AT_ENTRY)) *bias = pair[1] - file_entry;
    if (fd >= 0) close(fd);
    return found;
}

/* *ended: how the program ended, if it did, by the very instruction or the time limit */
static const char *at_hit(pid_t pid, uint64_t address, long word, long trap, const bool *corrupt,
                          uint64_t *seed, bool again, int *ended) {
    struct user_regs_struct regs;
    int status;
    if (ptrace(PTRACE_GETREGS, pid, 0, &regs) != 0) return "the registers can't be read";
    regs.rip = address;
    if (ptrace(PTRACE_SETREGS, pid, 0, &regs) != 0 ||
        ptrace(PTRACE_POKETEXT, pid, address, word) != 0)
        return "the stopped program can't be changed";
    const char *why = overwrite(pid, corrupt, seed);
    if (why || !again) return why;
    ptrace(PTRACE_SINGLESTEP, pid, 0, 0);
    if (!stopped(pid, &status)) {
        *ended = status;
        return NULL;
    }
    if (WSTOPSIG(status) != SIGTRAP) {
        *ended = WSTOPSIG(status); /* as if it had died of it */
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        return NULL;
    }
    ptrace(PTRACE_POKETEXT, pid, address, trap);
    return NULL;
}

static const char *trace(pid_t pid, uint64_t file_entry, uint64_t address, const bool *corrupt,
                         uint64_t seed, struct outcome *o) {
    uint64_t bias = 0;
    if (!stopped(pid, &o->status)) return "the program can't be started under ptrace";
    if (address && !load_bias(pid, file_entry, &bias))
        return "where the program was loaded can't be found";
    address = address ? address + bias : 0;
    long word = address ? ptrace(PTRACE_PEEKTEXT, pid, address, 0) : 0,
         trap = (word & ~0xffL) | 0xcc;
    if (address && ptrace(PTRACE_POKETEXT, pid, address, trap) != 0)
        return "no breakpoint can be set";
    for (int signal = 0;;) {
        ptrace(PTRACE_CONT, pid, 0, signal);
        if (!stopped(pid, &o->status)) return NULL;
        signal = WSTOPSIG(o->status);
        struct user_regs_struct regs;
        ptrace(PTRACE_GETREGS, pid, 0, &regs);
        if (signal != SIGTRAP || !address || regs.rip != address + 1) continue;
        signal = 0;
        int ended = -1;
        const char *why =
            at_hit(pid, address, word, trap, corrupt, &seed, ++o->hits < HITS_MAX, &ended);
        if (ended != -1) o->status = ended;
        if (ended != -1) return NULL;
        if (why) return why;
    }
}

const char *tracee_run(const char *program, uint64_t file_entry, uint64_t address,
                       const bool *corrupt, uint64_t seed, int milliseconds, struct outcome *o) {
    *o = (struct outcome){0};
    int output = memfd_create("output", MFD_CLOEXEC);
    pid_t pid = output < 0 ? -1 : fork();
    if (pid < 0) return "no process or file can be made";
    if (pid == 0) child(program, output, milliseconds);
    const char *why = trace(pid, file_entry, address, corrupt, seed ? seed : 1, o);
    if (why) {
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    o->size = (size_t)lseek(output, 0, SEEK_END);
    o->output = malloc(o->size + 1);
    if (!o->output || pread(output, o->output, o->size, 0) != (ssize_t)o->size) abort();
    close(output);
    return why;
}

bool outcome_equal(const struct outcome *a, const struct outcome *b) {
    return a->status == b->status && a->size == b->size &&
           memcmp(a->output, b->output, a->size) == 0;
}
void outcome_free(struct outcome *o) {
    free(o->output);
    o->output = NULL;
}
