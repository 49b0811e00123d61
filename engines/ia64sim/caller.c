/* caller.c: registers in the order in which a compiler takes them. */
#include "engines/ia64sim/caller.h"

enum { BUNDLE = 16, FR_BYTES = 16, LOW = 30 };

/* the register at a place of the order: preserved, scratch, the high partition */
static unsigned number(unsigned place) {
    static const uint8_t low[LOW] = {2,  3,  4,  5,  16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
                                     27, 28, 29, 30, 31, 6,  7,  8,  9,  10, 11, 12, 13, 14, 15};
    return place < LOW ? low[place] : place + 2;
}

static bool kept(const struct stage *stage, unsigned place) {
    for (size_t i = 0; i < stage->file->count; i++) {
        enum ia64_register_class class = ia64_register_rows[i].class;
        if ((class == IA64_ROW_fr_low || class == IA64_ROW_fr_high) &&
            ia64_register_rows[i].number == number(place))
            return stage->duty[i] != INCONSEQUENTIAL;
    }
    return false;
}

struct caller caller_new(const struct stage *stage, unsigned live) {
    struct caller c = {.stage = stage, .live = live < CALLER_LIVE_MOST ? live : CALLER_LIVE_MOST};
    while (c.first < c.live && kept(stage, c.first))
        c.first++;
    for (c.last = c.live; c.last > c.first && kept(stage, c.last - 1);)
        c.last--;
    return c;
}

static struct ia64_fr value(unsigned place) {
    return (struct ia64_fr){.sig = UINT64_C(0x8000000000000000) + place, .exp = 0xffff};
}

void caller_gives(const struct caller *c, struct ia64 *m) {
    for (unsigned place = 0; place < c->live; place++)
        ia64_set_fr(m, number(place), value(place));
}

bool caller_finds(const struct caller *c, const struct ia64 *m) {
    for (unsigned place = 0; place < c->live; place++) {
        struct ia64_fr is = ia64_fr(m, number(place)), was = value(place);
        if (is.sig != was.sig || is.exp != was.exp || is.sign != was.sign) return false;
    }
    return true;
}

uint64_t caller_begins(const struct caller *c, struct ia64 *m, enum place code) {
    const uint64_t at = c->stage->place[code],
                   words = c->stage->place[CALLER_FP] + FR_BYTES * c->first;
    if (c->first == c->last) return 0;
    ia64_set_gr(m, 2, (struct ia64_gr){.value = words});
    ia64_set_gr(m, 3, (struct ia64_gr){.value = words + FR_BYTES});
    ia64_set_ip(m, at + c->first / 2 * BUNDLE, 0);
    return at + c->last / 2 * BUNDLE;
}
