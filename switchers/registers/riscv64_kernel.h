/* riscv64_kernel.h: the register table of RV64 in supervisor mode, as the world and the assembler
 * need it. */
#ifndef SWITCHLAB_RISCV64_KERNEL_H
#define SWITCHLAB_RISCV64_KERNEL_H

#define RISCV64_KERNEL_IMAGE 768

/* of riscv64_kernel.def */
#define SLOT_SP       16
#define SLOT_A0       80
#define SLOT_PC       256
#define SLOT_SEPC     280
#define SLOT_SSCRATCH 288
#define SLOT_SSTATUS  296
#define SLOT_STVEC    304

#define SSTATUS_SIE   2

#endif
