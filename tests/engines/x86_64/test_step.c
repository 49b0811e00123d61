/* What depends on registers when an instruction executes: repetitions, and the states that xsave is
 * asked to move. Each kernel is assembly whose counts are known by reading it. */
#include "engines/native/stepper.h"

#include <cpuid.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static uint8_t area[8192] __attribute__((aligned(64)));

/* BODY, then dec and jnz, an iteration */
#define KERNEL(name, body)                                                                         \
    static bool name(uint64_t iterations) {                                                        \
        __asm__ volatile("1:\n\t" body "\n\tdec %[n]\n\tjnz 1b"                                    \
                         : [n] "+r"(iterations)                                                    \
                         : [area] "r"(area)                                                        \
                         : "rax", "rcx", "rdx", "rdi", "memory", "cc");                            \
        return true;                                                                               \
    }
KERNEL(nothing, "")
KERNEL(stores_five, "mov %[area], %%rdi\n\tmov $5, %%ecx\n\trep stosb")
KERNEL(stores_none, "mov %[area], %%rdi\n\txor %%ecx, %%ecx\n\trep stosb")
KERNEL(keeps_flags, "lea -128(%%rsp), %%rsp\n\tpushf\n\tpopf\n\tlea 128(%%rsp), %%rsp")
KERNEL(xsaves_legacy, "mov $3, %%eax\n\txor %%edx, %%edx\n\txsave64 (%[area])")
KERNEL(xsaves_avx, "mov $7, %%eax\n\txor %%edx, %%edx\n\txsave64 (%[area])")
KERNEL(xsaves_what_there_is_not, "mov $0x1803, %%eax\n\txor %%edx, %%edx\n\txsave64 (%[area])")

static void counts(kernel_fn *kernel, double instructions, double loads, double stores,
                   double bytes) {
    json_t *counted = native_count(kernel, 1);
    const struct {
        const char *name;
        double value;
    } expected[] = {
        {"instructions", instructions + 2}, {"loads", loads}, {"stores", stores}, {"bytes", bytes}};
    const char *why = json_string_value(json_object_get(counted, "skip"));
    if (why) print_error("%s\n", why);
    assert_null(why);
    for (int i = 0; i < 4; i++) {
        double is =
            json_number_value(json_object_get(json_object_get(counted, expected[i].name), "value"));
        if (is != expected[i].value)
            print_error("%s: %g, expected %g\n", expected[i].name, is, expected[i].value);
        assert_true(is == expected[i].value);
    }
    json_decref(counted);
}

static void registers_alone_access_no_memory(void **state) {
    (void)state;
    counts(nothing, 0, 0, 0, 0);
}
static void each_repetition_stores_and_all_are_one_instruction(void **state) {
    (void)state;
    counts(stores_five, 3, 0, 5, 5);
}
static void no_repetition_stores_nothing(void **state) {
    (void)state;
    counts(stores_none, 3, 0, 0, 0);
}
static void saving_flags_under_the_trap_flag_is_counted_to_the_end(void **state) {
    (void)state;
    counts(keeps_flags, 4, 1, 1, 16);
}

static bool has_xsave(void) {
    unsigned a, b, c, d;
    return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_OSXSAVE);
}

static void xsave_moves_the_states_of_its_mask(void **state) {
    (void)state;
    if (!has_xsave()) skip();
    counts(xsaves_legacy, 3, 0, 1, 512 + 64);
    if (__builtin_cpu_supports("avx")) counts(xsaves_avx, 3, 0, 1, 512 + 64 + 256);
}
static void states_that_are_not_enabled_are_not_moved(void **state) {
    (void)state;
    if (!has_xsave()) skip();
    counts(xsaves_what_there_is_not, 3, 0, 1, 512 + 64);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registers_alone_access_no_memory),
        cmocka_unit_test(each_repetition_stores_and_all_are_one_instruction),
        cmocka_unit_test(no_repetition_stores_nothing),
        cmocka_unit_test(saving_flags_under_the_trap_flag_is_counted_to_the_end),
        cmocka_unit_test(xsave_moves_the_states_of_its_mask),
        cmocka_unit_test(states_that_are_not_enabled_are_not_moved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
