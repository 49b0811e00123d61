// The program of test_fp_engines.c: for each case at INPUTS it loads f9, f10, f11, r9, r10 and ar.fpsr,
// branches to the form under test and stores what that leaves at OUTPUTS. The layout of a case is
// struct input and struct output there. The forms and their table come with forms.s.
INPUTS = 0x4000000
OUTPUTS = 0x8000000

	.section	.text,"ax"
	.macro	vector offset
	.org	\offset
	mov	r36=\offset
	br.sptk	interruption
	.endm
ivt:
	.irp	o,0x0000,0x0400,0x0800,0x0c00,0x1000,0x1400,0x2c00,0x3000,0x5400,0x5500,0x5600,0x5a00,0x5b00,0x5c00,0x5d00
	vector	\o
	.endr
	.org	0x8000
interruption:
	mov	r35=cr.isr
	extr.u	r35=r35,0,16		// the code
	ssm	0x2000			// psr.ic
	srlz.d
	br.sptk	done
	.global	_start
_start:	movl	r2=ivt
	movl	r12=scratch
	movl	r32=INPUTS		// GET_INITRAMFS(INPUTS): the cases
	mov	r15=77
	break	0x80001
	mov	cr.iva=r2		// faults and traps are part of a result
	ssm	0x2000
	srlz.i
	movl	r40=INPUTS
	movl	r41=OUTPUTS
	add	r42=r40,r8
	movl	r45=table
next:	ld8	r9=[r40]		// an operand as spilled: r9 gets its significand
	ldf.fill	f9=[r40],16
	ld8	r10=[r40]
	ldf.fill	f10=[r40],16
	ldf.fill	f11=[r40],16
	ld8	r33=[r40],8
	ld8	r34=[r40],8
	mov	r37=0
	fand	f8=f0,f0		// what results are before: 0, and both predicates set
	mov	r8=0
	mov	r35=0
	mov	r36=0
	mov	pr=r0,-1		// p9 is false for the forms that want it so
	mov	ar.fpsr=r33
	shladd	r34=r34,3,r45
	ld8	r34=[r34]
	mov	b6=r34
	cmp.eq	p6,p0=r0,r0
	cmp.eq	p7,p0=r0,r0
	br.sptk	b6
done:	stf.spill	[r41]=f8,16
	st8.spill	[r41]=r8,8	// may be a NaT
	mov	r33=ar.fpsr
	st8	[r41]=r33,8
	mov	r33=pr
	extr.u	r33=r33,6,2
	st8	[r41]=r33,8
	st8	[r41]=r35,8
	st8	[r41]=r36,8
	tnat.nz	p9,p0=r8
(p9)	mov	r37=1
	st8	[r41]=r37,8
	cmp.ltu	p8,p0=r40,r42
(p8)	br.sptk	next
	movl	r32=name		// OPEN(name, write)
	mov	r33=2
	mov	r15=50
	break	0x80001
	movl	r34=request		// WRITE(file, 1, request, 0)
	movl	r2=OUTPUTS
	sub	r3=r41,r2
	st8	[r34]=r2,8
	st8	[r34]=r3,-8
	mov	r32=r8
	mov	r33=1
	mov	r35=0
	mov	r15=53
	break	0x80001
	mov	r32=0
	mov	r8=0
	mov	r15=66
	break	0x80001
	.data
	.align	16
scratch:	.skip	32
request:	.skip	16
name:	.asciz	"outputs"
	.align	8
	.include "forms.s"
