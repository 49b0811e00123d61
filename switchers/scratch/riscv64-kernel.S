/* scratch: the PIP follows a call [0032], so only what the calling convention preserves is saved, and X. */
#ifdef __ASSEMBLER__
#include "switchers/registers/riscv64_kernel.inc"

switch_out:
	mask
switch_pip:
	la	a0, host_context		// I = address of the context [0023]: scratch, as all used below
	rows	gpr_preserved, save_gpr, a0
	rows	sp, save_gpr, a0
	rows	vectors, save_csr, a0
	rows	x, save_csr, a0
	to_vm

switch_back:
	la	a0, host_context		// I = address of the context [0027]
	rows	x, restore_csr, a0
	rows	vectors, restore_csr, a0
	rows	sp, restore_gpr, a0
	rows	gpr_preserved, restore_gpr, a0
	la	a0, host_resume
	ld	t1, 0(a0)
	ld	a0, 8(a0)			// I brings information [0028]
	jr	t1				// to the resumption point that was chosen [0033]
	switch_ends
#else
#include "switchers/registers/riscv64_kernel_clauses.h"

KERNEL_SWITCHER(MODE_WORLD, MODE_STRING(MODE_WORLD), "scratch", "scratch", MODE_STRING(MODE_MASK), "jr", true, "preserved registers and X", RISCV64_INFORMATION,
                RISCV64_X, RISCV64_HOST, RISCV64_THREAD, RISCV64_LINK, RISCV64_LEFT_ALONE,
                {NULL, "preserved", SAVED, "preserved by the calling convention"},
                {NULL, "scratch", INCONSEQUENTIAL, "not preserved by a call [0032]"},
                {NULL, NULL, SHARED, "the virtual machine leaves it as it is"});
#endif
