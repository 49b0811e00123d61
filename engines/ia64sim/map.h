/* map.h: interrupts at the boundaries of a switch, one or two at a time. */
#ifndef SWITCHLAB_IA64SIM_MAP_H
#define SWITCHLAB_IA64SIM_MAP_H

#include "engines/ia64sim/ia64sim.h"

enum { INJECTION_CELLS = 20 * 1000 }; /* of pairs no more are listed; all are counted */

struct injection {
    int interrupts;         /* 1 or 2 */
    unsigned shard, shards; /* first boundaries whose number is shard, modulo shards */
    uint64_t seed;
    void (*progress)(void *context, size_t boundary, size_t injections); /* NULL: none */
    void *context;
    /* answers */
    size_t boundaries, injections, tally[4]; /* by enum outcome */
    json_t *cells;                           /* of those that are not ok; a new reference */
    char why[WHY];
    bool lend; /* private */
};

/* False: see why. */
bool inject(struct injection *, const struct switcher *);
/* the fields of a record's map line */
json_t *injection_map(const struct injection *);

#endif
