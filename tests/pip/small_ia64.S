// An IA-64 program small enough for the fuzzer: calls, predicates, loops that count and that rotate, recovery code, an address of a
// function in code and in data, an indirect call and jump.
	.text
	.proc _start
	.global _start
_start:
	alloc	r32=ar.pfs,0,4,2,0
	movl	r14=table
	mov	r36=5
	ld8	r15=[r14],8
	br.call.sptk.many b0=sum
	mov	b6=r15
	mov	r36=r8
	br.call.sptk.many b0=b6
	cmp.gt	p6,p7=r8,r0
(p6)	br.call.spnt.many b0=twice
(p7)	adds	r8=1,r8
	movl	r16=twice
	mov	b7=r16
	break	0x100000
	br.cond.sptk.many b7
	.endp _start

	.proc sum
	.global sum
sum:	alloc	r2=ar.pfs,1,0,0,0
	mov	r3=ar.lc
	mov	r8=0
	mov	ar.lc=r32
1:	add	r8=r8,r32
	adds	r32=-1,r32
	br.cloop.sptk 1b
	mov	ar.lc=r3
	br.ret.sptk.many b0
	.endp sum

	.proc twice
	.global twice
twice:	alloc	r2=ar.pfs,1,7,0,8
	movl	r14=table
	mov	r9=pr
	ld8.s	r10=[r14]
	mov	pr.rot=1<<16
	mov	ar.ec=2
	mov	ar.lc=3
2:
(p16)	ldfd	f32=[r14]
(p17)	fma.d	f8=f33,f1,f8
	br.ctop.sptk 2b
	chk.s	r10,3f
4:	mov	pr=r9,-1
	add	r8=r32,r10
	br.ret.sptk.many b0
3:	ld8	r10=[r14]
	br.sptk	4b
	.endp twice

	.data
table:	data8	sum, twice
