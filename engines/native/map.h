/* map.h: interrupts at the instruction boundaries of a switch in user mode, where a signal is the
 * interrupt; and switches forced at the boundaries of somebody else's code. */
#ifndef SWITCHLAB_NATIVE_MAP_H
#define SWITCHLAB_NATIVE_MAP_H

#include "harness/engine.h"

/* engine.h's map. params: {} an interrupt in every boundary, away from either side;
 * {"interrupts": 2} at every pair of them; {"victim": name} the switch forced at every boundary of
 * a victim (victim.h) */
json_t *native_map(const struct work *);

#endif
