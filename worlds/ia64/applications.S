// applications.S: the applications of the host, at PL3 (212 and 218 in Fig. 1): two that only work, and the VM application,
// which asks the driver to take over the CPU [0018] until the guest is done.
#include "world.inc"

	.text
// Works three times: r4 and its NaT-ness, r20 and b1 have to survive the ticks that come.
	.macro	worker letter
	mov	r4=3
	movl	r20=0x2020 ;;
	mov	b1=r20 ;;
1:	mov	r8=\letter ;;
	system_call SYS_PUT
	system_call SYS_WORK
	movl	r9=0x2020
	mov	r10=b1
	adds	r4=-1,r4 ;;
	cmp.ne	p6,p7=r0,r4 ;;
(p6)	cmp.eq.unc p6,p0=r9,r20 ;;		// a lost register ends it early: the world's output differs
(p6)	cmp.eq.unc p6,p0=r9,r10 ;;
(p6)	br.cond.sptk 1b ;;
	system_call SYS_EXIT
	.endm

start_a: worker 'a'
start_b: worker 'b'

start_vm:
	system_call SYS_RUN_VM			// between A and B of Fig. 3 the CPU is the virtual machine's
	cmp.eq	p6,p7=VM_SLICE_OVER,r8 ;;
(p6)	br.cond.sptk start_vm ;;
	mov	r8='!' ;;
	system_call SYS_PUT
	system_call SYS_EXIT

// An application's context before its first instruction.
	.macro	application name, start, stack, next
	.align	512
	.global	\name
\name:	.skip	C_IPSR
	.quad	PSR_APPLICATION(3), \start, 1 << 63, 0xf, \stack, 0, 0, 0, 0, 0, 0, 0, FPSR_DEFAULT, \next
	.skip	C_BYTES - C_NEXT - 8
	.endm
	.data
	application application_a, start_a, stack_a, application_b
	application application_b, start_b, stack_b, application_vm
	application application_vm, start_vm, stack_vm, application_a

	.bss
	.align	4096
stack_a: .skip	4096
stack_b: .skip	4096
stack_vm: .skip	4096
