/* points.c: choices with repetition, counted and unranked. */
#include "harness/points.h"

#include <gsl/gsl_cdf.h>

/* choices of n out of m boundaries that do not fall: m (m+1) ... (m+n-1) / n! */
static uint64_t choices(uint64_t m, unsigned n) {
    __extension__ unsigned __int128 product = 1;
    for (unsigned i = 0; i < n; i++)
        product = product * (m + i) / (i + 1); /* exact: a binomial coefficient at each step */
    return product >> 64 ? 0 : (uint64_t)product;
}

uint64_t points_whole(const struct points *p) {
    return choices(p->boundaries, p->interrupts);
}

uint64_t points_count(const struct points *p) {
    return p->sample ? p->sample : points_whole(p);
}

/* splitmix64 of a counter: any point of the sample can be drawn without those before it */
static uint64_t draw(uint32_t seed, uint64_t index, uint64_t below) {
    uint64_t z = ((uint64_t)seed << 32) + (index + 1) * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    z ^= z >> 31;
    __extension__ unsigned __int128 product = (unsigned __int128)z * below;
    return (uint64_t)(product >> 64);
}

/* the largest first boundary below which at most `index` choices begin */
static uint32_t first_of(uint32_t from, uint32_t boundaries, unsigned n, uint64_t *index) {
    const uint64_t all = choices(boundaries - from, n);
    uint32_t low = from, high = boundaries - 1;
    while (low < high) { /* choices that begin below middle: all - those of the rest */
        uint32_t middle = low + (high - low + 1) / 2;
        if (all - choices(boundaries - middle, n) <= *index)
            low = middle;
        else
            high = middle - 1;
    }
    *index -= all - choices(boundaries - low, n);
    return low;
}

void points_at(const struct points *p, uint64_t index, uint32_t *at) {
    uint32_t from = 0;
    if (p->sample) index = draw(p->seed, index, points_whole(p));
    for (unsigned i = 0; i < p->interrupts; i++)
        from = at[i] = first_of(from, p->boundaries, p->interrupts - i, &index);
}

double points_bound(uint64_t failed, uint64_t drawn, double confidence) {
    if (!drawn || failed >= drawn) return 1;
    return gsl_cdf_beta_Pinv(confidence, (double)failed + 1, (double)(drawn - failed));
}
