/* faulty.c: switchers that go wrong on purpose and an engine whose core is shared, linked into a program
 * of their own (build/tests/faulty) to see that a run survives them and says what happened. */
#include "harness/engine.h"
#include "harness/switcher.h"
#include "switchers/registers/x86_64.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void prepare(struct check_images *images) {
    (void)images;
}

static bool crashing(uint64_t iterations) {
    raise(SIGSEGV);
    return iterations != 0;
}

static bool hanging(uint64_t iterations) {
    for (;;)
        pause();
    return iterations != 0;
}

static bool losing(uint64_t iterations) {
    return iterations == 0;
}

static const char *absent(void) {
    return "this CPU has no such thing (made up for a test)";
}

static const struct clause clauses[] = {{NULL, NULL, SHARED, "made up for a test"}};

#define FAULTY(id, kernel, images, lacks)                                                          \
    static const struct native_code native_##id = {.pingpong = kernel, .check = images};           \
    static const struct switcher switcher_##id = {.name = #id,                                     \
                                                  .kind = "peer",                                  \
                                                  .arch = "x86_64",                                \
                                                  .mask = "none",                                  \
                                                  .state = "none",                                 \
                                                  .transfer = "jmp",                               \
                                                  .summary = "goes wrong on purpose",              \
                                                  .contract = {&x86_64_registers, clauses},        \
                                                  .unavailable = lacks,                            \
                                                  .native = &native_##id};                         \
    REGISTER_SWITCHER(switcher_##id)

FAULTY(crashing, crashing, NULL, NULL);
FAULTY(hanging, hanging, NULL, NULL);
FAULTY(losing, losing, NULL, NULL);
FAULTY(staying, losing, prepare, NULL); /* its check comes back without ever having switched */
FAULTY(absent, losing, NULL, absent);

/* ---- crowded: each process whose seed is a multiple of CROWD_EVERY (1) finds its core shared CROWD times before it has it to
 * itself; or its clock in contradiction, with CROWD_CLOCK. With CROWD_ADDS that process is the first to see how fast the core is when
 * alone ---- */

/* how many processes with this seed came before: each leaves a line in the file CROWD_LOG */
static unsigned before(uint32_t seed, unsigned *all) {
    const char *path = getenv("CROWD_LOG");
    FILE *log = path ? fopen(path, "a+") : NULL;
    unsigned n = 0;
    unsigned long line;
    if (!log) abort();
    for (*all = 0; fscanf(log, "%lu", &line) == 1; ++*all)
        n += line == seed;
    fprintf(log, "%lu\n", (unsigned long)seed);
    fclose(log);
    return n;
}

static json_t *passes(const struct work *work) {
    (void)work;
    return json_pack("{s:s, s:i, s:[]}", "status", "pass", "registers", 1, "corrupted");
}

static unsigned long setting(const char *name, unsigned long otherwise) {
    const char *text = getenv(name);
    return text ? strtoul(text, NULL, 10) : otherwise;
}

static json_t *crowded_sample(const struct work *work) {
    unsigned all;
    bool crowded = before(work->seed, &all) < setting("CROWD", 0) && work->seed % setting("CROWD_EVERY", 1) == 0,
         clock = setting("CROWD_CLOCK", 0);
    json_t *known = json_object_get(work->clock, "adds_per_cycle");
    double expected = known ? json_number_value(known) : 2, reached = all + 1 >= setting("CROWD_ADDS", 1000) ? 4 : 0;
    if (setting("CROWD_ADDS", 0)) crowded = expected < 3;
    return json_pack("{s:o, s:{s:{s:f, s:s}}, s:f, s:b, s:f, s:f}", "check", passes(work), "metrics", "ns", "value", crowded ? 99.0 : 1.0,
                     "unit", "ns", "disagreement", crowded && clock ? 2.0 : 0.0, "shared", crowded && !clock && !setting("CROWD_ADDS", 0), "adds_expected", expected, "adds_reached", reached);
}

static const struct engine crowded = {
    .name = "crowded", .summary = "finds its core shared", .check = passes, .sample = crowded_sample};
REGISTER_ENGINE(crowded);
