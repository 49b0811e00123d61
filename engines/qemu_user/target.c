/* target.c: starts the target program under its emulator, and talks to it through two pipes. */
#include "engines/qemu_user/qemu_user.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *target_path(const struct guest *guest) {
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s/target", QEMU_USER_TARGETS, guest->arch);
    return path;
}

static bool on_path(const char *program) {
    const char *path = getenv("PATH");
    char copy[8192], file[8192 + 64];
    snprintf(copy, sizeof copy, "%s", path ? path : "");
    for (char *rest = copy, *folder; (folder = strsep(&rest, ":"));) {
        snprintf(file, sizeof file, "%s/%s", *folder ? folder : ".", program);
        if (access(file, X_OK) == 0) return true;
    }
    return false;
}

const char *guest_lacks(const struct guest *guest) {
    static char reason[512];
    if (access(target_path(guest), X_OK) != 0)
        snprintf(
            reason, sizeof reason,
            "its target program is not built: `make deps bench ARCH=%s` installs %s and builds it",
            guest->arch, guest->compiler);
    else if (!on_path(guest->emulator))
        snprintf(reason, sizeof reason, "%s is not on the PATH: install the package qemu-user",
                 guest->emulator);
    else
        return NULL;
    return reason;
}

/* one translation block an instruction, each logged when it executes. Both names of the setting,
 * before QEMU 8.1 and since */
enum { LOG_DESCRIPTOR = 3 };
static const char *const tracing[] = {"QEMU_SINGLESTEP=1", "QEMU_ONE_INSN_PER_TB=1",
                                      "QEMU_LOG=nochain,exec", "QEMU_LOG_FILENAME=/proc/self/fd/3"};
enum { TRACING = sizeof tracing / sizeof *tracing };

static int spawn(struct target *target, const struct guest *guest,
                 const char *const arguments[TARGET_ARGUMENTS], int in, int out) {
    char *argv[TARGET_ARGUMENTS + 3] = {(char *)(uintptr_t)guest->emulator,
                                        (char *)(uintptr_t)target_path(guest)};
    for (int i = 0; i < TARGET_ARGUMENTS && arguments[i]; i++)
        argv[i + 2] = (char *)(uintptr_t)arguments[i];
    char *plain[] = {NULL}, *traced[TRACING + 1] = {NULL};
    for (int i = 0; i < TRACING; i++)
        traced[i] = (char *)(uintptr_t)tracing[i];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    if (target->trace >= 0)
        posix_spawn_file_actions_adddup2(&actions, target->trace, LOG_DESCRIPTOR);
    pid_t pid;
    int error = posix_spawnp(&pid, guest->emulator, &actions, NULL, argv,
                             target->trace >= 0 ? traced : plain);
    posix_spawn_file_actions_destroy(&actions);
    target->pid = pid;
    return error;
}

const char *target_start(struct target *target, const struct guest *guest,
                         const char *const arguments[TARGET_ARGUMENTS], bool traced) {
    int in[2], out[2];
    signal(SIGPIPE, SIG_IGN);
    *target = (struct target){.trace = -1};
    if (pipe2(in, O_CLOEXEC)) return strerror(errno);
    if (pipe2(out, O_CLOEXEC)) {
        close(in[0]);
        close(in[1]);
        return strerror(errno);
    }
    if (traced) target->trace = memfd_create("trace", MFD_CLOEXEC);
    int error =
        traced && target->trace < 0 ? errno : spawn(target, guest, arguments, in[0], out[1]);
    close(in[0]);
    close(out[1]);
    target->to = in[1];
    target->from = out[0];
    if (!error) return NULL;
    close(target->to);
    close(target->from);
    if (target->trace >= 0) close(target->trace);
    return strerror(error);
}

bool target_write(struct target *target, const void *bytes, size_t n) {
    for (size_t done = 0; done < n;) {
        ssize_t some = write(target->to, (const char *)bytes + done, n - done);
        if (some < 0 && errno == EINTR) continue;
        if (some <= 0) return false;
        done += (size_t)some;
    }
    return true;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

bool target_read(struct target *target, void *bytes, size_t n, int seconds) {
    double deadline = now() + seconds;
    for (size_t done = 0; done < n;) {
        double left = deadline - now();
        if (left <= 0) return false;
        if (poll(&(struct pollfd){.fd = target->from, .events = POLLIN}, 1,
                 (int)(left * 1000) + 1) <= 0)
            continue;
        ssize_t some = read(target->from, (char *)bytes + done, n - done);
        if (some < 0 && errno == EINTR) continue;
        if (some <= 0) return false;
        done += (size_t)some;
    }
    return true;
}

/* whether it ended by itself */
static bool wait_for(int pid, int seconds, int *status) {
    double deadline = now() + seconds;
    pid_t got;
    while ((got = waitpid(pid, status, WNOHANG)) == 0 && now() < deadline)
        usleep(500);
    if (got == pid) return true;
    kill(pid, SIGKILL);
    while (waitpid(pid, status, 0) < 0 && errno == EINTR)
        continue;
    return false;
}

const char *target_end(struct target *target, int seconds) {
    static char how[160];
    int status = 0;
    close(target->to);
    close(target->from);
    bool ended = wait_for(target->pid, seconds, &status);
    if (!ended)
        snprintf(how, sizeof how, "the emulated program did not end within %d s", seconds);
    else if (WIFSIGNALED(status))
        snprintf(how, sizeof how, "the emulated program died of SIG%s",
                 sigabbrev_np(WTERMSIG(status)));
    else if (WEXITSTATUS(status) == 1)
        snprintf(how, sizeof how, "a live value did not survive the switches");
    else
        snprintf(how, sizeof how, "the emulated program ended with exit code %d",
                 WEXITSTATUS(status));
    return ended && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? NULL : how;
}
