/* contract.c: fills images with canaries, lets the switcher's check run, and holds what came back
 * against the contract. */
#include "harness/contract.h"

#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 3 };

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

/* xorshift64*: Vigna 2016. Canaries need to differ, not to be unpredictable */
static uint64_t next_random(uint64_t *state) {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

static void fill_canaries(const struct register_file *file, uint8_t *image, bool abi,
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

json_t *contract_check(const struct switcher *switcher, uint32_t seed) {
    const struct register_file *file = switcher->contract.file;
    const struct native_code *native = switcher->native;
    if (!native)
        return verdict("skip", 0, json_array(), "it has no form that this engine can check");
    if (native->threads) return end_to_end(native);
    if (!native->check) return verdict("skip", 0, json_array(), "it has no check");
    size_t bytes = (file->image_bytes + 63) / 64 * 64;
    enum { GIVEN_A, GIVEN_B, CAPTURED_A, CAPTURED_B, BEFORE_B, IMAGES };
    uint8_t *memory = aligned_alloc(64, IMAGES * bytes), *image[IMAGES];
    if (!memory) abort();
    memset(memory, 0, IMAGES * bytes);
    for (int i = 0; i < IMAGES; i++)
        image[i] = memory + (size_t)i * bytes;
    struct check_images images = {.given = {image[GIVEN_A], image[GIVEN_B]},
                                  .captured = {image[CAPTURED_A], image[CAPTURED_B]},
                                  .abi = native->abi};

    uint64_t state = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
    json_t *corrupted = json_array();
    bool visited = true;
    native->check(NULL);
    for (unsigned round = 0; round < ROUNDS; round++) {
        memcpy(image[BEFORE_B], image[GIVEN_B], bytes);
        fill_canaries(file, image[GIVEN_A], native->abi, &state);
        fill_canaries(file, image[GIVEN_B], native->abi, &state);
        native->check(&images);
        visited = visited && images.visits == round + 1;
        compare(&switcher->contract, image[GIVEN_A], image[CAPTURED_A], corrupted);
        /* in the first round the partner starts; later it resumes with what it had been given the
         * round before */
        if (round) compare(&switcher->contract, image[BEFORE_B], image[CAPTURED_B], corrupted);
    }
    free(memory);
    size_t registers = contract_saved(&switcher->contract);
    if (!visited)
        return verdict("fail", registers, corrupted, "control did not go to the partner and back");
    if (json_array_size(corrupted))
        return verdict("fail", registers, corrupted, "registers of the contract lost their value");
    return verdict("pass", registers, corrupted, NULL);
}
