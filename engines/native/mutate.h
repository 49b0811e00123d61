/* mutate.h: removes each recorded save and restore of a switcher in turn, and sees whether the
 * contract check notices. */
#ifndef SWITCHLAB_NATIVE_MUTATE_H
#define SWITCHLAB_NATIVE_MUTATE_H

#include "harness/engine.h"

/* {"total", "killed", "survivors": ["save rbx", ...]}; {"skip": reason} where no step of the
 * switcher is recorded */
json_t *native_mutate(const struct work *);

#endif
