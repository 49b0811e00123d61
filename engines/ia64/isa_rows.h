// The layout of instruction formats and operands, and the tables that isa.def fills. Only for the
// readers of the rows (decode.c, disasm.c, effects.c); everybody else uses isa.h.
#ifndef IA64_ISA_ROWS_H
#define IA64_ISA_ROWS_H

#include "isa.h"

// ---- Opcode fields ----
// An encoding is a mask (high half) and the value under it (low half); bits are numbered as in the
// manual.
typedef unsigned __int128 ia64_encoding;
#define FIELD(pos, len, value)                                                                     \
    (((ia64_encoding)(((UINT64_C(1) << (len)) - 1) << (pos)) << 64) |                              \
     (ia64_encoding)((uint64_t)(value) << (pos)))
#define MAJOR(value) FIELD(37, 4, value)

// clang-format off
#define ENC_A1(x4, x2b) (MAJOR(8) | FIELD(34, 2, 0) | FIELD(33, 1, 0) | FIELD(29, 4, x4) | FIELD(27, 2, x2b))
#define ENC_A2(x4) (MAJOR(8) | FIELD(34, 2, 0) | FIELD(33, 1, 0) | FIELD(29, 4, x4))
#define ENC_A3(x4, x2b) ENC_A1(x4, x2b)
#define ENC_A4(x2a) (MAJOR(8) | FIELD(34, 2, x2a) | FIELD(33, 1, 0))
#define ENC_A5(major) MAJOR(major)
#define CMP_REGISTER(major, x2, tb, ta, c) \
    (MAJOR(major) | FIELD(36, 1, tb) | FIELD(34, 2, x2) | FIELD(33, 1, ta) | FIELD(12, 1, c))
#define ENC_A6(major, x2, ta, c) CMP_REGISTER(major, x2, 0, ta, c)
#define ENC_A7(major, x2, ta, c) CMP_REGISTER(major, x2, 1, ta, c)
#define ENC_A8(major, x2, ta, c) (MAJOR(major) | FIELD(34, 2, x2) | FIELD(33, 1, ta) | FIELD(12, 1, c))
#define MM_ALU(za, zb, x4) (MAJOR(8) | FIELD(36, 1, za) | FIELD(34, 2, 1) | FIELD(33, 1, zb) | FIELD(29, 4, x4))
#define ENC_A9(za, zb, x4, x2b) (MM_ALU(za, zb, x4) | FIELD(27, 2, x2b))
#define ENC_A10(x4) MM_ALU(0, 1, x4)

#define MM_SHIFT(za, zb, x2a, x2b) \
    (MAJOR(7) | FIELD(36, 1, za) | FIELD(34, 2, x2a) | FIELD(33, 1, zb) | FIELD(32, 1, 0) | FIELD(28, 2, x2b))
#define MM_SHIFT_C(za, zb, x2a, x2b, x2c) (MM_SHIFT(za, zb, x2a, x2b) | FIELD(30, 2, x2c))
#define ENC_I1(x2b) MM_SHIFT(0, 1, 0, x2b)
#define ENC_I2(za, zb, x2b, x2c) MM_SHIFT_C(za, zb, 2, x2b, x2c)
#define ENC_I3(zb) MM_SHIFT_C(0, zb, 3, 2, 2)
#define ENC_I4(zb) MM_SHIFT_C(0, zb, 3, 2, 2)
#define ENC_I5(za, zb, x2b) MM_SHIFT_C(za, zb, 0, x2b, 0)
#define ENC_I6(za, zb, x2b) MM_SHIFT_C(za, zb, 1, x2b, 0)
#define ENC_I7(za, zb, x2b, x2c) MM_SHIFT_C(za, zb, 0, x2b, x2c)
#define ENC_I8(za, zb) MM_SHIFT_C(za, zb, 3, 1, 1)
#define ENC_I9(x2c) MM_SHIFT_C(0, 1, 1, 1, x2c)
#define SHIFT(x2, x) (MAJOR(5) | FIELD(34, 2, x2) | FIELD(33, 1, x))
#define ENC_I10(x2, x) SHIFT(x2, x)
#define ENC_I11(y) (SHIFT(1, 0) | FIELD(13, 1, y))
#define ENC_I12(y) (SHIFT(1, 1) | FIELD(26, 1, y))
#define ENC_I13(y) ENC_I12(y)
#define ENC_I14(x2, x) SHIFT(x2, x)
#define ENC_I15(major) MAJOR(major)
#define TEST(ta, tb, y, c) (MAJOR(5) | FIELD(36, 1, tb) | FIELD(34, 2, 0) | FIELD(33, 1, ta) | FIELD(13, 1, y) | FIELD(12, 1, c))
#define ENC_I16(ta, tb, c) TEST(ta, tb, 0, c)
#define ENC_I17(ta, tb, c) (TEST(ta, tb, 1, c) | FIELD(19, 1, 0))
#define ENC_I30(ta, tb, c) (TEST(ta, tb, 1, c) | FIELD(19, 1, 1))
#define MISC_X3(x3) (MAJOR(0) | FIELD(33, 3, x3))
#define MISC_X6(x6) (MISC_X3(0) | FIELD(27, 6, x6))
#define ENC_I18(y) (MISC_X6(1) | FIELD(26, 1, y))
#define ENC_I19(x6) MISC_X6(x6)
#define ENC_I20(x3) MISC_X3(x3)
#define ENC_I21(x) (MISC_X3(7) | FIELD(22, 1, x))
#define ENC_I22(x6) MISC_X6(x6)
#define ENC_I23(x3) MISC_X3(x3)
#define ENC_I24(x3) MISC_X3(x3)
#define ENC_I25(x6) MISC_X6(x6)
#define ENC_I26(x6) MISC_X6(x6)
#define ENC_I27(x6) MISC_X6(x6)
#define ENC_I28(x6) MISC_X6(x6)
#define ENC_I29(x6) MISC_X6(x6)

#define MEM(major, m, x, x6) (MAJOR(major) | FIELD(36, 1, m) | FIELD(27, 1, x) | FIELD(30, 6, x6))
#define MEM_IMM(major, x6) (MAJOR(major) | FIELD(30, 6, x6))
#define ENC_M1(x, x6) MEM(4, 0, x, x6)
#define ENC_M2(x6) MEM(4, 1, 0, x6)
#define ENC_M3(x6) MEM_IMM(5, x6)
#define ENC_M4(x, x6) MEM(4, 0, x, x6)
#define ENC_M5(x6) MEM_IMM(5, x6)
#define ENC_M6(x6) MEM(6, 0, 0, x6)
#define ENC_M7(x6) MEM(6, 1, 0, x6)
#define ENC_M8(x6) MEM_IMM(7, x6)
#define ENC_M9(x6) MEM(6, 0, 0, x6)
#define ENC_M10(x6) MEM_IMM(7, x6)
#define ENC_M11(x6) MEM(6, 0, 1, x6)
#define ENC_M12(x6) MEM(6, 1, 1, x6)
#define ENC_M13(x6) MEM(6, 0, 0, x6)
#define ENC_M14(x6) MEM(6, 1, 0, x6)
#define ENC_M15(x6) MEM_IMM(7, x6)
#define ENC_M16(x6) MEM(4, 0, 1, x6)
#define ENC_M17(x6) MEM(4, 0, 1, x6)
#define ENC_M18(x6) MEM(6, 0, 1, x6)
#define ENC_M19(x6) MEM(4, 0, 1, x6)
#define SYSTEM_X3(x3) (MAJOR(1) | FIELD(33, 3, x3))
#define SYSTEM_X6(x6) (SYSTEM_X3(0) | FIELD(27, 6, x6))
#define ENC_M20(x3) SYSTEM_X3(x3)
#define ENC_M21(x3) SYSTEM_X3(x3)
#define ENC_M22(x3) MISC_X3(x3)
#define ENC_M23(x3) MISC_X3(x3)
#define MISC_X4(x4) (MISC_X3(0) | FIELD(27, 4, x4))
#define MISC_X4X2(x4, x2) (MISC_X4(x4) | FIELD(31, 2, x2))
#define ENC_M24(x4, x2) MISC_X4X2(x4, x2)
#define ENC_M25(x4, x2) MISC_X4X2(x4, x2)
#define ENC_M26(x4, x2) MISC_X4X2(x4, x2)
#define ENC_M27(x4, x2) MISC_X4X2(x4, x2)
#define ENC_M28(x6, x) (SYSTEM_X6(x6) | FIELD(36, 1, x))
#define ENC_M29(x6) SYSTEM_X6(x6)
#define ENC_M30(x4, x2) MISC_X4X2(x4, x2)
#define ENC_M31(x6) SYSTEM_X6(x6)
#define ENC_M32(x6) SYSTEM_X6(x6)
#define ENC_M33(x6) SYSTEM_X6(x6)
#define ENC_M34(x3) SYSTEM_X3(x3)
#define ENC_M35(x6) SYSTEM_X6(x6)
#define ENC_M36(x6) SYSTEM_X6(x6)
#define ENC_M37(x4) MISC_X4X2(x4, 0)
#define ENC_M38(x6) SYSTEM_X6(x6)
#define ENC_M39(x6) SYSTEM_X6(x6)
#define ENC_M40(x6) SYSTEM_X6(x6)
#define ENC_M41(x6) SYSTEM_X6(x6)
#define ENC_M42(x6) SYSTEM_X6(x6)
#define ENC_M43(x6) SYSTEM_X6(x6)
#define ENC_M44(x4) MISC_X4(x4)
#define ENC_M45(x6) SYSTEM_X6(x6)
#define ENC_M46(x6) SYSTEM_X6(x6)
#define ENC_M47(x6) SYSTEM_X6(x6)
#define ENC_M48(y) (MISC_X4X2(1, 0) | FIELD(26, 1, y) | ((y) ? FIELD(10, 2, 0) : 0))
#define ENC_M50(z) (MISC_X4X2(1, 0) | FIELD(26, 1, 1) | FIELD(10, 2, z))
#define ENC_M51(y) (MEM(6, 0, 0, 0x2c) | FIELD(19, 1, y))
#define ENC_M52(y) ENC_M51(y)

#define ENC_F1(major, x) (MAJOR(major) | FIELD(36, 1, x))
#define ENC_F2(x2) (MAJOR(14) | FIELD(36, 1, 1) | FIELD(34, 2, x2))
#define ENC_F3(x) (MAJOR(14) | FIELD(36, 1, x))
#define ENC_F4(ra, rb, ta) (MAJOR(4) | FIELD(33, 1, ra) | FIELD(36, 1, rb) | FIELD(12, 1, ta))
#define ENC_F5(ta) (MAJOR(5) | FIELD(12, 1, ta))
#define ENC_F6(major) (MAJOR(major) | FIELD(33, 1, 1) | FIELD(36, 1, 0))
#define ENC_F7(major) (MAJOR(major) | FIELD(33, 1, 1) | FIELD(36, 1, 1))
#define FP_MISC(major, x6) (MAJOR(major) | FIELD(33, 1, 0) | FIELD(27, 6, x6))
#define ENC_F8(major, x6) FP_MISC(major, x6)
#define ENC_F9(major, x6) FP_MISC(major, x6)
#define ENC_F10(major, x6) FP_MISC(major, x6)
#define ENC_F11(x6) FP_MISC(0, x6)
#define ENC_F12(x6) FP_MISC(0, x6)
#define ENC_F13(x6) FP_MISC(0, x6)
#define ENC_F14(x6) FP_MISC(0, x6)
#define ENC_F15(x6) FP_MISC(0, x6)
#define ENC_F16(y) (FP_MISC(0, 1) | FIELD(26, 1, y))

#define ENC_B1(btype) (MAJOR(4) | FIELD(6, 3, btype))
#define ENC_B2(btype) ENC_B1(btype)
#define ENC_B3(major) MAJOR(major)
#define ENC_B4(x6, btype) (MAJOR(0) | FIELD(27, 6, x6) | FIELD(6, 3, btype))
#define ENC_B5(major) MAJOR(major)
#define ENC_B6(major) MAJOR(major)
#define ENC_B7(x6) (MAJOR(2) | FIELD(27, 6, x6))
#define ENC_B8(x6) (MAJOR(0) | FIELD(27, 6, x6))
#define ENC_B9(major, x6) (MAJOR(major) | FIELD(27, 6, x6))

#define ENC_X1(x6) MISC_X6(x6)
#define ENC_X2(vc) (MAJOR(6) | FIELD(20, 1, vc))
#define ENC_X3(btype) (MAJOR(12) | FIELD(6, 3, btype))
#define ENC_X4(major) MAJOR(major)
#define ENC_X5(y) (MISC_X6(1) | FIELD(26, 1, y))
// clang-format on
// ---- Formats: FORMAT(name, type, hints) ----
// clang-format off
#define IA64_FORMATS(FORMAT) \
    FORMAT(A1, A, NONE) FORMAT(A2, A, NONE) FORMAT(A3, A, NONE) FORMAT(A4, A, NONE) FORMAT(A5, A, NONE) \
    FORMAT(A6, A, NONE) FORMAT(A7, A, NONE) FORMAT(A8, A, NONE) FORMAT(A9, A, NONE) FORMAT(A10, A, NONE) \
    FORMAT(I1, I, NONE) FORMAT(I2, I, NONE) FORMAT(I3, I, NONE) FORMAT(I4, I, NONE) FORMAT(I5, I, NONE) \
    FORMAT(I6, I, NONE) FORMAT(I7, I, NONE) FORMAT(I8, I, NONE) FORMAT(I9, I, NONE) FORMAT(I10, I, NONE) \
    FORMAT(I11, I, NONE) FORMAT(I12, I, NONE) FORMAT(I13, I, NONE) FORMAT(I14, I, NONE) FORMAT(I15, I, NONE) \
    FORMAT(I16, I, NONE) FORMAT(I17, I, NONE) FORMAT(I18, I, NONE) FORMAT(I19, I, NONE) FORMAT(I20, I, NONE) \
    FORMAT(I21, I, MOVBR) FORMAT(I22, I, NONE) FORMAT(I23, I, NONE) FORMAT(I24, I, NONE) FORMAT(I25, I, NONE) \
    FORMAT(I26, I, NONE) FORMAT(I27, I, NONE) FORMAT(I28, I, NONE) FORMAT(I29, I, NONE) FORMAT(I30, I, NONE) \
    FORMAT(M1, M, LD) FORMAT(M2, M, LDINC) FORMAT(M3, M, LDINC) FORMAT(M4, M, ST) FORMAT(M5, M, STINC) \
    FORMAT(M6, M, LD) FORMAT(M7, M, LDINC) FORMAT(M8, M, LDINC) FORMAT(M9, M, ST) FORMAT(M10, M, STINC) \
    FORMAT(M11, M, LDINC) FORMAT(M12, M, LDINC) FORMAT(M13, M, LFETCH) FORMAT(M14, M, LFETCH) \
    FORMAT(M15, M, LFETCH) FORMAT(M16, M, LDINC) FORMAT(M17, M, LDINC) FORMAT(M18, M, NONE) FORMAT(M19, M, NONE) \
    FORMAT(M20, M, NONE) FORMAT(M21, M, NONE) FORMAT(M22, M, NONE) FORMAT(M23, M, NONE) FORMAT(M24, M, NONE) \
    FORMAT(M25, M, NONE) FORMAT(M26, M, NONE) FORMAT(M27, M, NONE) FORMAT(M28, M, NONE) FORMAT(M29, M, NONE) \
    FORMAT(M30, M, NONE) FORMAT(M31, M, NONE) FORMAT(M32, M, NONE) FORMAT(M33, M, NONE) FORMAT(M34, M, NONE) \
    FORMAT(M35, M, NONE) FORMAT(M36, M, NONE) FORMAT(M37, M, NONE) FORMAT(M38, M, NONE) FORMAT(M39, M, NONE) \
    FORMAT(M40, M, NONE) FORMAT(M41, M, NONE) FORMAT(M42, M, NONE) FORMAT(M43, M, NONE) FORMAT(M44, M, NONE) \
    FORMAT(M45, M, NONE) FORMAT(M46, M, NONE) FORMAT(M47, M, NONE) FORMAT(M48, M, NONE) FORMAT(M50, M, NONE) \
    FORMAT(M51, M, LFETCH) FORMAT(M52, M, LFETCH) \
    FORMAT(F1, F, SF) FORMAT(F2, F, NONE) FORMAT(F3, F, NONE) FORMAT(F4, F, SF) FORMAT(F5, F, NONE) \
    FORMAT(F6, F, SF) FORMAT(F7, F, SF) FORMAT(F8, F, SF) FORMAT(F9, F, NONE) FORMAT(F10, F, SF) \
    FORMAT(F11, F, NONE) FORMAT(F12, F, SF) FORMAT(F13, F, SF) FORMAT(F14, F, SF) FORMAT(F15, F, NONE) \
    FORMAT(F16, F, NONE) \
    FORMAT(B1, B, BR) FORMAT(B2, B, BR) FORMAT(B3, B, BR) FORMAT(B4, B, BR) FORMAT(B5, B, BRCALL) \
    FORMAT(B6, B, BRP) FORMAT(B7, B, BRPIND) FORMAT(B8, B, NONE) FORMAT(B9, B, NONE) \
    FORMAT(X1, X, NONE) FORMAT(X2, X, NONE) FORMAT(X3, X, BR) FORMAT(X4, X, BR) FORMAT(X5, X, NONE)
// clang-format on
enum ia64_format {
    FORMAT_NONE, // of the reserved encoding
#define FORMAT(name, type, hints) FORMAT_##name,
    IA64_FORMATS(FORMAT)
#undef FORMAT
        FORMATS
};

// Sections of isa.def, in its order.
enum ia64_type { TYPE_A, TYPE_I, TYPE_M, TYPE_F, TYPE_B, TYPE_X };

// ---- Hints: up to three fields of the encoding, each value with its completer ----
enum ia64_hint {
    HINT_NONE,
    HINT_MOVBR,
    HINT_LD,
    HINT_LDINC,
    HINT_ST,
    HINT_STINC,
    HINT_LFETCH,
    HINT_SF,
    HINT_BR,
    HINT_BRCALL,
    HINT_BRP,
    HINT_BRPIND,
    HINTS
};

struct ia64_hint_part {
    struct {
        uint8_t pos, len;
    } piece[2];               // least significant first
    const char *completer[8]; // NULL: reserved
};

struct ia64_hint_parts {
    struct ia64_hint_part part[3];
};

extern const struct ia64_hint_parts ia64_hints[HINTS];

// ---- Operands ----
enum ia64_operand_kind {
    KIND_NONE,
    KIND_REGISTER, // prefix and number
    KIND_NAME,     // the same, but the register itself is neither read nor written
    KIND_MEMORY,   // [r3]
    KIND_INDEXED,  // file[r3]
    KIND_AR,
    KIND_CR,
    KIND_FIXED,  // text
    KIND_SIGNED, // immediate in decimal
    KIND_UNSIGNED,
    KIND_HEX,
    KIND_ADDRESS, // displacement from the bundle
    KIND_MUX1     // permutation of mux1, by name
};

// How the bits of a field become the operand's value.
enum ia64_transform {
    AS_IS,
    PLUS1, // stored less one
    PLUS32,
    FROM63, // stored as 63 - value
    FROM31,
    COUNT_MPY,  // pmpyshr2: 0, 7, 15, 16
    INCREMENT3, // fetchadd: 16, 8, 4, 1 and their negatives
    EIGHT,      // no field: load pair advances its base by what it loads
    SIXTEEN
};

// One enumerator a row of isa_operands.def; isa.def names them without prefix.
enum ia64_operand {
    OPERAND_END,
    OPERAND_IS,
#define OPERAND(name, ...) OPERAND_##name,
#include "isa_operands.def"
#undef OPERAND
    OPERANDS
};

struct ia64_operand_row {
    const char *name; // as in the manual
    const char *text; // prefix of a register, or the fixed text
    uint8_t kind;     // enum ia64_operand_kind
    uint8_t file;     // enum ia64_file of a register, enum ia64_resource of an indexed file
    uint8_t offset;   // where struct ia64_insn keeps it
    uint8_t size;     // in how many bytes: 1, 2 or 8; 0 if the instruction has no such field
    bool is_signed;
    uint8_t shift;     // zeros to append
    uint8_t transform; // enum ia64_transform
    struct {
        uint8_t pos, len;
    } piece[6]; // least significant first; positions from 41 are those of the L slot
};

extern const struct ia64_operand_row ia64_operands[OPERANDS];

// ---- Implicit effects: one enumerator a row of isa_implicit.def ----
enum ia64_implicit {
#define IMPLICIT(name, ...) IMPLICIT_##name,
#define BESIDES(...)
#include "isa_implicit.def"
#undef IMPLICIT
#undef BESIDES
    IMPLICITS
};

// ---- Rows ----
struct ia64_row {
    const char *name;
    uint64_t mask, match;
    uint8_t operands[8];
    uint8_t format;
    uint8_t class;
    uint8_t implicit;
    uint16_t flags;
};

extern const struct ia64_row ia64_rows[IA64_OPS];

struct ia64_format_row {
    const char *name;
    uint8_t type;
    uint8_t hint;
};

extern const struct ia64_format_row ia64_formats[FORMATS];

// The value of an operand in a decoded instruction.
int64_t ia64_operand_value(const struct ia64_insn *insn, const struct ia64_operand_row *operand);

#endif
