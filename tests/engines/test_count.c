/* The exact counts equal cachegrind's, switcher by switcher, on this very binary: run with
 * arguments ID N it only runs N iterations of that switcher's pingpong, which is what it lets
 * valgrind watch. */
#include "engines/native/stepper.h"
#include "harness/switcher.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { ITERATIONS = 50, SWITCHES = 2 };

struct counts {
    unsigned long long instructions, loads, stores;
};

static int loop(const char *id, const char *iterations) {
    const struct switcher *switcher = switcher_by_id(id);
    return switcher && switcher->native->pingpong(strtoull(iterations, NULL, 10)) ? 0 : 1;
}

/* ---- what cachegrind says ---- */

static char program[] = "/tmp/switchlab-count-XXXXXX";

/* this program without debug information, of which valgrind 3.19 can't read what clang writes; the
 * code is the same */
static int strip_program(void **state) {
    (void)state;
    char self[PATH_MAX] = "", command[2 * PATH_MAX];
    int fd = mkstemp(program);
    if (fd < 0 || readlink("/proc/self/exe", self, sizeof self - 1) < 0) return -1;
    close(fd);
    snprintf(command, sizeof command, "strip --strip-debug -o %s '%s' && chmod 700 %s", program,
             self, program);
    return system(command) == 0 ? 0 : -1;
}

static int remove_program(void **state) {
    (void)state;
    return unlink(program);
}

/* N has 8 digits in any case: the program's start must not differ. The totals in its output file:
 * summary: Ir I1mr ILmr Dr D1mr DLmr Dw D1mw DLmw */
static bool cachegrind(const struct switcher *switcher, int iterations, struct counts *counts) {
    char id[SWITCHER_ID], out[] = "/tmp/switchlab-cachegrind-XXXXXX", command[2 * PATH_MAX],
                          line[512];
    int fd = mkstemp(out);
    assert_true(fd >= 0);
    switcher_id(switcher, id);
    snprintf(command, sizeof command,
             "valgrind --tool=cachegrind --cache-sim=yes --cachegrind-out-file=%s '%s' '%s' %08d "
             ">/dev/null 2>&1",
             out, program, id, iterations);
    bool found = false;
    FILE *file = system(command) == 0 ? fdopen(fd, "r") : NULL;
    while (file && fgets(line, sizeof line, file))
        found = found || sscanf(line, "summary: %llu %*u %*u %llu %*u %*u %llu",
                                &counts->instructions, &counts->loads, &counts->stores) == 3;
    file ? fclose(file) : close(fd);
    unlink(out);
    return found;
}

static double per_switch(unsigned long long n, unsigned long long twice) {
    return ((double)twice - (double)n) / (SWITCHES * ITERATIONS);
}

/* ---- which switchers it can watch ---- */

/* states that valgrind 3.19 does not run (AVX-512, xsavec, xsaveopt) or moves in pieces of its own
 */
static const char *not_comparable(const struct switcher *switcher) {
    static const char *const states[] = {"zmm", "fxsave", "xsave", "xsavec", "xsaveopt"};
    if (!switcher->native) return "no native form";
    if (switcher->native->threads) return "switches between threads or processes";
    if (strcmp(switcher->mask, "none") != 0) return "a mask adds the same instructions to each; under valgrind there is no rseq";
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(switcher->state, states[i]) == 0)
            return "valgrind 3.19 does not run it, or emulates its state in pieces";
    return switcher->unavailable ? switcher->unavailable() : NULL;
}

static double value(const json_t *counted, const char *name) {
    return json_number_value(json_object_get(json_object_get(counted, name), "value"));
}

static bool agrees(const struct switcher *switcher, const char *name, double lab, double theirs) {
    if (lab == theirs) return true;
    print_error("%s (%s): %s: the lab counts %g, cachegrind %g\n", switcher->name,
                switcher->transfer, name, lab, theirs);
    return false;
}

static bool compare(const struct switcher *switcher) {
    struct counts n, twice;
    json_t *counted = native_count(switcher->native->pingpong, SWITCHES);
    const char *skip = json_string_value(json_object_get(counted, "skip"));
    bool same = !skip && cachegrind(switcher, ITERATIONS, &n) &&
                cachegrind(switcher, 2 * ITERATIONS, &twice);
    if (!same)
        print_error("%s (%s): %s\n", switcher->name, switcher->transfer,
                    skip ? skip : "fails under valgrind");
    same = same && agrees(switcher, "instructions", value(counted, "instructions"),
                          per_switch(n.instructions, twice.instructions));
    same = same &&
           agrees(switcher, "loads", value(counted, "loads"), per_switch(n.loads, twice.loads));
    same = same &&
           agrees(switcher, "stores", value(counted, "stores"), per_switch(n.stores, twice.stores));
    json_decref(counted);
    return same;
}

extern void __asan_init(void)
    __attribute__((weak)); /* there only in a build with AddressSanitizer */

static void counts_equal_cachegrinds(void **state) {
    (void)state;
    int compared = 0, wrong = 0;
    if (__asan_init) {
        print_message("skipped: valgrind does not run programs built with AddressSanitizer\n");
        skip();
    }
    if (system("valgrind --version >/dev/null 2>&1") != 0) {
        print_message("skipped: valgrind is not installed (Debian package valgrind)\n");
        skip();
    }
    for (const struct switcher *const *s = switcher_all(); *s; s++) {
        const char *why = not_comparable(*s);
        if (why) print_message("%s (%s): skipped: %s\n", (*s)->name, (*s)->transfer, why);
        if (why) continue;
        compared++;
        wrong += !compare(*s);
    }
    print_message("%d switchers compared with cachegrind, %d differ\n", compared, wrong);
    assert_true(compared > 0);
    assert_int_equal(wrong, 0);
}

int main(int argc, char **argv) {
    if (argc == 3) return loop(argv[1], argv[2]);
    const struct CMUnitTest tests[] = {cmocka_unit_test(counts_equal_cachegrinds)};
    return cmocka_run_group_tests(tests, strip_program, remove_program);
}
