/* Each instruction's effect on memory against the Intel SDM's description. The rows' text is what the assembler encodes; those that
 * Capstone 4 gets wrong are here for that reason. */
#include "engines/native/instruction.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* made by the assembler: code, its end, its text and what is expected of it */
struct expected {
    const uint8_t *code, *end;
    const char *text;
    uint32_t loads, stores, modifies, bytes;
};
extern const struct expected cases[] __asm__("decode_cases"), cases_end[] __asm__("decode_cases_end");

#define CASE(text, loads, stores, modifies, bytes)                                                                     \
    "1:\t" text "\n2:\n\t"                                                                                              \
    ".pushsection .rodata.str1.1,\"aMS\",@progbits,1\n3:\t.asciz \"" text "\"\n\t.popsection\n\t"                       \
    ".pushsection decode_table,\"aw\"\n\t.quad 1b, 2b, 3b\n\t.long " #loads ", " #stores ", " #modifies ", " #bytes     \
    "\n\t.popsection\n\t"

__asm__(".pushsection decode_table,\"aw\"\n\t.balign 8\ndecode_cases:\n\t.popsection\n"
        ".pushsection .rodata\n\t"
        CASE("nop", 0, 0, 0, 0)
        CASE("mov %rax, %rbx", 0, 0, 0, 0)
        CASE("mov %rax, 8(%rbx)", 0, 1, 0, 8)
        CASE("mov 8(%rbx), %rax", 1, 0, 0, 8)
        CASE("movl $1, 8(%rbx)", 0, 1, 0, 4)
        CASE("movb %al, 8(%rbx)", 0, 1, 0, 1)
        CASE("movzbl 8(%rbx), %eax", 1, 0, 0, 1)
        CASE("movslq 8(%rbx), %rax", 1, 0, 0, 4)
        CASE("mov %fs:0x28, %rax", 1, 0, 0, 8)
        CASE("movnti %rax, (%rbx)", 0, 1, 0, 8)
        CASE("lea 8(%rbx), %rax", 0, 0, 0, 0)
        CASE("nopw 0(%rax,%rax)", 0, 0, 0, 0)
        CASE("prefetcht0 8(%rbx)", 0, 0, 0, 0)
        CASE("clflush 8(%rbx)", 0, 0, 0, 0)
        CASE("addq $1, 8(%rbx)", 1, 0, 1, 16)
        CASE("sub %eax, 8(%rbx)", 1, 0, 1, 8)
        CASE("sub 8(%rbx), %rax", 1, 0, 0, 8)
        CASE("incl 8(%rbx)", 1, 0, 1, 8)
        CASE("notq 8(%rbx)", 1, 0, 1, 16)
        CASE("shlq $3, 8(%rbx)", 1, 0, 1, 16)
        CASE("xor %fs:0x30, %rax", 1, 0, 0, 8)
        CASE("xchg %rax, 8(%rbx)", 1, 0, 1, 16)
        CASE("lock xadd %eax, 8(%rbx)", 1, 0, 1, 8)
        CASE("lock cmpxchg %rax, 8(%rbx)", 1, 0, 1, 16)
        CASE("lock cmpxchg16b (%rbx)", 1, 0, 1, 32)
        CASE("cmp %rax, 8(%rbx)", 1, 0, 0, 8)
        CASE("cmpl $0, 8(%rbx)", 1, 0, 0, 4)
        CASE("testl $2, %fs:0x48", 1, 0, 0, 4)
        CASE("test %rax, 8(%rbx)", 1, 0, 0, 8)
        CASE("imul 8(%rbx), %rax", 1, 0, 0, 8)
        CASE("mulq 8(%rbx)", 1, 0, 0, 8)
        CASE("divq 8(%rbx)", 1, 0, 0, 8)
        CASE("cmove 8(%rbx), %rax", 1, 0, 0, 8)
        CASE("sete 8(%rbx)", 0, 1, 0, 1)
        CASE("push %rax", 0, 1, 0, 8)
        CASE("pushq 8(%rbx)", 1, 1, 0, 16)
        CASE("pop %rax", 1, 0, 0, 8)
        CASE("popq 8(%rbx)", 1, 1, 0, 16)
        CASE("pushf", 0, 1, 0, 8)
        CASE("popf", 1, 0, 0, 8)
        CASE("call .", 0, 1, 0, 8)
        CASE("call *%rax", 0, 1, 0, 8)
        CASE("call *8(%rbx)", 1, 1, 0, 16)
        CASE("jmp .", 0, 0, 0, 0)
        CASE("jmp *%rax", 0, 0, 0, 0)
        CASE("jmp *8(%rbx)", 1, 0, 0, 8)
        CASE("ret", 1, 0, 0, 8)
        CASE("leave", 1, 0, 0, 8)
        CASE("endbr64", 0, 0, 0, 0)
        CASE("syscall", 0, 0, 0, 0)
        CASE("rdsspq %rax", 0, 0, 0, 0)
        CASE("incsspq %rax", 0, 0, 0, 0)
        CASE("rdpkru", 0, 0, 0, 0)
        CASE("wrpkru", 0, 0, 0, 0)
        CASE("xgetbv", 0, 0, 0, 0)
        CASE("movsq", 1, 1, 0, 16)
        CASE("stosq", 0, 1, 0, 8)
        CASE("lodsb", 1, 0, 0, 1)
        CASE("cmpsb", 2, 0, 0, 2)
        CASE("scasb", 1, 0, 0, 1)
        CASE("stmxcsr 8(%rbx)", 0, 1, 0, 4)
        CASE("ldmxcsr 8(%rbx)", 1, 0, 0, 4)
        CASE("vstmxcsr 8(%rbx)", 0, 1, 0, 4)
        CASE("vldmxcsr 8(%rbx)", 1, 0, 0, 4)
        CASE("fnstcw 8(%rbx)", 0, 1, 0, 2)
        CASE("fldcw 8(%rbx)", 1, 0, 0, 2)
        CASE("fnstsw 8(%rbx)", 0, 1, 0, 2)
        CASE("fnstenv 8(%rbx)", 0, 1, 0, 28)
        CASE("fldenv 8(%rbx)", 1, 0, 0, 28)
        CASE("fnsave 8(%rbx)", 0, 1, 0, 108)
        CASE("frstor 8(%rbx)", 1, 0, 0, 108)
        CASE("fldt 8(%rbx)", 1, 0, 0, 10)
        CASE("fstpt 8(%rbx)", 0, 1, 0, 10)
        CASE("faddl 8(%rbx)", 1, 0, 0, 8)
        CASE("fistpll 8(%rbx)", 0, 1, 0, 8)
        CASE("movups %xmm0, 8(%rbx)", 0, 1, 0, 16)
        CASE("movups 8(%rbx), %xmm0", 1, 0, 0, 16)
        CASE("movdqa %xmm8, (%rbx)", 0, 1, 0, 16)
        CASE("movdqa (%rbx), %xmm8", 1, 0, 0, 16)
        CASE("movq %xmm0, (%rbx)", 0, 1, 0, 8)
        CASE("movhps %xmm0, (%rbx)", 0, 1, 0, 8)
        CASE("movhps (%rbx), %xmm0", 1, 0, 0, 8)
        CASE("movsd %xmm0, (%rbx)", 0, 1, 0, 8)
        CASE("movntdq %xmm0, (%rbx)", 0, 1, 0, 16)
        CASE("paddq (%rbx), %xmm0", 1, 0, 0, 16)
        CASE("pextrq $1, %xmm0, (%rbx)", 0, 1, 0, 8)
        CASE("ucomisd (%rbx), %xmm0", 1, 0, 0, 8)
        CASE("vmovups %ymm0, (%rbx)", 0, 1, 0, 32)
        CASE("vmovups (%rbx), %ymm0", 1, 0, 0, 32)
        CASE("vpaddq (%rbx), %ymm1, %ymm0", 1, 0, 0, 32)
        CASE("vextractf128 $1, %ymm0, (%rbx)", 0, 1, 0, 16)
        CASE("vmovups %zmm17, 64(%rbx)", 0, 1, 0, 64)
        CASE("vmovups 64(%rbx), %zmm17", 1, 0, 0, 64)
        CASE("vmovdqu64 %xmm17, (%rbx)", 0, 1, 0, 16)
        CASE("kmovw %k1, (%rbx)", 0, 1, 0, 2)
        CASE("kmovd %k1, (%rbx)", 0, 1, 0, 4)
        CASE("kmovq %k1, (%rbx)", 0, 1, 0, 8)
        CASE("kmovq (%rbx), %k1", 1, 0, 0, 8)
        CASE("kmovq %k1, 2560(%r15)", 0, 1, 0, 8)
        CASE("fxsave64 (%rbx)", 0, 1, 0, 512)
        CASE("fxrstor64 (%rbx)", 1, 0, 0, 512)
        ".popsection\n"
        ".pushsection decode_table,\"aw\"\ndecode_cases_end:\n\t.popsection\n");

static struct effect decode(const char *code, size_t size) {
    struct effect effect;
    assert_null(instruction_decode((const uint8_t *)code, size, &effect));
    return effect;
}

static void effects_are_those_of_the_manual(void **state) {
    (void)state;
    int wrong = 0;
    for (const struct expected *e = cases; e < cases_end; e++) {
        struct effect is;
        const char *why = instruction_decode(e->code, (size_t)(e->end - e->code), &is);
        if (!why && is.loads == e->loads && is.stores == e->stores && is.modifies == e->modifies && is.bytes == e->bytes) continue;
        print_error("%s: %s: %u loads, %u stores, %u modifies, %u bytes\n", e->text, why ? why : "decoded as", is.loads, is.stores,
                    is.modifies, is.bytes);
        wrong++;
    }
    print_message("%td instructions\n", cases_end - cases);
    assert_true(cases_end - cases > 50);
    assert_int_equal(wrong, 0);
}

static void an_instruction_before_the_end_of_a_page_is_decoded_from_fewer_bytes(void **state) {
    (void)state;
    assert_int_equal(decode("\xc3", 1).loads, 1);
}

static void a_repeat_prefix_is_told(void **state) {
    (void)state;
    assert_true(decode("\xf3\x48\xa5", 3).repeats);  /* rep movsq */
    assert_false(decode("\x48\xa5", 2).repeats);
    assert_false(decode("\xf3\xc3", 2).repeats);     /* repz ret */
    assert_false(decode("\xf2\xff\xe0", 3).repeats); /* bnd jmp *%rax */
    assert_false(decode("\xf3\x90", 2).repeats);     /* pause */
}

static void xsave_and_its_kin_take_their_size_from_the_registers(void **state) {
    (void)state;
    struct effect save = decode("\x48\x0f\xae\x23", 4), restore = decode("\x48\x0f\xae\x2b", 4);
    assert_true(save.state && save.stores == 1 && save.bytes == 0);
    assert_true(restore.state && restore.loads == 1 && restore.bytes == 0);
    assert_true(decode("\x48\x0f\xc7\x23", 4).state); /* xsavec64 */
    assert_true(decode("\x48\x0f\xae\x33", 4).state); /* xsaveopt64 */
}

static void what_cannot_be_counted_is_refused(void **state) {
    (void)state;
    struct effect effect;
    assert_non_null(instruction_decode((const uint8_t *)"\x06", 1, &effect));                             /* not an instruction */
    assert_non_null(instruction_decode((const uint8_t *)"\xc4\xe2\xf5\x92\x04\x93", 6, &effect)); /* vgatherdpd */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(effects_are_those_of_the_manual),
        cmocka_unit_test(an_instruction_before_the_end_of_a_page_is_decoded_from_fewer_bytes),
        cmocka_unit_test(a_repeat_prefix_is_told),
        cmocka_unit_test(xsave_and_its_kin_take_their_size_from_the_registers),
        cmocka_unit_test(what_cannot_be_counted_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
