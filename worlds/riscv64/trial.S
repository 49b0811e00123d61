// trial.S: one round trip of the switcher under canaries: every register from an image, every register into another, no register
// used in between but ra, which the call at the PIP overwrites.
#include "switchers/registers/riscv64_kernel_rows.inc"
#define STACK_BYTES 8192
#define TRIAL_BACK 2
#define TICK 100

	.macro	load_system reg, slot, base
	ld	t0, \slot(\base)
	csrw	\reg, t0
	.endm
	.macro	store_system reg, slot, base
	csrr	t0, \reg
	sd	t0, \slot(\base)
	.endm
	.macro	load_general reg, slot, base
	ld	\reg, \slot(\base)
	.endm
	.macro	store_general reg, slot, base
	sd	\reg, \slot(\base)
	.endm
	.macro	load_image image			// leaves ra as the address
	la	ra, \image
	rows	x, load_system, ra
	.endm
	.macro	load_rest
	rows	gpr, load_general, ra
	rows	global, load_general, ra
	rows	thread, load_general, ra
	.endm
	// nops REG: as many as it says, up to TICK - 1, after five instructions
	.macro	nops reg
	la	t0, 9f
	slli	t1, \reg, 2
	sub	t0, t0, t1
	jr	t0
	.rept	TICK - 1
	nop
	.endr
9:
	.endm
	.macro	preserved op
	\op	ra, 0(sp)
	\op	s0, 8(sp)
	\op	s1, 16(sp)
	\op	s2, 24(sp)
	\op	s3, 32(sp)
	\op	s4, 40(sp)
	\op	s5, 48(sp)
	\op	s6, 56(sp)
	\op	s7, 64(sp)
	\op	s8, 72(sp)
	\op	s9, 80(sp)
	\op	s10, 88(sp)
	\op	s11, 96(sp)
	.endm

	.text
	.balign	4
	.global	trial_run, trial_call, trial_called, trial_partner, trial_resume, trial_recover
trial_run:
	addi	sp, sp, -112
	preserved sd
	la	t0, anchor
	sd	sp, 0(t0)
	la	t0, host_entry
	csrw	CSR_VECTOR, t0
	la	t0, trial_given
	sd	sp, SLOT_sp(t0)
	la	t0, trial_delay
	ld	s0, 0(t0)
	la	t0, trial_pad
	ld	s1, 0(t0)
	// Under -icount cycles count instructions, and a tick of the timer is TICK of them: the timer is armed the same number of
	// instructions after a tick's edge, every time.
	li	t1, TICK
	rdcycle	t0
	remu	t0, t0, t1
	addi	t1, t1, -1
	sub	t2, t1, t0
	nops	t2
	rdtime	t1
	add	t1, t1, s0
	bnez	s0, 1f
	li	t1, -1				// no delay: it does not tick
#ifdef MACHINE
1:	li	t0, 0x02004000			// mtimecmp
	sd	t1, 0(t0)
#else
1:	csrw	0x14d, t1			// stimecmp
#endif
	nops	s1
	load_image trial_given
	csrsi	CSR_STATUS, 1 << STATUS_IE_BIT
	load_rest
trial_call:
	jal	ra, switch_out
trial_called:
	unimp

trial_partner:
	la	t0, trial_running
	li	t1, TRIAL_BACK
	sd	t1, 0(t0)
	la	sp, vm_stack + STACK_BYTES
	load_image trial_partner_image
	la	t0, trial_open
	ld	t0, 0(t0)
	slli	t0, t0, STATUS_IE_BIT
	csrs	CSR_STATUS, t0
	load_rest
	j	switch_back

trial_resume:
	csrci	CSR_STATUS, 1 << STATUS_IE_BIT		// what it changes is not compared
	la	ra, trial_captured
	rows	gpr, store_general, ra
	rows	global, store_general, ra
	rows	thread, store_general, ra
	rows	sp, store_general, ra
	rows	x, store_system, ra
	rows	vectors, store_system, ra
	la	t0, trial_resume
	sd	t0, SLOT_pc(ra)
	li	a0, 0
	j	1f
trial_recover:
	li	a0, 1
1:	la	t0, host_entry
	csrw	CSR_VECTOR, t0
	la	t0, anchor
	ld	sp, 0(t0)
	preserved ld
	addi	sp, sp, 112
	ret

	.bss
	.balign	8
anchor:	.skip	8
	.section .note.GNU-stack, "", @progbits
