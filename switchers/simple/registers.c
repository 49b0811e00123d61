/* registers.c: the simple CPU's register file for the harness. */
#include "switchers/simple/simple.h"

static const struct reg rows[] = {
#define REG(name, class, bits, privilege, convention, slot)                                        \
    {#name, #class, bits, #privilege, #convention, slot},
#include "switchers/registers/simple.def"
#undef REG
};

const struct register_file simple_registers = {
    .arch = "simple",
    .reg = rows,
    .count = SIMPLE_REGISTERS,
    .image_bytes = 64,
};
