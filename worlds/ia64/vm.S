// vm.S: the virtual machine, at PL0 (Fig. 3 between A and B): its own vector table, the guest OS run as an application at
// PL1 (316 in Fig. 2), the guest's accesses to X simulated [0019], its time slice ended by the timer [0025].
#include "world.inc"
#include "switchers/registers/ia64.inc"

#define ISR_CODE_PRIVILEGED 0x10
#define CR_IVA	2
#define CR_IPSR	16
#define CR_IIP	19
#define CR_IIM	24

	.text
// vm_boot: what the guest finds: no vectors yet, and the address of its OS's own registers.
	.global	vm_boot
vm_boot:
	movl	r2=vm_bank
	mov	r3=1 ;;
	st8	[r2]=r3
	br.ret.sptk.many b0 ;;

// vm_enter: where switch_out ends: the CPU is the virtual machine's.
	.global	vm_enter
vm_enter:
	rsm	PSR_I | PSR_IC ;;
	srlz.i ;;
	bsw.0 ;;
	br.call.sptk.many b6=guest_has_fp ;;
(p6)	br.call.spnt.many b0=switch_fp_used ;;
(p6)	br.call.spnt.many b6=fill_guest_fp ;;
run:	movl	r16=guest ;;
	restore_application

// ---- vectors ----

	.macro	from_guest offset, label	// saved just like the host would save an application [0024]
	.org	\offset
	movl	r24=\label
	br	save_guest ;;
	.endm
	.macro	unexpected offset
	.org	\offset
	movl	r24=\offset
	br	host_unexpected ;;
	.endm

	.section .text.vm_vectors, "ax"
	.align	32768
	.global	vm_vectors
vm_vectors:
	.irp	o, 0x0000, 0x0400, 0x0800, 0x0c00, 0x1000, 0x1400, 0x1800, 0x1c00, 0x2000, 0x2400, 0x2800
	unexpected \o
	.endr
	from_guest 0x2c00, guest_break
	.org	0x3000
	br	vm_interrupt ;;
	.irp	o, 0x3400, 0x3800, 0x3c00, 0x4000, 0x5000, 0x5100, 0x5200, 0x5300
	unexpected \o
	.endr
	from_guest 0x5400, guest_privileged
	from_guest 0x5500, guest_disabled_fp
	.irp	o, 0x5600, 0x5700, 0x5900, 0x5a00, 0x5b00, 0x5c00, 0x5d00, 0x5e00, 0x5f00
	unexpected \o
	.endr
	.org	0x8000

	.text
save_guest:					// r24: where to go on
	mov	r27=cr.isr
	mov	r28=cr.iim
	movl	r16=guest ;;
	save_application
	mov	b6=r24 ;;
	br	b6 ;;

// ---- the way back to the host, at point B of Fig. 3 ----

// A tick ends the slice; it stays pending, so that the host will serve it.
vm_interrupt:
	mov	r25=cr.ipsr
	mov	r26=pr ;;
	extr.u	r25=r25,32,2 ;;
	cmp.eq	p6,p7=r0,r25
	movl	r24=slice_over ;;
(p6)	br.cond.spnt unmasked ;;
	mov	pr=r26,-1
	br	save_guest ;;

slice_over:
	movl	r2=resume_tick
	br	back ;;

// r2: resumption point, chosen by the reason [0034]; r8: what I will bring [0028]
back:	movl	r3=host_resume ;;
	st8	[r3]=r2,8 ;;
	st8	[r3]=r8
	br.call.sptk.many b6=guest_has_fp ;;
(p6)	br.call.spnt.many b6=spill_guest_fp ;;
	br	switch_back ;;

// Code at PL0 was interrupted: a switcher that does not mask. The tick is served as the host does, with X.
unmasked:
	mov	r17=cr.ivr ;;
	srlz.d ;;
	movl	r17=ticks ;;
	ld8	r18=[r17] ;;
	adds	r18=1,r18 ;;
	st8	[r17]=r18
	mov	cr.eoi=r0 ;;
	srlz.d ;;
	.irp	n, 16, 19, 20, 21, 22, 23, 24, 25, 27, 28, 29, 30, 31
	mov	r\n=r0
	.endr
	mov	pr=r26,-1 ;;
	rfi ;;

// ---- calls ----

guest_break:
	movl	r9=VM_PUT
	movl	r10=VM_STOP
	adds	r11=C_GR+8*8,r16 ;;
	cmp.eq	p6,p7=r9,r28
	cmp.eq	p8,p9=r10,r28
	ld8	r8=[r11] ;;
(p6)	br.cond.spnt guest_puts
(p8)	br.cond.spnt guest_stops
	br	reflect ;;

guest_puts:					// the guest's console is the host's
	br.call.sptk.many b6=next_instruction ;;
	movl	r2=resume_put
	br	back ;;
guest_stops:
	movl	r2=resume_stop
	br	back ;;

// A call of the guest's application is its OS's: an interruption, as the CPU would deliver it to PL0.
reflect:
	adds	r2=C_IIP,r16
	adds	r3=C_IPSR,r16
	movl	r14=vm_cr
	movl	r15=vm_bank ;;
	ld8	r17=[r2]
	ld8	r18=[r3]
	ld8	r19=[r15]
	adds	r20=8*CR_IIP,r14
	adds	r21=8*CR_IPSR,r14
	adds	r22=8*CR_IIM,r14
	adds	r23=8*CR_IVA,r14 ;;
	dep	r18=r19,r18,44,1		// psr.bn, as the guest sees it
	ld8	r23=[r23]
	movl	r29=PSR_APPLICATION(1) ;;
	extr.u	r25=r18,18,2			// floating point is lent to both levels, or to none
	movl	r31=0x2c00 ;;
	st8	[r20]=r17
	st8	[r21]=r18
	st8	[r22]=r28
	dep	r29=r25,r29,18,2
	add	r23=r23,r31 ;;
	st8	[r2]=r23
	st8	[r3]=r29
	mov	r9=r0
	br.call.sptk.many b6=use_bank ;;
	br	run ;;

// ---- X, simulated [0019] ----

// The instruction: r22, from its bundle and slot; Intel SDM vol. 3, 4.4 (M32, M33) and 4.5 (B8).
guest_privileged:
	movl	r2=simulated ;;
	ld8	r3=[r2] ;;
	adds	r3=1,r3 ;;
	st8	[r2]=r3
	and	r3=7,r3 ;;
	cmp.eq	p6,p7=r0,r3
	br.call.sptk.many b6=time_passes ;;
	adds	r2=C_IIP,r16
	adds	r3=C_IPSR,r16 ;;
	ld8	r17=[r2]
	ld8	r18=[r3] ;;
	extr.u	r19=r18,RI_BIT,2
	ld8	r20=[r17],8 ;;
	ld8	r21=[r17]
	cmp.eq	p6,p7=1,r19
	cmp.eq	p8,p9=2,r19 ;;
	shr.u	r22=r20,5 ;;
(p6)	shrp	r22=r21,r20,46 ;;
(p8)	shr.u	r22=r21,23 ;;
	extr.u	r23=r22,37,4			// opcode
	extr.u	r25=r22,27,6			// x6
	extr.u	r29=r22,20,7			// cr3
	extr.u	r30=r22,6,7			// r1
	extr.u	r31=r22,13,7			// r2
	movl	r14=vm_cr ;;
	shladd	r29=r29,3,r14
	shladd	r30=r30,3,r16
	shladd	r31=r31,3,r16
	cmp.eq	p6,p7=1,r23
	cmp.eq	p8,p9=r0,r23 ;;
(p6)	cmp.eq.unc p10,p0=0x2c,r25
(p6)	cmp.eq.unc p11,p0=0x24,r25
(p8)	cmp.eq.unc p12,p0=0x08,r25
(p8)	cmp.eq.unc p13,p0=0x0c,r25
(p8)	cmp.eq.unc p14,p0=0x0d,r25 ;;
(p10)	br.cond.spnt write_cr
(p11)	br.cond.spnt read_cr
(p12)	br.cond.spnt simulate_rfi ;;
(p13)	br.cond.spnt simulate_bsw_0
(p14)	br.cond.spnt simulate_bsw_1 ;;
	movl	r24=0x5400			// the guest does what this virtual machine does not know
	br	host_unexpected ;;

write_cr:
	ld8	r8=[r31] ;;
	st8	[r29]=r8
	br	simulated_one ;;
read_cr:
	ld8	r8=[r29] ;;
	st8	[r30]=r8
	br	simulated_one ;;
simulate_bsw_0:
	mov	r9=0
	br.call.sptk.many b6=use_bank ;;
	br	simulated_one ;;
simulate_bsw_1:
	mov	r9=1
	br.call.sptk.many b6=use_bank ;;
simulated_one:
	br.call.sptk.many b6=next_instruction ;;
	br	run ;;

// rfi: to the level, the bank and the place that the guest's own cr.ipsr and cr.iip name
simulate_rfi:
	adds	r20=8*CR_IIP,r14
	adds	r21=8*CR_IPSR,r14
	adds	r2=C_IIP,r16
	adds	r3=C_IPSR,r16 ;;
	ld8	r17=[r20]
	ld8	r18=[r21]
	ld8	r22=[r3]
	movl	r19=PSR_APPLICATION(1) ;;
	extr.u	r22=r22,18,2
	extr.u	r20=r18,32,2
	extr.u	r21=r18,RI_BIT,2
	extr.u	r9=r18,44,1 ;;
	cmp.ne	p6,p7=r0,r20
	dep	r19=r21,r19,RI_BIT,2 ;;
	dep	r19=r22,r19,18,2 ;;
(p6)	dep	r19=-1,r19,33,1			// level 3: the guest's application
	st8	[r2]=r17 ;;
	st8	[r3]=r19
	br.call.sptk.many b6=use_bank ;;
	br	run ;;

// next_instruction: the guest goes on after the instruction that it could not execute itself
next_instruction:
	adds	r2=C_IIP,r16
	adds	r3=C_IPSR,r16 ;;
	ld8	r17=[r2]
	ld8	r18=[r3] ;;
	extr.u	r19=r18,RI_BIT,2 ;;
	cmp.eq	p6,p7=2,r19
	adds	r19=1,r19 ;;
(p6)	mov	r19=0
(p6)	adds	r17=16,r17 ;;
	dep	r18=r19,r18,RI_BIT,2
	st8	[r2]=r17 ;;
	st8	[r3]=r18
	br.ret.sptk.many b6 ;;

// use_bank: r9 is the bank that the guest sees from now on; the other one lies in memory. NaT bits stay with bank 1.
use_bank:
	movl	r2=vm_bank ;;
	ld8	r3=[r2] ;;
	cmp.eq	p6,p7=r3,r9
	st8	[r2]=r9
	adds	r2=C_GR+8*16,r16
	movl	r3=vm_other_bank
	mov	r10=16 ;;
(p6)	br.ret.sptk.many b6 ;;
1:	ld8	r11=[r2]
	ld8	r15=[r3]
	adds	r10=-1,r10 ;;
	st8	[r2]=r15,8
	st8	[r3]=r11,8
	cmp.ne	p6,p7=r0,r10 ;;
(p6)	br.cond.sptk 1b ;;
	br.ret.sptk.many b6 ;;

// time_passes: p6: the timer reaches the end of the time slice. It is pending until the guest goes on.
time_passes:
	movl	r2=0x7000000000000000 ;;
(p6)	mov	cr.itm=r2 ;;
	srlz.d ;;
(p6)	mov	ar.itc=r2
	br.ret.sptk.many b6 ;;

// ---- floating point ----

// The guest begins without it; its first use is here. A switcher that left the host's registers in place saves them now.
	.global	vm_disabled_fp, vm_fp_lent
guest_disabled_fp:
vm_disabled_fp:
	br.call.sptk.many b0=switch_fp_used ;;
vm_fp_lent:
	adds	r2=C_IPSR,r16 ;;
	ld8	r3=[r2] ;;
	dep	r3=0,r3,18,2 ;;
	st8	[r2]=r3
	br	run ;;

// Once lent, the guest's own are kept while the host runs, as any application's are. p6: they were lent.
guest_has_fp:
	movl	r2=guest + C_IPSR ;;
	ld8	r2=[r2] ;;
	tbit.z	p6,p7=r2,18
	br.ret.sptk.many b6 ;;
	.macro	spill_fp name, number
	stf.spill [r3]=\name,16 ;;
	.endm
	.macro	fill_fp name, number
	ldf.fill \name=[r3],16 ;;
	.endm
spill_guest_fp:
	movl	r3=guest_fp ;;
	rows	fr_low, spill_fp
	rows	fr_high, spill_fp
	br.ret.sptk.many b6 ;;
fill_guest_fp:
	movl	r3=guest_fp ;;
	rows	fr_low, fill_fp
	rows	fr_high, fill_fp
	br.ret.sptk.many b6 ;;

// ---- for the contract check: the virtual machine fills all stacked registers, on its own backing store ----

	.global	vm_fills_stack, vm_filled_stack
vm_fills_stack:
	mov	ar.rsc=0
	movl	r2=guest_stack ;;
	mov	ar.bspstore=r2 ;;
	alloc	r32=ar.pfs,0,96,0,0 ;;
	.macro	fill_stacked name, number
	mov	r\number=0xbad
	.endm
	rows	stacked, fill_stacked
	;;
	cover ;;
	flushrs ;;
vm_filled_stack:
	br	vm_filled_stack ;;

// ---- data ----

	.data
	.align	512
guest:	.skip	C_IPSR				// the guest OS, before its first instruction: at PL1 [0019]
	.quad	PSR_APPLICATION(1), guest_start, 1 << 63, 0xf, guest_stack, 0, 0, 0, 0, 0, 0, 0, FPSR_DEFAULT, guest
	.skip	C_BYTES - C_NEXT - 8
	.global	simulated
simulated: .quad 0
vm_bank: .quad	1				// that the guest sees
vm_other_bank: .skip 16*8
vm_cr:	.skip	128*8				// the guest's control registers

	.bss
	.align	4096
guest_stack: .skip 4096
guest_fp: .skip 126*16
