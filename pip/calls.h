/* calls.h: what lies beyond one function: what its callees read and overwrite, and what its callers
 * use after it returns. Compilers break the calling convention within a file (gcc's -fipa-ra keeps
 * values in scratch registers across calls of functions that leave them alone; assembly does as it
 * likes), so both are looked up in the code. */
#ifndef SWITCHLAB_PIP_CALLS_H
#define SWITCHLAB_PIP_CALLS_H

#include "pip/flow.h"

struct pip_calls;
struct pip_calls *pip_calls_new(const struct pip_arch *, const struct pip_image *);
void pip_calls_free(struct pip_calls *);

/* Fills in what the calls of a flow read and overwrite, and solves it for the function that begins
 * at `function` (0: unknown). At most so many instructions of other functions are looked at; what
 * lies beyond makes the answer more cautious */
void pip_calls_solve(struct pip_calls *, struct pip_flow *, uint64_t function,
                     int64_t instructions);
/* The same for every function at once, and then the flow of one that begins at `entry`; it belongs
 * to `calls` */
void pip_calls_whole(struct pip_calls *);
const struct pip_flow *pip_calls_flow(struct pip_calls *, uint64_t entry);

#endif
