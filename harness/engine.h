/* engine.h: the descriptor of a place where switchers run. One file in engines/ is one engine; it
 * registers itself. The harness calls it in a worker process of its own, so an engine may crash or
 * hang without loss. */
#ifndef SWITCHLAB_ENGINE_H
#define SWITCHLAB_ENGINE_H

#include "harness/experiment.h"
#include "harness/injector.h"
#include "harness/registry.h"
#include "harness/switcher.h"

#include <jansson.h>
#include <stdbool.h>

struct work { /* what a worker is asked to do */
    const struct switcher *switcher;
    const struct experiment *experiment; /* NULL for a check alone */
    json_t *params;                      /* one of the experiment's points */
    uint32_t seed;                       /* of canaries, stack colour and order */
    int cpu;                             /* pinned to it, or -1 */
    json_t *clock; /* what the engine's clock() gave at the start of the run, or NULL */
};

/* A worker's answers are new references to objects, NULL only when memory ran out. A part that
 * can't be given is
 * {"skip": reason}, never a guess. */
struct engine {
    const char *name;
    const char *summary;
    const char *(*unavailable)(void);            /* why not on this machine, or NULL */
    const char *(*rejects)(const struct work *); /* why this work is not for this engine, or NULL */
    /* what this machine lacks for work that is not rejected, or NULL; a NULL function: nothing */
    const char *(*lacks)(const struct work *);
    /* contract check: {"status": "pass"|"fail"|"skip", "registers": n, "corrupted": [names],
     * "reason"} */
    json_t *(*check)(const struct work *);
    /* exact figures per switch, each {"value", "unit"}, by name; NULL: the engine does not count */
    json_t *(*count)(const struct work *);
    /* one process's figures, per switch: {"check", "metrics": {name: {"value", "unit"}},
     * "disagreement": percent between the clock's two references, "shared": whether others used the
     * core all along}; or {"untimed": reason}; NULL: the engine has no clock */
    json_t *(*sample)(const struct work *);
    /* a map line's fields (docs/records.md): an interrupt at every boundary, or {"fail": reason};
     * NULL: it can't inject */
    json_t *(*map)(const struct work *);
    /* how a campaign interrupts its switchers; NULL: it can't */
    const struct injector *injector;
    /* removes each save and restore in turn: {"total": n, "killed": n, "survivors": [names]}; NULL:
     * it can't */
    json_t *(*mutate)(const struct work *);
    /* the run line's clock: {"source", "calibration", ...}, or {"source": "none: REASON"} where this
     * machine has none; NULL: the engine has no clock */
    json_t *(*clock)(void);
};

REGISTRY(engine)
#define REGISTER_ENGINE(object) REGISTER(engine, object)

#endif
