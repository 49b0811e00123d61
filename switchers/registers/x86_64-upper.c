/* x86_64-upper.c: makes the upper parts of the vector registers dirty (something is in them) or
 * clean (the CPU knows them to be as at the start, so that the xsave family may leave them out:
 * Intel SDM vol. 1, 13.6), and tells which they are. */
#include "switchers/registers/x86_64.h"

/* AVX, and of AVX-512 masks, upper halves and zmm16 to 31: what xsave calls these */
enum { UPPER = 0xe4 };

static void dirty(void) {
    if (!x86_64_lacks_avx512())
        __asm__ volatile(
            ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, "
            "20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31\n\t"
            "vpternlogd $0xff, %%zmm\\n, %%zmm\\n, %%zmm\\n\n\t.endr\n\t"
            ".irp n, 0, 1, 2, 3, 4, 5, 6, 7\n\tkxnorw %%k\\n, %%k\\n, %%k\\n\n\t.endr" ::
                : X86_64_VECTORS_CLOBBERED "memory");
    else
        __asm__ volatile(".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n\t"
                         "vcmptrueps %%ymm\\n, %%ymm\\n, %%ymm\\n\n\t.endr" ::
                             : X86_64_VECTORS_CLOBBERED "memory");
}

/* an xrstor of components that are not in its area puts them where they were at the start. It takes
 * mxcsr from there whatever they are */
static void clean(void) {
    static struct {
        uint8_t bytes[1024];
    } nothing __attribute__((aligned(64)));
    __asm__ volatile("stmxcsr 24+%0\n\txrstor64 %0"
                     : "+m"(nothing)
                     : "a"(UPPER), "d"(0)
                     : X86_64_VECTORS_CLOBBERED "memory");
}

/* Zeros that a switch loads are dirty to the CPU, which can't know; so clean is told by the value */
static bool last_is(uint64_t value) {
    uint64_t upper[4];
    __asm__ volatile("vmovups %%ymm15, %0" : "=m"(upper));
    return upper[3] == value;
}

static bool is_dirty(void) {
    return last_is(UINT64_MAX);
}
static bool is_clean(void) {
    return last_is(0);
}

const struct kernel_upper kernel_upper = {
    .lacks = x86_64_lacks_avx,
    .states = {{"clean", clean, is_clean}, {"dirty", dirty, is_dirty}},
};
