/* noise.h: what two measurements of one and the same thing differ by on this machine: the floor
 * below which a difference says nothing. Measured by `switchlab noise`, kept as
 * results/noise-<machine>.json. */
#ifndef SWITCHLAB_NOISE_H
#define SWITCHLAB_NOISE_H

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>

/* How far two halves of the layouts lie apart: the largest |log ratio| over all ways to halve them,
 * as a relative figure (0.02 is 2%). Sample i was taken in layout i mod `layouts` of its run;
 * NaN does not count. Negative where a half would have no sample. */
double noise_relinks(const double *samples, size_t n, size_t layouts);

/* The same over all pairs of runs: runs[r] has n[r] samples. Negative with fewer than two runs. */
double noise_runs(double *const *runs, const size_t *n, size_t count);

/* results/noise-<machine>.json; snprintf's value */
int noise_path(char *path, size_t size, const char *results, const char *machine);

/* The file's object, a new reference; NULL when there is none, or (reported on err) when it is not
 * one */
json_t *noise_load(const char *path, FILE *err);

/* The floor of a cell (compare.h) by that file; negative when it has none. */
double noise_floor(const json_t *noise, const char *cell);

#endif
