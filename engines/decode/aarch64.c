/* aarch64.c: an A64 instruction to its effect on memory, by the encoding groups of the Arm ARM,
 * C4.1.88 (loads and stores). Capstone 4 says of an operand neither its size nor, reliably, its
 * direction; the groups say both in a few bits. */
#include "engines/decode/decode.h"

#include <string.h>

static unsigned bits(uint32_t word, unsigned high, unsigned low) {
    return word >> low & ((1U << (high - low + 1)) - 1);
}

static void access(struct effect *effect, bool load, unsigned bytes) {
    *effect = (struct effect){.loads = load, .stores = !load, .bytes = bytes};
}

/* one access of twice the size, as any access counts once whatever its width */
static const char *pair(uint32_t word, struct effect *effect) {
    unsigned opc = bits(word, 31, 30), vector = bits(word, 26, 26);
    if (opc == 3 || (opc == 1 && !vector && !bits(word, 22, 22)))
        return "a pair of a form that is not known here";
    unsigned one = vector ? 4U << opc : opc == 2 ? 8 : 4;
    access(effect, bits(word, 22, 22), 2 * one);
    return NULL;
}

/* a single register, whatever the addressing mode */
static const char *single(uint32_t word, struct effect *effect) {
    unsigned size = bits(word, 31, 30), opc = bits(word, 23, 22), vector = bits(word, 26, 26);
    bool registers = bits(word, 24, 24) == 0 && bits(word, 21, 21) == 1;
    if (registers && bits(word, 11, 10) == 0) { /* an atomic operation; LDAPR is a load */
        if (vector) return "an instruction of a form that is not known here";
        if (bits(word, 15, 12) == 12)
            access(effect, true, 1U << size);
        else
            *effect = (struct effect){.loads = 1, .modifies = 1, .bytes = 2U << size};
        return NULL;
    }
    if (registers && bits(word, 10, 10) == 1)
        return "an access with pointer authentication, which is not known here";
    if (vector && opc >= 2 && size == 0)
        access(effect, opc == 3, 16);
    else if (vector)
        access(effect, opc == 1, 1U << size);
    else if (!(size == 3 && opc == 2)) /* that is a prefetch */
        access(effect, opc != 0, 1U << size);
    return NULL;
}

static const char *literal(uint32_t word, struct effect *effect) {
    unsigned opc = bits(word, 31, 30);
    if (bits(word, 26, 26))
        access(effect, true, 4U << opc);
    else if (opc != 3) /* that is a prefetch */
        access(effect, true, opc == 1 ? 8 : 4);
    return NULL;
}

/* exclusive and ordered ones; a pair where bit 21 is set, in sizes 2 and 3 and without bit 23 */
static const char *exclusive(uint32_t word, struct effect *effect) {
    unsigned size = bits(word, 31, 30), both = bits(word, 21, 21);
    if (both && (size < 2 || bits(word, 23, 23))) { /* compare and swap */
        *effect = (struct effect){.loads = 1,
                                  .modifies = 1,
                                  .bytes = (bits(word, 23, 23) ? 2U : 4U)
                                           << (bits(word, 23, 23) ? size : size + 2)};
        return NULL;
    }
    access(effect, bits(word, 22, 22), (both ? 2U : 1U) << size);
    return NULL;
}

const char *aarch64_decode(const uint8_t *code, size_t *size, struct effect *effect) {
    uint32_t word;
    *effect = (struct effect){0};
    if (*size < sizeof word) return "the code ends within an instruction";
    memcpy(&word, code, sizeof word);
    *size = sizeof word;
    if (!bits(word, 27, 27) || bits(word, 25, 25)) return NULL; /* not in the group */
    switch (bits(word, 29, 28)) {
    case 0:
        return bits(word, 26, 26)
                   ? "a load or store of several vector structures, which is not known here"
                   : exclusive(word, effect);
    case 1:
        return bits(word, 24, 24) ? "an ordered access of a form that is not known here"
                                  : literal(word, effect);
    case 2:
        return pair(word, effect);
    default:
        return single(word, effect);
    }
}
