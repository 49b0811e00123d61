/* test_ssc.c - simulator calls: console, arguments, files inside their folder and nowhere else,
 * interrupts. */
#include <sys/stat.h>

#include "machine_test.h"

#define CALL(number) "mov r15=" #number "\n break 0x80001\n"

struct session {
    char dir[32];
    char *console;
    size_t size;
    struct ia64_config config;
};

static int set_up(void **state) {
    struct session *s = calloc(1, sizeof *s);

    strcpy(s->dir, "/tmp/ia64ssc.XXXXXX");
    if (!mkdtemp(s->dir)) return -1;
    s->config.root = s->dir;
    s->config.console_out = open_memstream(&s->console, &s->size);
    *state = s;
    return command("cd %s && mkdir in && printf 0123456789 >in/data && ln -s /etc/passwd link && "
                   "ln -s .. up",
                   s->dir)
               ? 0
               : -1;
}

static int tear_down(void **state) {
    struct session *s = *state;
    bool done = command("rm -r %s", s->dir);

    fclose(s->config.console_out);
    free(s->console);
    free(s);
    return done ? 0 : -1;
}

static struct ia64 *run_calls(struct session *s, const char *text) {
    struct ia64 *m = assemble("auto", text, &s->config);

    assert_int_equal(ia64_run(m, 100000), IA64_STOP_EXIT);
    return m;
}

static void console_and_exit(void **state) {
    struct session *s = *state;
    struct ia64 *m = run_calls(
        s, CALL(20) "mov r32='A'\n" CALL(31) "mov r32='b'\n" CALL(31) "mov r32=0x12a\n" CALL(66));

    fflush(s->config.console_out);
    assert_string_equal(s->console, "Ab");
    assert_int_equal(ia64_exit_status(m), 0x2a);
    EXPECT(m, 8, 0x12a);
    ia64_free(m);
}

static void characters_come_in(void **state) {
    struct session *s = *state;
    char input[] = "x";
    struct ia64 *m;

    s->config.console_in = fmemopen(input, 1, "r");
    m = run_calls(s, CALL(21) "mov r9=r8\n" CALL(21) "break 0\n");
    EXPECT(m, 9, 'x');
    EXPECT(m, 8, 0); /* no more */
    fclose(s->config.console_in);
    s->config.console_in = NULL;
    ia64_free(m);
}

static void arguments(void **state) {
    struct session *s = *state;
    char *const argv[] = {"prog", "one", "2"};
    struct ia64 *m;
    char text[8] = "";

    s->config.argc = 3;
    s->config.argv = argv;
    m = run_calls(s, "movl r32=0x200000\n" CALL(75) "break 0\n");
    EXPECT(m, 8, 6);
    ia64_read_memory(m, 0x200000, text, 7);
    assert_string_equal(text, "one 2 ");
    ia64_free(m);
}

#define OPEN(path, mode)                                                                           \
    "movl r32=1f\n mov r33=" #mode "\n" CALL(50) "br 2f\n1: .asciz \"" path "\"\n .align 16\n2:\n"
/* one request at 0x200000: 4 bytes at 0x201000; offset 3 */
#define REQUEST                                                                                    \
    "movl r2=0x200000\n movl r3=0x201000\n st8 [r2]=r3,8\n mov r3=4\n st8 [r2]=r3,-8\n"            \
    "mov r32=r8\n mov r33=1\n mov r34=r2\n mov r35=3\n mov r4=r8\n"

static void files_are_read_and_written(void **state) {
    struct session *s = *state;
    struct ia64 *m =
        run_calls(s, OPEN("in/data", 3) REQUEST CALL(52)        /* READ */
                  "movl r32=0x202000\n st4 [r32]=r4\n" CALL(55) /* WAIT */
                  "mov r9=r8\n movl r2=0x202004\n ld4 r10=[r2]\n"
                  "mov r32=r4\n mov r33=1\n movl r34=0x200000\n mov r35=0\n" CALL(
                      53) "mov r32=r4\n" CALL(51) "mov r11=r8\n mov r32=r4\n" CALL(51) "break 0\n");
    char data[11] = "", path[64];
    FILE *f;

    EXPECT(m, 9, 0);
    EXPECT(m, 10, 4);
    EXPECT(m, 11, 0);
    EXPECT(m, 8, 0xffffffffffffffff); /* closed twice */
    ia64_read_memory(m, 0x201000, data, 4);
    assert_string_equal(data, "3456");
    snprintf(path, sizeof path, "%s/in/data", s->dir);
    f = fopen(path, "r");
    assert_int_equal(fread(data, 1, 10, f), 10);
    fclose(f);
    assert_string_equal(data, "3456456789");
    ia64_free(m);
}

static void nothing_outside_the_folder(void **state) {
    struct session *s = *state;
    static const char *const programs[] = {
        OPEN("../etc/passwd", 1) "break 0\n", OPEN("in/../../x", 1) "break 0\n",
        OPEN("link", 1) "break 0\n",          OPEN("up/etc/passwd", 1) "break 0\n",
        OPEN("/etc/passwd", 1) "break 0\n",   OPEN("", 1) "break 0\n",
        OPEN("missing", 1) "break 0\n",       OPEN("in/data", 0) "break 0\n",
        OPEN("in/data", 4) "break 0\n",
    };

    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        struct ia64 *m = run_calls(s, programs[i]);

        EXPECT(m, 8, 0xffffffffffffffff);
        ia64_free(m);
    }
}

static void no_folder_no_files(void **state) {
    struct session *s = *state;
    struct ia64 *m;

    s->config.root = NULL;
    m = run_calls(s, OPEN("in/data", 1) "break 0\n");
    EXPECT(m, 8, 0xffffffffffffffff);
    ia64_free(m);
}

static void initramfs(void **state) {
    struct session *s = *state;
    char path[64], data[11] = "";
    struct ia64 *m = run_calls(s, "movl r32=0x200000\n" CALL(77) "break 0\n");

    EXPECT(m, 8, 0);
    ia64_free(m);
    snprintf(path, sizeof path, "%s/in/data", s->dir);
    s->config.initramfs = path;
    m = run_calls(s, "movl r32=0x200000\n" CALL(77) "break 0\n");
    EXPECT(m, 8, 10);
    ia64_read_memory(m, 0x200000, data, 10);
    assert_string_equal(data, "0123456789");
    ia64_free(m);
}

static void connected_interrupts(void **state) {
    struct session *s = *state;
    struct ia64 *m = run_calls(s, "mov r32=4\n mov r33=0x41\n" CALL(58) "mov r32=4\n" CALL(
                                      59) "mov r32=5\n" CALL(59) /* not connected */
                               "mov r9=cr.irr1\n mov r10=cr.irr0\n break 0\n");

    EXPECT(m, 9, 2);
    EXPECT(m, 10, 0);
    ia64_free(m);
}

static void clock_follows_the_instructions(void **state) {
    struct session *s = *state;
    struct ia64 *m = run_calls(s, "movl r32=0x200000\n" CALL(65) "break 0\n");
    uint32_t time[8];

    ia64_read_memory(m, 0x200000, time, sizeof time);
    assert_int_equal(time[0], 70);
    assert_int_equal(time[2], 1);
    assert_int_equal(time[7], 4); /* a Thursday */
    ia64_free(m);
}

static void unknown_calls_stop(void **state) {
    struct session *s = *state;
    struct ia64 *m = assemble("auto", CALL(99), &s->config);

    assert_int_equal(ia64_run(m, 100), IA64_STOP_UNIMPLEMENTED);
    assert_non_null(strstr(ia64_message(m), "simulator call 99"));
    ia64_free(m);
}

static void copies_share_open_files(void **state) {
    struct session *s = *state;
    struct ia64 *m =
        assemble("auto", OPEN("in/data", 1) "mov r4=r8\n nop 0\n 3: br 3b\n", &s->config);
    struct ia64 *copy;

    ia64_run(m, 100);
    copy = ia64_copy(m);
    ia64_free(m);
    assert_true(ia64_gr(copy, 4).value >= 3);
    ia64_free(copy);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
static const struct CMUnitTest tests[] = {
    TEST(console_and_exit),
    TEST(characters_come_in),
    TEST(arguments),
    TEST(files_are_read_and_written),
    TEST(nothing_outside_the_folder),
    TEST(no_folder_no_files),
    TEST(initramfs),
    TEST(connected_interrupts),
    TEST(clock_follows_the_instructions),
    TEST(unknown_calls_stop),
    TEST(copies_share_open_files),
};
MACHINE_TESTS(tests)
