/* decode.h: an instruction's bytes to its effect on memory, for architectures other than the host's
 * too. NULL, or why the bytes can't be judged: an instruction is never guessed. `size`: how many
 * bytes there are; then the instruction's length. */
#ifndef SWITCHLAB_DECODE_H
#define SWITCHLAB_DECODE_H

#include "engines/native/instruction.h"

const char *aarch64_decode(const uint8_t *code, size_t *size, struct effect *);
const char *riscv64_decode(const uint8_t *code, size_t *size, struct effect *);
/* the instruction as assembly, for the base instructions and those of control registers; else its
 * bytes */
void riscv64_text(uint32_t word, char *text, size_t size);

#endif
