/* aarch64-check.c: the two routines of the contract check that no C can do: load every register
 * from an image, and capture every register into one, using none themselves. Both are made from
 * aarch64.def. */
#include "switchers/registers/aarch64.h"

#include <string.h>

/* one check runs at a time in a process, and these routines have no register to spare for an
 * argument */
static struct check_images *checked;
static uint64_t resumes[2]; /* the pc at which each side goes on */
__attribute__((used)) static uint8_t *image_out[2] __asm__("image_out");

OF_ASSEMBLY uint8_t *aarch64_given(int side);
__attribute__((used)) uint8_t *aarch64_given(int side) {
    checked->fill(checked, side);
    ((struct aarch64_context *)checked->given[side])->pc = resumes[side];
    return checked->given[side];
}

OF_ASSEMBLY void aarch64_arrived(int side);
__attribute__((used)) void aarch64_arrived(int side) {
    checked->arrived(checked, side);
}

/* clang-format off */
/* aarch64_fill_a, _b: the given image -> registers; x30 goes to [sp, #8]. The image gets sp as it is. The base x29 comes last. */
__asm__(".macro fill reg, slot, base\n\t.ifnc \\reg,\\base\n\tldr \\reg, [\\base, #\\slot]\n\t.endif\n.endm\n"
        ".macro fill_whole reg, slot, base\n\tldr \\reg, [\\base, #\\slot-8]\n.endm\n"
        ".macro fill_system reg, slot, base\n\tldr x0, [\\base, #\\slot]\n\tmsr \\reg, x0\n.endm\n"
        ".text\n\t.balign 64\n\t.globl aarch64_fill_a, aarch64_fill_b\n\t.hidden aarch64_fill_a, aarch64_fill_b\n"
        "aarch64_fill_b:\n\tmov w0, #1\n\tb 0f\n"
        "aarch64_fill_a:\n\tmov w0, wzr\n"
        "0:\tstr x30, [sp, #-16]!\n\tbl aarch64_given\n\tldr x30, [sp], #16\n\tmov x29, x0\n\t"
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
        "adrp x1, image_out\n\tldr x1, [x1, :lo12:image_out]\n\tcmp x29, x1\n\tcset w0, ne\n\tb aarch64_arrived\n");
/* clang-format on */

const struct kernel_nop kernel_nop = {{0x1f, 0x20, 0x03, 0xd5}, 4};

void aarch64_start(struct aarch64_context *context, void (*entry)(void)) {
    memset(context, 0, sizeof *context);
    context->sp = (uint64_t)(uintptr_t)kernel_stack();
    context->pc = context->x[30] = (uint64_t)(uintptr_t)entry;
}

/* `run` is one round trip of side a; the partner is side b */
void aarch64_check(struct check_images *images, void (*run)(void), const uint8_t *const end[2]) {
    enum { STORE_AND_CALL_BYTES = 8 };
    checked = images;
    for (int side = 0; side < 2; side++) {
        resumes[side] = (uint64_t)(uintptr_t)end[side] + STORE_AND_CALL_BYTES;
        image_out[side] = images->captured[side];
    }
    run();
}
