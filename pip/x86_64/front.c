/* front.c: x86-64 for the analysis (struct pip_arch). */
#include "pip/pip.h"
#include "pip/x86_64/x86_64.h"

#include <elf.h>
#include <stdio.h>

static void text(const struct pip_image *image, uint64_t address, char *text, size_t size) {
    const cs_insn *cs = x86_64_capstone(image, address);
    if (cs)
        snprintf(text, size, "%s%s%s", cs->mnemonic, *cs->op_str ? " " : "", cs->op_str);
    else
        snprintf(text, size, "not an instruction");
}

static const struct pip_arch x86_64 = {
    .name = "x86_64",
    .machine = EM_X86_64,
    .registers = x86_64_pip_registers,
    .decode = x86_64_decode,
    .resolve = x86_64_resolve,
    .convention = x86_64_convention,
    .outside = x86_64_outside,
    .scan = x86_64_scan,
    .check = x86_64_check_returns,
    .settled = x86_64_empty_x87,
    .emit = x86_64_emit,
    .text = text,
};
REGISTER_PIP_ARCH(x86_64);
