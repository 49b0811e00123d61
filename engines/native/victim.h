/* victim.h: code that is switched away from where it did not expect it. */
#ifndef SWITCHLAB_NATIVE_VICTIM_H
#define SWITCHLAB_NATIVE_VICTIM_H

#include "harness/engine.h"

/* a map line's fields (design.md): the switcher's switch, forced before every instruction of the
 * victim of this name; which registers lost their value there */
json_t *victim_map(const struct work *, const char *victim);

#endif
