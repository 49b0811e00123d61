/* walker.c: from the driver's call to the resumption point. */
#include "engines/ia64sim/walker.h"

#include <string.h>

enum { VECTOR = 0xd0, IRR = 68 + VECTOR / 64 };

bool walk_open(struct walk *walk, const struct switcher *switcher, uint64_t seed) {
    *walk = (struct walk){.seed = seed * UINT64_C(0x9e3779b97f4a7c15) | 1};
    if (!stage_open(&walk->stage, switcher, FRAME_DEFAULT)) return false;
    walk->lend = !ia64sim_leaves_fp(&walk->stage);
    return true;
}

void walk_close(struct walk *walk) {
    stage_close(&walk->stage);
}

bool walker_new(struct walker *w, const struct walk *walk) {
    uint64_t seed = walk->seed;
    *w = (struct walker){.walk = walk};
    return trip_new(&w->trip, &walk->stage, &seed);
}

bool walker_copy(struct walker *to, const struct walker *from) {
    to->walk = from->walk;
    to->back = from->back;
    to->pending = from->pending;
    return trip_assign(&to->trip, &from->trip);
}

void walker_free(struct walker *w) {
    trip_free(&w->trip);
}

static bool stands_at(const struct walker *w, enum place place) {
    return ia64_ip(w->trip.m) == w->trip.stage->place[place] && ia64_slot(w->trip.m) == 0;
}

static enum outcome turn(struct walker *w) {
    uint64_t seed = w->walk->seed;
    w->back = true;
    return trip_partner(&w->trip, w->walk->lend, &seed);
}

bool walker_at_end(const struct walker *w) {
    return w->back && stands_at(w, RESUME_TICK);
}

bool walker_step(struct walker *w) {
    if (!trip_step(&w->trip)) return false;
    if (!w->back && stands_at(w, VM_ENTER) && turn(w)) return false;
    return !walker_at_end(w);
}

void walker_interrupt(struct walker *w) {
    bool waits = ia64_cr(w->trip.m, IRR) >> VECTOR % 64 & 1;
    ia64_interrupt(w->trip.m, VECTOR);
    w->pending += !waits;
}

enum outcome walker_finish(struct walker *w) {
    enum outcome outcome = TRIP_OK;
    if (!w->back) {
        outcome = trip_out(&w->trip);
        if (!outcome) outcome = turn(w);
    }
    if (!outcome) outcome = trip_back(&w->trip);
    if (outcome > TRIP_CORRUPTED) return outcome;
    enum outcome end = trip_finish(&w->trip, w->pending);
    return end > outcome ? end : outcome;
}
