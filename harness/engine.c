/* engine.c: the list of engines that registered themselves. */
#include "harness/engine.h"

#include <stdlib.h>
#include <string.h>

static int engine_order(const struct engine *a, const struct engine *b) {
    return strcmp(a->name, b->name);
}

DEFINE_REGISTRY(engine, engine_order)
