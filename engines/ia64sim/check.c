/* check.c: the contract check: canaries in every register, several round trips, the world to its
 * end. */
#include "engines/ia64sim/ia64sim.h"

#include <stdio.h>
#include <string.h>

enum { ROUNDS = 3, WORLD_LIMIT = 10 * 1000 * 1000 };

static json_t *verdict(const struct work *work, json_t *corrupted, const char *why) {
    json_t *check =
        json_pack("{s:s, s:i, s:o}", "status", why ? "fail" : "pass", "registers",
                  (int)contract_saved(&work->switcher->contract), "corrupted", corrupted);
    if (why) json_object_set_new(check, "reason", json_string(why));
    return check;
}

static void add_names(json_t *all, json_t *some) {
    size_t i, j;
    json_t *name, *other;
    json_array_foreach(some, i, name) {
        bool there = false;
        json_array_foreach(all, j, other) there = there || json_equal(name, other);
        if (!there) json_array_append(all, name);
    }
    json_decref(some);
}

/* two trips: the guest uses floating point in the first only, so that what was saved for it must
 * not come back twice. The losses of what the contract promises go to `corrupted`. NULL, or why it
 * did not come back */
static const char *try(struct trip *t, bool lend, uint64_t *seed, json_t *corrupted) {
    enum { TRIPS = 2 };
    enum outcome outcome = TRIP_OK;
    for (int trip = 0; trip < TRIPS && outcome <= TRIP_CORRUPTED; trip++) {
        if (trip) trip_again(t, seed);
        outcome = trip_out(t);
        if (!outcome) outcome = trip_partner(t, lend && trip == 0, seed);
        if (!outcome) outcome = trip_back(t);
    }
    if (outcome <= TRIP_CORRUPTED) outcome = trip_finish(t, 0);
    if (outcome <= TRIP_CORRUPTED) outcome = trip_to_the_end(t);
    if (outcome > TRIP_CORRUPTED) return t->why;
    add_names(corrupted, trip_losses(t, true));
    return NULL;
}

json_t *ia64sim_check_stage(const struct work *work, struct stage *stage) {
    json_t *corrupted = json_array();
    uint64_t seed = work->seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
    static struct trip t;
    const char *why = NULL;
    for (unsigned round = 0; round < ROUNDS && !why; round++) {
        if (!trip_new(&t, stage, &seed)) return verdict(work, corrupted, "no memory for a machine");
        why = try(&t, !ia64sim_leaves_fp(stage), &seed, corrupted);
        trip_free(&t);
    }
    if (!why && json_array_size(corrupted)) why = "registers of the contract lost their value";
    return verdict(work, corrupted, why);
}

/* whether floating point is never the guest's under this switcher */
bool ia64sim_leaves_fp(const struct stage *stage) {
    for (size_t i = 0; i < stage->file->count; i++)
        if (ia64_register_rows[i].class == IA64_ROW_fr_high) return stage->duty[i] == SHARED;
    return false;
}

/* the world from its boot to its last line */
static const char *whole_world(struct stage *stage) {
    char *text = NULL;
    size_t size = 0;
    FILE *console = open_memstream(&text, &size);
    if (!console) return "no memory for the world's console";
    const char *why = ia64sim_run_world(stage, console, WORLD_LIMIT);
    fclose(console);
    static const char last[] = "\nend\n";
    if (!why && (size < sizeof last || strcmp(text + size - sizeof last + 1, last) != 0)) {
        snprintf(stage->why, WHY,
                 "the world did not print its last line, `end`, but ended with: %.60s",
                 size > 60 ? text + size - 60 : text);
        why = stage->why;
    }
    free(text);
    return why;
}

json_t *ia64sim_check(const struct work *work) {
    struct stage stage;
    if (!stage_open(&stage, work->switcher, FRAME_MOST))
        return verdict(work, json_array(), stage.why);
    json_t *check = ia64sim_check_stage(work, &stage);
    if (strcmp(json_string_value(json_object_get(check, "status")), "pass") == 0) {
        const char *why = whole_world(&stage);
        if (why) {
            json_decref(check);
            check = verdict(work, json_array(), why);
        }
    }
    stage_close(&stage);
    return check;
}
