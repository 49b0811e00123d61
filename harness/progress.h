/* progress.h: how far a run is and how long it will take: one line that renews itself on a
 * terminal, a plain line at each tenth elsewhere. */
#ifndef SWITCHLAB_PROGRESS_H
#define SWITCHLAB_PROGRESS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct progress {
    size_t done, total;
    double start, shown; /* seconds */
    bool terminal;
};

void progress_start(struct progress *, size_t total);
/* one more step is done, of this experiment at this point */
void progress_step(struct progress *, const char *experiment, const json_t *params);
void progress_end(struct progress *);

#endif
