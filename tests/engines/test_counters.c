/* The hardware counters without hardware: the page protocol on a page made by hand, and all above
 * it on a source made by hand. */
#include "engines/native/counters.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* ---- a page ---- */

static struct perf_event_mmap_page page;
static uint64_t hardware;
static int reads_of_hardware, writer_disturbs;

/* the kernel moves the counter while it is being read: the first values are torn */
static uint64_t rdpmc(uint32_t counter) {
    assert_int_equal(counter, page.index - 1);
    reads_of_hardware++;
    if (writer_disturbs-- > 0) {
        page.lock += 2;
        page.offset += 1000;
    }
    return hardware;
}

static int new_page(void **state) {
    (void)state;
    memset(&page, 0, sizeof page);
    page.lock = 8;
    page.index = 3;
    page.offset = 100;
    page.pmc_width = 48;
    page.cap_user_rdpmc = 1;
    page.time_enabled = page.time_running = 77;
    hardware = 23;
    reads_of_hardware = writer_disturbs = 0;
    return 0;
}

static const char *read_page(uint64_t *value) {
    return counters_read_page(&page, rdpmc, value);
}

static void a_value_is_the_kernels_part_and_the_hardwares(void **state) {
    (void)state;
    uint64_t value = 0;
    assert_null(read_page(&value));
    assert_int_equal(value, 123);
}

static void the_hardwares_part_is_sign_extended_from_its_width(void **state) {
    (void)state;
    uint64_t value = 0;
    hardware = (UINT64_C(1) << 48) - 5;
    assert_null(read_page(&value));
    assert_int_equal(value, 95);
    page.pmc_width = 40;
    hardware = (UINT64_C(1) << 40) - 30;
    assert_null(read_page(&value));
    assert_int_equal(value, 70);
}

static void a_hardware_counter_that_wraps_goes_on(void **state) {
    (void)state;
    uint64_t before = 0, after = 0;
    hardware = (UINT64_C(1) << 48) - 2;
    assert_null(read_page(&before));
    hardware = 3;
    assert_null(read_page(&after));
    assert_int_equal(after - before, 5);
}

static void a_read_that_the_kernel_disturbed_is_repeated(void **state) {
    (void)state;
    uint64_t value = 0;
    writer_disturbs = 2;
    assert_null(read_page(&value));
    assert_int_equal(value, 2123);
    assert_int_equal(reads_of_hardware, 3);
}

static void refused_because(const char *word) {
    uint64_t value = 0;
    const char *why = read_page(&value);
    assert_non_null(why);
    assert_non_null(strstr(why, word));
}

static void a_page_that_is_never_at_rest_is_refused(void **state) {
    (void)state;
    page.lock = 9;
    refused_because("sequence lock");
}

static void a_multiplexed_counter_is_refused(void **state) {
    (void)state;
    page.time_enabled = 78;
    refused_because("multiplexed");
}

static void a_counter_that_lost_its_place_is_refused(void **state) {
    (void)state;
    page.index = 0;
    refused_because("not on the CPU");
    assert_int_equal(reads_of_hardware, 0);
}

static void a_forbidden_rdpmc_is_not_executed(void **state) {
    (void)state;
    page.cap_user_rdpmc = 0;
    refused_because("/sys/bus/event_source/devices/cpu/rdpmc");
    assert_int_equal(reads_of_hardware, 0);
}

/* ---- perf_event_open's errors ---- */

static void no_permission_names_the_setting_and_its_value(void **state) {
    (void)state;
    const char *why = counters_explain(EACCES, "perf::CYCLES", 4);
    assert_non_null(strstr(why, "perf::CYCLES"));
    assert_non_null(strstr(why, "kernel.perf_event_paranoid is 4"));
    assert_non_null(strstr(why, "sysctl kernel.perf_event_paranoid=2"));
}

static void no_pmu_names_the_virtual_machine(void **state) {
    (void)state;
    assert_non_null(strstr(counters_explain(ENOENT, "perf::CYCLES", 2), "virtual machine"));
}

/* ---- a source ---- */

static struct {
    uint64_t values[COUNTERS];
    const char *refuses_open, *refuses_read, *lacks_loads;
    bool corrupts;
    int opened, closed;
} fake;

static const char *open_fake(void) {
    fake.opened += !fake.refuses_open;
    return fake.refuses_open;
}
static const char *missing(enum counter counter) {
    return counter == COUNTER_LOADS ? fake.lacks_loads : NULL;
}
static const char *read_fake(uint64_t values[COUNTERS]) {
    memcpy(values, fake.values, sizeof fake.values);
    return fake.refuses_read;
}
static void close_fake(void) {
    fake.closed++;
}
static const struct counter_source faked = {"fake", open_fake, missing, read_fake, close_fake};

/* 2 switches an iteration: 14.5 cycles, 21 instructions, 8 loads, 7 stores each, and a start-up */
static bool kernel(uint64_t iterations) {
    static const uint64_t per_iteration[COUNTERS] = {29, 42, 16, 14};
    for (int c = 0; c < COUNTERS; c++)
        fake.values[c] += 500 + iterations * per_iteration[c];
    return !fake.corrupts;
}

static int new_source(void **state) {
    (void)state;
    memset(&fake, 0, sizeof fake);
    return 0;
}

static double value(const json_t *measured, const char *name) {
    return json_number_value(json_object_get(json_object_get(measured, name), "value"));
}

static void per_switch_values_are_without_the_start_up(void **state) {
    (void)state;
    json_t *measured = counters_measure(&faked, kernel, 1000, 2);
    assert_float_equal(value(measured, "cycles"), 14.5, 0);
    assert_float_equal(value(measured, "instructions"), 21, 0);
    assert_float_equal(value(measured, "loads"), 8, 0);
    assert_float_equal(value(measured, "stores"), 7, 0);
    assert_int_equal(fake.opened, 1);
    assert_int_equal(fake.closed, 1);
    json_decref(measured);
}

static void a_value_that_wraps_around_does_no_harm(void **state) {
    (void)state;
    fake.values[COUNTER_CYCLES] = UINT64_MAX - 200000;
    json_t *measured = counters_measure(&faked, kernel, 1000, 2);
    assert_float_equal(value(measured, "cycles"), 14.5, 0);
    json_decref(measured);
}

static void a_missing_event_is_a_stated_skip_and_the_others_stand(void **state) {
    (void)state;
    fake.lacks_loads = "no such event";
    json_t *measured = counters_measure(&faked, kernel, 1000, 2);
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(measured, "loads"), "skip")),
        "no such event");
    assert_float_equal(value(measured, "stores"), 7, 0);
    json_decref(measured);
}

static void skipped_because(const char *reason) {
    json_t *measured = counters_measure(&faked, kernel, 1000, 2);
    const char *why = json_string_value(json_object_get(measured, "skip"));
    assert_non_null(why);
    assert_non_null(strstr(why, reason));
    assert_int_equal(json_object_size(measured), 1);
    assert_int_equal(fake.closed, fake.opened);
    json_decref(measured);
}

static void a_source_that_does_not_open_is_a_skip(void **state) {
    (void)state;
    fake.refuses_open = "no PMU";
    skipped_because("no PMU");
}

static void values_that_are_not_exact_are_a_skip(void **state) {
    (void)state;
    fake.refuses_read = "multiplexed";
    skipped_because("multiplexed");
}

static void a_kernel_whose_values_were_lost_has_no_figures(void **state) {
    (void)state;
    fake.corrupts = true;
    skipped_because("did not survive");
}

/* ---- this machine's ---- */

static bool loop(uint64_t iterations) {
    for (volatile uint64_t i = 0; i < iterations;)
        i++;
    return true;
}

static void this_machine_counts_or_says_why_not(void **state) {
    (void)state;
    json_t *measured = counters_measure(&counters_perf, loop, 1000, 1);
    const char *why = json_string_value(json_object_get(measured, "skip"));
    if (why)
        print_message("skipped: %s\n", why);
    else
        assert_true(value(measured, "instructions") >= 3);
    assert_true(!why || strlen(why) > 20);
    json_decref(measured);
}

int main(void) {
#define PAGE_TEST(name)   cmocka_unit_test_setup(name, new_page)
#define SOURCE_TEST(name) cmocka_unit_test_setup(name, new_source)
    const struct CMUnitTest tests[] = {
        PAGE_TEST(a_value_is_the_kernels_part_and_the_hardwares),
        PAGE_TEST(the_hardwares_part_is_sign_extended_from_its_width),
        PAGE_TEST(a_hardware_counter_that_wraps_goes_on),
        PAGE_TEST(a_read_that_the_kernel_disturbed_is_repeated),
        PAGE_TEST(a_page_that_is_never_at_rest_is_refused),
        PAGE_TEST(a_multiplexed_counter_is_refused),
        PAGE_TEST(a_counter_that_lost_its_place_is_refused),
        PAGE_TEST(a_forbidden_rdpmc_is_not_executed),
        cmocka_unit_test(no_permission_names_the_setting_and_its_value),
        cmocka_unit_test(no_pmu_names_the_virtual_machine),
        SOURCE_TEST(per_switch_values_are_without_the_start_up),
        SOURCE_TEST(a_value_that_wraps_around_does_no_harm),
        SOURCE_TEST(a_missing_event_is_a_stated_skip_and_the_others_stand),
        SOURCE_TEST(a_source_that_does_not_open_is_a_skip),
        SOURCE_TEST(values_that_are_not_exact_are_a_skip),
        SOURCE_TEST(a_kernel_whose_values_were_lost_has_no_figures),
        cmocka_unit_test(this_machine_counts_or_says_why_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
