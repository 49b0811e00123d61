/* pip: the inconsequential registers of a PIP in a compiled program, and why (pip/pip.h). */
#include "pip/pip.h"
#include "harness/command.h"
#include "harness/options.h"
#include "pip/report.h"

#include <stdio.h>
#include <stdlib.h>

static const struct argp_option options[] = {
    {"json", 'j', NULL, 0, "as JSON, for programs", 0},
    {"best", 'b', "N", 0, "without an offset: how many PIPs to list (default 10)", 0},
    {0},
};

struct arguments {
    const char *file, *place;
    struct pip_report report;
};

static size_t whole(const char *text, struct argp_state *state) {
    char *end;
    long value = strtol(text, &end, 10);
    if (*end || end == text || value < 1 || value > 1000000)
        argp_error(state, "takes a whole number from 1 to 1000000, not '%s'", text);
    return (size_t)value;
}

static error_t parse(int key, char *text, struct argp_state *state) {
    struct arguments *a = state->input;
    switch (key) {
    case 'j':
        a->report.json = true;
        return 0;
    case 'b':
        a->report.best = whole(text, state);
        return 0;
    case ARGP_KEY_ARG:
        if (!a->file)
            a->file = text;
        else if (!a->place)
            a->place = text;
        else
            argp_error(state, "unexpected argument '%s'", text);
        return 0;
    case ARGP_KEY_END:
        if (!a->place) argp_error(state, "name a file and a function in it");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int wrong(const char *message) {
    fprintf(stderr, "switchlab pip: %s\n", message);
    return EXIT_WRONG_USE;
}

static int pip_run(int argc, char **argv) {
    static const struct argp argp = {options,
                                     parse,
                                     "FILE SYMBOL[+OFFSET]",
                                     "Says of each register whether it is inconsequential at an "
                                     "instruction of a compiled program, and "
                                     "why. Without an offset: the best points of the function, "
                                     "those with the fewest live registers.",
                                     NULL,
                                     NULL,
                                     NULL};
    struct arguments a = {.report = {.best = 10}};
    char message[PIP_MESSAGE];
    struct pip pip;
    argv[0] = "switchlab pip";
    argp_err_exit_status = EXIT_WRONG_USE;
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    if (!pip_open(&pip, a.file, message)) return wrong(message);
    bool done = pip_report(&pip, a.place, &a.report, stdout, message);
    pip_close(&pip);
    return done ? EXIT_DONE : wrong(message);
}

static const struct command pip_command = {
    "pip", pip_run, "the inconsequential registers of an instruction in a compiled program"};
REGISTER_COMMAND(pip_command);
