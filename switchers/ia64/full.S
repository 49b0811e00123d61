/* full: the application switch of [0015], used on a host: X holds the address of the context, so every register but X is saved.
 * It loses X: that is the problem of [0017]. */
#ifdef __ASSEMBLER__
#define TEMP 18
#define LOW 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15
#define BANK_1 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
#include "switchers/ia64/ia64.h"

// The addresses (r16, r17) and the temporaries are X: bank 0.
switch_out:
	mask_interrupts
switch_pip:
	part	integer
	bsw.0 ;;
	alloc	r31=ar.pfs,0,0,0,0		// all of the host's stacked registers are below the frame now
	mov	r30=ar.rsc
	mov	r29=ar.unat
	mov	r28=pr
	words_from 0, r16, r17			// X = address of the context; store I, J, K to X
	mov	ar.rsc=0 ;;
	part	rse
	flushrs ;;
	part	integer
	.irp	n, LOW
	spill	r\n, \n
	.endr
	;;
	bsw.1 ;;
	words_from at, r2, r3			// r1-r15 are saved and free
	.irp	n, BANK_1
	spill	r\n, \n
	.endr
	;;
	bsw.0 ;;
	mov	r27=ar.unat			// NaT bits of what was spilled
	.set	nats_at, at
	words_from at, r16, r17
	put	r27, r31, r30, r29, r28
	;;
	part	system
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
	put	r18, r19, r20, r21, r22, r23, r24, r25
	;;
	save_through cr
	save_indexed rr, 8
	save_indexed pkr, 16
	save_indexed ibr, 8
	save_indexed dbr, 8
	part	fp
	fr_from	at
	rows	fr_low, spill_fr
	rows	fr_high, spill_fr
	;;
	to_vm	r18

switch_back:					// the virtual machine comes with ar.rsc = 0 and an empty register stack
	come_back_collecting
	part	integer
	movl	r18=host_context + nats_at ;;
	ld8	r18=[r18] ;;
	mov	ar.unat=r18
	words_from nats_at + 8, r16, r17	// X = address of the context; load I, J, K from X
	take	r31, r30, r29, r28
	;;
	part	system
	restore_through br
	restore_through kr
	restore_through ia32
	take	r18, r19, r20, r21, r22, r23, r24, r25
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
	fr_from	at
	rows	fr_low, unspill_fr
	rows	fr_high, unspill_fr
	;;
	part	integer
	movl	r19=host_resume ;;
	ld8	r18=[r19],8 ;;
	mov	b0=r18				// indirect: to the resumption point that was chosen [0033]
	bsw.1 ;;
	words_from 14 * 8, r2, r3
	.irp	n, BANK_1
	unspill	r\n, \n
	.endr
	;;
	bsw.0 ;;
	words_from 0, r16, r17
	.irp	n, LOW
	unspill	r\n, \n
	.endr
	;;
	ld8	r8=[r19]			// I brings information [0028]
	mov	ar.unat=r29 ;;
	bsw.1 ;;
	br.ret.sptk.many b0 ;;

	lends_fp
#else
#include "switchers/ia64/ia64.h"

#define CLAUSES(X)                                                                                                               \
    {"bank0", NULL, INCONSEQUENTIAL, "X: the address of the context and the switch's temporaries; lost [0015]-[0017]"},         \
    {"icr", NULL, INCONSEQUENTIAL, "X: lost [0017]"},                                                                            \
    IA64_I,                                                                                                                      \
    IA64_CALL,                                                                                                                   \
    IA64_FRAME,                                                                                                                  \
    IA64_SHARED,                                                                                                                 \
    IA64_ALL_ELSE(SAVED, "nothing is assumed of the host"),
IA64_SWITCHER(full, "full", "full", "all", "every register but X, which holds the address: the application switch of [0015]", CLAUSES);
#endif
