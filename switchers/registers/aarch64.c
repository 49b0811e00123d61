/* aarch64.c: the rows of aarch64.def for the harness, and what makes canaries legal. */
#include "switchers/registers/aarch64.h"

#include <string.h>

static const struct reg rows[] = {
#define REG(name, class, bits, privilege, convention, slot)                                        \
    {#name, #class, bits, #privilege, #convention, slot},
#include "switchers/registers/aarch64.def"
};
#undef REG

/* the bits that exist without optional extensions (Arm ARM, D19.2) and trap nothing */
enum { NZCV_BITS = 0xf0000000, FPCR_BITS = 0x07c00000, FPSR_BITS = 0x0800009f };

static void legalise(uint8_t *image, bool abi) {
    (void)abi; /* the convention demands nothing of these registers at a call */
    struct aarch64_context *c = (struct aarch64_context *)image;
    c->nzcv &= NZCV_BITS;
    c->fpcr &= FPCR_BITS;
    c->fpsr &= FPSR_BITS;
}

static bool upper(const struct reg *reg) {
    return strcmp(reg->class, "simd") == 0;
}

const struct register_file aarch64_registers = {
    .arch = "aarch64",
    .reg = rows,
    .count = AARCH64_REGISTERS,
    .image_bytes = sizeof(struct aarch64_context),
    .upper = upper,
    .legalise = legalise,
};
