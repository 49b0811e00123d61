/* scratch-integer: scratch for a guest that gets no floating point: psr.dfl and psr.dfh keep it out of both partitions, so the
 * host's stay where they are. */
#ifdef __ASSEMBLER__
#define TEMP 14
#define FP 0
#include "switchers/ia64/ia64.h"
#include "switchers/ia64/scratch.inc"

switch_out:
	mask
switch_pip:
	save_preserved
	to_vm	r14

switch_back:					// the virtual machine comes with ar.rsc = 0 and an empty register stack
	come_back
	restore_preserved
	to_host

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
