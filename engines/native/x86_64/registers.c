/* x86_64/registers.c: registers of a stopped child, from the kernel's two views of them: the general ones, and the xsave area in its
 * standard format, whose parts CPUID places (Intel SDM vol. 1, 13.4). */
#include "engines/native/registers.h"

#include <cpuid.h>
#include <elf.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

static const struct {
    const char *name;
    size_t offset;
} general[] = {
#define GENERAL(name, field) {#name, offsetof(struct user_regs_struct, field)}
    GENERAL(rax, rax), GENERAL(rbx, rbx), GENERAL(rcx, rcx), GENERAL(rdx, rdx), GENERAL(rsi, rsi), GENERAL(rdi, rdi),
    GENERAL(rbp, rbp), GENERAL(rsp, rsp), GENERAL(r8, r8),   GENERAL(r9, r9),   GENERAL(r10, r10), GENERAL(r11, r11),
    GENERAL(r12, r12), GENERAL(r13, r13), GENERAL(r14, r14), GENERAL(r15, r15), GENERAL(rip, rip), GENERAL(rflags, eflags),
};

/* where the n-th register of a class lies: component 0 is the legacy area */
static const struct {
    const char *class;
    unsigned component;
    size_t offset, stride;
} extended[] = {
    {"x87", 0, 32, 16}, {"xmm", 0, 160, 16}, {"ymmh", 2, 0, 16}, {"mask", 5, 0, 8}, {"zmmh", 6, 0, 32}, {"zmm", 7, 0, 64},
};
enum { FCW = 0, MXCSR = 24 };

static size_t component_offset(unsigned component) {
    unsigned a, b, c, d;
    return component && __get_cpuid_count(0xd, component, &a, &b, &c, &d) ? b : 0;
}

static void copy_general(struct snapshot *s, const struct reg *reg, const struct user_regs_struct *regs) {
    for (size_t i = 0; i < sizeof general / sizeof *general; i++)
        if (strcmp(general[i].name, reg->name) == 0)
            memcpy(s->image + reg->slot, (const char *)regs + general[i].offset, reg->bits / 8);
}

/* rows of a class come in the order of its registers: the n-th is told by the number in its name */
static void copy_extended(struct snapshot *s, const struct reg *reg, const uint8_t *area, const size_t *place) {
    if (strcmp(reg->name, "mxcsr") == 0) memcpy(s->image + reg->slot, area + MXCSR, reg->bits / 8);
    if (strcmp(reg->name, "fcw") == 0) memcpy(s->image + reg->slot, area + FCW, reg->bits / 8);
    size_t number = strtoul(reg->name + strcspn(reg->name, "0123456789"), NULL, 10);
    for (size_t i = 0; i < sizeof extended / sizeof *extended; i++) {
        if (strcmp(extended[i].class, reg->class) != 0) continue;
        if (strcmp(reg->class, "zmm") == 0) number -= 16; /* zmm16 is the first of its component */
        memcpy(s->image + reg->slot, area + place[i] + extended[i].offset + number * extended[i].stride, reg->bits / 8);
    }
}

bool snapshot_take(struct snapshot *s, pid_t child, const struct register_file *file) {
    static uint8_t area[SNAPSHOT_BYTES];
    static size_t place[sizeof extended / sizeof *extended];
    struct user_regs_struct regs;
    struct iovec io = {area, sizeof area};
    if (!place[2])
        for (size_t i = 0; i < sizeof extended / sizeof *extended; i++)
            place[i] = component_offset(extended[i].component);
    memset(area, 0, sizeof area);
    if (file->image_bytes > sizeof s->image || ptrace(PTRACE_GETREGS, child, 0, &regs) != 0 ||
        ptrace(PTRACE_GETREGSET, child, NT_X86_XSTATE, &io) != 0)
        return false;
    memset(s->image, 0, sizeof s->image);
    for (size_t i = 0; i < file->count; i++) {
        copy_general(s, &file->reg[i], &regs);
        copy_extended(s, &file->reg[i], area, place);
    }
    for (size_t i = 0; i < RED_ZONE; i += sizeof(long)) {
        long word = ptrace(PTRACE_PEEKDATA, child, regs.rsp - RED_ZONE + i, 0);
        memcpy(s->red_zone + i, &word, sizeof word);
    }
    return true;
}

bool snapshot_jump(pid_t child, const uint8_t *at) {
    struct user_regs_struct regs;
    if (ptrace(PTRACE_GETREGS, child, 0, &regs) != 0) return false;
    regs.rip = (uint64_t)(uintptr_t)at;
    regs.orig_rax = (uint64_t)-1; /* no system call to restart */
    return ptrace(PTRACE_SETREGS, child, 0, &regs) == 0;
}
