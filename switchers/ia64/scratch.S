/* scratch: the PIP follows a call, so only what the calling convention preserves is saved [0032], and X. */
#ifdef __ASSEMBLER__
#define TEMP 14
#define FP 1
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
	restore_preserved
	part	fp
	fr_from	words_end
	rows	fr_low_preserved, unspill_fr
	;;
	to_host

	lends_fp
#else
#include "switchers/ia64/ia64.h"

#define CLAUSES(X)                                                                                                               \
    X,                                                                                                                           \
    {"gr", "preserved", SAVED, "preserved by the calling convention"},                                                           \
    {"r1", NULL, SAVED, "global pointer"},                                                                                       \
    {"r12", NULL, SAVED, "stack pointer"},                                                                                       \
    {"r13", NULL, SAVED, "thread pointer"},                                                                                      \
    {"fr_low", "preserved", SAVED, "preserved by the calling convention"},                                                       \
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
IA64_SWITCHER(scratch, "scratch", "scratch", "fp_low", "preserved registers and X; the PIP follows a call", CLAUSES);
#endif
