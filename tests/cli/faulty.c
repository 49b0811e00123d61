/* faulty.c: switchers that go wrong on purpose, linked into a program of their own
 * (build/tests/faulty) to see that a run survives them and says what happened. */
#include "harness/switcher.h"
#include "switchers/registers/x86_64.h"

#include <signal.h>
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
