/* points.h: the numbered list of a campaign's points. A point is a choice of n boundaries that does
 * not fall; the list is in lexicographic order, so it depends on nothing but the number of
 * boundaries. A sample is a list of points drawn from it, with replacement, by a seed. */
#ifndef HARNESS_POINTS_H
#define HARNESS_POINTS_H

#include <stdint.h>

struct points {
    uint32_t boundaries;
    unsigned interrupts; /* 1 to 3 */
    uint64_t sample;     /* points drawn; 0: all */
    uint32_t seed;       /* of the sample */
};

/* how many points there are in all, 0 when they do not fit into 64 bits */
uint64_t points_whole(const struct points *);
/* how many the campaign runs: all, or the sample */
uint64_t points_count(const struct points *);
/* the boundaries of point `index`, below points_count */
void points_at(const struct points *, uint64_t index, uint32_t *at);

/* Upper bound, one-sided and exact (Clopper and Pearson 1934), of the share of points that fail,
 * when `failed` of `drawn` did. With 0 failures near the rule of three, 3 / drawn at 0.95. */
double points_bound(uint64_t failed, uint64_t drawn, double confidence);

#endif
