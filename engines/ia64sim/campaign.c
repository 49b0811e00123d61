/* campaign.c: interrupts at chosen boundaries. Points come in lexicographic order, so neighbours
 * share all interrupts but the last ones: a walker stands ready behind each interrupt that was
 * raised, and walks on to where the next one comes. */
#include "engines/ia64sim/walker.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PSR_I (UINT64_C(1) << 14)
#define NONE  UINT32_MAX

struct boundary {
    uint64_t ip;
    unsigned slot;
    bool back;
};

struct level { /* a walker behind so many interrupts */
    struct walker walker;
    uint32_t from;      /* where the last of its interrupts was raised */
    uint32_t at;        /* the boundary that it passed last; NONE: nowhere of use */
    bool ended;         /* it does not get to the next one: it crashed, or left the switch's path */
    enum injection end; /* what came of it then */
};

struct ia64sim_campaign {
    struct walk walk;
    struct boundary boundary[WALK_STEPS_MOST];
    uint32_t boundaries;
    struct walker start, last;
    struct level level[INJECTIONS_MOST];
};

/* ---- where the boundaries are: a walk without an interrupt ---- */

static struct boundary place_of(const struct walker *w) {
    return (struct boundary){ia64_ip(w->trip.m), ia64_slot(w->trip.m), w->back};
}

static bool stands_at(const struct walker *w, const struct boundary *b) {
    return ia64_ip(w->trip.m) == b->ip && ia64_slot(w->trip.m) == b->slot && w->back == b->back;
}

static bool find_boundaries(struct ia64sim_campaign *c) {
    if (!walker_copy(&c->last, &c->start)) return false;
    do {
        c->boundary[c->boundaries++] = place_of(&c->last);
    } while (c->boundaries < WALK_STEPS_MOST && walker_step(&c->last));
    return walker_at_end(&c->last);
}

/* ---- the points ---- */

static enum injection finish(struct ia64sim_campaign *c) {
    static const enum injection outcomes[] = {[TRIP_OK] = INJECTION_OK,
                                              [TRIP_CORRUPTED] = INJECTION_CORRUPTED,
                                              [TRIP_CRASHED] = INJECTION_CRASHED,
                                              [TRIP_HUNG] = INJECTION_HUNG};
    return outcomes[walker_finish(&c->last)];
}

static void copy(struct walker *to, const struct walker *from) {
    if (!walker_copy(to, from)) abort();
}

static void end_level(struct ia64sim_campaign *c, struct level *level) {
    level->ended = true;
    copy(&c->last, &level->walker);
    level->end = finish(c);
}

static bool in_switch(const struct walker *w) {
    const uint64_t *place = w->trip.stage->place, ip = ia64_ip(w->trip.m);
    return ip >= place[SWITCH_OUT] && ip < place[SWITCH_END];
}

/* One instruction on, and on through a handler that it leads to: to this boundary again, or the
 * next. What gets to another one is on no path of the switch, so where it goes is not followed:
 * whether a point is reached must not depend on the points before it. */
static void go_on(struct ia64sim_campaign *c, struct level *level) {
    const struct walker *w = &level->walker;
    for (unsigned steps = 0; steps < WALK_STEPS_MOST && walker_step(&level->walker); steps++) {
        if (stands_at(w, &c->boundary[level->at])) return;
        if (level->at + 1 < c->boundaries && stands_at(w, &c->boundary[level->at + 1])) {
            level->at++;
            return;
        }
        if (in_switch(w)) break;
    }
    end_level(c, level);
}

/* False: the switch does not get there any more. */
static bool walk_to(struct ia64sim_campaign *c, struct level *level, uint32_t to) {
    while (level->at < to && !level->ended)
        go_on(c, level);
    return !level->ended;
}

/* whether the interrupt that is pending is served at this boundary */
static bool is_served(struct ia64sim_campaign *c, const struct level *level) {
    copy(&c->last, &level->walker);
    return walker_step(&c->last) ? !in_switch(&c->last) : !walker_at_end(&c->last);
}

/* The walker of level i gets to at[i], with interrupts raised at at[0] to at[i-1]. False: it does
 * not. */
static bool bring(struct ia64sim_campaign *c, unsigned i, const uint32_t *at) {
    struct level *level = &c->level[i], *before = i ? level - 1 : NULL;
    const uint32_t from = before ? at[i - 1] : 0;
    if (level->at == NONE || level->at > at[i] || level->from != from) {
        copy(&level->walker, before ? &before->walker : &c->start);
        level->from = level->at = from;
        level->ended = false;
        if (before) walker_interrupt(&level->walker);
        for (unsigned k = i + 1; k < INJECTIONS_MOST; k++)
            c->level[k].at = NONE;
        if (before && at[i] == from && is_served(c, level)) go_on(c, level);
    }
    return walk_to(c, level, at[i]);
}

static enum injection run(void *state, const uint32_t *at, unsigned n) {
    struct ia64sim_campaign *c = state;
    for (unsigned i = 0; i < n; i++)
        if (!bring(c, i, at)) return c->level[i].end;
    copy(&c->last, &c->level[n - 1].walker);
    walker_interrupt(&c->last);
    return finish(c);
}

/* ---- life ---- */

static void close_campaign(void *state) {
    struct ia64sim_campaign *c = state;
    walker_free(&c->start);
    walker_free(&c->last);
    for (unsigned i = 0; i < INJECTIONS_MOST; i++)
        walker_free(&c->level[i].walker);
    walk_close(&c->walk);
    free(c);
}

static bool prepare(struct ia64sim_campaign *c) {
    bool good = walker_new(&c->start, &c->walk) && walker_new(&c->last, &c->walk);
    for (unsigned i = 0; i < INJECTIONS_MOST; i++) {
        good = good && walker_new(&c->level[i].walker, &c->walk);
        c->level[i].at = NONE;
    }
    return good;
}

/* X is kept: then nothing may be lost */
static bool claims(const struct stage *stage) {
    for (size_t i = 0; i < stage->file->count; i++)
        if (ia64_register_rows[i].class == IA64_ROW_bank0 && stage->duty[i] != SAVED) return false;
    return strcmp(stage->switcher->mask, "none") != 0;
}

/* what the machine executes: FNV-1a of the world's code */
static void name_world(const struct stage *stage, char world[INJECTOR_WORLD]) {
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (uint64_t at = stage->place[CODE_BEGIN]; at < stage->place[CODE_END]; at += 8) {
        uint64_t word = 0;
        ia64_read_memory(stage->host, at, &word, sizeof word);
        h = (h ^ word) * UINT64_C(0x100000001b3);
    }
    snprintf(world, INJECTOR_WORLD, "%016" PRIx64, h);
}

static void *open_campaign(const struct work *work, struct injector_facts *facts,
                           char why[INJECTOR_WHY]) {
    struct ia64sim_campaign *c = calloc(1, sizeof *c);
    if (!c) abort();
    if (!walk_open(&c->walk, work->switcher, work->seed)) {
        snprintf(why, INJECTOR_WHY, "%.250s", c->walk.stage.why);
        free(c);
        return NULL;
    }
    if (!prepare(c) || !find_boundaries(c)) {
        snprintf(why, INJECTOR_WHY, "the walk does not reach its end without an interrupt: %.150s",
                 c->last.trip.why);
        close_campaign(c);
        return NULL;
    }
    *facts = (struct injector_facts){.boundaries = c->boundaries, .claims = claims(&c->walk.stage)};
    name_world(&c->walk.stage, facts->world);
    return c;
}

const struct injector ia64sim_injector = {open_campaign, run, close_campaign};
