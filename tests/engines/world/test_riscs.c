/* The aarch64 and riscv64 worlds, the latter in both modes: what every world must do is in
 * test_world.c; here is what these two might do differently. */
#include "engines/decode/decode.h"
#include "engines/qemu/qemu.h"
#include "engines/world/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* after these: cmocka needs them */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEED = 4711 };

static const struct world_case {
    const char *arch, *mask;
    const char *pc, *monitor_pc; /* as the world prints it, and as QEMU's monitor does */
} cases[] = {{"aarch64", "daif", "\npc 0x", "PC="},
             {"riscv64", "sie", "\npc 0x", "pc "},
             {"riscv64_m", "mie", "\npc 0x", "pc "}};
enum { CASES = sizeof cases / sizeof *cases };

static const struct switcher *find(const struct world_case *c, const char *name, const char *mask) {
    char arch[32];
    snprintf(arch, sizeof arch, "%s-kernel", c->arch);
    for (const struct switcher *const *s = switcher_all(); *s; s++)
        if (strcmp((*s)->arch, arch) == 0 && strcmp((*s)->name, name) == 0 &&
            strcmp((*s)->mask, mask) == 0)
            return *s;
    fail_msg("no switcher %s/%s of %s", name, mask, arch);
    return NULL;
}

/* QEMU is there, and the world is built: the Makefile builds it where there is a compiler for it */
static bool there(const struct world_case *c) {
    struct world_file file;
    struct work work = {.switcher = find(c, "pip", "none"), .seed = SEED, .cpu = -1};
    const char *why = engine_find("qemu")->rejects(&work);
    bool built = world_open(&file, work.switcher, SEED, WORLD_STAGE);
    if (built) world_close(&file);
    if (why || !built) print_message("skipped: %s: %s\n", c->arch, why ? why : file.why);
    return !why && built;
}

#define EACH(c)                                                                                    \
    for (const struct world_case *c = cases; c < cases + CASES; c++)                               \
        if (there(c))

static struct world_end run(const struct world_case *c, const char *name, const char *mask,
                            enum world_verb verb) {
    struct world_file file;
    struct world_end end = {0};
    assert_true(world_open(&file, find(c, name, mask), SEED, verb));
    qemu_run(&file, &end);
    world_close(&file);
    return end;
}

static void every_mutant_is_noticed(void **state) {
    (void)state;
    static const char *const names[] = {"full", "scratch", "pip"};
    EACH(c) for (int i = 0; i < 3; i++) {
        struct work work = {.switcher = find(c, names[i], c->mask), .seed = SEED, .cpu = -1};
        json_t *answer = engine_find("qemu")->mutate(&work);
        assert_true(json_integer_value(json_object_get(answer, "total")) >= 10);
        assert_int_equal(json_integer_value(json_object_get(answer, "killed")),
                         json_integer_value(json_object_get(answer, "total")));
        json_decref(answer);
    }
}

static void reruns_are_the_same_to_the_byte(void **state) {
    (void)state;
    static const enum world_verb verbs[] = {WORLD_STAGE, WORLD_CHECK, WORLD_MAP};
    EACH(c) for (int i = 0; i < 3; i++) {
        struct world_end a = run(c, "scratch", "none", verbs[i]),
                         b = run(c, "scratch", "none", verbs[i]);
        assert_true(a.good && b.good);
        assert_string_equal(a.text, b.text);
        free(a.text);
        free(b.text);
    }
}

/* a line `cell SIDE OFFSET corrupted NAMES...` for an unmasked pip has the registers that the
 * interrupt itself writes */
static void an_interrupt_itself_overwrites_part_of_x(void **state) {
    (void)state;
    EACH(c) {
        struct work work = {.switcher = find(c, "pip", "none"), .seed = SEED, .cpu = -1};
        const struct world_switcher *world = work.switcher->other;
        struct world_end end = run(c, "pip", "none", WORLD_MAP);
        const char *cell = strstr(end.text, " corrupted");
        assert_non_null(cell);
        char line[512];
        snprintf(line, sizeof line, "%.*s", (int)strcspn(cell, "\n"), cell);
        for (unsigned n = 0; world->x[n]; n++)
            assert_non_null(strstr(line, world->x[n]));
        free(end.text);
    }
}

static void a_world_that_hangs_ends_with_its_last_registers(void **state) {
    (void)state;
    EACH(c) {
        setenv("WORLD_SECONDS", "0.5", 1);
        struct world_end end = run(c, "pip", c->mask, WORLD_HANG);
        unsetenv("WORLD_SECONDS");
        assert_true(end.hung && !end.good);
        assert_non_null(strstr(end.why, "did not end within 0.5 s"));
        assert_non_null(strstr(end.why, c->monitor_pc));
        free(end.text);
    }
}

static void a_world_that_faults_ends_with_its_last_registers(void **state) {
    (void)state;
    EACH(c) {
        struct world_end end = run(c, "pip", c->mask, WORLD_FAULT);
        assert_true(!end.hung && !end.good);
        assert_non_null(strstr(end.why, "status 64"));
        assert_non_null(strstr(end.text, c->pc));
        free(end.text);
    }
}

/* text as binutils' objdump -M no-aliases or with aliases prints it, but for offsets, which are
 * relative here */
static void a_riscv64_instruction_has_its_text(void **state) {
    (void)state;
    static const struct {
        uint32_t word;
        const char *text;
    } rows[] = {
        {0x10017073, "csrci sstatus, 2"},
        {0x14051073, "csrw sscratch, a0"},
        {0x140022f3, "csrr t0, sscratch"},
        {0x14151373, "csrrw t1, sepc, a0"},
        {0x14d29073, "csrw stimecmp, t0"},
        {0x04253823, "sd sp, 80(a0)"},
        {0xfe513c23, "sd t0, -8(sp)"},
        {0x01053103, "ld sp, 16(a0)"},
        {0xff010113, "addi sp, sp, -16"},
        {0x00000517, "auipc a0, 0x0"},
        {0x00030067, "jalr zero, 0(t1)"},
        {0x00008067, "ret"},
        {0x00000013, "nop"},
        {0x0080006f, "jal zero, .+8"},
        {0xffdff06f, "jal zero, .-4"},
        {0xfe0518e3, "bne a0, zero, .-16"},
        {0x10200073, "sret"},
        {0x0000000f, ".4byte 0x0000000f"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[WORLD_TEXT];
        riscv64_text(rows[i].word, text, sizeof text);
        assert_string_equal(text, rows[i].text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mutant_is_noticed),
        cmocka_unit_test(reruns_are_the_same_to_the_byte),
        cmocka_unit_test(an_interrupt_itself_overwrites_part_of_x),
        cmocka_unit_test(a_world_that_hangs_ends_with_its_last_registers),
        cmocka_unit_test(a_world_that_faults_ends_with_its_last_registers),
        cmocka_unit_test(a_riscv64_instruction_has_its_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
