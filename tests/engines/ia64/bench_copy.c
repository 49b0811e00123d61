/* bench_copy.c - what an interruption campaign pays: copies of a machine, an injected interrupt
 * each, a run and a full comparison. Usage: bench_copy PROGRAM.ELF [FROM [LENGTH]]: interrupts
 * before the instructions FROM .. FROM + LENGTH - 1, each run ends LENGTH later. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "ia64.h"

enum { ROUNDS = 100000 };

static double seconds(void) {
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static void say(const char *what, double since) {
    double each = (seconds() - since) / ROUNDS;

    printf("%-28s %8.2f us %10.0f /s\n", what, each * 1e6, 1 / each);
}

int main(int argc, char **argv) {
    uint64_t from = argc > 2 ? strtoull(argv[2], NULL, 0) : 3000;
    uint64_t length = argc > 3 ? strtoull(argv[3], NULL, 0) : 200;
    struct ia64 *origin = ia64_new(NULL), *oracle, *copy;
    double t;
    size_t found = 0;

    if (argc < 2 || ia64_load_elf(origin, argv[1])) {
        fprintf(stderr, "bench_copy: %s\n",
                argc < 2 ? "PROGRAM.ELF expected" : ia64_message(origin));
        return 2;
    }
    ia64_run(origin, from);
    oracle = ia64_copy(origin);
    ia64_run(oracle, from + 2 * length);
    copy = ia64_copy(origin);

    t = seconds();
    for (int i = 0; i < ROUNDS; i++) {
        struct ia64 *m = ia64_copy(origin);

        ia64_free(m);
    }
    say("copy and free", t);
    t = seconds();
    for (int i = 0; i < ROUNDS; i++) {
        ia64_assign(copy, origin);
        ia64_interrupt_at(copy, from + i % length, 0x45);
        ia64_run(copy, from + 2 * length);
        found += ia64_compare(copy, oracle, NULL, NULL, 0) != 0;
    }
    say("injection with comparison", t);
    printf("%zu of %d ended in another state\n", found, ROUNDS);
    ia64_free(copy);
    ia64_free(oracle);
    ia64_free(origin);
    return 0;
}
