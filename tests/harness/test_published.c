/* test_published.c: a table of published figures gives what it says, and says where it is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs those first */
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/published.h"

static char path[] = "/tmp/switchlab-published-XXXXXX", *said;

static struct published *loaded(const char *text) {
    size_t size;
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    free(said);
    FILE *err = open_memstream(&said, &size);
    struct published *p = published_load(path, err);
    fclose(err);
    return p;
}

static int setup(void **state) {
    (void)state;
    strcpy(path + sizeof path - 7, "XXXXXX");
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int teardown(void **state) {
    (void)state;
    free(said);
    said = NULL;
    return unlink(path);
}

#define HEADING "# where from\nsequence\tkind\tzen3\tzen9\tsource\n"

static void a_row_gives_its_figures(void **state) {
    double figure = 0;
    (void)state;
    struct published *p =
        loaded(HEADING "add\tlatency\t1\t13.5\tx\n\nadd\tthroughput\t1/4\t-\ty\n");
    assert_non_null(p);
    assert_true(published_figure(p, "add", "latency", "zen9", &figure));
    assert_true(figure == 13.5);
    assert_true(published_figure(p, "add", "throughput", "zen3", &figure));
    assert_true(figure == 0.25);
    assert_false(published_figure(p, "add", "throughput", "zen9", &figure));
    assert_false(published_figure(p, "sub", "latency", "zen3", &figure));
    assert_false(published_figure(p, "add", "latency", "source", &figure));
    assert_true(published_has_column(p, "zen9"));
    assert_false(published_has_column(p, "zen4"));
    assert_false(published_has_column(p, "kind"));
    published_free(p);
}

static void assert_refused(const char *text, const char *why) {
    assert_null(loaded(text));
    if (!strstr(said, why)) fail_msg("\"%s\" is not in \"%s\"", why, said);
    assert_non_null(strstr(said, path));
}

static void what_is_wrong_is_named_with_its_line(void **state) {
    (void)state;
    assert_refused("", "empty");
    assert_refused("# only a comment\n", "no rows");
    assert_refused(HEADING, "no rows");
    assert_refused(HEADING "add\tlatency\t1\t1\n", ":3: 4 columns, its heading has 5");
    assert_refused(HEADING "add\tlatency\t1\t1\tx\tmore\n", ":3: 6 columns");
    assert_refused(HEADING "add\tlatency\t1\tone\tx\n", ":3: 'one' is no figure");
    static const char *const figures[] = {"",   "0",   "-1",    "nan", "inf",
                                          "1/", "1/0", "1/2/3", "1 ",  "--"};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        char text[256];
        snprintf(text, sizeof text, HEADING "add\tlatency\t1\t%s\tx\n", figures[i]);
        assert_refused(text, "is no figure");
    }
}

static void a_file_that_is_not_there_is_named(void **state) {
    size_t size;
    (void)state;
    free(said);
    FILE *err = open_memstream(&said, &size);
    assert_null(published_load("/nonexistent/table.tsv", err));
    fclose(err);
    assert_non_null(strstr(said, "/nonexistent/table.tsv: No such file"));
}

static void too_many_rows_are_refused(void **state) {
    (void)state;
    char *text = malloc(100000), *end = stpcpy(text, HEADING);
    for (int i = 0; i < 1100; i++)
        end = stpcpy(end, "add\tlatency\t1\t1\tx\n");
    assert_refused(text, "more than");
    free(text);
}

static void the_committed_table_is_sound(void **state) {
    static const char *const cores[] = {"zen2",    "zen3",    "zen4",      "zen5",
                                        "skylake", "icelake", "goldencove"};
    double figure;
    (void)state;
    struct published *p = published_load("docs/accuracy.tsv", stderr);
    assert_non_null(p);
    for (size_t i = 0; i < sizeof cores / sizeof *cores; i++) {
        assert_true(published_has_column(p, cores[i]));
        assert_true(published_figure(p, "imul r64, r64", "latency", cores[i], &figure));
        assert_true(figure == 3);
    }
    published_free(p);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_row_gives_its_figures),           TEST(what_is_wrong_is_named_with_its_line),
        TEST(a_file_that_is_not_there_is_named), TEST(too_many_rows_are_refused),
        TEST(the_committed_table_is_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
