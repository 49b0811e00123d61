// driver.S: the driver (216 in Fig. 1), a part of the host at PL0 that the VM application calls. It runs the switcher under
// test: switch_out saves the host's context at the PIP and goes to the virtual machine (point A of Fig. 3); switch_back
// restores it and comes back to one of three resumption points, chosen by the reason [0034] (point B).
#include "world.inc"

	.text
// At driver_call nothing of the VM application is in a register: its context is saved, as at every system call. The
// driver's own return link is in memory. So the switchers of kind pip find live: the register stack (ar.bsp and the frame),
// r12 and r13 of a host with stacks and threads, the address of the vectors, and X, which this driver makes live on purpose:
// it keeps a value in it across the call, as code in a critical section may.
	.global	driver, driver_alloc, driver_call
driver:
driver_alloc:					// the frame's size is the pressure experiment's
	alloc	r31=ar.pfs,0,8,0,0
	movl	r2=driver_link
	mov	r3=b0 ;;
	st8	[r2]=r31,8 ;;
	st8	[r2]=r3
again:	movl	r2=world_switches ;;
	ld8	r3=[r2]
	movl	r12=0x1212
	movl	r13=0x1313 ;;
	adds	r3=1,r3 ;;
	st8	[r2]=r3
	br.call.sptk.many b6=make_x_live ;;
driver_call:
	br.call.sptk.many b0=switch_out ;;
	break	0x1				// the switch comes back to a resumption point, not here

// [0034] Each resumption point knows why it is reached, and none uses a register that the switch may have corrupted.
	.global	resume_tick, resume_put, resume_stop
resume_tick:					// the time slice is over [0025]
	br.call.sptk.many b6=check_x ;;
	ssm	PSR_I ;;			// the host serves the tick, which is pending since
	srlz.d ;;
	mov	r8=VM_SLICE_OVER
	br	leave ;;
resume_put:					// the guest has a character; I brought it [0028]
	mov	r10=r8 ;;
	br.call.sptk.many b6=check_x ;;
	ssm	PSR_I ;;
	srlz.d ;;
	mov	r8=r10
	br.call.sptk.many b0=put_character ;;
	br	again ;;			// A to B once more
resume_stop:					// the guest has ended
	br.call.sptk.many b6=check_x ;;
	ssm	PSR_I ;;
	srlz.d ;;
	mov	r8=VM_DONE
leave:	movl	r2=driver_link ;;
	ld8	r31=[r2],8 ;;
	ld8	r3=[r2]
	mov	ar.pfs=r31 ;;
	mov	b0=r3 ;;
	.global	driver_done
driver_done:
	br.ret.sptk.many b0 ;;

// ---- X, made live and looked at: bank 0 and the control registers that an interruption writes ----

#define X_BANK	16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
// not cr.ifa and cr.iipa: while psr.ic is 1 the processor may change them at any reference or branch, and Ski does
#define X_CR	ipsr, isr, iip, itir, ifs, iim, iha

make_x_live:
	rsm	PSR_I | PSR_IC ;;
	srlz.i ;;
	mov	r3=0x2000
	mov	r2=0x2000 ;;
	.irp	r, X_CR				// 1 to 7 times 2^13: legal in each of them
	mov	cr.\r=r2
	add	r2=r2,r3 ;;
	.endr
	bsw.0 ;;
	.irp	n, X_BANK
	mov	r\n=0x1500+\n
	.endr
	;;
	bsw.1 ;;
	ssm	PSR_IC ;;
	srlz.i ;;
	ssm	PSR_I ;;
	srlz.d ;;
	br.ret.sptk.many b6 ;;

// Counts the words of X that are not what make_x_live gave; the control registers only where the switch came back with
// psr.ic = 0: otherwise the processor does not promise to keep them. Interrupts become masked, or are so already.
check_x:
	mov	r8=psr
	rsm	PSR_I | PSR_IC ;;
	srlz.i ;;
	tbit.nz	p8,p9=r8,13
	movl	r2=x_lost
	mov	r15=0x2000
	mov	r9=0x2000 ;;
	ld8	r3=[r2] ;;
	mov	r14=r3 ;;
	.irp	r, X_CR
	mov	r11=cr.\r ;;
	cmp.ne	p6,p7=r9,r11
	add	r9=r9,r15 ;;
(p6)	adds	r3=1,r3 ;;
	.endr
(p8)	mov	r3=r14 ;;
	bsw.0 ;;
	.irp	n, X_BANK
	mov	r11=0x1500+\n ;;
	cmp.ne	p6,p7=r11,r\n ;;
(p6)	adds	r3=1,r3 ;;
	.endr
	st8	[r2]=r3
	bsw.1 ;;
	ssm	PSR_IC ;;
	srlz.i ;;
	br.ret.sptk.many b6 ;;

// What a caller does with floating-point values that live across a switch which does not keep them: a store before it and a load
// behind it, in the order in which a compiler takes the registers: preserved ones, scratch ones, the high partition. Nothing here
// calls this; the experiment with live floating-point registers runs the bundles that it needs, two registers each.
#define CALLER_ORDER 2, 4, 16, 18, 20, 22, 24, 26, 28, 30, 6, 8, 10, 12, 14
	.macro	caller_store a, b
	{ .mmi
	stf.spill [r2]=f\a,32
	stf.spill [r3]=f\b,32
	nop.i	0 ;;
	}
	.endm
	.macro	caller_load a, b
	{ .mmi
	ldf.fill f\a=[r2],32
	ldf.fill f\b=[r3],32
	nop.i	0 ;;
	}
	.endm
	.macro	caller body
	.irp	n, CALLER_ORDER
	pair	\body, \n
	.endr
	.set	high, 32
	.rept	48
	pair	\body, high
	.set	high, high + 2
	.endr
	.endm
	.macro	pair body, n
	.altmacro
	\body	%(\n), %(\n + 1)
	.noaltmacro
	.endm
	.global	caller_stores_fp, caller_loads_fp, caller_fp
	.align	32
caller_stores_fp:
within.caller.out:
	caller	caller_store
	.align	32
caller_loads_fp:
within.caller.back:
	caller	caller_load
	break	0x1

	.data
	.align	16
driver_link: .quad 0, 0

// Where the host's context lies between A and B [0029], and where and with what the switch comes back.
	.global	host_resume, host_context
host_resume: .quad 0, 0				// resumption point; what I brings
	.bss
	.align	4096
host_context: .skip 8192
caller_fp: .skip 126 * 16
