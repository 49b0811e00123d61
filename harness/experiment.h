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
    /* by which the default number of processes is divided at a point: what matters is the curve, or
     * a sample takes long; NULL function: 1 */
    unsigned (*divisor)(const json_t *params);
    /* one-way switches, or events, in an iteration of the kernel; a NULL function: 2, a round trip */
    unsigned (*switches)(const json_t *params);
    /* why this machine can't measure a point, known beforehand, or NULL: recorded as a skip */
    const char *(*lacks)(const struct switcher *, const json_t *params);
    /* in the process that measures, before the kernel runs: makes what the kernel works on. NULL,
     * or why it can't, which is then a stated skip */
    const char *(*prepare)(const struct switcher *, const json_t *params, uint32_t seed);
    /* after prepare: what it chose to work with, for the record; a new object, or NULL */
    json_t *(*used)(void);
    /* after the last batch: whether what was prepared is as it must be then */
    bool (*intact)(void);
    /* why its cells have no exact counts; NULL: they have */
    const char *uncounted;
    /* neither timed nor mapped: the points are for engines that count */
    bool counted;
};

unsigned experiment_halved(const json_t *params); /* a divisor: 2 */

/* bytes that one point of an experiment may take (--memory) */
extern uint64_t experiment_memory;
#define EXPERIMENT_MEMORY (UINT64_C(2) << 30)

REGISTRY(experiment)
#define REGISTER_EXPERIMENT(object) REGISTER(experiment, object)

#endif
