/* unclocked.c: the program on a CPU whose ticks are no clock. It takes the place of
 * engines/native/ARCH/clock.c. */
#include "engines/native/clock.h"

#include <stdlib.h>

static const char *unavailable(void) {
    return "this CPU has no clock (made up for a test)";
}

/* nobody may ask it */
static uint64_t ticks(void) {
    abort();
}

static void run(uint64_t instructions) {
    (void)instructions;
    abort();
}

const struct clock_source clock_native = {
    .name = "none",
    .unavailable = unavailable,
    .begin = ticks,
    .end = ticks,
    .mul = {"mul", 3, 1, run},
    .add = {"add", 1, 1, run},
    .wide = {"wide", 0, 1, run},
};
