/* The arithmetic of the calibration, against chains whose time is made up, and that the real chains
 * agree. */
#include "engines/native/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- a clock that only goes on when a chain runs ---- */

enum {
    WARM_UP_RUNS = 4,    /* both lengths of both chains */
    WARM_UP_ADDS = 10000 /* fewer come before a look */
};

static struct {
    double now, ticks_per_cycle, add_cycles, start_up;
    double interruption; /* ticks lost in the second chain of the first round */
    int runs, width;
    double adds_per_cycle; /* what another thread on the core leaves */
    int busy, looks;       /* of ten looks so many find another thread; one in a hundred slips */
} fake;

static void run(uint64_t instructions, double cycles) {
    fake.now += fake.start_up + (double)instructions * cycles * fake.ticks_per_cycle;
    if (++fake.runs == WARM_UP_RUNS + 2) fake.now += fake.interruption;
}
static void run_mul(uint64_t instructions) {
    run(instructions, 3);
}
static void run_add(uint64_t instructions) {
    run(instructions, fake.add_cycles);
}
static void run_wide(uint64_t instructions) {
    double left = fake.adds_per_cycle;
    if (fake.busy) left *= fake.looks % 100 == 99 ? 1.2 : fake.looks % 10 < fake.busy ? 0.6 : 1;
    if (instructions > WARM_UP_ADDS) fake.looks++;
    run(instructions, 1 / left);
}
static uint64_t begin(void) {
    return (uint64_t)fake.now;
}
static uint64_t end(void) {
    return (uint64_t)fake.now + (uint64_t)fake.width;
}
static const char *available(void) {
    return NULL;
}

static const struct clock_source faked = {
    "fake",
    available,
    begin,
    end,
    {"mul", 3, 1, run_mul},
    {"add", 1, 1, run_add},
    {"adds", 0, 1, run_wide},
};

static int reset(void **state) {
    (void)state;
    memset(&fake, 0, sizeof fake);
    fake.ticks_per_cycle = 0.7;
    fake.add_cycles = 1;
    fake.adds_per_cycle = 4;
    return 0;
}

static void a_core_cycle_is_a_third_of_a_multiplication(void **state) {
    (void)state;
    struct clock_batch batch = clock_calibrate(&faked, CLOCK_ROUNDS);
    assert_float_equal(batch.ticks_mul, 2.1, 1e-3);
    assert_float_equal(batch.ticks_per_cycle, 0.7, 1e-3);
    assert_float_equal(clock_cycles(&batch, 7), 10, 1e-2);
    assert_null(clock_refuses(&batch));
}

static void what_starting_a_chain_takes_cancels(void **state) {
    (void)state;
    fake.start_up = 5000;
    fake.width = 40;
    assert_float_equal(clock_calibrate(&faked, CLOCK_ROUNDS).ticks_per_cycle, 0.7, 1e-3);
}

static void an_interruption_is_dropped(void **state) {
    (void)state;
    fake.interruption = 1e6;
    struct clock_batch batch = clock_calibrate(&faked, CLOCK_ROUNDS);
    assert_float_equal(batch.ticks_per_cycle, 0.7, 1e-3);
    assert_true(batch.disagreement < 0.1);
}

static void disagreeing_chains_are_refused_with_the_percentage(void **state) {
    (void)state;
    fake.add_cycles = 1.03;
    struct clock_batch batch = clock_calibrate(&faked, CLOCK_ROUNDS);
    assert_float_equal(batch.disagreement, 3, 0.1);
    assert_non_null(clock_refuses(&batch));
    assert_non_null(strstr(clock_refuses(&batch), "disagree by 3.0"));
}

static void chains_within_the_limit_are_accepted(void **state) {
    (void)state;
    fake.add_cycles = 0.993;
    struct clock_batch batch = clock_calibrate(&faked, CLOCK_ROUNDS);
    assert_float_equal(batch.disagreement, 0.7, 0.1);
    assert_null(clock_refuses(&batch));
}

static void a_clock_that_stands_still_is_refused(void **state) {
    (void)state;
    fake.ticks_per_cycle = 0;
    struct clock_batch batch = clock_calibrate(&faked, CLOCK_ROUNDS);
    assert_non_null(clock_refuses(&batch));
}

static void between_two_calibrations_is_their_mean_and_their_worse_disagreement(void **state) {
    (void)state;
    struct clock_batch before = clock_from_chains(&faked, 2.10, 0.70),
                       after = clock_from_chains(&faked, 2.11, 0.70);
    struct clock_batch between = clock_between(&faked, &before, &after);
    assert_float_equal(between.ticks_per_cycle, 2.105 / 3, 1e-9);
    assert_float_equal(between.disagreement, after.disagreement, 1e-9);
    assert_float_equal(between.drift, 100 * 0.01 / 2.10, 1e-6);
}

static void a_changed_frequency_is_refused(void **state) {
    (void)state;
    struct clock_batch before = clock_from_chains(&faked, 2.1, 0.7),
                       after = clock_from_chains(&faked, 2.4, 0.8);
    struct clock_batch between = clock_between(&faked, &before, &after);
    assert_non_null(clock_refuses(&between));
    assert_non_null(strstr(clock_refuses(&between), "frequency changed"));
}

static void overhead_is_what_an_empty_timing_takes(void **state) {
    (void)state;
    fake.width = 52;
    assert_float_equal(clock_overhead(&faked), 52, 0);
}

/* ---- ticks of known length ---- */

static uint64_t two_and_a_half_ticks_per_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC_RAW, &t);
    return (uint64_t)(2.5 * ((double)t.tv_sec * 1e9 + (double)t.tv_nsec));
}

static void nanoseconds_per_tick_are_found(void **state) {
    (void)state;
    struct clock_source source = faked;
    source.begin = source.end = two_and_a_half_ticks_per_ns;
    assert_float_equal(clock_ns_per_tick(&source, 20), 0.4, 4e-5);
}

static void another_thread_on_the_core_shows_in_the_throughput_alone(void **state) {
    (void)state;
    struct clock_batch before = clock_calibrate(&faked, CLOCK_ROUNDS);
    double alone = clock_throughput(&faked, &before);
    fake.adds_per_cycle = 2.4;
    struct clock_batch after = clock_calibrate(&faked, CLOCK_ROUNDS);
    assert_null(clock_refuses(&after));
    assert_float_equal(alone, 4, 1e-2);
    assert_float_equal(clock_throughput(&faked, &after), 2.4, 1e-2);
}

static void the_best_throughput_is_one_that_is_reached_again_and_again(void **state) {
    (void)state;
    for (fake.busy = 0; fake.busy < 9; fake.busy += 4) {
        fake.looks = 0;
        assert_float_equal(clock_best_throughput(&faked), 4, 1e-2);
        assert_true(fake.busy > 5 ? fake.looks > 500 : fake.looks < 500); /* looks longer */
    }
}

/* ---- this machine's ---- */

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* percent, the median of many calibrations over half a second: one alone may be anything */
static double typical_disagreement(void) {
    enum { TRIES = 51, PAUSE_US = 10 * 1000 };
    double percent[TRIES];
    for (int i = 0; i < TRIES; i++) {
        percent[i] = clock_calibrate(&clock_native, CLOCK_ROUNDS).disagreement;
        usleep(PAUSE_US);
    }
    qsort(percent, TRIES, sizeof *percent, ascending);
    return percent[TRIES / 2];
}

/* A chain of the wrong latency is out by a quarter or more; a neighbour on the core by a few
 * percent, for as long as it likes */
static void this_machines_chains_agree(void **state) {
    (void)state;
    if (clock_native.unavailable()) skip();
    enum { WRONG = 10, PATIENCE_S = 10 };
    double percent = 100;
    for (time_t end = time(NULL) + PATIENCE_S;
         percent > CLOCK_DISAGREEMENT_LIMIT && time(NULL) <= end;)
        percent = typical_disagreement();
    if (percent > WRONG)
        fail_msg("the chains disagree by %.2f %%, typically: a latency is not what it says",
                 percent);
    if (percent <= CLOCK_DISAGREEMENT_LIMIT) return;
    print_message("in %d s the chains still disagree by %.2f %%, typically: the core is shared\n",
                  PATIENCE_S, percent);
    skip();
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(another_thread_on_the_core_shows_in_the_throughput_alone),
        TEST(a_core_cycle_is_a_third_of_a_multiplication),
        TEST(what_starting_a_chain_takes_cancels),
        TEST(an_interruption_is_dropped),
        TEST(disagreeing_chains_are_refused_with_the_percentage),
        TEST(chains_within_the_limit_are_accepted),
        TEST(a_clock_that_stands_still_is_refused),
        TEST(between_two_calibrations_is_their_mean_and_their_worse_disagreement),
        TEST(a_changed_frequency_is_refused),
        TEST(overhead_is_what_an_empty_timing_takes),
        TEST(nanoseconds_per_tick_are_found),
        TEST(the_best_throughput_is_one_that_is_reached_again_and_again),
        TEST(this_machines_chains_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
