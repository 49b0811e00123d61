/* test_branch.c - branches, calls, counted and while loops, rotation of all three kinds of
 * registers. */
#include "machine_test.h"

static void call_saves_and_return_restores(void **state) {
    struct ia64 *m = run_asm("alloc r2=ar.pfs,0,6,2,0\n"
                             "mov ar.ec=5\n"
                             "mov r32=0x11\n"
                             "mov r38=0x22\n"
                             "br.call.sptk b1=f\n"
                             "back: mov r8=r32\n"
                             "mov r9=r38\n"
                             "mov r10=ar.ec\n"
                             "mov r11=b1\n"
                             "movl r14=back\n"
                             "sub r11=r11,r14\n"
                             "break 0\n"
                             "f: alloc r15=ar.pfs,2,1,0,0\n"
                             "mov ar.ec=9\n"
                             "mov r17=r32\n"  /* the caller's first output */
                             "mov r32=0x33\n" /* and the caller sees it in r38 */
                             "mov r18=r15\n"
                             "br.ret.sptk b1\n");

    (void)state;
    EXPECT(m, 8, 0x11);
    EXPECT(m, 9, 0x33);
    EXPECT(m, 10, 5);
    EXPECT(m, 11, 0);
    EXPECT(m, 17, 0x22);
    /* pfs: sof 8, sol 6, ec 5, level 0 */
    EXPECT(m, 18, 0x0050000000000308);
    ia64_free(m);
}

static void counted_loop(void **state) {
    struct ia64 *m = run_asm("mov ar.lc=4\n"
                             "mov r8=0\n"
                             "1: adds r8=1,r8\n"
                             "br.cloop.sptk 1b\n"
                             "mov r9=ar.lc\n"
                             "break 0\n");

    (void)state;
    EXPECT(m, 8, 5);
    EXPECT(m, 9, 0);
    ia64_free(m);
}

static void ctop_runs_epilogue_and_rotates(void **state) {
    struct ia64 *m = run_asm("alloc r2=ar.pfs,0,8,0,8\n"
                             "mov ar.lc=2\n"
                             "mov ar.ec=3\n"
                             "mov pr.rot=0x10000\n"
                             "mov r8=0\n"
                             "mov r9=0\n"
                             "mov r10=0\n"
                             "mov r32=0x40\n"
                             "1: adds r8=1,r8\n"
                             "(p16) adds r9=1,r9\n"
                             "(p18) adds r10=1,r10\n"
                             "br.ctop.sptk 1b\n"
                             "mov r11=ar.ec\n"
                             "mov r14=r37\n" /* r32 moved up by five rotations */
                             "break 0\n");

    (void)state;
    EXPECT(m, 8, 5); /* lc + 1 kernel iterations and ec - 1 of epilogue */
    EXPECT(m, 9, 3);
    EXPECT(m, 10, 3);
    EXPECT(m, 11, 0);
    EXPECT(m, 14, 0x40);
    assert_int_equal(ia64_cfm(m) >> 18 & 127, 8 - 5);
    assert_int_equal(ia64_cfm(m) >> 25 & 127, 96 - 5);
    assert_int_equal(ia64_cfm(m) >> 32 & 63, 48 - 5);
    ia64_free(m);
}

static void rotation_stays_in_its_part_of_the_frame(void **state) {
    struct ia64 *m = run_asm("alloc r2=ar.pfs,0,16,0,8\n"
                             "mov r32=0x32\n"
                             "mov r39=0x39\n"
                             "mov r40=0x40\n"
                             "mov ar.lc=0\n"
                             "mov ar.ec=1\n"
                             "br.ctop.sptk 1f\n" /* lc 0, ec 1: falls through, rotates once */
                             "1: mov r8=r33\n"
                             "mov r9=r32\n"
                             "mov r10=r40\n"
                             "clrrrb\n"
                             "mov r11=r32\n"
                             "break 0\n");

    (void)state;
    EXPECT(m, 8, 0x32);
    EXPECT(m, 9, 0x39);
    EXPECT(m, 10, 0x40);
    EXPECT(m, 11, 0x32);
    ia64_free(m);
}

static void fr_rotation_wraps_at_f127(void **state) {
    struct ia64 *m = run_asm("mov r2=0x127\n"
                             "setf.sig f127=r2\n"
                             "mov r3=0x32\n"
                             "setf.sig f32=r3\n"
                             "alloc r4=ar.pfs,0,0,0,0\n"
                             "mov ar.lc=0\n"
                             "mov ar.ec=1\n"
                             "br.ctop.sptk 1f\n"
                             "1: getf.sig r8=f32\n"
                             "getf.sig r9=f33\n"
                             "break 0\n");

    (void)state;
    EXPECT(m, 8, 0x127);
    EXPECT(m, 9, 0x32);
    ia64_free(m);
}

static void predicate_moves_ignore_the_rename_base(void **state) {
    struct ia64 *m = run_asm("mov pr=r0,-1\n"
                             "mov pr.rot=0x10000\n"
                             "mov ar.lc=0\n"
                             "mov ar.ec=1\n"
                             "alloc r4=ar.pfs,0,0,0,0\n"
                             "br.ctop.sptk 1f\n" /* p63 = 0 becomes p16, p16 becomes p17 */
                             "1: mov r8=pr\n"
                             "mov r9=0\n"
                             "(p17) mov r9=1\n"
                             "break 0\n");

    (void)state;
    EXPECT(m, 8, 0x10001);
    EXPECT(m, 9, 1);
    assert_int_equal(ia64_pr(m), 0x20001);
    ia64_free(m);
}

static void while_loop(void **state) {
    struct ia64 *m = run_asm("alloc r2=ar.pfs,0,0,0,0\n"
                             "mov ar.ec=2\n"
                             "mov pr=r0,-1\n"
                             "mov r8=0\n"
                             "1: adds r8=1,r8\n"
                             "cmp.gt p17,p0=4,r8\n"
                             "(p17) br.wtop.sptk 1b\n"
                             "mov r9=ar.ec\n"
                             "break 0\n");

    (void)state;
    /* true for r8 = 1, 2, 3; then ec 2 goes on once more, and ec 1 ends */
    EXPECT(m, 8, 5);
    EXPECT(m, 9, 0);
    ia64_free(m);
}

static void exits_are_the_other_way_round(void **state) {
    struct ia64 *m = run_asm("alloc r2=ar.pfs,0,0,0,0\n"
                             "mov ar.lc=2\n"
                             "mov ar.ec=1\n"
                             "mov r8=0\n"
                             "1: br.cexit.spnt 2f\n"
                             "adds r8=1,r8\n"
                             "br.sptk 1b\n"
                             "2: break 0\n");

    (void)state;
    EXPECT(m, 8, 2);
    ia64_free(m);
}

static void long_branches_and_link(void **state) {
    struct ia64 *m = run_asm("brl.call.sptk b2=f\n"
                             "back: mov r9=b2\n"
                             "movl r10=back\n"
                             "sub r9=r9,r10\n"
                             "brl.cond.sptk end\n"
                             "mov r8=99\n"
                             "end: break 0\n"
                             ".org 0x8000\n"
                             "f: mov r8=1\n"
                             "br.ret.sptk b2\n");

    (void)state;
    EXPECT(m, 8, 1);
    EXPECT(m, 9, 0);
    ia64_free(m);
}

static void first_taken_branch_of_a_bundle_wins(void **state) {
    struct ia64 *m =
        assemble("explicit",
                 "cmp.eq p6,p7=r0,r0 ;;\n"
                 "mov r8=0 ;;\n"
                 "{ .bbb\n (p7) br.cond.sptk a\n (p6) br.cond.sptk b\n br.cond.sptk c\n ;;\n}\n"
                 "a: adds r8=1,r8 ;;\n"
                 "b: adds r8=2,r8 ;;\n"
                 "c: adds r8=4,r8 ;;\n"
                 "break 0 ;;\n",
                 NULL);

    (void)state;
    assert_int_equal(ia64_run(m, 100), IA64_STOP_EXIT);
    EXPECT(m, 8, 6);
    ia64_free(m);
}

static void chk_s_branches_on_nat(void **state) {
    struct ia64 *m = run_asm("mov r2=-1\n"
                             "mov ar.unat=r2\n"
                             "movl r3=0x200000\n"
                             "ld8.fill r4=[r3]\n"
                             "mov r8=0\n"
                             "chk.s r2,bad\n"
                             "chk.s r4,good\n"
                             "bad: break 0\n"
                             "good: mov r8=1\n"
                             "setf.sig f6=r4\n"
                             "chk.s f6,1f\n"
                             "break 0\n"
                             "1: mov r8=2\n"
                             "break 0\n");

    (void)state;
    EXPECT(m, 8, 2);
    ia64_free(m);
}

static void counts_are_exact(void **state) {
    /* 2 + 5 * 2 instructions, the last is the break; nops of bundles count too: explicit bundles */
    struct ia64 *m = assemble("explicit",
                              "{ .mii\n mov r8=0\n mov.i ar.lc=r0\n nop.i 0 ;;\n}\n"
                              "{ .mii\n nop.m 0\n mov r9=4 ;;\n mov.i ar.lc=r9 ;;\n}\n"
                              "1: { .mib\n adds r8=1,r8\n nop.i 0\n br.cloop.sptk 1b ;;\n}\n"
                              "{ .mlx\n nop.m 0\n movl r10=0x123456789 ;;\n}\n"
                              "{ .mii\n break.m 0\n nop.i 0\n nop.i 0 ;;\n}\n",
                              NULL);

    (void)state;
    assert_int_equal(ia64_run(m, 1000), IA64_STOP_EXIT);
    assert_int_equal(ia64_count(m), 6 + 5 * 3 + 2);
    EXPECT(m, 10, 0x123456789);
    ia64_free(m);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(call_saves_and_return_restores),
    cmocka_unit_test(counted_loop),
    cmocka_unit_test(ctop_runs_epilogue_and_rotates),
    cmocka_unit_test(rotation_stays_in_its_part_of_the_frame),
    cmocka_unit_test(fr_rotation_wraps_at_f127),
    cmocka_unit_test(predicate_moves_ignore_the_rename_base),
    cmocka_unit_test(while_loop),
    cmocka_unit_test(exits_are_the_other_way_round),
    cmocka_unit_test(long_branches_and_link),
    cmocka_unit_test(first_taken_branch_of_a_bundle_wins),
    cmocka_unit_test(chk_s_branches_on_nat),
    cmocka_unit_test(counts_are_exact),
};
MACHINE_TESTS(tests)
