// host.S: the host operating system, at PL0 (210 in Fig. 1): boot, vector table, the clock's tick, system calls, and
// applications switched the ordinary way, with X as temporary storage [0013]-[0016]. Its handlers use bank 0, cr16-25 and
// no register of the interrupted code.
#include "world.inc"

// ---- boot ----

	.text
	.global	boot
boot:	bsw.1 ;;
	alloc	r2=ar.pfs,0,0,0,0
	movl	r3=host_stack ;;
	mov	ar.rsc=0
	movl	r8=FPSR_DEFAULT ;;
	mov	ar.bspstore=r3
	mov	ar.fpsr=r8
	mov	ar.unat=r0
	movl	r9=host_vectors
	mov	r10=TICK_VECTOR ;;
	mov	ar.rnat=r0
	mov	cr.iva=r9
	mov	cr.dcr=r0
	mov	cr.tpr=r0
	mov	cr.itv=r10
	mov	pr=r0,-1 ;;
	mov	ar.rsc=3
	invala ;;
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7	// region n, 4 KiB pages: translation stays off, but 0 is no legal value
	movl	r2=\n << 61
	movl	r3=(\n + 1) << 8 | 12 << 2 ;;
	mov	rr[r2]=r3 ;;
	.endr
	srlz.i ;;
	br.call.sptk.many b0=vm_boot ;;
	movl	r8=hello ;;
	br.call.sptk.many b0=print ;;
	br	first_application ;;

// host_run: continues the current application. From bank 1 or from a handler.
	.global	host_run
host_run:
	rsm	PSR_I | PSR_IC ;;
	srlz.i ;;
	bsw.0 ;;
first_application:
	rsm	PSR_IC ;;
	srlz.i ;;
	bsw.0 ;;
	movl	r16=current ;;
	ld8	r16=[r16] ;;
	restore_application

// ---- vectors ----

	.macro	vector offset, label
	.org	\offset
	br	\label ;;
	.endm
	.macro	unexpected offset, base
	.org	\offset
	movl	r24=\offset
	br	host_unexpected ;;
	.endm

	.section .text.host_vectors, "ax"
	.align	32768
	.global	host_vectors
host_vectors:
	.irp	o, 0x0000, 0x0400, 0x0800, 0x0c00, 0x1000, 0x1400, 0x1800, 0x1c00, 0x2000, 0x2400, 0x2800
	unexpected \o
	.endr
	vector	0x2c00, host_break
	vector	0x3000, host_interrupt
	.irp	o, 0x3400, 0x3800, 0x3c00, 0x4000, 0x5000, 0x5100, 0x5200, 0x5300, 0x5400, 0x5500, 0x5600, 0x5700, 0x5900, 0x5a00, 0x5b00, 0x5c00, 0x5d00, 0x5e00, 0x5f00
	unexpected \o
	.endr
	.org	0x8000

	.text
// Any other interruption is the end: the exit status is 0x80 and the vector's number.
	.global	host_unexpected
host_unexpected:
	shr.u	r24=r24,8 ;;
	adds	r9=0x80,r24
	bsw.1 ;;
	br	finish ;;

// ---- the tick ----

// An interrupted application is switched [0015]. Interrupted host code goes on, and lost nothing but X [0013].
host_interrupt:
	mov	r16=cr.ipsr
	mov	r24=pr ;;
	extr.u	r16=r16,32,2 ;;
	cmp.ne	p6,p7=r0,r16
	mov	r17=cr.ivr ;;
	srlz.d ;;
	movl	r17=ticks ;;
	ld8	r18=[r17] ;;
	adds	r18=1,r18 ;;
	st8	[r17]=r18
	mov	cr.eoi=r0 ;;
	srlz.d ;;
(p6)	br.cond.spnt preempt ;;
interrupted_host:
	mov	r19=r0				// X is the handler's: whoever kept something there has lost it
	.irp	n, 20, 21, 22, 23, 25, 26, 27, 28, 29, 30, 31
	mov	r\n=r0
	.endr
	mov	pr=r24,-1 ;;
	rfi ;;
preempt:
	mov	pr=r24,-1
	movl	r16=current ;;
	ld8	r16=[r16] ;;
	save_application
	movl	r17=switches
	br.call.sptk.many b0=schedule ;;
	movl	r16=current ;;
	ld8	r16=[r16] ;;
	restore_application

// schedule: the next application is current, and one more switch counted. Uses r16-r19 of either bank.
schedule:
	movl	r16=current
	movl	r19=switches ;;
	ld8	r17=[r16]
	ld8	r18=[r19] ;;
	adds	r17=C_NEXT,r17
	adds	r18=1,r18 ;;
	ld8	r17=[r17]
	st8	[r19]=r18 ;;
	st8	[r16]=r17
	br.ret.sptk.many b0 ;;

// ---- system calls ----

host_break:
	movl	r16=current ;;
	ld8	r16=[r16] ;;
	save_application
	adds	r17=C_IIP,r16
	adds	r18=C_IPSR,r16 ;;
	ld8	r19=[r17]
	ld8	r20=[r18] ;;
	adds	r19=16,r19
	dep	r20=0,r20,RI_BIT,2 ;;
	st8	[r17]=r19			// the next bundle
	st8	[r18]=r20
	movl	r3=host_stack
	adds	r17=C_GR+8*8,r16 ;;
	ld8	r8=[r17]			// the argument
	mov	r9=cr.iim
	mov	ar.bspstore=r3 ;;
	mov	ar.rnat=r0 ;;
	mov	ar.rsc=3
	mov	ar.unat=r0
	bsw.1 ;;
	ssm	PSR_IC ;;			// from here on X is the next interruption's
	srlz.i ;;
	ssm	PSR_I ;;
	srlz.d ;;
	movl	r10=SYS_PUT
	movl	r11=SYS_WORK
	movl	r14=SYS_RUN_VM ;;
	cmp.eq	p6,p7=r9,r10
	cmp.eq	p8,p9=r9,r11
	cmp.eq	p10,p11=r9,r14 ;;
(p6)	br.cond.spnt put
(p8)	br.cond.spnt work
(p10)	br.cond.spnt run_vm ;;

// SYS_EXIT: the application leaves the ring; the last one ends the world
exit:	movl	r2=current ;;
	ld8	r3=[r2] ;;
	adds	r8=C_NEXT,r3 ;;
	ld8	r9=[r8] ;;
	cmp.eq	p6,p7=r9,r3
	st8	[r2]=r9
	mov	r10=r9 ;;
(p6)	br.cond.spnt world_ends ;;
1:	adds	r11=C_NEXT,r10 ;;
	ld8	r14=[r11] ;;
	cmp.eq	p6,p7=r14,r3
	mov	r10=r14 ;;
(p7)	br.cond.sptk 1b ;;
	st8	[r11]=r9
	br	host_run ;;

put:	br.call.sptk.many b0=put_character ;;
	br	host_run ;;

work:	rsm	PSR_I ;;
	srlz.d ;;
	tick	r2				// it arrives when the application goes on
	br	host_run ;;

run_vm:	br.call.sptk.many b0=driver ;;
	movl	r2=current ;;
	ld8	r2=[r2] ;;
	adds	r2=C_GR+8*8,r2 ;;
	st8	[r2]=r8				// the call's result
	br	host_run ;;

world_ends:
	movl	r8=text_ticks ;;
	br.call.sptk.many b0=print ;;
	movl	r8=ticks ;;
	ld8	r8=[r8] ;;
	br.call.sptk.many b0=print_number ;;
	movl	r8=text_switches ;;
	br.call.sptk.many b0=print ;;
	movl	r8=switches ;;
	ld8	r8=[r8] ;;
	br.call.sptk.many b0=print_number ;;
	movl	r8=text_worlds ;;
	br.call.sptk.many b0=print ;;
	movl	r8=world_switches ;;
	ld8	r8=[r8] ;;
	br.call.sptk.many b0=print_number ;;
	movl	r8=text_simulated ;;
	br.call.sptk.many b0=print ;;
	movl	r8=simulated ;;
	ld8	r8=[r8] ;;
	br.call.sptk.many b0=print_number ;;
	movl	r8=text_lost ;;
	br.call.sptk.many b0=print ;;
	movl	r8=x_lost ;;
	ld8	r8=[r8] ;;
	br.call.sptk.many b0=print_number ;;
	movl	r8=text_end ;;
	br.call.sptk.many b0=print ;;
	mov	r9=r0 ;;

	.global	finish
finish:	mov	r10=r9 ;;
	exit_with r10

// ---- the console: r8 is the character, the text or the number; r9-r11, r14, r15 and r31 are used ----

	.global	put_character, print, print_number
put_character:
	alloc	r31=ar.pfs,0,1,0,0 ;;
	mov	r32=r8
	mov	r15=SSC_PUTCHAR ;;
	break	0x80001 ;;
	mov	ar.pfs=r31 ;;
	br.ret.sptk.many b0 ;;

print:	alloc	r31=ar.pfs,0,1,0,0
	mov	r9=r8
	mov	r15=SSC_PUTCHAR ;;
1:	ld1	r32=[r9],1 ;;
	cmp.eq	p6,p7=r0,r32 ;;
(p7)	break	0x80001
(p7)	br.cond.sptk 1b ;;
	mov	ar.pfs=r31 ;;
	br.ret.sptk.many b0 ;;

print_number:					// decimal, below 10^4
	alloc	r31=ar.pfs,0,1,0,0
	mov	r9=r8
	mov	r15=SSC_PUTCHAR
	mov	r10=1000
	mov	r14=r0 ;;			// a digit is printed
1:	mov	r32='0' ;;
2:	cmp.ltu	p6,p7=r9,r10 ;;
(p7)	sub	r9=r9,r10
(p7)	adds	r32=1,r32
(p7)	br.cond.sptk 2b ;;
	cmp.ne	p8,p9='0',r32
	cmp.eq	p10,p11=1,r10 ;;
(p8)	mov	r14=1 ;;
(p10)	mov	r14=1 ;;
	cmp.ne	p8,p9=r0,r14 ;;
(p8)	break	0x80001
	cmp.eq	p6,p7=1,r10
	cmp.eq	p12,p13=10,r10
	movl	r11=100 ;;
	cmp.eq	p14,p15=r11,r10
(p12)	mov	r10=1
(p6)	br.cond.spnt 3f ;;
(p14)	mov	r10=10
	movl	r11=1000 ;;
	cmp.eq	p8,p9=r11,r10 ;;
(p8)	mov	r10=100
	br	1b ;;
3:	mov	ar.pfs=r31 ;;
	br.ret.sptk.many b0 ;;

// ---- data ----

	.section .rodata, "a"
hello:	.asciz	"world ia64\n"
text_ticks: .asciz "\nhost: ticks "
text_switches: .asciz "\nhost: application switches "
text_worlds: .asciz "\nhost: world switches "
text_simulated: .asciz "\nvm: simulated accesses "
text_lost: .asciz "\nhost: words of X lost "
text_end: .asciz "\nend\n"

	.data
	.align	8
	.global	current, ticks, world_switches, x_lost, text_end, interrupted_host
current: .quad	application_a
ticks:	.quad	0
switches: .quad	0
world_switches: .quad 0
x_lost:	.quad	0

	.bss
	.align	8192
	.global	host_stack
host_stack: .skip 8192
