/* What the patent says of its simple CPU [0011]-[0028], claim by claim, and that a broken switch,
 * mask or handler is seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engines/simple/trial.h"
#include "harness/engine.h"
#include "harness/record.h"

#include <string.h>

enum { SEEDS = 50 };

/* ---- helpers ---- */

static const struct switcher *find(const char *id) {
    const struct switcher *s = switcher_by_id(id);
    assert_non_null(s);
    return s;
}
static const struct simple_program *program(const char *id) {
    return find(id)->other;
}

#define FULL        "simple/full/none/jump"
#define FULL_MASKED "simple/full/cli/jump"
#define PIP         "simple/pip/none/jump"
#define PIP_MASKED  "simple/pip/cli/jump"

static struct simple_verdict try(const struct simple_program *p, uint32_t seed, int interrupt,
                                 int removed) {
    return simple_try(&(struct simple_trial){.program = p,
                                             .handler = &simple_handler,
                                             .seed = seed,
                                             .interrupt = interrupt,
                                             .removed = removed});
}

/* everything that an interrupt at any boundary makes the switch lose; *always: what it loses at
 * each */
static unsigned lost_anywhere(const struct simple_program *p, const struct simple_code *handler,
                              int removed, unsigned *always) {
    unsigned lost = 0, all = ~0u;
    for (uint32_t seed = 1; seed <= SEEDS; seed++)
        for (int i = 0; i < (int)p->code.count; i++) {
            struct simple_verdict v = simple_try(&(struct simple_trial){.program = p,
                                                                        .handler = handler,
                                                                        .seed = seed,
                                                                        .interrupt = i,
                                                                        .removed = removed});
            assert_true(v.outcome == SIMPLE_OK || v.outcome == SIMPLE_CORRUPTED);
            lost |= v.lost;
            all &= v.lost;
        }
    if (always) *always = all;
    return lost;
}

/* the nth instruction with this operation and register */
static int position(const struct simple_program *p, enum simple_op op, enum simple_reg reg,
                    int nth) {
    for (size_t i = 0; i < p->code.count; i++)
        if (p->code.row[i].op == op && p->code.row[i].reg == reg && nth-- == 0) return (int)i;
    fail_msg("the program has no such instruction");
    return NOWHERE;
}

static int marked(const struct simple_program *p, enum simple_mark mark) {
    for (size_t i = 0; i < p->code.count; i++)
        if (p->code.row[i].mark == mark) return (int)i;
    fail_msg("the program has no such mark");
    return NOWHERE;
}

static const struct engine *simple(void) {
    const struct engine *e = engine_find("simple");
    assert_non_null(e);
    return e;
}

static long long count(const json_t *object, const char *name) {
    return json_integer_value(json_object_get(object, name));
}

/* ---- the CPU ---- */

static void x_is_out_of_reach_above_pl0_0014(void **state) {
    (void)state;
    static const struct simple_instruction rows[] = {SET("", X, 1),  STORE("", X, I),
                                                     LOAD("", X, I), STORE("", I, X),
                                                     LOAD("", I, X), ADDRESS("", X, STACK)};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct simple_cpu cpu = {.level = 1};
        cpu.reg[I] = cpu.reg[X] = simple_address(STACK);
        assert_string_equal(simple_step(&cpu, &rows[i]), "code above PL0 used X");
        cpu.level = 0;
        assert_null(simple_step(&cpu, &rows[i]));
    }
}

static void a_guest_that_touches_x_crashes_0019(void **state) {
    (void)state;
    static const struct simple_instruction rows[] = {SIMPLE("", OP_ENTER), SET("", X, 1)};
    static const struct simple_program greedy = {.code = SIMPLE_CODE(rows)};
    assert_int_equal(try(&greedy, 1, NOWHERE, NOWHERE).outcome, SIMPLE_CRASHED);
}

static void the_interrupt_mask_is_out_of_reach_above_pl0(void **state) {
    (void)state;
    struct simple_cpu cpu = {.level = 1};
    assert_non_null(simple_step(&cpu, &(struct simple_instruction)SIMPLE("", OP_MASK)));
    assert_non_null(simple_step(&cpu, &(struct simple_instruction)SIMPLE("", OP_UNMASK)));
}

static void an_address_outside_ram_crashes(void **state) {
    (void)state;
    static const uint64_t bad[] = {
        0, 1, 0xfff, 0x1001, 0x1000 + 8 * SIMPLE_AREAS * SIMPLE_REGISTERS, UINT64_MAX};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct simple_cpu cpu = {.reg = {[I] = 7, [J] = bad[i]}};
        assert_string_equal(simple_step(&cpu, &(struct simple_instruction)STORE("", I, J)),
                            "an address outside RAM");
    }
}

static void the_handler_uses_x_and_preserves_i_j_k_0013(void **state) {
    (void)state;
    struct simple_cpu cpu = {.reg = {[I] = 1, [J] = 2, [K] = 3, [X] = 4}, .level = 1, .pc = 9};
    assert_null(simple_interrupt(&cpu, &simple_handler));
    assert_int_equal(cpu.reg[I], 1);
    assert_int_equal(cpu.reg[J], 2);
    assert_int_equal(cpu.reg[K], 3);
    assert_int_not_equal(cpu.reg[X], 4);
    assert_true(cpu.level == 1 && cpu.pc == 9 && !cpu.masked);
}

/* ---- the application switch [1] ---- */

static void the_application_switch_preserves_what_an_application_sees_0015(void **state) {
    (void)state;
    for (uint32_t seed = 1; seed <= SEEDS; seed++)
        assert_int_equal(try(program(FULL), seed, NOWHERE, NOWHERE).lost, 1u << X);
}

static void the_application_switch_loses_x_always_0017(void **state) {
    (void)state;
    unsigned always;
    assert_int_equal(lost_anywhere(program(FULL_MASKED), &simple_handler, NOWHERE, &always),
                     1u << X);
    assert_int_equal(always, 1u << X);
    lost_anywhere(program(FULL), &simple_handler, NOWHERE, &always);
    assert_int_equal(always, 1u << X);
}

static void an_interrupt_makes_the_unmasked_application_switch_lose_more(void **state) {
    (void)state;
    assert_int_equal(lost_anywhere(program(FULL), &simple_handler, NOWHERE, NULL),
                     1u << I | 1u << J | 1u << K | 1u << X);
}

/* ---- save [2] and restore [3] at the PIP ---- */

static void save_and_restore_at_the_pip_preserve_x_0027(void **state) {
    (void)state;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        assert_int_equal(try(program(PIP), seed, NOWHERE, NOWHERE).outcome, SIMPLE_OK);
        assert_int_equal(try(program(PIP_MASKED), seed, NOWHERE, NOWHERE).outcome, SIMPLE_OK);
    }
}

static void unmasked_they_lose_x_at_some_boundaries_and_nothing_else(void **state) {
    (void)state;
    unsigned always;
    assert_int_equal(lost_anywhere(program(PIP), &simple_handler, NOWHERE, &always), 1u << X);
    assert_int_equal(always, 0);
}

static void
unmasked_they_lose_x_between_the_pip_and_its_store_and_between_its_load_and_4(void **state) {
    (void)state;
    const struct simple_program *p = program(PIP);
    const int pip = marked(p, AT_PIP), stored = position(p, OP_STORE, X, 0);
    const int loaded = position(p, OP_LOAD, X, 0), resumed = marked(p, AT_RESUMPTION);
    for (int i = 0; i < (int)p->code.count; i++) {
        bool exposed = (pip < i && i <= stored) || (loaded < i && i <= resumed);
        assert_int_equal(try(p, 1, i, NOWHERE).lost, exposed ? 1u << X : 0);
    }
}

static void masked_they_lose_nothing_at_any_boundary_0020(void **state) {
    (void)state;
    assert_int_equal(lost_anywhere(program(PIP_MASKED), &simple_handler, NOWHERE, NULL), 0);
}

static void i_is_inconsequential_and_carries_the_answer_to_4_0028(void **state) {
    (void)state;
    const struct simple_program *p = program(PIP_MASKED);
    assert_int_equal(p->context & 1u << I, 0);
    assert_int_equal(try(p, 1, NOWHERE, position(p, OP_SET, I, 1)).lost, 1u << LOST_ANSWER);
}

static void a_software_convention_keeps_i_0028(void **state) {
    (void)state;
    const struct simple_program *p = program(PIP_MASKED);
    assert_int_equal(try(p, 1, NOWHERE, position(p, OP_STORE, I, 0)).lost, 1u << LOST_KEPT_I);
}

/* ---- what is broken is seen ---- */

static void a_mask_that_does_not_mask_is_seen(void **state) {
    (void)state;
    const struct simple_program *p = program(PIP_MASKED);
    for (int nth = 0; nth < 2; nth++)
        assert_true(lost_anywhere(p, &simple_handler, position(p, OP_MASK, I, nth), NULL) &
                    1u << X);
}

static void a_mask_that_ends_too_early_is_seen(void **state) {
    (void)state;
    static struct simple_instruction rows[64];
    const struct simple_program *p = program(PIP_MASKED);
    struct simple_program early = *p;
    memcpy(rows, p->code.row, p->code.count * sizeof *rows);
    struct simple_instruction *last = &rows[position(p, OP_SET, I, 1)];
    *last = (struct simple_instruction)SIMPLE("", OP_UNMASK);
    early.code.row = rows;
    assert_true(lost_anywhere(&early, &simple_handler, NOWHERE, NULL) & 1u << X);
}

/* only an interrupt that is delivered can show a handler's fault: so one that rises under the mask
 * is delivered later */
static void
a_handler_that_does_not_restore_i_is_seen_though_interrupts_wait_for_the_unmask(void **state) {
    (void)state;
    static const struct simple_instruction rows[] = {SET("", I, 5), SIMPLE("", OP_RETURN)};
    static const struct simple_code careless = SIMPLE_CODE(rows);
    const struct simple_program *p = program(PIP_MASKED);
    int saved = position(p, OP_STORE, X, 0), restored = position(p, OP_LOAD, X, 0);
    struct simple_trial trial = {
        .program = p, .handler = &careless, .seed = 1, .interrupt = saved, .removed = NOWHERE};
    assert_int_equal(simple_try(&trial).lost, 1u << LOST_GUEST_I);
    trial.interrupt = restored; /* delivered after [4], where the host reloads I */
    assert_int_equal(simple_try(&trial).lost, 0);
    static const struct simple_instruction worse_rows[] = {SET("", J, 5), SIMPLE("", OP_RETURN)};
    static const struct simple_code worse = SIMPLE_CODE(worse_rows);
    trial.handler = &worse; /* J points to the stack that I is on */
    assert_int_equal(simple_try(&trial).outcome, SIMPLE_CRASHED);
}

static void a_handler_that_never_returns_is_a_crash_with_a_reason(void **state) {
    (void)state;
    static const struct simple_instruction rows[] = {SIMPLE("", OP_JUMP, .value = 0)};
    static const struct simple_code endless = SIMPLE_CODE(rows);
    struct simple_verdict v = simple_try(&(struct simple_trial){
        .program = program(PIP), .handler = &endless, .seed = 1, .removed = NOWHERE});
    assert_int_equal(v.outcome, SIMPLE_CRASHED);
    assert_string_equal(v.why, "the handler did not return");
}

static void a_program_that_never_ends_hangs(void **state) {
    (void)state;
    static const struct simple_instruction rows[] = {SIMPLE("", OP_JUMP, .value = 0)};
    static const struct simple_program endless = {.code = SIMPLE_CODE(rows)};
    assert_int_equal(try(&endless, 1, NOWHERE, NOWHERE).outcome, SIMPLE_HUNG);
}

static void a_save_through_a_wrong_address_is_seen(void **state) {
    (void)state;
    const struct simple_program *p = program(PIP_MASKED);
    assert_int_equal(try(p, 1, NOWHERE, marked(p, AT_PIP)).outcome, SIMPLE_CRASHED);
    assert_true(try(p, 1, NOWHERE, position(p, OP_ADDRESS, I, 1)).outcome != SIMPLE_OK);
}

static void a_register_that_was_not_saved_but_happens_to_survive_is_seen(void **state) {
    (void)state;
    static const struct simple_instruction rows[] = {
        ADDRESS("", I, HOST_CONTEXT, .mark = AT_PIP), STORE("", J, I),
        SIMPLE("", OP_JUMP, .value = 1, .mark = AT_RESUMPTION)};
    static const struct simple_program lucky = {.code = SIMPLE_CODE(rows),
                                                .context = 1 << J | 1 << K};
    assert_int_equal(try(&lucky, 1, NOWHERE, NOWHERE).lost & (1u << J | 1u << K), 1u << K);
}

static void every_save_and_restore_that_is_removed_is_noticed(void **state) {
    (void)state;
    static const char *const ids[] = {FULL, FULL_MASKED, PIP, PIP_MASKED};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        json_t *answer = simple()->mutate(&(struct work){.switcher = find(ids[i]), .seed = 1});
        assert_int_equal(count(answer, "total"), program(ids[i])->context & 1u << I ? 12 : 14);
        assert_int_equal(count(answer, "killed"), count(answer, "total"));
        json_decref(answer);
    }
}

/* ---- the engine ---- */

static void the_check_passes_each_switcher(void **state) {
    (void)state;
    static const char *const ids[] = {FULL, FULL_MASKED, PIP, PIP_MASKED};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        json_t *check = simple()->check(&(struct work){.switcher = find(ids[i]), .seed = 1});
        assert_string_equal(json_string_value(json_object_get(check, "status")), "pass");
        assert_int_equal(count(check, "registers"), 3);
        json_decref(check);
    }
}

static void the_check_fails_an_application_switch_that_promises_x(void **state) {
    (void)state;
    static const struct clause boast[] = {{NULL, NULL, SAVED, "everything"}};
    struct switcher boaster = *find(FULL);
    boaster.contract.clauses = boast;
    json_t *check = simple()->check(&(struct work){.switcher = &boaster, .seed = 1}),
           *corrupted = json_object_get(check, "corrupted");
    assert_string_equal(json_string_value(json_object_get(check, "status")), "fail");
    assert_int_equal(json_array_size(corrupted), 1);
    assert_string_equal(json_string_value(json_array_get(corrupted, 0)), "X");
    json_decref(check);
}

static void a_map_has_a_cell_for_each_boundary_and_is_a_valid_line(void **state) {
    (void)state;
    char why[RECORD_WHY] = "";
    json_t *map = simple()->map(&(struct work){.switcher = find(PIP), .seed = 1});
    assert_int_equal(count(map, "boundaries"), program(PIP)->code.count);
    assert_int_equal(json_array_size(json_object_get(map, "cells")), program(PIP)->code.count);
    json_t *line =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "type", "map", "run", "r", "switcher",
                  "pip", "kind", "pip", "arch", "simple", "mask", "none", "engine", "simple");
    json_object_update(line, map);
    assert_int_equal(record_validate(line, why, sizeof why), 0);
    json_decref(line);
    json_decref(map);
}

static void the_engine_rejects_other_architectures(void **state) {
    (void)state;
    struct switcher other = *find(PIP);
    assert_null(simple()->rejects(&(struct work){.switcher = &other}));
    other.arch = "x86_64";
    assert_non_null(simple()->rejects(&(struct work){.switcher = &other}));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(x_is_out_of_reach_above_pl0_0014),
        cmocka_unit_test(a_guest_that_touches_x_crashes_0019),
        cmocka_unit_test(the_interrupt_mask_is_out_of_reach_above_pl0),
        cmocka_unit_test(an_address_outside_ram_crashes),
        cmocka_unit_test(the_handler_uses_x_and_preserves_i_j_k_0013),
        cmocka_unit_test(the_application_switch_preserves_what_an_application_sees_0015),
        cmocka_unit_test(the_application_switch_loses_x_always_0017),
        cmocka_unit_test(an_interrupt_makes_the_unmasked_application_switch_lose_more),
        cmocka_unit_test(save_and_restore_at_the_pip_preserve_x_0027),
        cmocka_unit_test(unmasked_they_lose_x_at_some_boundaries_and_nothing_else),
        cmocka_unit_test(
            unmasked_they_lose_x_between_the_pip_and_its_store_and_between_its_load_and_4),
        cmocka_unit_test(masked_they_lose_nothing_at_any_boundary_0020),
        cmocka_unit_test(i_is_inconsequential_and_carries_the_answer_to_4_0028),
        cmocka_unit_test(a_software_convention_keeps_i_0028),
        cmocka_unit_test(a_mask_that_does_not_mask_is_seen),
        cmocka_unit_test(a_mask_that_ends_too_early_is_seen),
        cmocka_unit_test(
            a_handler_that_does_not_restore_i_is_seen_though_interrupts_wait_for_the_unmask),
        cmocka_unit_test(a_handler_that_never_returns_is_a_crash_with_a_reason),
        cmocka_unit_test(a_program_that_never_ends_hangs),
        cmocka_unit_test(a_save_through_a_wrong_address_is_seen),
        cmocka_unit_test(a_register_that_was_not_saved_but_happens_to_survive_is_seen),
        cmocka_unit_test(every_save_and_restore_that_is_removed_is_noticed),
        cmocka_unit_test(the_check_passes_each_switcher),
        cmocka_unit_test(the_check_fails_an_application_switch_that_promises_x),
        cmocka_unit_test(a_map_has_a_cell_for_each_boundary_and_is_a_valid_line),
        cmocka_unit_test(the_engine_rejects_other_architectures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
