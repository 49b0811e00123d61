/* The exact counts equal cachegrind's, switcher by switcher, on this very binary: run with an argument it only runs the pingpong of
 * every switcher, which is what it lets valgrind watch, once for all of them. */
#include "engines/native/stepper.h"
#include "harness/switcher.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { ITERATIONS = 50, SWITCHES = 2, STEPS = 3 };

struct counts {
    unsigned long long instructions, loads, stores;
};

extern void __asan_init(void)
    __attribute__((weak)); /* there only in a build with AddressSanitizer */

/* ---- which switchers valgrind can watch ---- */

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

/* ---- what valgrind watches ---- */

/* A process writes its counts when it ends, so one that ends here writes what its parent has counted until now. */
static pid_t counts_until_now(void) {
    pid_t pid = fork();
    if (pid == 0) _exit(0);
    waitpid(pid, NULL, 0);
    return pid;
}

/* The first time is for what is bound or made once. Between one end of count and the next lie N iterations, then 2 N, and the same
 * besides. */
static int watched_switcher(const struct switcher *switcher) {
    static const uint64_t iterations[STEPS] = {ITERATIONS, ITERATIONS, 2 * ITERATIONS};
    char id[SWITCHER_ID];
    pid_t counts[STEPS];
    for (int step = 0; step < STEPS; step++) {
        if (!switcher->native->pingpong(iterations[step])) return 1;
        counts[step] = counts_until_now();
    }
    switcher_id(switcher, id);
    printf("%s %d %d %d\n", id, (int)counts[0], (int)counts[1], (int)counts[2]);
    fflush(stdout);
    return 0;
}

static int watched(void) {
    counts_until_now(); /* what it calls is bound now */
    for (const struct switcher *const *s = switcher_all(); *s; s++) {
        if (not_comparable(*s)) continue;
        pid_t pid = fork(); /* a crash is of one switcher */
        if (pid == 0) _exit(watched_switcher(*s));
        waitpid(pid, NULL, 0);
    }
    return 0;
}

/* ---- what cachegrind says ---- */

/* this program without debug information, of which valgrind 3.19 can't read what clang writes (the code is the same); what it
 * says; and, by process, what cachegrind counts */
static char folder[] = "/tmp/switchlab-count-XXXXXX";

static int watch(void **state) {
    (void)state;
    char self[PATH_MAX] = "", command[2 * PATH_MAX];
    if (__asan_init || system("valgrind --version >/dev/null 2>&1") != 0) return 0;
    if (!mkdtemp(folder) || readlink("/proc/self/exe", self, sizeof self - 1) < 0) return -1;
    snprintf(command, sizeof command,
             "strip --strip-debug -o %s/program '%s' && valgrind --tool=cachegrind --cache-sim=yes "
             "--cachegrind-out-file=%s/%%p %s/program watched >%s/said 2>%s/errors",
             folder, self, folder, folder, folder, folder);
    return system(command) == 0 ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    char command[PATH_MAX];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

/* The totals in its file: summary: Ir I1mr ILmr Dr D1mr DLmr Dw D1mw DLmw */
static bool counts_of(int process, struct counts *counts) {
    char path[PATH_MAX], line[512];
    snprintf(path, sizeof path, "%s/%d", folder, process);
    FILE *file = fopen(path, "r");
    bool found = false;
    while (file && fgets(line, sizeof line, file))
        found = found || sscanf(line, "summary: %llu %*u %*u %llu %*u %*u %llu",
                                &counts->instructions, &counts->loads, &counts->stores) == 3;
    if (file) fclose(file);
    return found;
}

/* what it counted until each step of this switcher */
static bool cachegrind(const struct switcher *switcher, struct counts counts[STEPS]) {
    char id[SWITCHER_ID], path[PATH_MAX], line[512], name[SWITCHER_ID];
    int process[STEPS];
    bool found = false;
    switcher_id(switcher, id);
    snprintf(path, sizeof path, "%s/said", folder);
    FILE *said = fopen(path, "r");
    while (said && !found && fgets(line, sizeof line, said))
        found = sscanf(line, "%95s %d %d %d", name, &process[0], &process[1], &process[2]) == 4 &&
                strcmp(name, id) == 0;
    if (said) fclose(said);
    for (int step = 0; step < STEPS; step++)
        found = found && counts_of(process[step], &counts[step]);
    return found;
}

static double per_switch(unsigned long long warm, unsigned long long n, unsigned long long twice) {
    return ((double)twice - 2 * (double)n + (double)warm) / (SWITCHES * ITERATIONS);
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
    struct counts c[STEPS];
    json_t *counted = native_count(switcher->native->pingpong, SWITCHES);
    const char *skip = json_string_value(json_object_get(counted, "skip"));
    bool same = !skip && cachegrind(switcher, c);
    if (!same)
        print_error("%s (%s): %s\n", switcher->name, switcher->transfer,
                    skip ? skip : "fails under valgrind");
    if (same) {
        same &= agrees(switcher, "instructions", value(counted, "instructions"),
                       per_switch(c[0].instructions, c[1].instructions, c[2].instructions));
        same &= agrees(switcher, "loads", value(counted, "loads"),
                       per_switch(c[0].loads, c[1].loads, c[2].loads));
        same &= agrees(switcher, "stores", value(counted, "stores"),
                       per_switch(c[0].stores, c[1].stores, c[2].stores));
    }
    json_decref(counted);
    return same;
}

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
    (void)argv;
    if (argc > 1) return watched();
    const struct CMUnitTest tests[] = {cmocka_unit_test(counts_equal_cachegrinds)};
    return cmocka_run_group_tests(tests, watch, remove_folder);
}
