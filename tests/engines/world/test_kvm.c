/* The worlds on /dev/kvm, and that both engines find the same: interrupts by single steps and by a
 * timer sweep are two ways to one map. */
#include "engines/kvm/timing.h"
#include "engines/qemu/qemu.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* after these: cmocka needs them */
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEED = 4711 };

static const struct engine *kvm(void) {
    return engine_find("kvm");
}

static const struct switcher *switcher(const char *name, const char *mask) {
    for (const struct switcher *const *s = switcher_all(); *s; s++)
        if (strcmp((*s)->arch, "x86_64-kernel") == 0 && strcmp((*s)->name, name) == 0 &&
            strcmp((*s)->mask, mask) == 0)
            return *s;
    fail_msg("no switcher %s/%s", name, mask);
    return NULL;
}

static struct world_end run(const char *name, const char *mask, enum world_verb verb) {
    struct world_file file;
    struct world_end end = {0};
    assert_true(world_open(&file, switcher(name, mask), SEED, verb));
    kvm_run_world(&file, &end);
    world_close(&file);
    return end;
}

static void every_switcher_passes(void **state) {
    (void)state;
    for (const struct switcher *const *s = switcher_all(); *s; s++) {
        struct work work = {.switcher = *s, .seed = SEED, .cpu = -1};
        if (kvm()->rejects(&work)) continue;
        json_t *check = kvm()->check(&work);
        if (strcmp(json_string_value(json_object_get(check, "status")), "pass") != 0)
            fail_msg("%s/%s: %s", (*s)->name, (*s)->mask,
                     json_string_value(json_object_get(check, "reason")));
        json_decref(check);
    }
}

static void both_engines_find_the_same_map(void **state) {
    (void)state;
    static const char *const which[][2] = {{"pip", "none"}, {"scratch", "cli"}, {"full", "none"}};
    struct work any = {.switcher = switcher("pip", "cli"), .cpu = -1};
    if (engine_find("qemu")->lacks(&any)) {
        print_message("skipped: %s\n", engine_find("qemu")->lacks(&any));
        skip();
    }
    for (size_t i = 0; i < sizeof which / sizeof *which; i++) {
        struct work work = {
            .switcher = switcher(which[i][0], which[i][1]), .seed = SEED, .cpu = -1};
        json_t *a = kvm()->map(&work), *b = engine_find("qemu")->map(&work);
        assert_non_null(json_object_get(a, "cells"));
        assert_true(json_integer_value(json_object_get(a, "boundaries")) > 20);
        assert_int_equal(json_integer_value(json_object_get(a, "boundaries")),
                         json_integer_value(json_object_get(b, "boundaries")));
        assert_true(json_equal(json_object_get(a, "cells"), json_object_get(b, "cells")));
        json_decref(a);
        json_decref(b);
    }
}

static void a_world_that_hangs_ends_with_its_last_registers(void **state) {
    (void)state;
    setenv("WORLD_SECONDS", "0.5", 1);
    struct world_end end = run("pip", "cli", WORLD_HANG);
    unsetenv("WORLD_SECONDS");
    assert_true(end.hung && !end.good);
    assert_non_null(strstr(end.why, "did not end within 0.5 s; last registers: rip 0000000000"));
    free(end.text);
}

static void a_world_that_faults_ends_with_its_last_registers(void **state) {
    (void)state;
    struct world_end end = run("pip", "cli", WORLD_FAULT);
    assert_true(!end.hung && !end.good);
    assert_non_null(strstr(end.why, "rip 0"));
    free(end.text);
}

/* instructions of another kind: garbage where the world begins */
static void code_that_can_not_run_is_told_with_registers(void **state) {
    (void)state;
    struct world_file file;
    struct world_end end = {0};
    assert_true(world_open(&file, switcher("pip", "cli"), SEED, WORLD_STAGE));
    static const uint8_t begin[] = {0xfc, 0xbf}; /* cld; mov $page_directories, %edi */
    uint8_t *at = memmem(file.bytes, file.size, begin, sizeof begin);
    assert_non_null(at);
    at[0] = 0x0f, at[1] = 0x0b; /* ud2, with no vectors yet */
    setenv("WORLD_SECONDS", "2", 1);
    kvm_run_world(&file, &end);
    unsetenv("WORLD_SECONDS");
    assert_false(end.good);
    assert_non_null(strstr(end.why, "last registers: rip"));
    world_close(&file);
    free(end.text);
}

static void refuse(struct world_file *file, const char *why) {
    struct world_end end = {0};
    kvm_run_world(file, &end);
    assert_false(end.good);
    if (!strstr(end.why, why)) fail_msg("expected '%s' in '%s'", why, end.why);
    free(end.text);
}

/* every field that the loader uses */
static void a_broken_elf_file_is_refused(void **state) {
    (void)state;
    static const struct {
        size_t at;
        uint64_t value;
        unsigned bytes;
    } broken[] = {
        {0, 0x46, 1},             /* magic */
        {4, 1, 1},                /* 32-bit */
        {32, UINT64_MAX - 7, 8},  /* program headers outside the file */
        {56, 0xffff, 2},          /* more of them than fit */
        {64 + 8, 1u << 30, 8},    /* contents outside the file */
        {64 + 24, UINT64_MAX, 8}, /* address outside memory */
        {64 + 32, UINT64_MAX, 8}, /* more bytes than the file has */
        {64 + 40, 1, 8},          /* smaller in memory than in the file */
        {64 + 40, 64u << 20, 8},  /* larger than memory */
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct world_file file;
        assert_true(world_open(&file, switcher("pip", "cli"), SEED, WORLD_CHECK));
        memcpy(file.bytes + broken[i].at, &broken[i].value, broken[i].bytes);
        refuse(&file, "no ELF executable that fits");
        world_close(&file);
    }
    struct world_file file;
    assert_true(world_open(&file, switcher("pip", "cli"), SEED, WORLD_CHECK));
    file.size = 40;
    refuse(&file, "no ELF executable that fits");
    world_close(&file);
}

/* ---- time ---- */

static void slopes_are_medians_of_batches_of_either_order(void **state) {
    (void)state;
    static const char lines[] = "time mul 100 1000\ntime mul 200 1300\ntime add 100 7\ntime mul "
                                "200 2000\ntime mul 100 1500\n"
                                "time mul 100 50\ntime mul 200 1050\ntime add 200 107\nend\n";
    assert_true(fabs(kvm_slope(lines, "mul") - 5) < 1e-9); /* of 3, 5 and 10 */
    assert_true(fabs(kvm_slope(lines, "add") - 1) < 1e-9);
    assert_true(isnan(kvm_slope(lines, "switch")));
    assert_true(isnan(kvm_slope("time mul 100 50\n", "mul"))); /* half a batch */
    assert_true(isnan(kvm_slope("", "mul")));
}

/* whichever this machine is: cycles if and only if guest ring 0 is as fast as ring 3 of the host */
static void cycles_are_withheld_where_guest_code_is_interpreted(void **state) {
    (void)state;
    struct kvm_calibration c;
    char why[WORLD_WHY];
    struct work work = {.switcher = switcher("pip", "cli"), .seed = SEED, .cpu = -1};
    if (!kvm_calibrate(&c, work.switcher, why)) fail_msg("%s", why);
    assert_true(c.host > 0 && c.guest > 0 && c.cpuid_ns > 0 && c.port_ns > 0);
    assert_int_equal(c.interpreted[0] != 0, !(c.ratio <= KVM_RATIO_LIMIT));
    json_t *sample = kvm_sample(&work);
    const char *untimed = json_string_value(json_object_get(sample, "untimed"));
    assert_int_equal(untimed != NULL, c.interpreted[0] != 0);
    assert_int_equal(json_object_get(sample, "metrics") != NULL, !c.interpreted[0]);
    if (untimed) assert_non_null(strstr(untimed, "interpreted"));
    json_decref(sample);
}

int main(void) {
    if (kvm_missing()) {
        printf("skipped: %s\n", kvm_missing());
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_switcher_passes),
        cmocka_unit_test(both_engines_find_the_same_map),
        cmocka_unit_test(a_world_that_hangs_ends_with_its_last_registers),
        cmocka_unit_test(a_world_that_faults_ends_with_its_last_registers),
        cmocka_unit_test(code_that_can_not_run_is_told_with_registers),
        cmocka_unit_test(a_broken_elf_file_is_refused),
        cmocka_unit_test(slopes_are_medians_of_batches_of_either_order),
        cmocka_unit_test(cycles_are_withheld_where_guest_code_is_interpreted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
