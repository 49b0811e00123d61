/* aarch64.h: aarch64.def as C and as assembler: the struct of a saved context, indices, and the macros that turn rows of the
 * table into the instructions that save or restore them. */
#ifndef SWITCHLAB_AARCH64_H
#define SWITCHLAB_AARCH64_H

#include "switchers/registers/sides.h"

#include <stddef.h>
#include <stdint.h>

enum aarch64_reg {
#define REG(name, class, bits, privilege, convention, slot) AARCH64_##name,
#include "switchers/registers/aarch64.def"
    AARCH64_REGISTERS
};
#undef REG

/* A saved context, and an image of all registers: each register stands at its slot. */
struct aarch64_context {
    uint64_t x[31], sp;
    uint64_t pc, nzcv;
    struct aarch64_context *next; /* where `full` switches to */
    uint64_t fpcr, fpsr, tpidr_el0, unused[2];
    uint64_t low[8]; /* where `scratch` keeps the low halves of v8 to v15: a pair is moved side by side */
    uint64_t kernel[16]; /* rows of aarch64_kernel.def */
    uint64_t v[32][2];
} __attribute__((aligned(64)));

#define AARCH64_SLOT_CHECK(field, slot)                                                                                \
    _Static_assert(offsetof(struct aarch64_context, field) == slot, "aarch64.def and struct aarch64_context disagree")
AARCH64_SLOT_CHECK(sp, 248);
AARCH64_SLOT_CHECK(pc, 256);
AARCH64_SLOT_CHECK(next, 272);
AARCH64_SLOT_CHECK(fpcr, 280);
AARCH64_SLOT_CHECK(low, 320);
AARCH64_SLOT_CHECK(v, 512);

extern const struct register_file aarch64_registers;

/* what a context starts with */
void aarch64_start(struct aarch64_context *, void (*entry)(void));

/* ---- what link.inc of each kind needs ---- */

#define ARCH          "aarch64"
#define REGISTERS     aarch64_registers
#define CONTEXT       struct aarch64_context
#define START_CONTEXT aarch64_start
#define LINK          "x30"
#define TRANSFER      "br"

/* ---- contracts: clauses that several switchers share ---- */

#define THREAD_CLAUSES {"thread", NULL, SHARED, "belongs to the thread, not to a context"}
#define SHARED_FP_CLAUSE {"fpcontrol", NULL, SHARED, "both contexts run under the same floating-point control register"}

/* the rest is code: a machine of another architecture knows the contracts only */
#ifndef __aarch64__
#define CODE(native) NULL
#else
#define HAS_CODE
#define CODE(native) native

#define KERNEL_VECTOR_REGISTER "w"

/* clobber lists: what a switch that leaves vector registers alone must declare */
#define VECTORS_CLOBBERED                                                                                      \
    "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15", "v16",       \
        "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31"

/* clang-format off: assembler, laid out by hand */

#define TABLE "switchers/registers/aarch64.def"
#include "switchers/registers/rows.h"
__asm__(".include \"switchers/registers/aarch64.inc\"");

/* ---- the check: canaries in, the switch, what is left out (docs/method.md) ---- */

/* Defines check(): both sides as straight assembly around the switch `a_to_b` / `b_to_a`. Neither side uses a register between
 * loading its canaries and capturing what is left of them; the call of fill or capture takes x30, so that its value goes through
 * [sp, #8]. make_partner() must stand before it. */
#define DEFINE_CHECK(id, a_to_b, b_to_a)                                                                               \
    DEFINE_SIDES(id,                                                                                                   \
            "check_run" id ":\n\t"                                                                                     \
            "sub sp, sp, #176\n\t"                                                                                     \
            "stp x19, x20, [sp, #16]\n\tstp x21, x22, [sp, #32]\n\tstp x23, x24, [sp, #48]\n\t"                        \
            "stp x25, x26, [sp, #64]\n\tstp x27, x28, [sp, #80]\n\tstp x29, x30, [sp, #96]\n\t"                        \
            "stp d8, d9, [sp, #112]\n\tstp d10, d11, [sp, #128]\n\tstp d12, d13, [sp, #144]\n\tstp d14, d15, [sp, #160]\n\t" \
            "bl aarch64_fill_a\n\tldr x30, [sp, #8]\n"                                                                 \
            "check_a" id ":\n\t" a_to_b "\n"                                                                           \
            "check_a_end" id ":\n\t"                                                                                   \
            "str x30, [sp, #8]\n\tbl aarch64_capture_a\n"                                                              \
            "check_a_on" id ":\n\t"                                                                                    \
            "ldp x19, x20, [sp, #16]\n\tldp x21, x22, [sp, #32]\n\tldp x23, x24, [sp, #48]\n\t"                        \
            "ldp x25, x26, [sp, #64]\n\tldp x27, x28, [sp, #80]\n\tldp x29, x30, [sp, #96]\n\t"                        \
            "ldp d8, d9, [sp, #112]\n\tldp d10, d11, [sp, #128]\n\tldp d12, d13, [sp, #144]\n\tldp d14, d15, [sp, #160]\n\t" \
            "add sp, sp, #176\n\t"                                                                                     \
            "ret\n"                                                                                                    \
            "check_partner" id ":\n\t"                                                                                 \
            "sub sp, sp, #16\n"                                                                                        \
            "0:\tbl aarch64_fill_b\n\tldr x30, [sp, #8]\n"                                                             \
            "check_b" id ":\n\t" b_to_a "\n"                                                                           \
            "check_b_end" id ":\n\t"                                                                                   \
            "str x30, [sp, #8]\n\tbl aarch64_capture_b\n"                                                              \
            "check_b_on" id ":\n\t"                                                                                    \
            "b 0b\n")

/* clang-format on */
#endif
#endif
