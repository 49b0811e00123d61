/* contexts: many contexts that take turns, each with a stack of its own. What decides then is where
 * contexts and stacks lie in memory: how many sets of the cache and pages of the TLB they take. */
#include "harness/experiment.h"
#include "harness/statistics.h"
#include "harness/switcher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096, LINE = 64, HUGE_PAGE = 2 << 20, MANY = 50000, WARM_UP = 1 << 16 };

/* ---- points ---- */

/* from how many contexts to how many; the whole of it takes minutes and more than the budget of
 * memory, so what is in `make bench` is what tells curves apart */
static const struct curve {
    const char *order, *stacks, *pages;
    int prefetch, from, to;
    bool quick;
} curves[] = {
    {"ring", "page", "small", 0, 2, 65536, true},
    {"ring", "coloured", "small", 0, 2, 65536, false},
    {"ring", "packed", "small", 0, 2, 1000000, true},
    {"random", "page", "small", 0, 2, 65536, true},
    {"random", "coloured", "small", 0, 2, 65536, false},
    {"random", "packed", "small", 0, 2, 1000000, true},
    {"random", "packed", "huge", 0, 1024, 65536, false},
    {"random", "packed", "huge", 4, 1024, 262144, false},
};
static const int counts[] = {2, 16, 256, 1024, 4096, 16384, 65536, 262144, 1000000};
static const int quick_counts[] = {2, 256, 4096, 16384};
static const int distances[] = {1, 2, 8, 16}; /* of prefetch, at one number of contexts */
enum { AT = 65536 };

static json_t *point(const struct curve *c, int prefetch, int contexts) {
    return json_pack("{s:s, s:s, s:s, s:i, s:i}", "order", c->order, "stacks", c->stacks, "pages",
                     c->pages, "prefetch", prefetch, "contexts", contexts);
}

/* every point that there is, where the user says how much memory there is for them */
static bool chosen(const struct curve *c, int contexts, bool quick) {
    bool all = experiment_memory > EXPERIMENT_MEMORY && !quick;
    return all || (contexts >= c->from && contexts <= c->to && (!quick || c->quick));
}

static json_t *points(bool quick) {
    const int *n = quick ? quick_counts : counts;
    size_t ns = quick ? sizeof quick_counts / sizeof *n : sizeof counts / sizeof *n;
    const struct curve *end = curves + sizeof curves / sizeof *curves;
    json_t *all = json_array();
    for (const struct curve *c = curves; c < end; c++)
        for (size_t i = 0; i < ns; i++)
            if (chosen(c, n[i], quick)) json_array_append_new(all, point(c, c->prefetch, n[i]));
    for (size_t i = 0; i < sizeof distances / sizeof *distances && !quick; i++)
        json_array_append_new(all, point(end - 1, distances[i], AT));
    return all;
}

/* ---- a point's parameters ---- */

struct plan {
    const struct many_code *code;
    size_t contexts, stride, bytes, prefetch;
    bool random, huge;
};

static bool says(const json_t *params, const char *name, const char *value) {
    const char *text = json_string_value(json_object_get(params, name));
    return text && strcmp(text, value) == 0;
}

/* packed: as small as it can be, an odd number of lines, so that the contexts use every set of the
 * cache. page: each on a page's end, which are the same few sets. coloured: as large, but moved
 * against each other */
static size_t stride_of(const struct many_code *code, const json_t *params) {
    size_t packed = (code->bytes + code->stack_bytes) / LINE * LINE;
    packed += packed / LINE % 2 == 0 ? LINE : 0;
    return says(params, "stacks", "packed") ? packed
           : says(params, "stacks", "page") ? PAGE
                                            : PAGE + packed;
}

static struct plan plan_of(const struct switcher *switcher, const json_t *params) {
    const struct many_code *code = switcher->native->many;
    struct plan plan = {
        .code = code,
        .contexts = (size_t)json_integer_value(json_object_get(params, "contexts")) - 1,
        .prefetch = (size_t)json_integer_value(json_object_get(params, "prefetch")),
        .stride = stride_of(code, params),
        .random = says(params, "order", "random"),
        .huge = says(params, "pages", "huge"),
    };
    plan.bytes = (plan.contexts * plan.stride + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    return plan;
}

/* ---- what the machine has ---- */

static bool concerns(const struct switcher *switcher) {
    return switcher->native && switcher->native->many && strcmp(switcher->mask, "none") == 0;
}

static uint64_t available_memory(void) {
    FILE *f = fopen("/proc/meminfo", "r");
    char line[128];
    unsigned long kib = 0;
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "MemAvailable: %lu", &kib) == 1) break;
    if (f) fclose(f);
    return kib ? (uint64_t)kib << 10 : UINT64_MAX;
}

static const char *lacks_huge_pages(void) {
    static char why[200];
    static const char path[] = "/sys/kernel/mm/transparent_hugepage/enabled";
    char modes[64] = "";
    FILE *f = fopen(path, "r");
    if (f && fgets(modes, sizeof modes, f)) modes[strcspn(modes, "\n")] = '\0';
    if (f) fclose(f);
    if (strstr(modes, "[madvise]") || strstr(modes, "[always]")) return NULL;
    snprintf(why, sizeof why,
             "huge pages: this kernel gives none (%s: %s); echo madvise > it, as root", path,
             modes[0] ? modes : "not there");
    return why;
}

/* the same words for every order of the contexts, which so are one skip */
static const char *lacks(const struct switcher *switcher, const json_t *params) {
    static char why[200];
    struct plan plan = plan_of(switcher, params);
    uint64_t bytes = plan.bytes + plan.contexts * sizeof(void *), half = available_memory() / 2;
    if (plan.huge && lacks_huge_pages()) return lacks_huge_pages();
    if (bytes <= experiment_memory && bytes <= half) return NULL;
    snprintf(why, sizeof why, "%zu contexts, stacks %s, need %llu MiB, more than %s %llu MiB%s",
             plan.contexts + 1, json_string_value(json_object_get(params, "stacks")),
             (unsigned long long)bytes >> 20,
             bytes <= half ? "the budget of" : "half of what is free,",
             (unsigned long long)(bytes <= half ? experiment_memory : half) >> 20,
             bytes <= half ? "; --memory sets it" : "");
    return why;
}

/* ---- the ring: contexts in their order, main between two of them ---- */

static struct plan ring;
static uint8_t *memory, **order;
static size_t position;        /* of the context that is main's next */
static uint64_t laps, stepped; /* whole rings done, and steps beyond them */

static struct many_links *links(size_t i) {
    return (struct many_links *)(void *)(order[i % ring.contexts] + ring.code->links);
}
static uint64_t first_value(size_t i) {
    return UINT64_C(0x9e3779b97f4a7c15) * (i + 1);
}

static uint8_t *memory_for(const struct plan *plan) {
    uint8_t *region = mmap(NULL, plan->bytes + HUGE_PAGE, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (region == MAP_FAILED) return NULL;
    region += -(uintptr_t)region % HUGE_PAGE;
    if (madvise(region, plan->bytes, plan->huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE) && plan->huge)
        return NULL;
    madvise(region, plan->bytes, MADV_POPULATE_WRITE); /* saves faults; older kernels have none */
    return region;
}

/* bytes of huge pages that the kernel gave to the mapping of the contexts */
static size_t huge_bytes(void) {
    FILE *f = fopen("/proc/self/smaps", "r");
    char line[256];
    unsigned long begin, end, kib = 0;
    bool here = false;
    while (f && fgets(line, sizeof line, f)) {
        if (sscanf(line, "%lx-%lx ", &begin, &end) == 2)
            here = begin <= (uintptr_t)memory && (uintptr_t)memory < end;
        if (here && sscanf(line, "AnonHugePages: %lu", &kib) == 1) break;
    }
    if (f) fclose(f);
    return (size_t)kib << 10;
}

/* contexts are made as they lie in memory: in the order of a random ring that would take much
 * longer
 */
static bool make_contexts(uint32_t seed) {
    struct shuffler *shuffler = shuffler_new(seed);
    size_t *place = malloc(ring.contexts * sizeof *place); /* in the order, of each in memory */
    if (!shuffler || !place) return false;
    for (size_t i = 0; i < ring.contexts; i++)
        order[i] = memory + (i + 1) * ring.stride - ring.code->bytes;
    if (ring.random) shuffle(shuffler, order, ring.contexts, sizeof *order);
    for (size_t i = 0; i < ring.contexts; i++)
        place[(size_t)(order[i] - memory) / ring.stride] = i;
    for (size_t m = 0; m < ring.contexts; m++) {
        size_t i = place[m];
        ring.code->make(order[i], order[i], ring.prefetch > 0);
        *links(i) = (struct many_links){.next = order[(i + 1) % ring.contexts],
                                        .live = first_value(i),
                                        .growth = 2 * i + 3,
                                        .ahead = order[(i + ring.prefetch) % ring.contexts]};
    }
    shuffler_free(shuffler);
    free(place);
    return true;
}

/* from main through `n` contexts and back, so many times */
static void go(size_t n, uint64_t times) {
    struct many_links *main = (void *)((uint8_t *)ring.code->main + ring.code->links);
    struct many_links *last = links(position + n - 1);
    void *after = last->next;
    main->next = order[position];
    last->next = ring.code->main;
    ring.code->go(times);
    last->next = after;
    position = (position + n) % ring.contexts;
}

/* so many switches; where they end, the next call goes on */
static bool run(uint64_t iterations) {
    uint64_t whole = iterations / (ring.contexts + 1), rest = iterations % (ring.contexts + 1);
    if (whole) go(ring.contexts, whole);
    if (rest > 1) go(rest - 1, 1);
    laps += whole;
    stepped += rest > 1 ? rest - 1 : 0;
    return true;
}

/* every context was visited as often as it must have been, and kept its live value */
static bool intact(void) {
    for (size_t m = 0; m < ring.contexts; m++) {
        const struct many_links *l =
            (void *)(memory + (m + 1) * ring.stride - ring.code->bytes + ring.code->links);
        uint64_t i = (l->growth - 3) / 2;
        uint64_t visits = laps + (stepped + ring.contexts - 1 - i) / ring.contexts;
        if (l->live != first_value(i) + visits * l->growth) return false;
    }
    return laps + stepped > 0;
}

/* what an earlier call prepared */
static void release(void) {
    if (memory) munmap(memory, ring.bytes);
    free(order);
    memory = NULL;
    position = 0;
    laps = stepped = 0;
}

static const char *prepare(const struct switcher *switcher, const json_t *params, uint32_t seed) {
    release();
    ring = plan_of(switcher, params);
    order = malloc(ring.contexts * sizeof *order);
    memory = memory_for(&ring);
    if (!order || !memory || !make_contexts(seed))
        return "the kernel gave no memory for so many contexts";
    if (ring.huge && huge_bytes() < ring.bytes) return "the kernel gave too few huge pages";
    run(ring.contexts < WARM_UP ? ring.contexts + 1 : WARM_UP);
    return NULL;
}

/* ---- the experiment ---- */

static kernel_fn *kernel(const struct switcher *switcher, const json_t *params) {
    (void)params;
    return concerns(switcher) ? run : NULL;
}

static unsigned one(const json_t *params) {
    (void)params;
    return 1;
}

static unsigned divisor(const json_t *params) {
    return json_integer_value(json_object_get(params, "contexts")) > MANY ? 6 : 4;
}

static const struct experiment contexts = {
    .name = "contexts",
    .summary = "cost of one switch among many contexts, by order and place of their stacks",
    .points = points,
    .concerns = concerns,
    .lacks = lacks,
    .prepare = prepare,
    .kernel = kernel,
    .intact = intact,
    .switches = one,
    .divisor = divisor,
    .uncounted = "its instructions are those of a ping-pong, however many contexts there are",
};
REGISTER_EXPERIMENT(contexts);
