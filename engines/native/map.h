/* map.h: interrupts at the instruction boundaries of a switch in user mode, where a signal is the
 * interrupt; and switches forced at the boundaries of somebody else's code. */
#ifndef SWITCHLAB_NATIVE_MAP_H
#define SWITCHLAB_NATIVE_MAP_H

#include "engines/native/interrupt.h"

/* engine.h's map. params: {} an interrupt at every boundary, away from either side; {"victim": name} the
 * switch forced at every boundary of a victim (victim.h) */
json_t *native_map(const struct work *);

extern const struct injector native_injector;

/* a cell, and a line, of a map (docs/records.md). They take the references to `corrupted` (NULL: none) and `cells` */
json_t *map_cell(size_t i, enum trial, const struct boundary *, json_t *corrupted);
json_t *map_line(const char *direction, const size_t count[TRIALS], size_t boundaries, json_t *cells);

#endif
