/* aarch64_kernel.h: the register table of Armv8-A at EL1, as the world and the assembler need it. */
#ifndef SWITCHLAB_AARCH64_KERNEL_H
#define SWITCHLAB_AARCH64_KERNEL_H

#define AARCH64_KERNEL_IMAGE 1024

/* of aarch64_kernel.def */
#define SLOT_X0 0
#define SLOT_SP 248
#define SLOT_PC 256
#define SLOT_NZCV 264
#define SLOT_TPIDR_EL0 296
#define SLOT_ELR_EL1 384
#define SLOT_SPSR_EL1 392
#define SLOT_VBAR_EL1 416

#ifdef __ASSEMBLER__
	// rows SELECT, BODY, BASE: `BODY NAME, SLOT, BASE` for each row of a class, or of class_convention, in the table's order
	.macro	row select, body, base, name, class, slot, convention
	.ifc	\select,\class
	\body	\name, \slot, \base
	.endif
	.ifc	\select,\class\()_\convention
	\body	\name, \slot, \base
	.endif
	.endm
	.macro	rows select, body, base
#define REG(name, class, bits, privilege, convention, slot) row \select, \body, \base, name, class, slot, convention
#include "switchers/registers/aarch64_kernel.def"
#undef REG
	.endm
#include "switchers/registers/aarch64.inc"
#endif
#endif
