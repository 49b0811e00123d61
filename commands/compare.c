/* compare: two records, cell by cell (harness/compare.h). */
#include "harness/compare.h"
#include "harness/baseline.h"
#include "harness/command.h"
#include "harness/confirm.h"
#include "harness/options.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { ANNOTATE = 256, NOISE, BASE_PROGRAM, NEW_PROGRAM };

static const struct argp_option table[] = {
    {"threshold", 't', "PERCENT", 0, "smaller effects are no alarm (default 2)", 0},
    {"confirm", 'c', NULL, 0,
     "run the cells of each alarm again; it stands only where the effect is there again", 0},
    {"base-program", BASE_PROGRAM, "FILE", 0,
     "with --confirm: BASE's program, to run in turns with NEW's", 0},
    {"new-program", NEW_PROGRAM, "FILE", 0, "with --confirm: NEW's program (default: this one)", 0},
    {"gate", 'g', "WHAT", 0,
     "what makes the exit code 1: counts (default: a changed exact figure or a failed check), time "
     "(an alarm that is slower too), "
     "none",
     0},
    {"complete", 'a', NULL, 0, "a missing or a new cell is a change too", 0},
    {"exact", 'x', NULL, 0, "exact figures only", 0},
    {"annotate", ANNOTATE, "github", 0, "print workflow annotations too", 0},
    {"noise", NOISE, "FILE", 0,
     "noise floors (default: those of NEW's machine in the results folder)", 0},
    {"results", 'r', "DIR", 0,
     "folder of noise floors and of the records of --confirm (default results)", 0},
    {0},
};

struct arguments {
    struct compare_options options;
    const char *file[2];
    unsigned files;
};

static const char *const gates[] = {
    [GATE_NONE] = "none", [GATE_COUNTS] = "counts", [GATE_TIME] = "time"};

static enum gate gate_of(const char *name, struct argp_state *state) {
    for (int i = 0; i <= GATE_TIME; i++)
        if (strcmp(gates[i], name) == 0) return (enum gate)i;
    argp_error(state, "--gate takes counts, time or none, not '%s'", name);
    return GATE_NONE;
}

static double percent(const char *text, struct argp_state *state) {
    char *end;
    errno = 0;
    double value = strtod(text, &end);
    if (errno || end == text || *end || !(value >= 0 && value <= 1000))
        argp_error(state, "--threshold takes a number of percent from 0 to 1000, not '%s'", text);
    return value / 100;
}

static error_t parse(int key, char *arg, struct argp_state *state) {
    struct arguments *a = state->input;
    switch (key) {
    case 't':
        a->options.threshold = percent(arg, state);
        break;
    case 'c':
        a->options.confirm = confirm;
        break;
    case BASE_PROGRAM:
        a->options.base_program = arg;
        break;
    case NEW_PROGRAM:
        a->options.new_program = arg;
        break;
    case 'g':
        a->options.gate = gate_of(arg, state);
        break;
    case 'a':
        a->options.complete = true;
        break;
    case 'x':
        a->options.times = false;
        break;
    case ANNOTATE:
        if (strcmp(arg, "github")) argp_error(state, "--annotate knows github, not '%s'", arg);
        a->options.annotate = arg;
        break;
    case NOISE:
        a->options.noise = arg;
        break;
    case 'r':
        a->options.results = arg;
        break;
    case ARGP_KEY_ARG:
        if (a->files == 2)
            argp_error(state, "unexpected argument '%s': two records are compared", arg);
        a->file[a->files++] = arg;
        break;
    case ARGP_KEY_END:
        if (a->files < 2) argp_error(state, "name two record files, BASE and NEW");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static int compare_records(int argc, char **argv) {
    static char name[] = "switchlab compare";
    static const struct argp argp = {
        table,
        parse,
        "BASE NEW",
        "Compares two record files, cell by cell: exact figures must be equal; times are judged by "
        "the Hodges-Lehmann ratio and its "
        "interval, and only between runs of one machine and compiler. Where BASE is a folder, its "
        "baseline of NEW's architecture and "
        "compiler is meant (switchlab baseline).",
        NULL,
        NULL,
        NULL};
    struct arguments a = {
        .options = {.threshold = 0.02, .gate = GATE_COUNTS, .times = true, .results = "results"}};
    argv[0] = name;
    argp_err_exit_status = EXIT_WRONG_USE;
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    struct stat st;
    if (stat(a.file[0], &st) == 0 && S_ISDIR(st.st_mode))
        return baseline_compare(a.file[0], a.file[1], &a.options, stdout, stderr);
    return compare(a.file[0], a.file[1], &a.options, stdout, stderr);
}

static const struct command compare_command = {
    "compare", compare_records, "two records: what changed, and whether it is noise"};
REGISTER_COMMAND(compare_command);
