/* map.c: an interrupt at every instruction boundary of a switch, both directions. A machine walks
 * through the switch; at each boundary a copy of it gets the interrupt and goes on to the end. */
#include "engines/ia64sim/walker.h"

#include <string.h>

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

/* ---- the walk ---- */

struct mapping {
    struct walker first, last;   /* one walks on; the other gets the interrupt */
    size_t boundaries, tally[4]; /* by enum outcome */
    json_t *cells;
};

static bool inject(struct mapping *map) {
    if (!walker_copy(&map->last, &map->first)) return false;
    walker_interrupt(&map->last);
    enum outcome outcome = walker_finish(&map->last);
    map->tally[outcome]++;
    if (outcome)
        json_array_append_new(map->cells,
                              cell_of(&map->first, &map->last, outcome, map->boundaries));
    return true;
}

static bool every_boundary(struct mapping *map) {
    do {
        if (!inject(map)) return false;
        map->boundaries++;
    } while (map->boundaries < WALK_STEPS_MOST && walker_step(&map->first));
    return walker_at_end(&map->first);
}

static json_t *answer(const struct mapping *map) {
    return json_pack("{s:s, s:i, s:I, s:I, s:I, s:I, s:O}", "direction", "host-vm-host",
                     "interrupts", 1, "boundaries", (json_int_t)map->boundaries, "corrupted",
                     (json_int_t)map->tally[TRIP_CORRUPTED], "crashed",
                     (json_int_t)map->tally[TRIP_CRASHED], "hung",
                     (json_int_t)map->tally[TRIP_HUNG], "cells", map->cells);
}

json_t *ia64sim_map(const struct work *work) {
    static struct mapping map; /* two trips are too large for a stack */
    static struct walk walk;
    memset(&map, 0, sizeof map);
    if (!walk_open(&walk, work->switcher, work->seed))
        return json_pack("{s:s}", "skip", walk.stage.why);
    map.cells = json_array();
    bool good =
        walker_new(&map.first, &walk) && walker_new(&map.last, &walk) && every_boundary(&map);
    json_t *result =
        good ? answer(&map)
             : json_pack("{s:o}", "skip",
                         json_sprintf("the walk through the switch did not reach its end "
                                      "without an interrupt: %.150s",
                                      map.first.trip.why));
    json_decref(map.cells);
    walker_free(&map.first);
    walker_free(&map.last);
    walk_close(&walk);
    return result;
}
