/* anywhere: a switch forced at every instruction of code that did not expect it. `full` may come anywhere;
 * scratch and pip only where it is known which registers are in use [0021], [0022]. */
#include "harness/experiment.h"
#include "harness/switcher.h"

#include <string.h>

static json_t *points(bool quick) {
    (void)quick;
    return json_pack("[{s:s}]", "victim", "checksum");
}

static bool concerns(const struct switcher *s) {
    return s->native && s->native->yield[0] && strcmp(s->mask, "none") == 0 && strcmp(s->transfer, "jmp") == 0;
}

static const struct experiment anywhere = {
    .name = "anywhere",
    .summary = "a switch forced at every instruction of a victim",
    .points = points,
    .concerns = concerns,
};
REGISTER_EXPERIMENT(anywhere);
