/* test_integer.c - integer instructions: results computed by hand, NaT, predicates, illegal
 * targets. */
#include "machine_test.h"

static void arithmetic(void **state) {
    struct ia64 *m = run_asm("movl r2=0x7fffffffffffffff\n"
                             "movl r3=0x00000000fffffffe\n"
                             "add r8=r2,r2\n"
                             "add r9=r2,r2,1\n"
                             "sub r10=r3,r2\n"
                             "sub r11=r3,r2,1\n"
                             "adds r14=-8192,r3\n"
                             "sub r15=-1,r3\n"
                             "shladd r17=r3,4,r2\n"
                             "addp4 r18=r2,r3\n"
                             "shladdp4 r19=r3,1,r3\n"
                             "addl r20=0x1fffff,r0\n"
                             "break 0\n");

    (void)state;
    EXPECT(m, 8, 0xfffffffffffffffe);
    EXPECT(m, 9, 0xffffffffffffffff);
    EXPECT(m, 10, 0x80000000ffffffff);
    EXPECT(m, 11, 0x80000000fffffffe);
    EXPECT(m, 14, 0xffffdffe);
    EXPECT(m, 15, 0xffffffff00000001);
    EXPECT(m, 17, 0x8000000fffffffdf);
    EXPECT(m, 18, 0x60000000fffffffd); /* bits 30-31 of r3 become the region */
    EXPECT(m, 19, 0x60000000fffffffa);
    EXPECT(m, 20, 0x1fffff);
    ia64_free(m);
}

static void logic(void **state) {
    struct ia64 *m = run_asm("movl r2=0xff00ff00ff00ff00\n"
                             "movl r3=0x0f0f0f0f0f0f0f0f\n"
                             "and r8=r2,r3\n"
                             "or r9=r2,r3\n"
                             "xor r10=r2,r3\n"
                             "andcm r11=r2,r3\n"
                             "and r14=-16,r3\n"
                             "andcm r15=-1,r3\n"
                             "break 0\n");

    (void)state;
    EXPECT(m, 8, 0x0f000f000f000f00);
    EXPECT(m, 9, 0xff0fff0fff0fff0f);
    EXPECT(m, 10, 0xf00ff00ff00ff00f);
    EXPECT(m, 11, 0xf000f000f000f000);
    EXPECT(m, 14, 0x0f0f0f0f0f0f0f00);
    EXPECT(m, 15, 0xf0f0f0f0f0f0f0f0);
    ia64_free(m);
}

static void shifts_and_fields(void **state) {
    struct ia64 *m = run_asm("movl r2=0x8000000000000001\n"
                             "mov r3=64\n"
                             "mov r4=63\n"
                             "movl r5=0x123456789abcdef0\n"
                             "shl r8=r2,r3\n"
                             "shl r9=r2,r4\n"
                             "shr r10=r2,r3\n"
                             "shr.u r11=r2,r3\n"
                             "shr.u r14=r2,r4\n"
                             "shrp r15=r2,r5,4\n"
                             "extr r17=r5,4,8\n"
                             "extr.u r18=r5,4,8\n"
                             "extr r19=r2,60,16\n"
                             "dep.z r20=r5,60,16\n"
                             "dep.z r21=-1,8,4\n"
                             "dep r22=r5,r2,4,16\n"
                             "dep r23=-1,r0,63,1\n"
                             "sxt1 r24=r5\n"
                             "sxt2 r25=r5\n"
                             "sxt4 r26=r5\n"
                             "zxt1 r27=r5\n"
                             "zxt4 r28=r5\n"
                             "break 0\n");

    (void)state;
    EXPECT(m, 8, 0);
    EXPECT(m, 9, 0x8000000000000000);
    EXPECT(m, 10, 0xffffffffffffffff);
    EXPECT(m, 11, 0);
    EXPECT(m, 14, 1);
    EXPECT(m, 15, 0x1123456789abcdef);
    EXPECT(m, 17, 0xffffffffffffffef);
    EXPECT(m, 18, 0xef);
    EXPECT(m, 19, 0xfffffffffffffff8); /* the field ends at bit 63 */
    EXPECT(m, 20, 0);
    EXPECT(m, 21, 0xf00);
    EXPECT(m, 22, 0x80000000000def01);
    EXPECT(m, 23, 0x8000000000000000);
    EXPECT(m, 24, 0xfffffffffffffff0);
    EXPECT(m, 25, 0xffffffffffffdef0);
    EXPECT(m, 26, 0xffffffff9abcdef0);
    EXPECT(m, 27, 0xf0);
    EXPECT(m, 28, 0x9abcdef0);
    ia64_free(m);
}

/* r2 becomes NaT by a fill with its unat bit set. */
#define MAKE_NAT                                                                                   \
    "movl r3=0x200000\n"                                                                           \
    "mov r4=-1\n"                                                                                  \
    "mov ar.unat=r4\n"                                                                             \
    "ld8.fill r2=[r3]\n"

static void nat_propagates(void **state) {
    struct ia64 *m = run_asm(MAKE_NAT "add r8=r2,r4\n"
                                      "add r9=r4,r2\n"
                                      "adds r10=1,r2\n"
                                      "shl r11=r4,r2\n"
                                      "dep r14=r2,r4,0,4\n"
                                      "xor r15=r2,r2\n"
                                      "mov r17=r2\n"
                                      "mov r2=5\n"
                                      "break 0\n");

    (void)state;
    for (unsigned r = 8; r <= 11; r++)
        EXPECT_NAT(m, r);
    EXPECT_NAT(m, 14);
    EXPECT_NAT(m, 15);
    EXPECT_NAT(m, 17);
    EXPECT(m, 2, 5);
    ia64_free(m);
}

static void compares_write_two_predicates(void **state) {
    struct ia64 *m = run_asm("mov r2=-1\n"
                             "mov r3=1\n"
                             "mov pr=r0,-1\n"
                             "cmp.lt p1,p2=r2,r3\n"  /* -1 < 1 */
                             "cmp.ltu p3,p4=r2,r3\n" /* 2^64-1 < 1: false */
                             "cmp.eq p5,p6=-1,r2\n"
                             "cmp4.lt p7,p8=r3,r2\n"
                             "cmp.eq.unc p9,p10=r2,r3\n"
                             "(p3) cmp.eq.unc p11,p12=r2,r2\n" /* off: clears both */
                             "break 0\n");

    (void)state;
    assert_int_equal(ia64_pr(m) & 0x1fff, 1 | 1 << 1 | 1 << 4 | 1 << 5 | 1 << 8 | 1 << 10);
    ia64_free(m);
}

static void parallel_compares_only_gather(void **state) {
    struct ia64 *m = run_asm("mov pr=r0,-1\n"
                             "mov r2=7\n"
                             "cmp.eq p1,p2=r0,r0\n" /* p1 = 1, p2 = 0 */
                             "cmp.eq p3,p4=r0,r0\n"
                             "cmp.eq.and p1,p2=r2,r2\n"       /* true: nothing */
                             "cmp.ne.and p3,p5=r2,r2\n"       /* false: p3 = p5 = 0 */
                             "cmp.eq.or p6,p7=r2,r2\n"        /* true: both 1 */
                             "cmp.ne.or p8,p9=r2,r2\n"        /* false: nothing */
                             "cmp.eq.or.andcm p10,p6=r2,r2\n" /* true: p10 = 1, p6 = 0 */
                             "cmp.gt.or p11,p12=r0,r2\n"      /* 0 > 7: nothing */
                             "cmp.lt.or p13,p14=r0,r2\n"      /* 0 < 7: both */
                             "break 0\n");

    (void)state;
    assert_int_equal(ia64_pr(m), 1 | 1 << 1 | 1 << 7 | 1 << 10 | 1 << 13 | 1 << 14);
    ia64_free(m);
}

static void compares_of_nat_are_never_true(void **state) {
    struct ia64 *m = run_asm(MAKE_NAT "movl r5=0xffff\n"
                                      "mov pr=r5,-1\n"
                                      "cmp.eq p1,p2=r2,r2\n"     /* both 0 */
                                      "cmp.eq.and p3,p4=r2,r2\n" /* both 0 */
                                      "cmp.eq.or p5,p6=r2,r2\n"  /* nothing */
                                      "tbit.nz p7,p8=r2,0\n"     /* both 0 */
                                      "tnat.nz p9,p10=r2\n"
                                      "tnat.nz p11,p12=r4\n"
                                      "break 0\n");

    (void)state;
    assert_int_equal(ia64_pr(m), 0xffff & ~(0x19e | 1 << 10 | 1 << 11));
    ia64_free(m);
}

static void bit_tests(void **state) {
    struct ia64 *m = run_asm("mov pr=r0,-1\n"
                             "mov r2=8\n"
                             "tbit.nz p1,p2=r2,3\n"
                             "tbit.z p3,p4=r2,3\n"
                             "tbit.nz.or p5,p6=r2,3\n"
                             "tbit.z.and p5,p7=r2,3\n"
                             "break 0\n");

    (void)state;
    assert_int_equal(ia64_pr(m), 1 | 1 << 1 | 1 << 4 | 1 << 6);
    ia64_free(m);
}

static void moves(void **state) {
    struct ia64 *m = run_asm("movl r2=0x123456789abcdef1\n"
                             "mov b3=r2\n"
                             "mov r8=b3\n"
                             "mov pr=r2,0xfe\n"
                             "mov r9=pr\n"
                             "mov pr.rot=0xffffffffabcd0000\n"
                             "mov r10=pr\n"
                             "1: mov r11=ip\n"
                             "movl r14=1b\n"
                             "sub r11=r11,r14\n"
                             "break 0\n");

    (void)state;
    EXPECT(m, 8, 0x123456789abcdef1);
    EXPECT(m, 9, 0xf1);
    EXPECT(m, 10, 0xffffffffabcd00f1);
    EXPECT(m, 11, 0);
    ia64_free(m);
}

static void predicated_off_does_nothing(void **state) {
    struct ia64 *m = run_asm("mov r8=1\n"
                             "cmp.ne p6,p7=r0,r0\n"
                             "(p6) mov r8=2\n"
                             "(p6) mov r0=2\n" /* not even a fault */
                             "(p7) adds r8=4,r8\n"
                             "break 0\n");

    (void)state;
    EXPECT(m, 8, 5);
    ia64_free(m);
}

/* A vector table whose handlers stop with the vector's offset in r8. */
static struct ia64 *fault_of(const char *text) {
    struct ia64 *m = assemble("auto", text, NULL);

    assert_int_equal(ia64_run(m, 1000), IA64_STOP_EXIT); /* vectors lie in empty memory: break 0 */
    return m;
}

static void writing_outside_the_frame_is_illegal(void **state) {
    static const char *const bad[] = {
        "alloc r2=ar.pfs,0,4,0,0\n1: mov r36=1\n break 0\n",
        "1: adds r0=1,r0\n break 0\n",
        "1: ld8 r2=[r2],8\n break 0\n",
        "1: cmp.eq p6,p6=r0,r0\n break 0\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct ia64 *m = fault_of(bad[i]);

        assert_int_equal(ia64_ip(m), 0x5400);
        assert_int_equal(ia64_cr(m, 17) & 0xff, 0);
        ia64_free(m);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(arithmetic),
    cmocka_unit_test(logic),
    cmocka_unit_test(shifts_and_fields),
    cmocka_unit_test(nat_propagates),
    cmocka_unit_test(compares_write_two_predicates),
    cmocka_unit_test(parallel_compares_only_gather),
    cmocka_unit_test(compares_of_nat_are_never_true),
    cmocka_unit_test(bit_tests),
    cmocka_unit_test(moves),
    cmocka_unit_test(predicated_off_does_nothing),
    cmocka_unit_test(writing_outside_the_frame_is_illegal),
};
MACHINE_TESTS(tests)
