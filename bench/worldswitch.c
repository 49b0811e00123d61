/* worldswitch: what one switch between the host and the virtual machine moves, each way and for a
 * round trip, counted; what a guest adds that uses floating point, and what the host's live stacked
 * and floating-point registers add [0036]. */
#include "harness/experiment.h"
#include "harness/switcher.h"

#include <fnmatch.h>

enum { STACKED_MOST = 96, STACKED_STEP = 8, STACKED_QUICK = 32 };

/* Live floating-point registers of the host in the order in which a compiler takes them: 20 preserved ones, 10 scratch ones, which
 * is the low partition, and the high one. Where the guest uses none, the high partition can stay where it is. */
static void add_live_fp(json_t *all, const char *guest, bool quick) {
    static const int live[] = {0, 10, 20, 30, 62, 94, 126};
    for (int i = 0; i < 7; i += quick ? 3 : 1)
        json_array_append_new(all, json_pack("{s:s, s:s, s:i}", "direction", "round trip", "guest",
                                             guest, "fp", live[i]));
}

static json_t *points(bool quick) {
    json_t *all = json_array();
    static const char *const directions[] = {"out", "back", "round trip"};
    for (int i = 0; i < 3; i++)
        json_array_append_new(all, json_pack("{s:s}", "direction", directions[i]));
    json_array_append_new(all,
                          json_pack("{s:s, s:s}", "direction", "round trip", "guest", "uses fp"));
    for (int n = 0; n <= STACKED_MOST; n += quick ? STACKED_QUICK : STACKED_STEP)
        json_array_append_new(all,
                              json_pack("{s:s, s:i}", "direction", "round trip", "stacked", n));
    add_live_fp(all, "idle", quick);
    add_live_fp(all, "uses fp", quick);
    return all;
}

static bool concerns(const struct switcher *switcher) {
    static const char *const worlds[] = {"ia64", "*-kernel"};
    for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++)
        if (fnmatch(worlds[i], switcher->arch, 0) == 0) return true;
    return false;
}

static const struct experiment worldswitch = {
    .name = "worldswitch",
    .summary = "what one switch between host and virtual machine executes and moves, counted",
    .points = points,
    .concerns = concerns,
    .counted = true,
};
REGISTER_EXPERIMENT(worldswitch);
