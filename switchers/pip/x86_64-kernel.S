/* pip: only what the host uses at this PIP is saved [0022], X included: driver_switch() keeps nothing in a register but the stack. */
#ifdef __ASSEMBLER__
#include "switchers/registers/x86_64_kernel.inc"

switch_out:
	mask
switch_pip:
	mov	$host_context, %rdi		// I = address of the context [0023]
	save_stack rdx, rdi
	save_vectors rdi
	save_x	rdi
	to_vm

switch_back:
	mov	$host_context, %rdi		// I = address of the context [0027]
	restore_x rdi
	restore_vectors rdi
	restore_stack rdi
	mov	host_resume+8, %rax		// I brings information [0028]
	jmp	*host_resume			// to the resumption point that was chosen [0033]
	switch_ends
#else
#include "switchers/registers/x86_64_kernel_clauses.h"

KERNEL_SWITCHER(x86_64, "x86_64", "pip", "pip", "cli", "jmp", true, "what the host uses at this PIP: stack, vectors and X",
                {"rax", NULL, INCONSEQUENTIAL, "I: brings information from the virtual machine [0028]"}, X86_64_X, X86_64_HOST,
                X86_64_FS, X86_64_LEFT_ALONE, {NULL, NULL, INCONSEQUENTIAL, "the driver keeps nothing there at this PIP [0022]"});
#endif
