/* pip: only what the host uses at this PIP is saved [0022], X included: driver_switch() keeps nothing in a register but the stack. */
#ifdef __ASSEMBLER__
#include "switchers/registers/aarch64_kernel.inc"

switch_out:
	mask
switch_pip:
	address	x0, host_context		// I = address of the context [0023]
	rows	sp, through_x9_save, x0
	rows	vectors, through_x9_save, x0
	rows	x, through_x9_save, x0
	to_vm

switch_back:
	address	x0, host_context		// I = address of the context [0027]
	rows	x, through_x9_restore, x0
	restore_vectors x0
	rows	sp, through_x9_restore, x0
	address	x9, host_resume
	ldp	x9, x0, [x9]			// the resumption point that was chosen [0033]; I brings information [0028]
	br	x9
	switch_ends
#else
#include "switchers/registers/aarch64_kernel_clauses.h"

KERNEL_SWITCHER(aarch64, "aarch64", "pip", "pip", "daif", "br", true, "what the host uses at this PIP: stack, vectors and X",
                AARCH64_INFORMATION, AARCH64_X, AARCH64_HOST, AARCH64_THREAD, AARCH64_LINK, AARCH64_LEFT_ALONE,
                {NULL, NULL, INCONSEQUENTIAL, "the driver keeps nothing there at this PIP [0022]"});
#endif
