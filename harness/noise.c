/* noise.c: A/A figures and their file; see noise.h. */
#include "harness/noise.h"

#include "harness/statistics.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LAYOUTS = 16 };

static double apart(const double *a, size_t na, const double *b, size_t nb) {
    struct estimate e = ratio(a, na, b, nb, CONFIDENCE);
    return isfinite(e.value) ? exp(fabs(log(e.value))) - 1 : -1;
}

/* the samples of the layouts in `half`, a set of bits, and those of all others */
static double halves_apart(const double *samples, size_t n, size_t layouts, unsigned half) {
    double *in = malloc((n + 1) * sizeof *in), *out = malloc((n + 1) * sizeof *out), result = -1;
    size_t ins = 0, outs = 0;
    for (size_t i = 0; in && out && i < n; i++)
        if (!isnan(samples[i])) {
            if (half >> i % layouts & 1)
                in[ins++] = samples[i];
            else
                out[outs++] = samples[i];
        }
    if (ins && outs) result = apart(in, ins, out, outs);
    free(in);
    free(out);
    return result;
}

double noise_relinks(const double *samples, size_t n, size_t layouts) {
    double worst = -1;
    if (layouts < 2 || layouts > MOST_LAYOUTS || n < layouts) return worst;
    /* the first layout is always in: the other choice is the same two halves */
    for (unsigned half = 1; half < 1u << layouts; half += 2)
        if ((size_t)__builtin_popcount(half) == layouts / 2)
            worst = fmax(worst, halves_apart(samples, n, layouts, half));
    return worst;
}

double noise_runs(double *const *runs, const size_t *n, size_t count) {
    double worst = -1;
    for (size_t a = 0; a < count; a++)
        for (size_t b = a + 1; b < count; b++)
            worst = fmax(worst, apart(runs[a], n[a], runs[b], n[b]));
    return worst;
}

int noise_path(char *path, size_t size, const char *results, const char *machine) {
    return snprintf(path, size, "%s/noise-%s.json", results, machine);
}

json_t *noise_load(const char *path, FILE *err) {
    json_error_t error;
    FILE *file = fopen(path, "re");
    if (!file) {
        if (errno != ENOENT)
            fprintf(err, "cannot read the noise floors %s: %s\n", path, strerror(errno));
        return NULL;
    }
    json_t *noise = json_loadf(file, JSON_REJECT_DUPLICATES, &error);
    fclose(file);
    if (noise && json_is_object(json_object_get(noise, "cells"))) return noise;
    fprintf(err, "%s:%d: not noise floors: %s; `switchlab noise` writes them anew\n", path,
            noise ? 1 : error.line, noise ? "no object \"cells\"" : error.text);
    json_decref(noise);
    return NULL;
}

double noise_floor(const json_t *noise, const char *cell) {
    const json_t *floor =
        json_object_get(json_object_get(json_object_get(noise, "cells"), cell), "floor");
    return json_is_number(floor) && json_number_value(floor) >= 0 ? json_number_value(floor) : -1;
}
