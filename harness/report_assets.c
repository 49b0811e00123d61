/* report_assets.c: the page's style and script, as they stand in harness/report.css and report.js.
 */
#include "harness/report_parts.h"

#define ASSET(name, path)                                                                          \
    __asm__(".section .rodata\n.globl " #name "\n" #name ":\n.incbin \"" path                      \
            "\"\n.byte 0\n.previous\n")

ASSET(report_css, "harness/report.css");
ASSET(report_js, "harness/report.js");
