/* main.c: the program: finds the subcommand and runs it. */
#include "harness/command.h"
#include "harness/options.h"
#include "harness/worker.h"

#include <stdio.h>
#include <string.h>

/* in the form that help2man reads */
static int usage(FILE *out, int code) {
    fprintf(out, "Usage: switchlab COMMAND [OPTION...]\n\nCommands:\n");
    for (const struct command *const *c = command_all(); *c; c++)
        fprintf(out, "  %-9s %s\n", (*c)->name, (*c)->summary);
    fprintf(out, "\nEach command has --help.\n\nExit codes: 0 done, 1 a check failed or a regression was found, 2 wrong use, "
                 "77 skipped, with the reason\n");
    return code;
}

int main(int argc, char **argv) {
    if (argc < 2) return usage(stderr, EXIT_WRONG_USE);
    if (strcmp(argv[1], "--help") == 0) return usage(stdout, EXIT_DONE);
    if (strcmp(argv[1], "worker") == 0) return worker_main(argc - 1, argv + 1);
    const struct command *command = command_find(argv[1]);
    if (command) return command->run(argc - 1, argv + 1);
    fprintf(stderr, "switchlab: no command '%s'\n\n", argv[1]);
    return usage(stderr, EXIT_WRONG_USE);
}
