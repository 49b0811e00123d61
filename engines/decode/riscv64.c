/* riscv64.c: an RV64GC instruction to its effect on memory, by its opcode (RISC-V unprivileged ISA
 * 20191213, chapters 24 and 16.8). Capstone 4 does not know RISC-V. */
#include "engines/decode/decode.h"

enum { LOAD = 0x03, LOAD_FP = 0x07, STORE = 0x23, STORE_FP = 0x27, AMO = 0x2f, LR = 2, SC = 3 };

static void access(struct effect *effect, bool load, unsigned bytes) {
    *effect = (struct effect){.loads = load, .stores = !load, .bytes = bytes};
}

/* quadrants 0 and 2 have loads at funct3 1 to 3 and stores at 5 to 7, in the same order: fp 8, 4, 8
 * bytes */
static void compressed(uint32_t word, struct effect *effect) {
    static const unsigned bytes[] = {0, 8, 4, 8};
    unsigned funct3 = word >> 13 & 7;
    if ((word & 3) != 1 && (funct3 & 3)) access(effect, funct3 < 4, bytes[funct3 & 3]);
}

static const char *atomic(uint32_t word, unsigned bytes, struct effect *effect) {
    unsigned function = word >> 27;
    if (function == LR || function == SC)
        access(effect, function == LR, bytes);
    else
        *effect = (struct effect){.loads = 1, .modifies = 1, .bytes = 2 * bytes};
    return NULL;
}

const char *riscv64_decode(const uint8_t *code, size_t *size, struct effect *effect) {
    *effect = (struct effect){0};
    size_t length = *size && (code[0] & 3) == 3 ? 4 : 2;
    if (*size < length) return "the code ends within an instruction";
    *size = length;
    uint32_t word = code[0] | (uint32_t)code[1] << 8;
    if (length == 2) {
        compressed(word, effect);
        return NULL;
    }
    word |= (uint32_t)code[2] << 16 | (uint32_t)code[3] << 24;
    unsigned opcode = word & 0x7f, width = word >> 12 & 7;
    if ((opcode == LOAD_FP || opcode == STORE_FP) && (width < 2 || width > 4))
        return "a vector access, which is not known here";
    if (opcode == LOAD || opcode == LOAD_FP || opcode == STORE || opcode == STORE_FP)
        access(effect, opcode == LOAD || opcode == LOAD_FP, 1U << (width & 3));
    return opcode == AMO ? atomic(word, 1U << (width & 3), effect) : NULL;
}
