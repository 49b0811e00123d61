/* What the experiments of many contexts, switch sites, extended state and probes work on: that it
 * does what it says, and that their checks notice when it does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs those first */
#include <cmocka.h>
#include <cpuid.h>
#include <stdlib.h>
#include <string.h>

#include "harness/experiment.h"
#include "harness/probe.h"
#include "harness/switcher.h"

static const char *const kinds[] = {"pip", "scratch", "full"};
enum { KINDS = 3, ROUND_TRIPS = 1000 };

static const struct switcher *of_kind(int kind) {
    char id[SWITCHER_ID];
    snprintf(id, sizeof id, "x86_64/%s/none/jmp", kinds[kind]);
    const struct switcher *s = switcher_by_id(id);
    assert_non_null(s);
    return s;
}

static json_t *contexts_point(const char *order, const char *stacks, int prefetch, int n) {
    return json_pack("{s:s, s:s, s:s, s:i, s:i}", "order", order, "stacks", stacks, "pages",
                     "small", "prefetch", prefetch, "contexts", n);
}

/* ---- contexts ---- */

static void prepare(const struct experiment *e, const struct switcher *s, json_t *params) {
    const char *why = e->prepare(s, params, 7);
    if (why) fail_msg("%s", why);
}

static void every_context_is_visited_and_keeps_its_value(void **state) {
    (void)state;
    static const char *const orders[] = {"ring", "random"}, *const stacks[] = {"packed", "page",
                                                                               "coloured"};
    const struct experiment *e = experiment_find("contexts");
    for (int kind = 0; kind < KINDS; kind++)
        for (int n = 2; n < 300; n = 3 * n + 1)
            for (int i = 0; i < 12; i++) {
                json_t *params = contexts_point(orders[i % 2], stacks[i % 3], i / 6 * 2, n);
                prepare(e, of_kind(kind), params);
                kernel_fn *kernel = e->kernel(of_kind(kind), params);
                for (uint64_t switches = 1; switches < 1000; switches = 2 * switches + 1)
                    assert_true(kernel(switches));
                assert_true(e->intact());
                json_decref(params);
            }
}

/* main's next context, and what links it */
static struct many_links *next_of_main(const struct switcher *s) {
    const struct many_code *many = s->native->many;
    struct many_links *main = (void *)((uint8_t *)many->main + many->links);
    return (void *)((uint8_t *)main->next + many->links);
}

static void a_live_value_that_is_lost_is_noticed(void **state) {
    (void)state;
    const struct experiment *e = experiment_find("contexts");
    json_t *params = contexts_point("ring", "packed", 0, 16);
    for (int kind = 0; kind < KINDS; kind++) {
        prepare(e, of_kind(kind), params);
        assert_true(e->intact());
        next_of_main(of_kind(kind))->live ^= 1;
        assert_false(e->intact());
    }
    json_decref(params);
}

static void a_context_that_is_left_out_is_noticed(void **state) {
    (void)state;
    const struct experiment *e = experiment_find("contexts");
    json_t *params = contexts_point("ring", "packed", 0, 16);
    prepare(e, of_kind(0), params);
    struct many_links *l = next_of_main(of_kind(0));
    l->next =
        ((struct many_links *)(void *)((uint8_t *)l->next + of_kind(0)->native->many->links))->next;
    e->kernel(of_kind(0), params)(64);
    assert_false(e->intact());
    json_decref(params);
}

static void more_memory_than_the_budget_is_a_stated_reason(void **state) {
    (void)state;
    const struct experiment *e = experiment_find("contexts");
    json_t *large = contexts_point("ring", "page", 0, 1000000),
           *small = contexts_point("ring", "page", 0, 2);
    experiment_memory = UINT64_C(16) << 20;
    const char *why = e->lacks(of_kind(0), large);
    assert_non_null(why);
    assert_non_null(strstr(why, "1000000 contexts, stacks page, need 3915 MiB"));
    assert_non_null(strstr(why, "the budget of 16 MiB; --memory sets it"));
    assert_null(e->lacks(of_kind(0), small));
    experiment_memory = UINT64_MAX;
    json_object_set_new(large, "contexts", json_integer(INT64_C(1) << 40));
    assert_non_null(strstr(e->lacks(of_kind(0), large), "half of what is free"));
    experiment_memory = EXPERIMENT_MEMORY;
    json_decref(large);
    json_decref(small);
}

/* ---- sites ---- */

static void every_number_of_sites_makes_its_round_trips(void **state) {
    (void)state;
    const struct experiment *e = experiment_find("sites");
    json_t *points = e->points(false), *params;
    size_t i;
    json_array_foreach(points, i, params) for (int kind = 0; kind < KINDS; kind++) {
        prepare(e, of_kind(kind), params);
        assert_true(e->kernel(of_kind(kind), params)(ROUND_TRIPS));
        json_int_t sites = json_integer_value(json_object_get(params, "sites"));
        bool in_step = !strcmp(json_string_value(json_object_get(params, "targets")), "in step");
        assert_int_equal(e->switches(params), in_step ? 2 * sites : 2);
    }
    json_decref(points);
}

static void partners_come_in_turn_or_at_random(void **state) {
    (void)state;
    const struct experiment *e = experiment_find("sites");
    json_t *params =
        json_pack("{s:s, s:s, s:i}", "targets", "round robin", "align", "none", "sites", 8);
    prepare(e, of_kind(0), params);
    for (int i = 0; i < 64; i++)
        assert_int_equal(kernel_order[i], i % 8);
    json_object_set_new(params, "targets", json_string("random"));
    prepare(e, of_kind(0), params);
    int seen[8] = {0}, in_turn = 0;
    for (int i = 0; i < 800; i++) {
        seen[kernel_order[i]]++;
        in_turn += kernel_order[i + 1] == (kernel_order[i] + 1) % 8;
    }
    for (int i = 0; i < 8; i++)
        assert_in_range(seen[i], 50, 150);
    assert_in_range(in_turn, 50, 150);
    json_decref(params);
}

/* ---- state ---- */

static void upper_parts_are_dirty_and_clean_to_the_cpu(void **state) {
    (void)state;
    unsigned a = 0, b, c, d;
    if (kernel_upper.lacks() || !__get_cpuid_count(0xd, 1, &a, &b, &c, &d) || !(a & 4)) skip();
    for (int dirty = 0; dirty < KERNEL_UPPER_STATES; dirty++) {
        kernel_upper.states[dirty].set();
        __asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(1));
        assert_int_equal((a & 0xe4) != 0, dirty);
    }
    kernel_upper.states[0].set();
}

static void a_state_that_is_not_what_it_should_be_is_noticed(void **state) {
    (void)state;
    if (kernel_upper.lacks()) skip();
    kernel_upper.states[1].set();
    assert_true(kernel_upper.states[1].is_set());
    assert_false(kernel_upper.states[0].is_set());
    kernel_upper.states[0].set();
    assert_false(kernel_upper.states[1].is_set());
    assert_true(kernel_upper.states[0].is_set());
}

/* ---- probe ---- */

/* how many events the probe counts in the host's loop; *same: the loop's result is what it is
 * without it */
static uint64_t events_with(const struct probe_pip *pip, const struct switcher *s, bool *same) {
    probe_events = 0;
    const char *why = probe_inject(pip, s);
    if (why) fail_msg("%s", why);
    *same = probe_host.run(ROUND_TRIPS / 10) == probe_host.expected(ROUND_TRIPS / 10);
    assert_null(probe_remove(pip));
    return probe_events;
}

/* the host's PIP with the register that the analysis of this program finds free there */
static struct probe_pip chosen_pip(void) {
    char why[PROBE_WHY] = "";
    struct probe_pip pip = probe_host.pip;
    json_t *chosen = probe_choose(&pip, why);
    if (!chosen) fail_msg("%s", why);
    assert_int_equal(pip.free,
                     probe_number(json_string_value(json_object_get(chosen, "register"))));
    assert_non_null(strstr(json_string_value(json_object_get(chosen, "why")), "dead: overwritten"));
    json_decref(chosen);
    return pip;
}

static void every_probe_counts_each_event_and_changes_nothing(void **state) {
    (void)state;
    int probes = 0;
    struct probe_pip pip = chosen_pip();
    for (const struct switcher *const *s = switcher_all(); *s; s++) {
        bool same;
        if (strcmp((*s)->arch, "x86_64") || !probe_is_for(*s) ||
            ((*s)->unavailable && (*s)->unavailable()))
            continue;
        assert_int_equal(events_with(&pip, *s, &same), ROUND_TRIPS / 10);
        assert_true(same);
        probes++;
    }
    assert_true(probes >= KINDS);
}

static void a_removed_probe_counts_nothing(void **state) {
    (void)state;
    bool same;
    struct probe_pip pip = chosen_pip();
    events_with(&pip, of_kind(0), &same);
    probe_events = 0;
    assert_int_equal(probe_host.run(ROUND_TRIPS), probe_host.expected(ROUND_TRIPS));
    assert_int_equal(probe_events, 0);
}

static bool is_inconsequential(const struct probe_register *all, const char *name) {
    for (; all->name; all++)
        if (strcmp(all->name, name) == 0) return true;
    return false;
}

/* what the analysis says of this program's code is what happens: a probe that uses a register which
 * is called inconsequential leaves the result alone, one that uses another makes it wrong */
static void a_register_is_free_at_the_pip_or_the_result_is_wrong(void **state) {
    (void)state;
    static const char *const registers[] = {"rax", "rcx", "rdx", "rdi", "r8", "r9", "r10", "r11"};
    char why[PROBE_WHY];
    struct probe_register *all = probe_inconsequential(probe_host.pip.place, why);
    if (!all) fail_msg("%s", why);
    int free_ones = 0;
    for (size_t i = 0; i < sizeof registers / sizeof *registers; i++) {
        struct probe_pip pip = probe_host.pip;
        bool same, is_free = is_inconsequential(all, registers[i]);
        pip.free = probe_number(registers[i]);
        events_with(&pip, of_kind(0), &same);
        if (same != is_free) fail_msg("%s", registers[i]);
        free_ones += is_free;
    }
    assert_int_equal(free_ones, 4);
    assert_true(is_inconsequential(all, "rflags"));
    assert_false(is_inconsequential(all, "rsp"));
    free(all);
}

/* a jump that can't be resolved: everything is live there */
__asm__(
    ".text\n.type all_live, @function\nall_live:\n\tjmp *%rax\n\t.size all_live, . - all_live\n");

static void a_pip_where_nothing_is_free_is_refused(void **state) {
    (void)state;
    char why[PROBE_WHY] = "";
    struct probe_pip pip = probe_host.pip;
    pip.place = "all_live+0";
    assert_null(probe_choose(&pip, why));
    assert_int_equal(pip.free, -1);
    assert_non_null(strstr(why, "no register that a probe can use is inconsequential at all_live"));
    const char *refused = probe_inject(&pip, of_kind(0));
    assert_non_null(refused);
    assert_non_null(strstr(refused, "no register is known to be free"));
    pip.place = "no_such_place";
    assert_null(probe_choose(&pip, why));
    assert_non_null(strstr(why, "no function is called 'no_such_place'"));
}

static void what_the_probe_uses_is_for_the_record(void **state) {
    (void)state;
    const struct experiment *e = experiment_find("probe");
    json_t *on = json_pack("{s:s}", "probe", "on"), *off = json_pack("{s:s}", "probe", "off");
    prepare(e, of_kind(0), on);
    json_t *used = e->used();
    assert_string_equal(json_string_value(json_object_get(used, "register")), "rcx");
    assert_int_equal(json_array_size(json_object_get(used, "inconsequential")), 4);
    json_decref(used);
    assert_null(probe_remove(&probe_host.pip));
    prepare(e, of_kind(1), on); /* saves what it uses */
    assert_null(e->used());
    assert_null(probe_remove(&probe_host.pip));
    prepare(e, of_kind(0), off);
    assert_null(e->used());
    json_decref(on);
    json_decref(off);
}

static void a_slot_that_one_store_cannot_change_is_refused(void **state) {
    (void)state;
    struct probe_pip pip = chosen_pip();
    pip.slot += 4;
    const char *why = probe_inject(&pip, of_kind(0));
    assert_non_null(why);
    assert_non_null(strstr(why, "8 aligned bytes"));
}

static void it_is_injected_while_the_loop_runs(void **state) {
    (void)state;
    const struct experiment *e = experiment_find("probe");
    json_t *params = json_pack("{s:s}", "probe", "on");
    for (int kind = 0; kind < KINDS; kind++) {
        prepare(e, of_kind(kind), params);
        assert_true(e->kernel(of_kind(kind), params)(ROUND_TRIPS));
        assert_true(e->intact());
        probe_events++;
        assert_false(e->intact());
        assert_null(probe_remove(&probe_host.pip));
    }
    json_decref(params);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_context_is_visited_and_keeps_its_value),
        cmocka_unit_test(a_live_value_that_is_lost_is_noticed),
        cmocka_unit_test(a_context_that_is_left_out_is_noticed),
        cmocka_unit_test(more_memory_than_the_budget_is_a_stated_reason),
        cmocka_unit_test(every_number_of_sites_makes_its_round_trips),
        cmocka_unit_test(partners_come_in_turn_or_at_random),
        cmocka_unit_test(upper_parts_are_dirty_and_clean_to_the_cpu),
        cmocka_unit_test(a_state_that_is_not_what_it_should_be_is_noticed),
        cmocka_unit_test(every_probe_counts_each_event_and_changes_nothing),
        cmocka_unit_test(a_removed_probe_counts_nothing),
        cmocka_unit_test(a_register_is_free_at_the_pip_or_the_result_is_wrong),
        cmocka_unit_test(a_pip_where_nothing_is_free_is_refused),
        cmocka_unit_test(what_the_probe_uses_is_for_the_record),
        cmocka_unit_test(a_slot_that_one_store_cannot_change_is_refused),
        cmocka_unit_test(it_is_injected_while_the_loop_runs),
    };
    return cmocka_run_group_tests_name("experiments", tests, NULL, NULL);
}
