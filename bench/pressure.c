/* pressure: what live registers cost. n values live on each side across every switch, used once per
 * switch or not at all; from the curves comes the number of live values at which one kind overtakes
 * another [0036]. */
#include "harness/experiment.h"
#include "harness/switcher.h"

#include <string.h>

static const char *const files[KERNEL_VALUES] = {[KERNEL_INT] = "int", [KERNEL_VECTOR] = "vector"};
static const char *const uses[KERNEL_USES] = {[KERNEL_USED] = "used", [KERNEL_UNUSED] = "unused"};
static const int most[KERNEL_VALUES] = {
    [KERNEL_INT] = KERNEL_LIVE_INT, [KERNEL_VECTOR] = KERNEL_LIVE};

static json_t *points(bool quick) {
    json_t *all = json_array();
    for (int file = 0; file < KERNEL_VALUES; file++)
        for (int use = 0; use < KERNEL_USES; use++)
            for (int live = 0; live < most[file]; live++)
                if (!quick || live % 4 == 0 || live == most[file] - 1)
                    json_array_append_new(all, json_pack("{s:i, s:s, s:s}", "live", live, "file",
                                                         files[file], "use", uses[use]));
    return all;
}

static int index_of(const char *const *names, int n, const json_t *value) {
    for (int i = 0; i < n; i++)
        if (json_is_string(value) && strcmp(names[i], json_string_value(value)) == 0) return i;
    return -1;
}

static kernel_fn *kernel(const struct switcher *switcher, const json_t *params) {
    int file = index_of(files, KERNEL_VALUES, json_object_get(params, "file"));
    int use = index_of(uses, KERNEL_USES, json_object_get(params, "use"));
    int live = (int)json_integer_value(json_object_get(params, "live"));
    if (!switcher->native || file < 0 || use < 0 || live < 0 || live >= most[file]) return NULL;
    return switcher->native->pressure[file][use][live];
}

static const struct experiment pressure = {
    .name = "pressure",
    .summary = "cost of one switch against the number of live values on each side",
    .points = points,
    .divisor = experiment_halved,
    .kernel = kernel,
};
REGISTER_EXPERIMENT(pressure);
