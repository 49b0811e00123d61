/*
 * fp.h: formats, multiply-add, rounding, faults and traps, by hand-computed values and the
 * statements of the manual (volume 1, chapter 5), and at random against the host.
 */
#include "test_fp.h"

#include <fenv.h>
#include <math.h>
#include <string.h>

/* ---- formats ---- */

static void memory_formats_are_those_of_the_manual(void **state) {
    (void)state;
    static const struct {
        uint32_t bits;
        struct ia64_fr fr;
    } singles[] = {
        {0x00000000, {0, 0, 0}},
        {0x80000000, {0, 0, 1}},
        {0x3f800000, {BIT63, 0xffff, 0}},
        {0x40490fdb, {UINT64_C(0xc90fdb0000000000), 0x10000, 0}},
        {0x00000001, {UINT64_C(1) << 40, 0xff81, 0}}, /* least denormal */
        {0x00800000, {BIT63, 0xff81, 0}},             /* least normal */
        {0xff7fffff, {UINT64_C(0xffffff0000000000), 0x1007e, 1}},
        {0x7f800000, {BIT63, 0x1ffff, 0}},
        {0xffc00000, {UINT64_C(0xc000000000000000), 0x1ffff, 1}},
        {0x7f800001, {UINT64_C(0x8000010000000000), 0x1ffff, 0}},
    };
    for (size_t i = 0; i < sizeof singles / sizeof *singles; i++) {
        assert_fr(ia64_fr_from_single(singles[i].bits), singles[i].fr);
        assert_int_equal(ia64_fr_to_single(singles[i].fr), singles[i].bits);
    }
    static const struct {
        uint64_t bits;
        struct ia64_fr fr;
    } doubles[] = {
        {UINT64_C(0x3ff0000000000000), {BIT63, 0xffff, 0}},
        {UINT64_C(0xc000000000000001), {BIT63 | 1 << 11, 0x10000, 1}},
        {UINT64_C(0x0000000000000001), {1 << 11, 0xfc01, 0}},
        {UINT64_C(0x0010000000000000), {BIT63, 0xfc01, 0}},
        {UINT64_C(0x7fefffffffffffff), {UINT64_C(0xfffffffffffff800), 0x103fe, 0}},
        {UINT64_C(0xfff0000000000000), {BIT63, 0x1ffff, 1}},
    };
    for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++) {
        assert_fr(ia64_fr_from_double(doubles[i].bits), doubles[i].fr);
        assert_int_equal(ia64_fr_to_double(doubles[i].fr), doubles[i].bits);
    }
    assert_fr(ia64_fr_from_extended(BIT63, 0x3fff), IA64_FR_ONE);
    assert_fr(ia64_fr_from_extended(BIT63, 0xffff), negative(infinity));
    assert_fr(ia64_fr_from_extended(5, 0),
              (struct ia64_fr){5, 0, 0}); /* denormals stay as they are */
    assert_int_equal(ia64_fr_to_extended(IA64_FR_ONE), 0x3fff);
    assert_int_equal(ia64_fr_to_extended(negative(infinity)), 0xffff);
    assert_int_equal(ia64_fr_to_extended((struct ia64_fr){5, 0, 1}), 0x8000);
    assert_fr(ia64_fr_from_spill(7, 0x3ffff), (struct ia64_fr){7, 0x1ffff, 1});
    assert_int_equal(ia64_fr_to_spill((struct ia64_fr){7, 0x1ffff, 1}), 0x3ffff);
    assert_fr(ia64_fr_from_exp(0x2ffff), negative(IA64_FR_ONE));
}

static void a_store_takes_the_low_exponent_bits_and_rounds_nothing(void **state) {
    (void)state;
    /* 2^200 has the exponent 0x100c7: top bit 1, low seven bits 0x47. */
    assert_int_equal(ia64_fr_to_single(number(200, UINT64_C(0x7fffffffffffffff))), 0x63ffffff);
    /* Without the integer bit the exponent is stored as 0. */
    assert_int_equal(ia64_fr_to_single((struct ia64_fr){UINT64_C(0x4000000000000000), 0xffff, 0}),
                     0x00400000);
}

/* ---- multiply-add ---- */

static void multiply_add_of_small_integers(void **state) {
    (void)state;
    struct ia64_fr two = number(1, 0), three = number(1, BIT63 >> 1);
    struct ia64_fp_env env = extended();

    assert_fr(ia64_fma(two, three, IA64_FR_ONE, IA64_FMA, &env),
              number(2, (BIT63 >> 1) | (BIT63 >> 2)));
    assert_fr(ia64_fma(two, three, IA64_FR_ONE, IA64_FMS, &env), number(2, BIT63 >> 2));
    assert_fr(ia64_fma(two, three, IA64_FR_ONE, IA64_FNMA, &env), negative(number(2, BIT63 >> 2)));
    assert_fr(ia64_fma(two, three, IA64_FR_ZERO, IA64_FMPY | IA64_FNMA, &env),
              negative(number(2, BIT63 >> 1)));
    assert_outcome(&env, 0, 0, 0);
}

static void the_product_is_not_rounded_before_the_sum(void **state) {
    (void)state;
    struct ia64_fr a = number(0, 1); /* (1 + 2^-63)^2 = 1 + 2^-62 + 2^-126 */
    struct ia64_fr c = negative(number(0, 2));
    struct ia64_fp_env env = extended();

    assert_fr(ia64_fma(a, a, c, IA64_FMA, &env), number(-126, 0));
    assert_outcome(&env, 0, 0, 0);
}

/* Products whose low half is all ones, or 1, so that a carry or a difference has to come from
 * there. */
static void sums_are_exact_over_the_whole_product(void **state) {
    (void)state;
    struct ia64_fr a = {UINT64_C(0xf123456789abcdef), 0xffff, 0},
                   b = {UINT64_C(0xeef010fef010fef1), 0xffff, 0};
    struct ia64_fp_env env = extended();

    assert_fr(ia64_fma(a, b, number(-126, 0), IA64_FMA, &env),
              (struct ia64_fr){UINT64_C(0xe110eb99aa853344), 0x10000, 0});
    assert_outcome(&env, 0, 0, 0);
    a.sig = UINT64_C(0xf123456789abcdf5), b.sig = UINT64_C(0xb5db870a6342b65d);
    assert_fr(
        ia64_fma(a, b, (struct ia64_fr){UINT64_C(0xab4cb871f66308f2), 0x10000, 0}, IA64_FMS, &env),
        number(-126, 0));
    assert_outcome(&env, 0, 0, 0);
}

static void what_falls_below_the_sum_is_not_forgotten(void **state) {
    (void)state;
    struct ia64_fr ones = number(0, BIT63 - 1), tiny = number(-200, 0);
    struct ia64_fp_env near = extended(), up = env_with(MASKED, PC_EXTENDED | UP, IA64_PC_DYNAMIC),
                       chop = env_with(MASKED, PC_EXTENDED | CHOP, IA64_PC_DYNAMIC);

    /* Far apart: 1 + 2^-200. */
    assert_fr(ia64_fma(IA64_FR_ONE, IA64_FR_ONE, tiny, IA64_FMA, &up), number(0, 1));
    assert_fr(ia64_fma(IA64_FR_ONE, IA64_FR_ONE, tiny, IA64_FMS, &chop), number(-1, BIT63 - 1));
    assert_outcome(&up, IA64_FP_I, 0, 0);
    /* (2 - 2^-63)^2 - 4 = -2^-61 (1 - 2^-65): 65 bits are left, the last of the product among them.
     */
    assert_fr(ia64_fma(ones, ones, number(2, 0), IA64_FMS, &near), negative(number(-61, 0)));
    assert_fr(ia64_fma(ones, ones, number(2, 0), IA64_FMS, &chop),
              negative(number(-62, BIT63 - 1)));
    assert_outcome(&near, IA64_FP_I, 0, 0);
    /* A difference that looks exact in the 128 bits of the sum: the product goes on below them. */
    struct ia64_fp_env exact = env_with(MASKED, PC_EXTENDED | CHOP, IA64_PC_DYNAMIC);
    assert_fr(ia64_fma((struct ia64_fr){UINT64_C(0xffffffffc0000000), 0xffe7, 0},
                       (struct ia64_fr){UINT64_C(0x8000000020000000), 0xffb3, 0},
                       number(0xffda - 0xffff, 0), IA64_FMS, &exact),
              (struct ia64_fr){UINT64_C(0xfffffffffffffffc), 0xffd9, 1});
    assert_outcome(&exact, IA64_FP_I, 0, 0);
    /* A product of 1 + 2^-66 or so, of which the 1 carries into the next power of two. */
    struct ia64_fr a = {UINT64_C(0x9027c4d1c386bbc5), 0xffff, 0},
                   b = {UINT64_C(0xe34f72048812c910), 0xffff - 1, 0};
    up = env_with(MASKED, PC_EXTENDED | UP, IA64_PC_DYNAMIC);
    assert_fr(ia64_fma(a, b, number(63, BIT63 - 1), IA64_FMA, &up), number(64, 1));
    assert_outcome(&up, IA64_FP_I, 0, 0);
}

static void signs_of_zero_results(void **state) {
    (void)state;
    struct ia64_fp_env nearest = extended(),
                       down = env_with(MASKED, PC_EXTENDED | DOWN, IA64_PC_DYNAMIC);
    struct ia64_fr one = IA64_FR_ONE, minus = negative(IA64_FR_ONE), zero = IA64_FR_ZERO;

    assert_fr(ia64_fma(one, one, minus, IA64_FMA, &nearest), zero);
    assert_fr(ia64_fma(one, one, minus, IA64_FMA, &down), negative(zero));
    assert_fr(ia64_fma(minus, zero, zero, IA64_FMA, &nearest), zero);
    assert_fr(ia64_fma(minus, zero, zero, IA64_FMPY, &nearest), negative(zero)); /* f2 is f0 */
    assert_fr(ia64_fma(minus, zero, negative(zero), IA64_FMA, &nearest), negative(zero));
}

static void each_rounding_mode(void **state) {
    (void)state;
    static const unsigned modes[] = {0, DOWN, UP, CHOP};
    /* 1 + 2^-24 is half way between two singles, 1 + 3 * 2^-24 too, 1 + 2^-24 + 2^-60 above. */
    static const struct {
        uint64_t fraction;
        uint8_t up[4], up_negative[4];
    } cases[] = {
        {UINT64_C(1) << 39, {0, 0, 1, 0}, {0, 1, 0, 0}},
        {UINT64_C(3) << 39, {2, 1, 2, 1}, {2, 2, 1, 1}},
        {UINT64_C(1) << 39 | 8, {1, 0, 1, 0}, {1, 1, 0, 0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (unsigned mode = 0; mode < 4; mode++) {
            struct ia64_fp_env env = env_with(MASKED, modes[mode], IA64_PC_S);
            struct ia64_fr x = number(0, cases[i].fraction);
            assert_fr(ia64_fma(x, IA64_FR_ONE, IA64_FR_ZERO, IA64_FMPY, &env),
                      number(0, (uint64_t)cases[i].up[mode] << 40));
            assert_fr(ia64_fma(negative(x), IA64_FR_ONE, IA64_FR_ZERO, IA64_FMPY, &env),
                      negative(number(0, (uint64_t)cases[i].up_negative[mode] << 40)));
            assert_outcome(&env, IA64_FP_I, 0, 0);
        }
}

static void precision_and_range_of_each_completer(void **state) {
    (void)state;
    static const struct {
        unsigned controls, pc, precision, range;
    } forms[] = {
        {0, IA64_PC_DYNAMIC, 24, 15},
        {PC_DOUBLE, IA64_PC_DYNAMIC, 53, 15},
        {PC_EXTENDED, IA64_PC_DYNAMIC, 64, 15},
        {PC_EXTENDED | WRE, IA64_PC_DYNAMIC, 64, 17},
        {PC_EXTENDED, IA64_PC_S, 24, 8},
        {PC_EXTENDED | WRE, IA64_PC_S, 24, 17},
        {0, IA64_PC_D, 53, 11},
        {WRE, IA64_PC_D, 53, 17},
        {PC_EXTENDED | WRE, IA64_PC_PARALLEL, 24, 8},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct ia64_fp_env env = env_with(MASKED, forms[i].controls, forms[i].pc);
        assert_int_equal(env.precision, forms[i].precision);
        assert_int_equal(env.range, forms[i].range);
    }
}

static void overflow_gives_infinity_or_the_largest_number(void **state) {
    (void)state;
    static const unsigned modes[] = {0, DOWN, UP, CHOP};
    static const bool infinite[] = {true, false, true, false},
                      infinite_negative[] = {true, true, false, false};
    struct ia64_fr largest = {UINT64_C(0xffffff0000000000), 0x1007e, 0}, big = number(127, 0),
                   two = number(1, 0);

    for (unsigned mode = 0; mode < 4; mode++) {
        struct ia64_fp_env env = env_with(MASKED, modes[mode], IA64_PC_S);
        assert_fr(ia64_fma(big, two, IA64_FR_ZERO, IA64_FMPY, &env),
                  infinite[mode] ? infinity : largest);
        assert_fr(ia64_fma(negative(big), two, IA64_FR_ZERO, IA64_FMPY, &env),
                  negative(infinite_negative[mode] ? infinity : largest));
        assert_outcome(&env, IA64_FP_O | IA64_FP_I, 0, 0);
    }
}

static void tiny_results(void **state) {
    (void)state;
    struct ia64_fr half = number(-1, 0), quarter = number(-2, 0), least = number(-126, 0);
    struct ia64_fr odd = number(-126, UINT64_C(1) << 40); /* 2^-126 (1 + 2^-23) */
    struct ia64_fp_env env = env_with(MASKED, 0, IA64_PC_S);

    /* Exact denormals raise nothing while underflow is disabled. */
    assert_fr(ia64_fma(least, half, IA64_FR_ZERO, IA64_FMPY, &env),
              (struct ia64_fr){BIT63 >> 1, 0xff81, 0});
    assert_outcome(&env, 0, 0, 0);
    /* An inexact one raises underflow and inexact; a half rounds to even. */
    assert_fr(ia64_fma(odd, half, IA64_FR_ZERO, IA64_FMPY, &env),
              (struct ia64_fr){BIT63 >> 1, 0xff81, 0});
    assert_outcome(&env, IA64_FP_U | IA64_FP_I, 0, 0);
    /* Rounding that carries does not change where the denormal is rounded. */
    env = env_with(MASKED, 0, IA64_PC_S);
    assert_fr(ia64_fma(number(-128, BIT63 - 1), IA64_FR_ONE, IA64_FR_ZERO, IA64_FMPY, &env),
              (struct ia64_fr){BIT63 >> 1, 0xff81, 0});
    assert_outcome(&env, IA64_FP_U | IA64_FP_I, 0, 0);
    /* Far below the least denormal: zero, or the least denormal upwards. */
    env = env_with(MASKED, UP, IA64_PC_S);
    assert_fr(ia64_fma(number(-9000, 0), half, IA64_FR_ZERO, IA64_FMPY, &env),
              (struct ia64_fr){UINT64_C(1) << 40, 0xff81, 0});
    assert_outcome(&env, IA64_FP_U | IA64_FP_I, 0, 0);
    /* Flushing to zero says so, also where the denormal is exact. */
    env = env_with(MASKED, FTZ, IA64_PC_S);
    assert_fr(ia64_fma(negative(least), quarter, IA64_FR_ZERO, IA64_FMPY, &env),
              negative(IA64_FR_ZERO));
    assert_outcome(&env, IA64_FP_U | IA64_FP_I, 0, 0);
    /* Denormals of the double-extended range have the exponent 0, of the widest range 1. */
    env = extended();
    assert_fr(ia64_fma(number(-16382, 0), half, IA64_FR_ZERO, IA64_FMPY, &env),
              (struct ia64_fr){BIT63 >> 1, 0, 0});
    env = env_with(MASKED, PC_EXTENDED | WRE, IA64_PC_DYNAMIC);
    assert_fr(ia64_fma(number(-65534, 0), half, IA64_FR_ZERO, IA64_FMPY, &env),
              (struct ia64_fr){BIT63 >> 1, 1, 0});
    assert_outcome(&env, 0, 0, 0);
}

static void tininess_is_detected_after_rounding(void **state) {
    (void)state;
    /* 2^-126 (1 - 2^-26) rounds to 2^-126 with the exponent unbounded: inexact, not tiny. */
    struct ia64_fr x = number(-127, -(UINT64_C(1) << 38) & (BIT63 - 1));
    struct ia64_fp_env env = env_with(MASKED, 0, IA64_PC_S);

    assert_fr(ia64_fma(x, IA64_FR_ONE, IA64_FR_ZERO, IA64_FMPY, &env), number(-126, 0));
    assert_outcome(&env, IA64_FP_I, 0, 0);
}

/* ---- traps: ISR.code has bit 0 (a floating-point trap), O 11, U 12, I 13, fpa 14 ---- */

static void enabled_traps_deliver_the_result_with_a_wrapped_exponent(void **state) {
    (void)state;
    struct ia64_fr two = number(1, 0), half = number(-1, 0);
    struct ia64_fp_env env = env_with(MASKED & ~IA64_FP_O, 0, IA64_PC_S);

    assert_fr(ia64_fma(number(127, 0), two, IA64_FR_ZERO, IA64_FMPY, &env), number(128, 0));
    assert_outcome(&env, IA64_FP_O, 0, 0x0801);

    env = env_with(MASKED & ~IA64_FP_O, PC_EXTENDED | WRE, IA64_PC_DYNAMIC);
    assert_fr(ia64_fma(number(65535, 0), number(2, 0), IA64_FR_ZERO, IA64_FMPY, &env),
              (struct ia64_fr){BIT63, 0x00000, 0}); /* 0x1fffe + 2, modulo 2^17 */

    env = env_with(MASKED & ~IA64_FP_U, FTZ, IA64_PC_S); /* ftz gives way to the enabled trap */
    assert_fr(ia64_fma(number(-126, 0), half, IA64_FR_ZERO, IA64_FMPY, &env), number(-127, 0));
    assert_outcome(&env, IA64_FP_U, 0, 0x1001);

    /* Inexact as well: bit 13, and fpa as it was rounded away from zero. */
    struct ia64_fr x = number(-126, UINT64_C(3) << 39);
    env = env_with(MASKED & ~IA64_FP_U, 0, IA64_PC_S);
    assert_fr(ia64_fma(x, half, IA64_FR_ZERO, IA64_FMPY, &env), number(-127, UINT64_C(2) << 40));
    assert_outcome(&env, IA64_FP_U | IA64_FP_I, 0, 0x7001);
}

static void inexact_trap_and_fpa(void **state) {
    (void)state;
    struct ia64_fr down = number(0, UINT64_C(1) << 39), up = number(0, UINT64_C(3) << 39);
    struct ia64_fp_env env = env_with(MASKED & ~IA64_FP_I, 0, IA64_PC_S);

    ia64_fma(down, IA64_FR_ONE, IA64_FR_ZERO, IA64_FMPY, &env);
    assert_outcome(&env, IA64_FP_I, 0, 0x2001);
    env = env_with(MASKED & ~IA64_FP_I, 0, IA64_PC_S);
    ia64_fma(up, IA64_FR_ONE, IA64_FR_ZERO, IA64_FMPY, &env);
    assert_outcome(&env, IA64_FP_I, 0, 0x6001);
    /* An overflow that is disabled makes an infinity, which is larger, or the largest number. */
    env = env_with(MASKED & ~IA64_FP_I, 0, IA64_PC_S);
    ia64_fma(number(127, 0), number(1, 0), IA64_FR_ZERO, IA64_FMPY, &env);
    assert_outcome(&env, IA64_FP_O | IA64_FP_I, 0, 0x6001);
    env = env_with(MASKED & ~IA64_FP_I, CHOP, IA64_PC_S);
    ia64_fma(number(127, 0), number(1, 0), IA64_FR_ZERO, IA64_FMPY, &env);
    assert_outcome(&env, IA64_FP_O | IA64_FP_I, 0, 0x2001);
}

static void td_disables_the_traps_of_a_status_field_but_not_of_sf0(void **state) {
    (void)state;
    uint64_t fpsr = fpsr_with(0, 0x40);

    assert_int_equal(ia64_fp_env(fpsr, 1, IA64_PC_S).enabled, 0);
    assert_int_equal(ia64_fp_env(fpsr, 0, IA64_PC_S).enabled, 0x3f);
}

/* ---- faults: ISR.code V 0, D 1, Z 2, software assistance 3 ---- */

static void invalid_operations(void **state) {
    (void)state;
    const struct {
        struct ia64_fr a, b, c;
        unsigned kind;
    } cases[] = {
        {infinity, IA64_FR_ZERO, IA64_FR_ONE, IA64_FMA},
        {IA64_FR_ZERO, infinity, infinity, IA64_FMA},
        {infinity, IA64_FR_ONE, infinity, IA64_FMS},
        {infinity, IA64_FR_ONE, infinity, IA64_FNMA},
        {unsupported, IA64_FR_ONE, IA64_FR_ONE, IA64_FMA},
        {unsupported, quiet_nan(1), IA64_FR_ONE, IA64_FMA},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ia64_fp_env env = extended();
        assert_fr(ia64_fma(cases[i].a, cases[i].b, cases[i].c, cases[i].kind, &env), indefinite);
        assert_outcome(&env, IA64_FP_V, 0, 0);
        env = env_with(MASKED & ~IA64_FP_V, PC_EXTENDED, IA64_PC_DYNAMIC);
        ia64_fma(cases[i].a, cases[i].b, cases[i].c, cases[i].kind, &env);
        assert_outcome(&env, 0, 1, 0);
    }
}

static void nans_prevail_in_the_order_f4_f2_f3(void **state) {
    (void)state;
    struct ia64_fr f3 = quiet_nan(3), f4 = quiet_nan(4), f2 = quiet_nan(2), one = IA64_FR_ONE;
    struct ia64_fp_env env = extended();

    assert_fr(ia64_fma(f3, f4, f2, IA64_FMA, &env), f4);
    assert_fr(ia64_fma(f3, one, f2, IA64_FMS, &env), f2); /* its sign is not changed */
    assert_fr(ia64_fma(f3, one, one, IA64_FNMA, &env), f3);
    assert_outcome(&env, 0, 0, 0);
    /* A signalling NaN anywhere is invalid, and is quieted when it is the one that prevails. */
    assert_fr(ia64_fma(signalling_nan(9), f4, one, IA64_FMA, &env), f4);
    assert_outcome(&env, IA64_FP_V, 0, 0);
    assert_fr(ia64_fma(one, signalling_nan(9), f2, IA64_FMA, &env), quiet_nan(9));
    /* NaTVal comes before everything and raises nothing. */
    env = env_with(0, PC_EXTENDED, IA64_PC_DYNAMIC);
    assert_fr(ia64_fma(signalling_nan(1), unsupported, IA64_FR_NATVAL, IA64_FMA, &env),
              IA64_FR_NATVAL);
    assert_outcome(&env, 0, 0, 0);
}

static void unnormal_operands(void **state) {
    (void)state;
    struct ia64_fr unnormal = {BIT63 >> 3, 0x10002, 0}; /* 2^3 * 2^-3 */
    struct ia64_fr denormal = {BIT63 >> 1, 0, 0}; /* 2^-16382 / 2: its exponent 0 means 0xc001 */
    struct ia64_fp_env env = extended();

    assert_fr(ia64_fma(unnormal, IA64_FR_ONE, IA64_FR_ZERO, IA64_FMPY, &env), IA64_FR_ONE);
    assert_outcome(&env, IA64_FP_D, 0, 0);
    assert_fr(ia64_fma(denormal, number(1, 0), IA64_FR_ZERO, IA64_FMPY, &env), number(-16382, 0));
    env = extended();
    assert_fr(ia64_fma(pseudo_zero, IA64_FR_ONE, IA64_FR_ZERO, IA64_FMPY, &env), IA64_FR_ZERO);
    assert_outcome(&env, IA64_FP_D, 0, 0);
    env = extended(); /* the exponent 0 is unnormal also with the integer bit: a pseudo-denormal */
    assert_fr(ia64_fma(IA64_FR_ONE, (struct ia64_fr){BIT63, 0, 0}, IA64_FR_ZERO, IA64_FMPY, &env),
              number(-16382, 0));
    assert_outcome(&env, IA64_FP_D, 0, 0);
    env = extended();
    assert_fr(ia64_fma(pseudo_zero, infinity, IA64_FR_ZERO, IA64_FMPY, &env), infinity);
    assert_outcome(&env, IA64_FP_D, 0, 0);
    /* This one negated would have the encoding of NaTVal. */
    env = extended();
    assert_fr(ia64_fma(infinity, IA64_FR_ONE, (struct ia64_fr){0, 0x1fffe, 1}, IA64_FMS, &env),
              infinity);
    assert_outcome(&env, IA64_FP_D, 0, 0);
    env = env_with(MASKED & ~IA64_FP_D, PC_EXTENDED, IA64_PC_DYNAMIC);
    ia64_fma(unnormal, IA64_FR_ONE, IA64_FR_ZERO, IA64_FMPY, &env);
    assert_outcome(&env, 0, 2, 0);
    /* Invalid operations and NaNs hide it. */
    env = env_with(MASKED & ~IA64_FP_D, PC_EXTENDED, IA64_PC_DYNAMIC);
    ia64_fma(unnormal, quiet_nan(0), IA64_FR_ONE, IA64_FMA, &env);
    assert_outcome(&env, 0, 0, 0);
}

static void integer_multiply_add(void **state) {
    (void)state;
    struct ia64_fr minus_one = ia64_fr_integer(UINT64_MAX), three = ia64_fr_integer(3),
                   five = ia64_fr_integer(5);

    assert_fr(ia64_xma_l(three, five, minus_one), ia64_fr_integer(14));
    assert_fr(ia64_xma_h(minus_one, three, five), ia64_fr_integer(0)); /* -3 + 5 */
    assert_fr(ia64_xma_h(minus_one, three, IA64_FR_ZERO), ia64_fr_integer(UINT64_MAX));
    assert_fr(ia64_xma_hu(minus_one, minus_one, minus_one), ia64_fr_integer(UINT64_MAX));
    assert_fr(ia64_xma_hu(minus_one, IA64_FR_NATVAL, three), IA64_FR_NATVAL);
}

/* ---- against the host's fma ---- */

static uint64_t random_state = 7;

static uint64_t random64(void) {
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Bits of a double or single whose exponent is near the middle, or anything. */
static uint64_t random_bits(unsigned fraction, unsigned exponent) {
    uint64_t bits = random64() >> (63 - fraction - exponent),
             middle = (UINT64_C(1) << (exponent - 1)) - 1;
    uint64_t ones = (UINT64_C(1) << exponent) - 1;

    if (random64() & 1) return bits;
    bits &= ~(ones << fraction);
    if (random64() & 1)
        bits &= ~(uint64_t)0 << (random64() % fraction) | UINT64_C(1) << (fraction + exponent);
    return bits | (middle + random64() % 16 - 8) << fraction;
}

static unsigned host_flags(void) {
    int raised = fetestexcept(FE_ALL_EXCEPT);
    return (raised & FE_INEXACT ? IA64_FP_I : 0) | (raised & FE_OVERFLOW ? IA64_FP_O : 0) |
           (raised & FE_INVALID ? IA64_FP_V : 0);
}

static void random_multiply_add_as_on_the_host(void **state) {
    (void)state;
    static const int host_modes[] = {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO};
    static const unsigned modes[] = {0, DOWN, UP, CHOP};
    enum { COMPARED = IA64_FP_I | IA64_FP_O | IA64_FP_V };

    for (int i = 0; i < 200000; i++) {
        uint64_t bits[3];
        for (int k = 0; k < 3; k++)
            bits[k] = random_bits(52, 11);
        if (i % 3 == 0) bits[2] = bits[0] ^ BIT63 ^ (random64() & 3);
        volatile double a, b, c, r;
        memcpy((void *)&a, &bits[0], 8), memcpy((void *)&b, &bits[1], 8),
            memcpy((void *)&c, &bits[2], 8);
        fesetround(host_modes[i & 3]);
        feclearexcept(FE_ALL_EXCEPT);
        r = fma(a, b, c);
        unsigned flags = host_flags();
        fesetround(FE_TONEAREST);

        struct ia64_fp_env env = env_with(MASKED, modes[i & 3], IA64_PC_D);
        uint64_t want, got = ia64_fr_to_double(
                           ia64_fma(ia64_fr_from_double(bits[0]), ia64_fr_from_double(bits[1]),
                                    ia64_fr_from_double(bits[2]), IA64_FMA, &env));
        memcpy(&want, (void *)&r, 8);
        if (isnan(r))
            assert_true((got & (BIT63 - 1)) > UINT64_C(0x7ff0000000000000));
        else
            assert_int_equal(got, want);
        assert_int_equal(env.flags & COMPARED, flags);
    }
}

#define TEST(name) cmocka_unit_test(name)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(memory_formats_are_those_of_the_manual),
        TEST(a_store_takes_the_low_exponent_bits_and_rounds_nothing),
        TEST(multiply_add_of_small_integers),
        TEST(the_product_is_not_rounded_before_the_sum),
        TEST(sums_are_exact_over_the_whole_product),
        TEST(what_falls_below_the_sum_is_not_forgotten),
        TEST(signs_of_zero_results),
        TEST(each_rounding_mode),
        TEST(precision_and_range_of_each_completer),
        TEST(overflow_gives_infinity_or_the_largest_number),
        TEST(tiny_results),
        TEST(tininess_is_detected_after_rounding),
        TEST(enabled_traps_deliver_the_result_with_a_wrapped_exponent),
        TEST(inexact_trap_and_fpa),
        TEST(td_disables_the_traps_of_a_status_field_but_not_of_sf0),
        TEST(invalid_operations),
        TEST(nans_prevail_in_the_order_f4_f2_f3),
        TEST(unnormal_operands),
        TEST(integer_multiply_add),
        TEST(random_multiply_add_as_on_the_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
