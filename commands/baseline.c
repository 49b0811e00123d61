/* baseline: renews the committed exact figures from a record (harness/baseline.h). On purpose, and
 * nothing else calls it. */
#include "harness/baseline.h"
#include "harness/command.h"
#include "harness/options.h"

static const struct argp_option table[] = {
    {"dir", 'd', "DIR", 0, "folder of the baselines (default results/baseline)", 0},
    {0},
};

struct arguments {
    const char *dir, *record;
};

static error_t parse(int key, char *arg, struct argp_state *state) {
    struct arguments *a = state->input;
    if (key == 'd')
        a->dir = arg;
    else if (key == ARGP_KEY_ARG && !a->record)
        a->record = arg;
    else if (key == ARGP_KEY_ARG)
        argp_error(state, "unexpected argument '%s': one record makes one baseline", arg);
    else if (key == ARGP_KEY_END && !a->record)
        argp_error(state, "name the record file that the baseline is made from");
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

static int renew(int argc, char **argv) {
    static char name[] = "switchlab baseline";
    static const struct argp argp = {table,
                                     parse,
                                     "RECORD",
                                     "Keeps the exact figures of a record of one architecture as "
                                     "DIR/<arch>-<compiler>.jsonl, and "
                                     "prints what changes in it.",
                                     NULL,
                                     NULL,
                                     NULL};
    struct arguments a = {.dir = "results/baseline"};
    argv[0] = name;
    argp_err_exit_status = EXIT_WRONG_USE;
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    return baseline_write(a.dir, a.record, stdout, stderr);
}

static const struct command baseline_command = {"baseline", renew,
                                                "renew the committed exact figures from a record"};
REGISTER_COMMAND(baseline_command);
