/* ia64.c: the rows of ia64.def for the harness and for the engines. */
#include "switchers/registers/ia64.h"

enum { SLOT = 16 };
enum row {
#define REG(name, class, number, bits, privilege, convention) ROW_##class##_##number,
#include "switchers/registers/ia64.def"
    ROWS
};
#undef REG

static const struct reg rows[] = {
#define REG(name, class, number, bits, privilege, convention)                                      \
    {#name, #class, bits, #privilege, #convention, SLOT * ROW_##class##_##number},
#include "switchers/registers/ia64.def"
};
#undef REG

const struct ia64_row ia64_register_rows[] = {
#define REG(name, class, number, bits, privilege, convention) {IA64_ROW_##class, number},
#include "switchers/registers/ia64.def"
};

const struct register_file ia64_registers = {
    .arch = "ia64",
    .reg = rows,
    .count = ROWS,
    .image_bytes = (SLOT * ROWS + 63) / 64 * 64,
};
