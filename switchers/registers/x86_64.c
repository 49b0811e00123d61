/* x86_64.c: the x86-64 register file for the harness, and the two routines of the contract check
 * that no C can do: load every register from an image, and capture every register into one, using
 * none themselves. Both are made from x86_64.def. */
#include "switchers/registers/x86_64.h"

#include <cpuid.h>
#include <string.h>

static const struct reg rows[] = {
#define REG(name, class, bits, privilege, convention, slot)                                        \
    {#name, #class, bits, #privilege, #convention, slot},
#include "switchers/registers/x86_64.def"
#undef REG
};

/* ---- what this CPU has ---- */

/* asked once: in a virtual machine each cpuid is a trip to its monitor */
static uint64_t enabled;          /* states that the OS has enabled, as in XCR0 */
static unsigned xsave_variants; /* bit 0 xsaveopt, bit 1 xsavec */

static __attribute__((constructor)) void look_at_cpu(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE)) return;
    __asm__("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
    enabled = (uint64_t)d << 32 | a;
    if (__get_cpuid_count(0xd, 1, &a, &b, &c, &d)) xsave_variants = a;
}

const char *x86_64_lacks_avx(void) {
    return __builtin_cpu_supports("avx") && (enabled & 6) == 6
               ? NULL
               : "this CPU or OS has no AVX";
}
const char *x86_64_lacks_avx512(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                   (enabled & 0xe6) == 0xe6
               ? NULL
               : "this CPU or OS has no AVX-512 (avx512f, avx512bw)";
}
const char *x86_64_lacks_xsave(void) {
    return enabled ? NULL : "this CPU or OS has no xsave";
}
const char *x86_64_lacks_xsaveopt(void) {
    return xsave_variants & 1 ? NULL : "this CPU has no xsaveopt";
}
const char *x86_64_lacks_xsavec(void) {
    return xsave_variants & 2 ? NULL : "this CPU has no xsavec";
}

static bool present(const struct reg *reg) {
    static const struct {
        const char *class;
        const char *(*lacks)(void);
    } needs[] = {{"ymmh", x86_64_lacks_avx},
                 {"zmmh", x86_64_lacks_avx512},
                 {"zmm", x86_64_lacks_avx512},
                 {"mask", x86_64_lacks_avx512}};
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
        if (strcmp(reg->class, needs[i].class) == 0) return !needs[i].lacks();
    return true;
}

static bool upper(const struct reg *reg) {
    return strcmp(reg->class, "ymmh") == 0 || strcmp(reg->class, "zmmh") == 0;
}

/* ---- legal canaries ---- */

enum {
    MXCSR_CONTROL = 0xe040,
    MXCSR_STATUS = 0x3f,
    MXCSR_MASKS = 0x1f80,
    FCW_ROUND_PRECISION = 0xf00,
    FCW_MASKS = 0x7f
};
/* CF PF AF ZF SF DF OF AC ID: what user code can set without a fault; TF and NT would trap */
enum { FLAGS_USER = 0x240cd5, FLAGS_ABI = 0x8d5, FLAGS_FIXED = 0x202 };

static void legalise(uint8_t *image, bool abi) {
    struct x86_64_context *c = (struct x86_64_context *)image;
    c->rflags = (c->rflags & (abi ? FLAGS_ABI : FLAGS_USER)) | FLAGS_FIXED;
    uint32_t mxcsr;
    memcpy(&mxcsr, image + rows[X86_64_mxcsr].slot, 4);
    mxcsr = (mxcsr & (MXCSR_CONTROL | MXCSR_STATUS)) | MXCSR_MASKS;
    memcpy(image + rows[X86_64_mxcsr].slot, &mxcsr, 4);
    uint16_t fcw;
    memcpy(&fcw, image + rows[X86_64_fcw].slot, 2);
    fcw = (uint16_t)((fcw & FCW_ROUND_PRECISION) | FCW_MASKS);
    if ((fcw & 0x300) == 0x100) fcw |= 0x300; /* 01 is a reserved precision */
    memcpy(image + rows[X86_64_fcw].slot, &fcw, 2);
    for (int i = X86_64_st0; i <= X86_64_st7;
         i++) { /* normal numbers: fld and fstp of others may change bits */
        uint8_t *st = image + rows[i].slot;
        st[7] |= 0x80;
        st[8] = (uint8_t)(st[8] | 1);
        st[9] = (uint8_t)((st[9] & 0xbf) | 0x20);
        if (abi) memset(st, 0, 16);
    }
}

const struct kernel_nop kernel_nop = {{0x90}, 1};

const struct register_file x86_64_registers = {
    .arch = "x86_64",
    .reg = rows,
    .count = X86_64_REGISTERS,
    .image_bytes = X86_64_AREA,
    .present = present,
    .upper = upper,
    .legalise = legalise,
};

/* ---- fill and capture ---- */

__attribute__((used)) static uint8_t level,
    empty_x87; /* level 0: xmm only, 1: ymm, 2: zmm and masks */
__attribute__((used)) static const uint32_t default_mxcsr = MXCSR_MASKS;

enum { PC_SLOT = 128 };

static void prepare(const struct check_images *images) {
    level = !x86_64_lacks_avx512() ? 2 : !x86_64_lacks_avx() ? 1 : 0;
    empty_x87 = images->abi;
}
#include "switchers/registers/sides.inc"

/* physical x87 register k gets row k: fld decrements the top of stack, so step over the last one
 * and the next */
__asm__(".macro fill_x87 reg, slot, base\n\tfldt \\slot(%\\base)\n\tfincstp\n\tfincstp\n.endm\n"
        ".macro capture_x87 reg, slot, base\n\tfstpt \\slot(%\\base)\n.endm\n");

/* x86_64_fill_a, _b: the given image -> registers. The image gets rsp as it is at the switch, after
 * this call's return. */
__asm__(".text\n\t.balign 64\n"
        ".globl x86_64_fill_a, x86_64_fill_b\n\t.hidden x86_64_fill_a, x86_64_fill_b\n"
        "x86_64_fill_b:\n\tmov $1, %edi\n\tjmp 0f\n"
        "x86_64_fill_a:\n\txor %edi, %edi\n"
        "0:\tpush $0x202\n\tpopf\n\t" /* a partner's first turn begins with the other side's flags */
        "sub $8, %rsp\n\tcall check_given\n\tadd $8, %rsp\n\t"
        "lea 8(%rsp), %rcx\n\tmov %rcx, 56(%rax)\n\t"
        "fninit\n\tcmpb $0, empty_x87(%rip)\n\tjne 1f\n\t"
        "fincstp\n\trows x87, fill_x87, rax\n\tfdecstp\n"
        "1:\tfldcw 156(%rax)\n\tldmxcsr 152(%rax)\n\t"
        "rows xmm, load_xmm, rax\n\t"
        "cmpb $1, level(%rip)\n\tjb 3f\n\tja 2f\n\t"
        "rows ymmh, load_ymmh, rax\n\tjmp 3f\n"
        "2:\trows zmmh, load_zmmh, rax\n\trows zmm, load_zmm, rax\n\trows mask, load_mask, rax\n"
        "3:\tpush 136(%rax)\n\t"
        "mov %rax, %r15\n\trows gpr, load_gpr, r15\n\t" /* the base comes last in the table */
        "popf\n\tret\n");

/* x86_64_capture_a, _b: registers -> image_out; rip is this call's return address. Then flags,
 * control words, the x87 stack and the upper halves are put back to what C expects. */
__asm__(".text\n\t.balign 64\n"
        ".globl x86_64_capture_a, x86_64_capture_b\n\t.hidden x86_64_capture_a, x86_64_capture_b\n"
        "x86_64_capture_b:\n\tpushf\n\tpush %r15\n\tmov 8+image_out(%rip), %r15\n\tjmp 0f\n"
        "x86_64_capture_a:\n\tpushf\n\tpush %r15\n\tmov image_out(%rip), %r15\n"
        "0:\trows gpr, store_gpr, r15\n\tpop 120(%r15)\n\tpop 136(%r15)\n\tpush $0x202\n\tpopf\n\t"
        "lea 8(%rsp), %rax\n\tmov %rax, 56(%r15)\n\tmov (%rsp), %rax\n\tmov %rax, 128(%r15)\n\t"
        "stmxcsr 152(%r15)\n\tfnstcw 156(%r15)\n\tcmpb $0, empty_x87(%rip)\n\tjne 1f\n\t"
        "rows x87, capture_x87, r15\n"
        "1:\tfninit\n\tldmxcsr default_mxcsr(%rip)\n\t"
        "rows xmm, store_xmm, r15\n\t"
        "cmpb $1, level(%rip)\n\tjb 4f\n\tja 2f\n\t"
        "rows ymmh, store_ymmh, r15\n\tjmp 3f\n"
        "2:\trows zmmh, store_zmmh, r15\n\trows zmm, store_zmm, r15\n\trows mask, store_mask, r15\n"
        "3:\tvzeroupper\n"
        "4:\txor %edi, %edi\n\tcmp image_out(%rip), %r15\n\tsetne %dil\n\tjmp check_arrived\n");

/* in pieces: for more the C library takes a repeated string instruction, and who counts by single steps stops at each repetition */
static void clear(uint8_t *begin, size_t bytes) {
    enum { PIECE = 512 };
    for (size_t i = 0; i < bytes; i += PIECE) {
        memset(begin + i, 0, bytes - i < PIECE ? bytes - i : PIECE);
        __asm__ volatile("" ::: "memory");
    }
}

struct x86_64_context *x86_64_frame(void *top, size_t bytes) {
    static const uint32_t mxcsr = MXCSR_MASKS;
    static const uint16_t fcw = 0x37f;
    struct x86_64_context *frame = (void *)(((uintptr_t)top - bytes) / 64 * 64);
    /* right below: called switches step back over it to the return address */
    if (bytes == X86_64_FRAME) frame = (void *)((uintptr_t)top - bytes);
    clear((uint8_t *)frame, bytes);
    memcpy(frame->image + rows[X86_64_mxcsr].slot, &mxcsr, 4);
    memcpy(frame->image + rows[X86_64_fcw].slot, &fcw, 2);
    if (bytes < sizeof *frame) return frame;
    memcpy(frame->area, &fcw, 2); /* where fxsave and xsave keep them: Intel SDM vol. 1, 10.5.1 */
    memcpy(frame->area + 24, &mxcsr, 4);
    return frame;
}
