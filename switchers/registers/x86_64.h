/* x86_64.h: x86_64.def as C and as assembler: the struct of a saved context, indices, and the macros that turn a row of the
 * table into the instructions that save or restore it. */
#ifndef SWITCHLAB_X86_64_H
#define SWITCHLAB_X86_64_H

#include "switchers/registers/sides.h"

#include <stddef.h>
#include <stdint.h>

enum x86_64_reg {
#define REG(name, class, bits, privilege, convention, slot) X86_64_##name,
#include "switchers/registers/x86_64.def"
    X86_64_REGISTERS
};
#undef REG

/* A saved context, and an image of all registers: each register stands at its slot. `area` is what fxsave and the xsave
 * family write; its size is that of the largest state this program can enable (x87 to AVX-512 and PKRU: 2696 bytes). */
enum { X86_64_NEXT = 144, X86_64_AREA = 2496, X86_64_AREA_BYTES = 2752 };
struct x86_64_context {
    union {
        uint8_t image[X86_64_AREA];
        struct {
            uint64_t gpr[16]; /* in the order of the table */
            uint64_t rip, rflags;
            struct x86_64_context *next; /* where `full` switches to */
        };
    };
    uint8_t area[X86_64_AREA_BYTES];
} __attribute__((aligned(64)));

#define X86_64_SLOT_CHECK(reg, slot)                                                                                   \
    _Static_assert(offsetof(struct x86_64_context, reg) == slot, "x86_64.def and struct x86_64_context disagree")
X86_64_SLOT_CHECK(rip, 128);
X86_64_SLOT_CHECK(rflags, 136);
X86_64_SLOT_CHECK(next, X86_64_NEXT);
X86_64_SLOT_CHECK(area, X86_64_AREA);

extern const struct register_file x86_64_registers;

#define KERNEL_VECTOR_REGISTER "x"

/* what the CPU and the OS offer; NULL or a reason such as "this CPU has no AVX-512 (avx512bw)" */
const char *x86_64_lacks_avx(void);
const char *x86_64_lacks_avx512(void);
const char *x86_64_lacks_xsave(void);
const char *x86_64_lacks_xsavec(void);
const char *x86_64_lacks_xsaveopt(void);

/* clang-format off: assembler, laid out by hand */

/* the base register r15 comes last in the table */
#define TABLE "switchers/registers/x86_64.def"
#include "switchers/registers/rows.h"

/* how each class moves; rows of ymmh and zmmh name an upper part, the move takes the whole register */
#define X86_64_MOVE(class, move, shift)                                                                                \
    ".macro load_" class " reg, slot, base\n\t" move " \\slot-" shift "(%\\base), %\\reg\n.endm\n"                      \
    ".macro store_" class " reg, slot, base\n\t" move " %\\reg, \\slot-" shift "(%\\base)\n.endm\n"                     \
    ".macro restore_" class " reg, slot, base\n\tstep_begin\n\tload_" class " \\reg, \\slot, \\base\n\tstep_end restore, \\reg\n.endm\n" \
    ".macro save_" class " reg, slot, base\n\tstep_begin\n\tstore_" class " \\reg, \\slot, \\base\n\tstep_end save, \\reg\n.endm\n"
/* step_begin ... step_end OP, REGISTER: these instructions save or restore it; `switchlab mutate` removes each in turn */
__asm__(".macro step_begin\n771:\n.endm\n"
        ".macro step_end op, reg\n772:\n\t"
        ".pushsection .rodata.str1.1,\"aMS\",@progbits,1\n773:\t.asciz \"\\op\"\n774:\t.asciz \"\\reg\"\n\t.popsection\n\t"
        ".pushsection switch_steps,\"aw\",@progbits\n\t.quad 771b, 772b, 773b, 774b\n\t.popsection\n"
        ".endm\n"
        X86_64_MOVE("gpr", "mov", "0") X86_64_MOVE("xmm", "movups", "0") X86_64_MOVE("ymmh", "vmovups", "16")
        X86_64_MOVE("zmmh", "vmovups", "32") X86_64_MOVE("zmm", "vmovups", "0") X86_64_MOVE("mask", "kmovq", "0"));

/* transfer HOW: to the address on top of the stack. Through memory, below rsp but above where a signal may write: no register
 * is free in `full`; `scratch` has rcx */
__asm__(".macro transfer how\n\t.ifc \\how,ret\n\tret\n\t.else\n\tlea 8(%rsp), %rsp\n\tjmp *-8(%rsp)\n\t.endif\n.endm\n"
        ".macro transfer_scratch how\n\t.ifc \\how,ret\n\tret\n\t.else\n\tpop %rcx\n\tjmp *%rcx\n\t.endif\n.endm\n");

/* frame_size STATE: sets `frame`, the bytes on the stack that a switch needs for the general registers and this state */
__asm__(".macro frame_size state\n\t.set frame, 160\n\t"
        ".irp moves, xmm, ymm, zmm\n\t.ifc \\state,\\moves\n\t.set frame, 2496\n\t.endif\n\t.endr\n\t"
        ".irp whole, fxsave, xsave, xsavec, xsaveopt\n\t.ifc \\state,\\whole\n\t.set frame, 5248\n\t.endif\n\t.endr\n\t"
        ".endm\n");

/* save_state / restore_state STATE, BASE: extended state into and from a context; ecx is free and edx:eax are the xsave mask */
__asm__(".macro save_state state, base\n\t"
        ".ifnc \\state,none\n\t"
        ".irp whole, fxsave64, xsave64, xsavec64, xsaveopt64\n\t"
        ".ifc \\state\\()64,\\whole\n\tmov $-1, %eax\n\tmov $-1, %edx\n\t"
        ".ifnc \\state,fxsave\n\t" /* the header must be zero before (Intel SDM vol. 1, 13.4.2, 13.7); the stack is not */
        "xor %ecx, %ecx\n\t.irp offset, 0, 8, 16, 24, 32, 40, 48, 56\n\tmov %rcx, 2496+512+\\offset(%\\base)\n\t.endr\n\t.endif\n\t"
        "step_begin\n\t\\whole 2496(%\\base)\n\tstep_end save, \\state\n\t.endif\n\t.endr\n\t"
        ".irp moves, fp, xmm, ymm, zmm\n\t"
        ".ifc \\state,\\moves\n\t"
        "step_begin\n\tstmxcsr 152(%\\base)\n\tstep_end save, mxcsr\n\t"
        "step_begin\n\tfnstcw 156(%\\base)\n\tstep_end save, fcw\n\t.endif\n\t.endr\n\t"
        ".ifc \\state,xmm\n\trows xmm, save_xmm, \\base\n\t.endif\n\t"
        ".ifc \\state,ymm\n\trows ymmh, save_ymmh, \\base\n\t.endif\n\t"
        ".ifc \\state,zmm\n\trows zmmh, save_zmmh, \\base\n\trows zmm, save_zmm, \\base\n\trows mask, save_mask, \\base\n\t.endif\n\t"
        ".endif\n.endm\n"
        ".macro restore_state state, base\n\t"
        ".ifc \\state,zmm\n\trows mask, restore_mask, \\base\n\trows zmm, restore_zmm, \\base\n\trows zmmh, restore_zmmh, \\base\n\t.endif\n\t"
        ".ifc \\state,ymm\n\trows ymmh, restore_ymmh, \\base\n\t.endif\n\t"
        ".ifc \\state,xmm\n\trows xmm, restore_xmm, \\base\n\t.endif\n\t"
        ".irp moves, fp, xmm, ymm, zmm\n\t"
        ".ifc \\state,\\moves\n\t"
        "step_begin\n\tfldcw 156(%\\base)\n\tstep_end restore, fcw\n\t"
        "step_begin\n\tldmxcsr 152(%\\base)\n\tstep_end restore, mxcsr\n\t.endif\n\t.endr\n\t"
        ".ifc \\state,fxsave\n\tstep_begin\n\tfxrstor64 2496(%\\base)\n\tstep_end restore, fxsave\n\t.endif\n\t"
        ".irp whole, xsave, xsavec, xsaveopt\n\t"
        ".ifc \\state,\\whole\n\tmov $-1, %eax\n\tmov $-1, %edx\n\t"
        "step_begin\n\txrstor64 2496(%\\base)\n\tstep_end restore, \\state\n\t.endif\n\t.endr\n"
        ".endm\n");

/* clang-format on */

/* The registers that a new context starts with, below `top` of its stack, in the first `bytes` of a context's image (X86_64_FRAME:
 * the general ones and the control words): zero, but for the control words of the System V ABI at program start */
struct x86_64_context *x86_64_frame(void *top, size_t bytes);
enum { X86_64_FRAME = 160, X86_64_FLAGS_START = 0x202 };

/* ---- contracts: clauses that several switchers share ---- */

#define X86_64_THREAD_CLAUSE {"thread", NULL, SHARED, "belongs to the thread, not to a context"}
#define X86_64_SHARED_FP_CLAUSE {"fpcontrol", NULL, SHARED, "both contexts run under the same floating-point control words"}
#define X86_64_SAVED_FP_CLAUSE {"fpcontrol", NULL, SAVED, "preserved by the calling convention"}

#define X86_64_SAVED(class) {class, NULL, SAVED, "in this variant's state"}
#define X86_64_XSAVE_CLAUSES                                                                                           \
    X86_64_SAVED_FP_CLAUSE, X86_64_SAVED("x87"), X86_64_SAVED("xmm"), X86_64_SAVED("ymmh"), X86_64_SAVED("zmmh"),      \
        X86_64_SAVED("zmm"), X86_64_SAVED("mask")

/* clobber lists: what a switch that leaves vector registers alone must declare; zmm16-31 and masks where the build uses them */
#ifdef __AVX512F__
#define X86_64_AVX512_CLOBBERED                                                                                        \
    "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24", "xmm25", "xmm26", "xmm27",        \
        "xmm28", "xmm29", "xmm30", "xmm31", "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7",
#else
#define X86_64_AVX512_CLOBBERED
#endif
#define X86_64_VECTORS_CLOBBERED                                                                                       \
    "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12",         \
        "xmm13", "xmm14", "xmm15", X86_64_AVX512_CLOBBERED

/* ---- the check: canaries in, the switch, what is left out (docs/method.md) ---- */

/* clang-format off */
/* Defines check(): both sides as straight assembly around the switch `a_to_b` / `b_to_a`. Neither side uses a register between
 * loading its canaries and capturing what is left of them. make_partner() must stand before it. */
#define DEFINE_CHECK(id, a_to_b, b_to_a)                                                                               \
    DEFINE_SIDES(id,                                                                                                   \
            "check_run" id ":\n\t"                                                                                     \
            "push %rbx\n\tpush %rbp\n\tpush %r12\n\tpush %r13\n\tpush %r14\n\tpush %r15\n\t"                           \
            "sub $8, %rsp\n\t"                                                                                         \
            "call x86_64_fill_a\n"                                                                                     \
            "check_a" id ":\n\t" a_to_b "\n"                                                                           \
            "check_a_end" id ":\n\t"                                                                                   \
            "call x86_64_capture_a\n"                                                                                  \
            "check_a_on" id ":\n\t"                                                                                    \
            "add $8, %rsp\n\t"                                                                                         \
            "pop %r15\n\tpop %r14\n\tpop %r13\n\tpop %r12\n\tpop %rbp\n\tpop %rbx\n\t"                                 \
            "ret\n"                                                                                                    \
            "check_partner" id ":\n\t"                                                                                 \
            "sub $8, %rsp\n"                                                                                           \
            "0:\tcall x86_64_fill_b\n"                                                                                 \
            "check_b" id ":\n\t" b_to_a "\n"                                                                           \
            "check_b_end" id ":\n\t"                                                                                   \
            "call x86_64_capture_b\n"                                                                                  \
            "check_b_on" id ":\n\t"                                                                                    \
            "jmp 0b\n")

#endif
