/* progress.c: to standard error, so that tables can be piped. */
#include "harness/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void progress_start(struct progress *p, size_t total) {
    *p = (struct progress){.total = total, .start = now(), .terminal = isatty(STDERR_FILENO)};
}

void progress_step(struct progress *p, const char *experiment, const json_t *params) {
    size_t before = p->done++ * 10 / p->total;
    double time = now(), left = (time - p->start) / (double)p->done * (double)(p->total - p->done);
    char *point = json_dumps(params, JSON_COMPACT);
    if (p->terminal && (time - p->shown > 0.1 || p->done == p->total)) {
        fprintf(stderr, "\r\033[K%3zu%%  %.0f s left  %s %s", p->done * 100 / p->total, left,
                experiment, point);
        p->shown = time;
    } else if (!p->terminal && p->done * 10 / p->total != before) {
        fprintf(stderr, "%3zu%%  %.0f s left  %s %s\n", p->done * 100 / p->total, left, experiment,
                point);
    }
    free(point);
}

void progress_end(struct progress *p) {
    if (p->terminal) fprintf(stderr, "\r\033[K");
}
