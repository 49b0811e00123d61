// boot.S: from PVH's 32-bit entry to 64-bit mode with memory below 4 GiB mapped one to one, accessible from every level: levels are
// rings here, pages do not come into it.
	.section .note.pvh, "a", @note
	.long	4, 4, 18			// XEN_ELFNOTE_PHYS32_ENTRY
	.asciz	"Xen"
	.long	boot

	.section .text.boot, "ax"
	.code32
	.global	boot
boot:	cld
	mov	$page_directories, %edi
	xor	%ecx, %ecx
	mov	$0x87, %eax			// 2 MiB, user, writable
1:	mov	%eax, (%edi,%ecx,8)
	add	$0x200000, %eax
	inc	%ecx
	cmp	$2048, %ecx
	jne	1b
	mov	$page_directories + 7, %eax
	mov	$pointers, %edi
	xor	%ecx, %ecx
2:	mov	%eax, (%edi,%ecx,8)
	add	$4096, %eax
	inc	%ecx
	cmp	$4, %ecx
	jne	2b
	movl	$pointers + 7, top
	mov	$top, %eax
	mov	%eax, %cr3
	mov	%cr4, %eax
	or	$0x20, %eax			// PAE
	mov	%eax, %cr4
	mov	$0xc0000080, %ecx		// EFER: long mode
	rdmsr
	or	$0x100, %eax
	wrmsr
	mov	%cr0, %eax
	or	$0x80000001, %eax
	mov	%eax, %cr0
	lgdt	boot_gdt
	ljmp	$0x08, $boot_64
	.code64
boot_64:
	mov	$host_stack + 8192, %rsp
	call	boot_main
	ud2

	.section .rodata
	.balign	8
boot_segments:
	.quad	0, 0x00af9b000000ffff
boot_gdt:
	.word	15
	.long	boot_segments

	.bss
	.balign	4096
top:	.skip	4096
pointers: .skip	4096
page_directories: .skip 4 * 4096
	.section .note.GNU-stack, "", @progbits
