// The list of all instruction forms as a Markdown table: what docs/ia64-instructions.md holds and
// `ia64sim --instructions` prints. A form is implemented when a handler for it is linked in.
#include "machine.h"

#include <stdio.h>

static const struct {
    unsigned flag;
    const char *note;
} notes[] = {
    {IA64_PRIV, "privileged"},    {IA64_FIRST, "first in its group"},
    {IA64_LAST, "last in group"}, {IA64_NOQP, "not predicated"},
    {IA64_UNC, "unconditional"},  {IA64_CONDWRITE, "writes if the test says so"},
    {IA64_SPEC, "speculative"},   {IA64_ADV, "advanced"},
    {IA64_CHECK, "checks ALAT"},  {IA64_UPDATE, "updates r3"},
};

static void print_row(FILE *out, enum ia64_op op) {
    unsigned flags = ia64_op_flags(op);
    const char *separator = "";
    char operands[80];
    ia64_op_operands(op, operands, sizeof operands);
    fprintf(out, "| `%s` | %s | `%s` | %s | ", ia64_op_name(op), ia64_op_format(op),
            *operands ? operands : "-", ia64_class_name(ia64_op_class(op)));
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        if (!(flags & notes[i].flag)) continue;
        fprintf(out, "%s%s", separator, notes[i].note);
        separator = ", ";
    }
    fprintf(out, " | %s |\n", ia64_implemented(op) ? "yes" : "no");
}

void ia64_list_instructions(FILE *out) {
    unsigned implemented = 0;
    for (int op = 1; op < IA64_OPS; op++)
        implemented += ia64_implemented((enum ia64_op)op);
    fprintf(
        out,
        "# IA-64 instructions\n\n"
        "Printed by `ia64sim --instructions` from engines/ia64/isa.def, whose rows the decoder,\n"
        "the disassembler, the dependency checker and the timing model read. %u of %u forms are\n"
        "implemented; the others stop the simulator with a message that names instruction and\n"
        "address. Formats and operands have the names of the Itanium manual, volume 3, chapter 4;\n"
        "operands left of `=` are written. The class is the one of the timing model. Hints are\n"
        "accepted everywhere and change nothing; `.s0` to `.s3` of floating-point instructions\n"
        "are decoded into a field.\n\n"
        "| instruction | format | operands | class | notes | implemented |\n"
        "| --- | --- | --- | --- | --- | --- |\n",
        implemented, IA64_OPS - 1u);
    for (int op = 1; op < IA64_OPS; op++)
        print_row(out, (enum ia64_op)op);
}
