/* outcomes.c: run lengths. */
#include "harness/outcomes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char letters[INJECTIONS + 1] = ".cxh";

void outcomes_end(struct outcomes_writer *w) {
    if (w->length) fprintf(w->to, "%" PRIu64 "%c", w->length, letters[w->last]);
    w->length = 0;
}

void outcomes_put(struct outcomes_writer *w, enum injection outcome) {
    if (outcome != w->last) outcomes_end(w);
    w->last = outcome;
    w->length++;
}

/* the next run. False: there is none */
static bool next_run(struct outcomes_reader *r) {
    char *end;
    if (*r->text < '0' || *r->text > '9') return false;
    r->left = strtoull(r->text, &end, 10);
    const char *letter = *end ? strchr(letters, *end) : NULL;
    if (!letter || !r->left) return false;
    r->now = (enum injection)(letter - letters);
    r->text = end + 1;
    return true;
}

bool outcomes_next(struct outcomes_reader *r, enum injection *outcome) {
    if (!r->left && !next_run(r)) return false;
    r->left--;
    *outcome = r->now;
    return true;
}

uint64_t outcomes_count(const char *text, uint64_t tally[INJECTIONS]) {
    struct outcomes_reader r = {.text = text};
    uint64_t n = 0;
    while (next_run(&r)) {
        n += r.left;
        if (tally) tally[r.now] += r.left;
    }
    return *r.text ? UINT64_MAX : n;
}
