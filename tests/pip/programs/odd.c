/* Code that breaks assumptions: conventions of its own in assembly, returns that are jumps, values kept in scratch registers across
 * calls, longjmp, unwinding, nested functions, computed gotos, frames of unknown size. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TRIED __attribute__((noinline, noclone))

/* arguments in r11 and r10, results in r9 and the carry flag; r8 must survive, and xmm9 */
__asm__(".text\n\t.type t_own, @function\nt_own:\n\t"
        "lea (%r11,%r10,2), %r9\n\tcmp %r10, %r11\n\tret\n\t.size t_own, . - t_own\n\t"
        ".type t_asm, @function\nt_asm:\n\t"
        "push %rbx\n\tmov %rdi, %r11\n\tmov %rsi, %r10\n\tlea 5(%rdi), %r8\n\tmovq %rsi, %xmm9\n\t"
        "call t_own\n\tsbb %rax, %rax\n\tadd %r9, %rax\n\tadd %r8, %rax\n\tmovq %xmm9, %rbx\n\tadd %rbx, %rax\n\tpop %rbx\n\tret\n\t"
        ".size t_asm, . - t_asm\n\t"
        /* ends in the tail of another function, which is jumped into */
        ".type t_tail1, @function\nt_tail1:\n\tmov %rdi, %rcx\n\tadd $3, %rcx\n\tjmp 7f\n\t.size t_tail1, . - t_tail1\n\t"
        ".type t_tail2, @function\nt_tail2:\n\tlea (%rdi,%rdi), %rcx\n7:\tlea 1(%rcx), %rax\n\txor %esi, %eax\n\tret\n\t.size t_tail2, . - t_tail2\n\t"
        /* a function that runs on into the next */
        ".type t_first, @function\nt_first:\n\tinc %rdi\n\tmov %rdi, %r11\n\t.size t_first, . - t_first\n\t"
        ".type t_second, @function\nt_second:\n\tlea (%rdi,%rsi), %rax\n\tret\n\t.size t_second, . - t_second\n\t"
        ".type t_calls, @function\nt_calls:\n\tmov %rdi, %r11\n\tcall t_second\n\tadd %r11, %rax\n\tmov %rax, %r8\n\tcall t_first\n\tadd %r11, %rax\n\tadd %r8, %rax\n\tret\n\t.size t_calls, . - t_calls\n\t"
        /* push and ret: a jump */
        ".type t_push, @function\nt_push:\n\tlea 8f(%rip), %rax\n\tmov %rdi, %r9\n\tpush %rax\n\tret\n8:\tlea 9(%r9), %rax\n\tret\n\t.size t_push, . - t_push\n\t"
        /* a retpoline */
        ".type t_thunk, @function\nt_thunk:\n\tcall 1f\n2:\tpause\n\tlfence\n\tjmp 2b\n1:\tmov %rax, (%rsp)\n\tret\n\t.size t_thunk, . - t_thunk\n\t"
        ".type t_retpoline, @function\nt_retpoline:\n\tlea t_second(%rip), %rax\n\tsub $8, %rsp\n\tcall t_thunk\n\tadd $8, %rsp\n\tret\n\t.size t_retpoline, . - t_retpoline\n");
long t_asm(long, long), t_tail1(long, long), t_tail2(long, long), t_calls(long, long), t_push(long), t_retpoline(long, long);

static jmp_buf back;
TRIED static void t_throw(int n) {
    if (n > 2) longjmp(back, n);
    printf("%d\n", n);
}
TRIED static int t_catch(int n) {
    volatile int kept = n * 3;
    int way = setjmp(back);
    if (way) return way + kept;
    for (int i = n; i < 10; i++) t_throw(i);
    return -1;
}
TRIED static int t_nested(int a, int b) {
#ifdef __clang__
    return a * 1000 + b;
#else
    int sum = 0;
    __attribute__((noinline)) void add(int x) { sum = sum * 10 + x + a; }
    add(1);
    add(b);
    return sum;
#endif
}
TRIED static int t_goto(const unsigned char *code) {
    static const void *const labels[] = {&&up, &&down, &&twice, &&end};
    int x = 1;
    goto *labels[*code];
up:
    x++;
    goto *labels[*++code];
down:
    x -= 2;
    goto *labels[*++code];
twice:
    x *= 2;
    goto *labels[*++code];
end:
    return x;
}
TRIED static int t_variadic(int n, ...) {
    va_list list;
    double sum = 0;
    va_start(list, n);
    for (int i = 0; i < n; i++) sum = sum * 2 + (i & 1 ? va_arg(list, double) : va_arg(list, int));
    va_end(list);
    return (int)sum;
}
TRIED static int t_array(int n) {
    char room[n + 3];
    memset(room, n, sizeof room);
    int sum = 0;
    for (int i = 0; i < n + 3; i++) sum += room[i] * i;
    return sum;
}
TRIED static int t_aligned(int n) {
    _Alignas(64) int room[32];
    for (int i = 0; i < 32; i++) room[i] = n * i;
    __asm__ volatile("" : : "r"(room) : "memory");
    return room[n & 31] + (((long)room & 63) == 0);
}
struct large { long a[9]; };
TRIED static struct large t_large(struct large in, int n) {
    for (int i = 0; i < 9; i++) in.a[i] = in.a[i] * n + i;
    return in;
}
/* unwinding: what is cleaned up is in a register that the code behind the call overwrites */
static inline void cleanup(long *value) { printf("cleaned up %ld\n", *value); }
TRIED static void t_leave(long n) {
    if (n > 2) pthread_cancel(pthread_self());
    pthread_testcancel(); /* unwinds, though nothing in its name says so */
}
TRIED static long t_unwound(long n) {
    long __attribute__((cleanup(cleanup))) kept = n * 7 + 1;
    t_leave(n);
    kept = 5;
    return 0;
}
TRIED static int t_sum(int n) { /* values stay in scratch registers across it */
    return n * 2 + 1;
}
TRIED static int t_around(int a, int b, int c) {
    int x = t_sum(a), y = t_sum(b), z = t_sum(c);
    return x * 10000 + y * 100 + z + a + b + c;
}

TRIED static void t_all(long n) {
    static const unsigned char code[] = {0, 2, 0, 1, 2, 2, 0, 3};
    printf("%ld %ld %ld ", t_asm(n, 3), t_tail1(n, 7), t_tail2(n, 9));
    printf("%ld %ld %ld\n", t_calls(n, 5), t_push(n), t_retpoline(n, 4));
    printf("%d %d %d %d\n", t_catch((int)n), t_nested((int)n, 4), t_goto(code), t_variadic(5, 1, 2.5, 3, 4.5, (int)n));
    printf("%d %d %d\n", t_array((int)n), t_aligned((int)n), t_around((int)n, 6, 8));
    struct large large = t_large((struct large){{1, 2, 3, 4, 5, 6, 7, 8, 9}}, (int)n);
    for (int i = 0; i < 9; i++) printf("%ld ", large.a[i]);
    printf("%ld\n", t_unwound(n));
}

int main(void) {
    t_all(2);
    t_all(1);
    t_unwound(3); /* the last thread: the process ends as by exit */
    return 1;
}
