/* sides.h: the two sides of the contract check, for every architecture: a check() from the assembly text of both. An architecture's
 * header makes the text; the C that its text calls is sides.inc. */
#ifndef SWITCHLAB_SIDES_H
#define SWITCHLAB_SIDES_H

#include "harness/switcher.h"

/* One round trip of side a, which `run` is; the partner is side b. on: where each side goes on when it is switched back to, as its
 * capture finds it: the return address of that call */
void check_sides(struct check_images *, void (*run)(void), const uint8_t *const on[2]);

/* clang-format off */
/* Defines check(). The text has the functions check_run and check_partner; in them the switches away, from check_a to check_a_end
 * and from check_b to check_b_end; and check_a_on, check_b_on. Each label has `id` behind it. make_partner() must stand before it. */
#define DEFINE_SIDES(id, text)                                                                                         \
    OF_ASSEMBLY void check_run(void) __asm__("check_run" id);                                                          \
    OF_ASSEMBLY void check_partner(void) __asm__("check_partner" id);                                                  \
    extern OF_ASSEMBLY const uint8_t check_a[] __asm__("check_a" id), check_a_end[] __asm__("check_a_end" id),         \
        check_a_on[] __asm__("check_a_on" id);                                                                         \
    extern OF_ASSEMBLY const uint8_t check_b[] __asm__("check_b" id), check_b_end[] __asm__("check_b_end" id),         \
        check_b_on[] __asm__("check_b_on" id);                                                                         \
    __asm__(".text\n\t.balign 64\n" text);                                                                             \
    static void check(struct check_images *images) {                                                                   \
        if (!images)                                                                                                   \
            make_partner(check_partner);                                                                               \
        else                                                                                                           \
            check_sides(images, check_run, (const uint8_t *const[]){check_a_on, check_b_on});                          \
    }                                                                                                                  \
    _Static_assert(1, "")

/* an instruction of a switch that is inlined: as a step, for the check and its mutants, and plain, for the kernels */
#define STEP(op, reg, text) "step_begin\n\t" text "\n\tstep_end " op ", " reg "\n\t"
#define PLAIN(op, reg, text) text "\n\t"

#endif
