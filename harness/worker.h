/* worker.h: one piece of work in a process of its own, so that a switcher that crashes or never
 * returns loses only itself. */
#ifndef SWITCHLAB_WORKER_H
#define SWITCHLAB_WORKER_H

#include "harness/engine.h"

#include <jansson.h>

/* what a worker can be asked for; each is a function of struct engine */
enum verb { VERB_CHECK, VERB_COUNT, VERB_SAMPLE, VERB_MAP, VERB_MUTATE, VERBS };

struct worker_result {
    json_t *answer;    /* new reference; NULL when the worker failed */
    bool interrupted;  /* the user's Ctrl-C ended it */
    char failure[160]; /* "SIGSEGV", "did not return within 20 s", ... */
};

enum { WORKER_SECONDS = 20 };

/* Runs it in a child that is a copy of this program in one of its layouts (layout 0: itself);
 * seconds: time limit. */
struct worker_result worker_run(enum verb, const struct engine *, const struct work *,
                                unsigned layout, unsigned seconds);

/* How many layouts of this program stand beside it: the same objects, linked at other offsets
 * (Makefile). At least 1 */
unsigned worker_layouts(void);

/* The child's side: `switchlab worker ...`. Exit code */
int worker_main(int argc, char **argv);

/* set by SIGINT and SIGTERM; the run stops at the next finished cell */
extern volatile int worker_stop;

#endif
