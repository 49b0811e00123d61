// entry.S: boot, both vectors, the driver's call of the switcher with its resumption points, and the virtual machine's ends.
#include "switchers/registers/riscv64_mode.h"
#define STACK_BYTES 8192
#define CONTEXT_SP 16
#define CONTEXT_T0 40
#define CONTEXT_PC 256
#define CONTEXT_STATUS 264
#define CONTEXT_VALUE 272
#define CONTEXT_BYTES 288
#define MTIMECMP 0x02004000
#define MPP 0x1800
#define MPP_SUPERVISOR 0x800

	// entry_stack_is STACK: from here on applications are entered from on this one
	.macro	entry_stack_is stack
	la	t1, \stack + STACK_BYTES
	la	t2, entry_stack
	sd	t1, 0(t2)
	.endm

// ---- boot. Supervisor mode: machine mode hands memory, traps and clocks over, and is not seen again ----

	.section .text.boot, "ax"
	.global	boot
boot:	li	t0, -1
	csrw	pmpaddr0, t0
	li	t0, 0x1f			// all of memory, any access
	csrw	pmpcfg0, t0
#ifdef MACHINE
	li	t0, -1
	li	t1, MTIMECMP
	sd	t0, 0(t1)
#else
	li	t0, 0xb1ff			// every exception but calls from above user mode
	csrw	medeleg, t0
	li	t0, 0x222
	csrw	mideleg, t0
	li	t0, 7				// cycle, time, instret
	csrw	mcounteren, t0
	li	t0, 1 << 63
	csrs	0x30a, t0			// menvcfg.STCE: stimecmp
	li	t0, -1
	csrw	0x14d, t0
	li	t0, MPP
	csrc	mstatus, t0
	li	t0, MPP_SUPERVISOR
	csrs	mstatus, t0
	la	t0, 1f
	csrw	mepc, t0
	mret
#endif
1:	la	sp, host_stack + STACK_BYTES
	entry_stack_is host_stack
	la	t0, host_entry
	csrw	CSR_VECTOR, t0
	li	t0, 1 << TIMER_INTERRUPT
	csrw	CSR_ENABLE, t0
	call	world_main

// ---- entry: struct context on the stack, the handler in C, and on with what it returns ----

	.macro	store_general n
	sd	x\n, 8 * \n(sp)
	.endm
	.macro	load_general n
	ld	x\n, 8 * \n(a0)
	.endm
	.macro	entry name
	.text
	.balign	4
	.global	\name\()_entry
\name\()_entry:
	csrw	CSR_SCRATCH, t0			// X is the handler's [0013]
	la	t0, entry_sp
	sd	sp, 0(t0)
	csrr	t0, CSR_STATUS
	srli	t0, t0, STATUS_PP_BIT
	andi	t0, t0, 1			// a level above user mode
	bnez	t0, 1f
	la	t0, entry_stack
	ld	sp, 0(t0)
	j	2f
1:	csrr	t0, CSR_CAUSE
	bltz	t0, 2f
	la	sp, exception_stack + STACK_BYTES	// an exception arrives whatever sp holds: on a stack of its own
2:	addi	sp, sp, -CONTEXT_BYTES
	.irp	n, 1, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	store_general \n
	.endr
	csrr	t1, CSR_SCRATCH
	sd	t1, CONTEXT_T0(sp)
	la	t0, entry_sp
	ld	t1, 0(t0)
	sd	t1, CONTEXT_SP(sp)
	csrr	t1, CSR_CAUSE
	sd	t1, 0(sp)
	csrr	t1, CSR_EPC
	sd	t1, CONTEXT_PC(sp)
	csrr	t1, CSR_STATUS
	sd	t1, CONTEXT_STATUS(sp)
	csrr	t1, CSR_VALUE
	sd	t1, CONTEXT_VALUE(sp)
	mv	a0, sp
	call	cause_of
	mv	a1, a0
	mv	a0, sp
	call	\name\()_trap
	j	context_continue
	.endm

	entry host
	entry vm

	.global	context_continue
context_continue:
	csrci	CSR_STATUS, 1 << STATUS_IE_BIT
	ld	t0, CONTEXT_PC(a0)
	csrw	CSR_EPC, t0
	ld	t0, CONTEXT_STATUS(a0)
	csrw	CSR_STATUS, t0
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 10
	load_general \n
	.endr
	MODE_RETURN

// ---- the driver's call: nothing is in a register but the stack pointer ----

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

	.global	driver_switch, driver_call, resume_tick, resume_put, resume_stop
driver_switch:
	addi	sp, sp, -112
	preserved sd
	sd	a0, 104(sp)
driver_call:
	jal	ra, switch_out
	unimp					// the switch comes back to a resumption point, not here

resume_tick:					// [0034]
	li	a1, 0
	j	1f
resume_put:
	li	a1, 1
	j	1f
resume_stop:
	li	a1, 2
1:	entry_stack_is host_stack
	ld	t0, 104(sp)
	sd	a0, 0(t0)			// I [0028]
	mv	a0, a1
	preserved ld
	addi	sp, sp, 112
	ret

// ---- the virtual machine: point A of Fig. 3, and B ----

	.global	vm_enter, vm_back
vm_enter:
	csrci	CSR_STATUS, 1 << STATUS_IE_BIT
	la	t0, trial_running
	ld	t0, 0(t0)
	beqz	t0, 1f
	j	trial_partner
1:	la	sp, vm_stack + STACK_BYTES
	entry_stack_is vm_stack
	call	vm_run
	j	context_continue

vm_back:
	la	t0, switch_masks
	ld	t0, 0(t0)
	bnez	t0, 1f
	csrsi	CSR_STATUS, 1 << STATUS_IE_BIT
1:	j	switch_back

	.bss
	.balign	64
entry_sp: .skip 8
entry_stack: .skip 56
exception_stack: .skip STACK_BYTES
	.section .note.GNU-stack, "", @progbits
