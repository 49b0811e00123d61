/* machine.h: what differs between architectures for whoever runs their worlds. One file
 * engines/qemu/<arch>.c is one row; it registers itself. */
#ifndef SWITCHLAB_WORLD_MACHINE_H
#define SWITCHLAB_WORLD_MACHINE_H

#include "harness/registry.h"

#include <capstone/capstone.h>
#include <stdint.h>

enum { WORLD_TEXT = 256 };
struct world_effect {              /* what one instruction does */
    unsigned loads, stores, bytes; /* accesses to memory, and what they move */
    unsigned privileged;           /* 1: no code at a lower privilege may execute it */
};

struct machine {
    const char *name;             /* folder of worlds/, and of what it builds */
    const char *program;          /* of QEMU */
    const char *package;          /* that has it */
    const char *const *arguments; /* NULL at the end; -kernel FILE comes after them */
    int (*world_status)(
        int);     /* QEMU's exit status to the world's, or -1 when the world did not choose it */
    cs_arch arch; /* to decode its instructions */
    cs_mode mode;
    /* NULL, or why the instruction can't be judged; needs its details */
    const char *(*effect)(const cs_insn *, struct world_effect *);
    /* instead of these three where Capstone does not know the architecture: also the instruction's text, of WORLD_TEXT bytes.
     * size: how many bytes there are; then the instruction's length */
    const char *(*decode)(const uint8_t *code, size_t *size, struct world_effect *, char *text);
};

REGISTRY(machine)
#define REGISTER_MACHINE(object) REGISTER(machine, object)

#endif
