/* pip: only what the host uses at this PIP is saved [0022], X included. worlds/ia64/driver.S is written so that this is little. */
#ifdef __ASSEMBLER__
#define TEMP 16
#include "switchers/ia64/ia64.h"

// Live at the PIP: r12, r13, the register stack, the address of the vectors, X. Known there, so rebuilt: ar.rsc = 3.
switch_out:
	mask
switch_pip:
	alloc	r31=ar.pfs,0,0,0,0		// all of the host's stacked registers are below the frame now
	mov	r30=cr.iva
	words_from 0, r2, r3
	mov	ar.rsc=0 ;;
	flushrs ;;
	spill	r12, 12
	spill	r13, 13
	;;
	save_x
	mov	r29=ar.unat			// NaT bits of what was spilled
	mov	r28=ar.bspstore
	mov	r27=ar.rnat ;;
	put	r31, r30, r28, r27
	.set	nats_at, at
	put	r29
	;;
	to_vm	r14

switch_back:					// the virtual machine comes with ar.rsc = 0 and an empty register stack
	come_back
	bsw.1 ;;
	movl	r14=host_context + nats_at ;;
	ld8	r14=[r14] ;;
	mov	ar.unat=r14
	words_from 0, r2, r3			// I = address of the context [0027]
	unspill	r12, 12
	unspill	r13, 13
	;;
	restore_x
	take	r31, r30, r28, r27
	;;
	mov	cr.iva=r30
	mov	ar.bspstore=r28
	mov	ar.pfs=r31
	movl	r8=host_resume ;;
	mov	ar.rnat=r27
	ld8	r9=[r8],8 ;;
	mov	ar.rsc=3
	ld8	r8=[r8]				// I brings information [0028]
	mov	b0=r9 ;;
	br.ret.sptk.many b0 ;;			// indirect: to the resumption point that was chosen [0033]

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
