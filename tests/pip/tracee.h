/* tracee.h: runs a program under ptrace, stops it at one instruction and overwrites registers
 * there. */
#ifndef SWITCHLAB_TEST_TRACEE_H
#define SWITCHLAB_TEST_TRACEE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct outcome {
    int status;  /* as waitpid gives it */
    size_t size; /* of what it printed */
    char *output;
    unsigned hits; /* how often the instruction was reached */
};

/* corrupt[i]: row i of switchers/registers/x86_64.def is overwritten each time the instruction is
 * reached (the first HITS_MAX times), with garbage that comes from `seed`. `address` as in the
 * file; 0: run undisturbed. NULL or why it can't be done */
enum { HITS_MAX = 20 };
const char *tracee_run(const char *program, uint64_t file_entry, uint64_t address,
                       const bool *corrupt, uint64_t seed, int milliseconds, struct outcome *);
bool outcome_equal(const struct outcome *, const struct outcome *);
void outcome_free(struct outcome *);

#endif
