/* test_memory.c - loads, stores, semaphores, big-endian data, advanced loads and the ALAT, bytes of
 * FP formats in memory. */
#include "machine_test.h"

#define DATA                                                                                       \
    "movl r2=0x200000\n movl r3=0x1122334455667788\n movl r4=0x99aabbccddeeff00\n"                 \
    "st8 [r2]=r3,8\n st8 [r2]=r4,-8\n"

static uint64_t word(struct ia64 *m, uint64_t address) {
    uint64_t v;

    ia64_read_memory(m, address, &v, sizeof v);
    return v;
}

static void sizes_and_updates(void **state) {
    struct ia64 *m = run_asm(DATA "ld1 r8=[r2],2\n ld2 r9=[r2],-2\n ld4 r10=[r2],r0\n"
                                  "mov r5=8\n ld8 r11=[r2],r5\n sub r14=r2,r5\n"
                                  "st4 [r2]=r3,4\n st2 [r2]=r3,2\n st1 [r2]=r3\n break 0\n");

    (void)state;
    EXPECT(m, 8, 0x88);
    EXPECT(m, 9, 0x5566);
    EXPECT(m, 10, 0x55667788);
    EXPECT(m, 11, 0x1122334455667788);
    EXPECT(m, 14, 0x200000);
    assert_true(word(m, 0x200008) == UINT64_C(0x9988778855667788));
    ia64_free(m);
}

static void big_endian(void **state) {
    struct ia64 *m =
        run_asm(DATA "sum 2\n ld8 r8=[r2]\n ld4 r9=[r2]\n ld2 r10=[r2]\n ld1 r11=[r2]\n"
                     "adds r2=8,r2\n st4 [r2]=r3\n rum 2\n break 0\n");

    (void)state;
    EXPECT(m, 8, 0x8877665544332211);
    EXPECT(m, 9, 0x88776655);
    EXPECT(m, 10, 0x8877);
    EXPECT(m, 11, 0x88);
    assert_true(word(m, 0x200008) == UINT64_C(0x99aabbcc88776655));
    ia64_free(m);
}

static void pairs_of_16_bytes(void **state) {
    struct ia64 *m = run_asm(DATA "ld16 r8,ar.csd=[r2]\n mov r9=ar.csd\n"
                                  "adds r2=16,r2\n st16 [r2]=r9,ar.csd\n break 0\n");

    (void)state;
    EXPECT(m, 8, 0x1122334455667788);
    EXPECT(m, 9, 0x99aabbccddeeff00);
    assert_true(word(m, 0x200010) == UINT64_C(0x99aabbccddeeff00));
    assert_true(word(m, 0x200018) == UINT64_C(0x99aabbccddeeff00));
    ia64_free(m);
}

static void semaphores(void **state) {
    struct ia64 *m = run_asm(DATA "xchg2 r8=[r2],r4\n"
                                  "movl r5=0x5566ff00\n mov ar.ccv=r5\n"
                                  "cmpxchg4.acq r9=[r2],r0,ar.ccv\n"  /* equal: stores 0 */
                                  "cmpxchg4.acq r10=[r2],r3,ar.ccv\n" /* not equal any more */
                                  "fetchadd8.rel r11=[r2],-16\n break 0\n");

    (void)state;
    EXPECT(m, 8, 0x7788);
    EXPECT(m, 9, 0x5566ff00);
    EXPECT(m, 10, 0);
    EXPECT(m, 11, 0x1122334400000000);
    assert_true(word(m, 0x200000) == UINT64_C(0x11223343fffffff0));
    ia64_free(m);
}

static void compare_exchange_of_16_bytes(void **state) {
    struct ia64 *m = run_asm(DATA "mov ar.ccv=r3\n mov ar.csd=r4\n mov r5=1\n"
                                  "cmp8xchg16.acq r8=[r2],r5,ar.csd,ar.ccv\n break 0\n");

    (void)state;
    EXPECT(m, 8, 0x1122334455667788);
    assert_int_equal(word(m, 0x200000), 1);
    assert_true(word(m, 0x200008) == UINT64_C(0x99aabbccddeeff00));
    ia64_free(m);
}

static void spill_and_fill_keep_nat(void **state) {
    struct ia64 *m = run_asm(DATA "mov r5=-1\n mov ar.unat=r5\n ld8.fill r6=[r2]\n mov ar.unat=r0\n"
                                  "movl r7=0x200110\n st8.spill [r7]=r6\n mov r8=ar.unat\n"
                                  "ld8.fill r9=[r7]\n st8.spill [r7]=r3\n mov r10=ar.unat\n"
                                  "break 0\n");

    (void)state;
    EXPECT(m, 8, 0x400000000); /* bits 8:3 of 0x110 are 34 */
    EXPECT_NAT(m, 9);
    EXPECT(m, 10, 0);
    ia64_free(m);
}

static void advanced_loads(void **state) {
    struct ia64 *m =
        run_asm(DATA "mov r20=0\n"
                     "ld8.a r8=[r2]\n"
                     "adds r5=16,r2\n st8 [r5]=r0\n" /* elsewhere */
                     "chk.a.nc r8,bad\n"             /* still there */
                     "ld8.c.nc r8=[r2]\n"
                     "adds r5=4,r2\n st4 [r5]=r0\n" /* overlaps */
                     "ld8.c.clr r8=[r2]\n"          /* loads anew */
                     "chk.a.clr r8,good\n"          /* gone */
                     "bad: mov r20=99\n break 0\n"
                     "good: ld8.a r9=[r2]\n invala\n chk.a.clr r9,1f\n mov r20=98\n"
                     "1: ld8.a r10=[r2]\n invala.e r10\n chk.a.clr r10,2f\n mov r20=97\n"
                     "2: ldfd.a f6=[r2]\n chk.a.clr f6,bad\n chk.a.nc f6,3f\n mov r20=96\n"
                     "3: break 0\n");

    (void)state;
    EXPECT(m, 20, 0);
    EXPECT(m, 8, 0x55667788);
    ia64_free(m);
}

static void no_alat_as_on_ski(void **state) {
    struct ia64_config config = {.no_alat = true};
    struct ia64 *m = assemble("auto",
                              DATA "ld8.a r8=[r2]\n chk.a.nc r8,1f\n mov r9=1\n break 0\n"
                                   "1: mov r9=2\n break 0\n",
                              &config);

    (void)state;
    assert_int_equal(ia64_run(m, 100), IA64_STOP_EXIT);
    EXPECT(m, 9, 2);
    ia64_free(m);
}

static void fp_formats(void **state) {
    struct ia64 *m = run_asm("movl r2=0x200000\n movl r3=0xc00921fb54442d18\n setf.d f6=r3\n"
                             "stfd [r2]=f6,8\n stfs [r2]=f6,8\n stfe [r2]=f6\n"
                             "movl r2=0x200040\n stf.spill [r2]=f6\n ldf.fill f7=[r2]\n"
                             "movl r2=0x200010\n ldfe f8=[r2]\n"
                             "movl r2=0x200000\n ldfps f10,f11=[r2]\n ldf8 f12=[r2]\n break 0\n");

    (void)state;
    assert_true(word(m, 0x200000) == UINT64_C(0xc00921fb54442d18)); /* -pi */
    assert_true(word(m, 0x200008) == 0xc0490fda); /* stfs truncates: the value was not rounded */
    assert_true(word(m, 0x200010) == UINT64_C(0xc90fdaa22168c000));
    assert_true(word(m, 0x200018) == 0xc000);
    assert_true(word(m, 0x200048) == 0x30000);
    assert_true(ia64_fr_equal(ia64_fr(m, 7), ia64_fr(m, 6)));
    assert_true(ia64_fr_equal(ia64_fr(m, 8), ia64_fr(m, 6)));
    assert_true(ia64_fr(m, 12).sig == UINT64_C(0xc00921fb54442d18) &&
                ia64_fr(m, 12).exp == 0x1003e);
    assert_int_equal(ia64_psr(m) & 0x10, 0x10); /* mfl */
    ia64_free(m);
}

static void pairs_want_an_even_and_an_odd_register(void **state) {
    struct ia64 *m = assemble("auto", "ldfps f6,f7=[r2]\n break 0\n", NULL);
    uint64_t words[2];

    (void)state;
    /* f6,f7 becomes f6,f8: the second field of the first slot (bits 13-19 of 41) */
    ia64_read_memory(m, START, words, 16);
    words[0] = (words[0] & ~(UINT64_C(127) << (5 + 13))) | UINT64_C(8) << (5 + 13);
    ia64_write_memory(m, START, words, 16);
    assert_int_equal(ia64_run(m, 100), IA64_STOP_EXIT);
    assert_int_equal(ia64_ip(m), 0x5400);
    ia64_free(m);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(sizes_and_updates),
    cmocka_unit_test(big_endian),
    cmocka_unit_test(pairs_of_16_bytes),
    cmocka_unit_test(semaphores),
    cmocka_unit_test(compare_exchange_of_16_bytes),
    cmocka_unit_test(spill_and_fill_keep_nat),
    cmocka_unit_test(advanced_loads),
    cmocka_unit_test(no_alat_as_on_ski),
    cmocka_unit_test(fp_formats),
    cmocka_unit_test(pairs_want_an_even_and_an_odd_register),
};
MACHINE_TESTS(tests)
