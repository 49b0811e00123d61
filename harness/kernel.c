/* kernel.c: what the kernels of all switchers share: the partner's stack and its verdict, and the removal of a step. */
#include "harness/kernel.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

uint64_t kernel_iterations;
bool kernel_partner_intact;
volatile bool kernel_preemptible;
uint8_t kernel_order[KERNEL_ORDER];
uint16_t kernel_order_at;
const struct kernel_upper_state *kernel_upper_now;

static uint8_t stack[KERNEL_STACK_BYTES + 4096] __attribute__((aligned(4096)));
static unsigned colour;

void *kernel_stack(void) {
    return stack + KERNEL_STACK_BYTES + colour;
}

void kernel_colour(unsigned bytes) {
    colour = bytes % 4096 / 64 * 64;
}

bool kernel_owns(const struct native_code *native, const struct step *step) {
    for (int i = 0; i < NATIVE_CODES; i++)
        if (native->code[i] && step->begin >= native->code[i] && step->begin < native->end[i])
            return true;
    return false;
}

bool kernel_remove(const struct step *step) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uintptr_t first = (uintptr_t)step->begin & ~(page - 1);
    if (mprotect((void *)first, (size_t)((uintptr_t)step->end - first),
                 PROT_READ | PROT_WRITE | PROT_EXEC))
        return false;
    for (uint8_t *at = step->begin; at < step->end; at += kernel_nop.size)
        memcpy(at, kernel_nop.bytes, kernel_nop.size);
    __builtin___clear_cache((char *)step->begin, (char *)step->end);
    return true;
}

__attribute__((noinline)) int kernel_side(void) {
    const uint8_t *here = __builtin_frame_address(0);
    return here >= stack && here < stack + sizeof stack;
}
