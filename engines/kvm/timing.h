/* timing.h: what a world on /dev/kvm says of time, and whether to believe it. */
#ifndef SWITCHLAB_KVM_TIMING_H
#define SWITCHLAB_KVM_TIMING_H

#include "engines/kvm/kvm.h"

/* Guest code at ring 0 may be interpreted, where KVM itself runs without the hardware's help: then
 * a dependent chain takes much longer there than in this process at ring 3, and cycles say nothing
 * of the CPU. */
#define KVM_RATIO_LIMIT 1.5

struct kvm_calibration {
    double host, guest; /* ticks of one dependent multiplication */
    double ratio;       /* guest / host */
    double cpuid_ns,
        port_ns; /* round trips out of the virtual machine: to the kernel, to this process */
    char interpreted[256]; /* why there are no cycles; empty: there are */
};

/* on a switcher's world, which it does not switch. False: why says it */
bool kvm_calibrate(struct kvm_calibration *, const struct switcher *, char why[WORLD_WHY]);

/* The slope of NAME in a world's lines `time NAME N TICKS`: the median over its batches of ticks
 * per piece. NAN: no such lines */
double kvm_slope(const char *text, const char *name);

/* one process's figures, as harness/engine.h wants them */
json_t *kvm_sample(const struct work *);

#endif
