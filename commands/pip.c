/* pip: the inconsequential registers of a PIP in a compiled program, and why (pip/pip.h). */
#include "pip/pip.h"
#include "harness/command.h"
#include "harness/options.h"
#include "pip/report.h"

#include <stdio.h>
#include <stdlib.h>

static const struct argp_option options[] = {
    {"emit", 'e', NULL, 0,
     "write a switcher that saves what is live there: a file for switchers/pip/", 0},
    {"resume", 'r', "SYMBOL+OFFSET", 0, "control may resume here too; may be given several times",
     0},
    {"best", 'b', "N", 0, "without an offset: how many points to list (default 10)", 0},
    {"all", 'a', NULL, 0, "every function of the file: its best point", 0},
    {"json", 'j', NULL, 0, "as JSON, for programs", 0},
    {0},
};

enum { PLACES_MAX = 64 };
struct arguments {
    char *file, *place[PLACES_MAX]; /* the first is the PIP */
    size_t resumed, best;
    bool json, emit, all;
};

static size_t whole(const char *text, struct argp_state *state) {
    char *end;
    long value = strtol(text, &end, 10);
    if (*end || end == text || value < 1 || value > 1000000)
        argp_error(state, "takes a whole number from 1 to 1000000, not '%s'", text);
    return (size_t)value;
}

static void check(const struct arguments *a, struct argp_state *state) {
    if (!a->file || (!a->place[0] && !a->all))
        argp_error(state, "name a file and a function in it");
    if (a->all && (a->place[0] || a->resumed || a->emit))
        argp_error(state, "--all takes a file alone");
}

static error_t parse(int key, char *text, struct argp_state *state) {
    struct arguments *a = state->input;
    switch (key) {
    case 'e':
        a->emit = true;
        return 0;
    case 'r':
        if (a->resumed + 1 == PLACES_MAX) argp_error(state, "too many points to resume at");
        a->place[++a->resumed] = text;
        return 0;
    case 'b':
        a->best = whole(text, state);
        return 0;
    case 'a':
        a->all = true;
        return 0;
    case 'j':
        a->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (!a->file)
            a->file = text;
        else if (!a->place[0])
            a->place[0] = text;
        else
            argp_error(state, "unexpected argument '%s'", text);
        return 0;
    case ARGP_KEY_END:
        check(a, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static bool answer(const struct pip *pip, const struct arguments *a, char message[PIP_MESSAGE]) {
    struct pip_points points;
    if (a->all) {
        size_t functions = pip_report_all(pip, a->json, stdout);
        fprintf(stderr, "%zu functions\n", functions);
        return true;
    }
    bool done = pip_points_find(pip, a->place, a->resumed + 1, &points, message);
    if (done && a->emit && !pip->arch->emit) {
        snprintf(message, PIP_MESSAGE, "--emit is not there for %s", pip->arch->name);
        done = false;
    } else if (done && a->emit) {
        done = pip->arch->emit(pip, &points, stdout, message);
    } else if (done && (points.point[0].place.offset || a->resumed)) {
        pip_report_registers(pip, &points, a->json, stdout);
    } else if (done) {
        pip_report_best(pip, &points.point[0], a->best, a->json, stdout);
    }
    pip_points_free(&points);
    return done;
}

static int pip_run(int argc, char **argv) {
    static const struct argp argp = {
        options,
        parse,
        "FILE SYMBOL[+OFFSET]",
        "Says of each register whether it is inconsequential at an instruction of a compiled "
        "program, "
        "and why. Without an offset: the best points of the function, those with the fewest live "
        "registers. An address may stand for a symbol. docs/pip.md says what it relies on.",
        NULL,
        NULL,
        NULL};
    struct arguments a = {.best = 10};
    char message[PIP_MESSAGE] = "";
    struct pip pip;
    argv[0] = "switchlab pip";
    argp_err_exit_status = EXIT_WRONG_USE;
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    bool done = pip_open(&pip, a.file, message);
    if (done) {
        done = answer(&pip, &a, message);
        pip_close(&pip);
    }
    if (!done) fprintf(stderr, "switchlab pip: %s\n", message);
    return done ? EXIT_DONE : EXIT_WRONG_USE;
}

static const struct command pip_command = {
    "pip", pip_run, "the inconsequential registers of an instruction in a compiled program"};
REGISTER_COMMAND(pip_command);
