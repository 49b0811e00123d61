/* full: the application switch of [0015], used on a host: X holds what has no place yet, so every register but X is saved, at any
 * instruction. It loses X: that is the problem of [0017]. */
#ifdef __ASSEMBLER__
#include "switchers/registers/riscv64_kernel.inc"

	.macro	save_but_a0 reg, slot, base
	.ifnc	\reg,a0
	save_gpr \reg, \slot, \base
	.endif
	.endm
	.macro	restore_but_a0 reg, slot, base
	.ifnc	\reg,a0
	restore_gpr \reg, \slot, \base
	.endif
	.endm

switch_out:
	mask
switch_pip:
	csrw	CSR_SCRATCH, a0			// X = I: a0 is the only way to the context
	la	a0, host_context
	rows	gpr, save_but_a0, a0
	step_begin
	csrr	t0, CSR_SCRATCH
	sd	t0, SLOT_a0(a0)
	step_end save, a0
	rows	sp, save_gpr, a0
	rows	global, save_gpr, a0
	rows	thread, save_gpr, a0
	rows	vectors, save_csr, a0
	to_vm

switch_back:
	la	a0, host_context
	rows	vectors, restore_csr, a0
	rows	thread, restore_gpr, a0
	rows	global, restore_gpr, a0
	rows	sp, restore_gpr, a0
	rows	gpr, restore_but_a0, a0
	la	ra, host_resume
	ld	ra, 0(ra)			// to the resumption point, through what the call had overwritten [0033]
	restore_gpr a0, SLOT_a0, a0
	jr	ra
	switch_ends
#else
#include "switchers/registers/riscv64_kernel_clauses.h"

KERNEL_SWITCHER(MODE_WORLD, MODE_STRING(MODE_WORLD), "full", "full", MODE_STRING(MODE_MASK), "jr", false, "every register but X: the application switch of [0015]",
                {"x", NULL, INCONSEQUENTIAL, "X: the switch's temporary, lost [0015]-[0017]"}, RISCV64_LINK, RISCV64_LEFT_ALONE,
                {NULL, NULL, SAVED, "nothing is assumed of the host"});
#endif
