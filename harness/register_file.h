/* register_file.h: one architecture's registers as the harness sees them. The rows come from
 * switchers/registers/<arch>.def; the harness compares, counts and prints registers by these rows
 * and knows no architecture. */
#ifndef SWITCHLAB_REGISTER_FILE_H
#define SWITCHLAB_REGISTER_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reg {
    const char *name;
    const char *class;      /* what moves it: gpr, flags, xmm, ... */
    unsigned bits;          /* width */
    const char *privilege;  /* who may touch it: user, or the architecture's privileged level */
    const char *convention; /* scratch, preserved or special, by the calling convention */
    size_t slot;            /* byte offset of its value in an image */
};

struct register_file {
    const char *arch;
    const struct reg *reg;
    size_t count;
    size_t image_bytes; /* size of an image: every register at its slot; aligned to 64 */
    /* whether this CPU has the register; NULL: it has them all */
    bool (*present)(const struct reg *);
    /* whether a row is the upper part of a register that an earlier row began; NULL: none is */
    bool (*upper)(const struct reg *);
    /* makes random bytes a legal image: reserved bits of flags and control words, valid
     * floating-point values; abi: also what the calling convention demands at a call (direction
     * flag clear, x87 stack empty, exceptions masked) */
    void (*legalise)(uint8_t *image, bool abi);
};

/* the bits of a register's value in an image that hold state; the rest may differ. NULL mask: all
 * of them */
bool register_equal(const struct reg *, const uint8_t *image_a, const uint8_t *image_b);

#endif
