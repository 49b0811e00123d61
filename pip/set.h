/* set.h: a set of register parts, as bits. What a bit means is the architecture's business. */
#ifndef SWITCHLAB_PIP_SET_H
#define SWITCHLAB_PIP_SET_H

#include <stdbool.h>
#include <stdint.h>

enum { PIP_WORDS = 6, PIP_BITS = PIP_WORDS * 64 };
struct pip_set {
    uint64_t word[PIP_WORDS];
};

#define PIP_EACH_WORD for (int w = 0; w < PIP_WORDS; w++)

static inline struct pip_set pip_all(void) {
    struct pip_set s;
    PIP_EACH_WORD s.word[w] = ~UINT64_C(0);
    return s;
}
/* `bits` holds up to 64 bits, which go to position `first` */
static inline void pip_add_bits(struct pip_set *s, int first, uint64_t bits) {
    int w = first / 64, shift = first % 64;
    s->word[w] |= bits << shift;
    if (shift && w + 1 < PIP_WORDS) s->word[w + 1] |= bits >> (64 - shift);
}
static inline void pip_add(struct pip_set *s, const struct pip_set *more) {
    PIP_EACH_WORD s->word[w] |= more->word[w];
}
static inline void pip_remove(struct pip_set *s, const struct pip_set *less) {
    PIP_EACH_WORD s->word[w] &= ~less->word[w];
}
static inline void pip_keep(struct pip_set *s, const struct pip_set *only) {
    PIP_EACH_WORD s->word[w] &= only->word[w];
}
static inline bool pip_meets(const struct pip_set *a, const struct pip_set *b) {
    PIP_EACH_WORD if (a->word[w] & b->word[w]) return true;
    return false;
}
static inline bool pip_within(const struct pip_set *part, const struct pip_set *whole) {
    PIP_EACH_WORD if (part->word[w] & ~whole->word[w]) return false;
    return true;
}
static inline bool pip_equal(const struct pip_set *a, const struct pip_set *b) {
    PIP_EACH_WORD if (a->word[w] != b->word[w]) return false;
    return true;
}

#endif
