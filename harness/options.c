/* options.c: one table of options; each subcommand names the ones it takes. */
#include "harness/options.h"
#include "harness/worker.h"

#include <errno.h>
#include <fnmatch.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static const struct argp_option table[] = {
    {"switcher", 's', "GLOB", 0, "only switchers whose name matches, e.g. 'pip' or 'full*'", 0},
    {"experiment", 'e', "GLOB", 0, "only experiments whose name matches", 0},
    {"engine", 'E', "GLOB", 0, "only engines whose name matches", 0},
    {"mask", 'm', "GLOB", 0, "only switchers under this mask", 0},
    {"transfer", 't', "GLOB", 0, "only switchers that transfer control by this instruction", 0},
    {"arch", 'a', "ARCH", 0,
     "switchers of this architecture (default: this machine's, or the engine's)", 0},
    {"quick", 'q', NULL, 0, "fewer points and processes: for a look, not for a paper", 0},
    {"exact", 'x', NULL, 0, "check and count only, no timing", 0},
    {"point", 'P', "NAME=VALUE,...", 0,
     "only points of an experiment with these params, e.g. live=4,use=used", 0},
    {"seed", 'S', "N", 0,
     "seed of order, canaries and stack colours (default: from the clock; recorded)", 0},
    {"processes", 'p', "N", 0,
     "processes, that is samples, a cell (default 12; 6 where there are many points; with --quick "
     "4 and 2)",
     0},
    {"retries", 'R', "N", 0,
     "run a process whose core was shared or whose clock contradicted itself again, at most N "
     "times (default 3; 1 where there are many points)",
     0},
    {"time-limit", 'l', "SECONDS", 0, "end a worker that does not return (default 20)", 0},
    {"memory", 'G', "MIB", 0, "most memory that a point with many contexts may take (default 2048)",
     0},
    {"cpu", 'c', "N", 0, "pin to this CPU (default: the last one of those allowed)", 0},
    {"out", 'o', "FILE", 0, "append the records to FILE (default: a new file in results/)", 0},
    {"results", 'r', "DIR", 0, "folder for record files (default results)", 0},
    {"contract", 'C', NULL, 0, "print each switcher's contract, register by register", 0},
    {"iterations", 'n', "N", 0, "round trips (default 1000000)", 0},
    {"view", 'v', "VIEW", 0,
     "one table: pingpong, ratios, ... (default: all that the file has; a wrong name prints which "
     "there are)",
     0},
    {"baseline", 'b', "NAME", 0, "the switcher that ratios refer to (default: the cheapest peer)",
     0},
    {"tsv", 'T', "TABLE", 0, "tab-separated instead: an experiment's name, or crossover", 0},
    {0},
};

static unsigned long number(const char *text, const char *option, unsigned long least,
                            unsigned long most, struct argp_state *state) {
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (errno || end == text || *end || text[0] == '-' || value < least || value > most)
        argp_error(state, "--%s takes a whole number from %lu to %lu, not '%s'", option, least,
                   most, text);
    return value;
}

static void choose_cpu(struct options *o, const char *text, struct argp_state *state) {
    cpu_set_t set;
    o->cpu = (int)number(text, "cpu", 0, CPU_SETSIZE - 1, state);
    if (sched_getaffinity(0, sizeof set, &set) == 0 && !CPU_ISSET((size_t)o->cpu, &set))
        argp_error(
            state,
            "--cpu %d: this process may not run there; it may on %d CPUs, see `taskset -p %d`",
            o->cpu, CPU_COUNT(&set), (int)getpid());
}

/* "live=4,use=used" as an object of texts; lives as long as the program */
static json_t *point(const char *text, struct argp_state *state) {
    json_t *wanted = json_object();
    char *copy = strdup(text), *rest = NULL;
    for (char *pair = strtok_r(copy, ",", &rest); pair; pair = strtok_r(NULL, ",", &rest)) {
        char *value = strchr(pair, '=');
        if (!value || value == pair)
            argp_error(state, "--point takes NAME=VALUE, as in live=4,use=used, not '%s'", pair);
        *value++ = '\0';
        json_object_set_new(wanted, pair, json_string(value));
    }
    free(copy);
    return wanted;
}

struct parse {
    struct options *options;
    const char *letters;
};

static error_t parse(int key, char *arg, struct argp_state *state) {
    struct parse *p = state->input;
    struct options *o = p->options;
    if (key == ARGP_KEY_ARG) {
        size_t most = strchr(p->letters, 'M') ? OPTIONS_FILES : strchr(p->letters, 'F') ? 1 : 0;
        if (o->file_count >= most) argp_error(state, "unexpected argument '%s'", arg);
        o->files[o->file_count++] = arg;
        o->file = o->files[0];
        return 0;
    }
    if (key > 0 && key < 128 && !strchr(p->letters, key)) return ARGP_ERR_UNKNOWN;
    switch (key) {
    case 's':
        o->switcher = arg;
        break;
    case 'e':
        o->experiment = arg;
        break;
    case 'E':
        o->engine = arg;
        break;
    case 'm':
        o->mask = arg;
        break;
    case 't':
        o->transfer = arg;
        break;
    case 'a':
        o->arch = arg;
        break;
    case 'q':
        o->quick = true;
        break;
    case 'x':
        o->exact = true;
        break;
    case 'P':
        o->point = point(arg, state);
        break;
    case 'S':
        o->seed = (uint32_t)number(arg, "seed", 0, UINT32_MAX, state);
        break;
    case 'p':
        o->processes = (unsigned)number(arg, "processes", 1, 1000, state);
        break;
    case 'R':
        o->retries = (int)number(arg, "retries", 0, 100, state);
        break;
    case 'l':
        o->seconds = (unsigned)number(arg, "time-limit", 1, 86400, state);
        break;
    case 'c':
        choose_cpu(o, arg, state);
        break;
    case 'G':
        experiment_memory = number(arg, "memory", 1, 1UL << 24, state) << 20;
        break;
    case 'o':
        o->out = arg;
        break;
    case 'r':
        o->results = arg;
        break;
    case 'C':
        o->contract = true;
        break;
    case 'n':
        o->iterations = number(arg, "iterations", 1, 1UL << 40, state);
        break;
    case 'v':
        o->view = arg;
        break;
    case 'b':
        o->baseline = arg;
        break;
    case 'T':
        o->tsv = arg;
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static int last_cpu(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set)) return -1;
    for (int i = CPU_SETSIZE - 1; i >= 0; i--)
        if (CPU_ISSET((size_t)i, &set)) return i;
    return -1;
}

void options_parse(struct options *options, const char *command, const char *doc,
                   const char *letters, int argc, char **argv) {
    struct argp_option chosen[sizeof table / sizeof *table] = {0};
    size_t n = 0;
    for (const struct argp_option *o = table; o->name; o++)
        if (strchr(letters, o->key)) chosen[n++] = *o;
    char name[64];
    snprintf(name, sizeof name, "switchlab %s", command);
    argv[0] = name;
    *options = (struct options){.seed = (uint32_t)time(NULL) ^ (uint32_t)getpid() << 16,
                                .seconds = WORKER_SECONDS,
                                .cpu = last_cpu(),
                                .retries = -1,
                                .iterations = 1000000,
                                .results = "results"};
    struct argp argp = {
        chosen, parse, strchr(letters, 'M') ? "[FILE...]" : strchr(letters, 'F') ? "[FILE]" : NULL,
        doc,    NULL,  NULL,
        NULL};
    struct parse state = {options, letters};
    argp_err_exit_status = EXIT_WRONG_USE;
    argp_parse(&argp, argc, argv, 0, NULL, &state);
}

/* ---- choosing ---- */

static bool matches(const char *glob, const char *name) {
    return !glob || fnmatch(glob, name, FNM_EXTMATCH) == 0;
}

static void none(const char *what, const char *glob) {
    fprintf(stderr, "switchlab: no %s matches '%s'; there are:", what, glob);
}

#define CHOOSE(type, glob)                                                                         \
    static const struct type **choose_##type##s(const struct options *o) {                         \
        size_t n = 0, found = 0;                                                                   \
        while (type##_all()[n])                                                                    \
            n++;                                                                                   \
        const struct type **list = calloc(n + 1, sizeof *list);                                    \
        if (!list) abort();                                                                        \
        for (size_t i = 0; i < n; i++)                                                             \
            if (matches(glob, type##_all()[i]->name)) list[found++] = type##_all()[i];             \
        if (found) return list;                                                                    \
        none(#type, glob);                                                                         \
        for (size_t i = 0; i < n; i++)                                                             \
            fprintf(stderr, " %s", type##_all()[i]->name);                                         \
        fputc('\n', stderr);                                                                       \
        free(list);                                                                                \
        return NULL;                                                                               \
    }
CHOOSE(experiment, o->experiment)
CHOOSE(engine, o->engine)

static const char *native_arch(void) {
    static struct utsname name;
    if (!name.machine[0]) uname(&name);
    return name.machine;
}

static const struct switcher **choose_switchers(const struct options *o) {
    const char *arch = o->arch ? o->arch : o->engine ? "*" : native_arch();
    size_t n = 0, found = 0;
    while (switcher_all()[n])
        n++;
    const struct switcher **list = calloc(n + 1, sizeof *list);
    if (!list) abort();
    for (size_t i = 0; i < n; i++) {
        const struct switcher *s = switcher_all()[i];
        if (matches(o->switcher, s->name) && matches(o->mask, s->mask) &&
            matches(o->transfer, s->transfer) && matches(arch, s->arch))
            list[found++] = s;
    }
    if (found) return list;
    free(list);
    fprintf(stderr,
            "switchlab: no switcher matches --switcher '%s' --mask '%s' --transfer '%s' --arch "
            "'%s'; there are:\n",
            o->switcher ? o->switcher : "*", o->mask ? o->mask : "*",
            o->transfer ? o->transfer : "*", arch);
    for (size_t i = 0; i < n; i++) {
        const struct switcher *s = switcher_all()[i];
        fprintf(stderr, "  %-14s mask %-6s transfer %-8s arch %s\n", s->name, s->mask, s->transfer,
                s->arch);
    }
    return NULL;
}

bool choose(struct choice *choice, const struct options *o) {
    *choice = (struct choice){.switchers = choose_switchers(o)};
    if (choice->switchers) choice->experiments = choose_experiments(o);
    if (choice->experiments) choice->engines = choose_engines(o);
    return choice->engines != NULL;
}

void choice_free(struct choice *choice) {
    free(choice->switchers);
    free(choice->experiments);
    free(choice->engines);
}
