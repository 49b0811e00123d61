/* simple: the patent's own CPU [0011], executable. It has no clock; it interrupts a switch at every
 * boundary and says what that did to the host OS, and removes each save and restore to see that the
 * check notices. */
#include "engines/simple/trial.h"
#include "harness/engine.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *rejects(const struct work *work) {
    return strcmp(work->switcher->arch, "simple") == 0
               ? NULL
               : "it runs only what is written for the simple CPU";
}

static struct simple_verdict try(const struct work *work, int interrupt, int removed) {
    return simple_try(&(struct simple_trial){.program = work->switcher->other,
                                             .handler = &simple_handler,
                                             .seed = work->seed,
                                             .interrupt = interrupt,
                                             .removed = removed});
}

/* ---- check: no interrupt; only what the contract saves must be there again ---- */

static bool promised(const struct contract *contract, int loss) {
    return loss >= SIMPLE_REGISTERS ||
           contract_clause(contract, &contract->file->reg[loss])->duty == SAVED;
}

/* names of what was lost; contract NULL: of all of it */
static json_t *names_of(unsigned lost, const struct contract *contract) {
    json_t *names = json_array();
    for (int i = 0; i < SIMPLE_LOSSES; i++)
        if (lost & 1u << i && (!contract || promised(contract, i)))
            json_array_append_new(names, json_string(simple_loss_names[i]));
    return names;
}

static json_t *check_without(const struct work *work, int removed) {
    const struct contract *contract = &work->switcher->contract;
    struct simple_verdict verdict = try(work, NOWHERE, removed);
    json_t *corrupted = names_of(verdict.lost, contract);
    const char *why = verdict.outcome == SIMPLE_CRASHED ? verdict.why
                      : verdict.outcome == SIMPLE_HUNG  ? "it never ended"
                      : json_array_size(corrupted) > 0
                          ? "registers of the contract lost their value"
                          : NULL;
    json_t *check = json_pack("{s:s, s:i, s:o}", "status", why ? "fail" : "pass", "registers",
                              (int)contract_saved(contract), "corrupted", corrupted);
    if (why) json_object_set_new(check, "reason", json_string(why));
    return check;
}

static json_t *check(const struct work *work) {
    return check_without(work, NOWHERE);
}

/* ---- map: an interrupt at every boundary, against the context of a host OS, which includes X
 * [0017] ---- */

static const char *const outcomes[] = {[SIMPLE_OK] = "ok",
                                       [SIMPLE_CORRUPTED] = "corrupted",
                                       [SIMPLE_CRASHED] = "crashed",
                                       [SIMPLE_HUNG] = "hung"};

/* the boundary before the instruction at `position` */
static json_t *cell(const struct simple_instruction *row, int position,
                    const struct simple_verdict *verdict) {
    char text[64];
    simple_text(row, text);
    json_t *cell = json_pack("{s:i, s:s, s:s, s:s}", "position", position, "before", text, "source",
                             row->source, "outcome", outcomes[verdict->outcome]);
    if (verdict->lost) json_object_set_new(cell, "corrupted", names_of(verdict->lost, NULL));
    if (verdict->why) json_object_set_new(cell, "reason", json_string(verdict->why));
    return cell;
}

static json_t *map(const struct work *work) {
    const struct simple_program *program = work->switcher->other;
    const int boundaries = (int)program->code.count;
    int tally[sizeof outcomes / sizeof *outcomes] = {0};
    json_t *cells = json_array();
    for (int i = 0; i < boundaries; i++) {
        struct simple_verdict verdict = try(work, i, NOWHERE);
        tally[verdict.outcome]++;
        json_array_append_new(cells, cell(&program->code.row[i], i, &verdict));
    }
    return json_pack("{s:s, s:i, s:i, s:i, s:i, s:i, s:o}", "direction", "host-guest-host",
                     "interrupts", 1, "boundaries", boundaries, "corrupted",
                     tally[SIMPLE_CORRUPTED], "crashed", tally[SIMPLE_CRASHED], "hung",
                     tally[SIMPLE_HUNG], "cells", cells);
}

/* ---- mutate ---- */

static bool passes(const struct work *work, int removed) {
    json_t *result = check_without(work, removed);
    bool pass = strcmp(json_string_value(json_object_get(result, "status")), "pass") == 0;
    json_decref(result);
    return pass;
}

static json_t *mutate(const struct work *work) {
    const struct simple_code *code = &((const struct simple_program *)work->switcher->other)->code;
    if (!passes(work, NOWHERE))
        return json_pack("{s:s}", "skip",
                         "it fails its check unchanged: a mutant would say nothing");
    int total = 0, killed = 0;
    json_t *survivors = json_array();
    for (int i = 0; i < (int)code->count; i++) {
        char text[64];
        if (code->row[i].op != OP_STORE && code->row[i].op != OP_LOAD) continue;
        total++;
        if (!passes(work, i)) {
            killed++;
            continue;
        }
        simple_text(&code->row[i], text);
        json_array_append_new(survivors, json_string(text));
    }
    return json_pack("{s:i, s:i, s:o}", "total", total, "killed", killed, "survivors", survivors);
}

/* ---- campaigns ---- */

static bool keeps_x(const struct contract *contract) {
    return contract_clause(contract, &contract->file->reg[X])->duty == SAVED;
}

static void *open_campaign(const struct work *work, struct injector_facts *facts,
                           char why[INJECTOR_WHY]) {
    const struct simple_code *code = &((const struct simple_program *)work->switcher->other)->code;
    uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a of the code */
    struct work *copy = malloc(sizeof *copy);
    (void)why;
    if (!copy) abort();
    *copy = *work;
    for (unsigned i = 0; i < code->count; i++) {
        char text[64];
        simple_text(&code->row[i], text);
        for (const char *c = text; *c; c++)
            h = (h ^ (uint8_t)*c) * UINT64_C(0x100000001b3);
    }
    *facts = (struct injector_facts){.boundaries = (uint32_t)code->count,
                                     .claims = strcmp(work->switcher->mask, "none") != 0 &&
                                               keeps_x(&work->switcher->contract)};
    snprintf(facts->world, sizeof facts->world, "%016" PRIx64, h);
    return copy;
}

static enum injection inject(void *state, const uint32_t *at, unsigned n) {
    static const enum injection ends[] = {[SIMPLE_OK] = INJECTION_OK,
                                          [SIMPLE_CORRUPTED] = INJECTION_CORRUPTED,
                                          [SIMPLE_CRASHED] = INJECTION_CRASHED,
                                          [SIMPLE_HUNG] = INJECTION_HUNG};
    const struct work *work = state;
    return ends[simple_try(&(struct simple_trial){.program = work->switcher->other,
                                                  .handler = &simple_handler,
                                                  .seed = work->seed,
                                                  .interrupt = (int)at[0],
                                                  .removed = NOWHERE,
                                                  .further = at + 1,
                                                  .furthers = n - 1})
                    .outcome];
}

static const struct injector injector = {open_campaign, inject, free};

static const struct engine simple = {
    .name = "simple",
    .summary = "the patent's CPU [0011]: interrupts at every boundary, no clock",
    .rejects = rejects,
    .check = check,
    .map = map,
    .mutate = mutate,
    .injector = &injector,
};
REGISTER_ENGINE(simple);
