/* The stepper: exact differences where a kernel repeats itself, and a reason, in bounded time, for
 * each way it can fail to. */
#include "engines/native/stepper.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { SWITCHES = 2 };
static const struct count_limits ample = {.steps = 200000, .seconds = 60},
                                 few_steps = {.steps = 2000, .seconds = 60},
                                 little_time = {.steps = 200000, .seconds = 1};

static volatile uint64_t sink;

static bool steady(uint64_t iterations) {
    for (uint64_t i = 0; i < iterations; i++)
        sink = i;
    return true;
}
static bool growing(uint64_t iterations) {
    return steady(iterations * iterations);
}
static bool corrupted(uint64_t iterations) {
    return !steady(iterations);
}
static bool leaving(uint64_t iterations) {
    if (iterations > 1) _exit(5);
    return true;
}
static bool crashing(uint64_t iterations) {
    if (iterations > 1) raise(SIGILL);
    return true;
}
static bool spinning(uint64_t iterations) {
    while (iterations > 1)
        sink = 0;
    return true;
}
static bool waiting(uint64_t iterations) {
    while (iterations > 1)
        pause();
    return true;
}
static bool waiting_at_once(uint64_t iterations) {
    return pause() == 0 && iterations;
}

static double value(const json_t *counted, const char *name) {
    return json_number_value(json_object_get(json_object_get(counted, name), "value"));
}

static void a_store_an_iteration_is_half_a_store_a_switch(void **state) {
    (void)state;
    json_t *counted = native_count(steady, SWITCHES);
    const char *why = json_string_value(json_object_get(counted, "skip"));
    if (why) print_error("%s\n", why);
    assert_null(why);
    assert_float_equal(value(counted, "stores"), 0.5, 0);
    assert_true(value(counted, "instructions") >= 1);
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(counted, "bytes"), "unit")), "bytes");
    json_decref(counted);
}

static void two_counts_are_the_same(void **state) {
    (void)state;
    json_t *once = native_count(steady, SWITCHES), *again = native_count(steady, SWITCHES);
    assert_true(json_equal(once, again));
    json_decref(once);
    json_decref(again);
}

static void skipped_within(struct count_limits limits, kernel_fn *kernel, const char *reason) {
    json_t *counted = native_count_within(limits, kernel, SWITCHES);
    const char *why = json_string_value(json_object_get(counted, "skip"));
    assert_non_null(why);
    if (!strstr(why, reason)) print_error("expected '%s' in: %s\n", reason, why);
    assert_non_null(strstr(why, reason));
    assert_int_equal(json_object_size(counted), 1);
    json_decref(counted);
}

static void skipped_because(kernel_fn *kernel, const char *reason) {
    skipped_within(ample, kernel, reason);
}

static void a_kernel_that_grows_is_not_repeatable(void **state) {
    (void)state;
    skipped_because(growing, "not repeatable: instructions of 8, 16 and 24 iterations");
}
static void a_kernel_that_corrupts_its_values_is_not_counted(void **state) {
    (void)state;
    skipped_because(corrupted, "did not survive");
}
static void a_kernel_that_exits_is_a_reason(void **state) {
    (void)state;
    skipped_because(leaving, "exit code 5");
}
static void a_kernel_that_crashes_names_the_signal(void **state) {
    (void)state;
    skipped_because(crashing, "signal 4");
}
static void a_kernel_that_spins_ends_at_the_step_limit(void **state) {
    (void)state;
    skipped_within(few_steps, spinning, "more than 2000 instructions");
}
static void a_kernel_that_waits_ends_at_the_time_limit(void **state) {
    (void)state;
    skipped_within(little_time, waiting, "within 1 s");
    skipped_within(little_time, waiting_at_once, "within 1 s");
}

/* ---- where ptrace is forbidden ---- */

static void forbid_ptrace(void) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ptrace, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
        _exit(77);
}

static void without_permission_to_trace_the_reason_says_so(void **state) {
    (void)state;
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        forbid_ptrace();
        json_t *counted = native_count(steady, SWITCHES);
        const char *why = json_string_value(json_object_get(counted, "skip"));
        _exit(why && strstr(why, "ptrace is not permitted") ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77) skip(); /* no seccomp here */
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_an_iteration_is_half_a_store_a_switch),
        cmocka_unit_test(two_counts_are_the_same),
        cmocka_unit_test(a_kernel_that_grows_is_not_repeatable),
        cmocka_unit_test(a_kernel_that_corrupts_its_values_is_not_counted),
        cmocka_unit_test(a_kernel_that_exits_is_a_reason),
        cmocka_unit_test(a_kernel_that_crashes_names_the_signal),
        cmocka_unit_test(a_kernel_that_spins_ends_at_the_step_limit),
        cmocka_unit_test(a_kernel_that_waits_ends_at_the_time_limit),
        cmocka_unit_test(without_permission_to_trace_the_reason_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
