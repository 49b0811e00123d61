/* test_accuracy.c: sequences whose time is made up come out as what they are, and nothing comes out
 * where the clock or the core is not to be trusted. */
#include "engines/native/accuracy.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct {
    double now, add_cycles, adds_per_cycle, step_cycles, start_up;
    unsigned guest; /* not 0: for so many looks at the core another thread is on it, for as many it
                       is not */
    unsigned looks;
    bool backwards; /* the more multiplications, the sooner they are through */
    uint64_t most;  /* steps that were asked for at once */
} fake;

static void pass(double cycles) {
    fake.now += 100 + 0.7 * cycles;
}
static void run_mul(uint64_t n) {
    pass(fake.backwards ? 1e12 / (double)n : 3 * (double)n);
}
static void run_add(uint64_t n) {
    pass(fake.add_cycles * (double)n);
}
static bool guest(void) {
    return fake.guest && fake.looks / fake.guest % 2;
}
static void run_wide(uint64_t n) {
    pass((double)n / (guest() ? fake.adds_per_cycle / 2 : fake.adds_per_cycle));
    fake.looks++;
}
static void run_steps(uint64_t n) {
    if (n > fake.most) fake.most = n;
    pass(fake.start_up + (guest() ? fake.step_cycles + 1 : fake.step_cycles) * (double)n);
}
static uint64_t now(void) {
    return (uint64_t)fake.now;
}

static const struct clock_source clock = {
    .name = "fake",
    .begin = now,
    .end = now,
    .mul = {"mul", 3, 1, run_mul},
    .add = {"add", 1, 1, run_add},
    .wide = {"adds", 0, 1, run_wide},
};
static const struct sequence chain = {"step", "latency", 1, run_steps, NULL};
static const struct sequence wide = {"step", "throughput", 1, run_steps, NULL};

static int reset(void **state) {
    (void)state;
    memset(&fake, 0, sizeof fake);
    fake.add_cycles = 1;
    fake.adds_per_cycle = 4;
    fake.step_cycles = 4;
    return 0;
}

static void a_step_of_four_cycles_is_four_cycles(void **state) {
    (void)state;
    struct accuracy a = accuracy_measure(&clock, &chain, 4);
    assert_true(fabs(a.cycles - 4) < 0.01);
    assert_true(a.lo <= a.cycles && a.cycles <= a.hi);
    fake.step_cycles = 0.25;
    assert_true(fabs(accuracy_measure(&clock, &wide, 4).cycles - 0.25) < 0.001);
}

static void what_starting_takes_cancels(void **state) {
    (void)state;
    fake.start_up = 5000;
    assert_true(fabs(accuracy_measure(&clock, &chain, 4).cycles - 4) < 0.01);
}

static void a_step_that_is_one_percent_off_is_seen_to_be(void **state) {
    (void)state;
    fake.step_cycles = 4.05;
    assert_true(accuracy_measure(&clock, &chain, 4).cycles > 4.04);
}

static void a_clock_that_contradicts_itself_gives_nothing(void **state) {
    (void)state;
    fake.add_cycles = 1.05;
    assert_true(isnan(accuracy_measure(&clock, &chain, 4).cycles));
}

static void nor_does_it_decide_how_long_a_slice_is(void **state) {
    (void)state;
    fake.backwards = true;
    assert_true(isnan(accuracy_measure(&clock, &chain, 4).cycles));
    assert_true(fake.most <= 100000);
}

static void a_shared_core_gives_latencies_but_no_throughputs(void **state) {
    (void)state;
    fake.adds_per_cycle = 2;
    assert_true(isnan(accuracy_measure(&clock, &wide, 4).cycles));
    assert_true(fabs(accuracy_measure(&clock, &chain, 4).cycles - 4) < 0.01);
}

static void a_step_is_that_of_the_core_alone_where_it_was_alone(void **state) {
    (void)state;
    fake.guest = 9;
    fake.looks = 9;
    assert_true(fabs(accuracy_measure(&clock, &chain, 4).cycles - 4) < 0.01);
    assert_true(fabs(accuracy_measure(&clock, &wide, 4).cycles - 4) < 0.01);
}

static void at_least_twenty_sequences_are_there_with_a_kind(void **state) {
    (void)state;
    size_t n = 0;
    for (const struct sequence *s = sequences_native; s && s->name; s++, n++) {
        assert_true(strcmp(s->kind, "latency") == 0 || strcmp(s->kind, "throughput") == 0);
        assert_true(s->unroll > 0);
        if (!s->unavailable || !s->unavailable()) s->run(1);
    }
    assert_true(!sequences_native || n >= 20);
}

static void this_cpu_says_what_it_is(void **state) {
    char said[128] = "";
    (void)state;
    if (microarchitecture_native) microarchitecture_native(said, sizeof said);
    assert_true(!microarchitecture_native || strstr(said, "family"));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(a_step_of_four_cycles_is_four_cycles),
        TEST(what_starting_takes_cancels),
        TEST(a_step_that_is_one_percent_off_is_seen_to_be),
        TEST(a_clock_that_contradicts_itself_gives_nothing),
        TEST(nor_does_it_decide_how_long_a_slice_is),
        TEST(a_shared_core_gives_latencies_but_no_throughputs),
        TEST(a_step_is_that_of_the_core_alone_where_it_was_alone),
        TEST(at_least_twenty_sequences_are_there_with_a_kind),
        TEST(this_cpu_says_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
