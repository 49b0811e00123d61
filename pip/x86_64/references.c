/* references.c: every place of the file that may hold the address of code, or the distance to it.
 * Bytes are tried at every offset, decoded or not: what is found too much makes the analysis more
 * cautious, never wrong. */
#include "pip/x86_64/x86_64.h"

#include <stdlib.h>
#include <string.h>

struct search {
    const struct pip_image *image;
    void (*found)(void *, const struct pip_reference *);
    void *to;
    uint64_t low, high; /* all code lies between */
    uint64_t *starts;   /* a bit for each address between, set where a function begins */
};

static bool is_start(const struct search *s, uint64_t address) {
    uint64_t bit = address - s->low;
    return bit < s->high - s->low && s->starts[bit / 64] >> bit % 64 & 1;
}

static void report(const struct search *s, uint64_t target, uint64_t site, int kind) {
    s->found(s->to, &(struct pip_reference){.target = target, .site = site, .kind = kind});
}

/* a distance of 32 bits at bytes[at], to `target`. The padding before a function ends in zeros,
 * which are none */
static void try_distance(const struct search *s, const struct pip_segment *g, uint64_t at,
                         uint64_t target) {
    const uint8_t *before = g->bytes + at;
    uint64_t behind = g->address + at + 4;
    if (at >= 1 && before[-1] == 0xe8)
        report(s, target, g->address + at - 1, PIP_REFERENCE_CALL);
    else if (at >= 1 && before[-1] == 0xe9)
        report(s, target, g->address + at - 1, PIP_REFERENCE_JUMP);
    else if (at >= 2 && before[-2] == 0x0f && (before[-1] & 0xf0) == 0x80)
        report(s, target, g->address + at - 2, PIP_REFERENCE_JUMP);
    else if (target != behind && is_start(s, target))
        report(s, target, g->address + at, PIP_REFERENCE_ADDRESS);
}

/* whether a function begins between two places, or at the later one */
static bool crosses(const struct search *s, uint64_t a, uint64_t b) {
    uint64_t from = (a < b ? a : b) + 1, to = a < b ? b : a;
    if (from < s->low) from = s->low;
    if (to >= s->high) to = s->high - 1;
    if (from > to || to - from > 256) return false; /* around the end of the address space */
    from -= s->low, to -= s->low;
    for (uint64_t word = from / 64; word <= to / 64; word++) {
        uint64_t bits = s->starts[word];
        if (word == from / 64) bits &= ~UINT64_C(0) << from % 64;
        if (word == to / 64) bits &= ~UINT64_C(0) >> (63 - to % 64);
        if (bits) return true;
    }
    return false;
}

/* jumps of 8 bits matter only between functions: to a neighbour */
static void try_short(const struct search *s, const struct pip_segment *g, uint64_t at) {
    uint64_t site = g->address + at,
             target = site + 2 + (uint64_t)(int64_t)(int8_t)g->bytes[at + 1];
    if (crosses(s, site, target)) report(s, target, site, PIP_REFERENCE_JUMP);
}

/* first bytes of jumps of 8 bits */
static const bool is_short[256] = {[0x70 ... 0x7f] = true, [0xe0 ... 0xe3] = true, [0xeb] = true};

/* every byte comes by here: a look decides of most */
static void search_code(const struct search *s, const struct pip_segment *g) {
    const uint64_t low = s->low, span = s->high - low, end = g->address + g->size - 4;
    const uint8_t *bytes = g->bytes;
    for (uint64_t site = g->address; site <= end; site++, bytes++) {
        int32_t distance;
        memcpy(&distance, bytes, 4);
        uint64_t target = site + 4 + (uint64_t)(int64_t)distance;
        if (target - low < span) try_distance(s, g, site - g->address, target);
        if (is_short[*bytes]) try_short(s, g, site - g->address);
    }
}

/* an address, whole or its low half */
static void search_addresses(const struct search *s, const struct pip_segment *g) {
    const uint64_t low = s->low, span = s->high - low, upper = low & ~UINT64_C(0xffffffff),
                   end = g->address + g->size - 4;
    const uint8_t *bytes = g->bytes;
    for (uint64_t site = g->address; site <= end; site++, bytes++) {
        uint32_t word;
        memcpy(&word, bytes, 4);
        uint64_t target = upper | word;
        if (target - low < span && is_start(s, target))
            report(s, target, site, PIP_REFERENCE_ADDRESS);
    }
}

static void search_segment(const struct search *s, const struct pip_segment *g) {
    if (g->size < 4) return;
    if (g->code) search_code(s, g);
    search_addresses(s, g);
}

enum { SPAN_MAX = 1 << 30 };

void x86_64_scan(const struct pip_image *image, void (*found)(void *, const struct pip_reference *),
                 void *to) {
    struct search s = {.image = image, .found = found, .to = to, .low = UINT64_MAX};
    for (size_t i = 0; i < image->segments; i++) {
        const struct pip_segment *g = &image->segment[i];
        if (!g->code) continue;
        if (g->address < s.low) s.low = g->address;
        if (g->address + g->size > s.high) s.high = g->address + g->size;
    }
    if (s.high <= s.low || s.high - s.low > SPAN_MAX) return;
    s.starts = calloc((s.high - s.low) / 64 + 1, sizeof *s.starts);
    if (!s.starts) abort();
    for (size_t i = 0; i < image->functions; i++) {
        uint64_t bit = image->function[i].start - s.low;
        if (bit < s.high - s.low) s.starts[bit / 64] |= UINT64_C(1) << bit % 64;
    }
    for (size_t i = 0; i < image->segments; i++)
        search_segment(&s, &image->segment[i]);
    free(s.starts);
}
