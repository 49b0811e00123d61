/* kvm.h: the lab's own runner on /dev/kvm. The engine is engines/kvm.c; what an architecture adds
 * is one file engines/kvm/<arch>.c, compiled on that host only, that registers itself. On Linux
 * this is Fig. 1 itself: the lab's process is the VM application, and /dev/kvm, reached by ioctl,
 * is the driver [0018]. */
#ifndef SWITCHLAB_KVM_H
#define SWITCHLAB_KVM_H

#include "engines/world/world.h"
#include "harness/registry.h"

#include <linux/kvm.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KVM_MEMORY = 16 << 20 };

struct vm {
    int kvm, vm, cpu;
    uint8_t *memory; /* KVM_MEMORY bytes from physical address 0 on */
    struct kvm_run *run;
    size_t run_bytes;
    char *text; /* the console */
    size_t used, room;
    int status;     /* the world's exit status; -1: it runs */
    int pending;    /* vector of the interrupt that waits to be delivered; -1: none */
    uint64_t steps; /* instructions until the timer's interrupt; 0: it does not run */
    bool stepping;
    uint64_t injected; /* interrupts delivered */
    char why[WORLD_WHY];
};

struct kvm_cpu {
    const char *name; /* of the architecture */
    uint64_t base;    /* physical address of memory */
    /* registers for the world's entry. False: why is set */
    bool (*boot)(struct vm *, uint64_t entry);
    /* one return of KVM_RUN. False: the world has ended (status) or can't go on (why) */
    bool (*exited)(struct vm *);
    /* before each KVM_RUN: deliver what is pending, or ask to be told when it can be */
    void (*prepare)(struct vm *);
    void (*registers)(const struct vm *, char *text, size_t size);
};
REGISTRY(kvm_cpu)
#define REGISTER_KVM_CPU(object) REGISTER(kvm_cpu, object)

/* this host's, or NULL */
const struct kvm_cpu *kvm_cpu_of_host(void);
/* NULL, or why there is no virtual machine here: no /dev/kvm, no rights, no runner */
const char *kvm_missing(void);
void kvm_run_world(const struct world_file *, struct world_end *);
void vm_print(struct vm *, char c);

#endif
