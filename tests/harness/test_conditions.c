/* test_conditions.c: a run on a quiet, fixed machine is told nothing; each thing that disturbs is
 * told once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs those first */
#include <cmocka.h>
#include <string.h>

#include "harness/conditions.h"

static char told[4096];

static void tell(void *context, const char *name, const char *text) {
    (void)context;
    strcat(strcat(strcat(strcat(told, name), ": "), text), "\n");
}

static json_t *quiet(void) {
    return json_pack("{s:s, s:s, s:s, s:i, s:s, s:b, s:n, s:s, s:[f,f,f], s:f, s:f, s:i, s:i, s:i, "
                     "s:s, s:{s:s, s:s}}",
                     "cpu", "CPU 9", "microcode", "0x1", "governor", "performance", "no_turbo", 1,
                     "smt", "off", "virtual", 0, "hypervisor", "thp", "madvise", "load", 0.1, 3.0,
                     9.0, "steal_seconds", 1.0, "uptime_seconds", 1000.0, "cpus", 4, "aslr", 2,
                     "page_bytes", 4096, "kernel", "7.0", "mitigations", "meltdown", "Not affected",
                     "retbleed", "Mitigation: something");
}

static void a_quiet_machine_is_told_nothing(void **state) {
    (void)state;
    told[0] = '\0';
    json_t *env = quiet();
    assert_int_equal(conditions(env, tell, NULL), 0);
    assert_string_equal(told, "");
    json_decref(env);
}

static void what_is_unknown_is_told_nothing_of(void **state) {
    (void)state;
    json_t *env = json_object();
    assert_int_equal(conditions(env, tell, NULL), 0);
    assert_int_equal(conditions(NULL, tell, NULL), 0);
    json_decref(env);
}

static void each_disturbance_is_told_once(void **state) {
    static const struct {
        const char *fact, *value, *want;
    } cases[] = {
        {"governor", "\"powersave\"", "governor: the frequency governor is powersave"},
        {"no_turbo", "0", "turbo: turbo is on"},
        {"boost", "1", "turbo: turbo is on"},
        {"smt", "\"on\"", "smt: SMT is on"},
        {"mitigations",
         "{\"mds\":\"Vulnerable: no microcode\",\"l1tf\":\"Vulnerable\",\"srbds\":\"Not "
         "affected\"}",
         "mitigations: not mitigated: mds, l1tf: "},
        {"microcode", "null", "microcode: the microcode revision is unknown"},
        {"virtual", "true", "hypervisor: a virtual machine: "},
        {"hypervisor", "\"xen\"", "hypervisor: a virtual machine (xen): "},
        {"steal_seconds", "40", "steal: the hypervisor gave 1.0% of this machine's time"},
        {"load", "[2.5,1,1]", "load: the load was 2.50 on 4 CPUs"},
        {"aslr", "0", "aslr: ASLR is off"},
        {"page_bytes", "65536", "page size: pages have 65536 bytes"},
        {"thp", "\"always\"", "thp: transparent huge pages are always on"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *env = quiet();
        told[0] = '\0';
        json_object_set_new(env, cases[i].fact, json_loads(cases[i].value, JSON_DECODE_ANY, NULL));
        if (conditions(env, tell, NULL) != 1 || strncmp(told, cases[i].want, strlen(cases[i].want)))
            fail_msg("%s = %s: %s", cases[i].fact, cases[i].value, told);
        json_decref(env);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quiet_machine_is_told_nothing),
        cmocka_unit_test(what_is_unknown_is_told_nothing_of),
        cmocka_unit_test(each_disturbance_is_told_once),
    };
    return cmocka_run_group_tests_name("conditions", tests, NULL, NULL);
}
