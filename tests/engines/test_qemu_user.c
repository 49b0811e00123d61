/* The qemu-user engine: what it decodes, that its counts are exact and repeat, and that its check
 * can fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engines/qemu_user/qemu_user.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const arches[] = {"aarch64", "riscv64"};
enum { ARCHES = 2 };

static void need(const struct guest *guest) {
    const char *why = guest ? guest_lacks(guest) : "the native engine has this architecture";
    if (!why) return;
    printf("skipped: %s\n", why);
    skip();
}

/* ---- decoding ---- */

static void decodes(const char *arch, uint32_t word, unsigned loads, unsigned stores,
                    unsigned modifies, unsigned bytes) {
    struct effect effect;
    size_t size = sizeof word;
    uint8_t code[4];
    memcpy(code, &word, sizeof code);
    assert_null(guest_of(arch)->decode(code, &size, &effect));
    assert_int_equal(size, strcmp(arch, "riscv64") == 0 && (word & 3) != 3 ? 2 : 4);
    assert_int_equal(effect.loads, loads);
    assert_int_equal(effect.stores, stores);
    assert_int_equal(effect.modifies, modifies);
    assert_int_equal(effect.bytes, bytes);
}

/* words as GNU as makes them */
static void an_aarch64_access_has_its_direction_and_size(void **state) {
    (void)state;
    static const struct {
        uint32_t word;
        unsigned loads, stores, modifies, bytes;
    } rows[] = {
        {0xa909d013, 0, 1, 0, 16}, /* stp x19, x20, [x0, #152] */
        {0x6d542428, 1, 0, 0, 16}, /* ldp d8, d9, [x1, #320] */
        {0xad000400, 0, 1, 0, 32}, /* stp q0, q1, [x0] */
        {0x29400440, 1, 0, 0, 8},  /* ldp w0, w1, [x2] */
        {0x69400440, 1, 0, 0, 8},  /* ldpsw x0, x1, [x2] */
        {0xf9407c29, 1, 0, 0, 8},  /* ldr x9, [x1, #248] */
        {0xb9000020, 0, 1, 0, 4},  /* str w0, [x1] */
        {0x39400020, 1, 0, 0, 1},  /* ldrb w0, [x1] */
        {0x79c00020, 1, 0, 0, 2},  /* ldrsh w0, [x1] */
        {0xb9800020, 1, 0, 0, 4},  /* ldrsw x0, [x1] */
        {0x3dc00020, 1, 0, 0, 16}, /* ldr q0, [x1] */
        {0x3d800020, 0, 1, 0, 16}, /* str q0, [x1] */
        {0xfd000020, 0, 1, 0, 8},  /* str d0, [x1] */
        {0xf8627820, 1, 0, 0, 8},  /* ldr x0, [x1, x2, lsl #3] */
        {0xf81f0c20, 0, 1, 0, 8},  /* str x0, [x1, #-16]! */
        {0x58000040, 1, 0, 0, 8},  /* ldr x0, .+8 */
        {0xc85f7c20, 1, 0, 0, 8},  /* ldxr x0, [x1] */
        {0xc8027c20, 0, 1, 0, 8},  /* stxr w2, x0, [x1] */
        {0xc8dffc20, 1, 0, 0, 8},  /* ldar x0, [x1] */
        {0xc87f0440, 1, 0, 0, 16}, /* ldxp x0, x1, [x2] */
        {0xf8200041, 1, 0, 1, 16}, /* ldadd x0, x1, [x2] */
        {0xc8a07c41, 1, 0, 1, 16}, /* cas x0, x1, [x2] */
        {0xf9800020, 0, 0, 0, 0},  /* prfm pldl1keep, [x1] */
        {0x8b020020, 0, 0, 0, 0},  /* add x0, x1, x2 */
        {0x4ea11c20, 0, 0, 0, 0},  /* mov v0.16b, v1.16b */
        {0xd61f03c0, 0, 0, 0, 0},  /* br x30 */
        {0xd53b4200, 0, 0, 0, 0},  /* mrs x0, nzcv */
    };
    if (!guest_of("aarch64")) skip();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        decodes("aarch64", rows[i].word, rows[i].loads, rows[i].stores, rows[i].modifies,
                rows[i].bytes);
}

static void a_riscv64_access_has_its_direction_and_size(void **state) {
    (void)state;
    static const struct {
        uint32_t word;
        unsigned loads, stores, modifies, bytes;
    } rows[] = {
        {0x0005b503, 1, 0, 0, 8},  /* ld a0, 0(a1) */
        {0x0005e503, 1, 0, 0, 4},  /* lwu a0, 0(a1) */
        {0x0005c503, 1, 0, 0, 1},  /* lbu a0, 0(a1) */
        {0x00a59023, 0, 1, 0, 2},  /* sh a0, 0(a1) */
        {0x00a5b027, 0, 1, 0, 8},  /* fsd fa0, 0(a1) */
        {0x0005a507, 1, 0, 0, 4},  /* flw fa0, 0(a1) */
        {0x00c5b52f, 1, 0, 1, 16}, /* amoadd.d a0, a2, (a1) */
        {0x1005b52f, 1, 0, 0, 8},  /* lr.d a0, (a1) */
        {0x18c5b52f, 0, 1, 0, 8},  /* sc.d a0, a2, (a1) */
        {0x6188, 1, 0, 0, 8},      /* c.ld a0, 0(a1) */
        {0xc188, 0, 1, 0, 4},      /* c.sw a0, 0(a1) */
        {0x2188, 1, 0, 0, 8},      /* c.fld fa0, 0(a1) */
        {0x60a2, 1, 0, 0, 8},      /* c.ldsp ra, 8(sp) */
        {0xe406, 0, 1, 0, 8},      /* c.sdsp ra, 8(sp) */
        {0xa422, 0, 1, 0, 8},      /* c.fsdsp fs0, 8(sp) */
        {0x1141, 0, 0, 0, 0},      /* c.addi sp, -16 */
        {0xe111, 0, 0, 0, 0},      /* c.bnez a0, .+4 */
        {0x0028, 0, 0, 0, 0},      /* c.addi4spn a0, sp, 8 */
        {0x8082, 0, 0, 0, 0},      /* ret */
        {0x00c58533, 0, 0, 0, 0},  /* add a0, a1, a2 */
    };
    if (!guest_of("riscv64")) skip();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        decodes("riscv64", rows[i].word, rows[i].loads, rows[i].stores, rows[i].modifies,
                rows[i].bytes);
}

static void what_is_not_known_or_cut_off_is_refused(void **state) {
    (void)state;
    struct effect effect;
    static const uint8_t structures[] = {0x20, 0x70, 0x40, 0x4c} /* ld1 {v0.16b}, [x1] */,
                         half[] = {0x03, 0xb5};
    size_t size = 4;
    assert_non_null(aarch64_decode(structures, &size, &effect));
    size = 3;
    assert_non_null(aarch64_decode(structures, &size, &effect));
    size = 2;
    assert_non_null(riscv64_decode(half, &size, &effect));
    size = 0;
    assert_non_null(riscv64_decode(half, &size, &effect));
}

/* ---- running ---- */

static const struct switcher *find(const char *arch, const char *name) {
    for (const struct switcher *const *s = switcher_all(); *s; s++)
        if (strcmp((*s)->arch, arch) == 0 && strcmp((*s)->name, name) == 0 &&
            strcmp((*s)->mask, "none") == 0)
            return *s;
    fail_msg("there is no %s for %s", name, arch);
    return NULL;
}

static json_t *count(const struct switcher *switcher) {
    json_t *params = json_object();
    json_t *counts = qemu_user_count(&(struct work){
        .switcher = switcher, .experiment = experiment_find("pingpong"), .params = params});
    json_decref(params);
    return counts;
}

static double value(const json_t *counts, const char *name) {
    return json_number_value(json_object_get(json_object_get(counts, name), "value"));
}

/* every load and store of these can be read off switchers/scratch/ */
static void scratch_executes_what_its_source_says(void **state) {
    (void)state;
    static const struct {
        const char *arch;
        double accesses, bytes; /* loads; as many stores */
    } rows[] = {{"aarch64", 6 + 4 + 1, 2 * (10 * 16 + 8)}, {"riscv64", 12 + 12 + 2, 2 * 26 * 8}};
    for (int i = 0; i < ARCHES; i++) {
        need(guest_of(rows[i].arch));
        json_t *counts = count(find(rows[i].arch, "scratch"));
        assert_float_equal(value(counts, "loads"), rows[i].accesses, 0);
        assert_float_equal(value(counts, "stores"), rows[i].accesses, 0);
        assert_float_equal(value(counts, "bytes"), rows[i].bytes, 0);
        json_decref(counts);
    }
}

static void counts_are_the_same_every_time(void **state) {
    (void)state;
    for (int i = 0; i < ARCHES; i++) {
        need(guest_of(arches[i]));
        json_t *first = count(find(arches[i], "pip")), *second = count(find(arches[i], "pip"));
        assert_true(json_equal(first, second));
        assert_true(value(first, "instructions") > 0);
        json_decref(first);
        json_decref(second);
    }
}

/* more is promised than scratch keeps */
static void the_check_fails_where_a_promise_is_broken(void **state) {
    (void)state;
    static const struct clause all[] = {
        {"thread", NULL, SHARED, ""}, {"global", NULL, SHARED, ""}, {NULL, NULL, SAVED, ""}};
    for (int i = 0; i < ARCHES; i++) {
        need(guest_of(arches[i]));
        struct switcher liar = *find(arches[i], "scratch");
        liar.contract.clauses = all;
        json_t *check = qemu_user_check(&(struct work){.switcher = &liar, .seed = 1});
        assert_string_equal(json_string_value(json_object_get(check, "status")), "fail");
        assert_true(json_array_size(json_object_get(check, "corrupted")) > 0);
        json_decref(check);
    }
}

static void values_survive_where_all_registers_are_live(void **state) {
    (void)state;
    static const char *const names[] = {"full", "scratch", "pip"};
    for (int i = 0; i < ARCHES; i++) {
        need(guest_of(arches[i]));
        for (int k = 0; k < 3; k++)
            for (int file = 0; file < KERNEL_VALUES; file++) {
                char id[SWITCHER_ID], place[24];
                struct target target;
                switcher_id(find(arches[i], names[k]), id);
                size_t last = offsetof(struct native_code,
                                       pressure[file][KERNEL_USED][file == KERNEL_INT ? 15 : 16]);
                snprintf(place, sizeof place, "%zu",
                         file == KERNEL_INT ? last - sizeof(kernel_fn *) : last);
                assert_null(target_start(
                    &target, guest_of(arches[i]),
                    (const char *const[TARGET_ARGUMENTS]){id, "run", place, "1000"}, false));
                assert_null(target_end(&target, 10));
            }
    }
}

static void a_kernel_is_found_by_its_place(void **state) {
    (void)state;
    json_t *params = json_pack("{s:i, s:s, s:s}", "live", 4, "file", "vector", "use", "unused"),
           *none = json_pack("{s:i}", "live", 99);
    const struct switcher *switcher = find(guest_of("aarch64") ? "aarch64" : "riscv64", "pip");
    struct work work = {
        .switcher = switcher, .experiment = experiment_find("pressure"), .params = params};
    size_t offset = 0;
    assert_true(kernel_place(&work, &offset));
    assert_int_equal(offset,
                     offsetof(struct native_code, pressure[KERNEL_VECTOR][KERNEL_UNUSED][4]));
    work.params = none;
    assert_false(kernel_place(&work, &offset));
    json_decref(params);
    json_decref(none);
}

/* ---- what goes wrong ---- */

static void a_missing_emulator_is_named(void **state) {
    (void)state;
    need(guest_of("aarch64"));
    char *path = strdup(getenv("PATH"));
    setenv("PATH", "/nowhere", 1);
    const char *why = guest_lacks(guest_of("aarch64"));
    assert_non_null(why);
    assert_non_null(strstr(why, "qemu-user"));
    setenv("PATH", path, 1);
    free(path);
    struct guest other = *guest_of("aarch64");
    other.arch = "none-such";
    assert_non_null(strstr(guest_lacks(&other), "not built"));
}

static void a_target_that_refuses_says_how_it_ended(void **state) {
    (void)state;
    need(guest_of("aarch64"));
    struct target target;
    static const char *const wrong[][TARGET_ARGUMENTS] = {
        {"none-such", "steps"},
        {"aarch64/pip/none/br", "dance"},
        {"aarch64/pip/none/br", "run", "8000", "1"},
        {"aarch64/pip/none/br", "check", "99"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_null(target_start(&target, guest_of("aarch64"), wrong[i], false));
        assert_string_equal(target_end(&target, 10), "the emulated program ended with exit code 2");
    }
}

static void a_target_that_does_not_end_is_ended(void **state) {
    (void)state;
    need(guest_of("aarch64"));
    struct target target;
    assert_null(target_start(
        &target, guest_of("aarch64"),
        (const char *const[TARGET_ARGUMENTS]){"aarch64/pip/none/br", "run", "0", "100000000000"},
        false));
    uint8_t byte;
    assert_false(target_read(&target, &byte, 1, 1));
    assert_non_null(strstr(target_end(&target, 0), "did not end"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_aarch64_access_has_its_direction_and_size),
        cmocka_unit_test(a_riscv64_access_has_its_direction_and_size),
        cmocka_unit_test(what_is_not_known_or_cut_off_is_refused),
        cmocka_unit_test(scratch_executes_what_its_source_says),
        cmocka_unit_test(counts_are_the_same_every_time),
        cmocka_unit_test(the_check_fails_where_a_promise_is_broken),
        cmocka_unit_test(values_survive_where_all_registers_are_live),
        cmocka_unit_test(a_kernel_is_found_by_its_place),
        cmocka_unit_test(a_missing_emulator_is_named),
        cmocka_unit_test(a_target_that_refuses_says_how_it_ended),
        cmocka_unit_test(a_target_that_does_not_end_is_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
