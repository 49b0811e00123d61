/* The instructions that random programs are made of, as rows of text; random_stream.c fills in
 * operands:
 *   %D %G   general register as destination, as source
 *   %F %f   floating-point register, likewise;  %Q two of unlike parity
 *   %A %E %R  r4-r15, f4-f15, two of these of unlike parity
 *   %z      floating-point register just loaded by ldfd: never a pseudo-zero, which Ski compares wrongly
 *   %P %p   two different predicates, one predicate;  %M  mask of predicates
 *   %b %B   branch register as destination, as source
 *   %0-%4   register with the address of a datum of 2^n bytes, set by an instruction before
 *   %5      the same for 8 bytes, aligned and in plain memory
 *   %m      register with the index of an indirect register
 *   %i<n> %u<n>  signed, unsigned immediate of n bits;  %h  hexadecimal;  %S  user mask
 *   %l      position and length;  %c 1..4;  %n 1..16;  %y 0..3;  %k 0..3;  %s  status field
 *   {a|b}   one of these
 * A row that ends in ! is alone in its group and never predicated. What Ski is known to do wrongly
 * is left out; docs/ia64-ski.md lists it. */
#ifndef RANDOM_ROWS_H
#define RANDOM_ROWS_H

/* clang-format off: rows are packed */
static const char *const integer_rows[] = {
    "add %D=%G,%G", "add %D=%G,%G,1", "sub %D=%G,%G", "sub %D=%G,%G,1", "addp4 %D=%G,%G",
    "and %D=%G,%G", "andcm %D=%G,%G", "or %D=%G,%G", "xor %D=%G,%G", "shladd %D=%G,%c,%G",
    "shladdp4 %D=%G,%c,%G", "sub %D=%i8,%G", "and %D=%i8,%G", "andcm %D=%i8,%G", "or %D=%i8,%G",
    "xor %D=%i8,%G", "adds %D=%i14,%G", "addp4 %D=%i14,%G", "addl %D=%i22,r%k", "movl %D=%i64",
    "mov %D=%G", "shl %D=%G,%G", "shr %D=%G,%G", "shr.u %D=%G,%G", "shl %D=%G,%u6", "shr %D=%G,%u6",
    "shr.u %D=%G,%u6", "shrp %D=%G,%G,%u6", "extr %D=%G,%l", "extr.u %D=%G,%l", "dep.z %D=%G,%l",
    "dep.z %D=%i8,%l", "dep %D=%G,%G,%u6,%n", "dep %D=-1,%G,%l", "dep %D=0,%G,%l", "sxt1 %D=%G",
    "sxt2 %D=%G", "sxt4 %D=%G", "zxt1 %D=%G", "zxt2 %D=%G", "zxt4 %D=%G", "czx1.l %D=%G",
    "czx1.r %D=%G", "czx2.l %D=%G", "czx2.r %D=%G", "popcnt %D=%G", "nop.{m|i|f|x} %u9",
    "nop.{m|i|f|x} %u9", "hint.{m|i|f|x} %u9", "mov %D=ip",
};

static const char *const multimedia_rows[] = {
    "padd1 %D=%G,%G", "padd1.uuu %D=%G,%G", "padd1.uus %D=%G,%G", "padd2 %D=%G,%G",
    "padd2.uuu %D=%G,%G", "padd2.uus %D=%G,%G", "padd4 %D=%G,%G", "psub1 %D=%G,%G",
    "psub1.uuu %D=%G,%G", "psub1.uus %D=%G,%G", "psub2 %D=%G,%G", "psub2.uuu %D=%G,%G",
    "psub2.uus %D=%G,%G", "psub4 %D=%G,%G", "pavg1 %D=%G,%G", "pavg1.raz %D=%G,%G",
    "pavg2 %D=%G,%G", "pavg2.raz %D=%G,%G", "pavgsub1 %D=%G,%G", "pavgsub2 %D=%G,%G",
    "pcmp1.eq %D=%G,%G", "pcmp1.gt %D=%G,%G", "pcmp2.eq %D=%G,%G", "pcmp2.gt %D=%G,%G",
    "pcmp4.eq %D=%G,%G", "pcmp4.gt %D=%G,%G", "pmax1.u %D=%G,%G", "pmin1.u %D=%G,%G",
    "pmax2 %D=%G,%G", "pmin2 %D=%G,%G", "pmpy2.l %D=%G,%G", "pmpy2.r %D=%G,%G",
    "pmpyshr2 %D=%G,%G,0", "pmpyshr2 %D=%G,%G,7", "pmpyshr2.u %D=%G,%G,15",
    "pmpyshr2.u %D=%G,%G,16", "psad1 %D=%G,%G", "mix1.l %D=%G,%G", "mix1.r %D=%G,%G",
    "mix2.l %D=%G,%G", "mix2.r %D=%G,%G", "mix4.l %D=%G,%G", "mix4.r %D=%G,%G",
    "unpack1.h %D=%G,%G", "unpack1.l %D=%G,%G", "unpack2.h %D=%G,%G", "unpack2.l %D=%G,%G",
    "unpack4.h %D=%G,%G", "unpack4.l %D=%G,%G", "pack2.uss %D=%G,%G", "mux1 %D=%G,@brcst",
    "mux1 %D=%G,@mix", "mux1 %D=%G,@shuf", "mux1 %D=%G,@alt", "mux1 %D=%G,@rev", "mux2 %D=%G,%u8",
    "pshl2 %D=%G,%G", "pshl2 %D=%G,%u5", "pshl4 %D=%G,%G", "pshl4 %D=%G,%u5", "pshr2 %D=%G,%G",
    "pshr2 %D=%G,%u5", "pshr2.u %D=%G,%G", "pshr2.u %D=%G,%u5", "pshr4 %D=%G,%G", "pshr4 %D=%G,%u5",
    "pshr4.u %D=%G,%G", "pshr4.u %D=%G,%u5",
};

static const char *const predicate_rows[] = {
    "cmp{|4}.{eq|lt|ltu}{|.unc} %P={%G|%i8},%G", "cmp{|4}.{eq|lt|ltu}{|.unc} %P={%G|%i8},%G",
    "cmp{|4}.{eq|lt|ltu}{|.unc} %P={%G|%i8},%G", "cmp{|4}.{eq|lt|ltu}{|.unc} %P={%G|%i8},%G",
    "cmp{|4}.{eq|lt|ltu}{|.unc} %P={%G|%i8},%G", "cmp{|4}.{eq|ne}.{and|or|or.andcm} %P={%G|%i8},%G",
    "cmp{|4}.{gt|le|ge|lt}.{and|or|or.andcm} %P=r0,%G",
    "cmp{|4}.{eq|ne}.{and|or|or.andcm} %P={%G|%i8},%G",
    "cmp{|4}.{gt|le|ge|lt}.{and|or|or.andcm} %P=r0,%G",
    "tbit.{z|nz}{||.unc|.and|.or|.or.andcm} %P=%G,%u6",
    "tnat.{z|nz}{||.unc|.and|.or|.or.andcm} %P=%G",
    "tbit.{z|nz}{||.unc|.and|.or|.or.andcm} %P=%G,%u6",
    "tnat.{z|nz}{||.unc|.and|.or|.or.andcm} %P=%G", "mov pr=%G,%M", "mov pr=%G,-1",
    "mov pr.rot=%i44", "mov %D=pr", "clrrrb.pr!",
};

static const char *const memory_rows[] = {
    "ld1{|||.bias|.acq|.nt1|.nta} %D=[%0]{|,%i9|,%G}",
    "ld2{|||.bias|.acq|.nt1|.nta} %D=[%1]{|,%i9|,%G}",
    "ld4{|||.bias|.acq|.nt1|.nta} %D=[%2]{|,%i9|,%G}",
    "ld8{|||.bias|.acq|.nt1|.nta} %D=[%3]{|,%i9|,%G}",
    "ld1{|||.bias|.acq|.nt1|.nta} %D=[%0]{|,%i9|,%G}",
    "ld2{|||.bias|.acq|.nt1|.nta} %D=[%1]{|,%i9|,%G}",
    "ld4{|||.bias|.acq|.nt1|.nta} %D=[%2]{|,%i9|,%G}",
    "ld8{|||.bias|.acq|.nt1|.nta} %D=[%3]{|,%i9|,%G}", "ld8.fill %D=[%3]{|,%i9|,%G}",
    "ld8.fill %D=[%3]{|,%i9|,%G}", "st1{||.rel} [%0]=%G{|,%i9}", "st2{||.rel} [%1]=%G{|,%i9}",
    "st4{||.rel} [%2]=%G{|,%i9}", "st8{||.rel} [%3]=%G{|,%i9}", "st8.spill [%3]=%G{|,%i9}",
    "st8.spill [%3]=%G{|,%i9}", "lfetch{|.fault|.excl|.fault.excl} [%0]{|,%i9|,%G}",
    "xchg1 %D=[%0],%G", "xchg8 %D=[%3],%G", "cmpxchg1{.acq|.rel} %D=[%0],%G,ar.ccv",
    "cmpxchg8{.acq|.rel} %D=[%3],%G,ar.ccv", "cmp8xchg16{.acq|.rel} %D=[%5],%G,ar.csd,ar.ccv",
    "fetchadd4{.acq|.rel} %D=[%2],{1|4|8|16|-1|-4|-8|-16}",
    "fetchadd8{.acq|.rel} %D=[%3],{1|4|8|16|-1|-4|-8|-16}", "ld16{|.acq} %D,ar.csd=[%4]",
    "st16{|.rel} [%4]=%G,ar.csd", "mf{|.a}", "fc{|.i} %3", "sync.i", "fwb", "invala",
    "mov ar.ccv=%G", "mov ar.csd=%G",
};

/* Only with PSR.be off: Ski swaps the bytes of the wrong width. */
static const char *const little_endian_rows[] = {
    "xchg2 %D=[%1],%G", "xchg4 %D=[%2],%G", "cmpxchg2{.acq|.rel} %D=[%1],%G,ar.ccv",
    "cmpxchg4{.acq|.rel} %D=[%2],%G,ar.ccv",
};

/* An ALAT entry per register: %A and %E, %R are few, so that Ski never has to replace one. */
static const char *const advanced_rows[] = {
    "ld1{.a|.c.clr|.c.nc|.c.clr.acq} %A=[%0]{|,%i9|,%G}",
    "ld2{.a|.c.clr|.c.nc|.c.clr.acq} %A=[%1]{|,%i9|,%G}",
    "ld4{.a|.c.clr|.c.nc|.c.clr.acq} %A=[%2]{|,%i9|,%G}",
    "ld8{.a|.c.clr|.c.nc|.c.clr.acq} %A=[%3]{|,%i9|,%G}",
    "ld1{.a|.c.clr|.c.nc|.c.clr.acq} %A=[%0]{|,%i9|,%G}",
    "ld2{.a|.c.clr|.c.nc|.c.clr.acq} %A=[%1]{|,%i9|,%G}",
    "ld4{.a|.c.clr|.c.nc|.c.clr.acq} %A=[%2]{|,%i9|,%G}",
    "ld8{.a|.c.clr|.c.nc|.c.clr.acq} %A=[%3]{|,%i9|,%G}",
    "ldfs{.a|.c.clr|.c.nc} %E=[%2]{|,%i9|,%G}", "ldfd{.a|.c.clr|.c.nc} %E=[%3]{|,%i9|,%G}",
    "ldf8{.a|.c.clr|.c.nc} %E=[%3]{|,%i9|,%G}", "ldfe{.a|.c.clr|.c.nc} %E=[%4]{|,%i9|,%G}",
    "ldfps{.a|.c.clr|.c.nc} %R=[%3]{|,8}", "ldfpd{.a|.c.clr|.c.nc} %R=[%4]{|,16}",
    "ldfp8{.a|.c.clr|.c.nc} %R=[%4]{|,16}", "ld1.sa %A=[%0]{|,%i9|,%G}",
    "ld2.sa %A=[%1]{|,%i9|,%G}", "ld4.sa %A=[%2]{|,%i9|,%G}", "ld8.sa %A=[%3]{|,%i9|,%G}",
    "ldfs.sa %E=[%2]{|,%i9|,%G}", "ldfd.sa %E=[%3]{|,%i9|,%G}", "ldf8.sa %E=[%3]{|,%i9|,%G}",
    "ldfe.sa %E=[%4]{|,%i9|,%G}", "ldfps.sa %R=[%3]{|,8}", "ldfpd.sa %R=[%4]{|,16}",
    "ldfp8.sa %R=[%4]{|,16}", "invala.e {%A|%E}", "invala",
};

static const char *const speculative_rows[] = {
    "ld1.s %D=[%0]{|,%i9|,%G}", "ld2.s %D=[%1]{|,%i9|,%G}", "ld4.s %D=[%2]{|,%i9|,%G}",
    "ld8.s %D=[%3]{|,%i9|,%G}", "ld1.s %D=[%0]{|,%i9|,%G}", "ld2.s %D=[%1]{|,%i9|,%G}",
    "ld4.s %D=[%2]{|,%i9|,%G}", "ld8.s %D=[%3]{|,%i9|,%G}", "ldfs.s %F=[%2]{|,%i9|,%G}",
    "ldfd.s %F=[%3]{|,%i9|,%G}", "ldf8.s %F=[%3]{|,%i9|,%G}", "ldfe.s %F=[%4]{|,%i9|,%G}",
    "ldfps.s %Q=[%3]{|,8}", "ldfpd.s %Q=[%4]{|,16}", "ldfp8.s %Q=[%4]{|,16}",
};

static const char *const wild_rows[] = {
    "ld{4|8}.s %D=[%G]", "ldfd.s %F=[%G]",
};

static const char *const fp_memory_rows[] = {
    "ldfs %F=[%2]{|,%i9|,%G}", "ldfd %F=[%3]{|,%i9|,%G}", "ldf8 %F=[%3]{|,%i9|,%G}",
    "ldfe %F=[%4]{|,%i9|,%G}", "ldf.fill %F=[%4]{|,%i9|,%G}", "ldfs %F=[%2]{|,%i9|,%G}",
    "ldfd %F=[%3]{|,%i9|,%G}", "ldf8 %F=[%3]{|,%i9|,%G}", "ldfe %F=[%4]{|,%i9|,%G}",
    "ldf.fill %F=[%4]{|,%i9|,%G}", "stfs [%2]=%f{|,%i9}", "stfd [%3]=%f{|,%i9}",
    "stf8 [%3]=%f{|,%i9}", "stfe [%4]=%f{|,%i9}", "stf.spill [%4]=%f{|,%i9}", "ldfps %Q=[%3]{|,8}",
    "ldfpd %Q=[%4]{|,16}", "ldfp8 %Q=[%4]{|,16}", "getf.{s|d|exp|sig} %D=%f",
    "setf.{s|d|exp|sig} %F=%G", "getf.{s|d|exp|sig} %D=%f", "setf.{s|d|exp|sig} %F=%G",
};

static const char *const fp_rows[] = {
    "fma.s%s %F=%f,%f,%f", "fma.s.s%s %F=%f,%f,%f", "fma.d.s%s %F=%f,%f,%f", "fms.s%s %F=%f,%f,%f",
    "fms.s.s%s %F=%f,%f,%f", "fms.d.s%s %F=%f,%f,%f", "fnma.s%s %F=%f,%f,%f",
    "fnma.s.s%s %F=%f,%f,%f", "fnma.d.s%s %F=%f,%f,%f", "fadd.s%s %F=%f,%f", "fmpy.d.s%s %F=%f,%f",
    "fsub.s.s%s %F=%f,%f", "fnorm.s%s %F=%f", "fnorm.d.s%s %F=%f", "fpma.s%s %F=%f,%f,%f",
    "fpms.s%s %F=%f,%f,%f", "fpnma.s%s %F=%f,%f,%f", "fmin.s%s %F=%z,%z", "fmax.s%s %F=%z,%z",
    "famin.s%s %F=%z,%z", "famax.s%s %F=%z,%z", "fpmin.s%s %F=%f,%f", "fpmax.s%s %F=%f,%f",
    "fpamin.s%s %F=%f,%f", "fpamax.s%s %F=%f,%f", "fcmp.{eq|lt|le|unord}{|.unc}.s%s %P=%z,%z",
    "fcmp.{eq|lt|le|unord}{|.unc}.s%s %P=%z,%z", "fcmp.{eq|lt|le|unord}{|.unc}.s%s %P=%z,%z",
    "fpcmp.eq.s%s %F=%f,%f", "fpcmp.lt.s%s %F=%f,%f", "fpcmp.le.s%s %F=%f,%f",
    "fpcmp.unord.s%s %F=%f,%f", "fpcmp.neq.s%s %F=%f,%f", "fpcmp.nlt.s%s %F=%f,%f",
    "fpcmp.nle.s%s %F=%f,%f", "fpcmp.ord.s%s %F=%f,%f", "fclass.m %P=%f,%u9", "fclass.nm %P=%f,%u9",
    "fclass.m.unc %P=%f,%u9", "frcpa.s%s %F,%p=%f,%f", "frsqrta.s%s %F,%p=%f",
    "fprcpa.s%s %F,%p=%f,%f", "fprsqrta.s%s %F,%p=%f", "fcvt.fx.s%s %F=%f",
    "fcvt.fx.trunc.s%s %F=%f", "fcvt.fxu.s%s %F=%f", "fcvt.fxu.trunc.s%s %F=%f", "fcvt.xf %F=%f",
    "fpcvt.fx.s%s %F=%f", "fpcvt.fx.trunc.s%s %F=%f", "fpcvt.fxu.s%s %F=%f",
    "fpcvt.fxu.trunc.s%s %F=%f", "fmerge.s %F=%f,%f", "fmerge.ns %F=%f,%f", "fmerge.se %F=%f,%f",
    "fpmerge.s %F=%f,%f", "fpmerge.ns %F=%f,%f", "fpmerge.se %F=%f,%f", "fmix.lr %F=%f,%f",
    "fmix.l %F=%f,%f", "fmix.r %F=%f,%f", "fsxt.l %F=%f,%f", "fsxt.r %F=%f,%f", "fpack %F=%f,%f",
    "fswap %F=%f,%f", "fswap.nl %F=%f,%f", "fswap.nr %F=%f,%f", "fand %F=%f,%f", "fandcm %F=%f,%f",
    "for %F=%f,%f", "fxor %F=%f,%f", "fselect %F=%f,%f,%f", "xma.l %F=%f,%f,%f",
    "xma.h %F=%f,%f,%f", "xma.hu %F=%f,%f,%f", "fsetc.s%s 0x%h,0x%h", "fclrf.s%s",
};

static const char *const system_rows[] = {
    "mov %D=psr", "mov %D=psr.um", "mov %D=cr.dcr", "mov %D=cr.itm", "mov %D=cr.iva",
    "mov %D=cr.pta", "mov %D=cr.lid", "mov %D=cr.tpr", "mov %D=cr.irr0", "mov %D=cr.irr1",
    "mov %D=cr.itv", "mov %D=cr.pmv", "mov %D=cr.cmcv", "mov %D=cr.lrr0", "mov %D=cr.ivr",
    "mov cr.eoi=r0", "mov %D=cr.ipsr", "mov %D=cr.iip", "mov cr.iim=%G", "mov %D=ar.k%k",
    "mov ar.k%k=%G", "mov %D=ar.unat", "mov ar.unat=%G", "mov %D=ar.fpsr", "mov %D=ar.rsc",
    "mov %D=ar.bsp", "mov %D=ar.bspstore", "mov %D=ar.rnat", "mov %D=ar.pfs", "mov %D=ar.lc",
    "mov %D=ar.ec", "mov ar.ec=%u6", "mov ar.ec=%G", "mov ar.lc=%i8", "mov ar.lc=%G",
    "mov %D=ar.csd", "mov ar.csd=%G", "mov %D=ar.ssd", "mov ar.ssd=%G", "mov %D=ar.ccv",
    "mov.m ar.unat=%i8", "mov.m ar.ccv=%i8", "mov.m ar.k%k=%i8", "mov %b=%G", "mov %D=%B",
    "mov %D=%B", "mov psr.um=%G", "sum 0x%S", "rum 0x%S", "mov %D=rr[%G]", "mov %D=pkr[%m]",
    "mov %D=dbr[%m]", "mov %D=ibr[%m]", "mov dbr[%m]=%G", "mov %D=pmc[%m]", "mov %D=pmd[%m]",
    "mov pmd[%m]=%G", "srlz.d", "flushrs!", "tak %D=%3", "tpa %D=%3", "break.{m|i|f|b|x} 0x1%h",
    "mov.ret.sptk %b=%G,.", "thash %D=%G", "ttag %D=%G", "probe.r %D=%3,%y", "probe.w %D=%3,%y",
    "probe.r %D=%3,%G", "probe.w %D=%3,%G", "probe.r.fault %3,%y", "probe.w.fault %3,%y",
    "probe.rw.fault %3,%y", "mov ar.fpsr=%G", "mov.m ar.rsc=BE+%u4", "mov ar.pfs=%G", "epc!",
    "mov cr.itir=%G", "ssm 0x2000", "rsm 0x400000",
};

/* clang-format on */

#endif
