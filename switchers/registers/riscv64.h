/* riscv64.h: riscv64.def as C and as assembler: the struct of a saved context, indices, and the macros that turn a row of the
 * table into the instructions that save or restore it. */
#ifndef SWITCHLAB_RISCV64_H
#define SWITCHLAB_RISCV64_H

#include "switchers/registers/sides.h"

#include <stddef.h>
#include <stdint.h>

enum riscv64_reg {
#define REG(name, class, bits, privilege, convention, slot) RISCV64_##name,
#include "switchers/registers/riscv64.def"
    RISCV64_REGISTERS
};
#undef REG

/* A saved context, and an image of all registers: each register stands at its slot. */
struct riscv64_context {
    uint64_t x[32]; /* x[0] is no register */
    uint64_t pc;
    struct riscv64_context *next; /* where `full` switches to */
    uint64_t fcsr, kernel[29]; /* rows of riscv64_kernel.def */
    uint64_t f[32];
} __attribute__((aligned(64)));

#define RISCV64_SLOT_CHECK(field, slot)                                                                                \
    _Static_assert(offsetof(struct riscv64_context, field) == slot, "riscv64.def and struct riscv64_context disagree")
RISCV64_SLOT_CHECK(pc, 256);
RISCV64_SLOT_CHECK(next, 264);
RISCV64_SLOT_CHECK(fcsr, 272);
RISCV64_SLOT_CHECK(f, 512);

extern const struct register_file riscv64_registers;

/* what a context starts with */
void riscv64_start(struct riscv64_context *, void (*entry)(void));

/* ---- what link.inc of each kind needs ---- */

#define ARCH          "riscv64"
#define REGISTERS     riscv64_registers
#define CONTEXT       struct riscv64_context
#define START_CONTEXT riscv64_start
#define LINK          "ra"
#define TRANSFER      "jr"

/* ---- contracts: clauses that several switchers share ---- */

#define THREAD_CLAUSES                                                                                                 \
    {"thread", NULL, SHARED, "belongs to the thread, not to a context"},                                               \
        {"global", NULL, SHARED, "one value in a program"}
#define SHARED_FP_CLAUSE {"fpcontrol", NULL, SHARED, "both contexts run under the same floating-point control register"}

/* the rest is code: a machine of another architecture knows the contracts only */
#ifndef __riscv
#define CODE(native) NULL
#else
#define HAS_CODE
#define CODE(native) native

#define KERNEL_VECTOR_IS_DOUBLE
#define KERNEL_VECTOR_REGISTER "f"

/* clobber lists: what a switch that leaves floating-point registers alone must declare */
#define VECTORS_CLOBBERED                                                                                           \
    "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "ft8", "ft9", "ft10", "ft11", "fa0", "fa1", "fa2", "fa3",  \
        "fa4", "fa5", "fa6", "fa7", "fs0", "fs1", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10", "fs11"

/* clang-format off: assembler, laid out by hand */

#define TABLE "switchers/registers/riscv64.def"
#include "switchers/registers/rows.h"
__asm__(".include \"switchers/registers/riscv64.inc\"");

/* ---- the check: canaries in, the switch, what is left out (docs/method.md) ---- */

/* Defines check(): both sides as straight assembly around the switch `a_to_b` / `b_to_a`. Neither side uses a register between
 * loading its canaries and capturing what is left of them; the call of fill or capture takes ra, so that its value goes through
 * 8(sp). make_partner() must stand before it. */
#define RISCV64_C_REGISTERS(integer, fp)                                                                               \
    integer " ra, 16(sp)\n\t" integer " s0, 24(sp)\n\t" integer " s1, 32(sp)\n\t" integer " s2, 40(sp)\n\t"            \
    integer " s3, 48(sp)\n\t" integer " s4, 56(sp)\n\t" integer " s5, 64(sp)\n\t" integer " s6, 72(sp)\n\t"            \
    integer " s7, 80(sp)\n\t" integer " s8, 88(sp)\n\t" integer " s9, 96(sp)\n\t" integer " s10, 104(sp)\n\t"          \
    integer " s11, 112(sp)\n\t" fp " fs0, 120(sp)\n\t" fp " fs1, 128(sp)\n\t" fp " fs2, 136(sp)\n\t"                   \
    fp " fs3, 144(sp)\n\t" fp " fs4, 152(sp)\n\t" fp " fs5, 160(sp)\n\t" fp " fs6, 168(sp)\n\t" fp " fs7, 176(sp)\n\t" \
    fp " fs8, 184(sp)\n\t" fp " fs9, 192(sp)\n\t" fp " fs10, 200(sp)\n\t" fp " fs11, 208(sp)\n\t"
#define DEFINE_CHECK(id, a_to_b, b_to_a)                                                                               \
    DEFINE_SIDES(id,                                                                                                   \
            "check_run" id ":\n\t"                                                                                     \
            "addi sp, sp, -224\n\t" RISCV64_C_REGISTERS("sd", "fsd")                                                   \
            "call riscv64_fill_a\n\tld ra, 8(sp)\n"                                                                    \
            "check_a" id ":\n\t" a_to_b "\n"                                                                           \
            "check_a_end" id ":\n\t"                                                                                   \
            "sd ra, 8(sp)\n\tcall riscv64_capture_a\n"                                                                 \
            "check_a_on" id ":\n\t" RISCV64_C_REGISTERS("ld", "fld")                                                   \
            "addi sp, sp, 224\n\t"                                                                                     \
            "ret\n"                                                                                                    \
            "check_partner" id ":\n\t"                                                                                 \
            "addi sp, sp, -16\n"                                                                                       \
            "0:\tcall riscv64_fill_b\n\tld ra, 8(sp)\n"                                                                \
            "check_b" id ":\n\t" b_to_a "\n"                                                                           \
            "check_b_end" id ":\n\t"                                                                                   \
            "sd ra, 8(sp)\n\tcall riscv64_capture_b\n"                                                                 \
            "check_b_on" id ":\n\t"                                                                                    \
            "j 0b\n")

/* clang-format on */
#endif
#endif
