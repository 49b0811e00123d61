/* arch.h: RV64 for the shared stage: X is sepc and fields of sstatus, which an interrupt
 * overwrites, and sscratch. Machine mode only starts the host and hands every trap over to it.
 * There is no level between supervisor and user mode: the guest OS runs in user mode, as
 * applications do. */
#ifndef SWITCHLAB_WORLD_ARCH_H
#define SWITCHLAB_WORLD_ARCH_H

#include "switchers/registers/riscv64_kernel.h"

#define ARCH_NAME  "riscv64"
#define ARCH_TABLE "switchers/registers/riscv64_kernel.def"
/* the timer counts 10 MHz, an instruction lasts 1 ns under -icount */
enum { ARCH_X = 3, ARCH_TICK = 100, ARCH_IMAGE_BYTES = RISCV64_KERNEL_IMAGE };
enum { X_SEPC, X_SSCRATCH, X_SSTATUS };

/* entry.S stores it; x[0] is the cause */
struct context {
    uint64_t cause, ra, sp, gp, tp, t0, t1, t2, s0, s1, a0, a1, a2, a3, a4, a5, a6, a7;
    uint64_t s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, t3, t4, t5, t6;
    uint64_t pc, status, value;
};

/* of sstatus (RISC-V privileged ISA, 4.1.1). What X is of it: bits 4 to 8, SPIE and SPP among them,
 * and SUM and MXR; the interrupt enable is the mask, not X */
enum {
    SPIE = 0x20,
    SPP = 0x100,
    SUM = 0x40000,
    MXR = 0x80000,
    STATUS_X = 0x1f0 | SUM | MXR,
    STATUS_LEGAL = SPIE | SPP | SUM | MXR
};

static inline uint64_t x_read(unsigned n) {
    uint64_t value;
    switch (n) {
    case X_SEPC:
        __asm__ volatile("csrr %0, sepc" : "=r"(value));
        break;
    case X_SSCRATCH:
        __asm__ volatile("csrr %0, sscratch" : "=r"(value));
        break;
    default:
        __asm__ volatile("csrr %0, sstatus" : "=r"(value));
        value &= STATUS_X;
    }
    return value;
}
static inline void x_write(unsigned n, uint64_t value) {
    switch (n) {
    case X_SEPC:
        __asm__ volatile("csrw sepc, %0" : : "r"(value));
        break;
    case X_SSCRATCH:
        __asm__ volatile("csrw sscratch, %0" : : "r"(value));
        break;
    default:
        __asm__ volatile("csrc sstatus, %0\n\tcsrs sstatus, %1"
                         :
                         : "r"(STATUS_X), "r"(value & STATUS_X));
    }
}
/* sepc holds an instruction's address */
static inline uint64_t x_legal(unsigned n, uint64_t value) {
    return n == X_SEPC ? value & ~UINT64_C(3) : n == X_SSTATUS ? value & STATUS_LEGAL : value;
}
/* the return goes through the first, and through fields of the last, which it changes: SIE becomes
 * SPIE, SPIE 1, SPP 0; the interrupt enable is left out here as in images */
static inline uint64_t x_after_handler(unsigned n, const struct context *c, uint64_t written) {
    return n == X_SEPC      ? c->pc
           : n == X_SSTATUS ? (c->status | SPIE) & ~(uint64_t)(SPP | SSTATUS_SIE)
                            : written;
}

static inline bool context_privileged(const struct context *c) {
    return (c->status & SPP) != 0;
}
static inline uint64_t context_pc(const struct context *c) {
    return c->pc;
}
static inline void context_set_pc(struct context *c, uint64_t pc) {
    c->pc = pc;
}
static inline void context_set_stack(struct context *c, uint64_t top) {
    c->sp = top;
}
static inline void context_set_level(struct context *c, enum level level) {
    (void)c, (void)level;
}
static inline uint64_t context_number(const struct context *c) {
    return c->a1;
}
static inline uint64_t context_argument(const struct context *c) {
    return c->a0;
}
static inline void context_set_argument(struct context *c, uint64_t value) {
    c->a0 = value;
}
static inline void context_set_number(struct context *c, uint64_t value) {
    c->a1 = value;
}
static inline void context_set_result(struct context *c, uint64_t value) {
    c->a0 = value;
}
static inline uint64_t system_call(uint64_t number, uint64_t argument) {
    register uint64_t a0 __asm__("a0") = argument, a1 __asm__("a1") = number;
    __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : : "memory");
    return a0;
}

static inline void interrupts_on(void) {
    __asm__ volatile("csrsi sstatus, 2\n\tnop" : : : "memory");
}
static inline void interrupts_off(void) {
    __asm__ volatile("csrci sstatus, 2" : : : "memory");
}

#endif
