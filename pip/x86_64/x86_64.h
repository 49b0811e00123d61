/* x86_64.h: what the files of this folder share: which bit of a set is which part of which
 * register. */
#ifndef SWITCHLAB_PIP_X86_64_H
#define SWITCHLAB_PIP_X86_64_H

#include "pip/flow.h"

#include <capstone/capstone.h>

/* A general register has four parts: bits 7:0, 15:8, 31:16, 63:32, for writing eax clears the rest
 * of rax and writing al doesn't. A vector register has five: bits 31:0, 63:32, 127:64, 255:128,
 * 511:256. */
enum {
    GPR = 0,
    GPR_PARTS = 4,
    VECTOR = 64,
    VECTOR_PARTS = 5,
    ZMM_HIGH = VECTOR + 16 * VECTOR_PARTS, /* zmm16-31, whole */
    MASK = ZMM_HIGH + 16,                  /* k0-7 */
    X87 = MASK + 8, /* the stack as one: which register is which depends on its top */
    FLAGS = X87 + 1,
};
enum { CF = 1, PF = 2, AF = 4, ZF = 8, SF = 16, OF = 32, DF = 64, STATUS = 63 };
enum { B0 = 1, B1 = 2, B2 = 4, B3 = 8, B10 = 3, B20 = 7, B30 = 15 };
enum { V_LOW32 = 1, V_LOW64 = 3, V_HIGH64 = 4, V_XMM = 7, V_YMM = 15, V_ZMM = 31 };

/* by the numbers of the instruction encoding */
enum gpr { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15 };
#define BIT(gpr) (1u << (gpr))
enum {
    ARGUMENTS = BIT(RDI) | BIT(RSI) | BIT(RDX) | BIT(RCX) | BIT(R8) | BIT(R9),
    PRESERVED = BIT(RBX) | BIT(RBP) | BIT(RSP) | BIT(R12) | BIT(R13) | BIT(R14) | BIT(R15),
    SCRATCH = 0xffff & ~PRESERVED,
};

static inline void add_gpr(struct pip_set *s, int gpr, unsigned parts) {
    pip_add_bits(s, GPR + gpr * GPR_PARTS, parts);
}
static inline void add_gprs(struct pip_set *s, unsigned gprs) {
    for (int i = 0; i < 16; i++)
        if (gprs >> i & 1) add_gpr(s, i, B30);
}
static inline void add_vector(struct pip_set *s, int number, unsigned parts) {
    if (number < 16)
        pip_add_bits(s, VECTOR + number * VECTOR_PARTS, parts);
    else
        pip_add_bits(s, ZMM_HIGH + number - 16, 1);
}
static inline void add_flags(struct pip_set *s, unsigned flags) {
    pip_add_bits(s, FLAGS, flags);
}

/* a register as Capstone names it. `parts` are those of a general or vector register */
enum register_class { NO_CLASS, GENERAL, VECTORS, MASKS, X87_OR_MMX, IP, OTHER };
struct place {
    enum register_class class;
    int number;
    unsigned parts;
};
struct place x86_64_place(x86_reg);
void x86_64_add_place(struct pip_set *, struct place);

/* effects.c: reads, writes, kills and kind, as if calls and returns touched nothing */
void x86_64_decode(const struct pip_image *, uint64_t address, struct pip_insn *);
/* one instruction by Capstone, in storage that the next call uses again; NULL: it can't be decoded
 */
const cs_insn *x86_64_capstone(const struct pip_image *, uint64_t address);

/* convention.c */
const struct pip_convention *x86_64_convention(void);
bool x86_64_outside(const struct pip_flow *, int i, struct pip_callee *);
/* references.c */
void x86_64_scan(const struct pip_image *, void (*found)(void *, const struct pip_reference *),
                 void *);
/* tables.c */
bool x86_64_resolve(struct pip_flow *, int i, int n, uint64_t *target);
/* stack.c */
void x86_64_check_returns(struct pip_flow *);
/* x87.c */
void x86_64_empty_x87(struct pip_flow *);
/* emit.c */
bool x86_64_emit(const struct pip *, const struct pip_points *, FILE *, char message[PIP_MESSAGE]);
/* registers.c */
const struct pip_register *x86_64_pip_registers(size_t *count);

#endif
