/* qemu.h: the engine's way to run a world, for its tests. */
#ifndef SWITCHLAB_QEMU_H
#define SWITCHLAB_QEMU_H

#include "engines/world/world.h"

void qemu_run(const struct world_file *, struct world_end *);

#endif
