/* counters.c: what is done with a counter source (counters.h): batches of N against 2N iterations,
 * medians, and a reason for each counter that is not there. */
#include "engines/native/counters.h"

#include <stdlib.h>

enum { BATCHES = 11 }; /* odd, so that the median is one of them */

static const char *const names[COUNTERS] = {"cycles", "instructions", "loads", "stores"};

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct batches {
    double per_switch[COUNTERS][BATCHES];
};

/* unsigned arithmetic: a counter that wraps around between the reads does no harm */
static const char *batch(const struct counter_source *source, kernel_fn *kernel, uint64_t n,
                         uint64_t switches, struct batches *batches, int i) {
    uint64_t start[COUNTERS] = {0}, middle[COUNTERS] = {0}, end[COUNTERS] = {0};
    const char *why = source->read(start);
    bool intact = kernel(n);
    if (!why) why = source->read(middle);
    intact = kernel(2 * n) && intact;
    if (!why) why = source->read(end);
    if (!why && !intact) why = "a live value did not survive the counted run";
    for (int c = 0; c < COUNTERS; c++) {
        uint64_t once = middle[c] - start[c], twice = end[c] - middle[c];
        batches->per_switch[c][i] = (double)(int64_t)(twice - once) / (double)(n * switches);
    }
    return why;
}

static json_t *metric(const struct counter_source *source, int counter, double values[BATCHES]) {
    const char *missing = source->missing((enum counter)counter);
    if (missing) return json_pack("{s:s}", "skip", missing);
    qsort(values, BATCHES, sizeof *values, ascending);
    return json_pack("{s:f, s:s}", "value", values[BATCHES / 2], "unit", names[counter]);
}

json_t *counters_measure(const struct counter_source *source, kernel_fn *kernel,
                         uint64_t iterations, uint64_t switches_per_iteration) {
    struct batches batches;
    const char *why = source->open();
    if (why) return json_pack("{s:s}", "skip", why);
    kernel(iterations); /* warm-up */
    for (int i = 0; i < BATCHES && !why; i++)
        why = batch(source, kernel, iterations, switches_per_iteration, &batches, i);
    json_t *measured = why ? json_pack("{s:s}", "skip", why) : json_object();
    for (int c = 0; c < COUNTERS && !why; c++)
        json_object_set_new(measured, names[c], metric(source, c, batches.per_switch[c]));
    source->close();
    return measured;
}
