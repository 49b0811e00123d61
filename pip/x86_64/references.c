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
    uint8_t *starts;    /* a bit for each address between, set where a function begins */
};

static bool is_start(const struct search *s, uint64_t address) {
    uint64_t bit = address - s->low;
    return bit < s->high - s->low && s->starts[bit / 8] >> bit % 8 & 1;
}

static void report(const struct search *s, uint64_t target, uint64_t site, int kind) {
    s->found(s->to, &(struct pip_reference){.target = target, .site = site, .kind = kind});
}

/* a distance of 32 bits at bytes[at], from the byte behind it. The padding before a function ends
 * in zeros, which are none */
static void try_distance(const struct search *s, const struct pip_segment *g, uint64_t at,
                         int32_t distance) {
    uint64_t target = g->address + at + 4 + (uint64_t)(int64_t)distance;
    if (target - s->low >= s->high - s->low) return;
    const uint8_t *before = g->bytes + at;
    if (at >= 1 && before[-1] == 0xe8)
        report(s, target, g->address + at - 1, PIP_REFERENCE_CALL);
    else if (at >= 1 && before[-1] == 0xe9)
        report(s, target, g->address + at - 1, PIP_REFERENCE_JUMP);
    else if (at >= 2 && before[-2] == 0x0f && (before[-1] & 0xf0) == 0x80)
        report(s, target, g->address + at - 2, PIP_REFERENCE_JUMP);
    else if (distance && is_start(s, target))
        report(s, target, g->address + at, PIP_REFERENCE_ADDRESS);
}

/* whether a function begins between two places, or at the later one */
static bool crosses(const struct search *s, uint64_t a, uint64_t b) {
    uint64_t from = a < b ? a : b, to = a < b ? b : a;
    for (uint64_t at = from + 1; at <= to; at++)
        if (is_start(s, at)) return true;
    return false;
}

/* jumps of 8 bits matter only between functions: to a neighbour */
static void try_short(const struct search *s, const struct pip_segment *g, uint64_t at) {
    uint8_t op = g->bytes[at];
    if ((op & 0xf0) != 0x70 && op != 0xeb && (op & 0xfc) != 0xe0) return;
    uint64_t site = g->address + at,
             target = site + 2 + (uint64_t)(int64_t)(int8_t)g->bytes[at + 1];
    if (crosses(s, site, target)) report(s, target, site, PIP_REFERENCE_JUMP);
}

static void search_segment(const struct search *s, const struct pip_segment *g) {
    for (uint64_t at = 0; at + 4 <= g->size; at++) {
        uint32_t word;
        memcpy(&word, g->bytes + at, 4);
        if (g->code) try_distance(s, g, at, (int32_t)word);
        if (g->code) try_short(s, g, at);
        /* an address, whole or its low half */
        uint64_t whole = (s->low & ~UINT64_C(0xffffffff)) | word;
        if (is_start(s, whole)) report(s, whole, g->address + at, PIP_REFERENCE_ADDRESS);
    }
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
    s.starts = calloc((s.high - s.low) / 8 + 1, 1);
    if (!s.starts) abort();
    for (size_t i = 0; i < image->functions; i++) {
        uint64_t bit = image->function[i].start - s.low;
        if (bit < s.high - s.low) s.starts[bit / 8] |= (uint8_t)(1 << bit % 8);
    }
    for (size_t i = 0; i < image->segments; i++)
        search_segment(&s, &image->segment[i]);
    free(s.starts);
}
