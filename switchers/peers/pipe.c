/* pipe: two processes on one CPU handing over a byte through a pair of pipes: what a switch costs
 * when the address space changes too. */
#include "switchers/peers/one_cpu.h"

#include "harness/switcher.h"
#include "switchers/registers/x86_64.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static const char who[] = "pipe";

struct ends {
    int read, write;
};

static struct ends open_pipe(void) {
    int fd[2];
    if (pipe2(fd, O_CLOEXEC) != 0) err(EXIT_FAILURE, "%s: can't make a pipe", who);
    return (struct ends){fd[0], fd[1]};
}

static bool receive(int fd, uint8_t *token) {
    ssize_t n;
    do
        n = read(fd, token, 1);
    while (n < 0 && errno == EINTR);
    return n == 1;
}

static bool send(int fd, uint8_t token) {
    ssize_t n;
    do
        n = write(fd, &token, 1);
    while (n < 0 && errno == EINTR);
    return n == 1;
}

/* returns each token plus one until the other end is closed */
static void __attribute__((noreturn)) partner(struct ends in, struct ends out) {
    uint8_t token;
    close(in.write);
    close(out.read);
    while (receive(in.read, &token))
        if (!send(out.write, (uint8_t)(token + 1))) _exit(EXIT_FAILURE);
    _exit(EXIT_SUCCESS);
}

static void reap(pid_t child) {
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) err(EXIT_FAILURE, "%s: can't wait for the partner's process", who);
    if (WIFSIGNALED(status))
        errx(EXIT_FAILURE, "%s: the partner's process died of signal %d", who, WTERMSIG(status));
    if (WEXITSTATUS(status) != 0)
        errx(EXIT_FAILURE, "%s: the partner's process failed to write", who);
}

static bool pingpong(uint64_t iterations) {
    cpu_set_t before = one_cpu_stay(who);
    struct ends there = open_pipe(), back = open_pipe();
    pid_t child = fork();
    if (child < 0) err(EXIT_FAILURE, "%s: can't start the partner's process", who);
    if (child == 0) partner(there, back);
    close(there.read);
    close(back.write);
    void (*old)(int) =
        signal(SIGPIPE, SIG_IGN); /* a dead partner is an error with a name, not a signal */
    uint8_t token = 0;
    bool alive = true;
    for (uint64_t i = 0; alive && i < iterations; i++)
        alive = send(there.write, token) && receive(back.read, &token);
    close(there.write);
    close(back.read);
    reap(child);
    signal(SIGPIPE, old);
    one_cpu_leave(who, before);
    return alive && token == (uint8_t)iterations;
}

static const struct native_code native = {.pingpong = pingpong, .threads = true};

static const struct clause clauses[] = {
    {NULL, NULL, SAVED, "the kernel switches processes: each has all registers to itself"},
};

static const struct switcher peer = {
    .name = "pipe",
    .kind = "peer",
    .arch = "x86_64",
    .mask = "none",
    .state = "process",
    .transfer = "syscall",
    .summary = "two processes on one CPU handing over a byte through a pair of pipes",
    .contract = {&x86_64_registers, clauses},
    .native = &native,
};
REGISTER_SWITCHER(peer);
