/* test_environment.c: facts are read from a made-up machine; what it does not tell is null. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs those first */
#include <cmocka.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/environment.h"
#include "tests/harness/lines.h"

static const struct {
    const char *path, *text;
} machine[] = {
    {"/proc/cpuinfo",
     "processor\t: 0\nvendor_id\t: Maker\ncpu family\t: 25\nmodel\t\t: 17\nmodel name\t: Maker: "
     "CPU 9\n"
     "stepping\t: 1\nmicrocode\t: 0xa101148\ncpu cores\t: 2\nflags\t\t: fpu hypervisor avx\n\n"
     "processor\t: 1\nvendor_id\t: Maker\nmodel name\t: Other\n"},
    {"/proc/meminfo", "MemFree: 1 kB\nMemTotal:       2048 kB\n"},
    {"/proc/loadavg", "0.50 1.25 2.00 1/99 1234\n"},
    {"/proc/stat", "cpu  1 2 3 4 5 6 7 800 9 10\ncpu0 1 2 3\n"},
    {"/proc/sys/kernel/osrelease", "6.1.0-test\n"},
    {"/proc/sys/kernel/randomize_va_space", "2\n"},
    {"/proc/sys/kernel/perf_event_paranoid", "-1\n"},
    {"/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n"},
    {"/sys/devices/system/cpu/smt/control", "off\n"},
    {"/sys/devices/system/cpu/cpufreq/boost", "1\n"},
    {"/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n"},
    {"/sys/devices/system/cpu/vulnerabilities/meltdown", "Not affected\n"},
    {"/sys/devices/system/cpu/vulnerabilities/retbleed", "Mitigation: untrained return thunk\n"},
};

static char *root;

static void put(const char *path, const char *text) {
    char full[512];
    snprintf(full, sizeof full, "%s%s", root, path);
    for (char *slash = strchr(full + strlen(root) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(full, 0777);
        *slash = '/';
    }
    FILE *f = fopen(full, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static int setup(void **state) {
    (void)state;
    root = make_folder();
    return root ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    remove_tree(root);
    free(root);
    return 0;
}

static json_t *environment_of_machine(void) {
    for (size_t i = 0; i < sizeof machine / sizeof *machine; i++)
        put(machine[i].path, machine[i].text);
    json_t *env = environment(root, "gcc 12.2.0 -O2");
    assert_non_null(env);
    return env;
}

static void every_fact_of_a_machine_is_read(void **state) {
    (void)state;
    json_t *env = environment_of_machine();
    json_t *want =
        json_pack("{s:s, s:s, s:i, s:i, s:i, s:s, s:i, s:i, s:b, s:i, s:[f,f,f], s:s, s:i, s:i, "
                  "s:s, s:s, s:i, s:s, s:{s:s, s:s}, s:s}",
                  "cpu", "Maker: CPU 9", "vendor", "Maker", "family", 25, "model", 17, "stepping",
                  1, "microcode", "0xa101148", "cpus", 2, "cores_per_socket", 2, "virtual", 1,
                  "memory_bytes", 2048 * 1024, "load", 0.5, 1.25, 2.0, "kernel", "6.1.0-test",
                  "aslr", 2, "perf_event_paranoid", -1, "thp", "madvise", "smt", "off", "boost", 1,
                  "governor", "performance", "mitigations", "meltdown", "Not affected", "retbleed",
                  "Mitigation: untrained return thunk", "compiler", "gcc 12.2.0 -O2");
    const char *name;
    json_t *value;
    json_object_foreach(want, name, value) if (!json_equal(value, json_object_get(env, name)))
        fail_msg("%s is %s", name, json_dumps(json_object_get(env, name), JSON_ENCODE_ANY));
    assert_true(json_integer_value(json_object_get(env, "page_bytes")) >= 4096);
    double seconds = json_number_value(json_object_get(env, "steal_seconds"));
    assert_true(seconds * (double)sysconf(_SC_CLK_TCK) == 800);
    json_decref(want);
    json_decref(env);
}

static void a_machine_that_tells_nothing_has_null_for_every_fact(void **state) {
    (void)state;
    json_t *env = environment(root, NULL), *full, *value;
    const char *name;
    json_object_foreach(env, name, value) if (strcmp(name, "page_bytes") && !json_is_null(value))
        fail_msg("%s is not null", name);
    full = environment_of_machine();
    assert_int_equal(json_object_size(env),
                     json_object_size(full)); /* null is stated, not left out */
    json_decref(full);
    json_decref(env);
}

static void a_file_with_odd_contents_makes_its_fact_null(void **state) {
    (void)state;
    put("/proc/cpuinfo", "no colons here\nmodel\t: many\n:\n");
    put("/proc/loadavg", "idle\n");
    put("/proc/stat", "intr 5\n");
    put("/proc/meminfo", "MemTotal: lots\n");
    put("/sys/kernel/mm/transparent_hugepage/enabled", "always madvise\n");
    put("/proc/sys/kernel/osrelease", "\n");
    put("/sys/devices/system/cpu/cpufreq/boost", "1 or 0\n");
    json_t *env = environment(root, NULL);
    static const char *const names[] = {"model", "load",   "steal_seconds", "memory_bytes",
                                        "thp",   "kernel", "boost",         "cpus"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!json_is_null(json_object_get(env, names[i]))) fail_msg("%s is not null", names[i]);
    json_decref(env);
}

static void a_flag_that_the_cpu_lacks_is_false(void **state) {
    (void)state;
    put("/proc/cpuinfo", "flags\t: fpu hypervisors\n");
    json_t *env = environment(root, NULL);
    assert_true(json_is_false(json_object_get(env, "virtual")));
    json_decref(env);
}

static void this_machine_tells_its_kernel(void **state) {
    (void)state;
    json_t *env = environment("", NULL);
    assert_true(json_is_string(json_object_get(env, "kernel")));
    json_decref(env);
}

/* Run from the top of the tree. */
static void the_schema_document_lists_every_fact(void **state) {
    (void)state;
    json_t *env = environment("", NULL), *value;
    char text[32768] = "", quoted[64];
    const char *name;
    FILE *f = fopen("docs/records.md", "r");
    assert_non_null(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    json_object_foreach(env, name, value) {
        snprintf(quoted, sizeof quoted, "`%s`", name);
        if (!strstr(text, quoted)) fail_msg("docs/records.md does not say what %s is", name);
    }
    json_decref(env);
}

#define with_root(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        with_root(every_fact_of_a_machine_is_read),
        with_root(a_machine_that_tells_nothing_has_null_for_every_fact),
        with_root(a_file_with_odd_contents_makes_its_fact_null),
        with_root(a_flag_that_the_cpu_lacks_is_false),
        cmocka_unit_test(this_machine_tells_its_kernel),
        cmocka_unit_test(the_schema_document_lists_every_fact),
    };
    return cmocka_run_group_tests_name("environment", tests, NULL, NULL);
}
