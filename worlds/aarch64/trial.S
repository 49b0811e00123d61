// trial.S: one round trip of the switcher under canaries: every register from an image, every register into another, no register
// used in between but x30, which the call at the PIP overwrites.
#include "switchers/registers/aarch64_kernel_rows.inc"
#define STACK_BYTES 8192
#define TRIAL_BACK 2
#define TICK 16

	.macro	address reg, symbol
	adrp	\reg, \symbol
	add	\reg, \reg, :lo12:\symbol
	.endm
	.macro	load_system reg, slot, base
	ldr	x0, [\base, #\slot]
	msr	\reg, x0
	.endm
	.macro	store_system reg, slot, base
	mrs	x0, \reg
	str	x0, [\base, #\slot]
	.endm
	.macro	load_general reg, slot, base
	ldr	\reg, [\base, #\slot]
	.endm
	.macro	store_general reg, slot, base
	str	\reg, [\base, #\slot]
	.endm
	.macro	load_image image			// leaves x30 as the address
	address	x30, \image
	rows	x, load_system, x30
	rows	thread, load_system, x30
	rows	flags, load_system, x30
	rows	gpr, load_general, x30
	.endm
	// nops REG: as many as it says, up to TICK - 1, after three instructions
	.macro	nops reg
	adr	x9, 9f
	sub	x9, x9, \reg, lsl #2
	br	x9
	.rept	TICK - 1
	nop
	.endr
9:
	.endm

	.text
	.global	trial_run, trial_call, trial_called, trial_partner, trial_resume, trial_recover
trial_run:
	stp	x29, x30, [sp, #-96]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	address	x9, anchor
	mov	x10, sp
	str	x10, [x9]
	address	x9, host_vectors
	msr	vbar_el1, x9
	isb
	address	x9, trial_given
	str	x10, [x9, #SLOT_sp]
	address	x9, trial_delay
	ldr	x28, [x9]
	address	x9, trial_pad
	ldr	x29, [x9]
	// The edge of the timer's tick: of so many reads in a row, those before it are equal. Their number makes up for its place, so
	// that the timer is armed the same number of instructions after an edge, every time.
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16
	mrs	x\n, cntvct_el0
	.endr
	mov	x17, #0
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16
	cmp	x\n, x0
	cinc	x17, x17, eq
	.endr
	nops	x17
	cmp	x28, #0
	cset	x0, ne				// no delay: it does not tick
	msr	cntv_tval_el0, x28
	msr	cntv_ctl_el0, x0
	isb
	nops	x29
	load_image trial_given
	msr	daifclr, #2
trial_call:
	bl	switch_out
trial_called:
	udf	#0

trial_partner:
	address	x9, trial_running
	mov	x10, #TRIAL_BACK
	str	x10, [x9]
	address	x9, vm_stack + STACK_BYTES
	mov	sp, x9
	address	x9, trial_open
	ldr	x9, [x9]
	eor	x9, x9, #1
	lsl	x9, x9, #7
	orr	x9, x9, #0x300			// D and A stay masked
	msr	daif, x9
	load_image trial_partner_image
	b	switch_back

trial_resume:
	msr	daifset, #2			// what it changes is not compared
	address	x30, trial_captured
	rows	gpr, store_general, x30
	rows	flags, store_system, x30
	rows	thread, store_system, x30
	rows	x, store_system, x30
	rows	vectors, store_system, x30
	mov	x0, sp
	str	x0, [x30, #SLOT_sp]
	adr	x0, trial_resume
	str	x0, [x30, #SLOT_pc]
	mov	w0, #0
	b	1f
trial_recover:
	mov	w0, #1
1:	address	x9, host_vectors
	msr	vbar_el1, x9
	isb
	address	x9, anchor
	ldr	x9, [x9]
	mov	sp, x9
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	x29, x30, [sp], #96
	ret

	.bss
	.balign	8
anchor:	.skip	8
	.section .note.GNU-stack, "", @progbits
