// The decoder: consistency of the rows, fields computed by hand from the manual's format diagrams,
// templates, reserved encodings.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "isa_rows.h"

#define SLOT_BITS ((UINT64_C(1) << 41) - 1)

static enum ia64_unit unit_of_row(const struct ia64_row *row) {
    static const enum ia64_unit units[] = {IA64_UNIT_I, IA64_UNIT_I, IA64_UNIT_M,
                                           IA64_UNIT_F, IA64_UNIT_B, IA64_UNIT_X};
    return units[ia64_formats[row->format].type];
}

static unsigned key(const struct ia64_row *row) {
    return (unsigned)ia64_formats[row->format].type << 4 | (unsigned)(row->match >> 37);
}

static void rows_are_sorted_for_the_bisection(void **state) {
    (void)state;
    for (int op = 2; op < IA64_OPS; op++)
        assert_true(key(&ia64_rows[op - 1]) <= key(&ia64_rows[op]));
}

// Two rows that some encoding satisfies both would make the decoder depend on their order.
static void no_two_rows_overlap(void **state) {
    (void)state;
    for (int a = 1; a < IA64_OPS; a++)
        for (int b = a + 1; b < IA64_OPS && key(&ia64_rows[b]) == key(&ia64_rows[a]); b++) {
            uint64_t both = ia64_rows[a].mask & ia64_rows[b].mask;
            if ((ia64_rows[a].match & both) == (ia64_rows[b].match & both))
                fail_msg("%s (%s) and %s (%s)", ia64_op_name((enum ia64_op)a),
                         ia64_op_format((enum ia64_op)a), ia64_op_name((enum ia64_op)b),
                         ia64_op_format((enum ia64_op)b));
        }
}

// The opcode bits of a row with a valid hint decode to the row; a changed major opcode does not.
static void every_row_decodes_to_itself(void **state) {
    (void)state;
    for (int op = 1; op < IA64_OPS; op++) {
        const struct ia64_row *row = &ia64_rows[op];
        uint64_t hint = ia64_formats[row->format].hint == HINT_BRCALL ? UINT64_C(1) << 32 : 0;
        struct ia64_insn insn;
        assert_int_equal(row->match & ~row->mask, 0);
        ia64_decode_slot(unit_of_row(row), row->match | hint, 0, &insn);
        assert_int_equal(insn.op, op);
        ia64_decode_slot(unit_of_row(row), (row->match | hint) ^ UINT64_C(1) << 39, 0, &insn);
        assert_int_not_equal(insn.op, op);
    }
}

// No operand field may lie on an opcode bit of its form.
static void operands_and_opcodes_share_no_bits(void **state) {
    (void)state;
    for (int op = 1; op < IA64_OPS; op++)
        for (const uint8_t *o = ia64_rows[op].operands; *o != OPERAND_END; o++)
            for (size_t i = 0; *o != OPERAND_IS && i < 6; i++) {
                unsigned pos = ia64_operands[*o].piece[i].pos, len = ia64_operands[*o].piece[i].len;
                uint64_t field = pos < 41 ? ((UINT64_C(1) << len) - 1) << pos : 0;
                assert_int_equal(ia64_rows[op].mask & field, 0);
            }
}

static struct ia64_insn decoded(enum ia64_unit unit, uint64_t slot41, enum ia64_op op) {
    struct ia64_insn insn;
    ia64_decode_slot(unit, slot41 & SLOT_BITS, 0, &insn);
    assert_int_equal(insn.op, op);
    assert_int_equal(insn.unit, unit);
    return insn;
}

#define AT(pos, value) ((uint64_t)(value) << (pos))

static void immediates_are_assembled_and_extended(void **state) {
    (void)state;
    // A4: s at 36, imm6d at 27, imm7b at 13: all ones is -1
    uint64_t adds = AT(37, 8) | AT(34, 2) | AT(20, 5) | AT(6, 4);
    assert_int_equal(decoded(IA64_UNIT_M, adds | AT(13, 0x7f), IA64_OP_ADDS_A4).imm, 127);
    assert_int_equal(decoded(IA64_UNIT_I, adds | AT(27, 1), IA64_OP_ADDS_A4).imm, 128);
    assert_int_equal(decoded(IA64_UNIT_I, adds | AT(36, 1), IA64_OP_ADDS_A4).imm, -8192);
    // A5: imm7b, imm9d at 27, imm5c at 22, s; r3 has two bits
    uint64_t addl = AT(37, 9) | AT(20, 3) | AT(6, 127);
    struct ia64_insn insn = decoded(IA64_UNIT_M, addl | AT(22, 1), IA64_OP_ADDL_A5);
    assert_int_equal(insn.imm, 65536);
    assert_int_equal(insn.r3, 3);
    assert_int_equal(insn.r1, 127);
    assert_int_equal(decoded(IA64_UNIT_M, addl | AT(36, 1), IA64_OP_ADDL_A5).imm, -2097152);
    // M3: imm7b at 13, i at 27, s at 36
    assert_int_equal(decoded(IA64_UNIT_M, AT(37, 5) | AT(30, 3) | AT(27, 1), IA64_OP_LD8_M3).imm,
                     128);
    // M5: imm7a at 6
    assert_int_equal(decoded(IA64_UNIT_M, AT(37, 5) | AT(30, 0x33) | AT(36, 1), IA64_OP_ST8_M5).imm,
                     -256);
    // M17: i2b and s of fetchadd
    uint64_t fetchadd = AT(37, 4) | AT(27, 1) | AT(30, 0x13);
    assert_int_equal(decoded(IA64_UNIT_M, fetchadd | AT(13, 3), IA64_OP_FETCHADD8_ACQ_M17).imm, 1);
    assert_int_equal(decoded(IA64_UNIT_M, fetchadd | AT(13, 4), IA64_OP_FETCHADD8_ACQ_M17).imm,
                     -16);
    // M44: imm21a at 6, i2d at 31, i at 36
    assert_int_equal(
        decoded(IA64_UNIT_M, AT(27, 6) | AT(36, 1) | AT(31, 1) | AT(6, 1), IA64_OP_SSM_M44).imm,
        0xa00001);
    // I23: mask7a at 6, mask8c at 24, s at 36, in units of p1
    assert_int_equal(decoded(IA64_UNIT_I, AT(33, 3) | AT(36, 1), IA64_OP_MOV_I23).imm, -65536);
    assert_int_equal(decoded(IA64_UNIT_I, AT(33, 3) | AT(6, 1), IA64_OP_MOV_I23).imm, 2);
    // I24: imm27a at 6, s at 36, in units of p16
    assert_int_equal(decoded(IA64_UNIT_I, AT(33, 2) | AT(6, 1), IA64_OP_MOV_I24).imm, 65536);
}

static void bit_fields_are_decoded(void **state) {
    (void)state;
    // I11: pos6b at 14, len6d at 27 (less one)
    struct ia64_insn insn =
        decoded(IA64_UNIT_I, AT(37, 5) | AT(34, 1) | AT(14, 9) | AT(27, 22), IA64_OP_EXTR_U_I11);
    assert_int_equal(insn.pos, 9);
    assert_int_equal(insn.len, 23);
    // I12: cpos6c at 20
    insn = decoded(IA64_UNIT_I, AT(37, 5) | AT(34, 1) | AT(33, 1) | AT(20, 56) | AT(27, 15),
                   IA64_OP_DEP_Z_I12);
    assert_int_equal(insn.pos, 7);
    assert_int_equal(insn.len, 16);
    // I15: cpos6d at 31, len4d at 27
    insn = decoded(IA64_UNIT_I, AT(37, 4) | AT(31, 63) | AT(27, 15), IA64_OP_DEP_I15);
    assert_int_equal(insn.pos, 0);
    assert_int_equal(insn.len, 16);
    // A2: ct2d at 27 (less one)
    assert_int_equal(decoded(IA64_UNIT_M, AT(37, 8) | AT(29, 4) | AT(27, 3), IA64_OP_SHLADD_A2).pos,
                     4);
    // I8: ccount5c at 20
    assert_int_equal(decoded(IA64_UNIT_I,
                             AT(37, 7) | AT(34, 3) | AT(33, 1) | AT(28, 1) | AT(30, 1) | AT(20, 28),
                             IA64_OP_PSHL2_I8)
                         .pos,
                     3);
}

static void branches_have_displacements_in_bytes(void **state) {
    (void)state;
    struct ia64_insn insn =
        decoded(IA64_UNIT_B, AT(37, 4) | AT(13, 3) | AT(12, 1) | AT(0, 6), IA64_OP_BR_COND_B1);
    assert_int_equal(insn.imm, 48);
    assert_int_equal(insn.qp, 6);
    insn = decoded(IA64_UNIT_B, AT(37, 5) | AT(36, 1) | AT(6, 5), IA64_OP_BR_CALL_B3);
    assert_int_equal(insn.imm, -16777216);
    assert_int_equal(insn.b1, 5);
    // M20: imm7a at 6, imm13c at 20
    insn = decoded(IA64_UNIT_M, AT(37, 1) | AT(33, 1) | AT(20, 1) | AT(13, 9), IA64_OP_CHK_S_M_M20);
    assert_int_equal(insn.imm, 2048);
    assert_int_equal(insn.r2, 9);
    // B7: the tag of brp; its low bits are hints, not a predicate
    insn = decoded(IA64_UNIT_B, AT(37, 2) | AT(27, 0x10) | AT(33, 2) | AT(13, 4) | AT(3, 2),
                   IA64_OP_BRP_B7);
    assert_int_equal(insn.tag, -4096);
    assert_int_equal(insn.qp, 0);
}

static void alloc_has_its_frame(void **state) {
    (void)state;
    struct ia64_insn insn =
        decoded(IA64_UNIT_M, AT(37, 1) | AT(33, 6) | AT(27, 2) | AT(20, 7) | AT(13, 96) | AT(6, 40),
                IA64_OP_ALLOC_M34);
    assert_int_equal(insn.r1, 40);
    assert_int_equal(insn.sof, 96);
    assert_int_equal(insn.sol, 7);
    assert_int_equal(insn.sor, 16);
}

static void status_field_is_a_field(void **state) {
    (void)state;
    struct ia64_insn insn = decoded(
        IA64_UNIT_F, AT(37, 9) | AT(34, 3) | AT(27, 12) | AT(20, 11) | AT(13, 10) | AT(6, 9),
        IA64_OP_FMA_D_F1);
    assert_int_equal(insn.sf, 3);
    assert_int_equal(insn.f1, 9);
    assert_int_equal(insn.f2, 10);
    assert_int_equal(insn.f3, 11);
    assert_int_equal(insn.f4, 12);
}

static void long_immediates_take_the_l_slot(void **state) {
    (void)state;
    uint64_t movl = AT(37, 6) | AT(6, 33);
    // template 05: MLX with a stop; slot 1 all ones but its lowest bit, which is bit 22 of the
    // immediate
    uint64_t middle = SLOT_BITS & ~UINT64_C(1);
    uint64_t words[2] = {5 | AT(46, middle), middle >> 18 | AT(23, movl)};
    struct ia64_insn out[3];
    assert_int_equal(ia64_decode_bundle(words, out), 2);
    assert_int_equal(out[0].op, IA64_OP_BREAK_M_M37);
    assert_int_equal(out[1].op, IA64_OP_MOVL_X2);
    assert_int_equal(out[1].unit, IA64_UNIT_X);
    assert_int_equal(out[1].slot, 1);
    assert_int_equal(out[1].stop, 1);
    assert_int_equal(out[1].imm, INT64_C(0x7fffffffff800000));
    // brl: 39 bits from bit 2 of the L slot, in units of bundles
    uint64_t brl[2] = {4 | AT(46, 4), AT(23, AT(37, 12))};
    assert_int_equal(ia64_decode_bundle(brl, out), 2);
    assert_int_equal(out[1].op, IA64_OP_BRL_COND_X3);
    assert_int_equal(out[1].imm, INT64_C(1) << 24);
}

static void templates_give_units_and_stops(void **state) {
    static const struct {
        const char *units; // lower case: a stop follows
    } expected[32] = {
        {"MII"}, {"MIi"}, {"MiI"}, {"Mii"}, {"MX"},  {"Mx"},  {NULL},  {NULL},
        {"MMI"}, {"MMi"}, {"mMI"}, {"mMi"}, {"MFI"}, {"MFi"}, {"MMF"}, {"MMf"},
        {"MIB"}, {"MIb"}, {"MBB"}, {"MBb"}, {NULL},  {NULL},  {"BBB"}, {"BBb"},
        {"MMB"}, {"MMb"}, {NULL},  {NULL},  {"MFB"}, {"MFb"}, {NULL},  {NULL},
    };
    (void)state;
    for (unsigned t = 0; t < 32; t++) {
        uint64_t words[2] = {t, 0};
        struct ia64_insn out[3];
        int slots = ia64_decode_bundle(words, out);
        const char *units = expected[t].units ? expected[t].units : "";
        assert_int_equal(slots, strlen(units));
        for (int i = 0; i < slots; i++) {
            assert_int_equal("MIFBX"[out[i].unit], units[i] & ~0x20);
            assert_int_equal(out[i].stop, units[i] >> 5 & 1);
            assert_int_equal(out[i].slot, i);
        }
    }
}

static void reserved_encodings_are_illegal(void **state) {
    static const struct {
        enum ia64_unit unit;
        uint64_t slot41;
    } reserved[] = {
        {IA64_UNIT_M, AT(37, 2) | 7},                         // no form has major opcode 2
        {IA64_UNIT_I, AT(37, 1) | 7},                         // nor 1 in an I slot
        {IA64_UNIT_B, AT(37, 4) | AT(6, 1) | 7},              // btype 1
        {IA64_UNIT_B, AT(37, 1) | 7},                         // whether hint 0 of an indirect call
        {IA64_UNIT_M, AT(37, 4) | AT(36, 1) | AT(28, 2) | 7}, // hint 2 of a load that updates
        {IA64_UNIT_F, AT(37, 15) | 7},
        {IA64_UNIT_X, AT(37, 1) | 7},
    };
    struct ia64_insn insn;
    (void)state;
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        ia64_decode_slot(reserved[i].unit, reserved[i].slot41, 0, &insn);
        assert_int_equal(insn.op, IA64_OP_ILLEGAL);
        assert_int_equal(insn.qp, 7);
        assert_int_equal(insn.imm, reserved[i].slot41);
    }
}

// docs/ia64-instructions.md is what the rows say.
static void the_document_is_up_to_date(void **state) {
    char *text = NULL, *document = NULL;
    size_t size = 0, capacity = 0;
    FILE *out = open_memstream(&text, &size), *in = fopen("docs/ia64-instructions.md", "r");
    (void)state;
    assert_non_null(out);
    ia64_list_instructions(out);
    fclose(out);
    assert_non_null(in);
    assert_true(getdelim(&document, &capacity, 0, in) > 0);
    fclose(in);
    assert_string_equal(document, text);
    free(text);
    free(document);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_sorted_for_the_bisection),
        cmocka_unit_test(no_two_rows_overlap),
        cmocka_unit_test(every_row_decodes_to_itself),
        cmocka_unit_test(operands_and_opcodes_share_no_bits),
        cmocka_unit_test(immediates_are_assembled_and_extended),
        cmocka_unit_test(bit_fields_are_decoded),
        cmocka_unit_test(branches_have_displacements_in_bytes),
        cmocka_unit_test(alloc_has_its_frame),
        cmocka_unit_test(status_field_is_a_field),
        cmocka_unit_test(long_immediates_take_the_l_slot),
        cmocka_unit_test(templates_give_units_and_stops),
        cmocka_unit_test(reserved_encodings_are_illegal),
        cmocka_unit_test(the_document_is_up_to_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
