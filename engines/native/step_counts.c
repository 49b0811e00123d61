/* step_counts.c: adds up, and divides (step_counts.h). */
#include "engines/native/step_counts.h"

#include <stdio.h>
#include <string.h>

const int counted_lengths[COUNTED_LENGTHS] = {1, 3, 8};

/* the metrics: a name, a unit and where the count stands */
static const struct metric {
    const char *name, *unit;
    size_t offset;
} metrics[] = {
    {"instructions", "instructions", offsetof(struct step_counts, instructions)},
    {"loads", "loads", offsetof(struct step_counts, loads)},
    {"stores", "stores", offsetof(struct step_counts, stores)},
    {"modifies", "modifies", offsetof(struct step_counts, modifies)},
    {"bytes", "bytes", offsetof(struct step_counts, bytes)},
};
enum { METRICS = sizeof metrics / sizeof *metrics };

static uint64_t count_of(const struct step_counts *counts, const struct metric *metric) {
    uint64_t value;
    memcpy(&value, (const char *)counts + metric->offset, sizeof value);
    return value;
}

void step_counts_add(struct step_counts *counts, const struct effect *effect, bool continues) {
    counts->instructions += !continues;
    counts->loads += effect->loads;
    counts->stores += effect->stores;
    counts->modifies += effect->modifies;
    counts->bytes += effect->bytes;
}

const char *step_counts_repeat(const struct step_counts runs[COUNTED_RUNS], int n) {
    for (int i = 0; i < METRICS; i++) {
        const struct metric *metric = &metrics[i];
        uint64_t once = count_of(&runs[0], metric), twice = count_of(&runs[1], metric),
                 thrice = count_of(&runs[2], metric);
        if (thrice - twice == twice - once) continue;
        static char reason[256];
        snprintf(reason, sizeof reason,
                 "not repeatable: %s of %d, %d and %d iterations: %ju, %ju, %ju", metric->name, n,
                 2 * n, 3 * n, (uintmax_t)once, (uintmax_t)twice, (uintmax_t)thrice);
        return reason;
    }
    return NULL;
}

json_t *step_counts_per_switch(const struct step_counts runs[COUNTED_RUNS], uint64_t switches) {
    json_t *counted = json_object();
    for (int i = 0; i < METRICS; i++) {
        double more = (double)(count_of(&runs[1], &metrics[i]) - count_of(&runs[0], &metrics[i]));
        json_object_set_new(
            counted, metrics[i].name,
            json_pack("{s:f, s:s}", "value", more / (double)switches, "unit", metrics[i].unit));
    }
    return counted;
}
