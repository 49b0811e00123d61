/*
 * The multimedia instructions. Nearly all do the same to each element, so they are written as the
 * expression for one element: x of a and y of b, widened to 64 bits, signed or not.
 */
#include "mm.h"

static uint64_t element_mask(unsigned bits) {
    return UINT64_MAX >> (64 - bits);
}

static int64_t unsigned_element(uint64_t a, unsigned bits, unsigned at) {
    return (int64_t)(a >> at & element_mask(bits));
}

static int64_t signed_element(uint64_t a, unsigned bits, unsigned at) {
    return (int64_t)(a << (64 - bits - at)) >> (64 - bits);
}

static int64_t clamp(int64_t value, int64_t least, int64_t largest) {
    return value < least ? least : value > largest ? largest : value;
}

static int64_t saturate_signed(int64_t value, unsigned bits) {
    int64_t limit = INT64_C(1) << (bits - 1);
    return clamp(value, -limit, limit - 1);
}

static int64_t saturate_unsigned(int64_t value, unsigned bits) {
    return clamp(value, 0, (INT64_C(1) << bits) - 1);
}

/* ia64_NAME of elements of BITS bits: x is read from a by X_SIGN, y from b by Y_SIGN. */
#define EACH(name, BITS, X_SIGN, Y_SIGN, expression)                                               \
    uint64_t ia64_##name(uint64_t a, uint64_t b) {                                                 \
        enum { bits = BITS };                                                                      \
        uint64_t result = 0;                                                                       \
        for (unsigned at = 0; at < 64; at += bits) {                                               \
            int64_t x = X_SIGN##_element(a, bits, at), y = Y_SIGN##_element(b, bits, at);          \
            result |= (element_mask(bits) & (uint64_t)(expression)) << at;                         \
        }                                                                                          \
        return result;                                                                             \
    }

EACH(padd1, 8, unsigned, unsigned, x + y)
EACH(padd1_sss, 8, signed, signed, saturate_signed(x + y, bits))
EACH(padd1_uuu, 8, unsigned, unsigned, saturate_unsigned(x + y, bits))
EACH(padd1_uus, 8, unsigned, signed, saturate_unsigned(x + y, bits))
EACH(padd2, 16, unsigned, unsigned, x + y)
EACH(padd2_sss, 16, signed, signed, saturate_signed(x + y, bits))
EACH(padd2_uuu, 16, unsigned, unsigned, saturate_unsigned(x + y, bits))
EACH(padd2_uus, 16, unsigned, signed, saturate_unsigned(x + y, bits))
EACH(padd4, 32, unsigned, unsigned, x + y)
EACH(psub1, 8, unsigned, unsigned, x - y)
EACH(psub1_sss, 8, signed, signed, saturate_signed(x - y, bits))
EACH(psub1_uuu, 8, unsigned, unsigned, saturate_unsigned(x - y, bits))
EACH(psub1_uus, 8, unsigned, signed, saturate_unsigned(x - y, bits))
EACH(psub2, 16, unsigned, unsigned, x - y)
EACH(psub2_sss, 16, signed, signed, saturate_signed(x - y, bits))
EACH(psub2_uuu, 16, unsigned, unsigned, saturate_unsigned(x - y, bits))
EACH(psub2_uus, 16, unsigned, signed, saturate_unsigned(x - y, bits))
EACH(psub4, 32, unsigned, unsigned, x - y)

/* Half of a sum or difference, rounded up (raz) or with the lost bit or-ed into the lowest. */
EACH(pavg1, 8, unsigned, unsigned, (x + y) >> 1 | ((x + y) & 1))
EACH(pavg1_raz, 8, unsigned, unsigned, (x + y + 1) >> 1)
EACH(pavg2, 16, unsigned, unsigned, (x + y) >> 1 | ((x + y) & 1))
EACH(pavg2_raz, 16, unsigned, unsigned, (x + y + 1) >> 1)
EACH(pavgsub1, 8, unsigned, unsigned, (x - y) >> 1 | ((x - y) & 1))
EACH(pavgsub2, 16, unsigned, unsigned, (x - y) >> 1 | ((x - y) & 1))

EACH(pcmp1_eq, 8, signed, signed, x == y ? -1 : 0)
EACH(pcmp1_gt, 8, signed, signed, x > y ? -1 : 0)
EACH(pcmp2_eq, 16, signed, signed, x == y ? -1 : 0)
EACH(pcmp2_gt, 16, signed, signed, x > y ? -1 : 0)
EACH(pcmp4_eq, 32, signed, signed, x == y ? -1 : 0)
EACH(pcmp4_gt, 32, signed, signed, x > y ? -1 : 0)

EACH(pmin1_u, 8, unsigned, unsigned, x < y ? x : y)
EACH(pmax1_u, 8, unsigned, unsigned, x > y ? x : y)
EACH(pmin2, 16, signed, signed, x < y ? x : y)
EACH(pmax2, 16, signed, signed, x > y ? x : y)

uint64_t ia64_psad1(uint64_t a, uint64_t b) {
    uint64_t sum = 0;

    for (unsigned at = 0; at < 64; at += 8) {
        int64_t difference = unsigned_element(a, 8, at) - unsigned_element(b, 8, at);
        sum += (uint64_t)(difference < 0 ? -difference : difference);
    }
    return sum;
}

/* ---- multiplication ---- */

static uint64_t product_of_halfwords(uint64_t a, uint64_t b, unsigned at) {
    return (uint64_t)(signed_element(a, 16, at) * signed_element(b, 16, at)) & UINT32_MAX;
}

uint64_t ia64_pmpy2_r(uint64_t a, uint64_t b) {
    return product_of_halfwords(a, b, 32) << 32 | product_of_halfwords(a, b, 0);
}

uint64_t ia64_pmpy2_l(uint64_t a, uint64_t b) {
    return product_of_halfwords(a, b, 48) << 32 | product_of_halfwords(a, b, 16);
}

uint64_t ia64_mpy4(uint64_t a, uint64_t b) {
    return (a & UINT32_MAX) * (b & UINT32_MAX);
}

uint64_t ia64_mpyshl4(uint64_t a, uint64_t b) {
    return (a >> 32) * (b & UINT32_MAX) << 32;
}

/* ---- the same, with a count ---- */

/* As EACH, with `count` as a further operand of the expression. */
#define EACH_COUNT(name, BITS, SIGN, expression)                                                   \
    uint64_t ia64_##name(uint64_t a, uint64_t b, unsigned count) {                                 \
        enum { bits = BITS };                                                                      \
        uint64_t result = 0;                                                                       \
        for (unsigned at = 0; at < 64; at += bits) {                                               \
            int64_t x = SIGN##_element(a, bits, at), y = SIGN##_element(b, bits, at);              \
            result |= (element_mask(bits) & (uint64_t)(expression)) << at;                         \
        }                                                                                          \
        return result;                                                                             \
    }

static int64_t shift_add(int64_t shifted, int64_t y, unsigned bits) {
    int64_t saturated = saturate_signed(shifted, bits);
    /* A shift that overflows decides the result: the sum is not formed. */
    return saturated != shifted ? saturated : saturate_signed(shifted + y, bits);
}

EACH_COUNT(pmpyshr2, 16, signed, (x * y) >> count)
EACH_COUNT(pmpyshr2_u, 16, unsigned, (x * y) >> count)
EACH_COUNT(pshladd2, 16, signed, shift_add(x *(1 << count), y, bits))
EACH_COUNT(pshradd2, 16, signed, saturate_signed((x >> count) + y, bits))

#define EACH_SHIFT(name, BITS, SIGN, beyond, expression)                                           \
    uint64_t ia64_##name(uint64_t a, uint64_t count) {                                             \
        enum { bits = BITS };                                                                      \
        uint64_t result = 0;                                                                       \
        if (count > (beyond)) count = (beyond);                                                    \
        for (unsigned at = 0; at < 64; at += bits) {                                               \
            int64_t x = SIGN##_element(a, bits, at);                                               \
            result |= (element_mask(bits) & (uint64_t)(expression)) << at;                         \
        }                                                                                          \
        return result;                                                                             \
    }

EACH_SHIFT(pshl2, 16, unsigned, 16, (uint64_t)x << count)
EACH_SHIFT(pshl4, 32, unsigned, 32, (uint64_t)x << count)
EACH_SHIFT(pshr2, 16, signed, 16, x >> count)
EACH_SHIFT(pshr4, 32, signed, 32, x >> count)
EACH_SHIFT(pshr2_u, 16, unsigned, 16, x >> count)
EACH_SHIFT(pshr4_u, 32, unsigned, 32, x >> count)

/* ---- rearrangement ---- */

/* The elements of a below those of b, each saturated to half its size. */
#define PACK(name, BITS, saturate)                                                                 \
    uint64_t ia64_##name(uint64_t a, uint64_t b) {                                                 \
        enum { bits = BITS, half = BITS / 2 };                                                     \
        uint64_t result = 0;                                                                       \
        for (unsigned at = 0; at < 64; at += bits) {                                               \
            uint64_t low = (uint64_t)saturate(signed_element(a, bits, at), half);                  \
            uint64_t high = (uint64_t)saturate(signed_element(b, bits, at), half);                 \
            result |= (low & element_mask(half)) << (at / 2);                                      \
            result |= (high & element_mask(half)) << (32 + at / 2);                                \
        }                                                                                          \
        return result;                                                                             \
    }

PACK(pack2_sss, 16, saturate_signed)
PACK(pack2_uss, 16, saturate_unsigned)
PACK(pack4_sss, 32, saturate_signed)

/* Elements of a and b in turn, that of a on the left: from bit `from` on, every `step` bits. */
static uint64_t interleave(uint64_t a, uint64_t b, unsigned bits, unsigned from, unsigned step) {
    uint64_t result = 0;

    for (unsigned at = 0; at < 64; at += 2 * bits, from += step) {
        result |= (uint64_t)unsigned_element(b, bits, from) << at;
        result |= (uint64_t)unsigned_element(a, bits, from) << (at + bits);
    }
    return result;
}

#define INTERLEAVE(name, bits, from, step)                                                         \
    uint64_t ia64_##name(uint64_t a, uint64_t b) {                                                 \
        return interleave(a, b, bits, from, step);                                                 \
    }

INTERLEAVE(unpack1_h, 8, 32, 8)
INTERLEAVE(unpack1_l, 8, 0, 8)
INTERLEAVE(unpack2_h, 16, 32, 16)
INTERLEAVE(unpack2_l, 16, 0, 16)
INTERLEAVE(unpack4_h, 32, 32, 32)
INTERLEAVE(unpack4_l, 32, 0, 32)
INTERLEAVE(mix1_l, 8, 8, 16)
INTERLEAVE(mix1_r, 8, 0, 16)
INTERLEAVE(mix2_l, 16, 16, 32)
INTERLEAVE(mix2_r, 16, 0, 32)
INTERLEAVE(mix4_l, 32, 32, 64)
INTERLEAVE(mix4_r, 32, 0, 64)

/* For each code of mux1 the source of each byte of the result, byte 0 in the lowest digit. */
static const uint32_t mux1_sources[16] = {
    [0] = 0x00000000,  /* @brcst */
    [8] = 0x73516240,  /* @mix */
    [9] = 0x73625140,  /* @shuf */
    [10] = 0x75316420, /* @alt */
    [11] = 0x01234567, /* @rev */
};

bool ia64_mux1_valid(unsigned mbtype) {
    return mbtype == 0 || (mbtype < 16 && mux1_sources[mbtype]);
}

uint64_t ia64_mux1(uint64_t a, unsigned mbtype) {
    uint64_t result = 0;

    for (unsigned i = 0; i < 8; i++) {
        unsigned source = mux1_sources[mbtype & 15] >> 4 * i & 7;
        result |= (a >> 8 * source & 0xff) << 8 * i;
    }
    return result;
}

uint64_t ia64_mux2(uint64_t a, unsigned mhtype) {
    uint64_t result = 0;

    for (unsigned i = 0; i < 4; i++) {
        unsigned source = mhtype >> 2 * i & 3;
        result |= (a >> 16 * source & 0xffff) << 16 * i;
    }
    return result;
}

/* ---- counting ---- */

uint64_t ia64_popcnt(uint64_t a) {
    return (uint64_t)__builtin_popcountll(a);
}

uint64_t ia64_clz(uint64_t a) {
    return a ? (uint64_t)__builtin_clzll(a) : 64;
}

/* The number of elements before the first that is zero, from the left or the right. */
static uint64_t elements_before_zero(uint64_t a, unsigned bits, bool from_left) {
    unsigned elements = 64 / bits, i;

    for (i = 0; i < elements; i++) {
        unsigned at = bits * (from_left ? elements - 1 - i : i);
        if (!unsigned_element(a, bits, at)) break;
    }
    return i;
}

uint64_t ia64_czx1_l(uint64_t a) {
    return elements_before_zero(a, 8, true);
}

uint64_t ia64_czx1_r(uint64_t a) {
    return elements_before_zero(a, 8, false);
}

uint64_t ia64_czx2_l(uint64_t a) {
    return elements_before_zero(a, 16, true);
}

uint64_t ia64_czx2_r(uint64_t a) {
    return elements_before_zero(a, 16, false);
}
