/* timing.c: how long things take in this world, for engines whose clock is one: each n and 2n
 * times, so that reading the clock cancels. Lines: `time NAME N TICKS`. */
#include "worlds/common/stage.h"

enum { BATCHES = 9 };

/* an architecture that times something has its own */
__attribute__((weak)) const struct timing chain_timings[] = {{NULL, NULL}},
                                          switch_timings[] = {{NULL, NULL}};

static void print_time(const struct timing *t, uint64_t n) {
    uint64_t ticks_taken = t->ticks(n);
    print("time ");
    print(t->name);
    put_character(' ');
    print_number(n);
    put_character(' ');
    print_number(ticks_taken);
    put_character('\n');
}

static _Noreturn void time_all(const struct timing *timings, uint64_t n) {
    for (const struct timing *t = timings; t->name; t++)
        t->ticks(n); /* warm-up */
    for (int batch = 0; batch < BATCHES; batch++)
        for (const struct timing *t = timings; t->name; t++) {
            print_time(t, batch & 1 ? 2 * n : n);
            print_time(t, batch & 1 ? n : 2 * n);
        }
    finish();
}

void time_chain(void) {
    time_all(chain_timings, world_command.rounds);
}

void time_switches(void) {
    time_all(switch_timings, world_command.rounds);
}
