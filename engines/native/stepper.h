/* stepper.h: exact counts. A child runs a kernel under ptrace, one instruction at a time; each
 * instruction's memory accesses are decoded (instruction.h). Nothing is sampled or estimated: two
 * runs of the same binary give the same numbers. */
#ifndef SWITCHLAB_NATIVE_STEPPER_H
#define SWITCHLAB_NATIVE_STEPPER_H

#include "harness/kernel.h"

#include <jansson.h>
#include <stdint.h>

/* Counts of one switch: what 2N iterations take beyond N, divided; 3N must add as much again. N is
 * 1, or the next of counted_lengths where an unrolled loop does not repeat at that.
 * {"instructions": {"value": 10.5, "unit": "instructions"}, "loads", "stores", "modifies",
 * "bytes"}, or {"skip": reason}.
 *
 *   loads     instructions' reads of memory; a read-modify-write is one load, as cachegrind counts
 * it stores    writes of memory that are not part of a read-modify-write modifies  those loads that
 * also write back: writes in all are stores + modifies bytes     read and written; a
 * read-modify-write moves its operand twice
 *
 * One access counts once whatever its width. Implicit accesses count: call, ret, push, pop, pushf,
 * popf, leave. A system call is one instruction; what the kernel does is not user code. Equal to
 * cachegrind's Ir, Dr and Dw (valgrind 3.19) but for repeated string instructions (here 1
 * instruction; there 1 per repetition and 1), and fxsave, xsave and their kin (here one access of
 * instruction.h's size; there as many as valgrind's emulation makes). The
 * process stays on its CPU from then on. A new reference; NULL: no memory. */
json_t *native_count(kernel_fn *kernel, uint64_t switches_per_iteration);

/* the same with other limits than the default: instructions between two of the child's stops, and
 * seconds for it all */
struct count_limits {
    int steps, seconds;
};
json_t *native_count_within(struct count_limits, kernel_fn *kernel,
                            uint64_t switches_per_iteration);

#endif
