/* kernel.c: what the kernels of all switchers share: the partner's stack and its verdict. */
#include "harness/kernel.h"

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

__attribute__((noinline)) int kernel_side(void) {
    const uint8_t *here = __builtin_frame_address(0);
    return here >= stack && here < stack + sizeof stack;
}
