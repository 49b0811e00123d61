/*
 * fp.h: comparison, approximation, conversion, bits, parallel forms and the status register, by
 * hand-computed values and the statements of the manual (volume 3, the pages of the instructions).
 */
#include "test_fp.h"

#include <math.h>

/* ---- comparison ---- */

static void every_relation_of_every_order(void **state) {
    (void)state;
    struct ia64_fr one = IA64_FR_ONE, two = number(1, 0), zero = IA64_FR_ZERO;
    const struct {
        struct ia64_fr a, b;
        bool less, equal, unordered;
    } cases[] = {
        {one, two, true, false, false},
        {two, one, false, false, false},
        {negative(two), negative(one), true, false, false},
        {negative(one), one, true, false, false},
        {one, one, false, true, false},
        {zero, negative(zero), false, true, false},
        {pseudo_zero, zero, false, true, false},
        {pseudo_zero, number(-500, 0), true, false, false},
        {(struct ia64_fr){BIT63 >> 1, 0x10000, 0}, one, false, true, false},
        {negative(infinity), negative(two), true, false, false},
        {two, infinity, true, false, false},
        {infinity, infinity, false, true, false},
        {quiet_nan(1), one, false, false, true},
        {one, unsupported, false, false, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool less = cases[i].less, equal = cases[i].equal, unordered = cases[i].unordered;
        const bool expected[] = {equal,  less,  less || equal,    unordered,
                                 !equal, !less, !(less || equal), !unordered};
        for (int rel = IA64_FREL_EQ; rel <= IA64_FREL_ORD; rel++) {
            struct ia64_fp_env env = extended();
            assert_int_equal(ia64_fcmp(cases[i].a, cases[i].b, rel, &env), expected[rel]);
        }
    }
}

static void quiet_nans_are_invalid_for_less_only(void **state) {
    (void)state;
    static const bool invalid[] = {false, true, true, false, false, true, true, false};

    for (int rel = IA64_FREL_EQ; rel <= IA64_FREL_ORD; rel++) {
        struct ia64_fp_env env = extended();
        ia64_fcmp(quiet_nan(1), IA64_FR_ONE, rel, &env);
        assert_outcome(&env, invalid[rel] ? IA64_FP_V : 0, 0, 0);
        ia64_fcmp(IA64_FR_ONE, signalling_nan(1), rel, &env);
        assert_outcome(&env, IA64_FP_V, 0, 0);
        env = extended(); /* beside a NaN, an unnormal operand is not noted */
        ia64_fcmp(quiet_nan(1), (struct ia64_fr){1, 0x10002, 0}, rel, &env);
        assert_outcome(&env, invalid[rel] ? IA64_FP_V : 0, 0, 0);
        assert_int_equal(ia64_fcmp(IA64_FR_NATVAL, signalling_nan(1), rel, &env), IA64_FP_NAT);
    }
}

static void minimum_and_maximum(void **state) {
    (void)state;
    struct ia64_fr one = IA64_FR_ONE, minus_two = negative(number(1, 0)), zero = IA64_FR_ZERO;
    struct ia64_fp_env env = extended();

    assert_fr(ia64_fminmax(one, minus_two, IA64_FMIN, &env), minus_two);
    assert_fr(ia64_fminmax(one, minus_two, IA64_FMAX, &env), one);
    assert_fr(ia64_fminmax(one, minus_two, IA64_FAMIN, &env), one);
    assert_fr(ia64_fminmax(one, minus_two, IA64_FAMAX, &env), minus_two);
    /* A pseudo-zero whose absolute value would have the encoding of NaTVal. */
    assert_fr(ia64_fminmax((struct ia64_fr){0, 0x1fffe, 1}, one, IA64_FAMIN, &env),
              (struct ia64_fr){0, 0x1fffe, 1});
    assert_outcome(&env, IA64_FP_D, 0, 0);
    env = extended();
    /* The second operand where they are equal. */
    assert_fr(ia64_fminmax(zero, negative(zero), IA64_FMAX, &env), negative(zero));
    assert_outcome(&env, 0, 0, 0);
    /* And where one is a NaN, as it is. */
    assert_fr(ia64_fminmax(quiet_nan(1), one, IA64_FMIN, &env), one);
    assert_fr(ia64_fminmax(one, signalling_nan(1), IA64_FMIN, &env), signalling_nan(1));
    assert_outcome(&env, IA64_FP_V, 0, 0);
}

static void classes(void **state) {
    (void)state;
    const struct {
        struct ia64_fr a;
        unsigned class9;
    } cases[] = {
        {IA64_FR_ONE, 0x11},  {negative(IA64_FR_ONE), 0x12},
        {IA64_FR_ZERO, 0x05}, {negative(IA64_FR_ZERO), 0x06},
        {pseudo_zero, 0x09},  {{1, 0, 1}, 0x0a},
        {infinity, 0x21},     {signalling_nan(1), 0x40},
        {quiet_nan(1), 0x80},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned class9 = cases[i].class9, sign = class9 & 3;
        assert_int_equal(ia64_fclass(cases[i].a, class9), IA64_FP_TRUE);
        assert_int_equal(ia64_fclass(cases[i].a, 0x1ff), IA64_FP_TRUE);
        assert_int_equal(ia64_fclass(cases[i].a, 0x1ff & ~(class9 & 0xfc)), IA64_FP_FALSE);
        if (sign) assert_int_equal(ia64_fclass(cases[i].a, 0x1ff & ~sign), IA64_FP_FALSE);
    }
    assert_int_equal(ia64_fclass(unsupported, 0x1ff), IA64_FP_FALSE);
    assert_int_equal(ia64_fclass(IA64_FR_NATVAL, 0x100), IA64_FP_TRUE);
    assert_int_equal(ia64_fclass(IA64_FR_NATVAL, 0x0ff), IA64_FP_NAT);
}

/* ---- reciprocals ---- */

/* frcpa has a relative error below 2^-8.886, frsqrta below 2^-8.831: the manual's statement of the
 * tables, and the worst values are those at the ends of the intervals. */
static void approximations_are_as_good_as_the_manual_says(void **state) {
    (void)state;
    double worst = 0, worst_sqrt = 0;

    for (unsigned i = 0; i < 256; i++)
        for (int end = 0; end < 2; end++) {
            uint64_t low_bits = end ? (UINT64_C(1) << 55) - 1 : 0;
            struct ia64_fr x = number(0, (uint64_t)i << 55 | low_bits), r;
            struct ia64_fp_env env = extended();
            bool p2;

            r = ia64_frcpa(IA64_FR_ONE, x, &p2, &env);
            assert_true(p2);
            worst = fmax(worst, fabs(ldexp((double)r.sig, (int)r.exp - 0xffff - 63) *
                                         ldexp((double)x.sig, -63) -
                                     1));
            for (int odd = 0; odd < 2; odd++) {
                x.exp = 0xffff + (unsigned)odd;
                r = ia64_frsqrta(x, &p2, &env);
                assert_true(p2);
                double root = sqrt(ldexp((double)x.sig, odd - 63));
                worst_sqrt = fmax(worst_sqrt,
                                  fabs(ldexp((double)r.sig, (int)r.exp - 0xffff - 63) * root - 1));
            }
            assert_outcome(&env, 0, 0, 0);
        }
    assert_true(worst < exp2(-8.886) && worst > exp2(-8.9));
    assert_true(worst_sqrt < exp2(-8.831) && worst_sqrt > exp2(-8.85));
}

static void special_quotients(void **state) {
    (void)state;
    struct ia64_fr one = IA64_FR_ONE, zero = IA64_FR_ZERO, unnormal = {1, 0x10002, 0};
    const struct {
        struct ia64_fr a, b, r;
        unsigned flags;
    } cases[] = {
        {infinity, infinity, indefinite, IA64_FP_V},
        {zero, zero, indefinite, IA64_FP_V},
        {negative(one), zero, negative(infinity), IA64_FP_Z},
        {infinity, zero, infinity, 0},
        {infinity, negative(one), negative(infinity), 0},
        {one, negative(infinity), negative(zero), 0},
        {zero, one, zero, 0},
        {quiet_nan(5), signalling_nan(6), quiet_nan(5), IA64_FP_V},
        {infinity, unnormal, infinity, IA64_FP_D},
        {pseudo_zero, one, zero, IA64_FP_D},
        {unnormal, infinity, zero, IA64_FP_D},
        {unnormal, zero, infinity, IA64_FP_Z},
        {one, quiet_nan(6), quiet_nan(6), 0},
        {IA64_FR_NATVAL, quiet_nan(1), IA64_FR_NATVAL, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ia64_fp_env env = extended();
        bool p2 = true;
        assert_fr(ia64_frcpa(cases[i].a, cases[i].b, &p2, &env), cases[i].r);
        assert_false(p2);
        assert_outcome(&env, cases[i].flags, 0, 0);
        env = env_with(0, PC_EXTENDED, IA64_PC_DYNAMIC);
        ia64_frcpa(cases[i].a, cases[i].b, &p2, &env);
        assert_int_equal(env.fault, cases[i].flags);
    }
}

static void exponents_at_the_ends_need_software_assistance(void **state) {
    (void)state;
    /* Exponents as encoded; frcpa of b with numerator a. */
    const struct {
        uint32_t a, b;
        bool assisted;
    } cases[] = {
        {0xffff, 0x00001, false},  {0xffff, 0x1fffb, false}, {0xffff, 0x1fffc, true},
        {0x1fffd, 0x0ffff, false}, {0x1fff0, 0x1fffc, true}, {0x1fff0, 0x1fffb, false},
        {0x0fffe, 0x1fffb, true},  {0x1fffe, 0xffff, true},  {65, 0xffff, false},
        {64, 0xffff, true},        {0x10000, 0x1fffd, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ia64_fp_env env = extended();
        bool p2;
        ia64_frcpa((struct ia64_fr){BIT63, cases[i].a, 0}, (struct ia64_fr){BIT63, cases[i].b, 0},
                   &p2, &env);
        assert_int_equal(env.fault, cases[i].assisted ? 8 : 0);
        assert_int_equal(p2, !cases[i].assisted);
    }
    struct ia64_fp_env env = extended();
    bool p2;
    ia64_frcpa((struct ia64_fr){BIT63, 100, 0}, (struct ia64_fr){BIT63 >> 1, 1, 0}, &p2, &env);
    assert_int_equal(env.fault, 8);
    env = extended();
    ia64_frsqrta((struct ia64_fr){BIT63, 64, 0}, &p2, &env);
    assert_int_equal(env.fault, 8);
    env = extended();
    ia64_frsqrta((struct ia64_fr){BIT63, 65, 0}, &p2, &env);
    assert_int_equal(env.fault, 0);
}

static void special_square_roots(void **state) {
    (void)state;
    struct ia64_fp_env env = extended();
    bool p2;

    assert_fr(ia64_frsqrta(negative(IA64_FR_ZERO), &p2, &env), negative(IA64_FR_ZERO));
    assert_false(p2);
    assert_fr(ia64_frsqrta(infinity, &p2, &env), infinity);
    assert_outcome(&env, 0, 0, 0);
    assert_fr(ia64_frsqrta(negative(IA64_FR_ONE), &p2, &env), indefinite);
    assert_outcome(&env, IA64_FP_V, 0, 0);
}

/* ---- conversion ---- */

static void conversion_to_integers(void **state) {
    (void)state;
    struct ia64_fr one_and_half = number(0, BIT63 >> 1), two_and_half = number(1, BIT63 >> 2);
    const struct {
        struct ia64_fr a;
        bool is_unsigned, trunc;
        uint64_t result;
        unsigned flags;
    } cases[] = {
        {one_and_half, false, false, 2, IA64_FP_I},
        {two_and_half, false, false, 2, IA64_FP_I},
        {one_and_half, false, true, 1, IA64_FP_I},
        {negative(one_and_half), false, false, (uint64_t)-2, IA64_FP_I},
        {negative(one_and_half), false, true, (uint64_t)-1, IA64_FP_I},
        {number(-1, 0), true, false, 0, IA64_FP_I},
        {negative(number(-1, 0)), true, false, 0, IA64_FP_I},
        {negative(IA64_FR_ONE), true, false, BIT63, IA64_FP_V},
        {number(63, 0), false, false, BIT63, IA64_FP_V},
        {negative(number(63, 0)), false, false, BIT63, 0},
        {negative(number(63, 1)), false, false, BIT63, IA64_FP_V},
        {number(63, 1), true, false, BIT63 | 1, 0},
        {number(64, 0), true, false, BIT63, IA64_FP_V},
        {number(62, BIT63 - 1), false, false, BIT63, IA64_FP_V}, /* rounds up to 2^63 */
        {number(62, BIT63 - 1), false, true, BIT63 - 1, IA64_FP_I},
        {quiet_nan(1), false, false, BIT63, IA64_FP_V},
        {infinity, true, true, BIT63, IA64_FP_V},
        {IA64_FR_ZERO, false, false, 0, 0},
        {pseudo_zero, false, false, 0, IA64_FP_D},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ia64_fp_env env = extended();
        assert_fr(ia64_fcvt_fx(cases[i].a, cases[i].is_unsigned, cases[i].trunc, &env),
                  ia64_fr_integer(cases[i].result));
        assert_outcome(&env, cases[i].flags, 0, 0);
    }
    struct ia64_fp_env env = extended();
    assert_fr(ia64_fcvt_fx(IA64_FR_NATVAL, false, false, &env), IA64_FR_NATVAL);
}

static void conversion_from_integers_is_exact(void **state) {
    (void)state;
    assert_fr(ia64_fcvt_xf(ia64_fr_integer(5)), number(2, BIT63 >> 2));
    assert_fr(ia64_fcvt_xf(ia64_fr_integer(UINT64_MAX)), negative(IA64_FR_ONE));
    assert_fr(ia64_fcvt_xf(ia64_fr_integer(BIT63)), negative(number(63, 0)));
    assert_fr(ia64_fcvt_xf(ia64_fr_integer(0)), IA64_FR_ZERO);
    assert_fr(ia64_fcvt_xf(IA64_FR_NATVAL), IA64_FR_NATVAL);
}

/* ---- bits ---- */

static void merges_and_masks(void **state) {
    (void)state;
    struct ia64_fr a = {UINT64_C(0x8111111122222222), 0x10005, 1},
                   b = {UINT64_C(0xb3333333c4444444), 0x10009, 0};
    const struct {
        struct ia64_fr (*function)(struct ia64_fr, struct ia64_fr);
        struct ia64_fr result;
    } cases[] = {
        {ia64_fmerge_s, {b.sig, b.exp, 1}},
        {ia64_fmerge_ns, {b.sig, b.exp, 0}},
        {ia64_fmerge_se, {b.sig, a.exp, 1}},
        {ia64_fand, {UINT64_C(0x8111111100000000), 0x1003e, 0}},
        {ia64_fandcm, {UINT64_C(0x0000000022222222), 0x1003e, 0}},
        {ia64_for, {UINT64_C(0xb3333333e6666666), 0x1003e, 0}},
        {ia64_fxor, {UINT64_C(0x32222222e6666666), 0x1003e, 0}},
        {ia64_fmix_l, {UINT64_C(0x81111111b3333333), 0x1003e, 0}},
        {ia64_fmix_r, {UINT64_C(0x22222222c4444444), 0x1003e, 0}},
        {ia64_fmix_lr, {UINT64_C(0x81111111c4444444), 0x1003e, 0}},
        {ia64_fswap, {UINT64_C(0xc444444481111111), 0x1003e, 0}},
        {ia64_fswap_nl, {UINT64_C(0x4444444481111111), 0x1003e, 0}},
        {ia64_fswap_nr, {UINT64_C(0xc444444401111111), 0x1003e, 0}},
        {ia64_fsxt_l, {UINT64_C(0xffffffffb3333333), 0x1003e, 0}},
        {ia64_fsxt_r, {UINT64_C(0x00000000c4444444), 0x1003e, 0}},
        {ia64_fpmerge_s, {UINT64_C(0xb333333344444444), 0x1003e, 0}},
        {ia64_fpmerge_ns, {UINT64_C(0x33333333c4444444), 0x1003e, 0}},
        {ia64_fpmerge_se, {UINT64_C(0x8133333322444444), 0x1003e, 0}},
        /* -2^6 * 1.00.. and 2^10 * 1.01.. as singles */
        {ia64_fpack, {UINT64_C(0xc281111144b33333), 0x1003e, 0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_fr(cases[i].function(a, b), cases[i].result);
        assert_fr(cases[i].function(IA64_FR_NATVAL, b), IA64_FR_NATVAL);
        assert_fr(cases[i].function(a, IA64_FR_NATVAL), IA64_FR_NATVAL);
    }
    struct ia64_fr mask = {UINT64_C(0xffffffff00000000), 0, 0};
    assert_fr(ia64_fselect(a, b, mask), ia64_fr_integer(UINT64_C(0x81111111c4444444)));
    assert_fr(ia64_fselect(a, b, IA64_FR_NATVAL), IA64_FR_NATVAL);
}

/* ---- parallel ---- */

static struct ia64_fr singles(uint32_t high, uint32_t low) {
    return ia64_fr_integer((uint64_t)high << 32 | low);
}

static struct ia64_fp_env parallel(unsigned traps) {
    return env_with(traps, 0, IA64_PC_PARALLEL);
}

static void parallel_arithmetic_on_both_halves(void **state) {
    (void)state;
    enum {
        ONE = 0x3f800000,
        TWO = 0x40000000,
        THREE = 0x40400000,
        SEVEN = 0x40e00000,
        INF = 0x7f800000,
        QNAN = 0xffc00000u
    };
    struct ia64_fp_env env = parallel(MASKED);

    assert_fr(ia64_fpma(singles(TWO, ONE), singles(THREE, ONE), singles(ONE, ONE), IA64_FMA, &env),
              singles(SEVEN, TWO));
    assert_outcome(&env, 0, 0, 0);
    assert_fr(ia64_fpma(singles(INF, ONE), singles(0, ONE), singles(ONE, ONE), IA64_FMA, &env),
              singles(QNAN, TWO));
    assert_outcome(&env, IA64_FP_V, 0, 0);
    assert_fr(ia64_fpminmax(singles(TWO, ONE), singles(THREE, 0), IA64_FMAX, &env),
              singles(THREE, ONE));
    assert_fr(ia64_fpcmp(singles(TWO, ONE), singles(THREE, ONE), IA64_FREL_LT, &env),
              singles(UINT32_MAX, 0));
    assert_fr(ia64_fpma(singles(1, 1), IA64_FR_NATVAL, singles(1, 1), IA64_FMA, &env),
              IA64_FR_NATVAL);
}

static void parallel_faults_and_traps_name_their_half(void **state) {
    (void)state;
    enum { ONE = 0x3f800000, TWO = 0x40000000, INF = 0x7f800000, BIG = 0x7f000000, DENORMAL = 1 };
    struct ia64_fp_env env = parallel(0);

    ia64_fpma(singles(INF, DENORMAL), singles(0, ONE), singles(ONE, ONE), IA64_FMA, &env);
    assert_outcome(&env, 0, 0x21, 0); /* V of the high half, D of the low one */
    env = parallel(0);
    ia64_fpma(singles(BIG, ONE), singles(BIG, ONE), singles(0, 0), IA64_FMPY, &env);
    assert_outcome(&env, IA64_FP_O, 0, 0x0801);
    env = parallel(0);
    struct ia64_fr r =
        ia64_fpma(singles(ONE, BIG), singles(ONE, BIG), singles(0, 0), IA64_FMPY, &env);
    assert_outcome(&env, IA64_FP_O, 0, 0x0081);
    assert_fr(r, singles(ONE, 0x3e800000)); /* 2^254, the exponent taken modulo 2^8 */
    env = parallel(0);
    r = ia64_fpma(singles(BIG, ONE), singles(TWO, ONE), singles(0, 0), IA64_FMPY, &env);
    assert_fr(r, singles(0x7f800000, ONE)); /* 2^128: the exponent 255 */
}

static void parallel_conversion_and_approximation(void **state) {
    (void)state;
    enum {
        MINUS_2_5 = 0xc0200000u,
        TWO = 0x40000000,
        HUGE = 0x4f000000 /* 2^31 */,
        ONE = 0x3f800000
    };
    struct ia64_fp_env env = parallel(MASKED);
    bool p2;

    assert_fr(ia64_fpcvt_fx(singles(MINUS_2_5, TWO), false, false, &env), singles((uint32_t)-2, 2));
    assert_outcome(&env, IA64_FP_I, 0, 0);
    assert_fr(ia64_fpcvt_fx(singles(HUGE, HUGE), true, false, &env),
              singles(0x80000000, 0x80000000));
    assert_outcome(&env, IA64_FP_I, 0, 0);
    assert_fr(ia64_fpcvt_fx(singles(HUGE, TWO), false, false, &env), singles(0x80000000, 2));
    assert_outcome(&env, IA64_FP_I | IA64_FP_V, 0, 0);
    env = parallel(MASKED);
    assert_fr(ia64_fprcpa(singles(ONE, ONE), singles(TWO, ONE), &p2, &env),
              singles(0x3eff8000, 0x3f7f8000));
    assert_true(p2);
    ia64_fprcpa(singles(ONE, ONE), singles(TWO, 0), &p2, &env);
    assert_false(p2);
    assert_outcome(&env, IA64_FP_Z, 0, 0);
    assert_fr(ia64_fprsqrta(singles(0, 0x7f800000), &p2, &env), singles(0x7f800000, 0));
    assert_false(p2);
}

/* Halves of fprcpa and fprsqrta with which the iteration could leave the range of singles clear p2.
 */
static void parallel_approximations_at_the_ends_of_the_range(void **state) {
    (void)state;
    /* Exponents as encoded in singles, all with the fraction 0; the result has the table's first
     * entry. */
    const struct {
        uint32_t a, b;
        bool p2;
        uint32_t result;
    } cases[] = {
        {127, 127, true, 0x3f7f8000},  {251, 126, true, 0x3fff8000}, {252, 126, true, 0x3fff8000},
        {253, 126, false, 0x3fff8000}, {126, 250, true, 0x01ff8000}, {125, 250, false, 0x01ff8000},
        {25, 127, true, 0x3f7f8000},   {24, 127, false, 0x3f7f8000}, {200, 251, true, 0x017f8000},
        {200, 252, false, 0},          {100, 1, true, 0x7e7f8000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int low = 0; low < 2; low++) {
            enum { ONE = 0x3f800000 };
            uint32_t a = cases[i].a << 23, b = cases[i].b << 23;
            struct ia64_fp_env env = parallel(MASKED);
            bool p2;
            struct ia64_fr r = low ? ia64_fprcpa(singles(ONE, a), singles(ONE, b), &p2, &env)
                                   : ia64_fprcpa(singles(a, ONE), singles(b, ONE), &p2, &env);
            assert_int_equal(low ? (uint32_t)r.sig : r.sig >> 32, cases[i].result);
            assert_int_equal(p2, cases[i].p2);
        }
    struct ia64_fp_env env = parallel(MASKED);
    bool p2;
    assert_int_equal(ia64_fprcpa(singles(0x3f800000, 0), singles(0x80400000, 1), &p2, &env).sig >>
                         32,
                     0xff800000);
    assert_outcome(&env, IA64_FP_D, 0, 0);
    for (uint32_t exp = 20; exp < 30; exp++) {
        ia64_fprsqrta(singles(0x3f800000, exp << 23), &p2, &env);
        assert_int_equal(p2, exp > 24);
        ia64_fprsqrta(singles(exp << 23, 0x3f800000), &p2, &env);
        assert_int_equal(p2, exp > 24);
    }
}

/* ---- status register ---- */

static void the_status_register(void **state) {
    (void)state;
    uint64_t fpsr = IA64_FPSR_RESET;

    assert_false(ia64_fpsr_reserved(fpsr));
    assert_true(ia64_fpsr_reserved(UINT64_C(1) << 58));
    assert_true(ia64_fpsr_reserved(1 << 8));                  /* pc 1 of sf0 */
    assert_true(ia64_fpsr_reserved(UINT64_C(1) << 34 << 13)); /* pc 1 of sf3 */
    assert_true(ia64_fpsr_reserved(1 << 12));                 /* td of sf0 */
    assert_false(ia64_fpsr_reserved(1 << 25));                /* td of sf1 */

    /* fsetc takes the controls of sf0 through the masks. */
    assert_true(ia64_fsetc(&fpsr, 2, 0x7f, 0x40));
    assert_int_equal(fpsr >> 32 & 0x7f, 0x4c);
    assert_false(ia64_fsetc(&fpsr, 0, 0x7f, 0x40));
    assert_false(ia64_fsetc(&fpsr, 1, 0x00, 0x04));

    struct ia64_fp_env env = {.flags = IA64_FP_I | IA64_FP_V};
    uint64_t raised = ia64_fp_flags(IA64_FPSR_RESET, 3, &env);
    assert_int_equal(raised, IA64_FPSR_RESET | (uint64_t)0x21 << 52);
    assert_int_equal(ia64_fclrf(raised, 3), IA64_FPSR_RESET);
    assert_int_equal(ia64_fclrf(raised, 0), raised);
    /* fchkf branches when a flag is new to sf0 or its trap is enabled. */
    assert_true(ia64_fchkf(raised, 3));
    assert_false(ia64_fchkf(raised, 2));
    assert_false(ia64_fchkf(raised | 0x21 << 13, 3));
    assert_true(ia64_fchkf((raised & ~UINT64_C(1)) | 0x21 << 13, 3));
}

#define TEST(name) cmocka_unit_test(name)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(every_relation_of_every_order),
        TEST(quiet_nans_are_invalid_for_less_only),
        TEST(minimum_and_maximum),
        TEST(classes),
        TEST(approximations_are_as_good_as_the_manual_says),
        TEST(special_quotients),
        TEST(exponents_at_the_ends_need_software_assistance),
        TEST(special_square_roots),
        TEST(conversion_to_integers),
        TEST(conversion_from_integers_is_exact),
        TEST(merges_and_masks),
        TEST(parallel_arithmetic_on_both_halves),
        TEST(parallel_faults_and_traps_name_their_half),
        TEST(parallel_conversion_and_approximation),
        TEST(parallel_approximations_at_the_ends_of_the_range),
        TEST(the_status_register),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
