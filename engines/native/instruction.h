/* instruction.h: what one instruction does to memory, and which one a stopped thread executes next.
 * Each architecture has its own form in its folder; the stepper (stepper.h) only adds up. */
#ifndef SWITCHLAB_NATIVE_INSTRUCTION_H
#define SWITCHLAB_NATIVE_INSTRUCTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct effect {
    unsigned loads;    /* reads, of which `modifies` also write back */
    unsigned stores;   /* writes that are not part of a read-modify-write */
    unsigned modifies; /* read-modify-writes */
    unsigned bytes;    /* read and written */
    bool repeats; /* a string instruction under a repeat prefix: one step is one repetition, and
                     there may be none */
    bool state;   /* moves the processor state that registers select when it executes; `bytes` is
                     without it */
};

enum { INSTRUCTION_BYTES_MAX = 16 };

/* NULL, or why the bytes can't be judged; static storage */
const char *instruction_decode(const uint8_t *code, size_t size, struct effect *);

/* The instruction that a thread, stopped under ptrace, will execute. `continues`: it is a further
 * repetition of `previous`. NULL or a reason */
struct instruction {
    uint64_t address;
    bool continues;
    struct effect effect;
};
const char *instruction_next(pid_t thread, const struct instruction *previous,
                             struct instruction *next);

#endif
