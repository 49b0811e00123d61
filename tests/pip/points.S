# Points with something live of each class: what --emit is tried on. The names at_* are the PIPs; they stand inside functions.
    .text
    .globl main, points
    .type points, @function
points:                         # (long *p, long n, double *d)
    push %rbx
    mov %rdi, %rbx
    xor %eax, %eax
1:
at_integers:                    # rax, rbx, rsi, rdx
    add (%rbx,%rsi,8), %rax
    dec %rsi
at_flags:                       # as above, and the flags
    jns 1b
    mov %rax, %rcx
    movsd (%rdx), %xmm2
    movsd 8(%rdx), %xmm5
at_vectors:                     # rcx, xmm2, xmm5
    addsd %xmm5, %xmm2
    movq %xmm2, %rax
    add %rcx, %rax
    fldl (%rdx)
at_x87:                         # rax, the x87 stack
    fstpl -8(%rsp)
    add -8(%rsp), %rax
    vmovdqu (%rdx), %ymm3
at_wide:                        # rax, ymm3
    vextracti128 $1, %ymm3, %xmm4
    vzeroupper
    movq %xmm4, %rcx
    add %rcx, %rax
at_end:
    pop %rbx
    ret
    .size points, . - points
    .type main, @function
main:
    sub $40, %rsp
    lea numbers(%rip), %rdi
    mov $3, %esi
    lea numbers(%rip), %rdx
    call points
    add $40, %rsp
    ret
    .size main, . - main
    .data
    .balign 32
numbers:
    .quad 1, 2, 3, 4
    .section .note.GNU-stack,"",@progbits
