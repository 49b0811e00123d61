/* x86_64_kernel.h: the register table of x86-64 at ring 0, as the world and the assembler need it. */
#ifndef SWITCHLAB_X86_64_KERNEL_H
#define SWITCHLAB_X86_64_KERNEL_H

#define X86_64_KERNEL_IMAGE 2688

/* of x86_64_kernel.def */
#define SLOT_RAX 0
#define SLOT_RSP 56
#define SLOT_RIP 128
#define SLOT_RFLAGS 136
#define SLOT_FS_BASE 2432
#define SLOT_GS_BASE 2440
#define SLOT_KERNEL_GS_BASE 2448
#define SLOT_CR2 2456
#define SLOT_IDTR 2472

#define MSR_FS_BASE 0xc0000100
#define MSR_GS_BASE 0xc0000101
#define MSR_KERNEL_GS_BASE 0xc0000102

#ifdef __ASSEMBLER__
	// rows SELECT, BODY: `BODY NAME, SLOT` for each row of a class, or of class_convention, in the table's order
	.macro	row select, body, name, class, slot, convention
	.ifc	\select,\class
	\body	\name, \slot
	.endif
	.ifc	\select,\class\()_\convention
	\body	\name, \slot
	.endif
	.endm
	.macro	rows select, body
#define REG(name, class, bits, privilege, convention, slot) row \select, \body, name, class, slot, convention
#include "switchers/registers/x86_64_kernel.def"
#undef REG
	.endm
#endif
#endif
