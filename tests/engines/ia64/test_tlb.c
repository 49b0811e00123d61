/* test_tlb.c - translation: insertion and purge, every fault of data and instruction references,
 * probe, tpa, tak, protection keys, the VHPT walker, speculation under translation. */
#include "machine_test.h"

enum { ISR = 17, IIP = 19, IFA, ITIR, IIPA, IFS, IIM, IHA };

#define R  (UINT64_C(1) << 34)
#define W  (UINT64_C(1) << 33)
#define X  (UINT64_C(1) << 32)
#define NA (UINT64_C(1) << 35)
#define SP (UINT64_C(1) << 36)

/* Region 1 has rid 0x123 and 16 KiB pages without VHPT. PTE bits: p 1, wb 0, a 0x20, d 0x40, pl <<
 * 7, ar << 9. itir: page size << 2 | key << 8. The page 0x2000000000004000 maps to 0x204000. */
#define SETUP                                                                                      \
    "movl r2=0x10000\n mov cr.iva=r2\n bsw.1\n"                                                    \
    "movl r2=1<<61\n movl r3=(0x123<<8)|(14<<2)\n mov rr[r2]=r3\n"                                 \
    "movl r20=0x2000000000004000\n"                                                                \
    "movl r21=0x204000\n movl r22=0x1122334455667788\n st8 [r21]=r22\n"
#define INSERT(pte, itir)                                                                          \
    "mov cr.ifa=r20\n movl r3=" itir "\n mov cr.itir=r3\n movl r3=" pte "+0x204000\n itc.d r3\n"
#define PLAIN INSERT("0x661", "(14<<2)|(0x7<<8)") /* ar 3 (rwx), pl 0 */
#define ON    "ssm (1<<17)|(1<<13)\n srlz.d\n"    /* dt, ic */

static struct ia64 *run_program(const char *text) {
    char all[4000];
    struct ia64 *m;

    snprintf(all, sizeof all, SETUP "%s\n break 0\n", text);
    m = assemble("auto", all, NULL);
    assert_int_equal(ia64_run(m, 10000), IA64_STOP_EXIT);
    return m;
}

static void expect_vector(const char *text, uint64_t vector, uint64_t isr) {
    struct ia64 *m = run_program(text);

    if (ia64_ip(m) != 0x10000 + vector || (ia64_cr(m, ISR) & ~(UINT64_C(3) << 41)) != isr)
        fail_msg("%s\nip 0x%llx, isr 0x%llx, not 0x%llx, 0x%llx", text,
                 (unsigned long long)ia64_ip(m), (unsigned long long)ia64_cr(m, ISR),
                 (unsigned long long)(0x10000 + vector), (unsigned long long)isr);
    ia64_free(m);
}

static void translated_load_and_store(void **state) {
    struct ia64 *m = run_program(PLAIN ON "ld8 r8=[r20]\n adds r9=8,r20\n st8 [r9]=r8\n"
                                          "rsm 1<<17\n srlz.d\n adds r21=8,r21\n ld8 r10=[r21]\n");

    (void)state;
    EXPECT(m, 8, 0x1122334455667788);
    EXPECT(m, 10, 0x1122334455667788);
    ia64_free(m);
}

static void misses(void **state) {
    struct ia64 *m = run_program(ON "ld8 r8=[r20]");

    (void)state;
    assert_int_equal(ia64_ip(m), 0x11000); /* alternate data TLB */
    assert_true(ia64_cr(m, IFA) == UINT64_C(0x2000000000004000));
    assert_true(ia64_cr(m, ITIR) == (0x12300 | 14 << 2));
    ia64_free(m);
    expect_vector(ON "st8 [r20]=r0", 0x1000, W);
    /* with psr.ic = 0: nested, ISR is not touched */
    expect_vector("mov cr.isr=r0\n ssm 1<<17\n srlz.d\n ld8 r8=[r20]", 0x1400, 0);
}

static void entry_faults(void **state) {
    (void)state;
    expect_vector(INSERT("0x660", "14<<2") ON "ld8 r8=[r20]", 0x5000, R);          /* not present */
    expect_vector(INSERT("0x67d", "14<<2") ON "ld8 r8=[r20]", 0x5600, R | 0x20);   /* NaT page */
    expect_vector(INSERT("0x641", "14<<2") ON "ld8 r8=[r20]", 0x2800, R);          /* access bit */
    expect_vector(INSERT("0x621", "14<<2") ON "st8 [r20]=r0", 0x2000, W);          /* dirty bit */
    expect_vector(INSERT("0x061", "14<<2") ON "st8 [r20]=r0", 0x5300, W);          /* read only */
    expect_vector(INSERT("0x671", "14<<2") ON "xchg8 r8=[r20],r0", 0x5b00, R | W); /* uncacheable */
    expect_vector(INSERT("0x661", "14<<2") ON "adds r20=4,r20\n ld8 r8=[r20]", 0x5a00, R);
}

static void purges(void **state) {
    (void)state;
    expect_vector(PLAIN "mov r4=14<<2\n ptc.l r20,r4\n" ON "ld8 r8=[r20]", 0x1000, R);
    expect_vector(PLAIN "ptc.e r0\n" ON "ld8 r8=[r20]", 0x1000, R);
    expect_vector("mov cr.ifa=r20\n mov r3=14<<2\n mov cr.itir=r3\n movl r3=0x204661\n mov r5=3\n"
                  "itr.d dtr[r5]=r3\n ptc.e r0\n" ON "ld8 r8=[r20]\n" /* ptc.e leaves it */
                  "mov r4=14<<2\n ptr.d r20,r4\n srlz.d\n ld8 r8=[r20]",
                  0x1000, R);
}

static void keys(void **state) {
#define KEYED(pkr) PLAIN "mov r4=0\n movl r5=" pkr "\n mov pkr[r4]=r5\n ssm 1<<15\n" ON
    struct ia64 *m = run_program(KEYED("0x701") "ld8 r8=[r20]\n tak r9=r20\n");

    (void)state;
    EXPECT(m, 8, 0x1122334455667788);
    EXPECT(m, 9, 0x700);
    ia64_free(m);
    expect_vector(KEYED("0x801") "ld8 r8=[r20]", 0x1c00, R); /* key miss */
    expect_vector(KEYED("0x705") "ld8 r8=[r20]", 0x5100, R); /* rd: reads are disabled */
    expect_vector(KEYED("0x703") "st8 [r20]=r0", 0x5100, W); /* wd */
}

static void probe_tpa_tak(void **state) {
    struct ia64 *m = run_program(INSERT("0x1e1", "(14<<2)|(7<<8)") ON /* ar 0, pl 3: read only */
                                 "probe.r r8=r20,3\n probe.w r9=r20,0\n adds r10=24,r20\n"
                                 "tpa r10=r10\n tak r11=r0\n");

    (void)state;
    EXPECT(m, 8, 1);
    EXPECT(m, 9, 0);
    EXPECT(m, 10, 0x204018);
    EXPECT(m, 11, 1); /* no translation */
    ia64_free(m);
    expect_vector(ON "probe.r r8=r20,3", 0x1000, R | NA | 2);
    expect_vector(ON "tpa r8=r20", 0x1000, NA | 0);
    expect_vector(ON "lfetch.fault [r20]", 0x1000, R | NA | 4);
    expect_vector(ON "fc r20", 0x1000, R | NA | 1);
    expect_vector(INSERT("0x061", "14<<2") ON "probe.w.fault r20,0", 0x5300, W | NA | 5);
    {
        struct ia64 *quiet = run_program(ON "lfetch [r20],16\n mov r8=r20\n");

        EXPECT(quiet, 8, 0x2000000000004010); /* a plain lfetch never faults */
        ia64_free(quiet);
    }
}

static void rights_by_level(void **state) {
    /* ar 4, pl 3: level 3 reads, level 0 writes */
    struct ia64 *m = run_program(INSERT("0x9e1", "14<<2") ON
                                 "probe.r r8=r20,3\n probe.w r9=r20,3\n probe.w r10=r20,2\n");

    (void)state;
    EXPECT(m, 8, 1);
    EXPECT(m, 9, 0);
    EXPECT(m, 10, 1);
    ia64_free(m);
}

/* Code at `there` runs through the mapping of region 1; the instruction TLB has its own entries. */
#define MAP_CODE(pte)                                                                              \
    "movl r3=0x2000000000104000\n mov cr.ifa=r3\n mov r4=14<<2\n mov cr.itir=r4\n"                 \
    "movl r3=" pte "+0x104000\n itc.i r3\n"
#define VECTORS /* stay reachable with psr.it */                                                   \
    "movl r3=0x10000\n mov cr.ifa=r3\n mov r4=16<<2\n mov cr.itir=r4\n movl r3=0x10661\n"          \
    "mov r5=0\n itr.i itr[r5]=r3\n"
#define GO                                                                                         \
    VECTORS "movl r4=(1<<36)|(1<<44)|(1<<13)\n mov cr.ipsr=r4\n movl r4=(1<<61)+0x104000\n mov "   \
            "cr.iip=r4\n"                                                                          \
            "mov cr.ifs=r0\n rfi\n .org 0x4000\nthere: mov r8=0x88\n rsm 0\n break 0x70\n"

static void instruction_translation(void **state) {
    struct ia64 *m = run_program(MAP_CODE("0x661") GO);

    (void)state;
    EXPECT(m, 8, 0x88);
    assert_true(ia64_cr(m, IIP) == UINT64_C(0x2000000000104000) ||
                ia64_cr(m, IIP) == UINT64_C(0x2000000000104010));
    ia64_free(m);
    expect_vector(GO, 0x0c00, X); /* alternate instruction TLB; the vector itself: see below */
}

static void instruction_faults(void **state) {
    (void)state;
    expect_vector(MAP_CODE("0x660") GO, 0x5000, X);
    expect_vector(MAP_CODE("0x641") GO, 0x2400, X);        /* access bit */
    expect_vector(MAP_CODE("0x461") GO, 0x5200, X);        /* ar 2: not executable */
    expect_vector(MAP_CODE("0x67d") GO, 0x5600, X | 0x20); /* NaT page */
}

static void walker_short_format(void **state) {
    /* a linear page table at 0x2000000001000000, itself mapped by a dtr; region 1 with ve = 1 */
    static const char table[] =
        "movl r2=1<<61\n movl r3=(0x123<<8)|(14<<2)|1\n mov rr[r2]=r3\n"
        "movl r3=0x2000000001000000|(20<<2)|1\n mov cr.pta=r3\n"
        "thash r8=r20\n"
        "movl r4=0x2000000001000000\n mov cr.ifa=r4\n mov r4=14<<2\n mov cr.itir=r4\n"
        "movl r3=0x300661\n mov r5=0\n itr.d dtr[r5]=r3\n"
        "movl r4=0x300008\n movl r3=0x204661\n st8 [r4]=r3\n" /* entry of page 1 */
        ON "ld8 r9=[r20]\n";
    struct ia64 *m = run_program(table);

    (void)state;
    EXPECT(m, 8, 0x2000000001000008);
    EXPECT(m, 9, 0x1122334455667788);
    ia64_free(m);
    expect_vector("movl r2=1<<61\n movl r3=(0x123<<8)|(14<<2)|1\n mov rr[r2]=r3\n"
                  "movl r3=0x2000000001000000|(20<<2)|1\n mov cr.pta=r3\n" ON "ld8 r9=[r20]\n",
                  0x0000, R); /* the table itself is not mapped: VHPT translation */
}

/* the table lies in region 2, with pages of 64 KiB; the reference is to region 1, with pages of 16
 * KiB */
static void an_unmapped_long_table_has_its_own_default_translation(void **state) {
    struct ia64 *m = run_program("movl r2=1<<61\n movl r3=(0x123<<8)|(14<<2)|1\n mov rr[r2]=r3\n"
                                 "movl r2=2<<61\n movl r3=(0x456<<8)|(16<<2)\n mov rr[r2]=r3\n"
                                 "movl r3=0x4000000001000000|(1<<8)|(20<<2)|1\n mov cr.pta=r3\n" ON
                                 "ld8 r9=[r20]\n");

    (void)state;
    assert_int_equal(ia64_ip(m), 0x10000); /* VHPT translation */
    assert_true(ia64_cr(m, IFA) == UINT64_C(0x2000000000004000));
    assert_int_equal(ia64_cr(m, IHA) >> 61, 2);
    assert_true(ia64_cr(m, ITIR) == (0x45600 | 16 << 2));
    ia64_free(m);
}

static void speculation_models(void **state) {
    /* psr.ic = 0: deferred; psr.ic = 1 and no ITLB.ed: the fault is taken, whatever dcr.dm says */
    struct ia64 *m = run_program("ssm 1<<17\n srlz.d\n ld8.s r8=[r20]\n mov r9=1\n");

    (void)state;
    EXPECT_NAT(m, 8);
    EXPECT(m, 9, 1);
    ia64_free(m);
    expect_vector("mov r4=1<<8\n mov cr.dcr=r4\n" ON "ld8.s r8=[r20]", 0x1000, R | SP);
}

static void recovery_model_asks_dcr(void **state) {
    /* ITLB.ed = 1: dcr.dm lets the miss defer */
#define RECOVERY(dcr)                                                                              \
    VECTORS "movl r4=" dcr "\n mov cr.dcr=r4\n" MAP_CODE(                                          \
        "(1<<52)+0x661") "movl r4=(1<<36)|(1<<44)|(1<<17)|(1<<13)\n mov cr.ipsr=r4\n movl "        \
                         "r4=(1<<61)+0x104000\n"                                                   \
                         "mov cr.iip=r4\n mov cr.ifs=r0\n rfi\n .org 0x4000\n ld8.s r8=[r20]\n "   \
                         "break 0x70\n"
    struct ia64 *m = run_program(RECOVERY("1<<8"));

    (void)state;
    EXPECT_NAT(m, 8);
    ia64_free(m);
    m = run_program(RECOVERY("0"));
    assert_int_equal(ia64_ip(m), 0x11000);
    assert_true(ia64_cr(m, IFA) == UINT64_C(0x2000000000004000));
    assert_true(ia64_cr(m, ISR) == (R | SP | UINT64_C(1) << 43)); /* ed is told to the handler */
    ia64_free(m);
}

static void reserved_insertions(void **state) {
    (void)state;
    expect_vector("ssm 1<<13\n srlz.d\n itc.d r0", 0x5400, 0); /* psr.ic = 1: illegal */
    expect_vector("mov cr.ifa=r20\n mov r3=8<<2\n mov cr.itir=r3\n movl r3=0x661\n itc.d r3",
                  0x5400, 0x30 | UINT64_C(1) << 39); /* page size 256 */
    expect_vector("mov cr.ifa=r20\n mov r3=14<<2\n mov cr.itir=r3\n movl r3=0x665\n itc.d r3",
                  0x5400, 0x30 | UINT64_C(1) << 39); /* memory attribute 1 */
}

static void overlapping_a_translation_register_stops(void **state) {
    struct ia64 *m = assemble("auto",
                              SETUP "mov cr.ifa=r20\n mov r3=14<<2\n mov cr.itir=r3\n"
                                    "movl r3=0x204661\n mov r5=3\n itr.d dtr[r5]=r3\n"
                                    "itr.d dtr[r5]=r3\n" /* the same register: replaced */
                                    "itc.d r3\n break 0\n",
                              NULL);

    (void)state;
    assert_int_equal(ia64_run(m, 1000), IA64_STOP_UNIMPLEMENTED);
    assert_non_null(strstr(ia64_message(m), "itc.d r3;;: meets a translation register"));
    ia64_free(m);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(translated_load_and_store),
    cmocka_unit_test(misses),
    cmocka_unit_test(entry_faults),
    cmocka_unit_test(purges),
    cmocka_unit_test(keys),
    cmocka_unit_test(probe_tpa_tak),
    cmocka_unit_test(rights_by_level),
    cmocka_unit_test(instruction_translation),
    cmocka_unit_test(instruction_faults),
    cmocka_unit_test(walker_short_format),
    cmocka_unit_test(an_unmapped_long_table_has_its_own_default_translation),
    cmocka_unit_test(speculation_models),
    cmocka_unit_test(recovery_model_asks_dcr),
    cmocka_unit_test(reserved_insertions),
    cmocka_unit_test(overlapping_a_translation_register_stops),
};
MACHINE_TESTS(tests)
