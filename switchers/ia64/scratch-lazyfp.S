/* scratch-lazyfp: scratch that also keeps the high partition f32-f127, as a kernel must that leaves an application's values there.
 * It saves them only when the guest uses floating point: psr.dfh tells. */
#ifdef __ASSEMBLER__
#define TEMP 14
#define FP 1
#define HIGH 4096				// where f32-f127 lie in the context
#include "switchers/ia64/ia64.h"
#include "switchers/ia64/scratch.inc"

switch_out:
	mask
switch_pip:
	save_preserved
	part	fp
	fr_from	words_end
	rows	fr_low_preserved, spill_fr
	;;
	to_vm	r14

switch_back:					// the virtual machine comes with ar.rsc = 0 and an empty register stack
	come_back
	part	fp
	movl	r14=high_is_saved ;;
	ld8	r15=[r14] ;;
	cmp.eq	p6,p7=r0,r15
	st8	[r14]=r0
(p6)	br.cond.sptk high_is_there ;;
	fr_from	HIGH
	rows	fr_high, unspill_fr
	;;
high_is_there:
	restore_preserved
	part	fp
	fr_from	words_end
	rows	fr_low_preserved, unspill_fr
	;;
	to_host

	.global	switch_lends_fp, switch_fp_used
	.set	switch_lends_fp, 1
switch_fp_used:					// r2 and r3 are free, and bank 0 is current
	part	fp
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
