/* sites: what branch prediction costs: the number of switch sites, how many places each goes to and
 * in which order, and where the code lies; with nothing else between two switches. */
#include "harness/experiment.h"
#include "harness/statistics.h"
#include "harness/switcher.h"

#include <string.h>

/* in step: each site of either side always goes to the same one of the other. round robin, random:
 * one site, which resumes that many partners, each with a site of its own */
static const struct curve {
    const char *targets, *align;
    enum sites_align row;
} curves[] = {
    {"in step", "none", SITES_ALIGN_NONE},
    {"in step", "line", SITES_ALIGN_LINE},
    {"round robin", "none", SITES_ALIGN_NONE},
    {"round robin", "line", SITES_ALIGN_LINE},
    {"random", "none", SITES_ALIGN_NONE},
};
enum { CURVES = sizeof curves / sizeof *curves };

static json_t *points(bool quick) {
    json_t *all = json_array();
    for (int c = 0; c < CURVES; c++)
        for (int i = 0; i < SITES_COUNTS; i += quick ? 3 : 1)
            json_array_append_new(all, json_pack("{s:s, s:s, s:i}", "targets", curves[c].targets,
                                                 "align", curves[c].align, "sites", 1 << i));
    return all;
}

static bool is(const json_t *params, const char *name, const char *value) {
    const char *text = json_string_value(json_object_get(params, name));
    return text && strcmp(text, value) == 0;
}

static const struct curve *curve_of(const json_t *params) {
    for (const struct curve *c = curves; c < curves + CURVES; c++)
        if (is(params, "targets", c->targets) && is(params, "align", c->align)) return c;
    return NULL;
}

static unsigned sites_of(const json_t *params) {
    return (unsigned)json_integer_value(json_object_get(params, "sites"));
}

static bool concerns(const struct switcher *switcher) {
    return switcher->native && switcher->native->sites;
}

static kernel_fn *kernel(const struct switcher *switcher, const json_t *params) {
    const struct curve *curve = curve_of(params);
    int row = 0;
    if (!concerns(switcher) || !curve) return NULL;
    if (!is(params, "targets", "in step")) return switcher->native->sites->targets[curve->row];
    while (row < SITES_COUNTS && 1u << row != sites_of(params))
        row++;
    return row < SITES_COUNTS ? switcher->native->sites->fixed[curve->row][row] : NULL;
}

static unsigned switches(const json_t *params) {
    return is(params, "targets", "in step") ? 2 * sites_of(params) : 2;
}

/* longer than what a predictor can learn by heart */
static const char *prepare(const struct switcher *switcher, const json_t *params, uint32_t seed) {
    struct shuffler *shuffler = shuffler_new(seed);
    (void)switcher;
    for (unsigned i = 0; i < KERNEL_ORDER; i++)
        kernel_order[i] = (uint8_t)(i % sites_of(params));
    if (shuffler && is(params, "targets", "random"))
        shuffle(shuffler, kernel_order, KERNEL_ORDER, sizeof *kernel_order);
    shuffler_free(shuffler);
    return shuffler ? NULL : "no memory for a random order";
}

static unsigned third(const json_t *params) {
    (void)params;
    return 3;
}

static const struct experiment sites = {
    .name = "sites",
    .summary = "cost of one switch against the number of sites and of the places they go to",
    .points = points,
    .concerns = concerns,
    .prepare = prepare,
    .kernel = kernel,
    .switches = switches,
    .divisor = third,
    .uncounted = "its instructions are those of a ping-pong, at each site",
};
REGISTER_EXPERIMENT(sites);
