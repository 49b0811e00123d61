/* arch.h: x86-64 for the shared stage: X is CR2 and both bases of GS. The guest OS runs at ring 1,
 * applications at ring 3. */
#ifndef SWITCHLAB_WORLD_ARCH_H
#define SWITCHLAB_WORLD_ARCH_H

#include "switchers/registers/x86_64_kernel.h"

#define ARCH_NAME  "x86_64"
#define ARCH_TABLE "switchers/registers/x86_64_kernel.def"
enum { ARCH_X = 3, ARCH_TICK = 1, ARCH_IMAGE_BYTES = X86_64_KERNEL_IMAGE };
enum { X_CR2, X_GS_BASE, X_KERNEL_GS_BASE };

/* entry.S pushes it */
struct context {
    uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15;
    uint64_t vector, error;
    uint64_t rip, cs, rflags, rsp, ss;
};

enum {
    SEGMENT_HOST_CODE = 0x08,
    SEGMENT_HOST_DATA = 0x10,
    SEGMENT_GUEST_CODE = 0x18 | 1,
    SEGMENT_GUEST_DATA = 0x20 | 1,
    SEGMENT_USER_CODE = 0x28 | 3,
    SEGMENT_USER_DATA = 0x30 | 3,
    SEGMENT_TASK = 0x38,
    VECTOR_TICK = 0x20,
    VECTOR_CALL = 0x80,
    VECTORS = 0x81,
    FLAGS_INTERRUPTIBLE = 0x202,
};

/* n round trips of the switcher; trial.S */
void timed_run(uint64_t n);
extern uint8_t timed_resume[];

static inline uint64_t read_msr(uint32_t msr) {
    uint32_t low, high;
    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
    return (uint64_t)high << 32 | low;
}
static inline void write_msr(uint32_t msr, uint64_t value) {
    __asm__ volatile("wrmsr" : : "a"((uint32_t)value), "d"((uint32_t)(value >> 32)), "c"(msr));
}

static inline uint64_t x_read(unsigned n) {
    uint64_t value;
    if (n != X_CR2) return read_msr(n == X_GS_BASE ? MSR_GS_BASE : MSR_KERNEL_GS_BASE);
    __asm__ volatile("mov %%cr2, %0" : "=r"(value));
    return value;
}
static inline void x_write(unsigned n, uint64_t value) {
    if (n == X_CR2)
        __asm__ volatile("mov %0, %%cr2" : : "r"(value));
    else
        write_msr(n == X_GS_BASE ? MSR_GS_BASE : MSR_KERNEL_GS_BASE, value);
}
/* bases are canonical addresses: bit 47 and above are equal */
static inline uint64_t x_legal(unsigned n, uint64_t value) {
    return n == X_CR2 ? value : (uint64_t)((int64_t)(value << 16) >> 16);
}
static inline uint64_t x_after_handler(unsigned n, const struct context *c, uint64_t written) {
    (void)n, (void)c;
    return written;
}

static inline bool context_privileged(const struct context *c) {
    return (c->cs & 3) == 0;
}
static inline uint64_t context_pc(const struct context *c) {
    return c->rip;
}
static inline void context_set_pc(struct context *c, uint64_t pc) {
    c->rip = pc;
}
static inline void context_set_stack(struct context *c, uint64_t top) {
    c->rsp = top - 8; /* as after a call */
}
static inline void context_set_level(struct context *c, enum level level) {
    c->cs = level == LEVEL_GUEST_OS ? SEGMENT_GUEST_CODE : SEGMENT_USER_CODE;
    c->ss = level == LEVEL_GUEST_OS ? SEGMENT_GUEST_DATA : SEGMENT_USER_DATA;
}
static inline uint64_t context_number(const struct context *c) {
    return c->rsi;
}
static inline uint64_t context_argument(const struct context *c) {
    return c->rdi;
}
static inline void context_set_argument(struct context *c, uint64_t value) {
    c->rdi = value;
}
static inline void context_set_number(struct context *c, uint64_t value) {
    c->rsi = value;
}
static inline void context_set_result(struct context *c, uint64_t value) {
    c->rax = value;
}
static inline uint64_t system_call(uint64_t number, uint64_t argument) {
    uint64_t result;
    __asm__ volatile("int $0x80" : "=a"(result), "+D"(argument), "+S"(number) : : "memory");
    return result;
}

static inline void interrupts_on(void) {
    __asm__ volatile("sti; nop" : : : "memory"); /* the instruction after sti is not interrupted */
}
static inline void interrupts_off(void) {
    __asm__ volatile("cli" : : : "memory");
}

#endif
