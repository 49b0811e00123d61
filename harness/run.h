/* run.h: the main job: every chosen cell checked, counted, timed in random order, and recorded when
 * it is finished. */
#ifndef SWITCHLAB_RUN_H
#define SWITCHLAB_RUN_H

#include "harness/options.h"

/* exit code */
int run(const struct options *);

#endif
