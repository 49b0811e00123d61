/* registers.h: all registers of a child stopped under ptrace, as an image that the harness compares.
 * Each architecture has its own form in its folder. */
#ifndef SWITCHLAB_NATIVE_REGISTERS_H
#define SWITCHLAB_NATIVE_REGISTERS_H

#include "harness/register_file.h"

#include <sys/types.h>

enum { SNAPSHOT_BYTES = 8192, RED_ZONE = 128 };
struct snapshot {
    uint8_t image[SNAPSHOT_BYTES]; /* each register of the file at its slot */
    uint8_t red_zone[RED_ZONE];    /* the memory below the stack pointer that a leaf function may use */
};

/* false: ptrace failed, or the image is too small for the file */
bool snapshot_take(struct snapshot *, pid_t child, const struct register_file *);
/* the child goes on at this address */
bool snapshot_jump(pid_t child, const uint8_t *at);

/* what code declares that keeps nothing in registers: a list for an asm statement's clobbers */
#define VICTIM_CLOBBERS                                                                            \
    "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14",       \
        "r15", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",     \
        "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "cc", "memory"

#endif
