/* rerun.c: see rerun.h. */
#include "harness/rerun.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_ARGS = 64, PATH = 4096 };
extern char **environ;

char *rerun_own(void) {
    char path[PATH];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n < 0) return NULL;
    path[n] = '\0';
    return strdup(path);
}

int rerun(const char *program, const char *const *args) {
    const char *argv[MOST_ARGS] = {program};
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int status = 0;
    for (size_t i = 0; args[i]; i++) {
        if (i + 2 == MOST_ARGS) return -E2BIG;
        argv[i + 1] = args[i];
    }
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    int error = posix_spawnp(&pid, program, &actions, NULL, (char **)(uintptr_t)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error) return -error;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
