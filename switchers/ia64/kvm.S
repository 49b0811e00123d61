/* kvm: a baseline, the save set of the world switch of KVM/ia64: 54 words and 126 floating-point registers each way. Interrupts
 * are masked by its caller; it keeps neither bank 0 nor cr16-25. Written anew from these facts, which were counted in Linux
 * arch/ia64/kvm/trampoline.S at commit 96916090. */
#ifdef __ASSEMBLER__
#define TEMP 16
#define KEPT_RR 0, 1, 2, 3, 4, 5, 7
#define PKR 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
#include "switchers/ia64/ia64.h"

switch_out:
	mask_interrupts				// the caller's part
switch_pip:
	part	integer
	alloc	r31=ar.pfs,0,0,0,0
	mov	r30=ar.rsc
	mov	r29=ar.unat
	mov	r28=pr
	mov	r27=psr
	words_from 0, r2, r3
	mov	ar.rsc=0 ;;
	part	rse
	flushrs ;;
	part	integer
	.irp	n, 4, 5, 6, 7, 12, 13
	spill	r\n, \n
	.endr
	;;
	mov	r26=ar.unat
	mov	r16=b0
	mov	r17=b1
	mov	r18=b2
	mov	r19=b3
	mov	r20=b4
	mov	r21=b5 ;;
	put	r16, r17, r18, r19, r20, r21
	;;
	mov	r16=ar.bspstore
	mov	r17=ar.rnat
	mov	r18=ar.fpsr
	mov	r19=ar.lc
	mov	r20=cr.dcr
	mov	r21=cr.iva
	mov	r22=cr.pta ;;
	put	r31, r30, r29, r28, r27, r16, r17, r18, r19, r20, r21, r22
	;;
	part	system
	save_through ia32
	.irp	n, KEPT_RR
	movl	r16=\n << 61 ;;
	mov	r17=rr[r16] ;;
	put	r17
	;;
	.endr
	.irp	n, PKR
	mov	r16=\n ;;
	mov	r17=pkr[r16] ;;
	put	r17
	;;
	.endr
	.set	nats_at, at
	put	r26
	;;
	part	fp
	fr_from	at
	rows	fr_low, spill_fr
	rows	fr_high, spill_fr
	;;
	to_vm	r14

switch_back:					// the virtual machine comes with ar.rsc = 0 and an empty register stack
	come_back_collecting
	part	integer
	bsw.1 ;;
	movl	r14=host_context + nats_at ;;
	ld8	r14=[r14] ;;
	mov	ar.unat=r14
	words_from 0, r2, r3
	.irp	n, 4, 5, 6, 7, 12, 13
	unspill	r\n, \n
	.endr
	;;
	take	r16, r17, r18, r19, r20, r21
	;;
	mov	b0=r16
	mov	b1=r17
	mov	b2=r18
	mov	b3=r19
	mov	b4=r20
	mov	b5=r21 ;;
	take	r31, r30, r29, r28, r27, r16, r17, r18, r19, r20, r21, r22
	;;
	mov	ar.bspstore=r16
	mov	ar.pfs=r31
	mov	ar.lc=r19
	mov	ar.fpsr=r18
	mov	ar.unat=r29
	mov	cr.dcr=r20
	mov	cr.iva=r21
	mov	cr.pta=r22
	mov	pr=r28,-1 ;;
	srlz.d
	mov	ar.rnat=r17 ;;
	mov	ar.rsc=r30 ;;
	part	system
	restore_through ia32
	.irp	n, KEPT_RR
	take	r17
	movl	r16=\n << 61 ;;
	mov	rr[r16]=r17 ;;
	srlz.d ;;
	.endr
	srlz.i ;;
	.irp	n, PKR				// each serialized by itself, as there
	take	r17
	mov	r16=\n ;;
	mov	pkr[r16]=r17 ;;
	srlz.i ;;
	.endr
	mov	psr.l=r27 ;;
	srlz.d
	part	fp
	fr_from	nats_at + 8
	rows	fr_low, unspill_fr
	rows	fr_high, unspill_fr
	;;
	part	transfer
	movl	r8=host_resume ;;
	ld8	r9=[r8],8 ;;
	ld8	r8=[r8]
	mov	b6=r9 ;;
	br.ret.sptk.many b6 ;;

	lends_fp
#else
#include "switchers/ia64/ia64.h"

#define CLAUSES(X)                                                                                                               \
    {"bank0", NULL, INCONSEQUENTIAL, "X: not in this save set"},                                                                 \
    {"icr", NULL, INCONSEQUENTIAL, "X: not in this save set"},                                                                   \
    {"gr", "preserved", SAVED, "preserved by the calling convention"},                                                           \
    {"r12", NULL, SAVED, "stack pointer"},                                                                                       \
    {"r13", NULL, SAVED, "thread pointer"},                                                                                      \
    {"fr_low", NULL, SAVED, "in this save set"},                                                                                 \
    {"fr_high", NULL, SAVED, "in this save set"},                                                                                \
    {"link", NULL, SAVED, "in this save set"},                                                                                   \
    {"br", "preserved", SAVED, "preserved by the calling convention"},                                                           \
    {"pr", NULL, SAVED, "in this save set"},                                                                                     \
    {"ia32", NULL, SAVED, "in this save set"},                                                                                   \
    {"ar.unat", NULL, SAVED, "in this save set"},                                                                                \
    {"ar.fpsr", NULL, SAVED, "in this save set"},                                                                                \
    {"ar.lc", NULL, SAVED, "in this save set"},                                                                                  \
    {"ar.rsc", NULL, SAVED, "in this save set"},                                                                                 \
    {"cr.dcr", NULL, SAVED, "in this save set"},                                                                                 \
    {"cr.pta", NULL, SAVED, "in this save set"},                                                                                 \
    {"iva", NULL, SAVED, "in this save set"},                                                                                    \
    {"rr6", NULL, SHARED, "not in this save set: translation is off on both sides"},                                             \
    {"rr", NULL, SAVED, "in this save set"},                                                                                     \
    {"pkr", NULL, SAVED, "in this save set"},                                                                                    \
    IA64_FRAME,                                                                                                                  \
    IA64_SHARED,                                                                                                                 \
    IA64_LEFT_ALONE,                                                                                                             \
    IA64_ALL_ELSE(INCONSEQUENTIAL, "scratch: nobody uses its value right after a call [0032]"),
IA64_SWITCHER(kvm, "kvm", "peer", "fp", "the save set of KVM/ia64's world switch, without X", CLAUSES);
#endif
