/* qemu_user.h: the target program (target/main.c) under QEMU's user-mode emulation, and the two
 * questions that an emulator answers exactly: what did a switch do to the registers, and which
 * instructions did it execute. */
#ifndef SWITCHLAB_QEMU_USER_H
#define SWITCHLAB_QEMU_USER_H

#include "engines/decode/decode.h"
#include "harness/engine.h"

#include <stdio.h>

/* an architecture that the lab's target program is built for */
struct guest {
    const char *arch;
    const char *emulator; /* found on the PATH */
    const char *compiler; /* Debian package that builds the target */
    const char *(*decode)(const uint8_t *code, size_t *size, struct effect *);
};
const struct guest *guest_of(const char *arch); /* NULL: none */
const char *guest_lacks(const struct guest *);  /* what is not there and where to get it, or NULL */

/* ---- a running target ---- */

struct target {
    int pid, to, from; /* its standard input and output */
    int trace;         /* a file of the addresses that it executed, or -1 */
};
enum { TARGET_ARGUMENTS = 4 };
/* arguments end at NULL. NULL, or why it did not start */
const char *target_start(struct target *, const struct guest *,
                         const char *const arguments[TARGET_ARGUMENTS], bool traced);
/* all of it, within `seconds`; false: it ended, or did not answer */
bool target_write(struct target *, const void *bytes, size_t n);
bool target_read(struct target *, void *bytes, size_t n, int seconds);
/* closes its input, waits for it that long and ends it. NULL when its exit code was 0, else how it
 * ended; static storage */
const char *target_end(struct target *, int seconds);

/* ---- the engine's functions ---- */

json_t *qemu_user_check(const struct work *);
json_t *qemu_user_count(const struct work *);
json_t *qemu_user_mutate(const struct work *);

/* A kernel's place in struct native_code, found by letting the experiment choose among places
 * instead of functions: the target has the functions. False: the experiment has none for this point
 */
bool kernel_place(const struct work *, size_t *offset);

#endif
