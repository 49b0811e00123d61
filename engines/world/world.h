/* world.h: what engines that run the worlds of worlds/ share: the ELF file with the lab's command
 * in it, the console's lines as answers, the switcher's code decoded. An engine supplies how a
 * world is run. */
#ifndef SWITCHLAB_ENGINES_WORLD_H
#define SWITCHLAB_ENGINES_WORLD_H

#include "engines/world/machine.h"
#include "harness/engine.h"
#include "switchers/registers/kernel.h"
#include "worlds/common/command.h"

enum { WORLD_WHY = 1024 };

/* ---- a world's file ---- */

struct world_file {
    const struct machine *machine;
    uint8_t *bytes; /* an ELF file */
    size_t size;
    struct world_command *command; /* in it */
    char why[WORLD_WHY];
};

/* The world of a switcher with a command for it. False: see why. */
bool world_open(struct world_file *, const struct switcher *, uint32_t seed, enum world_verb);
void world_close(struct world_file *);
/* the folder of all worlds: where they were built, or what WORLDS says */
const char *world_folder(void);
/* NULL, or why this work is not for a world */
const char *world_rejects(const struct work *);
const struct machine *world_machine(const struct switcher *);

/* ---- running ---- */

struct world_end {
    char *text;          /* the console, to free */
    bool good;           /* the world printed its last line and ended with status 0 */
    bool hung;           /* its time limit ended it */
    char why[WORLD_WHY]; /* not good: why, with the last registers */
};

typedef void world_run(const struct world_file *, struct world_end *);
/* seconds that a world may take: 10, or what WORLD_SECONDS says */
double world_seconds(void);
/* fills in good and why from the console's text and the world's exit status; -1: it chose none */
void world_ended(struct world_end *, int status);

/* ---- answers, as harness/engine.h wants them ---- */

json_t *world_check(const struct work *, world_run *);
json_t *world_count(const struct work *, world_run *);
json_t *world_map(const struct work *, world_run *);
json_t *world_mutate(const struct work *, world_run *);

/* ---- code ---- */

enum world_side { WORLD_CALL, WORLD_OUT, WORLD_BACK, WORLD_SIDES };
extern const char *const world_sides[WORLD_SIDES]; /* as the console names them */

enum { WORLD_INSTRUCTIONS = 1024 };
struct world_code { /* in the order of execution: each is a boundary, before it */
    size_t count;
    struct world_instruction {
        enum world_side side;
        unsigned offset; /* bytes from the beginning of its side */
        char text[WORLD_TEXT];
        struct world_effect effect;
    } instruction[WORLD_INSTRUCTIONS];
    char why[WORLD_WHY];
};
/* From the console's lines `code SIDE HEX`. False: see why. */
bool world_decode(struct world_code *, const struct machine *, const char *text);

#endif
