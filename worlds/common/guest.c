/* guest.c: the guest OS and its application (214 and 220 in Fig. 1). The OS is written for the
 * highest privilege: it keeps a counter in X, and does not know that it runs below it [0019]. */
#include "worlds/common/stage.h"

enum { TIMES = 5 };

/* X holds what survives it in any form: the counter stands above the bits that an architecture may
 * reserve */
enum { COUNT_SHIFT = 4 };

static uint64_t counted(unsigned n) {
    return x_read(n) >> COUNT_SHIFT;
}

static void guest_call(uint64_t argument, uint64_t number) {
    (void)argument;
    for (unsigned n = 0; n < ARCH_X; n++)
        x_write(n, (counted(n) + 1) << COUNT_SHIFT);
    bool same = true;
    for (unsigned n = 1; n < ARCH_X; n++)
        same = same && counted(n) == counted(0);
    if (number == GUEST_EXIT) {
        system_call(VM_PUT, ']');
        system_call(VM_STOP, 0);
    }
    system_call(VM_PUT, same ? '0' + counted(0) : '?');
    system_call(VM_RETURN, 0);
}

/* Works and keeps a value; losing it ends it early: the world's output differs. */
static void guest_application(void) {
    uint64_t kept = 0x5555;
    for (int i = 0; i < TIMES; i++) {
        __asm__ volatile("" : "+r"(kept));
        system_call(GUEST_WORK, 0);
        __asm__ volatile("" : "+r"(kept));
        if (kept != 0x5555) break;
    }
    system_call(GUEST_EXIT, 0);
}

void guest_start(void) {
    system_call(VM_PUT, '[');
    system_call(VM_VECTOR, (uint64_t)(uintptr_t)guest_call);
    for (unsigned n = 0; n < ARCH_X; n++)
        x_write(n, 0);
    system_call(VM_START, (uint64_t)(uintptr_t)guest_application);
}
