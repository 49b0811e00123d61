/* riscv64.c: the rows of riscv64.def for the harness, and what makes canaries legal. */
#include "switchers/registers/riscv64.h"

static const struct reg rows[] = {
#define REG(name, class, bits, privilege, convention, slot)                                        \
    {#name, #class, bits, #privilege, #convention, slot},
#include "switchers/registers/riscv64.def"
};
#undef REG

/* fcsr: flags, and a rounding mode from 0 to 3, which all exist (RISC-V unprivileged ISA, 11.2) */
enum { FCSR_BITS = 0x7f };

static void legalise(uint8_t *image, bool abi) {
    (void)abi; /* the convention demands nothing of these registers at a call */
    struct riscv64_context *c = (struct riscv64_context *)image;
    c->fcsr &= FCSR_BITS;
}

const struct register_file riscv64_registers = {
    .arch = "riscv64",
    .reg = rows,
    .count = RISCV64_REGISTERS,
    .image_bytes = sizeof(struct riscv64_context),
    .legalise = legalise,
};
