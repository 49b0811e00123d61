/* x86_64_kernel.h: slots of x86_64_kernel.def and numbers, for C and assembler. */
#ifndef SWITCHLAB_X86_64_KERNEL_H
#define SWITCHLAB_X86_64_KERNEL_H

#define X86_64_KERNEL_IMAGE 2688

/* of x86_64_kernel.def */
#define SLOT_RAX            0
#define SLOT_RSP            56
#define SLOT_RIP            128
#define SLOT_RFLAGS         136
#define SLOT_FS_BASE        2432
#define SLOT_GS_BASE        2440
#define SLOT_KERNEL_GS_BASE 2448
#define SLOT_CR2            2456
#define SLOT_IDTR           2472

#define MSR_FS_BASE         0xc0000100
#define MSR_GS_BASE         0xc0000101
#define MSR_KERNEL_GS_BASE  0xc0000102

#endif
