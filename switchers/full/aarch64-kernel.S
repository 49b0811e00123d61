/* full: the application switch of [0015], used on a host: X holds what has no place yet, so every register but X is saved, at any
 * instruction. It loses X: that is the problem of [0017]. */
#ifdef __ASSEMBLER__
#include "switchers/registers/aarch64_kernel.inc"

	.macro	save_but_x0 reg, slot, base
	.ifnc	\reg,x0
	pair_save \reg, \slot, \base
	.endif
	.endm
	.macro	restore_but_x0 reg, slot, base
	.ifnc	\reg,x0
	pair_restore \reg, \slot, \base
	.endif
	.endm

switch_out:
	mask
switch_pip:
	msr	tpidr_el1, x0			// X = I: x0 is the only way to the context
	address	x0, host_context
	rows	gpr, save_but_x0, x0
	last_one str, save, x0
	step_begin
	mrs	x9, tpidr_el1
	str	x9, [x0, #SLOT_x0]
	step_end save, x0
	rows	flags, through_x9_save, x0
	rows	sp, through_x9_save, x0
	rows	vectors, through_x9_save, x0
	rows	thread, through_x9_save, x0
	to_vm

switch_back:
	address	x0, host_context
	rows	thread, through_x9_restore, x0
	restore_vectors x0
	rows	sp, through_x9_restore, x0
	rows	flags, through_x9_restore, x0
	rows	gpr, restore_but_x0, x0
	last_one ldr, restore, x0
	address	x30, host_resume
	ldr	x30, [x30]			// to the resumption point, through what the call had overwritten [0033]
	step_begin
	ldr	x0, [x0, #SLOT_x0]
	step_end restore, x0
	br	x30
	switch_ends
#else
#include "switchers/registers/aarch64_kernel_clauses.h"

KERNEL_SWITCHER(aarch64, "aarch64", "full", "full", "daif", "br", false, "every register but X: the application switch of [0015]",
                {"x", NULL, INCONSEQUENTIAL, "X: the switch's temporary, lost [0015]-[0017]"}, AARCH64_LINK, AARCH64_LEFT_ALONE,
                {NULL, NULL, SAVED, "nothing is assumed of the host"});
#endif
