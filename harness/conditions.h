/* conditions.h: what about a machine makes its figures less certain, or harder to compare, as its
 * recorded environment tells it. Said once by a run, and in the report. */
#ifndef HARNESS_CONDITIONS_H
#define HARNESS_CONDITIONS_H

#include <jansson.h>

/* Calls tell with a name ("governor", "turbo", ...) and one sentence: what is so, what it does to
 * figures, what to do. Facts that are null are unknown and give none, but for the microcode. How
 * many. */
size_t conditions(const json_t *env,
                  void (*tell)(void *context, const char *name, const char *text), void *context);

#endif
