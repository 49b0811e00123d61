/* caller.h: the host's live floating-point registers. What a switcher does not keep of them its
 * caller stores before the switch and loads behind it. */
#ifndef SWITCHLAB_IA64SIM_CALLER_H
#define SWITCHLAB_IA64SIM_CALLER_H

#include "engines/ia64sim/stage.h"

enum { CALLER_LIVE_MOST = 126 };

struct caller {
    const struct stage *stage;
    unsigned live;        /* even: the first so many in the order of worlds/ia64/driver.S */
    unsigned first, last; /* of them, those that the switcher does not keep: first to last - 1 */
};

struct caller caller_new(const struct stage *, unsigned live);
/* Each live register gets a value of its own. */
void caller_gives(const struct caller *, struct ia64 *);
bool caller_finds(const struct caller *, const struct ia64 *);
/* Sends the machine to the code that stores (CALLER_STORES_FP) or loads; the address where that
 * ends, 0: there is nothing to do. */
uint64_t caller_begins(const struct caller *, struct ia64 *, enum place code);

#endif
