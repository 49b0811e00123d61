/* injector.h: how an engine interrupts a switch at chosen boundaries: what a campaign needs of it.
 * An engine that can points to one (engine.h). The boundaries of a switch are numbered from 0 in
 * the order in which it passes them when nothing interrupts it. */
#ifndef SWITCHLAB_INJECTOR_H
#define SWITCHLAB_INJECTOR_H

#include <stdbool.h>
#include <stdint.h>

enum { INJECTIONS_MOST = 3, INJECTOR_WHY = 256, INJECTOR_WORLD = 64 };

enum injection { INJECTION_OK, INJECTION_CORRUPTED, INJECTION_CRASHED, INJECTION_HUNG, INJECTIONS };

struct injector_facts {
    uint32_t boundaries;
    bool claims; /* the switcher claims to lose nothing: any other outcome is a finding */
    char world[INJECTOR_WORLD]; /* what runs, so that two versions differ: a checksum of its code */
};

struct work;

struct injector {
    /* Prepares work->switcher. NULL: see why. What a run does depends on work's switcher and seed
     * alone. */
    void *(*open)(const struct work *work, struct injector_facts *facts, char why[INJECTOR_WHY]);
    /* One switch with n interrupts, each raised when the switch gets to its boundary; at[] does not
     * fall. The same boundary twice: again, once the first was served there; where it can't be
     * served yet, both are one. Runs of neighbouring points come one after the other, so an engine
     * may keep what they share. */
    enum injection (*run)(void *, const uint32_t *at, unsigned n);
    void (*close)(void *);
};

#endif
