/* aarch64_kernel_clauses.h: what contracts of switchers at EL1 have in common. */
#ifndef SWITCHLAB_AARCH64_KERNEL_CLAUSES_H
#define SWITCHLAB_AARCH64_KERNEL_CLAUSES_H

#include "switchers/registers/kernel.h"

#include <stddef.h>

extern const struct register_file aarch64_kernel_registers;
extern const char *const aarch64_kernel_x[];

/* clauses that several switchers share; the first that matches a register holds */
#define AARCH64_LEFT_ALONE                                                                         \
    {"translation", NULL, SHARED, "one address space on both sides"},                              \
        {"control", NULL, SHARED, "the virtual machine leaves it as it is"},                       \
        {"cause", NULL, INCONSEQUENTIAL, "a handler reads it right after its interrupt"},          \
        {"debug", NULL, SHARED, "neither side has breakpoints"},                                   \
        {"fpcontrol", NULL, SHARED, "code at EL1 uses no floating point"},                         \
        {"fpstatus", NULL, SHARED, "code at EL1 uses no floating point"},                          \
        {"fp", NULL, SHARED, "code at EL1 uses no vectors"}, {                                     \
        "simd", NULL, SHARED, "code at EL1 uses no vectors"                                        \
    }
#define AARCH64_X                                                                                  \
    { "x", NULL, SAVED, "X [0023]" }
#define AARCH64_INFORMATION                                                                        \
    { "x0", NULL, INCONSEQUENTIAL, "I: brings information from the virtual machine [0028]" }
#define AARCH64_LINK                                                                               \
    { "link", NULL, INCONSEQUENTIAL, "the call at the PIP overwrites it" }
#define AARCH64_HOST                                                                               \
    {"vectors", NULL, SAVED, "the host's vectors"}, {"sp", NULL, SAVED, "the host's stack"}, {     \
        "pc", NULL, SAVED, "the resumption point, chosen by the reason of the exit [0034]"         \
    }
#define AARCH64_THREAD                                                                             \
    { "thread", NULL, SHARED, "the host does not use it, the virtual machine leaves it" }

#endif
