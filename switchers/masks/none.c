/* masks/none.c: the handler of an architecture whose switchers stand under no mask in user mode: it does its work wherever it finds
 * them. */
#include "harness/mask.h"

#include <stddef.h>

void (*mask_work)(void);
struct mask_counts mask_counts;

static int handled;

static void hold(int how) {
    sigset_t set;
    sigemptyset(&set);
    if (handled) sigaddset(&set, handled);
    sigprocmask(how, &set, NULL);
}

void mask_open(void) {
    hold(SIG_UNBLOCK);
}

void mask_close(void) {
    hold(SIG_BLOCK);
}

void mask_handler(int signal, siginfo_t *info, void *context) {
    (void)info, (void)context;
    handled = signal;
    mask_counts.interrupts++;
    if (mask_work) mask_work();
}
