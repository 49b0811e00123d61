// The decoder: turns bundles into decoded instructions with the rows of isa.def, and holds the
// tables that the rows, formats, hints and operand kinds fill.
#include "isa_rows.h"

#include <stddef.h>
#include <string.h>

// Short names that the tables use.
enum {
    END = OPERAND_END,
    IS = OPERAND_IS,
#define OPERAND(name, ...) name = OPERAND_##name,
#include "isa_operands.def"
#undef OPERAND
};
enum {
    FIRST = IA64_FIRST,
    LAST = IA64_LAST,
    PRIV = IA64_PRIV,
    LOAD = IA64_LOAD,
    STORE = IA64_STORE,
    SPEC = IA64_SPEC,
    ADV = IA64_ADV,
    CHECK = IA64_CHECK,
    UPDATE = IA64_UPDATE,
    NOQP = IA64_NOQP,
    CONDWRITE = IA64_CONDWRITE,
    UNC = IA64_UNC,
    BRANCH = IA64_BRANCH,
};

#define LIST(...)                                                                                  \
    { __VA_ARGS__ }
const struct ia64_row ia64_rows[IA64_OPS] = {
    [IA64_OP_ILLEGAL] = {.name = "illegal", .class = IA64_CLASS_illegal},
#define ROW(op_, format_, name_, fields, operands_, class_, flags_, implicit_)                     \
    [IA64_OP_##op_##_##format_] = {.name = name_,                                                  \
                                   .mask = (uint64_t)((ENC_##format_ fields) >> 64),               \
                                   .match = (uint64_t)(ENC_##format_ fields),                      \
                                   .operands = LIST operands_,                                     \
                                   .format = FORMAT_##format_,                                     \
                                   .class = IA64_CLASS_##class_,                                   \
                                   .implicit = IMPLICIT_##implicit_,                               \
                                   .flags = flags_},
#include "isa.def"
#undef ROW
};

const struct ia64_format_row ia64_formats[FORMATS] = {[FORMAT_NONE] = {"-", TYPE_A, HINT_NONE},
#define FORMAT(name, type, hints) [FORMAT_##name] = {#name, TYPE_##type, HINT_##hints},
                                                      IA64_FORMATS(FORMAT)
#undef FORMAT
};

#define FIELD_none 0, 0
#define FIELD_r1   offsetof(struct ia64_insn, r1), 1
#define FIELD_r2   offsetof(struct ia64_insn, r2), 1
#define FIELD_r3   offsetof(struct ia64_insn, r3), 1
#define FIELD_f1   FIELD_r1
#define FIELD_f2   FIELD_r2
#define FIELD_f3   FIELD_r3
#define FIELD_f4   offsetof(struct ia64_insn, f4), 1
#define FIELD_p1   FIELD_r1
#define FIELD_p2   FIELD_f4
#define FIELD_b1   FIELD_r1
#define FIELD_b2   FIELD_r2
#define FIELD_ar3  FIELD_r3
#define FIELD_cr3  FIELD_r3
#define FIELD_pos  offsetof(struct ia64_insn, pos), 1
#define FIELD_len  offsetof(struct ia64_insn, len), 1
#define FIELD_sof  offsetof(struct ia64_insn, sof), 1
#define FIELD_sol  FIELD_len
#define FIELD_sor  FIELD_pos
#define FIELD_tag  offsetof(struct ia64_insn, tag), 2
#define FIELD_imm  offsetof(struct ia64_insn, imm), 8
const struct ia64_operand_row ia64_operands[OPERANDS] = {
#define OPERAND(name_, kind_, manual, text_, file_, field, sign, shift_, transform_, ...)          \
    [OPERAND_##name_] = {manual, text_,  KIND_##kind_, IA64_##file_, FIELD_##field,                \
                         sign,   shift_, transform_,   {__VA_ARGS__}},
#include "isa_operands.def"
#undef OPERAND
};

#define PREDICT ".sptk", ".spnt", ".dptk", ".dpnt"
#define PREFETCH                                                                                   \
    {                                                                                              \
        {                                                                                          \
            {{12, 1}}, {                                                                           \
                ".few", ".many"                                                                    \
            }                                                                                      \
        }                                                                                          \
    }
#define DEALLOCATE                                                                                 \
    {                                                                                              \
        {                                                                                          \
            {{35, 1}}, {                                                                           \
                "", ".clr"                                                                         \
            }                                                                                      \
        }                                                                                          \
    }
#define DATA_HINTS(first, second, third)                                                           \
    { "", first, second, third, ".d4", ".d5", ".d6", ".d7" }
const struct ia64_hint_parts ia64_hints[HINTS] = {
    [HINT_MOVBR] = {{{{{20, 2}}, {".sptk", "", ".dptk"}}, {{{23, 1}}, {"", ".imp"}}}},
    [HINT_LD] = {{{{{28, 2}, {19, 1}}, DATA_HINTS(".nt1", ".d2", ".nta")}}},
    [HINT_LDINC] = {{{{{28, 2}}, {"", ".nt1", NULL, ".nta"}}}},
    [HINT_ST] = {{{{{28, 2}, {12, 1}}, DATA_HINTS(".d1", ".d2", ".nta")}}},
    [HINT_STINC] = {{{{{28, 2}}, {"", NULL, NULL, ".nta"}}}},
    [HINT_LFETCH] = {{{{{28, 2}, {12, 1}}, DATA_HINTS(".nt1", ".nt2", ".nta")}}},
    [HINT_SF] = {{{{{34, 2}}, {".s0", ".s1", ".s2", ".s3"}}}},
    [HINT_BR] = {{{{{33, 2}}, {PREDICT}},
                  {{{12, 1}}, {".few", ".many"}},
                  {{{35, 1}}, {"", ".clr"}}}},
    [HINT_BRCALL] = {{{{{32, 3}}, {NULL, ".sptk", NULL, ".spnt", NULL, ".dptk", NULL, ".dpnt"}},
                      {{{12, 1}}, {".few", ".many"}},
                      {{{35, 1}}, {"", ".clr"}}}},
    [HINT_BRP] = {{{{{3, 2}}, {".sptk", ".loop", ".dptk", ".exit"}}, {{{35, 1}}, {"", ".imp"}}}},
    [HINT_BRPIND] = {{{{{3, 2}}, {".sptk", NULL, ".dptk", NULL}}, {{{35, 1}}, {"", ".imp"}}}},
};

static uint64_t bits(uint64_t word, unsigned pos, unsigned len) {
    return word >> pos & ((UINT64_C(1) << len) - 1);
}

// A field's pieces put together; *width is their total length.
static uint64_t gather(const struct ia64_operand_row *o, uint64_t slot41, uint64_t long41,
                       unsigned *width) {
    uint64_t value = 0;
    *width = 0;
    for (size_t i = 0; i < sizeof o->piece / sizeof *o->piece && o->piece[i].len; i++) {
        unsigned pos = o->piece[i].pos, len = o->piece[i].len;
        uint64_t piece = pos < 41 ? bits(slot41, pos, len) : bits(long41, pos - 41, len);
        value |= piece << *width;
        *width += len;
    }
    return value;
}

static int64_t transform(unsigned how, int64_t value) {
    static const int8_t increments[8] = {16, 8, 4, 1, -16, -8, -4, -1};
    static const uint8_t counts[4] = {0, 7, 15, 16};
    switch (how) {
    case PLUS1:
        return value + 1;
    case PLUS32:
        return value + 32;
    case FROM63:
        return 63 - value;
    case FROM31:
        return 31 - value;
    case INCREMENT3:
        return increments[value];
    case COUNT_MPY:
        return counts[value];
    case EIGHT:
        return 8;
    case SIXTEEN:
        return 16;
    default:
        return value;
    }
}

static void store(struct ia64_insn *insn, const struct ia64_operand_row *o, int64_t value) {
    char *field = (char *)insn + o->offset;
    uint8_t byte = (uint8_t)value;
    int16_t half = (int16_t)value;
    if (o->size == 1) memcpy(field, &byte, 1);
    if (o->size == 2) memcpy(field, &half, 2);
    if (o->size == 8) memcpy(field, &value, 8);
}

int64_t ia64_operand_value(const struct ia64_insn *insn, const struct ia64_operand_row *o) {
    const char *field = (const char *)insn + o->offset;
    uint8_t byte = 0;
    int16_t half = 0;
    int64_t word = 0;
    if (o->size == 8) memcpy(&word, field, 8);
    if (o->size == 2) memcpy(&half, field, 2), word = half;
    if (o->size == 1) memcpy(&byte, field, 1), word = byte;
    return word;
}

static void decode_operand(const struct ia64_operand_row *o, uint64_t slot41, uint64_t long41,
                           struct ia64_insn *insn) {
    unsigned width;
    uint64_t value = gather(o, slot41, long41, &width);
    if (o->is_signed) value = (uint64_t)((int64_t)(value << (64 - width)) >> (64 - width));
    store(insn, o, transform(o->transform, (int64_t)(value << o->shift)));
}

// Reads the hint fields into hint; false if one has a reserved value.
static bool decode_hints(const struct ia64_hint_parts *parts, uint64_t slot41, uint8_t *hint) {
    unsigned shift = 0;
    *hint = 0;
    for (size_t i = 0; i < sizeof parts->part / sizeof *parts->part; i++) {
        const struct ia64_hint_part *part = &parts->part[i];
        if (!part->piece[0].len) break;
        unsigned low = part->piece[0].len;
        uint64_t value = bits(slot41, part->piece[0].pos, low) |
                         bits(slot41, part->piece[1].pos, part->piece[1].len) << low;
        if (!part->completer[value]) return false;
        *hint |= (uint8_t)(value << shift);
        shift += low + part->piece[1].len;
    }
    return true;
}

// Order of the rows: by type, then by major opcode.
static unsigned row_key(const struct ia64_row *row) {
    return (unsigned)ia64_formats[row->format].type << 4 | (unsigned)(row->match >> 37);
}

static const struct ia64_row *find_row(unsigned key, uint64_t slot41) {
    size_t low = 1, high = IA64_OPS;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (row_key(&ia64_rows[middle]) < key)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < IA64_OPS && row_key(&ia64_rows[low]) == key; low++)
        if ((slot41 & ia64_rows[low].mask) == ia64_rows[low].match) return &ia64_rows[low];
    return NULL;
}

static enum ia64_type type_of(enum ia64_unit unit, unsigned major) {
    static const enum ia64_type types[] = {TYPE_M, TYPE_I, TYPE_F, TYPE_B, TYPE_X};
    return major >= 8 && unit <= IA64_UNIT_I ? TYPE_A : types[unit];
}

void ia64_decode_slot(enum ia64_unit unit, uint64_t slot41, uint64_t long41,
                      struct ia64_insn *out) {
    unsigned major = (unsigned)bits(slot41, 37, 4);
    const struct ia64_row *row = find_row((unsigned)type_of(unit, major) << 4 | major, slot41);
    memset(out, 0, sizeof *out);
    out->unit = (uint8_t)unit;
    out->qp = (uint8_t)bits(slot41, 0, 6);
    out->imm = (int64_t)slot41; // what a reserved encoding shows
    if (!row || !decode_hints(&ia64_hints[ia64_formats[row->format].hint], slot41, &out->hint))
        return;
    out->op = (uint16_t)(row - ia64_rows);
    out->imm = 0;
    if (row->class == IA64_CLASS_brp) out->qp = 0; // hints and tag stand there
    for (const uint8_t *o = row->operands; *o != END; o++)
        if (ia64_operands[*o].size) decode_operand(&ia64_operands[*o], slot41, long41, out);
}

// Templates without their stop at the end; stops inside as a mask of slots.
static const struct {
    char units[4];
    uint8_t stops;
} templates[16] = {
    {"MII", 0}, {"MII", 2}, {"MLX", 0}, {"", 0},    {"MMI", 0}, {"MMI", 1}, {"MFI", 0}, {"MMF", 0},
    {"MIB", 0}, {"MBB", 0}, {"", 0},    {"BBB", 0}, {"MMB", 0}, {"", 0},    {"MFB", 0}, {"", 0},
};

static enum ia64_unit unit_of(char letter) {
    return (enum ia64_unit)(strchr("MIFBX", letter) - "MIFBX");
}

int ia64_decode_bundle(const uint64_t words[2], struct ia64_insn out[3]) {
    const char *units = templates[words[0] >> 1 & 15].units;
    unsigned stops = templates[words[0] >> 1 & 15].stops;
    uint64_t slots[3] = {bits(words[0], 5, 41), bits(words[0] >> 46 | words[1] << 18, 0, 41),
                         words[1] >> 23};
    int count = units[1] == 'L' ? 2 : 3;
    if (!units[0]) return 0;
    for (int i = 0; i < count; i++) {
        bool is_long = units[i] == 'L';
        int slot = is_long ? 2 : i;
        ia64_decode_slot(unit_of(units[slot]), slots[slot], is_long ? slots[1] : 0, &out[i]);
        out[i].slot = (uint8_t)i;
        out[i].stop = slot == 2 ? words[0] & 1 : stops >> i & 1;
    }
    return count;
}

const char *ia64_op_name(enum ia64_op op) {
    return ia64_rows[op].name;
}

const char *ia64_op_format(enum ia64_op op) {
    return ia64_formats[ia64_rows[op].format].name;
}

enum ia64_class ia64_op_class(enum ia64_op op) {
    return (enum ia64_class)ia64_rows[op].class;
}

unsigned ia64_op_flags(enum ia64_op op) {
    return ia64_rows[op].flags;
}

const char *ia64_class_name(enum ia64_class class) {
    static const char *const names[] = {
#define CLASS(name) #name,
        IA64_CLASSES(CLASS)
#undef CLASS
    };
    return names[class];
}
