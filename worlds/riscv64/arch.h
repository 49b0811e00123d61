/* arch.h: RV64 for the shared stage: X is xepc and fields of xstatus, which an interrupt
 * overwrites, and xscratch: those of supervisor mode, where machine mode only starts the host and
 * hands every trap over to it, or, with MACHINE, those of machine mode. There is no level between
 * the host's and user mode: the guest OS runs in user mode, as applications do. */
#ifndef SWITCHLAB_WORLD_ARCH_H
#define SWITCHLAB_WORLD_ARCH_H

#include "switchers/registers/riscv64_kernel.h"

#define ARCH_NAME  MODE_STRING(MODE_WORLD)
#define ARCH_TABLE MODE_TABLE
/* the timer counts 10 MHz, an instruction lasts 1 ns under -icount */
enum { ARCH_X = 3, ARCH_TICK = 100, ARCH_IMAGE_BYTES = RISCV64_KERNEL_IMAGE };
enum { X_EPC, X_SCRATCH, X_STATUS };

/* entry.S stores it; x[0] is the cause */
struct context {
    uint64_t cause, ra, sp, gp, tp, t0, t1, t2, s0, s1, a0, a1, a2, a3, a4, a5, a6, a7;
    uint64_t s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, t3, t4, t5, t6;
    uint64_t pc, status, value;
};

/* of xstatus (RISC-V privileged ISA, 3.1.6 and 4.1.1). What X is of it: bits 4 to 8, and xPIE and
 * xPP, and SUM and MXR; the interrupt enable is the mask, not X */
enum {
    IE = 1 << STATUS_IE_BIT,
    PIE = 1 << STATUS_PIE_BIT,
    PP = ((1 << STATUS_PP_BITS) - 1) << STATUS_PP_BIT, /* all bits set: the host's level */
    SUM = 0x40000,
    MXR = 0x80000,
    STATUS_X = 0x1f0 | PIE | PP | SUM | MXR,
    STATUS_LEGAL = PIE | PP | SUM | MXR
};

static inline uint64_t x_read(unsigned n) {
    uint64_t value;
    switch (n) {
    case X_EPC:
        __asm__ volatile("csrr %0, " MODE_STRING(CSR_EPC) : "=r"(value));
        break;
    case X_SCRATCH:
        __asm__ volatile("csrr %0, " MODE_STRING(CSR_SCRATCH) : "=r"(value));
        break;
    default:
        __asm__ volatile("csrr %0, " MODE_STRING(CSR_STATUS) : "=r"(value));
        value &= STATUS_X;
    }
    return value;
}
static inline void x_write(unsigned n, uint64_t value) {
    switch (n) {
    case X_EPC:
        __asm__ volatile("csrw " MODE_STRING(CSR_EPC) ", %0" : : "r"(value));
        break;
    case X_SCRATCH:
        __asm__ volatile("csrw " MODE_STRING(CSR_SCRATCH) ", %0" : : "r"(value));
        break;
    default:
        __asm__ volatile(
            "csrc " MODE_STRING(CSR_STATUS) ", %0\n\tcsrs " MODE_STRING(CSR_STATUS) ", %1"
            :
            : "r"(STATUS_X), "r"(value & STATUS_X));
    }
}
/* xepc holds an instruction's address; xPP the host's level or the applications' */
static inline uint64_t x_legal(unsigned n, uint64_t value) {
    if (n == X_EPC) return value & ~UINT64_C(3);
    if (n == X_STATUS) return (value & STATUS_LEGAL) | (value & PP ? PP : 0);
    return value;
}
/* the return goes through the first, and through fields of the last, which it changes: xIE becomes
 * xPIE, xPIE 1, xPP 0; the interrupt enable is left out here as in images */
static inline uint64_t x_after_handler(unsigned n, const struct context *c, uint64_t written) {
    return n == X_EPC ? c->pc : n == X_STATUS ? (c->status | PIE) & ~(uint64_t)(PP | IE) : written;
}

static inline bool context_privileged(const struct context *c) {
    return (c->status & PP) != 0;
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
    __asm__ volatile("csrsi " MODE_STRING(CSR_STATUS) ", %0\n\tnop" : : "i"(IE) : "memory");
}
static inline void interrupts_off(void) {
    __asm__ volatile("csrci " MODE_STRING(CSR_STATUS) ", %0" : : "i"(IE) : "memory");
}

#endif
