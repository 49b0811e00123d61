/* references.c: a bucket for each stretch of targets (references.h). */
#include "pip/references.h"

#include <stdlib.h>

enum { BUCKETS = 1 << 16 };

struct pip_references {
    struct pip_reference *all; /* as found; then bucket by bucket */
    size_t count;
    uint64_t low, high; /* of the targets */
    unsigned shift;     /* a bucket is 1 << shift addresses */
    size_t *begin;      /* of each bucket; one more: the end */
    bool *sorted;
};

static void found(void *to, const struct pip_reference *reference) {
    struct pip_references *r = to;
    size_t n = r->count;
    if ((n & (n - 1)) == 0) {
        r->all = realloc(r->all, (n ? n * 2 : 1) * sizeof *r->all);
        if (!r->all) abort();
    }
    if (reference->target < r->low) r->low = reference->target;
    if (reference->target > r->high) r->high = reference->target;
    r->all[r->count++] = *reference;
}

static size_t bucket_of(const struct pip_references *r, uint64_t target) {
    return (size_t)((target - r->low) >> r->shift);
}

/* keeps the order in which they were found within each bucket */
static void fill_buckets(struct pip_references *r) {
    struct pip_reference *placed = malloc((r->count + 1) * sizeof *placed);
    size_t *end = calloc(BUCKETS + 1, sizeof *end);
    r->begin = calloc(BUCKETS + 1, sizeof *r->begin);
    r->sorted = calloc(BUCKETS, sizeof *r->sorted);
    if (!placed || !end || !r->begin || !r->sorted) abort();
    for (size_t i = 0; i < r->count; i++)
        r->begin[bucket_of(r, r->all[i].target) + 1]++;
    for (size_t b = 0; b < BUCKETS; b++)
        end[b + 1] = r->begin[b + 1] += r->begin[b];
    for (size_t i = 0; i < r->count; i++)
        placed[end[bucket_of(r, r->all[i].target)]++] = r->all[i];
    free(end);
    free(r->all);
    r->all = placed;
}

struct pip_references *pip_references_new(const struct pip_arch *arch,
                                          const struct pip_image *image) {
    struct pip_references *r = calloc(1, sizeof *r);
    if (!r) abort();
    r->low = UINT64_MAX;
    arch->scan(image, found, r);
    if (!r->count) return r;
    while ((r->high - r->low) >> r->shift >= BUCKETS)
        r->shift++;
    fill_buckets(r);
    return r;
}

void pip_references_free(struct pip_references *r) {
    if (!r) return;
    free(r->all);
    free(r->begin);
    free(r->sorted);
    free(r);
}

static int by_target(const void *a, const void *b) {
    const struct pip_reference *x = a, *y = b;
    if (x->target != y->target) return x->target < y->target ? -1 : 1;
    return x->site < y->site ? -1 : x->site > y->site;
}

/* the first one from a target on, in a bucket that is put in order now */
static size_t first_from(struct pip_references *r, uint64_t target) {
    size_t b = bucket_of(r, target), at = r->begin[b];
    if (!r->sorted[b]) qsort(&r->all[at], r->begin[b + 1] - at, sizeof *r->all, by_target);
    r->sorted[b] = true;
    while (at < r->begin[b + 1] && r->all[at].target < target)
        at++;
    return at;
}

struct pip_reference *pip_references_to(struct pip_references *r, uint64_t start, uint64_t end,
                                        size_t *count) {
    *count = 0;
    if (start < r->low) start = r->low;
    if (!r->count || start > r->high || start >= end) return NULL;
    size_t first = first_from(r, start), last = end > r->high ? r->count : first_from(r, end);
    for (size_t b = bucket_of(r, start) + 1; r->begin[b] < last; b++)
        first_from(r, r->low + ((uint64_t)b << r->shift));
    *count = last - first;
    return &r->all[first];
}
