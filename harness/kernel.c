/* kernel.c: what the kernels of all switchers share: the partner's stack and its verdict. */
#include "harness/kernel.h"

uint64_t kernel_iterations;
bool kernel_partner_intact;

static uint8_t stack[KERNEL_STACK_BYTES + 4096] __attribute__((aligned(4096)));
static unsigned colour;

void *kernel_stack(void) {
    return stack + KERNEL_STACK_BYTES + colour;
}

void kernel_colour(unsigned bytes) {
    colour = bytes % 4096 / 64 * 64;
}
