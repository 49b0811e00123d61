/* history: series over the records of many runs, and where they change (harness/history.h). */
#include "harness/history.h"
#include "harness/command.h"
#include "harness/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct request {
    struct history_options options;
    bool tsv;
    char **files;
    size_t n;
};

static double fraction(const char *arg, double least, double most, const char *option,
                       struct argp_state *state) {
    char *end;
    double value = strtod(arg, &end);
    if (end == arg || *end || !(value >= least && value <= most))
        argp_error(state, "--%s takes a number from %g to %g, not '%s'", option, least, most, arg);
    return value;
}

static error_t parse(int key, char *arg, struct argp_state *state) {
    struct request *r = state->input;
    struct changepoint_options *o = &r->options.changepoint;
    switch (key) {
    case 'M':
        r->options.machine = arg;
        return 0;
    case 'C':
        r->options.cell = arg;
        return 0;
    case 'm':
        r->options.metric = arg;
        return 0;
    case 't':
        o->threshold = fraction(arg, 0, 1000, "threshold", state) / 100;
        return 0;
    case 's':
        o->significance = fraction(arg, 0.0001, 0.5, "significance", state);
        return 0;
    case 'l':
        o->least = (size_t)fraction(arg, 2, 1000, "least", state);
        return 0;
    case 'S':
        o->seed = (uint32_t)fraction(arg, 0, UINT32_MAX, "seed", state);
        return 0;
    case 'T':
        r->tsv = true;
        return 0;
    case ARGP_KEY_ARGS:
        r->files = state->argv + state->next;
        r->n = (size_t)(state->argc - state->next);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {"machine", 'M', "TEXT", 0, "only machines whose fingerprint holds TEXT", 0},
    {"cell", 'C', "GLOB", 0, "only these cells, e.g. 'pingpong/*/pip/*'", 0},
    {"metric", 'm', "GLOB", 0, "only these metrics, e.g. cycles", 0},
    {"threshold", 't', "PERCENT", 0, "least change worth telling, of measured figures (default 1)",
     0},
    {"significance", 's', "P", 0, "of the permutation test (default 0.01)", 0},
    {"least", 'l', "RUNS", 0, "runs that must show a change (default 3): edges and spikes are none",
     0},
    {"seed", 'S', "N", 0, "of the permutations (default 1)", 0},
    {"tsv", 'T', NULL, 0, "tab-separated, one line a change point", 0},
    {0},
};
static const struct argp argp = {options,
                                 parse,
                                 "[FILE|DIR...]",
                                 "Orders the records of many runs by time, machine by machine, and "
                                 "prints where their figures changed, and between which "
                                 "commits (default: the folder results). Measured figures: "
                                 "E-divisive means with a seeded permutation test. Counted and "
                                 "modelled ones: every change.",
                                 NULL,
                                 NULL,
                                 NULL};

static int print(const struct request *request, const struct runs *runs) {
    struct history h;
    history_of(runs, &request->options, &h, stderr);
    if (request->tsv)
        history_print_tsv(&h, stdout);
    else
        history_print(&h, &request->options, stdout);
    int code = runs->bad || h.flaws ? EXIT_CHECK_FAILED : EXIT_DONE;
    if (!h.n) {
        fprintf(stderr, "switchlab history: no figure in these %zu runs%s\n", runs->n,
                request->options.machine || request->options.cell || request->options.metric
                    ? " is of what the options choose"
                    : "");
        code = EXIT_WRONG_USE;
    }
    if (fflush(stdout) || ferror(stdout)) {
        fprintf(stderr, "switchlab history: writing to standard output failed: %s\n",
                strerror(errno));
        code = EXIT_CHECK_FAILED;
    }
    history_free(&h);
    return code;
}

static int history(int argc, char **argv) {
    static char name[] = "switchlab history", results[] = "results";
    char *fallback[] = {results};
    struct request request = {
        .options = {.changepoint = CHANGEPOINT_DEFAULTS}, .files = fallback, .n = 1};
    struct runs runs;
    argv[0] = name;
    argp_err_exit_status = EXIT_WRONG_USE;
    argp_parse(&argp, argc, argv, 0, NULL, &request);
    int code = runs_load(request.files, request.n, &runs, stderr) ? EXIT_WRONG_USE
                                                                  : print(&request, &runs);
    runs_free(&runs);
    return code;
}

static const struct command history_command = {"history", history,
                                               "change points over the records of many runs"};
REGISTER_COMMAND(history_command);
