/* riscv64-check.c: the two routines of the contract check that no C can do: load every register
 * from an image, and capture every register into one, using none themselves. Both are made from
 * riscv64.def. */
#include "switchers/registers/riscv64.h"

#include <string.h>

enum { PC_SLOT = offsetof(struct riscv64_context, pc) };

static void prepare(const struct check_images *images) {
    (void)images;
}
#include "switchers/registers/sides.inc"

/* clang-format off */
/* riscv64_fill_a, _b: the given image -> registers; ra goes to 8(sp). The image gets sp as it is. The base t6 comes last in the table. */
__asm__(".macro fill reg, slot, base\n\tld \\reg, \\slot(\\base)\n.endm\n"
        ".macro fill_fp reg, slot, base\n\tfld \\reg, \\slot(\\base)\n.endm\n"
        ".macro fill_system reg, slot, base\n\tld t0, \\slot(\\base)\n\tcsrw \\reg, t0\n.endm\n"
        ".text\n\t.balign 64\n\t.globl riscv64_fill_a, riscv64_fill_b\n\t.hidden riscv64_fill_a, riscv64_fill_b\n"
        "riscv64_fill_b:\n\tli a0, 1\n\tj 0f\n"
        "riscv64_fill_a:\n\tli a0, 0\n"
        "0:\taddi sp, sp, -16\n\tsd ra, 0(sp)\n\tcall check_given\n\tld ra, 0(sp)\n\taddi sp, sp, 16\n\tmv t6, a0\n\t"
        "sd sp, 16(t6)\n\tld t0, 8(t6)\n\tsd t0, 8(sp)\n\t"
        "rows fp, fill_fp, t6\n\trows fpcontrol, fill_system, t6\n\trows gpr, fill, t6\n\tret\n");

/* riscv64_capture_a, _b: registers -> image_out; pc is this call's return address. Then the control register is what C
 * expects. */
__asm__(".macro capture reg, slot, base\n\tsd \\reg, \\slot(\\base)\n.endm\n"
        ".macro capture_fp reg, slot, base\n\tfsd \\reg, \\slot(\\base)\n.endm\n"
        ".macro capture_system reg, slot, base\n\tcsrr t0, \\reg\n\tsd t0, \\slot(\\base)\n.endm\n"
        ".text\n\t.balign 64\n\t.globl riscv64_capture_a, riscv64_capture_b\n\t.hidden riscv64_capture_a, riscv64_capture_b\n"
        "riscv64_capture_b:\n\taddi sp, sp, -16\n\tsd t6, 0(sp)\n\tlla t6, image_out\n\tld t6, 8(t6)\n\tj 0f\n"
        "riscv64_capture_a:\n\taddi sp, sp, -16\n\tsd t6, 0(sp)\n\tlla t6, image_out\n\tld t6, 0(t6)\n"
        "0:\trows gpr, capture, t6\n\t"
        "ld t0, 0(sp)\n\taddi sp, sp, 16\n\tsd t0, 248(t6)\n\t"
        "ld t0, 8(sp)\n\tsd t0, 8(t6)\n\tsd sp, 16(t6)\n\tsd ra, 256(t6)\n\t"
        "rows fpcontrol, capture_system, t6\n\trows fp, capture_fp, t6\n\tcsrw fcsr, zero\n\t"
        "lla t0, image_out\n\tld t0, 0(t0)\n\tsub a0, t6, t0\n\tsnez a0, a0\n\ttail check_arrived\n");
/* clang-format on */

/* the compressed form: it fits any removed instruction once or twice */
const struct kernel_nop kernel_nop = {{0x01, 0x00}, 2};

void riscv64_start(struct riscv64_context *context, void (*entry)(void)) {
    memset(context, 0, sizeof *context);
    context->x[2] = (uint64_t)(uintptr_t)kernel_stack();
    context->pc = context->x[1] = (uint64_t)(uintptr_t)entry;
}
