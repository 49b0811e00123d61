/* pip: only what the host uses at this PIP is saved [0022], X included: driver_switch() keeps nothing in a register but the stack. */
#ifdef __ASSEMBLER__
#include "switchers/registers/riscv64_kernel.inc"

switch_out:
	mask
switch_pip:
	la	a0, host_context		// I = address of the context [0023]
	rows	sp, save_gpr, a0
	rows	vectors, save_csr, a0
	rows	x, save_csr, a0
	to_vm

switch_back:
	la	a0, host_context		// I = address of the context [0027]
	rows	x, restore_csr, a0
	rows	vectors, restore_csr, a0
	rows	sp, restore_gpr, a0
	la	a0, host_resume
	ld	t1, 0(a0)
	ld	a0, 8(a0)			// I brings information [0028]
	jr	t1				// to the resumption point that was chosen [0033]
	switch_ends
#else
#include "switchers/registers/riscv64_kernel_clauses.h"

KERNEL_SWITCHER(MODE_WORLD, MODE_STRING(MODE_WORLD), "pip", "pip", MODE_STRING(MODE_MASK), "jr", true, "what the host uses at this PIP: stack, vectors and X",
                RISCV64_INFORMATION, RISCV64_X, RISCV64_HOST, RISCV64_THREAD, RISCV64_LINK, RISCV64_LEFT_ALONE,
                {NULL, NULL, INCONSEQUENTIAL, "the driver keeps nothing there at this PIP [0022]"});
#endif
