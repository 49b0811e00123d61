/* mask: what it costs to keep the context from changing while it is saved [0020], [0037]: each
 * kind's plainest switcher under each mask. */
#include "harness/experiment.h"
#include "harness/switcher.h"

#include <string.h>

static json_t *points(bool quick) {
    (void)quick;
    return json_pack("[{}]");
}

static kernel_fn *kernel(const struct switcher *switcher, const json_t *params) {
    (void)params;
    return switcher->native ? switcher->native->pingpong : NULL;
}

static bool concerns(const struct switcher *s) {
    return s->native && s->native->yield[0] && strcmp(s->state, "none") == 0 &&
           strcmp(s->transfer, "jmp") == 0;
}

static const struct experiment mask = {
    .name = "mask",
    .summary = "cost of one switch under each mask",
    .points = points,
    .concerns = concerns,
    .kernel = kernel,
};
REGISTER_EXPERIMENT(mask);
