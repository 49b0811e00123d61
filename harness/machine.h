/* machine.h: which machine and which compiler a run comes from, as short names that stay the same
 * from run to run. Frequency, load and microcode change on one machine and are not part of them. */
#ifndef SWITCHLAB_MACHINE_H
#define SWITCHLAB_MACHINE_H

#include <jansson.h>

enum { MACHINE_NAME = 112 };

/* Of a run line: maker, model name, family.model.stepping, CPUs and memory (in GiB, rounded), as in
 * "authenticamd-amd-epyc-25.1.1-2cpus-24gib"; fit for a file name. What the run does not tell is
 * "unknown" there. */
void machine_name(const json_t *run, char name[MACHINE_NAME]);

/* Of a run line: "gcc-12-O2", "clang-14-O0"; "" where the run does not tell. A
 * minor version and -g change no count. */
void compiler_name(const json_t *run, char name[MACHINE_NAME]);

#endif
