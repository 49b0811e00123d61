/* victim.h: code that is switched away from where it did not expect it: why a PIP must be
 * predetermined [0021]. */
#ifndef SWITCHLAB_NATIVE_VICTIM_H
#define SWITCHLAB_NATIVE_VICTIM_H

#include "harness/engine.h"

/* A map line's fields (design.md): work's switch, forced before every instruction of the victim of this
 * name, which goes on afterwards. A cell's outcome is the victim's: did it come to its result? Its
 * `corrupted` names the registers that the switch lost there, whether the victim needed them or not, and
 * "red zone"; `pip` says of which kind's PIP this is, where it is one */
json_t *victim_map(const struct work *, const char *victim);

#endif
