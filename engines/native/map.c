/* map.c: a signal at every boundary of a switch, one trial each (interrupt.h); and the same trials as points of a campaign. */
#include "engines/native/map.h"

#include "engines/native/interrupt.h"
#include "engines/native/victim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const outcomes[] = {
    [TRIAL_OK] = "ok", [TRIAL_CORRUPTED] = "corrupted", [TRIAL_CRASHED] = "crashed", [TRIAL_HUNG] = "hung"};
static const char undecoded[] = "its code can't be decoded, or is longer than 512 instructions";

json_t *map_cell(size_t i, enum trial outcome, const struct boundary *b, json_t *corrupted) {
    json_t *cell = json_pack("{s:i, s:s, s:s}", "boundary", (int)i, "outcome", outcomes[outcome], "at", b->text);
    if (corrupted) json_object_set_new(cell, "corrupted", corrupted);
    return cell;
}

json_t *map_line(const char *direction, const size_t count[TRIALS], size_t boundaries, json_t *cells) {
    return json_pack("{s:s, s:i, s:i, s:i, s:i, s:i, s:o}", "direction", direction, "interrupts", 1, "boundaries",
                     (int)boundaries, "corrupted", (int)count[TRIAL_CORRUPTED], "crashed", (int)count[TRIAL_CRASHED], "hung",
                     (int)count[TRIAL_HUNG], "cells", cells);
}

json_t *native_map(const struct work *work) {
    static struct boundaries list;
    const char *victim = json_string_value(json_object_get(work->params, "victim"));
    if (victim) return victim_map(work, victim);
    if (!boundaries_of(&list, work->switcher->native)) return json_pack("{s:s}", "skip", undecoded);
    size_t count[TRIALS] = {0};
    json_t *cells = json_array();
    for (uint32_t i = 0; i < list.n; i++) {
        json_t *corrupted = NULL;
        enum trial outcome = interrupt_trial(work, &list, &i, 1, &corrupted);
        if (outcome >= NOT_REACHED) {
            json_decref(cells);
            return json_pack("{s:s}", "skip", trial_reason(outcome, &list.b[i]));
        }
        count[outcome]++;
        json_array_append_new(cells, map_cell(i, outcome, &list.b[i], corrupted));
    }
    return map_line("round trip", count, list.n, cells);
}

/* ---- campaigns ---- */

struct campaign {
    struct work work;
    struct boundaries list;
};

/* FNV-1a, 64 bits: Fowler, Noll, Vo */
static uint64_t checksum(uint64_t sum, const uint8_t *begin, const uint8_t *end) {
    for (; begin < end; begin++)
        sum = (sum ^ *begin) * UINT64_C(0x100000001b3);
    return sum;
}

static void *open_campaign(const struct work *work, struct injector_facts *facts, char why[INJECTOR_WHY]) {
    const struct native_code *native = work->switcher->native;
    struct campaign *c = malloc(sizeof *c);
    if (!c || !native || !native->yield[0] || !boundaries_of(&c->list, native)) {
        snprintf(why, INJECTOR_WHY, "%s",
                 !c                           ? "no memory"
                 : native && native->yield[0] ? undecoded
                                              : "it is not one to be interrupted: its code is not the lab's own");
        free(c);
        return NULL;
    }
    c->work = *work;
    uint64_t sum = UINT64_C(0xcbf29ce484222325);
    for (int i = 0; i < 2; i++) {
        sum = checksum(sum, native->site[i], native->site_end[i]);
        if (native->code[i]) sum = checksum(sum, native->code[i], native->end[i]);
    }
    *facts = (struct injector_facts){.boundaries = (uint32_t)c->list.n, .claims = strcmp(work->switcher->mask, "none") != 0};
    snprintf(facts->world, sizeof facts->world, "%016llx", (unsigned long long)sum);
    return c;
}

static enum injection inject(void *campaign, const uint32_t *at, unsigned n) {
    static const enum injection as[TRIALS] = {
        [TRIAL_OK] = INJECTION_OK,         [TRIAL_CORRUPTED] = INJECTION_CORRUPTED,
        [TRIAL_CRASHED] = INJECTION_CRASHED, [TRIAL_HUNG] = INJECTION_HUNG,
        [NOT_REACHED] = INJECTION_CRASHED, [NO_PTRACE] = INJECTION_CRASHED, /* no result: never a pass */
    };
    struct campaign *c = campaign;
    return as[interrupt_trial(&c->work, &c->list, at, n, NULL)];
}

const struct injector native_injector = {open_campaign, inject, free};
