/* worker.c: both ends of a worker: the parent starts this program again (in another layout,
 * perhaps), with the work as arguments, and reads one JSON object from its standard output. */
#include "harness/worker.h"

#include "harness/cpu.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
volatile int worker_stop;

static const char *const verbs[VERBS] = {[VERB_CHECK] = "check",
                                         [VERB_COUNT] = "count",
                                         [VERB_SAMPLE] = "sample",
                                         [VERB_MAP] = "map",
                                         [VERB_MUTATE] = "mutate"};

/* ---- layouts: build/switchlab, build/switchlab.1, build/switchlab.2, ... ---- */

enum { MOST_LAYOUTS = 16, PATH = 4096 };

static bool layout_path(unsigned layout, char path[PATH]) {
    ssize_t n = readlink("/proc/self/exe", path, PATH - 16);
    if (n <= 0) return false;
    path[n] = 0;
    if (layout) snprintf(path + n, 16, ".%u", layout);
    return access(path, X_OK) == 0;
}

unsigned worker_layouts(void) {
    char path[PATH];
    unsigned n = 1;
    while (n < MOST_LAYOUTS && layout_path(n, path))
        n++;
    return n;
}

/* ---- the parent's side ---- */

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

struct text {
    char *bytes;
    size_t used, size;
};

/* reads until end of file, or until `deadline`: false */
static bool read_all(int fd, double deadline, struct text *text) {
    for (;;) {
        double left = deadline - now();
        if (left <= 0 || worker_stop) return false;
        int ready = poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, (int)(left * 1000) + 1);
        if (ready <= 0) continue; /* time is up, or a signal: the loop's head knows */
        if (text->used + 4096 > text->size) {
            text->size = text->size * 2 + 8192;
            text->bytes = realloc(text->bytes, text->size);
            if (!text->bytes) abort();
        }
        ssize_t n = read(fd, text->bytes + text->used, text->size - text->used - 1);
        if (n == 0) return true;
        if (n > 0)
            text->used += (size_t)n;
        else if (errno != EINTR)
            return true;
    }
}

static void describe_end(int status, struct worker_result *result) {
    if (WIFSIGNALED(status))
        snprintf(result->failure, sizeof result->failure, "died of SIG%s",
                 sigabbrev_np(WTERMSIG(status)));
    else if (WEXITSTATUS(status))
        snprintf(result->failure, sizeof result->failure, "its worker ended with exit code %d",
                 WEXITSTATUS(status));
}

/* a group of its own: the worker's children end with it, and Ctrl-C reaches only the parent, which
 * ends the worker */
static int spawn(const char *path, char *const argv[], int out, pid_t *pid) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    int error = posix_spawn(pid, path, &actions, &attributes, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error;
}

static struct worker_result collect(pid_t pid, int fd, unsigned seconds) {
    struct worker_result result = {0};
    struct text text = {0};
    bool ended = read_all(fd, now() + seconds, &text);
    if (!ended) kill(-pid, SIGKILL);
    int status;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    kill(-pid, SIGKILL); /* whatever it left behind */
    result.interrupted = worker_stop;
    if (result.interrupted)
        snprintf(result.failure, sizeof result.failure, "interrupted");
    else if (!ended)
        snprintf(result.failure, sizeof result.failure, "did not return within %u s", seconds);
    else
        describe_end(status, &result);
    if (!result.failure[0]) {
        result.answer = json_loadb(text.bytes ? text.bytes : "", text.used, 0, NULL);
        if (!result.answer)
            snprintf(result.failure, sizeof result.failure,
                     "its worker gave no answer that can be read");
    }
    free(text.bytes);
    return result;
}

struct worker_result worker_run(enum verb verb, const struct engine *engine,
                                const struct work *work, unsigned layout, unsigned seconds) {
    struct worker_result result = {0};
    char path[PATH], id[SWITCHER_ID], seed[16], cpu[16];
    int ends[2];
    if (!layout_path(layout, path)) {
        snprintf(result.failure, sizeof result.failure, "layout %u of this program is gone: %s",
                 layout, strerror(errno));
        return result;
    }
    if (pipe(ends)) {
        snprintf(result.failure, sizeof result.failure, "no pipe to a worker: %s", strerror(errno));
        return result;
    }
    switcher_id(work->switcher, id);
    snprintf(seed, sizeof seed, "%u", work->seed);
    snprintf(cpu, sizeof cpu, "%d", work->cpu);
    char *params =
        json_dumps(work->params ? work->params : json_null(), JSON_COMPACT | JSON_ENCODE_ANY);
    char *clock =
        json_dumps(work->clock ? work->clock : json_null(), JSON_COMPACT | JSON_ENCODE_ANY);
    const char *experiment = work->experiment ? work->experiment->name : "-";
    char *const argv[] = {path,
                          "worker",
                          (char *)(uintptr_t)verbs[verb],
                          (char *)(uintptr_t)engine->name,
                          id,
                          (char *)(uintptr_t)experiment,
                          params,
                          seed,
                          cpu,
                          clock,
                          NULL};
    pid_t pid;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    int error = spawn(path, argv, ends[1], &pid);
    close(ends[1]);
    if (error)
        snprintf(result.failure, sizeof result.failure, "no worker process: %s", strerror(error));
    else
        result = collect(pid, ends[0], seconds);
    close(ends[0]);
    free(params);
    free(clock);
    return result;
}

/* ---- the worker's side ---- */

static json_t *perform(const char *verb, const struct engine *engine, const struct work *work) {
    json_t *(*const functions[VERBS])(const struct work *) = {[VERB_CHECK] = engine->check,
                                                              [VERB_COUNT] = engine->count,
                                                              [VERB_SAMPLE] = engine->sample,
                                                              [VERB_MAP] = engine->map,
                                                              [VERB_MUTATE] = engine->mutate};
    for (int i = 0; i < VERBS; i++)
        if (strcmp(verbs[i], verb) == 0 && functions[i]) return functions[i](work);
    return NULL;
}

/* argv: worker VERB ENGINE SWITCHER EXPERIMENT PARAMS SEED CPU CLOCK */
int worker_main(int argc, char **argv) {
    enum { VERB = 1, ENGINE, SWITCHER, EXPERIMENT, PARAMS, SEED, CPU, CLOCK, COUNT };
    const struct engine *engine = argc == COUNT ? engine_find(argv[ENGINE]) : NULL;
    if (!engine) {
        fprintf(stderr, "switchlab worker: is started by switchlab run, not by hand\n");
        return 2;
    }
    struct work work = {
        .switcher = switcher_by_id(argv[SWITCHER]),
        .experiment = experiment_find(argv[EXPERIMENT]),
        .params = json_loads(argv[PARAMS], JSON_DECODE_ANY, NULL),
        .seed = (uint32_t)strtoul(argv[SEED], NULL, 10),
        .cpu = atoi(argv[CPU]),
        .clock = json_loads(argv[CLOCK], JSON_DECODE_ANY, NULL),
    };
    json_t *answer = work.switcher && (work.cpu < 0 || cpu_pin(work.cpu)) ? perform(argv[VERB], engine, &work) : NULL;
    bool given = answer && json_dumpf(answer, stdout, JSON_COMPACT) == 0 && fflush(stdout) == 0;
    json_decref(answer);
    json_decref(work.params);
    json_decref(work.clock);
    return given ? 0 : 2;
}
