/* pingpong: two contexts that do nothing but switch to each other. The figure is one switch, one
 * way. */
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

/* what masks cost is an experiment of its own */
static bool concerns(const struct switcher *switcher) {
    return strcmp(switcher->mask, "none") == 0;
}

static const struct experiment pingpong = {
    .name = "pingpong",
    .summary = "cost of one switch, one way, with nothing live",
    .points = points,
    .concerns = concerns,
    .kernel = kernel,
};
REGISTER_EXPERIMENT(pingpong);
