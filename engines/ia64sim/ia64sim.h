/* ia64sim.h: the parts of the engine: each answers one verb of harness/engine.h. */
#ifndef SWITCHLAB_IA64SIM_H
#define SWITCHLAB_IA64SIM_H

#include "engines/ia64sim/stage.h"

enum { FRAME_DEFAULT = 8, FRAME_MOST = 96 };

json_t *ia64sim_check(const struct work *);
json_t *ia64sim_count(const struct work *);
json_t *ia64sim_map(const struct work *);
json_t *ia64sim_mutate(const struct work *);
extern const struct injector ia64sim_injector;

/* the folder of the worlds: what IA64_WORLDS says, else beside the program, else where they were built */
const char *ia64sim_worlds(void);
/* the check without the whole world, on a stage that may be a mutant's */
json_t *ia64sim_check_stage(const struct work *, struct stage *);
bool ia64sim_leaves_fp(const struct stage *);
/* boots the switcher's world anew and runs it to its end; NULL, or why it did not get there (in
 * stage->why) */
const char *ia64sim_run_world(struct stage *, FILE *console, uint64_t limit);

#endif
