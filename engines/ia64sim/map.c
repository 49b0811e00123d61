/* map.c: interrupts at the instruction boundaries of a switch, both directions. A machine walks
 * through the switch; at each boundary a copy of it gets the interrupt and goes on to the end. For
 * pairs that copy walks on, and copies of it get the second one. */
#include "engines/ia64sim/map.h"

#include <stdio.h>
#include <string.h>

enum { VECTOR = 0xd0, IRR = 68 + VECTOR / 64, MOST_STEPS = 20 * 1000 };

/* ---- walking: from the driver's call to the resumption point, the virtual machine's part between
 * at once ---- */

struct walker {
    struct trip trip;
    bool back;        /* on the way back */
    unsigned pending; /* ticks that the host owes */
};

static bool stands_at(const struct walker *w, enum place place) {
    return ia64_ip(w->trip.m) == w->trip.stage->place[place] && ia64_slot(w->trip.m) == 0;
}

static enum outcome turn(struct walker *w, const struct injection *in) {
    uint64_t seed = in->seed;
    w->back = true;
    return trip_partner(&w->trip, in->lend, &seed);
}

static bool at_end(const struct walker *w) {
    return w->back && stands_at(w, RESUME_TICK);
}

/* the switch itself, not a handler */
static bool in_switch(const struct walker *w) {
    const uint64_t *place = w->trip.stage->place, ip = ia64_ip(w->trip.m);
    return (ip >= place[SWITCH_OUT] && ip < place[SWITCH_END]) ||
           (!w->back && ip == place[DRIVER_CALL]);
}

/* one instruction on. False: it can't, or the end is reached */
static bool step(struct walker *w, const struct injection *in) {
    if (!trip_step(&w->trip)) return false;
    if (!w->back && stands_at(w, VM_ENTER) && turn(w, in)) return false;
    return !at_end(w);
}

static enum outcome finish(struct walker *w, const struct injection *in) {
    enum outcome outcome = TRIP_OK;
    if (!w->back) {
        outcome = trip_out(&w->trip);
        if (!outcome) outcome = turn(w, in);
    }
    if (!outcome) outcome = trip_back(&w->trip);
    if (outcome > TRIP_CORRUPTED) return outcome;
    enum outcome end = trip_finish(&w->trip, w->pending);
    return end > outcome ? end : outcome;
}

static bool copy(struct walker *to, const struct walker *from) {
    to->back = from->back;
    to->pending = from->pending;
    return trip_assign(&to->trip, &from->trip);
}

/* An interrupt now. One that finds another pending still is the same tick. */
static void interrupt(struct walker *w) {
    bool waits = ia64_cr(w->trip.m, IRR) >> VECTOR % 64 & 1;
    ia64_interrupt(w->trip.m, VECTOR);
    w->pending += !waits;
}

/* ---- cells ---- */

static void text_of(const struct ia64 *m, char text[128]) {
    struct ia64_insn insn[3];
    uint64_t words[2];
    ia64_read_memory(m, ia64_ip(m), words, sizeof words);
    memset(insn, 0, sizeof insn);
    ia64_decode_bundle(words, insn);
    ia64_disasm(&insn[ia64_slot(m)], ia64_ip(m), text, 128);
}

static json_t *cell_of(const struct walker *before, const struct walker *after,
                       enum outcome outcome, size_t boundary) {
    static const char *const sides[] = {"out", "back"};
    char text[128];
    text_of(before->trip.m, text);
    json_t *cell =
        json_pack("{s:i, s:s, s:s, s:s}", "boundary", (int)boundary, "side", sides[before->back],
                  "before", text, "outcome", outcome_names[outcome]);
    json_t *names = trip_losses(&after->trip, false);
    if (json_array_size(names)) json_object_set(cell, "corrupted", names);
    json_decref(names);
    if (after->trip.why[0]) json_object_set_new(cell, "reason", json_string(after->trip.why));
    return cell;
}

/* ---- one interrupt, or two ---- */

struct walkers {
    struct walker first, second, last;
};

static void tally(struct injection *in, enum outcome outcome) {
    in->injections++;
    in->tally[outcome]++;
}

static bool inject_one(struct walkers *w, struct injection *in, size_t boundary) {
    if (!copy(&w->last, &w->first)) return false;
    interrupt(&w->last);
    enum outcome outcome = finish(&w->last, in);
    tally(in, outcome);
    if (outcome) json_array_append_new(in->cells, cell_of(&w->first, &w->last, outcome, boundary));
    return true;
}

/* The second at every boundary that is left after the first, itself included once the first was
 * served there. */
static bool inject_two(struct walkers *w, struct injection *in, size_t boundary) {
    if (!copy(&w->second, &w->first)) return false;
    interrupt(&w->second);
    for (size_t steps = 0; steps < MOST_STEPS && step(&w->second, in); steps++) {
        if (!in_switch(&w->second)) continue;
        if (!copy(&w->last, &w->second)) return false;
        interrupt(&w->last);
        enum outcome outcome = finish(&w->last, in);
        tally(in, outcome);
        if (outcome && in->injections - in->tally[TRIP_OK] <= INJECTION_CELLS)
            json_array_append_new(in->cells, json_pack("{s:i, s:s}", "boundary", (int)boundary,
                                                       "outcome", outcome_names[outcome]));
    }
    return true;
}

static bool mine(const struct injection *in, size_t boundary) {
    return boundary % in->shards == in->shard;
}

static bool walk(struct walkers *w, struct injection *in) {
    size_t boundary = 0;
    do {
        if (mine(in, boundary) && !(in->interrupts == 1 ? inject_one : inject_two)(w, in, boundary))
            return false;
        boundary++;
        if (in->progress) in->progress(in->context, boundary, in->injections);
    } while (boundary < MOST_STEPS && step(&w->first, in));
    in->boundaries = boundary;
    return at_end(&w->first);
}

bool inject(struct injection *in, const struct switcher *switcher) {
    static struct walkers w; /* three trips are too large for a stack */
    static struct stage stage;
    uint64_t seed = in->seed = in->seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
    memset(&w, 0, sizeof w);
    in->cells = json_array();
    if (!stage_open(&stage, switcher, FRAME_DEFAULT)) {
        memcpy(in->why, stage.why, WHY);
        return false;
    }
    in->lend = !ia64sim_leaves_fp(&stage);
    bool good = trip_new(&w.first.trip, &stage, &seed);
    w.second.trip.m = good ? ia64_copy(w.first.trip.m) : NULL;
    w.last.trip.m = good ? ia64_copy(w.first.trip.m) : NULL;
    good = w.second.trip.m && w.last.trip.m && walk(&w, in);
    if (!good)
        snprintf(in->why, WHY,
                 "the walk through the switch did not reach its end without an interrupt: %.150s",
                 w.first.trip.why);
    trip_free(&w.first.trip);
    trip_free(&w.second.trip);
    trip_free(&w.last.trip);
    stage_close(&stage);
    return good;
}

json_t *injection_map(const struct injection *in) {
    return json_pack("{s:s, s:i, s:I, s:I, s:I, s:I, s:O}", "direction", "host-vm-host",
                     "interrupts", in->interrupts, "boundaries", (json_int_t)in->boundaries,
                     "corrupted", (json_int_t)in->tally[TRIP_CORRUPTED], "crashed",
                     (json_int_t)in->tally[TRIP_CRASHED], "hung", (json_int_t)in->tally[TRIP_HUNG],
                     "cells", in->cells);
}

json_t *ia64sim_map(const struct work *work) {
    struct injection in = {.interrupts = 1, .shards = 1, .seed = work->seed};
    bool good = inject(&in, work->switcher);
    json_t *answer = good ? injection_map(&in) : json_pack("{s:s}", "skip", in.why);
    json_decref(in.cells);
    return answer;
}
