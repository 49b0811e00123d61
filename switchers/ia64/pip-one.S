/* pip-one: the example of [0023]: at this PIP a single register, I = r8, is inconsequential. It holds the address; everything
 * else is saved, X included. */
#ifdef __ASSEMBLER__
#define TEMP 18
#define BUT_I 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
#define INFORMATION (30 * 8)			// behind r1 to r31 without r8: the word that I brings
#include "switchers/ia64/ia64.h"

switch_out:
	mask
switch_pip:
	part	integer
	movl	r8=host_context ;;		// I = address of OS A context; store X, J, K to I [0023]
	.irp	n, BUT_I
	st8.spill [r8]=r\n,8 ;;
	.endr
	alloc	r31=ar.pfs,0,0,0,0		// the general registers are saved and free from here on
	mov	r30=ar.rsc
	mov	r28=pr
	words_from INFORMATION + 8, r2, r3
	mov	ar.rsc=0 ;;
	part	rse
	flushrs ;;
	save_x
	part	system
	mov	r27=ar.unat			// NaT bits of what was spilled
	save_through br
	save_through kr
	save_through ia32
	mov	r18=ar.bspstore
	mov	r19=ar.rnat
	mov	r20=ar.fpsr
	mov	r21=cr.iva
	mov	r22=ar.lc
	mov	r23=ar.ccv
	mov	r24=ar.csd
	mov	r25=ar.ssd ;;
	put	r18, r19, r20, r21, r22, r23, r24, r25, r31, r30, r28
	;;
	save_through cr
	save_indexed rr, 8
	save_indexed pkr, 16
	save_indexed ibr, 8
	save_indexed dbr, 8
	.set	nats_at, at
	put	r27
	;;
	part	fp
	fr_from	at
	rows	fr_low, spill_fr
	rows	fr_high, spill_fr
	;;
	to_vm	r18

switch_back:					// the virtual machine comes with ar.rsc = 0 and an empty register stack
	come_back
	part	x
	movl	r14=host_context + nats_at
	movl	r8=host_resume ;;
	ld8	r14=[r14]
	ld8	r15=[r8],8
	movl	r9=host_context + INFORMATION ;;
	mov	ar.unat=r14
	ld8	r8=[r8]
	mov	b0=r15 ;;			// indirect: to the resumption point that was chosen [0033]
	st8	[r9]=r8
	words_from INFORMATION + 8, r2, r3
	restore_x
	part	system
	restore_through br
	restore_through kr
	restore_through ia32
	take	r18, r19, r20, r21, r22, r23, r24, r25, r31, r30, r28
	;;
	mov	ar.bspstore=r18
	mov	cr.iva=r21
	mov	ar.fpsr=r20
	mov	ar.ccv=r23
	mov	ar.csd=r24
	mov	ar.ssd=r25
	mov	ar.lc=r22
	mov	ar.pfs=r31
	mov	pr=r28,-1 ;;
	mov	ar.rnat=r19 ;;
	mov	ar.rsc=r30
	restore_through cr
	srlz.d ;;
	restore_indexed rr, 8
	restore_indexed pkr, 16
	restore_indexed ibr, 8
	restore_indexed dbr, 8
	part	fp
	fr_from	nats_at + 8
	rows	fr_low, unspill_fr
	rows	fr_high, unspill_fr
	;;
	part	integer
	movl	r8=host_context ;;		// I = address of OS A context; load X, J, K from I [0027]
	.irp	n, BUT_I
	ld8.fill r\n=[r8],8 ;;
	.endr
	ld8	r8=[r8]				// I brings information [0028]
	br.ret.sptk.many b0 ;;

	lends_fp
#else
#include "switchers/ia64/ia64.h"

#define CLAUSES(X)                                                                                                               \
    X,                                                                                                                           \
    IA64_I,                                                                                                                      \
    {"ar.unat", NULL, INCONSEQUENTIAL, "the driver has no spill outstanding at this PIP"},                                       \
    IA64_CALL,                                                                                                                   \
    IA64_FRAME,                                                                                                                  \
    IA64_SHARED,                                                                                                                 \
    IA64_ALL_ELSE(SAVED, "it may be live at this PIP"),
IA64_SWITCHER(pip_one, "pip-one", "pip", "all", "everything but one inconsequential register, X included: the example of [0023]", CLAUSES);
#endif
