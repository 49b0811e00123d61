/* test_interruption.c - every interruption: vector, ISR and the registers that it fills in, psr
 * after it, nested faults with psr.ic = 0, rfi, and the order of what may go wrong at once. */
#include "machine_test.h"

enum { IVA = 2, IPSR = 16, ISR = 17, IIP = 19, IFA, ITIR, IIPA, IFS, IIM, IHA };

#define R        (UINT64_C(1) << 34)
#define W        (UINT64_C(1) << 33)
#define X        (UINT64_C(1) << 32)
#define NA       (UINT64_C(1) << 35)
#define SP       (UINT64_C(1) << 36)
#define NI       (UINT64_C(1) << 39)
#define EI(slot) ((uint64_t)(slot) << 41)

/* Vectors at 0x10000, empty: break 0 ends the run there. psr.ic is on, bank 1. */
#define PROLOGUE                                                                                   \
    "movl r2=0x10000\n mov cr.iva=r2\n movl r2=0x0009804c0270033f\n mov ar.fpsr=r2\n"              \
    "bsw.1\n ssm 0x2000\n srlz.d\n"
#define LEVEL3 /* goes on at level 3 */                                                            \
    "rsm 0x2000\n srlz.d\n movl r2=(3<<32)|(1<<44)|(1<<13)\n mov cr.ipsr=r2\n movl r2=level3\n"    \
    "mov cr.iip=r2\n mov cr.ifs=r0\n rfi\nlevel3:\n"

static struct ia64 *interrupted(const char *text) {
    char all[4000];
    struct ia64 *m;

    snprintf(all, sizeof all, PROLOGUE "%s\n break 0\n", text);
    m = assemble("auto", all, NULL);
    assert_int_equal(ia64_run(m, 10000), IA64_STOP_EXIT);
    return m;
}

static void expect_vector(const char *text, uint64_t vector, uint64_t isr) {
    struct ia64 *m = interrupted(text);
    uint64_t at = 0;

    if (ia64_ip(m) != 0x10000 + vector || (ia64_cr(m, ISR) & ~EI(3)) != isr)
        fail_msg("%s\nip 0x%llx, isr 0x%llx, not 0x%llx, 0x%llx", text,
                 (unsigned long long)ia64_ip(m), (unsigned long long)ia64_cr(m, ISR),
                 (unsigned long long)(0x10000 + vector), (unsigned long long)isr);
    if (ia64_symbol(m, "here", &at)) assert_true(ia64_cr(m, IIP) == at);
    ia64_free(m);
}

static void general_exceptions(void **state) {
    (void)state;
    expect_vector("mov r8=cr.ifa", 0x5400, 0x00); /* interruption registers with ic = 1 */
    expect_vector("mov r8=ar47", 0x5400, 0x00);   /* reserved */
    expect_vector("mov ar.bsp=r8", 0x5400, 0x00); /* read-only */
    expect_vector("mov cr.ivr=r8", 0x5400, 0x00);
    expect_vector(".align 32\nhere: mov r8=cr3", 0x5400, 0x00);
    expect_vector("ssm 0x41", 0x5400, 0x30); /* reserved bits of the mask */
    expect_vector("movl r8=1<<20\n mov cr.dcr=r8", 0x5400, 0x30);
    expect_vector("movl r8=3<<2\n mov rr[r0]=r8", 0x5400, 0x30); /* 8-byte pages */
    expect_vector("mov r8=16\n mov r9=pkr[r8]", 0x5400, 0x30);
    expect_vector("movl r8=1<<12\n mov ar.fpsr=r8", 0x5400, 0x30); /* td of sf0 */
    expect_vector(LEVEL3 "mov r8=cr.iva", 0x5400, 0x10);
    expect_vector(LEVEL3 "rsm 0x4000", 0x5400, 0x10);
    expect_vector(LEVEL3 "bsw.0", 0x5400, 0x10);
    expect_vector(LEVEL3 "rfi", 0x5400, 0x10);
    expect_vector(LEVEL3 "ptc.e r8", 0x5400, 0x10);
    expect_vector(LEVEL3 "mov ar.k0=r8", 0x5400, 0x20); /* privileged register */
    expect_vector(LEVEL3 "mov ar.itc=r8", 0x5400, 0x20);
    expect_vector("movl r8=1<<50\n ld8 r9=[r8]", 0x5400, R | 0x30); /* unimplemented address */
}

static void break_gives_its_immediate(void **state) {
    struct ia64 *m = interrupted(".align 32\nhere: nop.m 0\n break.i 0x12345");
    uint64_t here;

    (void)state;
    assert_int_equal(ia64_ip(m), 0x12c00);
    assert_int_equal(ia64_cr(m, IIM), 0x12345);
    assert_true(ia64_cr(m, ISR) == EI(1));
    assert_true(ia64_symbol(m, "here", &here));
    assert_true(ia64_cr(m, IIP) == here);
    assert_true(ia64_cr(m, IIPA) == here); /* slot 0 was the last to complete */
    assert_int_equal(ia64_cr(m, IPSR) >> 41 & 3, 1);
    ia64_free(m);
}

static void break_x_gives_62_bits(void **state) {
    struct ia64 *m = interrupted("break.x 0x3123456789abcdef");

    (void)state;
    assert_true(ia64_cr(m, IIM) == UINT64_C(0x3123456789abcdef));
    ia64_free(m);
}

static void psr_changes_on_an_interruption(void **state) {
    struct ia64 *m = interrupted("ssm 0x26\n"                 /* be, up, mfh */
                                 "mov r8=1\n mov cr.dcr=r8\n" /* pp */
                                 "break 7");

    (void)state;
    assert_true(ia64_cr(m, IPSR) == (UINT64_C(1) << 44 | 0x2026 | (ia64_cr(m, ISR) & EI(3))));
    /* up and mfh stay; pp comes from dcr.pp, be from dcr.be; ic and bn are 0 */
    assert_true((ia64_psr(m) & ~EI(3)) == (0x24 | 1 << 21));
    assert_int_equal(ia64_cr(m, IFS), 0);
    ia64_free(m);
}

static void nat_consumption(void **state) {
#define NAT "movl r3=0x200000\n mov r4=-1\n mov ar.unat=r4\n ld8.fill r9=[r3]\n"
    (void)state;
    expect_vector(NAT "ld8 r8=[r9]", 0x5600, R | 0x10);
    expect_vector(NAT "st8 [r9]=r3", 0x5600, W | 0x10);
    expect_vector(NAT "st8 [r3]=r9", 0x5600, W | 0x10);
    expect_vector(NAT "xchg8 r8=[r3],r9", 0x5600, R | W | 0x10);
    expect_vector(NAT "mov b1=r9", 0x5600, 0x10);
    expect_vector(NAT "mov pr=r9,-1", 0x5600, 0x10);
    expect_vector(NAT "mov ar.ccv=r9", 0x5600, 0x10);
    expect_vector(NAT "mov cr.iva=r9", 0x5600, 0x10);
    expect_vector(NAT "mov psr.l=r9", 0x5600, 0x10);
    expect_vector(NAT "fc r9", 0x5600, R | NA | 0x11);
    expect_vector(NAT "lfetch.fault [r9]", 0x5600, R | NA | 0x14);
    expect_vector(NAT "probe.r r8=r9,0", 0x5600, R | NA | 0x12);
    expect_vector(NAT "setf.sig f6=r9\n stf8 [r3]=f6", 0x5600, W | 0x10);
}

static void unaligned_references(void **state) {
    struct ia64 *m = interrupted("movl r3=0x200004\n ld8 r8=[r3]");

    (void)state;
    assert_int_equal(ia64_ip(m), 0x15a00);
    assert_true(ia64_cr(m, IFA) == 0x200004);
    ia64_free(m);
    expect_vector("movl r3=0x200001\n st2 [r3]=r0,4", 0x5a00, W);
    expect_vector("movl r3=0x200008\n ldfpd f6,f7=[r3]", 0x5a00, R);
    expect_vector("movl r3=0x200008\n ldfe f6=[r3]", 0x5a00, R);
    expect_vector("movl r3=0x200004\n fetchadd8.acq r8=[r3],1", 0x5a00, R | W);
    expect_vector("movl r3=(1<<63)|0x200000\n xchg8 r8=[r3],r0", 0x5b00, R | W); /* uncacheable */
}

static void disabled_fp(void **state) {
    (void)state;
    expect_vector("ssm 1<<18\n srlz.d\n fadd f8=f1,f0", 0x5500, 1);
    expect_vector("ssm 1<<19\n srlz.d\n fadd f40=f1,f0", 0x5500, 2);
    expect_vector("ssm 1<<19\n srlz.d\n ldfd f40=[r0]", 0x5500, R | 2);
    expect_vector("ssm 3<<18\n srlz.d\n stf.spill [r0]=f40", 0x5500, W | 2);
}

static void fp_fault_and_trap(void **state) {
    (void)state;
    /* 1 / 0 with the zero-divide trap enabled: fault Z, ISR.code bit 2 */
    expect_vector("movl r2=0x0009804c0270033b\n mov ar.fpsr=r2\n frcpa f6,p6=f1,f0", 0x5c00, 4);
    {
        /* 1 + 2^-70 is inexact: a trap, after f7 is written */
        struct ia64 *m = interrupted("movl r2=0x0009804c0270031f\n mov ar.fpsr=r2\n"
                                     "movl r3=0xffff-70\n setf.exp f6=r3\n"
                                     ".align 32\nhere: fadd f7=f1,f6\n nop 0");

        assert_int_equal(ia64_ip(m), 0x15d00);
        assert_true(ia64_fr(m, 7).exp == 0xffff);
        assert_int_equal(ia64_cr(m, ISR) & 0xffff, 0x2001); /* i, fp trap */
        ia64_free(m);
    }
}

static void nested_faults_keep_the_first(void **state) {
    struct ia64 *m = interrupted("rsm 0x2000\n srlz.d\n"
                                 "mov r8=0x77\n mov cr.iim=r8\n mov cr.iip=r8\n mov cr.ifa=r8\n"
                                 "movl r3=0x200004\n ld8 r9=[r3]");

    (void)state;
    assert_int_equal(ia64_ip(m), 0x15a00);
    assert_true((ia64_cr(m, ISR) & ~EI(3)) == (R | NI));
    assert_int_equal(ia64_cr(m, IIM), 0x77);
    assert_int_equal(ia64_cr(m, IIP), 0x77);
    assert_int_equal(ia64_cr(m, IFA), 0x77);
    ia64_free(m);
}

static void single_step_and_taken_branch(void **state) {
    struct ia64 *m = interrupted("rsm 0x2000\n srlz.d\n"
                                 "movl r2=(1<<40)|(1<<44)|(1<<13)\n mov cr.ipsr=r2\n" /* ss */
                                 "movl r2=here\n mov cr.iip=r2\n mov cr.ifs=r0\n mov r8=0\n rfi\n"
                                 ".align 32\nhere: adds r8=1,r8\n adds r8=1,r8\n");
    uint64_t here;

    (void)state;
    assert_int_equal(ia64_ip(m), 0x16000);
    assert_true(ia64_cr(m, ISR) == 8); /* single step, slot 0 */
    assert_true(ia64_symbol(m, "here", &here));
    assert_true(ia64_cr(m, IIP) == here && ia64_cr(m, IPSR) >> 41 == 1 + (1 << 3 >> 1) * 0 + 8);
    EXPECT(m, 8, 1);
    ia64_free(m);
    m = interrupted("rsm 0x2000\n srlz.d\n ssm 1<<13\n srlz.d\n"
                    "mov r2=psr\n movl r3=1<<26\n or r2=r2,r3\n mov psr.l=r2\n srlz.d\n" /* tb */
                    "nop 0\n br.sptk there\n .align 64\nthere: mov r8=3\n");
    assert_int_equal(ia64_ip(m), 0x15f00);
    assert_int_equal(ia64_cr(m, ISR) & 0xffff, 4);
    assert_true(ia64_symbol(m, "there", &here));
    assert_true(ia64_cr(m, IIP) == here);
    ia64_free(m);
}

static void lower_privilege_transfer(void **state) {
    struct ia64 *m =
        interrupted("mov r2=psr\n movl r3=1<<25\n or r2=r2,r3\n mov psr.l=r2\n srlz.d\n"
                    "movl r2=3<<62\n mov ar.pfs=r2\n movl r2=there\n mov b1=r2\n"
                    "br.ret.sptk b1\n .align 64\nthere: mov r8=1\n");

    (void)state;
    assert_int_equal(ia64_ip(m), 0x15e00);
    assert_int_equal(ia64_cr(m, ISR) & 0xffff, 2);
    assert_int_equal(ia64_cr(m, IPSR) >> 32 & 3, 3);
    ia64_free(m);
}

static void rfi_goes_to_any_slot(void **state) {
    struct ia64 *m = interrupted("rsm 0x2000\n srlz.d\n"
                                 "movl r2=(1<<44)|(2<<41)|(1<<13)\n mov cr.ipsr=r2\n"
                                 "movl r2=here\n mov cr.iip=r2\n mov cr.ifs=r0\n"
                                 "mov r8=0\n mov r9=0\n mov r10=0\n rfi\n"
                                 ".align 32\nhere:\n .explicit\n"
                                 "{ .mii\n mov r8=1\n mov r9=2\n mov r10=3 ;;\n}\n .auto\n");

    (void)state;
    EXPECT(m, 8, 0);
    EXPECT(m, 9, 0);
    EXPECT(m, 10, 3);
    ia64_free(m);
}

static void rfi_to_slot_2_of_mlx_is_illegal(void **state) {
    struct ia64 *m = interrupted("rsm 0x2000\n srlz.d\n"
                                 "movl r2=(1<<44)|(2<<41)|(1<<13)\n mov cr.ipsr=r2\n"
                                 "movl r2=here\n mov cr.iip=r2\n mov cr.ifs=r0\n rfi\n"
                                 ".align 32\nhere: movl r8=1\n");

    (void)state;
    assert_int_equal(ia64_ip(m), 0x15400);
    assert_true(ia64_cr(m, ISR) == EI(2));
    ia64_free(m);
}

static void a_reserved_template_is_illegal(void **state) {
    struct ia64 *m = interrupted("br.sptk here\n .align 32\nhere: .skip 16, 0x06\n");

    (void)state;
    assert_int_equal(ia64_ip(m), 0x15400);
    ia64_free(m);
}

static void debug_registers(void **state) {
    struct ia64 *m;

    (void)state;
    expect_vector("movl r3=0x200100\n mov r4=0\n mov dbr[r4]=r3\n"
                  "movl r3=(1<<63)|(15<<56)|0xfffffffffffff0\n mov r4=1\n mov dbr[r4]=r3\n"
                  "mov r2=psr\n movl r3=1<<24\n or r2=r2,r3\n mov psr.l=r2\n srlz.d\n" /* db */
                  "movl r3=0x200108\n st8 [r3]=r0\n" /* stores are not watched */
                  "ld8 r8=[r3]",
                  0x5900, R);
    m = interrupted("movl r3=there\n mov r4=0\n mov ibr[r4]=r3\n"
                    "movl r3=(1<<63)|(15<<56)|0xfffffffffffff0\n mov r4=1\n mov ibr[r4]=r3\n"
                    "mov r2=psr\n movl r3=1<<24\n or r2=r2,r3\n mov psr.l=r2\n srlz.i\n"
                    "br.sptk there\n .align 64\nthere: mov r8=1\n");
    assert_int_equal(ia64_ip(m), 0x15900);
    assert_true(ia64_cr(m, ISR) == X);
    assert_true(ia64_cr(m, IFA) == ia64_cr(m, IIP));
    ia64_free(m);
}

static void external_interrupt_priorities(void **state) {
    struct ia64 *m = run_asm("mov r8=cr.ivr\n" /* nothing pending: spurious */
                             "break 0\n");

    (void)state;
    EXPECT(m, 8, 15);
    ia64_interrupt(m, 0x31);
    ia64_interrupt(m, 0xf1);
    ia64_interrupt(m, 2); /* NMI */
    assert_int_equal(ia64_cr(m, 65), 2);
    ia64_set_cr(m, 68, 0); /* irr0 */
    assert_int_equal(ia64_cr(m, 65), 0xf1);
    ia64_set_cr(m, 66, 0xf0); /* tpr.mic masks every class */
    assert_int_equal(ia64_cr(m, 65), 15);
    ia64_free(m);
}

static void service_and_eoi_nest(void **state) {
    struct ia64 *m = assemble("auto",
                              "mov r8=cr.ivr\n" /* 0x51 */
                              "mov r9=cr.ivr\n" /* 0x31 is lower: spurious */
                              "mov cr.eoi=r0\n"
                              "mov r10=cr.ivr\n" /* now 0x31 */
                              "mov r11=cr.irr0\n"
                              "break 0\n",
                              NULL);

    (void)state;
    ia64_interrupt(m, 0x51);
    ia64_interrupt(m, 0x31);
    ia64_interrupt(m, 5); /* no such vector: ignored */
    ia64_run(m, 100);
    EXPECT(m, 8, 0x51);
    EXPECT(m, 9, 15);
    EXPECT(m, 10, 0x31);
    EXPECT(m, 11, 0);
    ia64_free(m);
}

static void timer_counts_instructions(void **state) {
    struct ia64 *m = assemble("explicit",
                              "{ .mmi\n mov r8=ar.itc\n nop.m 0\n nop.i 0 ;;\n}\n"
                              "{ .mmi\n mov r9=ar.itc\n mov r2=0x40\n nop.i 0 ;;\n}\n"
                              "{ .mmi\n mov cr.itv=r2 ;;\n mov cr.itm=r2\n nop.i 0 ;;\n}\n"
                              "1: { .mib\n adds r10=1,r10\n nop.i 0\n br.cond.sptk 1b ;;\n}\n",
                              NULL);

    (void)state;
    ia64_run(m, 0x40);
    assert_int_equal(ia64_gr(m, 9).value - ia64_gr(m, 8).value, 3);
    assert_int_equal(ia64_cr(m, 69), 0);
    ia64_run(m, 0x41); /* itc = 0x40 before this instruction */
    assert_int_equal(ia64_cr(m, 69), 1);
    ia64_free(m);
}

static void speculation_defers_by_model(void **state) {
    /* psr.ic = 0: everything defers */
    struct ia64 *m = run_asm("movl r3=0x200004\n ld8.s r8=[r3]\n"          /* unaligned */
                             "movl r3=(1<<50)\n ld8.s r9=[r3]\n"           /* unimplemented */
                             "movl r3=(1<<63)|0x200000\n ld8.s r10=[r3]\n" /* uncacheable */
                             "movl r3=0x200000\n ld8.s r11=[r3]\n"
                             "break 0\n");

    (void)state;
    EXPECT_NAT(m, 8);
    EXPECT_NAT(m, 9);
    EXPECT_NAT(m, 10);
    EXPECT(m, 11, 0);
    ia64_free(m);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(general_exceptions),
    cmocka_unit_test(break_gives_its_immediate),
    cmocka_unit_test(break_x_gives_62_bits),
    cmocka_unit_test(psr_changes_on_an_interruption),
    cmocka_unit_test(nat_consumption),
    cmocka_unit_test(unaligned_references),
    cmocka_unit_test(disabled_fp),
    cmocka_unit_test(fp_fault_and_trap),
    cmocka_unit_test(nested_faults_keep_the_first),
    cmocka_unit_test(single_step_and_taken_branch),
    cmocka_unit_test(lower_privilege_transfer),
    cmocka_unit_test(rfi_goes_to_any_slot),
    cmocka_unit_test(rfi_to_slot_2_of_mlx_is_illegal),
    cmocka_unit_test(a_reserved_template_is_illegal),
    cmocka_unit_test(debug_registers),
    cmocka_unit_test(external_interrupt_priorities),
    cmocka_unit_test(service_and_eoi_nest),
    cmocka_unit_test(timer_counts_instructions),
    cmocka_unit_test(speculation_defers_by_model),
};
MACHINE_TESTS(tests)
