/* multimedia.c - multimedia instructions (formats A9, A10, I1-I9, I29): what mm.h computes, between
 * general registers. A NaT in a source makes the result a NaT. */
#include "machine.h"
#include "mm.h"

#define NAT2 gr_nat(m, s->r2)
#define NAT3 gr_nat(m, s->r3)

#define RESULT(name, expression, result_nat)                                                       \
    HANDLER(name) {                                                                                \
        TARGET(d, s->r1);                                                                          \
        const uint64_t result = expression;                                                        \
        PUT(d, result, result_nat);                                                                \
        NEXT;                                                                                      \
    }

#define GR2 gr(m, s->r2)
#define GR3 gr(m, s->r3)

/* r1 = r2, r3 */
#define BINARY(name, format, function)                                                             \
    RESULT(name##_##format, ia64_##function(GR2, GR3), NAT2 | NAT3)
BINARY(PADD1, A9, padd1)
BINARY(PADD1_SSS, A9, padd1_sss)
BINARY(PADD1_UUU, A9, padd1_uuu)
BINARY(PADD1_UUS, A9, padd1_uus)
BINARY(PADD2, A9, padd2)
BINARY(PADD2_SSS, A9, padd2_sss)
BINARY(PADD2_UUU, A9, padd2_uuu)
BINARY(PADD2_UUS, A9, padd2_uus)
BINARY(PADD4, A9, padd4)
BINARY(PSUB1, A9, psub1)
BINARY(PSUB1_SSS, A9, psub1_sss)
BINARY(PSUB1_UUU, A9, psub1_uuu)
BINARY(PSUB1_UUS, A9, psub1_uus)
BINARY(PSUB2, A9, psub2)
BINARY(PSUB2_SSS, A9, psub2_sss)
BINARY(PSUB2_UUU, A9, psub2_uuu)
BINARY(PSUB2_UUS, A9, psub2_uus)
BINARY(PSUB4, A9, psub4)
BINARY(PAVG1, A9, pavg1)
BINARY(PAVG1_RAZ, A9, pavg1_raz)
BINARY(PAVG2, A9, pavg2)
BINARY(PAVG2_RAZ, A9, pavg2_raz)
BINARY(PAVGSUB1, A9, pavgsub1)
BINARY(PAVGSUB2, A9, pavgsub2)
BINARY(PCMP1_EQ, A9, pcmp1_eq)
BINARY(PCMP2_EQ, A9, pcmp2_eq)
BINARY(PCMP4_EQ, A9, pcmp4_eq)
BINARY(PCMP1_GT, A9, pcmp1_gt)
BINARY(PCMP2_GT, A9, pcmp2_gt)
BINARY(PCMP4_GT, A9, pcmp4_gt)
BINARY(PMPY2_R, I2, pmpy2_r)
BINARY(PMPY2_L, I2, pmpy2_l)
BINARY(MIX1_R, I2, mix1_r)
BINARY(MIX2_R, I2, mix2_r)
BINARY(MIX4_R, I2, mix4_r)
BINARY(MIX1_L, I2, mix1_l)
BINARY(MIX2_L, I2, mix2_l)
BINARY(MIX4_L, I2, mix4_l)
BINARY(PACK2_USS, I2, pack2_uss)
BINARY(PACK2_SSS, I2, pack2_sss)
BINARY(PACK4_SSS, I2, pack4_sss)
BINARY(UNPACK1_H, I2, unpack1_h)
BINARY(UNPACK2_H, I2, unpack2_h)
BINARY(UNPACK4_H, I2, unpack4_h)
BINARY(UNPACK1_L, I2, unpack1_l)
BINARY(UNPACK2_L, I2, unpack2_l)
BINARY(UNPACK4_L, I2, unpack4_l)
BINARY(PMIN1_U, I2, pmin1_u)
BINARY(PMAX1_U, I2, pmax1_u)
BINARY(PMIN2, I2, pmin2)
BINARY(PMAX2, I2, pmax2)
BINARY(PSAD1, I2, psad1)
BINARY(MPY4, I7, mpy4)
BINARY(MPYSHL4, I7, mpyshl4)

/* r1 = r2, r3 and a count in the instruction */
#define COUNTED(name, format, function)                                                            \
    RESULT(name##_##format, ia64_##function(GR2, GR3, s->x), NAT2 | NAT3)
COUNTED(PSHLADD2, A10, pshladd2)
COUNTED(PSHRADD2, A10, pshradd2)
COUNTED(PMPYSHR2, I1, pmpyshr2)
COUNTED(PMPYSHR2_U, I1, pmpyshr2_u)

/* Shifts: right is r1 = r3 by r2 or a count, left is r1 = r2 by r3 or a count. */
#define SHIFT_RIGHT(name, function)                                                                \
    RESULT(name##_I5, ia64_##function(GR3, GR2), NAT2 | NAT3)                                      \
    RESULT(name##_I6, ia64_##function(GR3, s->x), NAT3)
SHIFT_RIGHT(PSHR2, pshr2)
SHIFT_RIGHT(PSHR4, pshr4)
SHIFT_RIGHT(PSHR2_U, pshr2_u)
SHIFT_RIGHT(PSHR4_U, pshr4_u)

#define SHIFT_LEFT(name, function)                                                                 \
    RESULT(name##_I7, ia64_##function(GR2, GR3), NAT2 | NAT3)                                      \
    RESULT(name##_I8, ia64_##function(GR2, s->x), NAT2)
SHIFT_LEFT(PSHL2, pshl2)
SHIFT_LEFT(PSHL4, pshl4)

RESULT(MUX2_I4, ia64_mux2(GR2, (unsigned)s->imm), NAT2)

HANDLER(MUX1_I3) {
    if (unlikely(!ia64_mux1_valid((unsigned)s->imm))) TAIL ia64_illegal(m, s, tab);
    TARGET(d, s->r1);
    PUT(d, ia64_mux1(GR2, (unsigned)s->imm), NAT2);
    NEXT;
}

/* r1 = r3 */
RESULT(POPCNT_I9, ia64_popcnt(GR3), NAT3)
RESULT(CLZ_I9, ia64_clz(GR3), NAT3)
RESULT(CZX1_L_I29, ia64_czx1_l(GR3), NAT3)
RESULT(CZX1_R_I29, ia64_czx1_r(GR3), NAT3)
RESULT(CZX2_L_I29, ia64_czx2_l(GR3), NAT3)
RESULT(CZX2_R_I29, ia64_czx2_r(GR3), NAT3)
