/* aarch64.c: QEMU's machine for the aarch64 world, and what the instructions of switchers at EL1
 * do. */
#include "engines/decode/decode.h"
#include "engines/world/machine.h"

#include <string.h>

static const char *const arguments[] = {"-M",
                                        "virt",
                                        "-cpu",
                                        "cortex-a72",
                                        "-m",
                                        "64",
                                        "-display",
                                        "none",
                                        "-nodefaults",
                                        "-no-reboot",
                                        "-serial",
                                        "stdio",
                                        "-semihosting-config",
                                        "enable=on,target=native",
                                        "-accel",
                                        "tcg",
                                        "-icount",
                                        "shift=0,sleep=off",
                                        NULL};

/* semihosting hands it on; 1 is QEMU's own when it can't go on */
static int world_status(int status) {
    return status == 1 ? -1 : status;
}

/* Arm ARM, C5.1: msr and mrs; those with op1 = 3 are for user code, but for the interrupt masks. */
static unsigned privileged(uint32_t word) {
    enum {
        SYSTEM = 0xd5000000,
        SYSTEM_MASK = 0xffc00000,
        MASKS_IMMEDIATE = 0xd50340df,
        MASKS_IMMEDIATE_MASK = 0xfffff0df,
        DAIF = 0xda11
    };
    if ((word & MASKS_IMMEDIATE_MASK) == (uint32_t)MASKS_IMMEDIATE) return 1;
    bool moves = (word & SYSTEM_MASK) == (uint32_t)SYSTEM && (word >> 20 & 1);
    return moves && ((word >> 16 & 7) != 3 || (word >> 5 & 0xffff) == DAIF);
}

static const char *effect(const cs_insn *insn, struct world_effect *e) {
    struct effect memory;
    size_t size = insn->size;
    uint32_t word;
    const char *why = aarch64_decode(insn->bytes, &size, &memory);
    if (why) return why;
    memcpy(&word, insn->bytes, sizeof word);
    *e = (struct world_effect){memory.loads, memory.stores, memory.bytes, privileged(word)};
    return NULL;
}

static const struct machine aarch64 = {
    .name = "aarch64",
    .program = "qemu-system-aarch64",
    .package = "qemu-system-arm",
    .arguments = arguments,
    .world_status = world_status,
    .arch = CS_ARCH_ARM64,
    .mode = CS_MODE_LITTLE_ENDIAN,
    .effect = effect,
};
REGISTER_MACHINE(aarch64);
