/* outcomes.h: one outcome a point, as text: runs of equal ones, "193.5c": 193 ok, 5 corrupted. */
#ifndef HARNESS_OUTCOMES_H
#define HARNESS_OUTCOMES_H

#include "harness/injector.h"

#include <stdbool.h>
#include <stdio.h>

struct outcomes_writer {
    FILE *to;
    enum injection last;
    uint64_t length; /* of the run that goes on */
};
void outcomes_put(struct outcomes_writer *, enum injection outcome);
void outcomes_end(struct outcomes_writer *);

struct outcomes_reader {
    const char *text;
    enum injection now;
    uint64_t left;
};
/* False: there are no more, or the text is none. */
bool outcomes_next(struct outcomes_reader *, enum injection *outcome);
/* how many there are, by kind if tally is not NULL; UINT64_MAX: the text is none */
uint64_t outcomes_count(const char *text, uint64_t tally[INJECTIONS]);

#endif
