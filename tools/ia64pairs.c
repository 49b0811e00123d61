/* ia64pairs: two interrupts at every pair of instruction boundaries of the IA-64 switchers.
 * Minutes, so it is a program of its own, behind `make pairs ARCH=ia64`; --shard I/N does a part,
 * the same on every machine. */
#include "engines/ia64sim/map.h"
#include "harness/environment.h"
#include "harness/record.h"

#include <argp.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef SWITCHLAB_COMMIT
#define SWITCHLAB_COMMIT NULL
#endif
enum { DONE = 0, FAILED = 1, WRONG_USE = 2, MOST_JOBS = 256 };

static const struct argp_option table[] = {
    {"switcher", 's', "GLOB", 0, "only switchers whose name matches", 0},
    {"mask", 'm', "GLOB", 0, "only under this mask", 0},
    {"shard", 'i', "I/N", 0, "only the I-th of N parts, I from 0 to N-1 (default 0/1)", 0},
    {"seed", 'S', "N", 0, "seed of the canaries (default 1)", 0},
    {"jobs", 'j', "N", 0, "processes that share the work (default: the CPUs that are there)", 0},
    {"out", 'o', "FILE", 0, "append the records to FILE", 0},
    {0},
};

struct arguments {
    const char *switcher, *mask, *out;
    unsigned shard, shards, jobs;
    uint32_t seed;
};

static error_t parse(int key, char *text, struct argp_state *state) {
    struct arguments *a = state->input;
    int end = 0;
    switch (key) {
    case 's':
        a->switcher = text;
        break;
    case 'm':
        a->mask = text;
        break;
    case 'o':
        a->out = text;
        break;
    case 'S':
        if (sscanf(text, "%u%n", &a->seed, &end) != 1 || text[end])
            argp_error(state, "--seed: not a number: %s", text);
        break;
    case 'j':
        if (sscanf(text, "%u%n", &a->jobs, &end) != 1 || text[end] || !a->jobs ||
            a->jobs > MOST_JOBS)
            argp_error(state, "--jobs takes a number from 1 to %d, not '%s'", MOST_JOBS, text);
        break;
    case 'i':
        if (sscanf(text, "%u/%u%n", &a->shard, &a->shards, &end) != 2 || text[end] ||
            a->shard >= a->shards)
            argp_error(state, "--shard takes I/N with I from 0 to N-1, not '%s'", text);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static unsigned cpus(void) {
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > MOST_JOBS ? MOST_JOBS : (unsigned)n;
}

/* ---- progress, to a terminal only ---- */

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void progress(void *context, size_t boundary, size_t injections) {
    double *last = context;
    if (now() - *last < 0.2) return;
    *last = now();
    fprintf(stderr, "\r%8zu pairs, boundary %zu ", injections, boundary);
}

/* ---- jobs: a process each, which answers in JSON through a pipe ---- */

struct job {
    pid_t pid;
    FILE *from;
};

static void work_as_job(const struct arguments *a, const struct switcher *s, unsigned job,
                        FILE *to) {
    double last = 0;
    struct injection in = {.interrupts = 2,
                           .shard = a->shard + a->shards * job,
                           .shards = a->shards * a->jobs,
                           .seed = a->seed,
                           .progress = job == 0 && isatty(2) ? progress : NULL,
                           .context = &last};
    bool good = inject(&in, s);
    json_t *answer = json_pack("{s:s, s:I, s:I, s:o, s:[]}", "why", good ? "" : in.why,
                               "boundaries", (json_int_t)in.boundaries, "injections",
                               (json_int_t)in.injections, "cells", in.cells, "tally");
    for (int k = 0; k < 4; k++)
        json_array_append_new(json_object_get(answer, "tally"),
                              json_integer((json_int_t)in.tally[k]));
    _exit(json_dumpf(answer, to, JSON_COMPACT) || fclose(to) ? FAILED : DONE);
}

static bool start(const struct arguments *a, const struct switcher *s, unsigned k,
                  struct job *job) {
    int ends[2];
    if (pipe(ends)) return false;
    fflush(NULL);
    job->pid = fork();
    if (job->pid == 0) {
        close(ends[0]);
        work_as_job(a, s, k, fdopen(ends[1], "w"));
    }
    close(ends[1]);
    job->from = fdopen(ends[0], "r");
    return job->pid > 0 && job->from;
}

/* adds a job's answer */
static bool collect(struct job *job, struct injection *sum) {
    json_t *answer = json_loadf(job->from, 0, NULL);
    int status;
    fclose(job->from);
    while (waitpid(job->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    const char *why = answer ? json_string_value(json_object_get(answer, "why")) : "a job died";
    snprintf(sum->why, sizeof sum->why, "%s", why);
    if (*why) {
        json_decref(answer);
        return false;
    }
    sum->boundaries = (size_t)json_integer_value(json_object_get(answer, "boundaries"));
    sum->injections += (size_t)json_integer_value(json_object_get(answer, "injections"));
    for (size_t k = 0; k < 4; k++)
        sum->tally[k] +=
            (size_t)json_integer_value(json_array_get(json_object_get(answer, "tally"), k));
    json_array_extend(sum->cells, json_object_get(answer, "cells"));
    json_decref(answer);
    return true;
}

static int by_boundary(const void *a, const void *b) {
    json_int_t x = json_integer_value(json_object_get(*(json_t *const *)a, "boundary"));
    json_int_t y = json_integer_value(json_object_get(*(json_t *const *)b, "boundary"));
    return (x > y) - (x < y);
}

/* as one job would have listed them: a boundary is one job's, and qsort of glibc is stable where
 * memory allows */
static void sort_cells(json_t *cells) {
    size_t n = json_array_size(cells);
    json_t **list = malloc((n + 1) * sizeof *list);
    if (!list) return;
    for (size_t i = 0; i < n; i++)
        list[i] = json_incref(json_array_get(cells, i));
    qsort(list, n, sizeof *list, by_boundary);
    for (size_t i = 0; i < n; i++)
        json_array_set_new(cells, i, list[i]);
    free(list);
}

static bool inject_by_jobs(const struct arguments *a, const struct switcher *s,
                           struct injection *sum) {
    struct job jobs[MOST_JOBS];
    unsigned started = 0;
    bool good = true;
    sum->cells = json_array();
    while (started < a->jobs && start(a, s, started, &jobs[started]))
        started++;
    if (started < a->jobs)
        snprintf(sum->why, sizeof sum->why, "no process for a job: %s", strerror(errno));
    for (unsigned k = 0; k < started; k++)
        good = collect(&jobs[k], sum) && good;
    sort_cells(sum->cells);
    return good && started == a->jobs;
}

/* ---- records ---- */

static json_t *line_of(const struct arguments *a, const struct injection *in,
                       const struct switcher *s, const char *run) {
    const bool listed = in->injections - in->tally[TRIP_OK] <= INJECTION_CELLS;
    json_t *line =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:{s:s+}}", "type",
                  listed ? "map" : "skip", "run", run, "experiment", "pairs", "switcher", s->name,
                  "kind", s->kind, "arch", s->arch, "mask", s->mask, "state", s->state, "transfer",
                  s->transfer, "engine", "ia64sim", "params", "shard", "", "");
    char shard[32];
    snprintf(shard, sizeof shard, "%u/%u", a->shard, a->shards);
    json_object_set_new(json_object_get(line, "params"), "shard", json_string(shard));
    if (listed) {
        json_t *map = injection_map(in);
        json_object_update(line, map);
        json_decref(map);
        return line;
    }
    json_object_set_new(line, "what", json_string("the cells of all pairs"));
    json_object_set_new(
        line, "reason",
        json_sprintf(
            "%zu of %zu pairs corrupt, %zu crash, %zu hang: more cells than the %d that are listed",
            in->tally[TRIP_CORRUPTED], in->injections, in->tally[TRIP_CRASHED],
            in->tally[TRIP_HUNG], INJECTION_CELLS));
    return line;
}

static struct record *open_record(const struct arguments *a, char run[64]) {
    char why[RECORD_WHY], host[64] = "host";
    if (!a->out) return NULL;
    struct record *record = record_open_file(a->out, why, sizeof why);
    gethostname(host, sizeof host - 1);
    json_t *line = record_run(host, time(NULL), SWITCHLAB_COMMIT, a->seed, environment("", "pairs"),
                              json_pack("{s:s}", "source", "none"));
    if (record) {
        snprintf(run, 64, "%s", json_string_value(json_object_get(line, "run")));
        if (record_write(record, line, why, sizeof why) == 0) return record;
        record_close(record, why, sizeof why);
    }
    fprintf(stderr, "ia64pairs: %s\n", why);
    exit(FAILED);
}

/* ---- the table ---- */

static bool matches(const char *glob, const char *name) {
    return !glob || fnmatch(glob, name, 0) == 0;
}

/* what must not happen: a masked switcher that keeps X loses something */
static bool is_finding(const struct switcher *s, const struct injection *in) {
    for (size_t i = 0; i < s->contract.file->count; i++)
        if (strcmp(s->contract.file->reg[i].class, "bank0") == 0 &&
            contract_clause(&s->contract, &s->contract.file->reg[i])->duty != SAVED)
            return false;
    return strcmp(s->mask, "none") != 0 && in->injections != in->tally[TRIP_OK];
}

static bool one(const struct arguments *a, const struct switcher *s, struct record *record,
                const char *run) {
    double begin = now();
    char why[RECORD_WHY];
    struct injection in = {.interrupts = 2};
    bool good = inject_by_jobs(a, s, &in);
    double seconds = now() - begin;
    if (isatty(2)) fprintf(stderr, "\r%40s\r", "");
    if (good)
        printf("%-16s %-6s %6zu %9zu %9zu %9zu %9zu %6zu %9.0f\n", s->name, s->mask, in.boundaries,
               in.injections, in.tally[TRIP_OK], in.tally[TRIP_CORRUPTED], in.tally[TRIP_CRASHED],
               in.tally[TRIP_HUNG], (double)in.injections / seconds);
    else
        fprintf(stderr, "ia64pairs: %s %s: %s\n", s->name, s->mask, in.why);
    fflush(stdout);
    good = good && !is_finding(s, &in);
    if (record && record_write(record, line_of(a, &in, s, run), why, sizeof why)) {
        fprintf(stderr, "ia64pairs: %s\n", why);
        good = false;
    }
    json_decref(in.cells);
    return good;
}

int main(int argc, char **argv) {
    static const struct argp argp = {
        table, parse, NULL, "Interrupts each IA-64 switch twice, at every pair of boundaries.",
        NULL,  NULL,  NULL};
    struct arguments a = {.shards = 1, .seed = 1, .jobs = cpus()};
    char run[64], why[RECORD_WHY];
    size_t asked = 0, bad = 0;
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    struct record *record = open_record(&a, run);
    printf("%-16s %-6s %6s %9s %9s %9s %9s %6s %9s\n", "switcher", "mask", "bounds", "pairs", "ok",
           "corrupted", "crashed", "hung", "pairs/s");
    for (const struct switcher *const *s = switcher_all(); *s; s++) {
        if (strcmp((*s)->arch, "ia64") != 0 || !matches(a.switcher, (*s)->name) ||
            !matches(a.mask, (*s)->mask))
            continue;
        asked++;
        bad += !one(&a, *s, record, run);
    }
    if (record && record_close(record, why, sizeof why)) bad++;
    if (!asked) fprintf(stderr, "ia64pairs: no IA-64 switcher matches\n");
    return !asked ? WRONG_USE : bad ? FAILED : DONE;
}
