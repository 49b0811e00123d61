/* file.c: the ELF file of a world, and the command in its data, found by its magic words. */
#include "engines/world/world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#ifndef WORLDS
#define WORLDS "build/worlds"
#endif
enum { PATH = 1024 };

const char *world_folder(void) {
    const char *named = getenv("WORLDS");
    return named && *named ? named : WORLDS;
}

double world_seconds(void) {
    enum { SECONDS = 10 };
    const char *named = getenv("WORLD_SECONDS");
    double seconds = named ? strtod(named, NULL) : 0;
    return seconds > 0 ? seconds : SECONDS;
}

static const struct world_switcher *world_of(const struct switcher *s) {
    static const char suffix[] = "-kernel";
    size_t n = strlen(s->arch), end = sizeof suffix - 1;
    return n > end && strcmp(s->arch + n - end, suffix) == 0 ? s->other : NULL;
}

const struct machine *world_machine(const struct switcher *s) {
    const struct world_switcher *world = world_of(s);
    return world ? machine_find(world->folder) : NULL;
}

const char *world_rejects(const struct work *work) {
    if (!world_of(work->switcher)) return "it runs worlds only: switchers at the highest privilege";
    if (!world_machine(work->switcher))
        return "the lab has no machine for this architecture's world";
    if (work->experiment && work->experiment->kernel) return "a world has no such loop";
    if (json_object_get(work->params, "stacked") || json_object_get(work->params, "guest"))
        return "the world's code has neither stacked registers nor floating point";
    return NULL;
}

static bool read_file(struct world_file *w, const char *path) {
    FILE *f = fopen(path, "rb");
    struct stat status;
    if (!f || fstat(fileno(f), &status) || !S_ISREG(status.st_mode)) {
        snprintf(w->why, WORLD_WHY, "no world: %.400s: %s; make worlds-%s builds it", path,
                 f ? "not a file" : strerror(errno), w->machine->name);
        if (f) fclose(f);
        return false;
    }
    w->size = (size_t)status.st_size;
    w->bytes = malloc(w->size + 1);
    bool whole = w->bytes && fread(w->bytes, 1, w->size, f) == w->size;
    fclose(f);
    if (!whole) snprintf(w->why, WORLD_WHY, "%.400s can't be read", path);
    return whole;
}

static bool find_command(struct world_file *w, const char *path) {
    static const uint64_t magic[2] = WORLD_MAGIC;
    uint8_t *at = memmem(w->bytes, w->size, magic, sizeof magic);
    size_t left = at ? (size_t)(w->bytes + w->size - at) : 0;
    if (left < sizeof *w->command || memmem(at + 1, left - 1, magic, sizeof magic)) {
        snprintf(w->why, WORLD_WHY,
                 "%.400s is no world: it has no place for a command; make worlds-%s builds it anew",
                 path, w->machine->name);
        return false;
    }
    w->command = (void *)at;
    return true;
}

static void add(struct world_set *set, size_t row) {
    set->word[row / 64] |= UINT64_C(1) << row % 64;
}

static bool is_x(const struct world_switcher *world, const char *name) {
    for (const char *const *x = world->x; *x; x++)
        if (strcmp(*x, name) == 0) return true;
    return false;
}

static bool write_command(struct world_file *w, const struct switcher *s, uint32_t seed,
                          enum world_verb verb) {
    const struct world_switcher *world = s->other;
    struct world_command command = {
        .magic = WORLD_MAGIC, .verb = verb, .rounds = 1, .seed = seed, .informs = world->informs};
    if (s->contract.file->count > 64 * WORLD_SET_WORDS) {
        snprintf(w->why, WORLD_WHY, "the table of %s has more than %d rows", s->arch,
                 64 * WORLD_SET_WORDS);
        return false;
    }
    for (size_t i = 0; i < s->contract.file->count; i++) {
        const struct reg *reg = &s->contract.file->reg[i];
        enum duty_kind duty = contract_clause(&s->contract, reg)->duty;
        if (duty == SAVED) add(&command.saved, i);
        if (duty == SHARED) add(&command.shared, i);
        if (is_x(world, reg->name)) add(&command.x, i);
    }
    memcpy(w->command, &command, sizeof command);
    return true;
}

bool world_open(struct world_file *w, const struct switcher *s, uint32_t seed,
                enum world_verb verb) {
    const struct world_switcher *world = s->other;
    char path[PATH];
    *w = (struct world_file){.machine = world_machine(s)};
    snprintf(path, sizeof path, "%.400s/%s/%s.elf", world_folder(), world->folder, world->world);
    if (read_file(w, path) && find_command(w, path) && write_command(w, s, seed, verb)) return true;
    world_close(w);
    return false;
}

void world_close(struct world_file *w) {
    free(w->bytes);
    w->bytes = NULL;
}
