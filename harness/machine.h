/* machine.h: which machine and which compiler a run comes from, as short names that stay the same
 * from run to run. Frequency, load and microcode change on one machine and are not part of them. */
#ifndef SWITCHLAB_MACHINE_H
#define SWITCHLAB_MACHINE_H

#include <jansson.h>

enum { MACHINE_NAME = 128 };

/* Of "env", what it records as machine_id, as in "authenticamd-amd-epyc-25.1.1-2cores-24gib":
 * maker, model name, family.model.stepping, cores and memory; nothing that moves from run to run;
 * fit for a file name. What env does not tell is "unknown" there, or "cores-not-recorded" and
 * "memory-not-recorded", as in a baseline; a new string, null where it tells none of them. */
json_t *machine_id(const json_t *env);

/* Of a run line: its env's machine_id, or what its facts say where a record has none; "" where they
 * say nothing. */
void machine_name(const json_t *run, char name[MACHINE_NAME]);

/* Of a run line: "gcc-12-O2", "clang-14-O0"; "" where the run does not tell. A
 * minor version and -g change no count. */
void compiler_name(const json_t *run, char name[MACHINE_NAME]);

#endif
