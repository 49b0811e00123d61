/* References by target: what is asked for equals a search of all of them, in order, wherever the
 * targets lie. */
#include "pip/references.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>

enum { MANY = 20000 };
static struct pip_reference made[MANY];
static size_t count;

static void scan(const struct pip_image *image, void (*found)(void *, const struct pip_reference *),
                 void *to) {
    (void)image;
    for (size_t i = 0; i < count; i++)
        found(to, &made[i]);
}
static const struct pip_arch arch = {.scan = scan};

static uint64_t state = 1;
static uint64_t number(uint64_t below) {
    state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (state >> 16) % below;
}

/* targets from `low` on; every third at one place, as a function's that all others call */
static void make(size_t n, uint64_t low, uint64_t span) {
    count = n;
    for (size_t i = 0; i < n; i++)
        made[i] = (struct pip_reference){
            .target = low + (i % 3 ? number(span) : span / 2), .site = number(1000), .kind = i % 3};
}

static size_t expected(uint64_t start, uint64_t end) {
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        n += made[i].target >= start && made[i].target < end;
    return n;
}

static void ask(struct pip_references *r, uint64_t start, uint64_t end) {
    size_t n;
    const struct pip_reference *to = pip_references_to(r, start, end, &n);
    assert_int_equal(n, expected(start, end));
    for (size_t i = 0; i < n; i++) {
        assert_true(to[i].target >= start && to[i].target < end);
        assert_true(!i || to[i - 1].target < to[i].target ||
                    (to[i - 1].target == to[i].target && to[i - 1].site <= to[i].site));
    }
}

static void check(size_t n, uint64_t low, uint64_t span) {
    make(n, low, span);
    struct pip_references *r = pip_references_new(&arch, NULL);
    for (int i = 0; i < 200; i++) {
        uint64_t start = low + number(span);
        ask(r, start, start + 1 + number(span / 16 + 1));
    }
    ask(r, low, low + 1);
    ask(r, low + span - 1, low + span);
    ask(r, 0, low);
    ask(r, low / 2, low + span);
    ask(r, low, UINT64_MAX);
    ask(r, low + span, UINT64_MAX);
    pip_references_free(r);
}

static void a_small_file(void **test) {
    (void)test;
    check(300, 0x401000, 500);
}
static void a_large_file(void **test) {
    (void)test;
    check(MANY, 0x401000, 10 << 20);
}
static void targets_at_both_ends_of_the_address_space(void **test) {
    (void)test;
    check(1000, 1, UINT64_MAX - 2);
}
static void one_target(void **test) {
    (void)test;
    check(1000, 0x1000, 1);
}
static void no_references(void **test) {
    (void)test;
    check(0, 0x1000, 100);
}
static void what_is_noted_in_one_stays(void **test) {
    (void)test;
    make(MANY, 0x1000, 1000);
    struct pip_references *r = pip_references_new(&arch, NULL);
    size_t n;
    pip_references_to(r, 0x1100, 0x1200, &n)->instruction = -1;
    ask(r, 0x1000, 0x1400);
    assert_int_equal(pip_references_to(r, 0x1100, 0x1200, &n)->instruction, -1);
    pip_references_free(r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_file),
        cmocka_unit_test(a_large_file),
        cmocka_unit_test(targets_at_both_ends_of_the_address_space),
        cmocka_unit_test(one_target),
        cmocka_unit_test(no_references),
        cmocka_unit_test(what_is_noted_in_one_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
