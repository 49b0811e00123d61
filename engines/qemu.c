/* qemu: the worlds under QEMU's translator with -icount: time is the number of executed
 * instructions, so a timer sweep reaches every boundary and a rerun is the same to the byte. For
 * checks and counts; it has no clock. */
#include "engines/qemu/qemu.h"
#include "harness/cpu.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TEXT_MOST = 4 << 20, ARGUMENTS = 64, MONITOR_MS = 500 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- the process ---- */

struct guest {
    pid_t pid;
    int console, monitor;
};

static bool on_path(const char *program) {
    const char *search = getenv("PATH");
    char path[1024];
    for (const char *p = search ? search : ""; *p;) {
        size_t n = strcspn(p, ":");
        snprintf(path, sizeof path, "%.*s/%s", (int)n, p, program);
        if (n && access(path, X_OK) == 0) return true;
        p += n + (p[n] == ':');
    }
    return false;
}

/* the file in memory, for the child to open */
static int in_memory(const struct world_file *w) {
    int fd = memfd_create("world", 0);
    if (fd >= 0 && write(fd, w->bytes, w->size) == (ssize_t)w->size) return fd;
    if (fd >= 0) close(fd);
    return -1;
}

/* QEMU's loop of events wakes at every interrupt of the world and asks for the lock that its loop
 * of the CPU holds. With both on one CPU, and wake-ups that need not preempt, they change over less
 * often, the less the busier the CPU is. Where it can't be had, QEMU only takes longer. */
static void keep_to_one_cpu(void) {
    cpu_stay();
    sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){0});
}

static _Noreturn void become(const struct machine *machine, int file, int console, int monitor) {
    char kernel[64], chardev[64];
    const char *argv[ARGUMENTS] = {machine->program};
    size_t n = 1;
    snprintf(kernel, sizeof kernel, "/proc/self/fd/%d", file);
    snprintf(chardev, sizeof chardev, "socket,id=monitor,fd=%d", monitor);
    for (const char *const *a = machine->arguments; *a && n < ARGUMENTS - 8; a++)
        argv[n++] = *a;
    const char *const more[] = {"-chardev", chardev, "-mon", "chardev=monitor,mode=readline",
                                "-kernel",  kernel};
    memcpy(&argv[n], more, sizeof more);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    keep_to_one_cpu();
    dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
    dup2(console, STDOUT_FILENO);
    dup2(console, STDERR_FILENO);
    execvp(machine->program, (char *const *)(uintptr_t)argv);
    _exit(127);
}

static bool start(const struct world_file *w, struct guest *g) {
    int file = in_memory(w), console[2], monitor[2];
    if (file < 0) return false;
    if (pipe2(console, O_CLOEXEC)) return close(file), false;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, monitor))
        return close(file), close(console[0]), close(console[1]), false;
    fcntl(monitor[0], F_SETFD, FD_CLOEXEC);
    g->pid = fork();
    if (g->pid == 0) become(w->machine, file, console[1], monitor[1]);
    close(file);
    close(console[1]);
    close(monitor[1]);
    g->console = console[0];
    g->monitor = monitor[0];
    return g->pid > 0;
}

/* ---- what it prints ---- */

struct text {
    char *bytes;
    size_t used, room;
};

static bool take(int fd, struct text *t) {
    if (t->used + 65536 > t->room) {
        char *more = realloc(t->bytes, t->room + (1 << 18));
        if (!more) return false;
        t->bytes = more;
        t->room += 1 << 18;
    }
    ssize_t n = read(fd, t->bytes + t->used, 65535);
    if (n > 0) t->used += (size_t)n;
    if (t->bytes) t->bytes[t->used] = 0;
    return n > 0 || (n < 0 && errno == EINTR);
}

/* True: its end. False: the deadline, or more text than any world prints. */
static bool listen_to(int fd, double deadline, struct text *t) {
    for (double left; (left = deadline - now()) > 0 && t->used < TEXT_MOST;) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (poll(&p, 1, (int)(left * 1000) + 1) > 0 && !take(fd, t)) return true;
    }
    return false;
}

/* The monitor's `info registers` as one line, the general ones first: what comes after is cut. */
static void last_registers(const struct guest *g, char *why, size_t size) {
    static const char ask[] = "info registers\n";
    struct text t = {0};
    size_t n = 0;
    if (write(g->monitor, ask, sizeof ask - 1) != sizeof ask - 1) return;
    listen_to(g->monitor, now() + MONITOR_MS * 1e-3, &t);
    const char *from = t.bytes ? strstr(t.bytes, "CPU#") : NULL;
    if (from) from += strcspn(from, "\n");
    for (; from && *from && n + 1 < size; from++)
        if (*from >= ' ' || (n && why[n - 1] != ' ')) why[n++] = *from < ' ' ? ' ' : *from;
    why[n] = 0;
    free(t.bytes);
}

static void stop(const struct world_file *w, const struct guest *g, struct world_end *end) {
    char registers[WORLD_WHY - 200] = "";
    last_registers(g, registers, sizeof registers);
    end->hung = true;
    snprintf(end->why, WORLD_WHY, "%s: it did not end within %g s; last registers: %s",
             w->machine->program, world_seconds(),
             registers[0] ? registers : "QEMU's monitor did not answer");
    kill(g->pid, SIGKILL);
}

void qemu_run(const struct world_file *w, struct world_end *end) {
    struct guest g;
    struct text t = {0};
    int status = 0;
    if (!start(w, &g)) {
        snprintf(end->why, WORLD_WHY, "%s can't be started: %s", w->machine->program,
                 strerror(errno));
        return;
    }
    bool ended = listen_to(g.console, now() + world_seconds(), &t);
    if (!ended) stop(w, &g, end);
    while (waitpid(g.pid, &status, 0) < 0 && errno == EINTR)
        continue;
    close(g.console);
    close(g.monitor);
    end->text = t.bytes ? t.bytes : strdup("");
    if (ended)
        world_ended(end, WIFEXITED(status) ? w->machine->world_status(WEXITSTATUS(status)) : -1);
}

/* ---- the engine ---- */

static const char *missing(const struct machine *machine) {
    static char why[256];
    if (on_path(machine->program)) return NULL;
    snprintf(why, sizeof why,
             "%s is not there: the package %s has it (make deps bench ARCH=%s MODE=kernel)",
             machine->program, machine->package, machine->name);
    return why;
}

static const char *lacks(const struct work *work) {
    return missing(world_machine(work->switcher));
}

static json_t *check(const struct work *work) {
    return world_check(work, qemu_run);
}
static json_t *count(const struct work *work) {
    return world_count(work, qemu_run);
}
static json_t *map(const struct work *work) {
    return world_map(work, qemu_run);
}
static json_t *mutate(const struct work *work) {
    return world_mutate(work, qemu_run);
}

static const struct engine qemu = {
    .name = "qemu",
    .summary = "bare-metal worlds under QEMU's translator: exact counts, interrupts at every "
               "boundary, no clock",
    .rejects = world_rejects,
    .lacks = lacks,
    .check = check,
    .count = count,
    .map = map,
    .mutate = mutate,
};
REGISTER_ENGINE(qemu);
