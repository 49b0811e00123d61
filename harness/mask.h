/* mask.h: interrupts of user mode, which are signals. One handler serves all masks: it obeys the
 * flag of `deferred`, rewinds a switch that lies in a range of `restart`, and then does its work,
 * which may be to switch to the other context: preemption. */
#ifndef SWITCHLAB_MASK_H
#define SWITCHLAB_MASK_H

#include <signal.h>
#include <stdint.h>

/* What an interrupt does, once it is served: called on the stack of the context that it
 * interrupted, or out of a switch that had deferred it. NULL: nothing */
extern void (*mask_work)(void);

struct mask_counts {
    uint64_t interrupts; /* signals that came */
    uint64_t inside; /* of them those that found a switch between its start and its commit, or had
                        been held back by it */
};
extern struct mask_counts mask_counts;

/* the handler, for SA_SIGINFO; it runs on the interrupted stack, so no alternate one */
void mask_handler(int signal, siginfo_t *, void *context);

/* For the work, around its switch away: opens the thread to the signal being handled, since the
 * other context may be interrupted again, and closes it. In between a work must expect to be
 * interrupted itself, and not switch again: where signals come faster than they can be served,
 * handlers would pile up on the stack. */
void mask_open(void);
void mask_close(void);

/* a row of the table of ranges: the switch at begin < address < end is not yet committed */
enum mask_action { MASK_NOTE, MASK_REWIND };
struct mask_range {
    uintptr_t begin, end, action;
};

#endif
