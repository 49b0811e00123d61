/* test_map.c: what interrupts do to the switches of user mode, and a switch to code that did not expect it. */
#include "engines/native/map.h"
#include "engines/native/victim.h"
#include "harness/switcher.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static json_t *map_of(const char *id, json_t *params) {
    const struct switcher *s = switcher_by_id(id);
    assert_non_null(s);
    struct work work = {.switcher = s, .params = params, .seed = 7, .cpu = -1};
    json_t *map = native_map(&work);
    const char *why = json_string_value(json_object_get(map, "skip"));
    if (why) {
        print_message("%s: %s\n", id, why);
        skip();
    }
    return map;
}

static json_int_t number(const json_t *map, const char *field) {
    return json_integer_value(json_object_get(map, field));
}

static json_int_t losses(const json_t *map) {
    return number(map, "corrupted") + number(map, "crashed") + number(map, "hung");
}

static void a_masked_switch_loses_nothing_at_any_boundary(void **state) {
    static const char *const masks[] = {"sigprocmask", "deferred", "rseq", "restart"},
                            *const kinds[] = {"pip", "scratch", "full", "full+xsave"};
    (void)state;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t m = 0; m < sizeof masks / sizeof *masks; m++) {
            char id[SWITCHER_ID];
            snprintf(id, sizeof id, "x86_64/%s/%s/jmp", kinds[k], masks[m]);
            if (switcher_by_id(id)->unavailable && switcher_by_id(id)->unavailable()) continue;
            json_t *map = map_of(id, NULL);
            assert_int_equal(losses(map), 0);
            assert_true(number(map, "boundaries") >= 18);
            assert_int_equal(json_array_size(json_object_get(map, "cells")), number(map, "boundaries"));
            json_decref(map);
        }
}

/* the same checks, with nothing to guard the switch: they must notice */
static void an_unmasked_switch_is_lost_between_save_and_commit(void **state) {
    (void)state;
    json_t *map = map_of("x86_64/pip/none/jmp", NULL), *cell;
    size_t i;
    /* six boundaries a side lie between the first save and the commit; a crash or a hang may be either */
    assert_true(losses(map) >= 8);
    json_array_foreach(json_object_get(map, "cells"), i, cell) {
        const char *at = json_string_value(json_object_get(cell, "at"));
        if (strncmp(at, "jmp", 3) == 0 || strncmp(at, "leaq", 4) == 0) /* after the commit, or before the first save */
            assert_string_equal(json_string_value(json_object_get(cell, "outcome")), "ok");
    }
    json_decref(map);
    map = map_of("x86_64/scratch/none/jmp", NULL);
    assert_int_equal(losses(map), 2); /* registers lie on the own stack: one boundary a side is left */
    json_decref(map);
}

static void two_interrupts_lose_nothing_either(void **state) {
    (void)state;
    struct work work = {.switcher = switcher_by_id("x86_64/pip/restart/jmp"), .seed = 7, .cpu = -1};
    struct injector_facts facts;
    char why[INJECTOR_WHY];
    void *campaign = native_injector.open(&work, &facts, why);
    assert_non_null(campaign);
    assert_true(facts.claims);
    for (uint32_t i = 0; i < facts.boundaries; i++)
        for (uint32_t j = i; j < facts.boundaries; j += 3)
            assert_int_equal(native_injector.run(campaign, (uint32_t[]){i, j}, 2), INJECTION_OK);
    native_injector.close(campaign);
}

static const char *outcome_at_pip(const json_t *map, const char *kind) {
    size_t i;
    json_t *cell;
    json_array_foreach(json_object_get(map, "cells"), i, cell) {
        const char *pip = json_string_value(json_object_get(cell, "pip"));
        if (pip && strcmp(pip, kind) == 0) return json_string_value(json_object_get(cell, "outcome"));
    }
    fail_msg("the victim has no PIP of kind %s", kind);
    return NULL;
}

static void a_victim_survives_full_anywhere_and_the_others_at_their_pip(void **state) {
    (void)state;
    json_t *params = json_pack("{s:s}", "victim", "checksum");
    json_t *full = map_of("x86_64/full+xmm/none/jmp", params), *scratch = map_of("x86_64/scratch/none/jmp", params),
           *pip = map_of("x86_64/pip/none/jmp", params);
    assert_int_equal(losses(full), 0);
    assert_true(losses(scratch) > 0);
    assert_true(losses(pip) > 0);
    assert_string_equal(outcome_at_pip(scratch, "scratch"), "ok");
    assert_string_equal(outcome_at_pip(pip, "pip"), "ok");
    json_decref(full);
    json_decref(scratch);
    json_decref(pip);
    json_decref(params);
}

static void an_unknown_victim_is_named(void **state) {
    (void)state;
    struct work work = {.switcher = switcher_by_id("x86_64/pip/none/jmp"), .cpu = -1};
    json_t *map = victim_map(&work, "nobody");
    assert_non_null(strstr(json_string_value(json_object_get(map, "skip")), "no victim of this name"));
    json_decref(map);
}

static void a_peer_is_not_one_to_be_interrupted(void **state) {
    (void)state;
    struct work work = {.switcher = switcher_by_id("x86_64/boost/none/jmp"), .cpu = -1};
    struct injector_facts facts;
    char why[INJECTOR_WHY];
    assert_null(native_injector.open(&work, &facts, why));
    assert_non_null(strstr(why, "not the lab's own"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_masked_switch_loses_nothing_at_any_boundary),
        cmocka_unit_test(an_unmasked_switch_is_lost_between_save_and_commit),
        cmocka_unit_test(two_interrupts_lose_nothing_either),
        cmocka_unit_test(a_victim_survives_full_anywhere_and_the_others_at_their_pip),
        cmocka_unit_test(an_unknown_victim_is_named),
        cmocka_unit_test(a_peer_is_not_one_to_be_interrupted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
