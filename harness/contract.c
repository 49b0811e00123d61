/* contract.c: fills images with canaries, lets the switcher's check run, and holds what came back
 * against the contract. */
#include "harness/contract.h"

#include "harness/random.h"

#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 3 };

/* a check at work: what its two sides have loaded, and what they found when they were back */
struct checking {
    struct check_images images; /* first: the callbacks get it */
    const struct contract *contract;
    uint64_t random;
    unsigned fills[2], arrivals[2];
    json_t *corrupted;
    contract_turn *turn;
    void *argument;
    uint8_t *memory;
};

const struct clause *contract_clause(const struct contract *contract, const struct reg *reg) {
    const struct clause *c = contract->clauses;
    for (; c->class || c->convention; c++) {
        bool class =
            !c->class || strcmp(c->class, reg->class) == 0 || strcmp(c->class, reg->name) == 0;
        if (class && (!c->convention || strcmp(c->convention, reg->convention) == 0)) break;
    }
    return c;
}

static bool present(const struct register_file *file, const struct reg *reg) {
    return !file->present || file->present(reg);
}

size_t contract_saved(const struct contract *contract) {
    size_t n = 0;
    for (size_t i = 0; i < contract->file->count; i++) {
        const struct reg *reg = &contract->file->reg[i];
        bool upper = contract->file->upper && contract->file->upper(reg);
        n +=
            present(contract->file, reg) && !upper && contract_clause(contract, reg)->duty == SAVED;
    }
    return n;
}

bool register_equal(const struct reg *reg, const uint8_t *a, const uint8_t *b) {
    return memcmp(a + reg->slot, b + reg->slot, reg->bits / 8) == 0;
}

void contract_canaries(const struct register_file *file, uint8_t *image, bool abi,
                          uint64_t *state) {
    for (size_t i = 0; i + 8 <= file->image_bytes; i += 8) {
        uint64_t word = next_random(state);
        memcpy(image + i, &word, 8);
    }
    if (file->legalise) file->legalise(image, abi);
}

static bool listed(const json_t *names, const char *name) {
    size_t i;
    json_t *value;
    json_array_foreach(names, i,
                       value) if (strcmp(json_string_value(value), name) == 0) return true;
    return false;
}

/* adds the saved registers that lost their canary */
static void compare(const struct contract *contract, const uint8_t *given, const uint8_t *captured,
                    json_t *corrupted) {
    for (size_t i = 0; i < contract->file->count; i++) {
        const struct reg *reg = &contract->file->reg[i];
        if (!present(contract->file, reg) || contract_clause(contract, reg)->duty != SAVED)
            continue;
        if (!register_equal(reg, given, captured) && !listed(corrupted, reg->name))
            json_array_append_new(corrupted, json_string(reg->name));
    }
}

static json_t *verdict(const char *status, size_t registers, json_t *corrupted,
                       const char *reason) {
    json_t *check = json_pack("{s:s, s:i, s:o}", "status", status, "registers", (int)registers,
                              "corrupted", corrupted);
    if (reason) json_object_set_new(check, "reason", json_string(reason));
    return check;
}

/* threads and processes have registers of their own, which the kernel keeps: what can go wrong is
 * the hand-over */
static json_t *end_to_end(const struct native_code *native) {
    enum { ROUND_TRIPS = 100 };
    if (!native->pingpong(ROUND_TRIPS))
        return verdict("fail", 0, json_array(), "the two sides did not take turns");
    return verdict("pass", 0, json_array(),
                   "end to end: the kernel keeps each side's registers, and both sides took turns");
}

/* ---- one check ---- */

static void fill(struct check_images *images, int side) {
    struct checking *c = (struct checking *)images;
    contract_canaries(c->contract->file, images->given[side], images->abi, &c->random);
    if (c->turn) c->turn(c->argument, side, c->fills[side]);
    c->fills[side]++;
}

static void arrived(struct check_images *images, int side) {
    struct checking *c = (struct checking *)images;
    c->arrivals[side]++;
    compare(c->contract, images->given[side], images->captured[side], c->corrupted);
}

static void begin(struct checking *c, const struct switcher *s, uint32_t seed) {
    size_t bytes = (s->contract.file->image_bytes + 63) / 64 * 64;
    uint8_t *memory = aligned_alloc(64, 4 * bytes);
    if (!memory) abort();
    memset(memory, 0, 4 * bytes);
    *c = (struct checking){.images = {.given = {memory, memory + bytes},
                                      .captured = {memory + 2 * bytes, memory + 3 * bytes},
                                      .fill = fill,
                                      .arrived = arrived,
                                      .abi = s->native->abi},
                           .contract = &s->contract,
                           .random = seed * UINT64_C(0x9e3779b97f4a7c15) | 1,
                           .corrupted = json_array(),
                           .memory = memory};
}

static json_t *end(struct checking *c, bool took_turns) {
    size_t registers = contract_saved(c->contract);
    free(c->memory);
    if (!took_turns)
        return verdict("fail", registers, c->corrupted,
                       "control did not go to the partner and back");
    if (json_array_size(c->corrupted))
        return verdict("fail", registers, c->corrupted, "registers of the contract lost their value");
    return verdict("pass", registers, c->corrupted, NULL);
}

json_t *contract_check(const struct switcher *switcher, uint32_t seed) {
    const struct native_code *native = switcher->native;
    if (!native)
        return verdict("skip", 0, json_array(), "it has no form that this engine can check");
    if (native->threads) return end_to_end(native);
    if (!native->check) return verdict("skip", 0, json_array(), "it has no check");
    struct checking c;
    bool turns = true;
    begin(&c, switcher, seed);
    native->check(NULL);
    for (unsigned round = 1; round <= ROUNDS; round++) {
        native->check(&c.images);
        turns = turns && c.fills[1] == round && c.arrivals[1] == round - 1 && c.arrivals[0] == round;
    }
    return end(&c, turns);
}

json_t *contract_check_interrupted(const struct switcher *switcher, uint32_t seed, unsigned rounds,
                                   contract_turn *turn, void *argument) {
    struct checking c;
    begin(&c, switcher, seed);
    c.turn = turn;
    c.argument = argument;
    switcher->native->check(NULL);
    for (unsigned round = 0; round < rounds; round++)
        switcher->native->check(&c.images);
    /* an interrupt that switches gives a side more turns, or fewer, but each goes on where it was */
    return end(&c, c.arrivals[0] == rounds && c.arrivals[1] + 1 >= c.fills[1] && c.fills[1] > 1);
}
