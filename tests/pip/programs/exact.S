# Functions in which every register that the analysis calls live changes what is printed when it is corrupted, and no other one does:
# tests/pip/prove --exact checks both.
    .text
    .type t_mix, @function
t_mix:                          # (rdi, rsi, rdx), and rbx and xmm1 of the caller
    add %rsi, %rdi
    lea (%rdi,%rdi,2), %rax
    imul %rdx, %rax
    mov $7, %ecx
    shl %cl, %rax
    xor %rbx, %rax
    add %rdi, %rsi
    adc %rsi, %rax
    movq %rax, %xmm3
    paddq %xmm3, %xmm1
    movq %xmm1, %r9
    add %r9, %rax
    ret
    .size t_mix, . - t_mix
    .type t_loop, @function
t_loop:                         # (rdi: numbers, rsi: how many)
    xor %eax, %eax
    xor %edx, %edx
1:
    rol $9, %rax
    add (%rdi,%rdx,8), %rax
    inc %rdx
    cmp %rsi, %rdx
    jne 1b
    ret
    .size t_loop, . - t_loop
    .type t_parts, @function
t_parts:                        # (edi): parts of registers
    mov %rdi, %rax
    mov %al, %ah
    mov $5, %al
    movzwl %ax, %ecx
    setc %dl
    movzbl %dl, %edx
    shl $20, %ecx
    mov %edi, %edi
    lea (%rcx,%rdx), %rax
    xor %rdi, %rax
    ret
    .size t_parts, . - t_parts
    .type t_leaf, @function
t_leaf:                         # r8 and r11 stay as they are
    lea 3(%rdi,%rdi,4), %rax
    ret
    .size t_leaf, . - t_leaf
    .type t_around, @function
t_around:                       # (rdi): values in scratch registers across a call
    mov %rdi, %r8
    lea 11(%rdi), %r11
    call t_leaf
    xor %r8, %rax
    mov %rax, %rdi
    call t_leaf
    xor %r11, %rax
    ret
    .size t_around, . - t_around
    .type t_choose, @function
t_choose:                       # (rdi, rsi)
    mov %rsi, %rax
    test %rdi, %rdi
    cmovs %rdi, %rax
    rol $3, %rax
    add %rdi, %rax
    ret
    .size t_choose, . - t_choose
    .globl main
    .type main, @function
main:
    push %rbx
    sub $16, %rsp
    lea numbers(%rip), %rax
    movups (%rax), %xmm1
    mov $0x123456789abc, %rbx
    mov $3, %edi
    mov $-5, %rsi
    mov $77, %edx
    call t_mix
    mov %rbx, %rdx
    mov %rax, %rsi
    call show
    lea numbers(%rip), %rdi
    mov $4, %esi
    call t_loop
    mov %rax, %rsi
    xor %edx, %edx
    call show
    mov $0x1234567, %edi
    stc
    call t_parts
    mov %rax, %rsi
    xor %edx, %edx
    call show
    mov $1000, %edi
    call t_around
    mov %rax, %rsi
    xor %edx, %edx
    call show
    mov $-9, %rdi
    mov $12345, %esi
    call t_choose
    mov %rax, %rsi
    xor %edx, %edx
    call show
    mov $9, %edi
    mov $12345, %esi
    call t_choose
    mov %rax, %rsi
    xor %edx, %edx
    call show
    xor %eax, %eax
    add $16, %rsp
    pop %rbx
    ret
    .size main, . - main
    .type show, @function
show:
    sub $8, %rsp
    lea format(%rip), %rdi
    xor %eax, %eax
    call printf@plt
    add $8, %rsp
    ret
    .size show, . - show
    .section .rodata
format:
    .asciz "%lx %lx\n"
    .data
    .balign 16
numbers:
    .quad 0x1111222233334444, 0x5555666677778888, 0x1234, 0xfedcba9876543210
    .section .note.GNU-stack,"",@progbits
