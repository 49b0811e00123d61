/* test_machine.c: one machine has one name, whatever its frequency, load or microcode; two
 * compilers have two. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs those first */
#include <cmocka.h>
#include <string.h>

#include "harness/machine.h"

static char name[MACHINE_NAME];

static json_t *run_with(const char *env) {
    json_t *facts = json_loads(env, 0, NULL);
    assert_non_null(facts);
    return json_pack("{s:o}", "env", facts);
}

static const char *machine(const char *env) {
    json_t *run = run_with(env);
    machine_name(run, name);
    json_decref(run);
    return name;
}

static const char *compiler(const char *text) {
    json_t *run = json_pack("{s:{s:s?}}", "env", "compiler", text);
    compiler_name(run, name);
    json_decref(run);
    return name;
}

#define ZEN3                                                                                       \
    "\"cpu\": \"AMD EPYC 7B13\", \"vendor\": \"AuthenticAMD\", \"family\": 25, \"model\": 1, "     \
    "\"stepping\": 1, \"cpus\": 2, "                                                               \
    "\"memory_bytes\": 25276510208"

static void a_machine_is_its_cpu_and_memory(void **state) {
    (void)state;
    assert_string_equal(machine("{" ZEN3 "}"), "authenticamd-amd-epyc-7b13-25.1.1-2cores-24gib");
}

static void what_changes_on_one_machine_is_not_in_its_name(void **state) {
    (void)state;
    char first[MACHINE_NAME];
    strcpy(first,
           machine("{" ZEN3
                   ", \"load\": [0, 0, 0], \"microcode\": \"0x1\", \"frequency_max_khz\": 1}"));
    assert_string_equal(
        first, machine("{" ZEN3
                       ", \"load\": [9, 9, 9], \"microcode\": \"0x2\", \"frequency_max_khz\": 2}"));
}

static void unknown_facts_are_said_to_be(void **state) {
    (void)state;
    assert_string_equal(machine("{\"cpu\": null, \"cpus\": 4}"),
                        "unknown-unknown-unknown.unknown.unknown-4cores-memory-not-recorded");
}

static void a_shortened_environment_says_what_it_does_not_record(void **state) {
    (void)state;
    /* as a baseline keeps it: what counts depend on */
    assert_string_equal(machine("{\"cpu\": \"AMD EPYC\", \"vendor\": \"AuthenticAMD\", \"family\": 25, "
                                "\"model\": 1, \"stepping\": 1}"),
                        "authenticamd-amd-epyc-25.1.1-cores-not-recorded-memory-not-recorded");
}

static void a_run_that_tells_nothing_has_no_name(void **state) {
    (void)state;
    assert_string_equal(machine("{}"), "");
    assert_string_equal(compiler(NULL), "");
    assert_string_equal(compiler(""), "");
    assert_string_equal(compiler("(((("), "");
}

static void the_longest_facts_fit(void **state) {
    (void)state;
    char env[2048] = "{\"cpu\": \"";
    memset(env + strlen(env), 'x', 1000);
    strcat(env,
           "\", \"vendor\": \"////../..\", \"family\": 9223372036854775807, \"memory_bytes\": -1}");
    assert_true(strlen(machine(env)) < MACHINE_NAME);
    assert_null(strchr(name, '/'));
}

static void a_compiler_is_its_family_major_version_and_level(void **state) {
    (void)state;
    assert_string_equal(compiler("gcc (Debian 12.2.0-14+deb12u1) 12.2.0 -O2 -g"), "gcc-12-O2");
    assert_string_equal(compiler("gcc-13 (Ubuntu 13.2.0-4ubuntu3) 13.2.0 -O3"), "gcc-13-O3");
    assert_string_equal(compiler("Debian clang version 14.0.6 -O2 -g"), "clang-14-O2");
    assert_string_equal(compiler("cc (GCC) 14.1.1 20240522 -g -Os"), "gcc-14-Os");
    assert_string_equal(compiler("gcc (Debian 12.2.0) 12.2.0"), "gcc-12-O0");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_machine_is_its_cpu_and_memory),
        cmocka_unit_test(what_changes_on_one_machine_is_not_in_its_name),
        cmocka_unit_test(unknown_facts_are_said_to_be),
        cmocka_unit_test(a_shortened_environment_says_what_it_does_not_record),
        cmocka_unit_test(a_run_that_tells_nothing_has_no_name),
        cmocka_unit_test(the_longest_facts_fit),
        cmocka_unit_test(a_compiler_is_its_family_major_version_and_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
