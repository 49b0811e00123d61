/* probe.h: code injected at a PIP of a function that runs, as a profiler or a debugger would
 * [0038]. The architecture's part is in switchers/probe/; what it counts, what it costs and whether
 * the host noticed is the experiment `probe`. */
#ifndef SWITCHLAB_PROBE_H
#define SWITCHLAB_PROBE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct switcher;

/* A register that is inconsequential at a place of this program's own code, and why */
struct probe_register {
    const char *name; /* as its architecture's table of registers calls it */
    char why[160];
};

/* A place where code may be injected: one instruction that does nothing and has room for a jump */
struct probe_pip {
    const char *place;   /* the instruction, as `switchlab pip` takes it */
    uint8_t *slot;       /* the same in memory; within one aligned 8 bytes: one store changes it */
    uint8_t *room, *end; /* memory within reach of the jump, for what is injected */
    int free; /* a register whose value nobody uses there, as instructions number it; -1: none is
                 known. probe_choose fills it in */
};

enum { PROBE_WHY = 512 };
/* All registers that are inconsequential at a place, by analysis of this program's own file; NULL
 * name: the end. free() it. NULL, and why there is no answer (pip/self.c) */
struct probe_register *probe_inconsequential(const char *place, char why[PROBE_WHY]);
/* How the instructions of a probe number a register of this name; -1: they can't use it */
int probe_number(const char *name);
/* Fills in pip->free: the first inconsequential register that a probe can use. A new object for the
 * record: `place`, `register`, `why`, and in `inconsequential` all that a probe could use. NULL,
 * and why there is none */
json_t *probe_choose(struct probe_pip *, char why[PROBE_WHY]);

/* The function to be probed: a hot loop; one event is one iteration */
struct probe_host {
    uint64_t (*run)(uint64_t iterations);
    uint64_t (*expected)(uint64_t iterations); /* the same in plain C, without a slot */
    struct probe_pip pip;
};
extern const struct probe_host probe_host;

/* Whether there is a probe that saves what this switcher's kind has to: all registers (full, and
 * the extended state of its name), those that a call may change (scratch), or none, because it only
 * uses what is inconsequential at the PIP (pip) */
bool probe_is_for(const struct switcher *);
/* Injects it, even into a loop that runs: callable from a signal handler. NULL, or why it could
 * not. It counts in probe_events */
const char *probe_inject(const struct probe_pip *, const struct switcher *);
const char *probe_remove(const struct probe_pip *);
extern uint64_t probe_events;

#endif
