/* x86_64.c: an x86-64 virtual machine for the x86-64 world: its entry in 32-bit protected mode, as
 * PVH has it; console and exit by ports; and as much of a local APIC as the world uses. Its timer
 * counts executed instructions, one by one: under single steps an interrupt is delivered before a
 * chosen instruction, on any host. */
#include "engines/kvm/kvm.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

enum {
    PORT_CONSOLE = 0xe9,
    PORT_EXIT = 0xf4,
    APIC = 0xfee00000,
    APIC_COMMAND = 0x300,
    APIC_TIMER = 0x320,
    APIC_INITIAL = 0x380,
    VECTOR = 0xff,
    MOST_STEPS = 1 << 20, /* a longer time is none that the world waits for */
    PUSHF = 0x9c,
    FLAG_TRAP = 0x100,
    CPUID_MOST = 256,
};

static bool failed(struct vm *vm, const char *what) {
    snprintf(vm->why, WORLD_WHY, "%s: %s", what, strerror(errno));
    return false;
}

/* ---- boot ---- */

static bool copy_cpuid(struct vm *vm) {
    static union {
        struct kvm_cpuid2 head;
        uint8_t room[sizeof(struct kvm_cpuid2) + CPUID_MOST * sizeof(struct kvm_cpuid_entry2)];
    } cpuid;
    cpuid.head.nent = CPUID_MOST;
    return ioctl(vm->kvm, KVM_GET_SUPPORTED_CPUID, &cpuid) == 0 &&
           ioctl(vm->cpu, KVM_SET_CPUID2, &cpuid) == 0;
}

static bool boot(struct vm *vm, uint64_t entry) {
    struct kvm_sregs s;
    const struct kvm_segment code = {
        .limit = 0xffffffff, .selector = 8, .type = 11, .present = 1, .db = 1, .s = 1, .g = 1};
    const struct kvm_segment data = {
        .limit = 0xffffffff, .selector = 16, .type = 3, .present = 1, .db = 1, .s = 1, .g = 1};
    const struct kvm_regs r = {.rip = entry, .rflags = 2};
    if (!copy_cpuid(vm)) return failed(vm, "cpuid");
    if (ioctl(vm->cpu, KVM_GET_SREGS, &s)) return failed(vm, "KVM_GET_SREGS");
    s.cs = code;
    s.ds = s.es = s.fs = s.gs = s.ss = data;
    s.cr0 = 0x11;
    if (ioctl(vm->cpu, KVM_SET_SREGS, &s) || ioctl(vm->cpu, KVM_SET_REGS, &r))
        return failed(vm, "registers of the virtual CPU");
    return true;
}

/* ---- single steps ---- */

static void step(struct vm *vm, bool on) {
    const struct kvm_guest_debug debug = {
        .control = on ? KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP : 0};
    ioctl(vm->cpu, KVM_SET_GUEST_DEBUG, &debug);
}

/* On hardware the trap flag of a single step shows in what pushf writes. */
static void hide_trap_flag(struct vm *vm) {
    struct kvm_regs r;
    uint64_t flags;
    if (ioctl(vm->cpu, KVM_GET_REGS, &r) || r.rip == 0 || r.rip > KVM_MEMORY ||
        r.rsp > KVM_MEMORY - sizeof flags)
        return;
    if (vm->memory[r.rip - 1] != PUSHF) return;
    memcpy(&flags, vm->memory + r.rsp, sizeof flags);
    flags &= ~(uint64_t)FLAG_TRAP;
    memcpy(vm->memory + r.rsp, &flags, sizeof flags);
}

static void stepped(struct vm *vm, int vector) {
    hide_trap_flag(vm);
    if (vm->steps && --vm->steps == 0) vm->pending = vector;
}

/* ---- the local APIC ---- */

static int timer_vector = 0x20;

static void write_apic(struct vm *vm, unsigned reg, uint32_t value) {
    if (reg == APIC_COMMAND) vm->pending = value & VECTOR;
    if (reg == APIC_TIMER) timer_vector = value & VECTOR;
    if (reg != APIC_INITIAL) return;
    vm->steps = value < MOST_STEPS ? value : 0;
}

static void access_memory(struct vm *vm) {
    uint64_t at = vm->run->mmio.phys_addr;
    uint32_t value = 0;
    if (!vm->run->mmio.is_write) {
        memset(vm->run->mmio.data, 0, sizeof vm->run->mmio.data);
        return;
    }
    memcpy(&value, vm->run->mmio.data, sizeof value);
    if (at >= APIC && at < APIC + 0x1000) write_apic(vm, (unsigned)(at - APIC), value);
}

/* ---- exits ---- */

static bool port(struct vm *vm) {
    const uint8_t *data = (uint8_t *)vm->run + vm->run->io.data_offset;
    if (vm->run->io.direction != KVM_EXIT_IO_OUT) return true;
    if (vm->run->io.port == PORT_CONSOLE) vm_print(vm, (char)*data);
    if (vm->run->io.port == PORT_EXIT) vm->status = *data;
    return vm->run->io.port != PORT_EXIT;
}

/* Where KVM interprets code and does not know an instruction, the CPU finds it undefined: below
 * ring 0 that is the world's own matter. */
static bool undefined_in_guest(struct vm *vm) {
    enum { UNDEFINED = 6 };
    struct kvm_sregs s;
    struct kvm_vcpu_events events;
    if (vm->run->internal.suberror != KVM_INTERNAL_ERROR_EMULATION ||
        ioctl(vm->cpu, KVM_GET_SREGS, &s) || (s.cs.selector & 3) == 0 ||
        ioctl(vm->cpu, KVM_GET_VCPU_EVENTS, &events))
        return false;
    events.exception.injected = 1;
    events.exception.nr = UNDEFINED;
    events.exception.has_error_code = 0;
    return ioctl(vm->cpu, KVM_SET_VCPU_EVENTS, &events) == 0;
}

static bool exited(struct vm *vm) {
    switch (vm->run->exit_reason) {
    case KVM_EXIT_IO:
        return port(vm);
    case KVM_EXIT_MMIO:
        access_memory(vm);
        return true;
    case KVM_EXIT_DEBUG:
        stepped(vm, timer_vector);
        return true;
    case KVM_EXIT_IRQ_WINDOW_OPEN:
    case KVM_EXIT_INTR:
        return true;
    case KVM_EXIT_SHUTDOWN:
        snprintf(vm->why, WORLD_WHY, "an exception that no vector takes (shutdown)");
        return false;
    case KVM_EXIT_INTERNAL_ERROR:
        if (undefined_in_guest(vm)) return true;
        snprintf(vm->why, WORLD_WHY, "KVM does not execute this instruction (internal error %u)",
                 vm->run->internal.suberror);
        return false;
    default:
        snprintf(vm->why, WORLD_WHY, "exit reason %u, which the runner does not know",
                 vm->run->exit_reason);
        return false;
    }
}

static void deliver(struct vm *vm) {
    const struct kvm_interrupt interrupt = {.irq = (unsigned)vm->pending};
    if (!vm->run->ready_for_interrupt_injection || !vm->run->if_flag ||
        ioctl(vm->cpu, KVM_INTERRUPT, &interrupt))
        return;
    vm->pending = -1;
    vm->injected++;
}

/* Single steps while the timer runs, and while an interrupt is held back: it then comes at the
 * first instruction that lets it. (KVM's own interrupt window opens late where it interprets code.)
 */
static void prepare(struct vm *vm) {
    if (vm->pending >= 0) deliver(vm);
    bool on = vm->steps || vm->pending >= 0;
    if (on != vm->stepping) step(vm, on);
    vm->stepping = on;
    vm->run->request_interrupt_window = vm->pending >= 0;
}

static void registers(const struct vm *vm, char *text, size_t size) {
    struct kvm_regs r = {0};
    struct kvm_sregs s = {0};
    ioctl(vm->cpu, KVM_GET_REGS, &r);
    ioctl(vm->cpu, KVM_GET_SREGS, &s);
    snprintf(text, size,
             "rip %016llx rsp %016llx rflags %08llx rax %016llx rbx %016llx rcx %016llx rdx "
             "%016llx rsi %016llx rdi %016llx "
             "cs %x cr0 %llx cr2 %llx cr3 %llx",
             r.rip, r.rsp, r.rflags, r.rax, r.rbx, r.rcx, r.rdx, r.rsi, r.rdi, s.cs.selector, s.cr0,
             s.cr2, s.cr3);
}

static const struct kvm_cpu x86_64 = {
    .name = "x86_64",
    .base = 0,
    .boot = boot,
    .exited = exited,
    .prepare = prepare,
    .registers = registers,
};
REGISTER_KVM_CPU(x86_64);
