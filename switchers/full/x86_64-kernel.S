/* full: the application switch of [0015], used on a host: X holds what has no place yet, so every register but X is saved, at any
 * instruction. It loses X: that is the problem of [0017]. */
#ifdef __ASSEMBLER__
#include "switchers/registers/x86_64_kernel.inc"

	.macro	save_but_rax reg, slot
	.ifnc	\reg,rax
	save	\reg, \slot, rax
	.endif
	.endm
	.macro	restore_but_rbx reg, slot
	.ifnc	\reg,rbx
	restore	\reg, \slot, rbx
	.endif
	.endm

switch_out:
	mask
switch_pip:
	mov	%rax, %cr2			// X = I: rax is the only way to the context
	mov	$host_context, %rax
	rows	gpr, save_but_rax
	step_begin
	mov	%cr2, %rbx
	mov	%rbx, SLOT_RAX(%rax)
	step_end save, rax
	step_begin
	pushfq
	popq	SLOT_RFLAGS(%rax)
	step_end save, rflags
	save_stack rbx, rax
	save_vectors rax
	mov	%rax, %rbx
	save_msr fs_base, MSR_FS_BASE, SLOT_FS_BASE, rbx
	to_vm

switch_back:
	mov	$host_context, %rbx
	restore_msr fs_base, MSR_FS_BASE, SLOT_FS_BASE, rbx
	restore_vectors rbx
	restore_stack rbx
	step_begin
	pushq	SLOT_RFLAGS(%rbx)
	popfq
	step_end restore, rflags
	rows	gpr, restore_but_rbx
	restore	rbx, 8, rbx
	jmp	*host_resume			// indirect, through memory: no register is free [0033]
	switch_ends
#else
#include "switchers/registers/x86_64_kernel_clauses.h"

KERNEL_SWITCHER(x86_64, "x86_64", "full", "full", "cli", "jmp", false, "every register but X: the application switch of [0015]",
                {"x", NULL, INCONSEQUENTIAL, "X: the switch's temporary, lost [0015]-[0017]"},
                {"gs_base", NULL, INCONSEQUENTIAL, "X: lost [0017]"}, X86_64_LEFT_ALONE,
                {NULL, NULL, SAVED, "nothing is assumed of the host"});
#endif
