/* trial.h: one round trip of the switcher under canaries, for the check, the mutants and the map.
 */
#ifndef SWITCHLAB_WORLD_TRIAL_H
#define SWITCHLAB_WORLD_TRIAL_H

#include "worlds/common/stage.h"

enum outcome { OK, CORRUPTED, CRASHED, OUTCOMES };
extern const char *const outcome_names[OUTCOMES];

extern struct trial {
    unsigned ticks;        /* served */
    uint64_t side, pc;     /* where the first one arrived: trial_running, program counter */
    uint64_t left[ARCH_X]; /* what its handler left in X */
    uint64_t information;  /* what I has to bring */
} trial;

/* before any other; false, and said: the contract promises what this world can't check */
bool trial_begin(void);
/* new canaries for the host, other garbage for the virtual machine and where the host's context
 * will lie */
void trial_fill(void);
/* host, virtual machine, host. False: it ended in an exception */
bool trial_once(void);
/* what was lost of what counts: promised or shared; for a map, X in any case */
struct world_set trial_losses(bool map);

bool set_any(const struct world_set *);
void set_merge(struct world_set *to, const struct world_set *from);
/* names, and the end of the line */
void print_losses(const struct world_set *);
/* the switcher's code in hexadecimal, for whoever counts and decodes */
void print_all_code(void);

/* instructions overwritten by such that do nothing, and put back */
enum { REMOVED_MOST = 64 };
struct removed_code {
    uint8_t *begin, *end, kept[REMOVED_MOST];
};
void remove_code(struct removed_code *, uint8_t *begin, uint8_t *end);
void restore_code(const struct removed_code *);

#endif
