/* riscv64_kernel.h: the register table of RV64 in supervisor mode, as the world and the assembler need it. */
#ifndef SWITCHLAB_RISCV64_KERNEL_H
#define SWITCHLAB_RISCV64_KERNEL_H

#define RISCV64_KERNEL_IMAGE 768

/* of riscv64_kernel.def */
#define SLOT_SP 16
#define SLOT_A0 80
#define SLOT_PC 256
#define SLOT_SEPC 280
#define SLOT_SSCRATCH 288
#define SLOT_SSTATUS 296
#define SLOT_STVEC 304

#define SSTATUS_SIE 2

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
#include "switchers/registers/riscv64_kernel.def"
#undef REG
	.endm
#include "switchers/registers/riscv64.inc"
#endif
#endif
