/* riscv64_kernel.h: the register table of RV64 in the mode of a host (riscv64_mode.h), as the world
 * and the assembler need it. */
#ifndef SWITCHLAB_RISCV64_KERNEL_H
#define SWITCHLAB_RISCV64_KERNEL_H

#include "switchers/registers/riscv64_mode.h"

#define RISCV64_KERNEL_IMAGE 768

/* SLOT_NAME of each row; the assembler has them from riscv64_kernel_rows.inc */
enum {
#define REG(name, class, bits, privilege, convention, slot) SLOT_##name = slot,
#include MODE_TABLE
#undef REG
};

#endif
