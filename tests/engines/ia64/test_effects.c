// What instructions read and write, by hand from the manual, volume 3, chapter 5, as text: "r" or
// "w" and the resource; order does not matter, and everything that is listed has to be there, and
// nothing else.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "isa.h"

static const char *const files[IA64_FILES] = {"gr", "fr", "pr", "br", "ar", "cr", "psr", "res"};

static void describe(const struct ia64_effect *e, char text[32]) {
    snprintf(text, 32, "%c%s%u", e->access == IA64_READ ? 'r' : 'w', files[e->file], e->index);
}

static void expect(struct ia64_insn insn, const char *expected) {
    struct ia64_effect effects[IA64_EFFECTS_MAX];
    size_t count = ia64_effects(&insn, effects), words = 0;
    char copy[600], *word;
    for (word = strtok(strcpy(copy, expected), " "); word; word = strtok(NULL, " ")) {
        bool found = false;
        for (size_t i = 0; i < count; i++) {
            char text[32];
            describe(&effects[i], text);
            found |= !strcmp(text, word);
        }
        if (!found) fail_msg("%s lacks %s", ia64_op_name(insn.op), word);
        words++;
    }
    for (size_t i = 0; words != count && i < count; i++) {
        char text[32];
        describe(&effects[i], text);
        print_message("%s ", text);
    }
    assert_int_equal(words, count);
}

static void results_are_written_and_sources_read(void **state) {
    (void)state;
    expect((struct ia64_insn){.op = IA64_OP_ADD_A1, .qp = 6, .r1 = 4, .r2 = 5, .r3 = 6},
           "rpr6 wgr4 rgr5 rgr6");
    expect((struct ia64_insn){.op = IA64_OP_CMP_LT_A6, .p1 = 7, .p2 = 8, .r2 = 5, .r3 = 6},
           "rpr0 wpr7 wpr8 rgr5 rgr6");
    expect((struct ia64_insn){.op = IA64_OP_MOV_I22, .r1 = 4, .b2 = 6}, "rpr0 wgr4 rbr6");
    expect((struct ia64_insn){.op = IA64_OP_GETF_SIG_M19, .r1 = 4, .f2 = 8},
           "rpr0 wgr4 rfr8 rpsr18");
}

static void constant_registers_are_never_written(void **state) {
    (void)state;
    expect((struct ia64_insn){.op = IA64_OP_CMP_EQ_A6, .p1 = 0, .p2 = 9, .r2 = 0, .r3 = 1},
           "rpr0 wpr9 rgr0 rgr1");
    expect((struct ia64_insn){.op = IA64_OP_SETF_SIG_M18, .f1 = 1, .r2 = 2}, "rpr0 rgr2");
}

static void numbers_bring_banks_rotation_and_fp_halves(void **state) {
    (void)state;
    expect((struct ia64_insn){.op = IA64_OP_SUB_A1, .r1 = 16, .r2 = 40, .r3 = 6},
           "rpr0 wgr16 rgr40 rgr6 rpsr44 rres0");
    expect((struct ia64_insn){.op = IA64_OP_SETF_SIG_M18, .f1 = 32, .r2 = 2, .qp = 16},
           "rpr16 wfr32 rgr2 rpsr19 wpsr5 rres0");
}

#define ACCESS "rpsr3 rpsr1 rpsr32 rpsr38 rpsr24 rpsr39 rpsr17 rpsr15 rcr8 "

static char *with_resources(char *buf, const char *text, size_t count, const unsigned *reads) {
    char *end = stpcpy(buf, text);
    for (size_t i = 0; i < count; i++)
        end += sprintf(end, " rres%u", reads[i]);
    return buf;
}

static void loads_and_stores_read_translation_and_their_base(void **state) {
    static const unsigned tables[] = {IA64_RES_RR,  IA64_RES_PKR, IA64_RES_DBR,
                                      IA64_RES_DTC, IA64_RES_DTR, IA64_RES_MEMORY};
    char text[600], extra[300];
    (void)state;
    expect((struct ia64_insn){.op = IA64_OP_LD8_M3, .r1 = 4, .r3 = 5, .imm = 8},
           with_resources(text, "rpr0 wgr4 rgr5 wgr5 " ACCESS, 6, tables));
    expect((struct ia64_insn){.op = IA64_OP_LD8_FILL_M1, .r1 = 4, .r3 = 5},
           with_resources(text, "rpr0 wgr4 rgr5 rar36 rres2 " ACCESS, 6, tables));
    snprintf(extra, sizeof extra, "rpr0 rgr4 rgr5 wres%d wres%d wres%d " ACCESS, IA64_RES_MEMORY,
             IA64_RES_ALAT, IA64_RES_UNAT_BIT);
    expect((struct ia64_insn){.op = IA64_OP_ST8_SPILL_M4, .r2 = 4, .r3 = 5},
           with_resources(text, extra, 5, tables));
    snprintf(extra, sizeof extra, "rpr0 wgr4 rgr5 rgr6 rar32 wres%d wres%d " ACCESS,
             IA64_RES_MEMORY, IA64_RES_ALAT);
    expect((struct ia64_insn){.op = IA64_OP_CMPXCHG8_ACQ_M16, .r1 = 4, .r2 = 6, .r3 = 5},
           with_resources(text, extra, 6, tables));
}

static void loop_branches_rotate(void **state) {
    (void)state;
    expect((struct ia64_insn){.op = IA64_OP_BR_CTOP_B2, .qp = 3},
           "rpsr36 rpsr26 rar65 war65 rar66 war66 rres0 wres0 wpr63");
    expect((struct ia64_insn){.op = IA64_OP_BR_CLOOP_B2}, "rpsr36 rpsr26 rar65 war65");
    expect((struct ia64_insn){.op = IA64_OP_BR_WTOP_B1, .qp = 3},
           "rpr3 rpsr36 rpsr26 rar66 war66 rres0 wres0 wpr63");
}

static void calls_and_returns_move_the_frame(void **state) {
    char text[200];
    (void)state;
    snprintf(text, sizeof text,
             "rpr0 wbr1 rbr6 rpsr36 rpsr26 rpsr32 rar66 rar17 war17 war64 rres0 wres0 rres1 wres1 "
             "rres%d "
             "wres%d",
             IA64_RES_DAHR, IA64_RES_DAHR);
    expect((struct ia64_insn){.op = IA64_OP_BR_CALL_B5, .b1 = 1, .b2 = 6}, text);
    snprintf(text, sizeof text,
             "rpr0 rbr0 rpsr36 rpsr26 rpsr25 rar64 rar17 war17 war66 wpsr32 rres0 wres0 rres1 "
             "wres1 wres%d",
             IA64_RES_DAHR);
    expect((struct ia64_insn){.op = IA64_OP_BR_RET_B4, .b2 = 0}, text);
    expect((struct ia64_insn){.op = IA64_OP_ALLOC_M34, .r1 = 3, .qp = 9},
           "wgr3 rar64 rar18 war18 rar19 war19 rar16 rpsr27 rres0 wres0 rres1 wres1");
}

static void masks_write_the_bits_that_they_name(void **state) {
    (void)state;
    expect((struct ia64_insn){.op = IA64_OP_RSM_M44, .imm = 0x6000}, "rpr0 rpsr32 wpsr13 wpsr14");
    expect((struct ia64_insn){.op = IA64_OP_SUM_M44, .imm = 0x6002}, "rpr0 rpsr20 wpsr1");
    expect((struct ia64_insn){.op = IA64_OP_MOV_I23, .r2 = 4, .imm = 0x8002},
           "rpr0 rgr4 wpr1 wpr15");
}

static void status_fields_are_apart(void **state) {
    char text[200];
    (void)state;
    snprintf(text, sizeof text, "rpr0 wfr6 rfr7 rfr8 rfr9 rpsr18 wpsr4 rres%d rres%d wres%d",
             IA64_RES_SF2_CONTROLS, IA64_RES_FPSR_TRAPS, IA64_RES_SF2_FLAGS);
    expect((struct ia64_insn){.op = IA64_OP_FMA_F1, .sf = 2, .f1 = 6, .f2 = 9, .f3 = 7, .f4 = 8},
           text);
    snprintf(text, sizeof text, "rpr0 wres%d", IA64_RES_SF1_FLAGS);
    expect((struct ia64_insn){.op = IA64_OP_FCLRF_F13, .sf = 1}, text);
}

static void special_registers_bring_others(void **state) {
    char text[200];
    (void)state;
    expect((struct ia64_insn){.op = IA64_OP_MOV_M_M29, .ar3 = 18, .r2 = 4},
           "rpr0 rgr4 war18 war17 war19 rar16 rres1 wres1");
    expect((struct ia64_insn){.op = IA64_OP_MOV_M33, .cr3 = 19, .r1 = 4},
           "rpr0 wgr4 rcr19 rpsr13 rpsr32");
    snprintf(text, sizeof text,
             "rpr0 wgr4 rcr65 rcr66 wcr68 wcr69 wcr70 wcr71 rpsr32 rres%d wres%d",
             IA64_RES_INSERVICE, IA64_RES_INSERVICE);
    expect((struct ia64_insn){.op = IA64_OP_MOV_M33, .cr3 = 65, .r1 = 4}, text);
    snprintf(text, sizeof text, "rpr0 rgr5 rgr4 rpsr32 wres%d", IA64_RES_PKR);
    expect((struct ia64_insn){.op = IA64_OP_MOV_PKR_M42, .r2 = 4, .r3 = 5}, text);
}

static void lists_fit(void **state) {
    struct ia64_effect effects[IA64_EFFECTS_MAX];
    (void)state;
    for (int op = 0; op < IA64_OPS; op++) {
        struct ia64_insn insn = {
            .op = (uint16_t)op, .r1 = 40, .r2 = 41, .r3 = 42, .f4 = 43, .imm = -1};
        assert_true(ia64_effects(&insn, effects) < IA64_EFFECTS_MAX);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_are_written_and_sources_read),
        cmocka_unit_test(constant_registers_are_never_written),
        cmocka_unit_test(numbers_bring_banks_rotation_and_fp_halves),
        cmocka_unit_test(loads_and_stores_read_translation_and_their_base),
        cmocka_unit_test(loop_branches_rotate),
        cmocka_unit_test(calls_and_returns_move_the_frame),
        cmocka_unit_test(masks_write_the_bits_that_they_name),
        cmocka_unit_test(status_fields_are_apart),
        cmocka_unit_test(special_registers_bring_others),
        cmocka_unit_test(lists_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
