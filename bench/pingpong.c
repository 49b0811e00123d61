/* pingpong: two contexts that do nothing but switch to each other. The figure is one switch, one
 * way. */
#include "harness/experiment.h"
#include "harness/switcher.h"

static json_t *points(bool quick) {
    (void)quick;
    return json_pack("[{}]");
}

static kernel_fn *kernel(const struct switcher *switcher, const json_t *params) {
    (void)params;
    return switcher->native ? switcher->native->pingpong : NULL;
}

static const struct experiment pingpong = {
    .name = "pingpong",
    .summary = "cost of one switch, one way, with nothing live",
    .points = points,
    .kernel = kernel,
};
REGISTER_EXPERIMENT(pingpong);
