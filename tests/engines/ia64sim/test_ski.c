/* The same worlds on Ski: the same output, the same counts. Skipped where bski is not there. */
#include "harness/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const struct engine *ski(void) {
    return engine_find("ski");
}

static bool named_by_user; /* SKI as it was */
static char name[512];

static void without_bski_it_says_where_to_get_it(void **state) {
    (void)state;
    setenv("SKI", "/nowhere/bski", 1);
    const char *why = ski()->unavailable();
    assert_non_null(why);
    assert_non_null(strstr(why, "github.com/trofi/ski"));
    assert_non_null(strstr(why, "1.5.1"));
}

static void another_program_is_no_ski(void **state) {
    (void)state;
    setenv("SKI", "/bin/echo", 1);
    const char *why = ski()->unavailable();
    assert_non_null(why);
    assert_non_null(strstr(why, "no option"));
}

/* It knows the options, and answers scripts and worlds in a way of its own: another version. */
static void a_ski_that_answers_otherwise_is_no_count(void **state) {
    static const char program[] =
        "#!/bin/sh\n"
        "[ \"$1\" = -help ] && echo '-noconsole -nonet -icnt FILE -i FILE'\n"
        "echo 'ip: 0x100; ready'\n";
    char path[] = "/tmp/bski-XXXXXX";
    int fd = mkstemp(path);
    (void)state;
    assert_true(fd >= 0 && write(fd, program, sizeof program - 1) == sizeof program - 1);
    assert_int_equal(fchmod(fd, 0755) | close(fd), 0);
    setenv("SKI", path, 1);
    struct work work = {.switcher = *switcher_all(), .seed = 1, .cpu = -1};
    for (const struct switcher *const *s = switcher_all(); *s; s++)
        if (strcmp((*s)->arch, "ia64") == 0) work.switcher = *s;
    assert_null(ski()->unavailable());
    json_t *check = ski()->check(&work), *counts = ski()->count(&work);
    assert_string_equal(json_string_value(json_object_get(check, "status")), "fail");
    assert_non_null(strstr(json_string_value(json_object_get(check, "reason")), "ready"));
    assert_non_null(strstr(json_string_value(json_object_get(counts, "skip")), "bski did not"));
    json_decref(check);
    json_decref(counts);
    unlink(path);
}

static void restore(void) {
    if (named_by_user)
        setenv("SKI", name, 1);
    else
        unsetenv("SKI");
}

static void each_switcher(void (*try)(const struct work *)) {
    restore();
    if (ski()->unavailable()) {
        fprintf(stderr, "skipped: %s\n", ski()->unavailable());
        skip();
    }
    for (const struct switcher *const *s = switcher_all(); *s; s++)
        if (strcmp((*s)->arch, "ia64") == 0)
            try(&(struct work){.switcher = *s, .seed = 1, .cpu = -1});
}

static void try_check(const struct work *work) {
    json_t *check = ski()->check(work);
    assert_string_equal(json_string_value(json_object_get(check, "status")), "pass");
    json_decref(check);
}

static void try_count(const struct work *work) {
    json_t *theirs = ski()->count(work), *ours = engine_find("ia64sim")->count(work), *metric;
    const char *metric_name;
    assert_null(json_object_get(theirs, "skip"));
    json_object_foreach(theirs, metric_name, metric) {
        double value = json_number_value(json_object_get(metric, "value"));
        json_t *other = json_object_get(ours, metric_name);
        assert_true(value == json_number_value(json_object_get(other, "value")));
    }
    json_decref(theirs);
    json_decref(ours);
}

static void a_world_says_on_ski_what_it_says_on_ia64sim(void **state) {
    (void)state;
    each_switcher(try_check);
}

static void counts_are_the_same_on_both(void **state) {
    (void)state;
    each_switcher(try_count);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_bski_it_says_where_to_get_it),
        cmocka_unit_test(another_program_is_no_ski),
        cmocka_unit_test(a_ski_that_answers_otherwise_is_no_count),
        cmocka_unit_test(a_world_says_on_ski_what_it_says_on_ia64sim),
        cmocka_unit_test(counts_are_the_same_on_both),
    };
    const char *ski_now = getenv("SKI");
    named_by_user = ski_now != NULL;
    snprintf(name, sizeof name, "%s", ski_now ? ski_now : "");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
