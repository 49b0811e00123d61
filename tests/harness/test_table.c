/* test_table.c: columns line up, groups stand above theirs, and no line is too wide. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs those first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "harness/table.h"

static const struct column columns[] = {{"name", NULL, FIT_CUT},
                                        {"n", "measured", FIT_RIGHT},
                                        {"x", "measured", FIT_RIGHT},
                                        {"note", NULL, FIT_CUT}};

static char *printed(struct table *t, size_t width) {
    static char *text;
    size_t size;
    free(text);
    text = NULL;
    FILE *out = open_memstream(&text, &size);
    table_print(t, width, out);
    fclose(out);
    table_free(t);
    return text;
}

static void columns_line_up_and_groups_stand_above_theirs(void **state) {
    (void)state;
    struct table *t = table_new(columns, 4);
    table_row(t, (const char *[]){"pip", "3", "12345", "ok"});
    table_row(t, (const char *[]){"scratch", "14", NULL, "good"});
    assert_string_equal(printed(t, 100), "        measured\n"
                                         "name     n     x note\n"
                                         "pip      3 12345 ok\n"
                                         "scratch 14     - good\n");
}

static void a_wide_group_has_a_rule(void **state) {
    (void)state;
    struct table *t = table_new(columns, 4);
    table_row(t, (const char *[]){"pip", "333333", "1234567", "ok"});
    assert_string_equal(printed(t, 100), "     -- measured --\n"
                                         "name      n       x note\n"
                                         "pip  333333 1234567 ok\n");
}

static void text_takes_the_rest_of_the_row_and_wraps(void **state) {
    (void)state;
    struct table *t = table_new(columns, 4);
    table_row_text(t, (const char *[]){"pip"}, 1, "FAILED: it lost rbx and r12");
    assert_string_equal(printed(t, 24), "     measured\n"
                                        "name n      x note\n"
                                        "pip  FAILED: it lost rbx\n"
                                        "     and r12\n");
}

static void a_name_is_cut_where_the_table_would_be_too_wide(void **state) {
    (void)state;
    struct table *t = table_new(columns, 4);
    table_row(t, (const char *[]){"a-name-without-end", "1", "2", "ok"});
    assert_string_equal(printed(t, 24), "           measured\n"
                                        "name       n      x note\n"
                                        "a-name-wi~ 1      2 ok\n");
}

static void a_word_that_is_too_long_is_broken(void **state) {
    (void)state;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    print_wrapped("abcdefghij kl", 2, 8, out);
    fclose(out);
    assert_string_equal(text, "abcdef\n  ghij\n  kl\n");
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_line_up_and_groups_stand_above_theirs),
        cmocka_unit_test(a_wide_group_has_a_rule),
        cmocka_unit_test(text_takes_the_rest_of_the_row_and_wraps),
        cmocka_unit_test(a_name_is_cut_where_the_table_would_be_too_wide),
        cmocka_unit_test(a_word_that_is_too_long_is_broken),
    };
    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
