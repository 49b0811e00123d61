/* environment.h: what a run must say about its machine, so that a figure can be judged later.
 * Everything is read from /proc and /sys; what this machine does not tell is null, never a guess.
 */
#ifndef HARNESS_ENVIRONMENT_H
#define HARNESS_ENVIRONMENT_H

#include <jansson.h>

/* A new object, as docs/records.md lists it under "env"; NULL when there is no memory.
 * root goes before each path: "" for this machine, a folder with proc/ and sys/ in tests.
 * compiler is what built the switchers, as in "gcc 12.2.0 -O2", or NULL for unknown. */
json_t *environment(const char *root, const char *compiler);

#endif
