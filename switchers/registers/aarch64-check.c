/* aarch64-check.c: the two routines of the contract check that no C can do: load every register
 * from an image, and capture every register into one, using none themselves. Both are made from
 * aarch64.def. */
#include "switchers/registers/aarch64.h"

#include <string.h>

enum { PC_SLOT = offsetof(struct aarch64_context, pc) };

static void prepare(const struct check_images *images) {
    (void)images;
}
#include "switchers/registers/sides.inc"

/* clang-format off */
/* aarch64_fill_a, _b: the given image -> registers; x30 goes to [sp, #8]. The image gets sp as it is. The base x29 comes last. */
__asm__(".macro fill reg, slot, base\n\t.ifnc \\reg,\\base\n\tldr \\reg, [\\base, #\\slot]\n\t.endif\n.endm\n"
        ".macro fill_whole reg, slot, base\n\tldr \\reg, [\\base, #\\slot-8]\n.endm\n"
        ".macro fill_system reg, slot, base\n\tldr x0, [\\base, #\\slot]\n\tmsr \\reg, x0\n.endm\n"
        ".text\n\t.balign 64\n\t.globl aarch64_fill_a, aarch64_fill_b\n\t.hidden aarch64_fill_a, aarch64_fill_b\n"
        "aarch64_fill_b:\n\tmov w0, #1\n\tb 0f\n"
        "aarch64_fill_a:\n\tmov w0, wzr\n"
        "0:\tstr x30, [sp, #-16]!\n\tbl check_given\n\tldr x30, [sp], #16\n\tmov x29, x0\n\t"
        "mov x0, sp\n\tstr x0, [x29, #248]\n\t"
        "ldr x0, [x29, #240]\n\tstr x0, [sp, #8]\n\t"
        "rows simd, fill_whole, x29\n\t"
        "rows fpcontrol, fill_system, x29\n\trows fpstatus, fill_system, x29\n\trows flags, fill_system, x29\n\t"
        "rows gpr, fill, x29\n\tldr x29, [x29, #232]\n\tret\n");

/* aarch64_capture_a, _b: registers -> image_out; pc is this call's return address. Then the control register is what C
 * expects. */
__asm__(".macro capture reg, slot, base\n\t.ifnc \\reg,\\base\n\tstr \\reg, [\\base, #\\slot]\n\t.endif\n.endm\n"
        ".macro capture_whole reg, slot, base\n\tstr \\reg, [\\base, #\\slot-8]\n.endm\n"
        ".macro capture_system reg, slot, base\n\tmrs x0, \\reg\n\tstr x0, [\\base, #\\slot]\n.endm\n"
        ".text\n\t.balign 64\n\t.globl aarch64_capture_a, aarch64_capture_b\n\t.hidden aarch64_capture_a, aarch64_capture_b\n"
        "aarch64_capture_b:\n\tstr x29, [sp, #-16]!\n\t"
        "adrp x29, image_out\n\tadd x29, x29, :lo12:image_out\n\tldr x29, [x29, #8]\n\tb 0f\n"
        "aarch64_capture_a:\n\tstr x29, [sp, #-16]!\n\tadrp x29, image_out\n\tldr x29, [x29, :lo12:image_out]\n"
        "0:\trows gpr, capture, x29\n\t"
        "ldr x0, [sp], #16\n\tstr x0, [x29, #232]\n\t"
        "ldr x0, [sp, #8]\n\tstr x0, [x29, #240]\n\tmov x0, sp\n\tstr x0, [x29, #248]\n\tstr x30, [x29, #256]\n\t"
        "rows flags, capture_system, x29\n\trows fpcontrol, capture_system, x29\n\trows fpstatus, capture_system, x29\n\t"
        "rows simd, capture_whole, x29\n\tmsr fpcr, xzr\n\t"
        "adrp x1, image_out\n\tldr x1, [x1, :lo12:image_out]\n\tcmp x29, x1\n\tcset w0, ne\n\tb check_arrived\n");
/* clang-format on */

const struct kernel_nop kernel_nop = {{0x1f, 0x20, 0x03, 0xd5}, 4};

void aarch64_start(struct aarch64_context *context, void (*entry)(void)) {
    memset(context, 0, sizeof *context);
    context->sp = (uint64_t)(uintptr_t)kernel_stack();
    context->pc = context->x[30] = (uint64_t)(uintptr_t)entry;
}
