/* rows.h: a table as an assembler macro: `rows SELECT, BODY, BASE` expands BODY for each register of a class, or of a class and
 * convention, as gpr_preserved, in the table's order. TABLE is the table's path. */
#define REG(name, class, bits, privilege, convention, slot)                                                            \
    ".ifc \\select," #class "\n\t\\body " #name ", " #slot ", \\base\n\t.endif\n\t"                                    \
    ".ifc \\select," #class "_" #convention "\n\t\\body " #name ", " #slot ", \\base\n\t.endif\n\t"
__asm__(".macro rows select, body, base\n\t"
#include TABLE
        ".endm\n");
#undef REG
#undef TABLE
