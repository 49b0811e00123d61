/* interruption: an interrupt at every boundary of a switch, and what it did to the context: the
 * corruption map. Not timed; it is for every switcher that an engine can interrupt so. */
#include "harness/experiment.h"

static json_t *points(bool quick) {
    (void)quick;
    return json_pack("[{}]");
}

static const struct experiment interruption = {
    .name = "interruption",
    .summary = "what an interrupt at each boundary does to the context",
    .points = points,
};
REGISTER_EXPERIMENT(interruption);
