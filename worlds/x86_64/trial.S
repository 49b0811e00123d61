// trial.S: one round trip of the switcher under canaries: every register from an image, every register into another, no register
// used in between.
#include "switchers/registers/x86_64_kernel_rows.inc"
#define STACK_BYTES 8192
#define TRIAL_BACK 2
#define APIC_INITIAL 0xfee00380
#define FLAG_INTERRUPTS 0x200

	.macro	load_msr number, from
	mov	$\number, %ecx
	mov	\from, %eax
	mov	\from + 4, %edx
	wrmsr
	.endm
	.macro	store_msr number, to
	mov	$\number, %ecx
	rdmsr
	mov	%eax, \to
	mov	%edx, \to + 4
	.endm
	.macro	load_image image
	load_msr MSR_FS_BASE, \image + SLOT_FS_BASE
	load_msr MSR_GS_BASE, \image + SLOT_GS_BASE
	load_msr MSR_KERNEL_GS_BASE, \image + SLOT_KERNEL_GS_BASE
	mov	\image + SLOT_CR2, %rax
	mov	%rax, %cr2
	.endm
	.macro	load_given reg, slot
	mov	trial_given + \slot, %\reg
	.endm
	.macro	load_partner reg, slot
	mov	trial_partner_image + \slot, %\reg
	.endm
	.macro	store_general reg, slot
	mov	%\reg, trial_captured + \slot
	.endm

	.text
	.global	trial_run, trial_call, trial_called, trial_partner, trial_resume, trial_recover
trial_run:
	push	%rbx
	push	%rbp
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	mov	%rsp, anchor
	lidt	host_idt
	mov	%rsp, trial_given + SLOT_RSP
	load_image trial_given
	mov	trial_delay, %rax
	mov	$APIC_INITIAL, %edx
	mov	%eax, (%rdx)			// 0: it does not tick
	pushq	trial_given + SLOT_RFLAGS
	orl	$FLAG_INTERRUPTS, (%rsp)
	rows	gpr, load_given
	popfq					// no shadow after it, as there is after sti
trial_call:
	call	switch_out
trial_called:
	ud2

trial_partner:
	movq	$TRIAL_BACK, trial_running
	mov	$vm_stack + STACK_BYTES, %rsp
	mov	trial_open, %rax
	shl	$9, %rax
	or	trial_partner_image + SLOT_RFLAGS, %rax
	push	%rax
	load_image trial_partner_image
	rows	gpr, load_partner
	popfq
	jmp	switch_back

trial_resume:
	cli					// what it changes is not compared
	rows	gpr, store_general
	mov	%rsp, trial_captured + SLOT_RSP
	movq	$trial_resume, trial_captured + SLOT_RIP
	pushfq
	popq	trial_captured + SLOT_RFLAGS
	cld
	andq	$~FLAG_INTERRUPTS, trial_captured + SLOT_RFLAGS
	mov	%cr2, %rax
	mov	%rax, trial_captured + SLOT_CR2
	store_msr MSR_FS_BASE, trial_captured + SLOT_FS_BASE
	store_msr MSR_GS_BASE, trial_captured + SLOT_GS_BASE
	store_msr MSR_KERNEL_GS_BASE, trial_captured + SLOT_KERNEL_GS_BASE
	sidt	trial_captured + SLOT_IDTR - 2
	xor	%eax, %eax
	jmp	1f
trial_recover:
	mov	$1, %eax
1:	lidt	host_idt
	mov	anchor, %rsp
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
	ret

// timed_run(n): what C expects is saved once, outside: the host of each round trip has nothing in a register but the stack.
	.global	timed_run, timed_resume
timed_run:
	push	%rbx
	push	%rbp
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	mov	%rdi, left
2:	call	switch_out
	ud2
timed_resume:
	decq	left
	jnz	2b
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
	ret

	.bss
	.balign	8
left:	.skip	8
anchor:	.skip	8
	.section .note.GNU-stack, "", @progbits
