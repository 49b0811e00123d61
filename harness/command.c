/* command.c: the registry of subcommands. */
#include "harness/command.h"

#include <stdlib.h>
#include <string.h>

static int by_name(const struct command *a, const struct command *b) {
    return strcmp(a->name, b->name);
}
DEFINE_REGISTRY(command, by_name)
