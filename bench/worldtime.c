/* worldtime: the time of one round trip between the host and the virtual machine at the highest
 * privilege, with nothing done there. For engines that run worlds on hardware. */
#include "harness/experiment.h"
#include "harness/switcher.h"

#include <fnmatch.h>

static json_t *points(bool quick) {
    (void)quick;
    return json_pack("[{s:s}]", "direction", "round trip");
}

static bool concerns(const struct switcher *switcher) {
    return fnmatch("*-kernel", switcher->arch, 0) == 0;
}

/* the loop is the world's own */
static kernel_fn *kernel(const struct switcher *switcher, const json_t *params) {
    (void)switcher, (void)params;
    return NULL;
}

static const struct experiment worldtime = {
    .name = "worldtime",
    .summary =
        "cost of a round trip between host and virtual machine at the highest privilege, timed",
    .points = points,
    .concerns = concerns,
    .kernel = kernel,
};
REGISTER_EXPERIMENT(worldtime);
