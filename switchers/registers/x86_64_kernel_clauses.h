/* x86_64_kernel_clauses.h: what contracts of switchers at ring 0 have in common. */
#ifndef SWITCHLAB_X86_64_KERNEL_CLAUSES_H
#define SWITCHLAB_X86_64_KERNEL_CLAUSES_H

#include "switchers/registers/kernel.h"

#include <stddef.h>

extern const struct register_file x86_64_kernel_registers;
extern const char *const x86_64_kernel_x[];

/* clauses that several switchers share; the first that matches a register holds */
#define X86_64_LEFT_ALONE                                                                          \
    {"translation", NULL, SHARED, "one address space on both sides"},                              \
        {"control", NULL, SHARED, "the virtual machine leaves it as it is"},                       \
        {"syscall", NULL, SHARED, "neither side uses syscall"},                                    \
        {"segment", NULL, SHARED, "the virtual machine uses the host's segments"},                 \
        {"debug", NULL, SHARED, "neither side has breakpoints"},                                   \
        {"fpcontrol", NULL, SHARED, "code at ring 0 uses no floating point"},                      \
        {"x87", NULL, SHARED, "code at ring 0 uses no floating point"},                            \
        {"xmm", NULL, SHARED, "code at ring 0 uses no vectors"},                                   \
        {"ymmh", NULL, SHARED, "code at ring 0 uses no vectors"},                                  \
        {"zmmh", NULL, SHARED, "code at ring 0 uses no vectors"},                                  \
        {"zmm", NULL, SHARED, "code at ring 0 uses no vectors"}, {                                 \
        "mask", NULL, SHARED, "code at ring 0 uses no vectors"                                     \
    }
#define X86_64_X                                                                                   \
    {"x", NULL, SAVED, "X [0023]"}, {                                                              \
        "gs_base", NULL, SAVED, "X [0023]"                                                         \
    }
#define X86_64_HOST                                                                                \
    {"vectors", NULL, SAVED, "the host's vectors"}, {"sp", NULL, SAVED, "the host's stack"}, {     \
        "ip", NULL, SAVED, "the resumption point, chosen by the reason of the exit [0034]"         \
    }
#define X86_64_FS                                                                                  \
    { "fs_base", NULL, SHARED, "the host does not use it, the virtual machine leaves it" }

#endif
