/* test_rse.c - the register stack engine, one rule a test: where bsp goes, what is stored when,
 * where the NaT bits are, what the instructions of the engine do and refuse. */
#include "machine_test.h"

enum { BSP = 17, BSPSTORE = 18, RNAT = 19 };

#define BACKING "movl r2=0x200000\n mov ar.rsc=0\n mov ar.bspstore=r2\n mov ar.rnat=r0\n"

static uint64_t word(struct ia64 *m, uint64_t address) {
    uint64_t v;

    ia64_read_memory(m, address, &v, sizeof v);
    return v;
}

static void reset_state(void **state) {
    struct ia64 *m = ia64_new(NULL);

    (void)state;
    assert_int_equal(ia64_cfm(m), 96);
    assert_int_equal(ia64_ar(m, BSP), 0);
    assert_int_equal(ia64_psr(m), 0);
    assert_int_equal(ia64_pr(m), 1);
    ia64_free(m);
}

static void bsp_skips_collections(void **state) {
    /* from 0x2001e0: 3 registers reach 0x2001f8, which holds a collection; the fourth is at
     * 0x200200 */
    struct ia64 *m = run_asm("movl r2=0x2001e0\n"
                             "mov ar.rsc=0\n"
                             "mov ar.bspstore=r2\n"
                             "alloc r3=ar.pfs,0,3,0,0\n"
                             "br.call.sptk b0=1f\n"
                             "1: mov r8=ar.bsp\n"
                             "alloc r3=ar.pfs,0,0,0,0\n"
                             "alloc r3=ar.pfs,0,70,0,0\n"
                             "br.call.sptk b0=2f\n"
                             "2: mov r9=ar.bsp\n"
                             "break 0\n");

    (void)state;
    EXPECT(m, 8, 0x200200);
    EXPECT(m, 9, 0x200438); /* 70 registers and the collection at 0x2003f8 */
    ia64_free(m);
}

static void nothing_is_stored_before_it_must(void **state) {
    struct ia64 *m = run_asm(BACKING "alloc r3=ar.pfs,0,40,0,0\n"
                                     "br.call.sptk b0=1f\n"
                                     "1: alloc r3=ar.pfs,0,56,0,0\n" /* 40 + 56 = 96: fits */
                                     "mov r8=ar.bspstore\n"
                                     "alloc r3=ar.pfs,0,58,0,0\n" /* two too many */
                                     "mov r9=ar.bspstore\n"
                                     "break 0\n");

    (void)state;
    EXPECT(m, 8, 0x200000);
    EXPECT(m, 9, 0x200010);
    assert_int_equal(ia64_dirty_registers(m), 38);
    assert_int_equal(ia64_stats(m).rse_stores, 2);
    ia64_free(m);
}

static void spilled_registers_come_back(void **state) {
    struct ia64 *m = run_asm(BACKING "alloc r3=ar.pfs,0,90,0,0\n"
                                     "mov r32=0x3232\n"
                                     "mov r121=0x1212\n"
                                     "br.call.sptk b0=f\n"
                                     "mov r8=r32\n"
                                     "mov r9=r121\n"
                                     "break 0\n"
                                     "f: alloc r4=ar.pfs,0,96,0,0\n"
                                     "mov r32=0\n"
                                     "mov r127=0\n"
                                     "mov ar.pfs=r4\n"
                                     "br.ret.sptk b0\n");

    (void)state;
    EXPECT(m, 8, 0x3232);
    EXPECT(m, 9, 0x1212);
    assert_int_equal(word(m, 0x200000), 0x3232);
    assert_int_equal(ia64_stats(m).rse_stores, 91); /* 90 registers, one collection */
    assert_int_equal(ia64_stats(m).rse_loads, 91);
    ia64_free(m);
}

static void nat_bits_travel_in_collections(void **state) {
    struct ia64 *m = run_asm(BACKING "movl r5=0x300000\n"
                                     "mov r6=-1\n"
                                     "mov ar.unat=r6\n"
                                     "alloc r3=ar.pfs,0,66,0,0\n"
                                     "ld8.fill r33=[r5]\n"
                                     "ld8.fill r97=[r5]\n"
                                     "mov r34=7\n"
                                     "br.call.sptk b0=f\n"
                                     "mov r8=r33\n"
                                     "mov r9=r34\n"
                                     "mov r10=r97\n"
                                     "break 0\n"
                                     "f: flushrs\n"
                                     "mov r11=ar.rnat\n"
                                     "mov r14=ar.bspstore\n"
                                     "br.ret.sptk b0\n");

    (void)state;
    EXPECT_NAT(m, 8);
    EXPECT(m, 9, 7);
    EXPECT_NAT(m, 10);
    assert_int_equal(word(m, 0x2001f8), 1 << 1); /* r33 at bit 1 */
    EXPECT(m, 14, 0x200218);                     /* 66 registers and a collection */
    EXPECT(m, 11, 1 << 2);                       /* r97 is the third of the new group */
    ia64_free(m);
}

static void cover_makes_an_empty_frame(void **state) {
    struct ia64 *m = run_asm(BACKING "alloc r3=ar.pfs,0,8,2,8\n"
                                     "cover\n"
                                     "mov r8=ar.bsp\n"
                                     "mov r9=cr.ifs\n"
                                     "break 0\n");

    (void)state;
    EXPECT(m, 8, 0x200050);
    EXPECT(m, 9, 0x800000000000440a); /* ic = 0: ifs gets the frame: sof 10, sol 8, sor 8 */
    assert_int_equal(ia64_cfm(m), 0);
    ia64_free(m);
}

static void loadrs_drops_or_loads(void **state) {
    struct ia64 *m = run_asm(BACKING "alloc r3=ar.pfs,0,20,0,0\n"
                                     "mov r32=0x32\n"
                                     "mov r51=0x51\n"
                                     "cover\n"
                                     "flushrs\n"
                                     "mov r8=ar.bspstore\n"
                                     "movl r4=0xa00000\n" /* loadrs = 0xa0: all 20 */
                                     "mov ar.rsc=r4\n"
                                     "loadrs\n"
                                     "mov r9=ar.bspstore\n"
                                     "movl r4=0x200000\n" /* loadrs = 0x20: only 4 */
                                     "mov ar.rsc=r4\n"
                                     "loadrs\n"
                                     "mov r10=ar.bspstore\n"
                                     "break 0\n");

    (void)state;
    EXPECT(m, 8, 0x2000a0);
    EXPECT(m, 9, 0x200000);
    EXPECT(m, 10, 0x200080);
    assert_int_equal(ia64_dirty_registers(m), 4);
    assert_int_equal(ia64_physical_gr(m, 19).value, 0x51);
    ia64_free(m);
}

static void writing_bspstore_moves_bsp(void **state) {
    struct ia64 *m = run_asm(BACKING "alloc r3=ar.pfs,0,5,0,0\n"
                                     "cover\n"
                                     "movl r4=0x3001f0\n"
                                     "mov ar.bspstore=r4\n"
                                     "mov r8=ar.bsp\n"
                                     "break 0\n");

    (void)state;
    EXPECT(m, 8, 0x300220); /* 5 dirty registers and the collection at 0x3001f8 */
    ia64_free(m);
}

/* The vector where the program ends, by its empty vectors. */
static void expect_fault(const char *text, uint64_t vector, uint64_t code) {
    struct ia64 *m = assemble("auto", text, NULL);

    assert_int_equal(ia64_run(m, 1000), IA64_STOP_EXIT);
    if (ia64_ip(m) != vector || (ia64_cr(m, 17) & 0xffff) != code)
        fail_msg("%s: ip 0x%llx isr 0x%llx", text, (unsigned long long)ia64_ip(m),
                 (unsigned long long)ia64_cr(m, 17));
    ia64_free(m);
}

static void what_is_refused(void **state) {
    (void)state;
    expect_fault("mov ar.rsc=3\n mov r8=ar.bspstore\n break 0\n", 0x5400, 0);
    expect_fault("mov ar.rsc=3\n mov r8=ar.rnat\n break 0\n", 0x5400, 0);
    expect_fault("mov ar.rsc=3\n mov ar.rnat=r0\n break 0\n", 0x5400, 0);
    expect_fault("mov ar.rsc=3\n loadrs\n break 0\n", 0x5400, 0);
    expect_fault("movl r2=1<<40\n mov ar.rsc=r2\n break 0\n", 0x5400, 0x30);
    expect_fault("alloc r2=ar.pfs,0,16,0,8\n mov ar.ec=1\n mov ar.lc=0\n br.ctop.sptk 1f\n"
                 "1: alloc r2=ar.pfs,0,16,0,16\n break 0\n",
                 0x5400, 0x30); /* sor changes while a rename base is not 0 */
    expect_fault("mov ar.rsc=0\n movl r2=8<<16\n mov ar.rsc=r2\n loadrs\n break 0\n", 0x5400, 0);
}

static void alloc_shows_the_old_pfs(void **state) {
    struct ia64 *m = run_asm("movl r2=0x0050000000000308\n"
                             "mov ar.pfs=r2\n"
                             "alloc r33=ar.pfs,1,2,3,0\n"
                             "mov r8=r33\n"
                             "break 0\n");

    (void)state;
    EXPECT(m, 8, 0x0050000000000308);
    assert_int_equal(ia64_cfm(m), 6 | 3 << 7);
    ia64_free(m);
}

static void rfi_restores_and_fills_the_frame(void **state) {
    struct ia64 *m = run_asm(BACKING "alloc r3=ar.pfs,0,12,0,0\n"
                                     "mov r32=0x32\n"
                                     "mov r43=0x43\n"
                                     "cover\n"
                                     "flushrs\n" /* the whole frame is in memory now */
                                     "movl r5=1f\n"
                                     "mov cr.iip=r5\n"
                                     "mov cr.ipsr=r0\n"
                                     "rfi\n"
                                     "1: mov r8=r32\n"
                                     "mov r9=r43\n"
                                     "mov r10=ar.bsp\n"
                                     "break 0\n");

    (void)state;
    EXPECT(m, 8, 0x32);
    EXPECT(m, 9, 0x43);
    EXPECT(m, 10, 0x200000);
    assert_int_equal(ia64_cfm(m), 12 | 12 << 7);
    assert_int_equal(ia64_stats(m).rse_loads, 12);
    ia64_free(m);
}

static void big_endian_backing_store(void **state) {
    struct ia64 *m = run_asm(BACKING "mov ar.rsc=16\n"
                                     "alloc r3=ar.pfs,0,1,0,0\n"
                                     "mov r32=0x12\n"
                                     "cover\n"
                                     "flushrs\n"
                                     "break 0\n");

    (void)state;
    assert_true(word(m, 0x200000) == UINT64_C(0x1200000000000000));
    ia64_free(m);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(reset_state),
    cmocka_unit_test(bsp_skips_collections),
    cmocka_unit_test(nothing_is_stored_before_it_must),
    cmocka_unit_test(spilled_registers_come_back),
    cmocka_unit_test(nat_bits_travel_in_collections),
    cmocka_unit_test(cover_makes_an_empty_frame),
    cmocka_unit_test(loadrs_drops_or_loads),
    cmocka_unit_test(writing_bspstore_moves_bsp),
    cmocka_unit_test(what_is_refused),
    cmocka_unit_test(alloc_shows_the_old_pfs),
    cmocka_unit_test(rfi_restores_and_fills_the_frame),
    cmocka_unit_test(big_endian_backing_store),
};
MACHINE_TESTS(tests)
