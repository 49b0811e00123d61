/* trap.h: what interrupting a switch at one instruction needs of an architecture. Each has its own
 * form in its folder; the map (map.c) knows none. */
#ifndef SWITCHLAB_NATIVE_TRAP_H
#define SWITCHLAB_NATIVE_TRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { INSTRUCTION_TEXT = 80 };

/* Length in bytes of the instruction at this address of this program, and its text for people, with
 * addresses in the code by name where the program has one. 0: it can't be decoded */
size_t trap_instruction(const uint8_t *at, char text[INSTRUCTION_TEXT]);

/* A breakpoint in a stopped child. trap_hit: the child has stopped for it; its instruction pointer
 * is set to `at`, and the breakpoint is gone. False: something else, or ptrace failed */
struct trap {
    const uint8_t *at;
    long covered; /* the word of code under it */
};
bool trap_plant(struct trap *, pid_t child, const uint8_t *at);
bool trap_hit(const struct trap *, pid_t child);

#endif
