// guest.S: the guest OS and its application (214 and 220 in Fig. 1). The OS is written for PL0: it has vectors, uses bank 0 in
// its handlers and keeps a counter there, and does not know that it runs at PL1.
#include "world.inc"

	.text
	.global	guest_start
guest_start:
	mov	r8='[' ;;
	system_call VM_PUT
	movl	r9=guest_vectors ;;
	mov	cr.iva=r9 ;;
	srlz.d ;;
	bsw.0 ;;
	mov	r20=r0				// counts calls: X, live in the guest on purpose
	bsw.1 ;;
	movl	r9=guest_application
	movl	r10=PSR_APPLICATION(3) ;;
	mov	cr.iip=r9
	mov	cr.ipsr=r10
	mov	cr.ifs=r0 ;;
	rfi ;;

	.section .text.guest_vectors, "ax"
	.align	32768
guest_vectors:
	.org	0x2c00
	br	guest_call ;;
	.org	0x8000

	.text
// A call of the application: bank 0, and nothing of the application is in it. r18, r19 keep what the handler needs.
guest_call:
	mov	r16=cr.iim
	mov	r18=pr
	mov	r19=r8
	movl	r17=GUEST_EXIT ;;
	adds	r20=1,r20
	cmp.eq	p6,p7=r17,r16 ;;
	adds	r8='0',r20
(p6)	br.cond.spnt guest_end ;;
	system_call VM_PUT
	mov	r21=cr.iip ;;
	adds	r21=16,r21 ;;
	mov	cr.iip=r21
	mov	r21=cr.ipsr ;;
	dep	r21=0,r21,RI_BIT,2 ;;
	mov	cr.ipsr=r21
	mov	r8=r19
	mov	pr=r18,-1 ;;
	rfi ;;
guest_end:
	mov	r8=']' ;;
	system_call VM_PUT
	system_call VM_STOP

// The application works five times and keeps r5 and, where the switcher lends floating point to the guest, f6 and f40.
guest_application:
	mov	r4=5
	movl	r5=0x5555
	movl	r9=switch_lends_fp ;;
	cmp.ne	p1,p2=r0,r9 ;;
(p1)	setf.sig f6=r5
(p1)	setf.sig f40=r5 ;;
1:	system_call GUEST_WORK
	mov	r10=r5
	mov	r11=r5 ;;
(p1)	getf.sig r10=f6
(p1)	getf.sig r11=f40
	movl	r9=0x5555
	adds	r4=-1,r4 ;;
	cmp.ne	p6,p7=r9,r5
	cmp.ne	p8,p9=r9,r10
	cmp.ne	p10,p11=r9,r11
	cmp.ne	p12,p13=r0,r4 ;;
(p6)	br.cond.spnt guest_lost
(p8)	br.cond.spnt guest_lost
(p10)	br.cond.spnt guest_lost ;;
(p12)	br.cond.sptk 1b ;;
	system_call GUEST_EXIT
guest_lost:					// the world's output differs
	system_call GUEST_EXIT
