/* Random programs for system mode, the same for the same seed: assembler text for ia64-linux-gnu-as
 * -xauto that includes random_runtime.inc. */
#ifndef RANDOM_STREAM_H
#define RANDOM_STREAM_H

#include <stdint.h>
#include <stdio.h>

struct random_options {
    uint64_t seed;
    unsigned functions;    /* functions in the program; 0: 40 */
    unsigned rounds;       /* times that the roots are called; 0: 4 */
    uint64_t instructions; /* rough upper limit of instructions a round executes; 0: 20000 */
};

void random_stream_write(FILE *to, const struct random_options *options);

#endif
