/* driver.c: the driver (216 in Fig. 1), a part of the host that the VM application calls. It runs
 * the switcher under test: driver_switch() saves the host's context at the PIP and goes to the
 * virtual machine (point A of Fig. 3); the switcher comes back to one of three resumption points,
 * chosen by the reason [0034] (point B).
 *
 * The host keeps a value in X across the switch, on purpose, as code in a critical section may
 * [0017]. */
#include "worlds/common/stage.h"

uint8_t host_context[ARCH_IMAGE_BYTES] __attribute__((aligned(64)));
struct resume host_resume;

static uint64_t live(unsigned n) {
    return x_legal(n, 0x1500 + 0x100 * n);
}

static void make_x_live(void) {
    for (unsigned n = 0; n < ARCH_X; n++)
        x_write(n, live(n));
}

static void check_x(void) {
    for (unsigned n = 0; n < ARCH_X; n++)
        x_lost += x_read(n) != live(n);
}

uint64_t driver(void) {
    for (;;) {
        uint64_t information = 0;
        world_switches++;
        make_x_live();
        enum exit_reason reason = driver_switch(&information);
        check_x();
        interrupts_on(); /* a tick that ended the slice is served now */
        switch (reason) {
        case EXIT_TICK:
            return VM_SLICE_OVER;
        case EXIT_STOP:
            return VM_DONE;
        case EXIT_PUT: /* I brought the guest's character [0028] */
            put_character((char)(world_command.informs ? information : host_resume.information));
        }
    }
}
