/* arch.h: Armv8-A for the shared stage: X is what an interrupt overwrites, elr_el1 and spsr_el1,
 * and tpidr_el1 and sp_el0. There is no level between EL1 and EL0: the guest OS runs at EL0, as
 * applications do. */
#ifndef SWITCHLAB_WORLD_ARCH_H
#define SWITCHLAB_WORLD_ARCH_H

#include "switchers/registers/aarch64_kernel.h"

#define ARCH_NAME  "aarch64"
#define ARCH_TABLE "switchers/registers/aarch64_kernel.def"
/* the timer counts 62.5 MHz, an instruction lasts 1 ns under -icount */
enum { ARCH_X = 4, ARCH_TICK = 16, ARCH_IMAGE_BYTES = AARCH64_KERNEL_IMAGE };
enum { X_ELR, X_SPSR, X_TPIDR, X_SP_EL0 };

/* entry.S stores it */
struct context {
    uint64_t x[31], sp, pc, spsr, esr, vector;
};

/* vectors of the table, by number: Arm ARM, D1.10.2 */
enum { VECTOR_SYNC_HOST = 4, VECTOR_TICK_HOST = 5, VECTOR_SYNC_USER = 8, VECTOR_TICK_USER = 9 };
enum { SPSR_EL1H = 0x5, SPSR_LEVEL = 0xc, SPSR_MASKED = 0x3c0 };

static inline uint64_t x_read(unsigned n) {
    uint64_t value;
    switch (n) {
    case X_ELR:
        __asm__ volatile("mrs %0, elr_el1" : "=r"(value));
        break;
    case X_SPSR:
        __asm__ volatile("mrs %0, spsr_el1" : "=r"(value));
        break;
    case X_TPIDR:
        __asm__ volatile("mrs %0, tpidr_el1" : "=r"(value));
        break;
    default:
        __asm__ volatile("mrs %0, sp_el0" : "=r"(value));
    }
    return value;
}
static inline void x_write(unsigned n, uint64_t value) {
    switch (n) {
    case X_ELR:
        __asm__ volatile("msr elr_el1, %0" : : "r"(value));
        break;
    case X_SPSR:
        __asm__ volatile("msr spsr_el1, %0" : : "r"(value));
        break;
    case X_TPIDR:
        __asm__ volatile("msr tpidr_el1, %0" : : "r"(value));
        break;
    default:
        __asm__ volatile("msr sp_el0, %0" : : "r"(value));
    }
}
/* of spsr_el1 what every implementation has: N Z C V, D A I F and the mode */
static inline uint64_t x_legal(unsigned n, uint64_t value) {
    return n == X_SPSR ? value & 0xf00003cf : value;
}
/* the return goes through the first two */
static inline uint64_t x_after_handler(unsigned n, const struct context *c, uint64_t written) {
    return n == X_ELR ? c->pc : n == X_SPSR ? c->spsr : written;
}

static inline bool context_privileged(const struct context *c) {
    return (c->spsr & SPSR_LEVEL) != 0;
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
    return c->x[1];
}
static inline uint64_t context_argument(const struct context *c) {
    return c->x[0];
}
static inline void context_set_argument(struct context *c, uint64_t value) {
    c->x[0] = value;
}
static inline void context_set_number(struct context *c, uint64_t value) {
    c->x[1] = value;
}
static inline void context_set_result(struct context *c, uint64_t value) {
    c->x[0] = value;
}
static inline uint64_t system_call(uint64_t number, uint64_t argument) {
    register uint64_t x0 __asm__("x0") = argument, x1 __asm__("x1") = number;
    __asm__ volatile("svc #0" : "+r"(x0), "+r"(x1) : : "memory");
    return x0;
}

static inline void interrupts_on(void) {
    __asm__ volatile("msr daifclr, #2\n\tisb" : : : "memory");
}
static inline void interrupts_off(void) {
    __asm__ volatile("msr daifset, #2" : : : "memory");
}

#endif
