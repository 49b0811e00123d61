/* aarch64_kernel.h: the register table of Armv8-A at EL1, as the world and the assembler need it.
 */
#ifndef SWITCHLAB_AARCH64_KERNEL_H
#define SWITCHLAB_AARCH64_KERNEL_H

#define AARCH64_KERNEL_IMAGE 1024

/* SLOT_NAME of each row; the assembler has them from aarch64_kernel_rows.inc */
enum {
#define REG(name, class, bits, privilege, convention, slot) SLOT_##name = slot,
#include "switchers/registers/aarch64_kernel.def"
#undef REG
};

#endif
