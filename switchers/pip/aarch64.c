/* pip: saves pc, sp and x29; transfer by br. */
#include "switchers/registers/aarch64.h"

/* x0 to x2, like all but three, are inconsequential here: they carry addresses and sp [0023] */
#define SITE(MARK, from, to)                                                                       \
    "adrp x1, contexts" ID "\n\tadd x1, x1, :lo12:contexts" ID                                     \
    "\n\t" MARK("save", "pc sp", "adr x0, 1f\n\tmov x2, sp\n\tstp x0, x2, [x1, #" from "]")        \
        MARK("save", "x29", "str x29, [x1, #16 + " from "]")                                       \
            MARK("restore", "pc sp", "ldp x0, x2, [x1, #" to "]\n\tmov sp, x2")                    \
                MARK("restore", "x29", "ldr x29, [x1, #16 + " to "]") "br x0\n1:"
#define FRAME "x29"
#define CORRUPTED                                                                                  \
    VECTORS_CLOBBERED, "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11",   \
        "x12", "x13", "x14", "x15", "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24", \
        "x25", "x26", "x27", "x28", "x30", "cc"
#include "switchers/pip/link.inc"
