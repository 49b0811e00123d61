/* experiment.h: the descriptor of what is measured. One file in bench/ is one experiment; it
 * registers itself. */
#ifndef SWITCHLAB_EXPERIMENT_H
#define SWITCHLAB_EXPERIMENT_H

#include "harness/kernel.h"
#include "harness/registry.h"

#include <jansson.h>
#include <stdbool.h>

struct switcher;

struct experiment {
    const char *name;
    const char *summary;
    /* the points to measure, a new array of params objects; what is compared is compared at one
     * point, interleaved. quick: a coarse choice of them */
    json_t *(*points)(bool quick);
    /* whether the experiment says anything about this switcher; NULL: about all */
    bool (*concerns)(const struct switcher *);
    /* the loop that realises a point, or NULL where this switcher has none; a NULL function: not
     * timed but mapped */
    kernel_fn *(*kernel)(const struct switcher *, const json_t *params);
    /* by default half as many processes a point: what matters is the curve */
    bool many_points;
    /* neither timed nor mapped: the points are for engines that count */
    bool counted;
};

REGISTRY(experiment)
#define REGISTER_EXPERIMENT(object) REGISTER(experiment, object)

#endif
