/* command.h: what the lab asks of a world: a struct in the world's data that the lab fills in, in
 * the copy of the ELF file that it runs. It is found by its magic words. Both sides include this
 * file, so it needs nothing but stdint.h. */
#ifndef SWITCHLAB_WORLD_COMMAND_H
#define SWITCHLAB_WORLD_COMMAND_H

#include <stdint.h>

enum world_verb {
    WORLD_STAGE,  /* Fig. 1 from boot to the last application's end; what a world does unasked */
    WORLD_CHECK,  /* `rounds` round trips under canaries, no interrupt */
    WORLD_MAP,    /* an interrupt at every boundary, `rounds` times */
    WORLD_MUTATE, /* each step of the switcher removed in turn, from step `first` on: the check must
                     notice */
    WORLD_CHAIN,  /* times a chain of `rounds` dependent multiplications, and twice as many */
    WORLD_TIME,   /* times `rounds` switches and exits of the virtual machine, and twice as many */
    WORLD_HANG,   /* for tests: never ends */
    WORLD_FAULT,  /* for tests: an exception that nobody expects */
    WORLD_VERBS
};

enum { WORLD_SET_WORDS = 3 };
struct world_set { /* of registers: bit n is row n of the architecture's kernel table */
    uint64_t word[WORLD_SET_WORDS];
};

#define WORLD_MAGIC                                                                                \
    { 0x74697773626c6863, 0x646e616d6d6f632e }
struct world_command {
    uint64_t magic[2];
    uint64_t verb, rounds, seed, first;
    struct world_set saved; /* what the contract promises */
    struct world_set
        shared;         /* what the virtual machine has to leave alone; all else it overwrites */
    struct world_set x; /* X: a loss is one, whatever the contract says [0017] */
    uint64_t informs;   /* I is inconsequential and brings information [0028] */
};

#endif
