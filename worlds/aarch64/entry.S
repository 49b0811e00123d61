// entry.S: boot, both vector tables, the driver's call of the switcher with its resumption points, and the virtual machine's ends.
#define STACK_BYTES 8192
#define CONTEXT_SP 248
#define CONTEXT_PC 256
#define CONTEXT_SPSR 264
#define CONTEXT_ESR 272
#define CONTEXT_VECTOR 280
#define CONTEXT_BYTES 288
#define VECTOR_SYNC_HOST 4
#define SPSR_LEVEL 0xc

	.macro	address reg, symbol
	adrp	\reg, \symbol
	add	\reg, \reg, :lo12:\symbol
	.endm
	// entry_stack_is STACK: from here on applications are entered from on this one
	.macro	entry_stack_is stack
	address	x9, \stack + STACK_BYTES
	address	x10, entry_stack
	str	x9, [x10]
	.endm

// ---- boot: EL1, translation off: all of memory is accessible from every level ----

	.section .text.boot, "ax"
	.global	boot
boot:	msr	daifset, #15
	msr	spsel, #1
	address	x0, host_stack + STACK_BYTES
	mov	sp, x0
	entry_stack_is host_stack
	address	x0, host_vectors
	msr	vbar_el1, x0
	isb
	bl	boot_main

// ---- entry: struct context on the stack, the handler in C, and on with what it returns ----

	.macro	vectors name
	.text
	.balign	2048
	.global	\name\()_vectors
\name\()_vectors:
	.set	vector, 0
	.rept	16
	.balign	128
	.if	vector == VECTOR_SYNC_HOST	// an exception arrives whatever sp holds: on a stack of its own
	msr	tpidrro_el0, x0
	mov	x0, sp
	msr	sp_el0, x0
	address	x0, exception_stack + STACK_BYTES
	mov	sp, x0
	mrs	x0, tpidrro_el0
	.endif
	sub	sp, sp, #CONTEXT_BYTES
	stp	x0, x1, [sp]
	mov	x0, #vector
	b	\name\()_entry
	.set	vector, vector + 1
	.endr
\name\()_entry:
	.irp	n, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28
	store_two \n
	.endr
	str	x30, [sp, #240]
	bl	context_rest
	mov	x0, sp
	bl	cause_of
	mov	w1, w0
	mov	x0, sp
	bl	\name\()_trap
	b	context_continue
	.endm
	.altmacro
	.macro	two op, a, b, base, slot
	\op	x\a, x\b, [\base, #\slot]
	.endm
	.macro	store_two n
	two	stp, \n, %(\n + 1), sp, %(8 * \n)
	.endm
	.macro	load_two n
	two	ldp, \n, %(\n + 1), x0, %(8 * \n)
	.endm

	vectors host
	vectors vm

// x0: number of the vector. Completes the context; below EL1, or in trouble, the stack pointer was sp_el0.
context_rest:
	mrs	x1, elr_el1
	mrs	x2, spsr_el1
	mrs	x3, esr_el1
	mrs	x4, sp_el0
	add	x5, sp, #CONTEXT_BYTES
	tst	x2, #SPSR_LEVEL
	ccmp	x0, #VECTOR_SYNC_HOST, #4, ne
	csel	x4, x4, x5, eq
	stp	x4, x1, [sp, #CONTEXT_SP]
	stp	x2, x3, [sp, #CONTEXT_SPSR]
	str	x0, [sp, #CONTEXT_VECTOR]
	ret

	.global	context_continue
context_continue:
	msr	daifset, #2
	ldp	x4, x1, [x0, #CONTEXT_SP]
	ldr	x2, [x0, #CONTEXT_SPSR]
	msr	elr_el1, x1
	msr	spsr_el1, x2
	tst	x2, #SPSR_LEVEL
	b.ne	1f
	msr	sp_el0, x4
	address	x4, entry_stack
	ldr	x4, [x4]
1:	mov	sp, x4
	.irp	n, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28
	load_two \n
	.endr
	ldr	x30, [x0, #240]
	ldp	x0, x1, [x0]
	eret

// ---- the driver's call: nothing is in a register but the stack pointer ----

	.global	driver_switch, driver_call, resume_tick, resume_put, resume_stop
driver_switch:
	stp	x29, x30, [sp, #-112]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	str	x0, [sp, #96]
driver_call:
	bl	switch_out
	udf	#0				// the switch comes back to a resumption point, not here

resume_tick:					// [0034]
	mov	w1, #0
	b	1f
resume_put:
	mov	w1, #1
	b	1f
resume_stop:
	mov	w1, #2
1:	entry_stack_is host_stack
	ldr	x9, [sp, #96]
	str	x0, [x9]			// I [0028]
	mov	w0, w1
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	x29, x30, [sp], #112
	ret

// ---- the virtual machine: point A of Fig. 3, and B ----

	.global	vm_enter, vm_back
vm_enter:
	msr	daifset, #2
	address	x9, trial_running
	ldr	x9, [x9]
	cbnz	x9, trial_partner
	address	x9, vm_stack + STACK_BYTES
	mov	sp, x9
	entry_stack_is vm_stack
	bl	vm_run
	b	context_continue

vm_back:
	address	x9, switch_masks
	ldr	x9, [x9]
	cbnz	x9, 1f
	msr	daifclr, #2
1:	b	switch_back

	.bss
	.balign	64
entry_stack: .skip 64
exception_stack: .skip STACK_BYTES
	.section .note.GNU-stack, "", @progbits
