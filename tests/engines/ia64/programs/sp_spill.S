// speed: spills and fills 28 general and 126 floating-point registers, ITERS times
	.include "rt.inc"
	default_extint
test_main:
	movl	r9=ITERS-1
	mov	r10=ar.unat
	;;
	mov	ar.lc=r9
again:
	movl	r2=area
	movl	r3=area+8
	;;
	.irp	n, 4,6,8,10,12,14,16,18,20,22,24,26,28,30
	st8.spill [r2]=r\n,16
	.endr
	.irp	n, 5,7,9,11,13,15,17,19,21,23,25,27,29,31
	st8.spill [r3]=r\n,16
	.endr
	movl	r2=fparea
	.altmacro
	.macro	spill n
	stf.spill [r2]=f\n,16
	.endm
	.macro	fill n
	ldf.fill f\n=[r2],16
	.endm
	.set	i, 2
	.rept	126
	spill	%i
	.set	i, i+1
	.endr
	movl	r2=fparea
	.set	i, 2
	.rept	126
	fill	%i
	.set	i, i+1
	.endr
	.noaltmacro
	movl	r2=area
	movl	r3=area+8
	;;
	.irp	n, 4,6,8,10,12,14,16,18,20,22,24,26,28,30
	ld8.fill r\n=[r2],16
	.endr
	.irp	n, 5,7,9,11,13,15,17,19,21,23,25,27,29,31
	ld8.fill r\n=[r3],16
	.endr
	br.cloop.sptk.few again
	;;
	mov	ar.unat=r10
	say	"r10", r10
	finish
	.bss
	.align	1024
area:	.skip	512
fparea:	.skip	2048
