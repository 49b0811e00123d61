/* scratch: the PIP follows a call [0032], so only what the calling convention preserves is saved, and X. */
#ifdef __ASSEMBLER__
#include "switchers/registers/aarch64_kernel.inc"

switch_out:
	mask
switch_pip:
	address	x0, host_context		// I = address of the context [0023]: scratch, as all used below
	save	x0, gpr_preserved
	rows	sp, through_x9_save, x0
	rows	vectors, through_x9_save, x0
	rows	x, through_x9_save, x0
	to_vm

switch_back:
	address	x0, host_context		// I = address of the context [0027]
	rows	x, through_x9_restore, x0
	restore_vectors x0
	rows	sp, through_x9_restore, x0
	restore	x0, gpr_preserved
	address	x9, host_resume
	ldp	x9, x0, [x9]			// the resumption point that was chosen [0033]; I brings information [0028]
	br	x9
	switch_ends
#else
#include "switchers/registers/aarch64_kernel_clauses.h"

KERNEL_SWITCHER(aarch64, "aarch64", "scratch", "scratch", "daif", "br", true, "preserved registers and X", AARCH64_INFORMATION,
                AARCH64_X, AARCH64_HOST, AARCH64_THREAD, AARCH64_LINK, AARCH64_LEFT_ALONE,
                {NULL, "preserved", SAVED, "preserved by the calling convention"},
                {NULL, "scratch", INCONSEQUENTIAL, "not preserved by a call [0032]"},
                {NULL, NULL, SHARED, "the virtual machine leaves it as it is"});
#endif
