/* riscv64_kernel.h: the register table of RV64 in supervisor mode, as the world and the assembler
 * need it. */
#ifndef SWITCHLAB_RISCV64_KERNEL_H
#define SWITCHLAB_RISCV64_KERNEL_H

#define RISCV64_KERNEL_IMAGE 768

/* SLOT_NAME of each row; the assembler has them from riscv64_kernel_rows.inc */
enum {
#define REG(name, class, bits, privilege, convention, slot) SLOT_##name = slot,
#include "switchers/registers/riscv64_kernel.def"
#undef REG
};

#define SSTATUS_SIE   2

#endif
