// entry.S: both vector tables' entries, the driver's call of the switcher with its resumption points, and the virtual machine's ends.
#include "switchers/registers/x86_64_kernel.h"
#define STACK_BYTES 8192
#define VECTORS 0x81
#define TRIAL_TIMED 4

// ---- entry: struct context on the stack, the handler in C, and on with what it returns ----

	.macro	entries name
	.text
	.balign	16
\name\()_begin:
	.set	vector, 0
	.rept	VECTORS
	.balign	16
	.if	vector != 8 && (vector < 10 || vector > 14) && vector != 17 && vector != 21
	push	$0				// an error code where the CPU gives none
	.endif
	push	$vector
	jmp	\name\()_entry
	.set	vector, vector + 1
	.endr
\name\()_entry:
	push	%r15
	push	%r14
	push	%r13
	push	%r12
	push	%r11
	push	%r10
	push	%r9
	push	%r8
	push	%rbp
	push	%rdi
	push	%rsi
	push	%rdx
	push	%rcx
	push	%rbx
	push	%rax
	cld
	mov	%rsp, %rdi
	call	cause_of
	mov	%rsp, %rdi
	mov	%eax, %esi
	call	\name\()_trap
	mov	%rax, %rdi
	jmp	context_continue
	.section .rodata
	.balign	8
	.global	\name\()_entries
\name\()_entries:
	.set	vector, 0
	.rept	VECTORS
	.quad	\name\()_begin + 16 * vector
	.set	vector, vector + 1
	.endr
	.endm

	entries host
	entries vm

	.text
	.global	context_continue
context_continue:
	mov	%rdi, %rsp
	pop	%rax
	pop	%rbx
	pop	%rcx
	pop	%rdx
	pop	%rsi
	pop	%rdi
	pop	%rbp
	pop	%r8
	pop	%r9
	pop	%r10
	pop	%r11
	pop	%r12
	pop	%r13
	pop	%r14
	pop	%r15
	add	$16, %rsp
	iretq

// ---- the driver's call: nothing is in a register but the stack pointer ----

	.global	driver_switch, driver_call, resume_tick, resume_put, resume_stop
driver_switch:
	push	%rbx
	push	%rbp
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	push	%rdi
driver_call:
	call	switch_out
	ud2					// the switch comes back to a resumption point, not here

resume_tick:					// [0034]
	mov	$0, %edx
	jmp	1f
resume_put:
	mov	$1, %edx
	jmp	1f
resume_stop:
	mov	$2, %edx
1:	cld
	movq	$host_stack + STACK_BYTES, task + 4	// entries from applications come to the host's stack again
	pop	%rdi
	mov	%rax, (%rdi)			// I [0028]
	mov	%edx, %eax
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
	ret

// ---- the virtual machine: point A of Fig. 3, and B ----

	.global	vm_enter, vm_back
vm_enter:
	cli
	cld
	cmpq	$TRIAL_TIMED, trial_running
	je	switch_back
	cmpq	$0, trial_running
	jne	trial_partner
	mov	$vm_stack + STACK_BYTES, %rsp
	movq	$vm_stack + STACK_BYTES, task + 4
	call	vm_run
	mov	%rax, %rdi
	jmp	context_continue

vm_back:
	cmpq	$0, switch_masks
	jne	switch_back
	sti
	jmp	switch_back
	.section .note.GNU-stack, "", @progbits
