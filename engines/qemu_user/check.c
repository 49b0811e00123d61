/* check.c: the harness's contract check with the round trips made in the target: images go there
 * and come back. And its mutants. */
#include "engines/qemu_user/qemu_user.h"
#include "harness/contract.h"

#include <stdlib.h>
#include <string.h>

enum { SECONDS = 10, MUTANT_SECONDS = 2, NO_STEP = -1 };

/* the check function has no argument for it: the target of the check that this worker makes */
static struct {
    struct target target;
    const struct register_file *file;
    int seconds;
    bool silent; /* it did not answer */
    uint64_t rounds;
} remote;

static bool exchange(struct check_images *images, uint64_t *visits) {
    size_t bytes = remote.file->image_bytes;
    return target_write(&remote.target, images->given[0], bytes) &&
           target_write(&remote.target, images->given[1], bytes) &&
           target_read(&remote.target, images->given[0], bytes, remote.seconds) &&
           target_read(&remote.target, images->given[1], bytes, remote.seconds) &&
           target_read(&remote.target, images->captured[0], bytes, remote.seconds) &&
           target_read(&remote.target, images->captured[1], bytes, remote.seconds) &&
           target_read(&remote.target, visits, sizeof *visits, remote.seconds);
}

/* In one round trip the partner comes back to what it was given in the one before, and is given
 * something new. */
static void partner_arrived(struct check_images *images, const uint8_t *before) {
    size_t bytes = remote.file->image_bytes;
    uint8_t *now = malloc(bytes);
    if (!now) abort();
    memcpy(now, images->given[1], bytes);
    memcpy(images->given[1], before, bytes);
    images->arrived(images, 1);
    memcpy(images->given[1], now, bytes);
    free(now);
}

static void round_trip(struct check_images *images) {
    if (!images || remote.silent) return; /* the target prepares the partner when it starts */
    size_t bytes = remote.file->image_bytes;
    uint64_t visits = 0;
    uint8_t *before = malloc(bytes);
    if (!before) abort();
    memcpy(before, images->given[1], bytes);
    images->fill(images, 0);
    images->fill(images, 1);
    remote.silent = !exchange(images, &visits);
    remote.rounds++;
    if (!remote.silent && visits == remote.rounds) {
        if (visits > 1) partner_arrived(images, before);
        images->arrived(images, 0);
    }
    free(before);
}

static json_t *skip(const char *why) {
    return json_pack("{s:s, s:i, s:[], s:s}", "status", "skip", "registers", 0, "corrupted",
                     "reason", why);
}

static json_t *check_without(const struct work *work, int step, int seconds) {
    static const struct native_code there = {.check = round_trip};
    struct switcher switcher = *work->switcher;
    char id[SWITCHER_ID], number[16];
    switcher_id(&switcher, id);
    snprintf(number, sizeof number, "%d", step);
    const char *why = target_start(
        &remote.target, guest_of(switcher.arch),
        (const char *const[TARGET_ARGUMENTS]){id, "check", step == NO_STEP ? NULL : number}, false);
    if (why) return skip(why);
    remote.file = switcher.contract.file;
    remote.seconds = seconds;
    remote.silent = false;
    remote.rounds = 0;
    switcher.native = &there;
    json_t *check = contract_check(&switcher, work->seed);
    const char *end = target_end(&remote.target, remote.silent ? 0 : seconds);
    if (!remote.silent && !end) return check;
    json_object_set_new(check, "status", json_string("fail"));
    json_object_set_new(check, "reason",
                        json_string(end ? end : "the emulated program did not answer"));
    return check;
}

json_t *qemu_user_check(const struct work *work) {
    const char *why = guest_lacks(guest_of(work->switcher->arch));
    return why ? skip(why) : check_without(work, NO_STEP, SECONDS);
}

/* ---- mutants ---- */

static bool passes(const struct work *work, int step) {
    json_t *check = check_without(work, step, MUTANT_SECONDS);
    bool pass = strcmp(json_string_value(json_object_get(check, "status")), "pass") == 0;
    json_decref(check);
    return pass;
}

/* the steps' names, one a line; "" when there are none */
static void read_steps(const struct work *work, char *lines, size_t size) {
    struct target target;
    char id[SWITCHER_ID];
    size_t n = 0;
    switcher_id(work->switcher, id);
    if (!target_start(&target, guest_of(work->switcher->arch),
                      (const char *const[TARGET_ARGUMENTS]){id, "steps"}, false)) {
        while (n + 1 < size && target_read(&target, lines + n, 1, SECONDS))
            n++;
        if (target_end(&target, SECONDS)) n = 0;
    }
    lines[n] = 0;
}

json_t *qemu_user_mutate(const struct work *work) {
    static char lines[64 * 1024];
    const char *why = guest_lacks(guest_of(work->switcher->arch));
    if (why) return json_pack("{s:s}", "skip", why);
    if (!passes(work, NO_STEP))
        return json_pack("{s:s}", "skip",
                         "it fails its check unchanged: a mutant would say nothing");
    read_steps(work, lines, sizeof lines);
    if (!lines[0]) return json_pack("{s:s}", "skip", "no step of it is recorded");
    int total = 0, killed = 0;
    json_t *survivors = json_array();
    for (char *rest = lines, *name; (name = strsep(&rest, "\n")) && *name; total++) {
        bool survived = passes(work, total);
        killed += !survived;
        if (survived) json_array_append_new(survivors, json_string(name));
    }
    return json_pack("{s:i, s:i, s:o}", "total", total, "killed", killed, "survivors", survivors);
}
