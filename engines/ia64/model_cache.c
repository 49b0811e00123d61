/* model_cache.c - the data caches of the timing model: which level answers a load. Tags only, least
 * recently used goes first. L1D is write-through and takes no lines for stores; FP loads pass by
 * it. */
#include <stdlib.h>
#include <string.h>

#include "model_internal.h"

struct cache {
    unsigned line, sets, ways;
    uint64_t *tag; /* sets x ways, most recent first; line number + 1, 0: empty */
};

struct caches {
    enum ia64_model_caches mode;
    struct cache level[3];
};

static bool cache_init(struct cache *c, const struct ia64_model_config *config,
                       enum ia64_model_value size, enum ia64_model_value ways,
                       enum ia64_model_value line) {
    c->line = (unsigned)config->value[line][IA64_TYPICAL];
    c->ways = (unsigned)config->value[ways][IA64_TYPICAL];
    c->sets = (unsigned)config->value[size][IA64_TYPICAL] / (c->line * c->ways);
    c->tag = calloc((size_t)c->sets * c->ways, sizeof *c->tag);
    return c->tag != NULL;
}

struct caches *ia64_caches_new(const struct ia64_model_config *config) {
    struct caches *c = calloc(1, sizeof *c);

    if (!c) return NULL;
    c->mode = config->caches;
    if (c->mode != IA64_CACHES_COLD) return c;
#define CACHE(n, name)                                                                             \
    cache_init(&c->level[n], config, IA64_VALUE_##name##_size, IA64_VALUE_##name##_ways,           \
               IA64_VALUE_##name##_line)
    if (CACHE(LEVEL_L1D, l1d) && CACHE(LEVEL_L2, l2) && CACHE(LEVEL_L3, l3)) return c;
#undef CACHE
    ia64_caches_free(c);
    return NULL;
}

void ia64_caches_free(struct caches *c) {
    if (!c) return;
    for (int i = 0; i < 3; i++)
        free(c->level[i].tag);
    free(c);
}

/* True when the line is there; it becomes the most recent one, and comes in if `fill`. */
static bool look_up(struct cache *c, uint64_t address, bool fill) {
    uint64_t line = address / c->line, *set = c->tag + line % c->sets * c->ways;
    unsigned i = 0;
    bool hit;

    while (i < c->ways - 1 && set[i] != line + 1)
        i++;
    hit = set[i] == line + 1;
    if (!hit && !fill) return false;
    memmove(set + 1, set, i * sizeof *set);
    set[0] = line + 1;
    return hit;
}

enum level ia64_caches_load(struct caches *c, uint64_t address, bool fp) {
    if (c->mode == IA64_CACHES_L2 || (c->mode == IA64_CACHES_WARM && fp)) return LEVEL_L2;
    if (c->mode == IA64_CACHES_WARM) return LEVEL_L1D;
    if (!fp && look_up(&c->level[LEVEL_L1D], address, true)) return LEVEL_L1D;
    if (look_up(&c->level[LEVEL_L2], address, true)) return LEVEL_L2;
    return look_up(&c->level[LEVEL_L3], address, true) ? LEVEL_L3 : LEVEL_MEMORY;
}

void ia64_caches_store(struct caches *c, uint64_t address) {
    if (c->mode != IA64_CACHES_COLD) return;
    look_up(&c->level[LEVEL_L1D], address, false);
    if (!look_up(&c->level[LEVEL_L2], address, true)) look_up(&c->level[LEVEL_L3], address, true);
}
