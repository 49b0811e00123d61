/* riscv64_kernel_clauses.h: what contracts of switchers in the mode of a host have in common. */
#ifndef SWITCHLAB_RISCV64_KERNEL_CLAUSES_H
#define SWITCHLAB_RISCV64_KERNEL_CLAUSES_H

#include "switchers/registers/kernel.h"
#include "switchers/registers/riscv64_mode.h"

#include <stddef.h>

extern const struct register_file riscv64_kernel_registers, riscv64_m_kernel_registers;
extern const char *const riscv64_kernel_x[], *const riscv64_m_kernel_x[];

/* clauses that several switchers share; the first that matches a register holds */
#define RISCV64_LEFT_ALONE                                                                         \
    {"translation", NULL, SHARED, "one address space on both sides"},                              \
        {"control", NULL, SHARED, "the virtual machine leaves it as it is"},                       \
        {"cause", NULL, INCONSEQUENTIAL, "a handler reads it right after its interrupt"},          \
        {"fpcontrol", NULL, SHARED, "the host uses no floating point"}, {                   \
        "fp", NULL, SHARED, "the host uses no floating point"                               \
    }
#define RISCV64_X                                                                                  \
    { "x", NULL, SAVED, "X [0023]" }
#define RISCV64_INFORMATION                                                                        \
    { "a0", NULL, INCONSEQUENTIAL, "I: brings information from the virtual machine [0028]" }
#define RISCV64_LINK                                                                               \
    { "link", NULL, INCONSEQUENTIAL, "the call at the PIP overwrites it" }
#define RISCV64_HOST                                                                               \
    {"vectors", NULL, SAVED, "the host's vectors"}, {"sp", NULL, SAVED, "the host's stack"}, {     \
        "pc", NULL, SAVED, "the resumption point, chosen by the reason of the exit [0034]"         \
    }
#define RISCV64_THREAD                                                                             \
    {"thread", NULL, SHARED, "the host does not use it, the virtual machine leaves it"}, {         \
        "global", NULL, SHARED, "the host does not use it, the virtual machine leaves it"          \
    }

#endif
