/* machine_test.h - for tests of the machine: programs in assembly, put together by binutils at test
 * time (a stated skip without it), run on a machine of their own. */
#ifndef MACHINE_TEST_H
#define MACHINE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ia64.h"

#define START UINT64_C(0x100000)

/* Runs a command; true when it succeeds. */
static inline bool command(const char *format, ...) {
    char text[1000];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return system(text) == 0;
}

/* A machine with the program loaded at START; mode is auto or explicit (stops by hand). */
static inline struct ia64 *assemble(const char *mode, const char *text,
                                    const struct ia64_config *config) {
    char dir[] = "/tmp/ia64test.XXXXXX", path[64];
    struct ia64 *m = ia64_new(config);
    FILE *f;

    assert_non_null(m);
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/t.s", dir);
    f = fopen(path, "w");
    assert_non_null(f);
    fprintf(f, "\t.text\n\t.%s\n\t.global _start\n_start:\n%s\n", mode, text);
    fclose(f);
    assert_true(
        command("cd %s && ia64-linux-gnu-as -x%s -o t.o t.s 2>as.log || { cat as.log; false; }",
                dir, mode));
    assert_true(
        command("cd %s && ia64-linux-gnu-ld --no-warn-rwx-segments -N -Ttext 0x%lx -o t.elf t.o",
                dir, (unsigned long)START));
    snprintf(path, sizeof path, "%s/t.elf", dir);
    assert_int_equal(ia64_load_elf(m, path), 0);
    assert_true(command("rm -r %s", dir));
    return m;
}

/* Runs the program to its break 0. */
static inline struct ia64 *run_asm(const char *text) {
    struct ia64 *m = assemble("auto", text, NULL);
    enum ia64_stop stop = ia64_run(m, 1000000);

    if (stop != IA64_STOP_EXIT)
        fail_msg("stop %d at 0x%llx.%u after %llu: %s", (int)stop, (unsigned long long)ia64_ip(m),
                 ia64_slot(m), (unsigned long long)ia64_count(m), ia64_message(m));
    return m;
}

static inline void check_gr(struct ia64 *m, unsigned r, uint64_t value, bool nat) {
    struct ia64_gr g = ia64_gr(m, r);

    if (g.nat != nat || (!nat && g.value != value))
        fail_msg("r%u is 0x%llx%s, not 0x%llx%s", r, (unsigned long long)g.value,
                 g.nat ? " NaT" : "", (unsigned long long)value, nat ? " NaT" : "");
}

#define EXPECT(m, r, value) check_gr(m, r, (uint64_t)(value), false)
#define EXPECT_NAT(m, r)    check_gr(m, r, 0, true)

static inline int have_binutils(void) {
    return command("ia64-linux-gnu-as --version >/dev/null 2>&1");
}

/* main() of a test program: all tests, or the skip. */
#define MACHINE_TESTS(tests)                                                                       \
    int main(void) {                                                                               \
        if (!have_binutils()) {                                                                    \
            puts("skip: ia64-linux-gnu-as is not there (package binutils-ia64-linux-gnu)");        \
            return 77;                                                                             \
        }                                                                                          \
        return cmocka_run_group_tests(tests, NULL, NULL);                                          \
    }

#endif
