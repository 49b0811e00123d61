/* state: what extended state costs: the ways to move it (moves of xmm, ymm, zmm, the fxsave and
 * xsave family), against its bytes, with the upper parts of the vector registers dirty and clean.
 */
#include "harness/experiment.h"
#include "harness/switcher.h"

#include <string.h>

static json_t *points(bool quick) {
    json_t *all = json_array();
    (void)quick;
    for (int i = 0; i < KERNEL_UPPER_STATES; i++)
        json_array_append_new(all, json_pack("{s:s}", "upper", kernel_upper.states[i].name));
    return all;
}

/* one transfer, so that rows differ by the state alone */
static bool concerns(const struct switcher *switcher) {
    return switcher->native && strcmp(switcher->kind, "peer") != 0 &&
           strcmp(switcher->transfer, "jmp") == 0 && strcmp(switcher->mask, "none") == 0;
}

static const char *lacks(const struct switcher *switcher, const json_t *params) {
    (void)switcher;
    (void)params;
    return kernel_upper.lacks() ? "no vector register has an upper part on this CPU or OS: no AVX"
                                : NULL;
}

static const struct kernel_upper_state *wanted(const json_t *params) {
    const char *name = json_string_value(json_object_get(params, "upper"));
    for (int i = 0; i < KERNEL_UPPER_STATES; i++)
        if (name && strcmp(name, kernel_upper.states[i].name) == 0) return &kernel_upper.states[i];
    return NULL;
}

static const char *prepare(const struct switcher *switcher, const json_t *params, uint32_t seed) {
    (void)switcher;
    (void)seed;
    kernel_upper_now = wanted(params);
    return NULL;
}

static kernel_fn *kernel(const struct switcher *switcher, const json_t *params) {
    return switcher->native && wanted(params) ? switcher->native->state : NULL;
}

static const struct experiment state = {
    .name = "state",
    .summary = "cost of one switch by extended state, upper parts dirty and clean",
    .points = points,
    .concerns = concerns,
    .lacks = lacks,
    .prepare = prepare,
    .kernel = kernel,
    .divisor = experiment_halved,
};
REGISTER_EXPERIMENT(state);
