/* scratch: the PIP follows a call [0032], so only what the calling convention preserves is saved, and X. */
#ifdef __ASSEMBLER__
#include "switchers/registers/x86_64_kernel.inc"

	.macro	save_in_rdi reg, slot
	save	\reg, \slot, rdi
	.endm
	.macro	restore_from_rdi reg, slot
	restore	\reg, \slot, rdi
	.endm

switch_out:
	mask
switch_pip:
	mov	$host_context, %rdi		// I = address of the context [0023]: scratch, as all used below
	rows	gpr_preserved, save_in_rdi
	save_stack rdx, rdi
	save_vectors rdi
	save_x	rdi
	to_vm

switch_back:
	mov	$host_context, %rdi		// I = address of the context [0027]
	restore_x rdi
	restore_vectors rdi
	restore_stack rdi
	rows	gpr_preserved, restore_from_rdi
	mov	host_resume+8, %rax		// I brings information [0028]
	jmp	*host_resume			// to the resumption point that was chosen [0033]
	switch_ends
#else
#include "switchers/registers/x86_64_kernel_clauses.h"

KERNEL_SWITCHER(x86_64, "x86_64", "scratch", "scratch", "cli", "jmp", true, "preserved registers and X",
                {"rax", NULL, INCONSEQUENTIAL, "I: brings information from the virtual machine [0028]"}, X86_64_X, X86_64_HOST,
                X86_64_FS, X86_64_LEFT_ALONE, {NULL, "preserved", SAVED, "preserved by the calling convention"},
                {NULL, "scratch", INCONSEQUENTIAL, "not preserved by a call [0032]"},
                {NULL, NULL, SHARED, "the virtual machine leaves it as it is"});
#endif
