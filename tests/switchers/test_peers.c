/* Each peer that this build has makes its round trips, keeps what its contract says, and leaves nothing behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "harness/contract.h"
#include "harness/switcher.h"

#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/wait.h>

enum { ITERATIONS = 1000 };

static bool available(const struct switcher *s) {
    return s->native && strcmp(s->kind, "peer") == 0 && !(s->unavailable && s->unavailable());
}

#define EACH_PEER(s)                                                                                                               \
    for (const struct switcher *const *p = switcher_all(), *s; (s = *p) != NULL; p++)                                              \
        if (available(s))

static const struct switcher *find(const char *name) {
    EACH_PEER(s) if (strcmp(s->name, name) == 0) return s;
    fail_msg("there is no peer %s", name);
    return NULL;
}

static void the_packaged_peers_are_there(void **state) {
    (void)state;
    static const char *const names[] = {"boost", "futex", "pcl", "pipe", "setjmp", "ucontext"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) assert_non_null(find(names[i]));
}

static void a_peer_without_its_library_says_what_to_give_make(void **state) {
    (void)state;
    for (const struct switcher *const *p = switcher_all(); *p; p++)
        if (strcmp((*p)->kind, "peer") == 0 && (*p)->unavailable && (*p)->unavailable()) assert_non_null(strstr((*p)->unavailable(), "PEERS_DIR"));
}

static void each_peer_makes_its_round_trips(void **state) {
    (void)state;
    EACH_PEER(s) {
        assert_true(s->native->pingpong(0));
        assert_true(s->native->pingpong(1));
        assert_true(s->native->pingpong(ITERATIONS));
    }
}

static void values_survive_in_each_pressure_kernel(void **state) {
    (void)state;
    int kernels = 0;
    EACH_PEER(s)
        for (int file = 0; file < KERNEL_VALUES; file++)
            for (int use = 0; use < KERNEL_USES; use++)
                for (int live = 0; live < KERNEL_LIVE; live++) {
                    kernel_fn *kernel = s->native->pressure[file][use][live];
                    kernels += kernel != NULL;
                    if (kernel && !kernel(ITERATIONS)) fail_msg("%s lost a value of %d", s->name, live);
                }
    assert_true(kernels > 0);
}

static void each_peer_keeps_its_contract(void **state) {
    (void)state;
    EACH_PEER(s) {
        json_t *check = contract_check(s, 3);
        if (strcmp(json_string_value(json_object_get(check, "status")), "pass") != 0)
            fail_msg("%s: %s", s->name, json_dumps(check, 0));
        json_decref(check);
    }
}

static void a_contract_that_promises_more_than_setjmp_saves_fails(void **state) {
    (void)state;
    static const struct clause boast[] = {{"fpcontrol", NULL, SAVED, ""}, {NULL, NULL, INCONSEQUENTIAL, ""}};
    struct switcher boaster = *find("setjmp");
    boaster.contract.clauses = boast;
    json_t *check = contract_check(&boaster, 3);
    assert_string_equal(json_string_value(json_object_get(check, "status")), "fail");
    assert_int_equal(json_array_size(json_object_get(check, "corrupted")), 2);
    json_decref(check);
}

static int entries(const char *folder) {
    int n = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    while (readdir(dir)) n++;
    closedir(dir);
    return n;
}

static void no_thread_process_or_file_is_left_behind(void **state) {
    (void)state;
    int threads = entries("/proc/self/task"), files = entries("/proc/self/fd");
    EACH_PEER(s) s->native->pingpong(10);
    assert_int_equal(entries("/proc/self/task"), threads);
    assert_int_equal(entries("/proc/self/fd"), files);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void the_cpus_that_the_process_may_use_are_the_same_again(void **state) {
    (void)state;
    cpu_set_t before, after;
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    EACH_PEER(s) s->native->pingpong(10);
    assert_int_equal(sched_getaffinity(0, sizeof after, &after), 0);
    assert_true(CPU_EQUAL(&before, &after));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_packaged_peers_are_there),
        cmocka_unit_test(a_peer_without_its_library_says_what_to_give_make),
        cmocka_unit_test(each_peer_makes_its_round_trips),
        cmocka_unit_test(values_survive_in_each_pressure_kernel),
        cmocka_unit_test(each_peer_keeps_its_contract),
        cmocka_unit_test(a_contract_that_promises_more_than_setjmp_saves_fails),
        cmocka_unit_test(no_thread_process_or_file_is_left_behind),
        cmocka_unit_test(the_cpus_that_the_process_may_use_are_the_same_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
