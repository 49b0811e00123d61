/* masks/x86_64.h: how a switch keeps its context from changing while it is saved [0020], [0037]: an axis of every switcher, chosen by
 * MASK, for which the Makefile compiles a switcher once each.
 *
 *   none         nothing: an interrupt between save and commit loses what it changes
 *   sigprocmask  the kernel holds signals back meanwhile: two system calls
 *   deferred     a flag that the handler obeys: it records the signal, and the switch delivers it on leaving
 *   rseq         the kernel sends an interrupted sequence back to its start: restartable sequences, rseq(2)
 *   restart      the handler does, by a table of ranges: nothing is added to the switch
 *
 * A switcher writes: mask_enter MASK / 881: save ... commit / 882: ... / mask_leave MASK. The commit is the one instruction that
 * loads the stack pointer, for the stack is what names the context that runs. Up to there the sequence changes nothing but
 * inconsequential registers and its own context's save area, so it can start anew at 881 at any time; from 882 on it changes
 * nothing that a handler uses. */
#ifndef SWITCHLAB_MASKS_X86_64_H
#define SWITCHLAB_MASKS_X86_64_H

#include "harness/mask.h"

#define WITH_INTERRUPTS
#ifndef MASK
#define MASK "none"
#define MASK_IS_NONE
#endif

/* clang-format off: assembler, laid out by hand */

/* a row of the table that the handler looks up: MASK_NOTE only counts interrupts there, MASK_REWIND sends them back to `begin` */
__asm__(".macro mask_range begin, end, action\n\t"
        ".pushsection switch_ranges,\"aw\",@progbits\n\t.quad \\begin, \\end, \\action\n\t.popsection\n.endm\n");

/* mask_enter: all registers but rax, rcx, rdx, r8-r11 keep their values */
__asm__(".macro mask_enter mask\n\t"
        ".ifc \\mask,sigprocmask\n\t"
        "mov %rdi, %r8\n\tmov %rsi, %r9\n\t"
        "mov $14, %eax\n\txor %edi, %edi\n\tlea mask_signals(%rip), %rsi\n\txor %edx, %edx\n\tmov $8, %r10d\n\tsyscall\n\t" /* SIG_BLOCK */
        "mov %r8, %rdi\n\tmov %r9, %rsi\n\t"
        ".endif\n\t"
        ".ifc \\mask,deferred\n\tmovl $1, %fs:mask_busy@tpoff\n\t.endif\n\t"
        ".ifc \\mask,rseq\n880:\tlea 883f(%rip), %rax\n\tmov mask_rseq(%rip), %rcx\n\tmov %rax, %fs:(%rcx)\n\t.endif\n"
        ".endm\n");

/* mask_leave: r8, r9, rbp, rsp and what the stack holds keep their values; memory just below rsp may be somebody's red zone */
__asm__(".macro mask_leave mask\n\t"
        ".ifc \\mask,none\n\tmask_range 881b, 882b, 0\n\t.endif\n\t"
        ".ifc \\mask,restart\n\tmask_range 881b, 882b, 1\n\t.endif\n\t"
        ".ifc \\mask,sigprocmask\n\t"
        "mov $14, %eax\n\tmov $1, %edi\n\tlea mask_signals(%rip), %rsi\n\txor %edx, %edx\n\tmov $8, %r10d\n\tsyscall\n" /* SIG_UNBLOCK */
        "885:\tmask_range 885b-1, 885b+1, 0\n\t" /* where the signals come that were held back */
        ".endif\n\t"
        ".ifc \\mask,deferred\n\t"
        "subl $1, %fs:mask_busy@tpoff\n\tjne 885f\n886:\n\t"
        ".pushsection .text.unlikely,\"ax\",@progbits\n"
        "885:\tlea -128(%rsp), %rsp\n\tpush %rbp\n\tpush %r8\n\tpush %r9\n\tmov %rsp, %rbp\n\tand $-16, %rsp\n\t"
        "call mask_deliver\n\t"
        "mov %rbp, %rsp\n\tpop %r9\n\tpop %r8\n\tpop %rbp\n\tlea 128(%rsp), %rsp\n\tjmp 886b\n\t.popsection\n\t"
        ".endif\n\t"
        ".ifc \\mask,rseq\n\t"
        ".pushsection .data.rel.ro,\"aw\",@progbits\n\t.balign 32\n"
        "883:\t.long 0, 0\n\t.quad 881b, 882b - 881b, 884f\n\t.popsection\n\t" /* struct rseq_cs */
        ".pushsection .text.unlikely,\"ax\",@progbits\n\t.byte 0x0f, 0xb9, 0x3d\n\t.long 0x53053053\n" /* RSEQ_SIG, in a ud1 */
        "884:\tjmp 880b\n\t.popsection\n\t"
        "mask_range 884b-1, 884b+1, 0\n\t"
        ".endif\n"
        ".endm\n");

/* clang-format on */

const char *mask_unavailable(const char *mask);

#endif
