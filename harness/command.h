/* command.h: the descriptor of a subcommand of the program. One file in commands/ holds one, which
 * registers itself; nothing else needs editing. */
#ifndef SWITCHLAB_COMMAND_H
#define SWITCHLAB_COMMAND_H

#include "harness/registry.h"

struct command {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the name; gives an exit code (options.h) */
    const char *summary;               /* one line */
};

REGISTRY(command)
#define REGISTER_COMMAND(object) REGISTER(command, object)

#endif
