/*
 * The multimedia instructions of the integer units: 64-bit words as eight bytes, four halfwords or
 * two words. Pure functions: a is r2 and b is r3 of the instruction, the result is r1.
 */
#ifndef IA64_MM_H
#define IA64_MM_H

#include <stdbool.h>
#include <stdint.h>

/* Parallel addition and subtraction: the digit is the size of an element in bytes; sss, uuu and
 * uus say whether result, first and second operand are signed or unsigned, with saturation. */
uint64_t ia64_padd1(uint64_t a, uint64_t b);
uint64_t ia64_padd1_sss(uint64_t a, uint64_t b);
uint64_t ia64_padd1_uuu(uint64_t a, uint64_t b);
uint64_t ia64_padd1_uus(uint64_t a, uint64_t b);
uint64_t ia64_padd2(uint64_t a, uint64_t b);
uint64_t ia64_padd2_sss(uint64_t a, uint64_t b);
uint64_t ia64_padd2_uuu(uint64_t a, uint64_t b);
uint64_t ia64_padd2_uus(uint64_t a, uint64_t b);
uint64_t ia64_padd4(uint64_t a, uint64_t b);
uint64_t ia64_psub1(uint64_t a, uint64_t b);
uint64_t ia64_psub1_sss(uint64_t a, uint64_t b);
uint64_t ia64_psub1_uuu(uint64_t a, uint64_t b);
uint64_t ia64_psub1_uus(uint64_t a, uint64_t b);
uint64_t ia64_psub2(uint64_t a, uint64_t b);
uint64_t ia64_psub2_sss(uint64_t a, uint64_t b);
uint64_t ia64_psub2_uuu(uint64_t a, uint64_t b);
uint64_t ia64_psub2_uus(uint64_t a, uint64_t b);
uint64_t ia64_psub4(uint64_t a, uint64_t b);

uint64_t ia64_pavg1(uint64_t a, uint64_t b);
uint64_t ia64_pavg1_raz(uint64_t a, uint64_t b);
uint64_t ia64_pavg2(uint64_t a, uint64_t b);
uint64_t ia64_pavg2_raz(uint64_t a, uint64_t b);
uint64_t ia64_pavgsub1(uint64_t a, uint64_t b);
uint64_t ia64_pavgsub2(uint64_t a, uint64_t b);

uint64_t ia64_pcmp1_eq(uint64_t a, uint64_t b);
uint64_t ia64_pcmp1_gt(uint64_t a, uint64_t b);
uint64_t ia64_pcmp2_eq(uint64_t a, uint64_t b);
uint64_t ia64_pcmp2_gt(uint64_t a, uint64_t b);
uint64_t ia64_pcmp4_eq(uint64_t a, uint64_t b);
uint64_t ia64_pcmp4_gt(uint64_t a, uint64_t b);

uint64_t ia64_pmin1_u(uint64_t a, uint64_t b);
uint64_t ia64_pmax1_u(uint64_t a, uint64_t b);
uint64_t ia64_pmin2(uint64_t a, uint64_t b);
uint64_t ia64_pmax2(uint64_t a, uint64_t b);

uint64_t ia64_psad1(uint64_t a, uint64_t b);

/* Multiplication. count of pmpyshr2 is the shift itself: 0, 7, 15 or 16. */
uint64_t ia64_pmpy2_r(uint64_t a, uint64_t b);
uint64_t ia64_pmpy2_l(uint64_t a, uint64_t b);
uint64_t ia64_pmpyshr2(uint64_t a, uint64_t b, unsigned count);
uint64_t ia64_pmpyshr2_u(uint64_t a, uint64_t b, unsigned count);
uint64_t ia64_mpy4(uint64_t a, uint64_t b);
uint64_t ia64_mpyshl4(uint64_t a, uint64_t b);

/* Shifts of the elements of a; the count may come from a register, so it is 64 bits wide and any
 * count beyond the element gives zeros or signs. */
uint64_t ia64_pshl2(uint64_t a, uint64_t count);
uint64_t ia64_pshl4(uint64_t a, uint64_t count);
uint64_t ia64_pshr2(uint64_t a, uint64_t count);
uint64_t ia64_pshr4(uint64_t a, uint64_t count);
uint64_t ia64_pshr2_u(uint64_t a, uint64_t count);
uint64_t ia64_pshr4_u(uint64_t a, uint64_t count);

/* count is 1, 2 or 3. */
uint64_t ia64_pshladd2(uint64_t a, uint64_t b, unsigned count);
uint64_t ia64_pshradd2(uint64_t a, uint64_t b, unsigned count);

/* Rearrangement. */
uint64_t ia64_pack2_sss(uint64_t a, uint64_t b);
uint64_t ia64_pack2_uss(uint64_t a, uint64_t b);
uint64_t ia64_pack4_sss(uint64_t a, uint64_t b);
uint64_t ia64_unpack1_h(uint64_t a, uint64_t b);
uint64_t ia64_unpack1_l(uint64_t a, uint64_t b);
uint64_t ia64_unpack2_h(uint64_t a, uint64_t b);
uint64_t ia64_unpack2_l(uint64_t a, uint64_t b);
uint64_t ia64_unpack4_h(uint64_t a, uint64_t b);
uint64_t ia64_unpack4_l(uint64_t a, uint64_t b);
uint64_t ia64_mix1_l(uint64_t a, uint64_t b);
uint64_t ia64_mix1_r(uint64_t a, uint64_t b);
uint64_t ia64_mix2_l(uint64_t a, uint64_t b);
uint64_t ia64_mix2_r(uint64_t a, uint64_t b);
uint64_t ia64_mix4_l(uint64_t a, uint64_t b);
uint64_t ia64_mix4_r(uint64_t a, uint64_t b);

/* mux1 with the four-bit code of the instruction: @brcst 0, @mix 8, @shuf 9, @alt 10, @rev 11.
 * Other codes are reserved. mux2 takes any eight bits. */
bool ia64_mux1_valid(unsigned mbtype);
uint64_t ia64_mux1(uint64_t a, unsigned mbtype);
uint64_t ia64_mux2(uint64_t a, unsigned mhtype);

/* Counting: bits set, leading zeros, index of the leftmost or rightmost zero element. */
uint64_t ia64_popcnt(uint64_t a);
uint64_t ia64_clz(uint64_t a);
uint64_t ia64_czx1_l(uint64_t a);
uint64_t ia64_czx1_r(uint64_t a);
uint64_t ia64_czx2_l(uint64_t a);
uint64_t ia64_czx2_r(uint64_t a);

#endif
