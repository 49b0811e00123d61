/* scratch-integer: scratch for a guest that gets no floating point: psr.dfl and psr.dfh keep it out of both partitions, so the
 * host's stay where they are. */
#ifdef __ASSEMBLER__
#define TEMP 16
#include "switchers/ia64/ia64.h"

// Inconsequential here, because a call was just made: r2, r3, r8-r11, r14-r31 of bank 1, b0, b6, b7.
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
	mov	r23=cr.iva
	mov	r22=ar.lc ;;
	put	r31, r30, r29, r28, r26, r25, r23, r22
	.set	nats_at, at
	put	r27
	;;
	to_vm	r14

switch_back:					// the virtual machine comes with ar.rsc = 0 and an empty register stack
	come_back
	bsw.1 ;;
	movl	r14=host_context + nats_at ;;
	ld8	r14=[r14] ;;
	mov	ar.unat=r14
	words_from 0, r2, r3
	rows	gr_special, unspill
	rows	gr_preserved, unspill
	;;
	restore_x
	restore_through br_preserved
	take	r31, r30, r29, r28, r26, r25, r23, r22
	;;
	mov	cr.iva=r23
	mov	ar.bspstore=r26
	mov	ar.pfs=r31
	mov	ar.lc=r22
	mov	pr=r28,-1 ;;
	mov	ar.rnat=r25
	mov	ar.unat=r29 ;;
	mov	ar.rsc=r30
	movl	r8=host_resume ;;
	ld8	r9=[r8],8 ;;
	ld8	r8=[r8]				// I brings information [0028]
	mov	b0=r9 ;;
	br.ret.sptk.many b0 ;;			// indirect: to the resumption point that was chosen [0033]

	keeps_fp
#else
#include "switchers/ia64/ia64.h"

#define CLAUSES(X)                                                                                                               \
    X,                                                                                                                           \
    {"gr", "preserved", SAVED, "preserved by the calling convention"},                                                           \
    {"r1", NULL, SAVED, "global pointer"},                                                                                       \
    {"r12", NULL, SAVED, "stack pointer"},                                                                                       \
    {"r13", NULL, SAVED, "thread pointer"},                                                                                      \
    {"fr_low", NULL, SHARED, "the guest is kept out by psr.dfl"},                                                                \
    {"fr_high", NULL, SHARED, "the guest is kept out by psr.dfh"},                                                               \
    {"br", "preserved", SAVED, "preserved by the calling convention"},                                                           \
    {"pr", NULL, SAVED, "p1-p5 and p16-p63 are preserved"},                                                                      \
    {"ar.lc", NULL, SAVED, "preserved by the calling convention"},                                                               \
    {"ar.unat", NULL, SAVED, "preserved by the calling convention"},                                                             \
    {"ar.fpsr", NULL, INCONSEQUENTIAL, "the host computes no floating point between the PIP and its next application"},          \
    {"ar.rsc", NULL, SAVED, "the mode of the host's register stack"},                                                            \
    {"iva", NULL, SAVED, "the host's vectors"},                                                                                  \
    IA64_CALL,                                                                                                                   \
    IA64_FRAME,                                                                                                                  \
    IA64_SHARED,                                                                                                                 \
    IA64_LEFT_ALONE,                                                                                                             \
    IA64_ALL_ELSE(INCONSEQUENTIAL, "scratch: nobody uses its value right after a call [0032]"),
IA64_SWITCHER(scratch_integer, "scratch-integer", "scratch", "none", "preserved integer registers and X; no floating point for the guest", CLAUSES);
#endif
