/*
 * The multimedia instructions of mm.h, by hand-computed values: the examples show where elements go
 * and what their extremes do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mm.h"

#define X(digits) UINT64_C(0x##digits)

struct binary {
    uint64_t (*function)(uint64_t, uint64_t);
    uint64_t a, b, result;
};

static void check(const struct binary *cases, size_t count) {
    for (size_t i = 0; i < count; i++)
        assert_int_equal(cases[i].function(cases[i].a, cases[i].b), cases[i].result);
}
#define CHECK(cases) check(cases, sizeof cases / sizeof *cases)

static void sums_and_differences(void **state) {
    (void)state;
    static const struct binary cases[] = {
        {ia64_padd1, X(ff01807f00ff1020), X(0101800100ff0102), X(0002008000fe1122)},
        {ia64_padd1_sss, X(7f80ff01408010f0), X(01ff010140801010), X(7f8000027f802000)},
        {ia64_padd1_uuu, X(7f80ff01408010f0), X(01ff010140801010), X(80ffff0280ff20ff)},
        {ia64_padd1_uus, X(7f80ff01408010f0), X(01ff0101ff80f010), X(807fff023f0000ff)},
        {ia64_padd2, X(ffff00018000ffff), X(0001ffff8000fffe), X(000000000000fffd)},
        {ia64_padd2_sss, X(7fff8000ffff4000), X(0001ffff00014000), X(7fff800000007fff)},
        {ia64_padd2_uuu, X(7ffffff0ffff4000), X(0001ffff00014000), X(8000ffffffff8000)},
        {ia64_padd2_uus, X(7ffffff0000f4000), X(80000100ffe04000), X(0000ffff00008000)},
        {ia64_padd4, X(ffffffff80000000), X(0000000280000001), X(0000000100000001)},
        {ia64_psub1, X(00017f8000ff1020), X(01ff80010001ff10), X(ff02ff7f00fe1110)},
        {ia64_psub1_sss, X(00807f8000ff1020), X(010180017f80ff10), X(ff807f80817f1110)},
        {ia64_psub1_uuu, X(00807fff10ff1020), X(018080017f80ff10), X(000000fe007f0010)},
        {ia64_psub1_uus, X(00807fff10ff1020), X(ff80ff8001017f10), X(01ff80ff0ffe0010)},
        {ia64_psub2, X(0000ffff80001000), X(0001fffe00012000), X(ffff00017ffff000)},
        {ia64_psub2_sss, X(80007fff00008000), X(0001ffff80008000), X(80007fff7fff0000)},
        {ia64_psub2_uuu, X(0000ffff80001000), X(0001fffe00012000), X(000000017fff0000)},
        {ia64_psub2_uus, X(0000ffff00101000), X(8000fffe00200001), X(8000ffff00000fff)},
        {ia64_psub4, X(0000000080000000), X(0000000100000001), X(ffffffff7fffffff)},
    };
    CHECK(cases);
}

static void averages(void **state) {
    (void)state;
    static const struct binary cases[] = {
        /* The lost bit is or-ed into the lowest, or rounds up. */
        {ia64_pavg1, X(00ff01020304ff00), X(01ff02020506fe00), X(01ff01020405ff00)},
        {ia64_pavg1_raz, X(00ff01020304ff00), X(01ff02030506fe00), X(01ff02030405ff00)},
        {ia64_pavg2, X(0000ffff00010003), X(0001ffff00020005), X(0001ffff00010004)},
        {ia64_pavg2_raz, X(0000ffff00010003), X(0001ffff00020005), X(0001ffff00020004)},
        {ia64_pavgsub1, X(0001ff0304050607), X(010000ff04060605), X(ff017f8200ff0001)},
        {ia64_pavgsub2, X(0000ffff00050007), X(0001000000060004), X(ffff7fffffff0001)},
    };
    CHECK(cases);
}

static void comparisons(void **state) {
    (void)state;
    static const struct binary cases[] = {
        {ia64_pcmp1_eq, X(0102030405060708), X(0100030005000700), X(ff00ff00ff00ff00)},
        {ia64_pcmp1_gt, X(0180007f00ff0102), X(0001ff8000000201), X(ff00ffff000000ff)},
        {ia64_pcmp2_eq, X(0102030405060708), X(0102030005060700), X(ffff0000ffff0000)},
        {ia64_pcmp2_gt, X(000180007fffffff), X(ffff7fff80000000), X(ffff0000ffff0000)},
        {ia64_pcmp4_eq, X(0102030405060708), X(0102030405060700), X(ffffffff00000000)},
        {ia64_pcmp4_gt, X(0000000080000000), X(ffffffff7fffffff), X(ffffffff00000000)},
        {ia64_pmin1_u, X(00ff7f8001020304), X(ff007f7f02010403), X(00007f7f01010303)},
        {ia64_pmax1_u, X(00ff7f8001020304), X(ff007f7f02010403), X(ffff7f8002020404)},
        {ia64_pmin2, X(80007fff00010002), X(7fff8000ffff0003), X(80008000ffff0002)},
        {ia64_pmax2, X(80007fff00010002), X(7fff8000ffff0003), X(7fff7fff00010003)},
        {ia64_psad1, X(00ff0102030405ff), X(ff00020103040500), 255 + 255 + 1 + 1 + 255},
    };
    CHECK(cases);
}

static void products(void **state) {
    (void)state;
    static const struct binary cases[] = {
        {ia64_pmpy2_r, X(0002ffff00038000), X(0005000700028000), X(fffffff940000000)},
        {ia64_pmpy2_l, X(0002ffff80008000), X(0005000700028000), X(0000000affff0000)},
        {ia64_mpy4, X(12345678ffffffff), X(9abcdef0ffffffff), X(fffffffe00000001)},
        {ia64_mpyshl4, X(0000000300000007), X(0000000900000005), X(0000000f00000000)},
    };
    CHECK(cases);
    assert_int_equal(ia64_pmpyshr2(X(8000800000020100), X(80007fff00030100), 0),
                     X(0000800000060000));
    assert_int_equal(ia64_pmpyshr2(X(8000800000020100), X(80007fff00030100), 16),
                     X(4000c00000000001));
    assert_int_equal(ia64_pmpyshr2(X(8000800000020100), X(80007fff00030100), 15),
                     X(8000800100000002));
    assert_int_equal(ia64_pmpyshr2_u(X(ffff800000020100), X(ffff7fff00030100), 16),
                     X(fffe3fff00000001));
    assert_int_equal(ia64_pmpyshr2_u(X(ffff800000020100), X(ffff7fff00030100), 7),
                     X(fc00ff0000000200));
}

static void shifts(void **state) {
    (void)state;
    static const struct binary cases[] = {
        {ia64_pshl2, X(0001800100ffffff), 4, X(001000100ff0fff0)},
        {ia64_pshl2, X(0001800100ffffff), 16, 0},
        {ia64_pshl2, X(0001800100ffffff), X(100000000), 0},
        {ia64_pshl4, X(00018001800000ff), 8, X(018001000000ff00)},
        {ia64_pshl4, X(00018001800000ff), 32, 0},
        {ia64_pshr2, X(8000000ff0007fff), 4, X(f8000000ff0007ff)},
        {ia64_pshr2, X(8000000ff0007fff), 99, X(ffff0000ffff0000)},
        {ia64_pshr2_u, X(8000000ff0007fff), 4, X(080000000f0007ff)},
        {ia64_pshr2_u, X(8000000ff0007fff), 16, 0},
        {ia64_pshr4, X(8000000070000000), 31, X(ffffffff00000000)},
        {ia64_pshr4, X(8000000070000000), 64, X(ffffffff00000000)},
        {ia64_pshr4_u, X(8000000070000000), 28, X(0000000800000007)},
    };
    CHECK(cases);
    /* A shift that overflows saturates by itself; the sum saturates otherwise. */
    assert_int_equal(ia64_pshladd2(X(0001400080003fff), X(0003ffff7fff7fff), 1),
                     X(00057fff80007fff));
    assert_int_equal(ia64_pshladd2(X(00007fff80000000), X(000080007fff0000), 1),
                     X(00007fff80000000));
    assert_int_equal(ia64_pshladd2(X(ffff0fffe0000000), X(0001000100010001), 3),
                     X(fff97ff980000001));
    assert_int_equal(ia64_pshradd2(X(80007fff00070004), X(800040007fff0001), 1),
                     X(80007fff7fff0003));
    assert_int_equal(ia64_pshradd2(X(ffff000f00070004), X(0000000000000001), 3),
                     X(ffff000100000001));
}

static void packing(void **state) {
    (void)state;
    static const struct binary cases[] = {
        {ia64_pack2_sss, X(0001007f0080ffff), X(ff80ff7f80007fff), X(8080807f017f7fff)},
        {ia64_pack2_uss, X(000100ff0100ffff), X(ff80007f80007fff), X(007f00ff01ffff00)},
        {ia64_pack4_sss, X(0000000100008000), X(ffff7fff80000000), X(8000800000017fff)},
        {ia64_unpack1_h, X(a7a6a5a4a3a2a1a0), X(b7b6b5b4b3b2b1b0), X(a7b7a6b6a5b5a4b4)},
        {ia64_unpack1_l, X(a7a6a5a4a3a2a1a0), X(b7b6b5b4b3b2b1b0), X(a3b3a2b2a1b1a0b0)},
        {ia64_unpack2_h, X(a7a6a5a4a3a2a1a0), X(b7b6b5b4b3b2b1b0), X(a7a6b7b6a5a4b5b4)},
        {ia64_unpack2_l, X(a7a6a5a4a3a2a1a0), X(b7b6b5b4b3b2b1b0), X(a3a2b3b2a1a0b1b0)},
        {ia64_unpack4_h, X(a7a6a5a4a3a2a1a0), X(b7b6b5b4b3b2b1b0), X(a7a6a5a4b7b6b5b4)},
        {ia64_unpack4_l, X(a7a6a5a4a3a2a1a0), X(b7b6b5b4b3b2b1b0), X(a3a2a1a0b3b2b1b0)},
        {ia64_mix1_l, X(a7a6a5a4a3a2a1a0), X(b7b6b5b4b3b2b1b0), X(a7b7a5b5a3b3a1b1)},
        {ia64_mix1_r, X(a7a6a5a4a3a2a1a0), X(b7b6b5b4b3b2b1b0), X(a6b6a4b4a2b2a0b0)},
        {ia64_mix2_l, X(a7a6a5a4a3a2a1a0), X(b7b6b5b4b3b2b1b0), X(a7a6b7b6a3a2b3b2)},
        {ia64_mix2_r, X(a7a6a5a4a3a2a1a0), X(b7b6b5b4b3b2b1b0), X(a5a4b5b4a1a0b1b0)},
        {ia64_mix4_l, X(a7a6a5a4a3a2a1a0), X(b7b6b5b4b3b2b1b0), X(a7a6a5a4b7b6b5b4)},
        {ia64_mix4_r, X(a7a6a5a4a3a2a1a0), X(b7b6b5b4b3b2b1b0), X(a3a2a1a0b3b2b1b0)},
    };
    CHECK(cases);
}

static void permutations(void **state) {
    (void)state;
    static const struct {
        unsigned code;
        uint64_t result;
    } mux1[] = {
        {0, X(a0a0a0a0a0a0a0a0)},  {8, X(a7a3a5a1a6a2a4a0)},  {9, X(a7a3a6a2a5a1a4a0)},
        {10, X(a7a5a3a1a6a4a2a0)}, {11, X(a0a1a2a3a4a5a6a7)},
    };
    for (size_t i = 0; i < sizeof mux1 / sizeof *mux1; i++) {
        assert_true(ia64_mux1_valid(mux1[i].code));
        assert_int_equal(ia64_mux1(X(a7a6a5a4a3a2a1a0), mux1[i].code), mux1[i].result);
    }
    for (unsigned code = 1; code < 8; code++)
        assert_false(ia64_mux1_valid(code));
    for (unsigned code = 12; code < 20; code++)
        assert_false(ia64_mux1_valid(code));
    assert_int_equal(ia64_mux2(X(3333222211110000), 0xe4), X(3333222211110000));
    assert_int_equal(ia64_mux2(X(3333222211110000), 0x1b), X(0000111122223333));
    assert_int_equal(ia64_mux2(X(3333222211110000), 0x00), 0);
}

static void counts(void **state) {
    (void)state;
    assert_int_equal(ia64_popcnt(X(8000000000000001)), 2);
    assert_int_equal(ia64_popcnt(UINT64_MAX), 64);
    assert_int_equal(ia64_clz(0), 64);
    assert_int_equal(ia64_clz(1), 63);
    assert_int_equal(ia64_clz(UINT64_MAX), 0);
    assert_int_equal(ia64_czx1_l(X(1122003300445566)), 2);
    assert_int_equal(ia64_czx1_r(X(1122003300445566)), 3);
    assert_int_equal(ia64_czx1_l(UINT64_MAX), 8);
    assert_int_equal(ia64_czx1_r(UINT64_MAX), 8);
    assert_int_equal(ia64_czx1_l(0), 0);
    assert_int_equal(ia64_czx2_l(X(1122000000445566)), 1);
    assert_int_equal(ia64_czx2_r(X(1122000000445566)), 2);
    assert_int_equal(ia64_czx2_r(X(1122110000445566)), 4);
}

#define TEST(name) cmocka_unit_test(name)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(sums_and_differences),
        TEST(averages),
        TEST(comparisons),
        TEST(products),
        TEST(shifts),
        TEST(packing),
        TEST(permutations),
        TEST(counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
