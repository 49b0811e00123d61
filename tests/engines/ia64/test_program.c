/* test_program.c - the program ia64sim: its options, messages and exit statuses. */
#include "machine_test.h"

static char dir[] = "/tmp/ia64sim.XXXXXX", simulator[512];

/* Runs ia64sim on the program; its exit status. stdout and stderr end in the files out and err. */
static int run_simulator(const char *options, const char *arguments) {
    char text[1200];
    int status;

    snprintf(text, sizeof text, "cd %s && %s %s t.elf %s >out 2>err </dev/null", dir, simulator,
             options, arguments);
    status = system(text);
    return status == -1 ? -1 : status >> 8 & 255;
}

static bool says(const char *file, const char *pattern) {
    return command("cd %s && grep -q -e '%s' %s", dir, pattern, file);
}

#define CHECK(file, pattern)                                                                       \
    do {                                                                                           \
        if (!says(file, pattern)) {                                                                \
            command("cat %s/%s >&2", dir, file);                                                   \
            fail_msg("%s does not say %s", file, pattern);                                         \
        }                                                                                          \
    } while (0)

static const char source[] = ".global _start, loop, done\n"
                             "_start: mov r8=0\n mov ar.lc=9\n mov r32='x'\n mov r15=31\n"
                             "break 0x80001\n .align 32\n"
                             "loop: adds r8=1,r8\n ld8 r9=[r0]\n br.cloop.sptk loop\n .align 32\n"
                             "done: mov r32=7\n mov r15=66\n break 0x80001\n";

static int set_up(void **state) {
    FILE *f;
    char path[64];

    (void)state;
    if (!mkdtemp(dir)) return -1;
    snprintf(path, sizeof path, "%s/t.s", dir);
    f = fopen(path, "w");
    if (!f) return -1;
    fputs(source, f);
    fclose(f);
    return command("cd %s && ia64-linux-gnu-as -xauto -o t.o t.s && ia64-linux-gnu-ld "
                   "--no-warn-rwx-segments -N -Ttext 0x100000 -o t.elf t.o",
                   dir)
               ? 0
               : -1;
}

static int tear_down(void **state) {
    (void)state;
    return command("rm -r %s", dir) ? 0 : -1;
}

static void runs_to_the_program_s_status(void **state) {
    (void)state;
    assert_int_equal(run_simulator("", ""), 7);
    CHECK("out", "^x$");
    assert_true(command("cd %s && ! test -s err", dir));
}

static void the_limit_is_reported(void **state) {
    (void)state;
    assert_int_equal(run_simulator("--limit 5", ""), 124);
    CHECK("err", "the limit of 5 instructions");
}

static void stops_are_reported(void **state) {
    (void)state;
    assert_int_equal(run_simulator("--memory 4096", ""), 7);
    assert_int_equal(run_simulator("--memory 10", ""), 2);
    CHECK("err", "memory limit");
}

static void wrong_use(void **state) {
    (void)state;
    assert_int_not_equal(run_simulator("--limit five", ""), 0);
    CHECK("err", "not a number: five");
    assert_int_not_equal(run_simulator("--stats=xml", ""), 0);
    assert_int_not_equal(run_simulator("--interrupt-at 1,300", ""), 0);
    assert_int_equal(run_simulator("--region loop", ""), 2);
    assert_int_equal(run_simulator("--region nowhere,done", ""), 2);
    CHECK("err", "no such symbol");
    assert_int_equal(run_simulator("--state /nonexistent/x", ""), 2);
    assert_int_equal(run_simulator("missing.elf", ""), 2);
    CHECK("err", "missing.elf: No such file");
}

static void trace_shows_instructions_and_changes(void **state) {
    (void)state;
    assert_int_equal(run_simulator("--trace", ""), 7);
    CHECK("err", "100000.1 mov\\.i ar\\.lc=9\\|mov\\.i ar\\.lc=9");
    CHECK("err", "adds r8=1,r8.*r8=a$");
    CHECK("err", "br.cloop.*-> ");
    CHECK("err", "ld8 r9=\\[r0\\].*\\[0\\]");
}

static void a_region_is_counted(void **state) {
    (void)state;
    assert_int_equal(run_simulator("--region loop,done --stats=json", ""), 7);
    CHECK("err", "\"passes\": 1");
    CHECK("err", "\"loads\": 10");
    CHECK("err", "\"bytes_loaded\": 80");
    CHECK("err", "\"taken_branches\": 9");
    assert_int_equal(run_simulator("--region loop,done", ""), 7);
    CHECK("err", "^region.loads  *10$");
}

static void state_is_written(void **state) {
    (void)state;
    assert_int_equal(run_simulator("--state s1", ""), 7);
    CHECK("s1", "^r9 0x0000000000000000$");
    assert_int_equal(run_simulator("--state s2", ""), 7);
    assert_true(command("cd %s && cmp s1 s2", dir)); /* two runs are the same to the byte */
}

static void an_interrupt_is_delivered_where_it_is_told(void **state) {
    (void)state;
    assert_int_equal(run_simulator("--interrupt-at 12,0x41 --state s3", ""), 7);
    CHECK("s3", "^cr.irr1 0x0000000000000002$"); /* psr.i = 0: it stays pending */
}

static void groups_are_checked(void **state) {
    (void)state;
    assert_int_equal(run_simulator("--check-groups", ""), 7);
    CHECK("err", "0 violations");
}

int main(int argc, char **argv) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_to_the_program_s_status),
        cmocka_unit_test(the_limit_is_reported),
        cmocka_unit_test(stops_are_reported),
        cmocka_unit_test(wrong_use),
        cmocka_unit_test(trace_shows_instructions_and_changes),
        cmocka_unit_test(a_region_is_counted),
        cmocka_unit_test(state_is_written),
        cmocka_unit_test(an_interrupt_is_delivered_where_it_is_told),
        cmocka_unit_test(groups_are_checked),
    };
    char *folder, *slash;

    (void)argc;
    if (!have_binutils()) {
        puts("skip: ia64-linux-gnu-as is not there (package binutils-ia64-linux-gnu)");
        return 77;
    }
    folder = realpath(argv[0], NULL); /* BUILD/tests/test_program; the program is BUILD/ia64sim */
    slash = strrchr(folder, '/');
    *slash = 0;
    snprintf(simulator, sizeof simulator, "%s/../ia64sim", folder);
    free(folder);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
