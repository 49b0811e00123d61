/* scratch-lazyfp: scratch that also keeps the high partition f32-f127, as a kernel must that leaves an application's values there.
 * It saves them only when the guest uses floating point: psr.dfh tells. */
#ifdef __ASSEMBLER__
#define TEMP 16
#define HIGH 4096				// where f32-f127 lie in the context
#include "switchers/ia64/ia64.h"

// Inconsequential here, because a call was just made: r2, r3, r8-r11, r14-r31 of bank 1, f6-f15, b0, b6, b7.
switch_out:
	mask
switch_pip:
	alloc	r31=ar.pfs,0,0,0,0		// all of the host's stacked registers are below the frame now
	mov	r30=ar.rsc
	mov	r29=ar.unat
	mov	r28=pr
	words_from 0, r2, r3
	mov	ar.rsc=0 ;;
	flushrs ;;
	rows	gr_special, spill
	rows	gr_preserved, spill
	;;
	save_x
	mov	r27=ar.unat			// NaT bits of what was spilled
	save_through br_preserved
	mov	r26=ar.bspstore
	mov	r25=ar.rnat
	mov	r24=ar.fpsr
	mov	r23=cr.iva
	mov	r22=ar.lc ;;
	put	r31, r30, r29, r28, r26, r25, r24, r23, r22
	.set	nats_at, at
	put	r27
	;;
	fr_from	at
	rows	fr_low_preserved, spill_fr
	;;
	to_vm	r14

switch_back:					// the virtual machine comes with ar.rsc = 0 and an empty register stack
	come_back
	bsw.1 ;;
	movl	r14=high_is_saved ;;
	ld8	r15=[r14] ;;
	cmp.eq	p6,p7=r0,r15
	st8	[r14]=r0
(p6)	br.cond.sptk high_is_there ;;
	fr_from	HIGH
	rows	fr_high, unspill_fr
	;;
high_is_there:
	movl	r14=host_context + nats_at ;;
	ld8	r14=[r14] ;;
	mov	ar.unat=r14
	words_from 0, r2, r3
	rows	gr_special, unspill
	rows	gr_preserved, unspill
	;;
	restore_x
	restore_through br_preserved
	take	r31, r30, r29, r28, r26, r25, r24, r23, r22
	;;
	mov	cr.iva=r23
	mov	ar.bspstore=r26
	mov	ar.pfs=r31
	mov	ar.lc=r22
	mov	pr=r28,-1 ;;
	mov	ar.rnat=r25
	mov	ar.fpsr=r24
	mov	ar.unat=r29 ;;
	mov	ar.rsc=r30
	fr_from	nats_at + 8
	rows	fr_low_preserved, unspill_fr
	;;
	movl	r8=host_resume ;;
	ld8	r9=[r8],8 ;;
	ld8	r8=[r8]				// I brings information [0028]
	mov	b0=r9 ;;
	br.ret.sptk.many b0 ;;			// indirect: to the resumption point that was chosen [0033]

	.global	switch_lends_fp, switch_fp_used
	.set	switch_lends_fp, 1
switch_fp_used:					// r2 and r3 are free, and bank 0 is current
	fr_from	HIGH
	rows	fr_high, spill_fr
	;;
	movl	r2=high_is_saved
	mov	r3=1 ;;
	st8	[r2]=r3
	br.ret.sptk.many b0 ;;
switch_end:
	.data
	.align	8
high_is_saved: .quad 0
#else
#include "switchers/ia64/ia64.h"

#define CLAUSES(X)                                                                                                               \
    X,                                                                                                                           \
    {"gr", "preserved", SAVED, "preserved by the calling convention"},                                                           \
    {"r1", NULL, SAVED, "global pointer"},                                                                                       \
    {"r12", NULL, SAVED, "stack pointer"},                                                                                       \
    {"r13", NULL, SAVED, "thread pointer"},                                                                                      \
    {"fr_low", "preserved", SAVED, "preserved by the calling convention"},                                                       \
    {"fr_high", NULL, SAVED, "left in place until the guest uses floating point, saved then"},                                   \
    {"br", "preserved", SAVED, "preserved by the calling convention"},                                                           \
    {"pr", NULL, SAVED, "p1-p5 and p16-p63 are preserved"},                                                                      \
    {"ar.lc", NULL, SAVED, "preserved by the calling convention"},                                                               \
    {"ar.unat", NULL, SAVED, "preserved by the calling convention"},                                                             \
    {"ar.fpsr", NULL, SAVED, "its control fields are preserved"},                                                                \
    {"ar.rsc", NULL, SAVED, "the mode of the host's register stack"},                                                            \
    {"iva", NULL, SAVED, "the host's vectors"},                                                                                  \
    IA64_CALL,                                                                                                                   \
    IA64_FRAME,                                                                                                                  \
    IA64_SHARED,                                                                                                                 \
    IA64_LEFT_ALONE,                                                                                                             \
    IA64_ALL_ELSE(INCONSEQUENTIAL, "scratch: nobody uses its value right after a call [0032]"),
IA64_SWITCHER(scratch_lazyfp, "scratch-lazyfp", "scratch", "fp+lazy", "scratch, and the high floating-point partition, lazily", CLAUSES);
#endif
