/* aarch64_kernel.h: the register table of Armv8-A at EL1, as the world and the assembler need it.
 */
#ifndef SWITCHLAB_AARCH64_KERNEL_H
#define SWITCHLAB_AARCH64_KERNEL_H

#define AARCH64_KERNEL_IMAGE 1024

/* of aarch64_kernel.def */
#define SLOT_X0        0
#define SLOT_SP        248
#define SLOT_PC        256
#define SLOT_NZCV      264
#define SLOT_TPIDR_EL0 296
#define SLOT_ELR_EL1   384
#define SLOT_SPSR_EL1  392
#define SLOT_VBAR_EL1  416

#endif
