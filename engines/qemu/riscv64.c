/* riscv64.c: QEMU's machine for the riscv64 world, and what the instructions of switchers in
 * supervisor mode do. */
#include "engines/decode/decode.h"
#include "engines/world/machine.h"

#include <stdio.h>
#include <string.h>

static const char *const arguments[] = {
    "-M",          "virt",       "-bios",    "none",
    "-m",          "64",         "-display", "none",
    "-nodefaults", "-no-reboot", "-serial",  "stdio",
    "-accel",      "tcg",        "-icount",  "shift=0,sleep=off",
    NULL};

/* the test device's; 1 is QEMU's own when it can't go on */
static int world_status(int status) {
    return status == 1 ? -1 : status;
}

/* a control register's number says in bits 9 and 8 who may access it (privileged ISA, 2.1); other
 * instructions of the system opcode are returns, fences and waits, but for ecall and ebreak */
static unsigned privileged(uint32_t word) {
    enum { SYSTEM = 0x73, ECALL = 0x00000073, EBREAK = 0x00100073 };
    if ((word & 0x7f) != SYSTEM || word == ECALL || word == EBREAK) return 0;
    return (word >> 12 & 7) == 0 || (word >> 28 & 3) != 0;
}

static const char *decode(const uint8_t *code, size_t *size, struct world_effect *e, char *text) {
    struct effect memory;
    uint32_t word = 0;
    const char *why = riscv64_decode(code, size, &memory);
    snprintf(text, WORLD_TEXT, "an instruction");
    if (why) return why;
    memcpy(&word, code, *size);
    riscv64_text(word, text, WORLD_TEXT);
    *e = (struct world_effect){memory.loads, memory.stores, memory.bytes, privileged(word)};
    return NULL;
}

static const struct machine riscv64 = {
    .name = "riscv64",
    .program = "qemu-system-riscv64",
    .package = "qemu-system-misc",
    .arguments = arguments,
    .world_status = world_status,
    .decode = decode,
};
REGISTER_MACHINE(riscv64);

/* the same machine, with a host in machine mode */
static const struct machine riscv64_m = {
    .name = "riscv64_m",
    .program = "qemu-system-riscv64",
    .package = "qemu-system-misc",
    .arguments = arguments,
    .world_status = world_status,
    .decode = decode,
};
REGISTER_MACHINE(riscv64_m);
