/* x86_64/step.c: the instruction at which a traced thread stands. Decoded once per address; the
 * size of an xsave is that of the states that its mask in edx:eax and the operating system select,
 * by CPUID. */
#include "engines/native/instruction.h"

#include <cpuid.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

enum { CACHE = 4096, XSAVE_LEGACY = 512, XSAVE_HEADER = 64, XSAVE_FIRST = 2, XSAVE_STATES = 63 };

static struct cached {
    uint64_t address; /* 0: empty */
    struct effect effect;
} cache[CACHE];

/* legacy area, header and each selected state (Intel SDM vol. 1, 13.4). That a CPU may leave out
 * what is in its initial state (xsavec, xsaveopt) or unmodified (xsaveopt) does not show in a
 * count: this is what the instruction is asked to move */
static unsigned xsave_bytes(uint64_t mask) {
    unsigned a, b, c, d, bytes = XSAVE_LEGACY + XSAVE_HEADER;
    __asm__("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
    mask &= (uint64_t)d << 32 | a;
    for (unsigned state = XSAVE_FIRST; state < XSAVE_STATES; state++)
        if (mask >> state & 1 && __get_cpuid_count(0xd, state, &a, &b, &c, &d)) bytes += a;
    return bytes;
}

static const char *read_code(pid_t thread, uint64_t address, uint8_t *code, size_t *size) {
    struct iovec to = {code, INSTRUCTION_BYTES_MAX},
                 from = {(void *)(uintptr_t)address, INSTRUCTION_BYTES_MAX};
    ssize_t got = process_vm_readv(thread, &to, 1, &from, 1, 0);
    if (got <= 0) { /* the page ends within 16 bytes, and the next one is not there */
        to.iov_len = from.iov_len = 4096 - address % 4096;
        if (to.iov_len < INSTRUCTION_BYTES_MAX) got = process_vm_readv(thread, &to, 1, &from, 1, 0);
    }
    if (got <= 0) return "the traced code can't be read";
    *size = (size_t)got;
    return NULL;
}

static const char *effect_at(pid_t thread, uint64_t address, const struct effect **effect) {
    struct cached *entry = &cache[address % CACHE];
    if (entry->address != address) {
        static char reason[240];
        uint8_t code[INSTRUCTION_BYTES_MAX];
        size_t size;
        const char *why = read_code(thread, address, code, &size);
        if (!why) why = instruction_decode(code, size, &entry->effect);
        if (why) {
            entry->address = 0;
            snprintf(reason, sizeof reason, "at address %#jx: %s", (uintmax_t)address, why);
            return reason;
        }
        entry->address = address;
    }
    *effect = &entry->effect;
    return NULL;
}

const char *instruction_next(pid_t thread, const struct instruction *previous,
                             struct instruction *next) {
    struct user_regs_struct regs;
    const struct effect *effect;
    if (ptrace(PTRACE_GETREGS, thread, 0, &regs) != 0)
        return "the traced thread's registers can't be read";
    const char *why = effect_at(thread, regs.rip, &effect);
    if (why) return why;
    bool none_left = effect->repeats && regs.rcx == 0;
    *next = (struct instruction){
        .address = regs.rip,
        .continues = effect->repeats && previous->address == regs.rip,
        .effect = none_left ? (struct effect){0} : *effect,
    };
    if (effect->state) next->effect.bytes += xsave_bytes(regs.rdx << 32 | (uint32_t)regs.rax);
    return NULL;
}
