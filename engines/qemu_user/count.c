/* count.c: exact counts from the emulator's trace: the address of every instruction executed
 * between two marks of the target. Each address is decoded once, from the target's own code. */
#include "engines/native/step_counts.h"
#include "engines/qemu_user/qemu_user.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECONDS = 15, SWITCHES = 2 };

/* the target's code */
struct text {
    uint64_t begin, end, mark;
    uint8_t *code;
};

static const char *read_text(const struct guest *guest, struct text *text) {
    struct target target;
    uint64_t place[3];
    const char *why =
        target_start(&target, guest, (const char *const[TARGET_ARGUMENTS]){"-", "text"}, false);
    if (why) return why;
    if (target_read(&target, place, sizeof place, SECONDS)) {
        *text = (struct text){place[0], place[1], place[2], malloc(place[1] - place[0])};
        if (!text->code || !target_read(&target, text->code, text->end - text->begin, SECONDS))
            why = "the target's code can't be read";
    }
    const char *end = target_end(&target, SECONDS);
    return why ? why : end;
}

static const char *effect_at(const struct guest *guest, const struct text *text, uint64_t address,
                             struct effect *effect) {
    if (address < text->begin || address >= text->end)
        return "the target executed an instruction outside its code";
    size_t size = text->end - address;
    return guest->decode(text->code + (address - text->begin), &size, effect);
}

/* the address in a line such as `Trace 0: 0x7f...
 * [0000000001009331/0000000000448cb4/00000001/00000201] main` */
static bool address_in(const char *line, uint64_t *address) {
    const char *slash = strncmp(line, "Trace ", 6) == 0 ? strchr(line, '/') : NULL;
    if (slash) *address = strtoull(slash + 1, NULL, 16);
    return slash != NULL;
}

/* run i lies between marks 2i and 2i + 1; a mark's own instructions are the same number every time,
 * so they cancel */
static const char *add_up(const struct guest *guest, const struct text *text, FILE *trace,
                          struct step_counts runs[COUNTED_RUNS]) {
    char *line = NULL;
    const char *why = NULL;
    size_t size = 0;
    int marks = 0;
    uint64_t address;
    while (!why && getline(&line, &size, trace) > 0) {
        struct effect effect;
        if (!address_in(line, &address)) continue;
        marks += address == text->mark;
        if (marks % 2 == 0 || marks > 2 * COUNTED_RUNS) continue;
        why = effect_at(guest, text, address, &effect);
        if (!why) step_counts_add(&runs[marks / 2], &effect, false);
    }
    free(line);
    if (!why && marks != 2 * COUNTED_RUNS)
        why = "the emulator's trace is not whole: it has too few marks";
    return why;
}

static const char *count_runs(const struct work *work, const struct text *text, size_t offset,
                              int n, struct step_counts runs[COUNTED_RUNS]) {
    const struct guest *guest = guest_of(work->switcher->arch);
    struct target target;
    char id[SWITCHER_ID], place[24], iterations[16];
    switcher_id(work->switcher, id);
    snprintf(place, sizeof place, "%zu", offset);
    snprintf(iterations, sizeof iterations, "%d", n);
    const char *why = target_start(
        &target, guest, (const char *const[TARGET_ARGUMENTS]){id, "run", place, iterations}, true);
    if (why) return why;
    why = target_end(&target, SECONDS);
    FILE *trace = fdopen(target.trace, "r");
    if (!trace) close(target.trace);
    if (!why && !trace) why = "the emulator's trace can't be read";
    if (!why) {
        rewind(trace);
        why = add_up(guest, text, trace, runs);
    }
    if (trace) fclose(trace);
    return why;
}

static json_t *count(const struct work *work, const struct text *text) {
    const char *why = "it has no kernel for this point of the experiment";
    size_t offset;
    if (!kernel_place(work, &offset)) return json_pack("{s:s}", "skip", why);
    for (int i = 0; i < COUNTED_LENGTHS; i++) {
        struct step_counts runs[COUNTED_RUNS] = {0};
        why = count_runs(work, text, offset, counted_lengths[i], runs);
        if (why) break;
        why = step_counts_repeat(runs, counted_lengths[i]);
        if (!why) return step_counts_per_switch(runs, (uint64_t)counted_lengths[i] * SWITCHES);
    }
    return json_pack("{s:s}", "skip", why);
}

json_t *qemu_user_count(const struct work *work) {
    const struct guest *guest = guest_of(work->switcher->arch);
    struct text text = {0};
    const char *why = guest_lacks(guest);
    if (!why) why = read_text(guest, &text);
    json_t *counts = why ? json_pack("{s:s}", "skip", why) : count(work, &text);
    free(text.code);
    return counts;
}
