/* machine.c: the registered machines. */
#include "engines/world/machine.h"

#include <stdlib.h>
#include <string.h>

static int by_name(const struct machine *a, const struct machine *b) {
    return strcmp(a->name, b->name);
}
DEFINE_REGISTRY(machine, by_name)
