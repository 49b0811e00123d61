/* pip: saves pc, sp and s0; transfer by jr. */
#include "switchers/registers/riscv64.h"

/* t1 and t2, like all but three, are inconsequential here: they carry addresses [0023] */
#define SITE(MARK, from, to)                                                                       \
    "lla t2, contexts" ID "\n\t" MARK("save", "pc", "lla t1, 1f\n\tsd t1, " from "(t2)")           \
        MARK("save", "sp", "sd sp, 8+" from "(t2)") MARK("save", "s0", "sd s0, 16+" from "(t2)")   \
            MARK("restore", "s0", "ld s0, 16+" to "(t2)")                                          \
                MARK("restore", "sp", "ld sp, 8+" to "(t2)")                                       \
                    MARK("restore", "pc", "ld t1, " to "(t2)") "jr t1\n1:"
#define FRAME "s0"
#define CORRUPTED                                                                                  \
    VECTORS_CLOBBERED, "ra", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a0", "a1", "a2", "a3",     \
        "a4", "a5", "a6", "a7", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11"
#include "switchers/pip/link.inc"
