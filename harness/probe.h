/* probe.h: code injected at a PIP of a function that runs, as a profiler or a debugger would
 * [0038]. The architecture's part is in switchers/probe/; what it counts, what it costs and whether
 * the host noticed is the experiment `probe`. */
#ifndef SWITCHLAB_PROBE_H
#define SWITCHLAB_PROBE_H

#include <stdbool.h>
#include <stdint.h>

struct switcher;

/* A place where code may be injected: one instruction that does nothing and has room for a jump,
 * and what is inconsequential there. Whoever knows a function's PIPs fills it in. */
struct probe_pip {
    uint8_t *slot; /* within one aligned 8 bytes, so that one store changes it */
    unsigned
        free; /* a register whose value nobody uses there, by the number that its encoding has */
    uint8_t *room, *end; /* memory within reach of the jump, for what is injected */
};

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
