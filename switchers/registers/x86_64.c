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

static uint64_t enabled_states(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE)) return 0;
    __asm__("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
    return (uint64_t)d << 32 | a;
}

static unsigned xsave_features(void) {
    unsigned a, b, c, d;
    return enabled_states() && __get_cpuid_count(0xd, 1, &a, &b, &c, &d) ? a : 0;
}

const char *x86_64_lacks_avx(void) {
    return __builtin_cpu_supports("avx") && (enabled_states() & 6) == 6
               ? NULL
               : "this CPU or OS has no AVX";
}
const char *x86_64_lacks_avx512(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                   (enabled_states() & 0xe6) == 0xe6
               ? NULL
               : "this CPU or OS has no AVX-512 (avx512f, avx512bw)";
}
const char *x86_64_lacks_xsave(void) {
    return enabled_states() ? NULL : "this CPU or OS has no xsave";
}
const char *x86_64_lacks_xsaveopt(void) {
    return xsave_features() & 1 ? NULL : "this CPU has no xsaveopt";
}
const char *x86_64_lacks_xsavec(void) {
    return xsave_features() & 2 ? NULL : "this CPU has no xsavec";
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

/* one check runs at a time in a process, and these routines have no register to spare for an
 * argument */
__attribute__((used)) static uint8_t *image_in[2], *image_out[2];
__attribute__((used)) static uint8_t level,
    empty_x87; /* level 0: xmm only, 1: ymm, 2: zmm and masks */
__attribute__((used)) static uint64_t visits;
__attribute__((used)) static const uint32_t default_mxcsr = MXCSR_MASKS;

/* physical x87 register k gets row k: fld decrements the top of stack, so step over the last one
 * and the next */
__asm__(".macro fill_x87 reg, slot, base\n\tfldt \\slot(%\\base)\n\tfincstp\n\tfincstp\n.endm\n"
        ".macro capture_x87 reg, slot, base\n\tfstpt \\slot(%\\base)\n.endm\n");

/* x86_64_fill_a, _b: image_in -> registers. The image gets rsp as it is at the switch, after this
 * call's return. */
__asm__(".text\n\t.balign 64\n"
        ".globl x86_64_fill_a, x86_64_fill_b\n\t.hidden x86_64_fill_a, x86_64_fill_b\n"
        "x86_64_fill_b:\n\tincq visits(%rip)\n\tmov 8+image_in(%rip), %rax\n\tjmp 0f\n"
        "x86_64_fill_a:\n\tmov image_in(%rip), %rax\n"
        "0:\tlea 8(%rsp), %rcx\n\tmov %rcx, 56(%rax)\n\t"
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
        "4:\tret\n");

void x86_64_start(struct x86_64_context *context, void (*entry)(void), bool push_entry) {
    static const uint32_t mxcsr = MXCSR_MASKS;
    static const uint16_t fcw = 0x37f;
    memset(context, 0, sizeof *context);
    memcpy(context->image + rows[X86_64_mxcsr].slot, &mxcsr, 4);
    memcpy(context->image + rows[X86_64_fcw].slot, &fcw, 2);
    memcpy(context->area, &fcw, 2); /* where fxsave and xsave keep them: Intel SDM vol. 1, 10.5.1 */
    memcpy(context->area + 24, &mxcsr, 4);
    uint64_t *top = kernel_stack();
    *--top = 0; /* aligned as after a call, with no caller */
    if (push_entry) *--top = (uint64_t)entry;
    context->gpr[X86_64_rsp] = (uint64_t)top;
    context->rip = (uint64_t)entry;
    context->rflags = FLAGS_FIXED;
}

/* `run` is one round trip of side a; the partner is side b. The given images get the rip at which
 * each side resumes */
void x86_64_check(struct check_images *images, void (*run)(void), const uint8_t *const end[2]) {
    enum { CALL_BYTES = 5 };
    for (int side = 0; side < 2; side++) {
        uint64_t rip = (uint64_t)end[side] + CALL_BYTES;
        memcpy(images->given[side] + rows[X86_64_rip].slot, &rip, 8);
        image_in[side] = images->given[side];
        image_out[side] = images->captured[side];
    }
    level = !x86_64_lacks_avx512() ? 2 : !x86_64_lacks_avx() ? 1 : 0;
    empty_x87 = images->abi;
    visits = images->visits;
    run();
    images->visits = visits;
}
