/* test_system.c - application, control and indirect registers, the processor status register: what
 * is kept, what is ignored, who may read and write. */
#include "machine_test.h"

static void application_registers(void **state) {
    struct ia64 *m = run_asm("mov r2=-1\n"
                             "mov ar.ccv=r2\n mov r8=ar.ccv\n"
                             "mov ar.k3=r2\n mov r9=ar.k3\n"
                             "mov ar.ec=r2\n mov r10=ar.ec\n" /* six bits */
                             "mov ar.lc=-5\n mov r11=ar.lc\n"
                             "mov ar48=r2\n mov r14=ar48\n" /* ignored */
                             "mov ar.rnat=r2\n mov r15=ar.rnat\n"
                             "mov ar.rsc=31\n mov r17=ar.rsc\n"
                             "mov ar.unat=r2\n mov r18=ar.unat\n"
                             "break 0\n");

    (void)state;
    EXPECT(m, 8, ~UINT64_C(0));
    EXPECT(m, 9, ~UINT64_C(0));
    EXPECT(m, 10, 63);
    EXPECT(m, 11, -5);
    EXPECT(m, 14, 0);
    EXPECT(m, 15, INT64_MAX);
    EXPECT(m, 17, 31);
    EXPECT(m, 18, ~UINT64_C(0));
    ia64_free(m);
}

static void itc_counts_and_can_be_set(void **state) {
    struct ia64 *m = assemble("explicit",
                              "{ .mmi\n mov r2=1000 ;;\n mov ar.itc=r2\n nop.i 0 ;;\n}\n"
                              "{ .mmi\n mov r8=ar.itc\n mov r9=ar.itc\n nop.i 0 ;;\n}\n"
                              "{ .mmi\n break.m 0\n nop.m 0\n nop.i 0 ;;\n}\n",
                              NULL);

    (void)state;
    ia64_run(m, 100);
    EXPECT(m, 8, 1001); /* the nop of the bundle before */
    EXPECT(m, 9, 1002);
    ia64_free(m);
}

static void control_registers(void **state) {
    struct ia64 *m = run_asm("movl r2=0x123456789abcdef8\n"
                             "mov cr.iva=r2\n mov r8=cr.iva\n"
                             "mov cr.ifa=r2\n mov r9=cr.ifa\n"
                             "movl r3=0x100ff\n mov cr.tpr=r3\n mov r10=cr.tpr\n"
                             "movl r3=0x110ff\n mov cr.itv=r3\n mov r11=cr.itv\n"
                             "mov cr.eoi=r2\n mov r14=cr.eoi\n"
                             "mov cr.iha=r2\n mov r15=cr.iha\n"
                             "break 0\n");

    (void)state;
    EXPECT(m, 8, 0x123456789abc8000);
    EXPECT(m, 9, 0x123456789abcdef8);
    EXPECT(m, 10, 0x100f0);
    EXPECT(m, 11, 0x100ff);
    EXPECT(m, 14, 0);
    EXPECT(m, 15, 0x123456789abcdef8);
    ia64_free(m);
}

static void indirect_registers(void **state) {
    struct ia64 *m = run_asm("movl r2=3<<61\n movl r3=(0xabcdef<<8)|(13<<2)\n mov rr[r2]=r3\n"
                             "mov r8=rr[r2]\n"
                             "mov r2=15\n movl r3=0x12345601\n mov pkr[r2]=r3\n mov r9=pkr[r2]\n"
                             "mov r4=3\n mov pkr[r4]=r3\n mov r10=pkr[r2]\n" /* one valid a key */
                             "mov r3=-1\n mov ibr[r2]=r3\n mov r11=ibr[r2]\n"
                             "mov dbr[r2]=r3\n mov r14=dbr[r2]\n"
                             "mov pmd[r2]=r3\n mov r15=pmd[r2]\n"
                             "mov r2=3\n mov r17=cpuid[r2]\n"
                             "break 0\n");

    (void)state;
    EXPECT(m, 8, 0xabcdef34);
    EXPECT(m, 9, 0x12345601);
    EXPECT(m, 10, 0x12345600);
    EXPECT(m, 11, 0x8fffffffffffffff);
    EXPECT(m, 14, 0xcfffffffffffffff);
    EXPECT(m, 15, ~UINT64_C(0));
    EXPECT(m, 17, 0x1f00000704);
    assert_int_equal(ia64_indirect(m, IA64_RR, 3), 0xabcdef34);
    assert_int_equal(ia64_indirect(m, IA64_RR, 8), 0);
    ia64_set_indirect(m, IA64_DBR, 2, 7);
    assert_int_equal(ia64_indirect(m, IA64_DBR, 2), 7);
    ia64_free(m);
}

static void banks_switch(void **state) {
    struct ia64 *m = run_asm("mov r16=0x10\n mov r31=0x11\n bsw.1\n"
                             "mov r16=0x20\n mov r31=0x21\n mov r8=r16\n bsw.0\n"
                             "mov r9=r16\n mov r10=r31\n break 0\n");

    (void)state;
    EXPECT(m, 8, 0x20);
    EXPECT(m, 9, 0x10);
    EXPECT(m, 10, 0x11);
    assert_int_equal(ia64_bank_gr(m, 1, 31).value, 0x21);
    ia64_free(m);
}

static void psr_by_parts(void **state) {
    struct ia64 *m = run_asm("ssm 0x2000\n mov r8=psr\n rsm 0x2000\n mov r9=psr\n"
                             "sum 0x3e\n mov r10=psr.um\n rum 0x8\n mov r11=psr.um\n"
                             "mov r2=4\n mov psr.um=r2\n mov r14=psr.um\n"
                             "movl r2=1<<20\n mov psr.l=r2\n" /* sp: users cannot change up */
                             "sum 4\n mov r15=psr.um\n break 0\n");

    (void)state;
    EXPECT(m, 8, 0x2000);
    EXPECT(m, 9, 0);
    EXPECT(m, 10, 0x3e);
    EXPECT(m, 11, 0x36);
    EXPECT(m, 14, 4);
    EXPECT(m, 15, 0);
    ia64_free(m);
}

static void epc_promotes(void **state) {
    struct ia64 *m = assemble("auto",
                              "movl r2=0x50000\n mov cr.iva=r2\n"
                              "movl r2=(3<<32)\n mov cr.ipsr=r2\n movl r2=1f\n mov cr.iip=r2\n"
                              "movl r2=3<<62\n mov ar.pfs=r2\n rfi\n .align 32\n"
                              "1: epc\n 2: mov r8=cr.iva\n break 0\n",
                              NULL);

    (void)state;
    assert_int_equal(ia64_run(m, 100), IA64_STOP_EXIT);
    EXPECT(m, 8, 0x50000);
    assert_int_equal(ia64_psr(m) >> 32 & 3, 0);
    ia64_free(m);
}

static void rsc_level_is_not_below_cpl(void **state) {
    struct ia64 *m = assemble("auto",
                              "movl r2=(3<<32)\n mov cr.ipsr=r2\n movl r2=1f\n mov cr.iip=r2\n"
                              "rfi\n .align 32\n1: mov ar.rsc=0\n mov r8=ar.rsc\n break 0\n",
                              NULL);

    (void)state;
    assert_int_equal(ia64_run(m, 100), IA64_STOP_EXIT);
    EXPECT(m, 8, 12);
    ia64_free(m);
}

static void setters_mirror_getters(void **state) {
    struct ia64 *m = ia64_new(NULL);

    (void)state;
    ia64_set_ar(m, 64, 5);
    ia64_set_ar(m, 44, 1000);
    ia64_set_ar(m, 17, 99); /* bsp follows bspstore */
    ia64_set_ar(m, 18, 0x2000);
    ia64_set_pr(m, 0xf0);
    ia64_set_psr(m, UINT64_C(2) << 41 | 1 << 13);
    ia64_set_ip(m, 0x1230, 1);
    ia64_set_cr(m, 65, 1);
    assert_int_equal(ia64_ar(m, 64), 5);
    assert_int_equal(ia64_ar(m, 44), 1000);
    assert_int_equal(ia64_ar(m, 17), 0x2000);
    assert_int_equal(ia64_ar(m, 200), 0);
    assert_int_equal(ia64_pr(m), 0xf1);
    assert_int_equal(ia64_psr(m), UINT64_C(1) << 41 | 1 << 13); /* set_ip said slot 1 */
    assert_int_equal(ia64_ip(m), 0x1230);
    assert_int_equal(ia64_cr(m, 3), 0);
    ia64_set_fr(m, 1, (struct ia64_fr){5, 5, 0});
    assert_true(ia64_fr_equal(ia64_fr(m, 1), IA64_FR_ONE));
    ia64_free(m);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(application_registers),  cmocka_unit_test(itc_counts_and_can_be_set),
    cmocka_unit_test(control_registers),      cmocka_unit_test(indirect_registers),
    cmocka_unit_test(banks_switch),           cmocka_unit_test(psr_by_parts),
    cmocka_unit_test(epc_promotes),           cmocka_unit_test(rsc_level_is_not_below_cpl),
    cmocka_unit_test(setters_mirror_getters),
};
MACHINE_TESTS(tests)
