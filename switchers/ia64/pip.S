/* pip: only what the host uses at this PIP is saved [0022], X included. worlds/ia64/driver.S is written so that this is little. */
#ifdef __ASSEMBLER__
#define TEMP 16
#include "switchers/ia64/ia64.h"

// Live at the PIP: r12, r13, the register stack, the address of the vectors, X. Known there, so rebuilt: ar.rsc = 3.
switch_out:
	mask
switch_pip:
	begin_rest r31, r28
	mov	r30=cr.iva
	spill	r12, 12
	spill	r13, 13
	;;
	put	r31, r30, r28
	;;
	save_x_and_stack r11, r10
	to_vm	r14

switch_back:					// the virtual machine comes with ar.rsc = 0 and an empty register stack
	come_back
	restore_x_and_rnat r11, r10		// I = address of the context [0027]
	part	integer
	unspill	r12, 12
	unspill	r13, 13
	;;
	take	r31, r30, r28
	;;
	restore_stack r28, r10
	part	integer
	mov	cr.iva=r30
	mov	ar.pfs=r31
	mov	ar.rsc=3
	to_host

	lends_fp
#else
#include "switchers/ia64/ia64.h"

#define NOTHING "the driver keeps nothing there at this PIP [0022]"
#define CLAUSES(X)                                                                                                               \
    X,                                                                                                                           \
    {"r12", NULL, SAVED, "stack pointer"},                                                                                       \
    {"r13", NULL, SAVED, "thread pointer"},                                                                                      \
    {"ar.rsc", NULL, SAVED, "a constant at this PIP: rebuilt"},                                                                  \
    {"iva", NULL, SAVED, "the host's vectors"},                                                                                  \
    IA64_CALL,                                                                                                                   \
    IA64_FRAME,                                                                                                                  \
    IA64_SHARED,                                                                                                                 \
    IA64_LEFT_ALONE,                                                                                                             \
    IA64_ALL_ELSE(INCONSEQUENTIAL, NOTHING),
IA64_SWITCHER(pip, "pip", "pip", "none", "what the host uses at this PIP: stack, thread, vectors and X", CLAUSES);
#endif
