/* switcher.c: the list of switchers that registered themselves, and the name that tells one from
 * all others. */
#include "harness/switcher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* by kind from the most saved to the least, then peers; then name and transfer */
static int rank(const struct switcher *s) {
    static const char *const kinds[] = {"full", "scratch", "pip", "peer"};
    int i = 0;
    while (i < 4 && strcmp(kinds[i], s->kind) != 0)
        i++;
    return i;
}

static int switcher_order(const struct switcher *a, const struct switcher *b) {
    int d = strcmp(a->arch, b->arch);
    if (!d) d = rank(a) - rank(b);
    if (!d) d = strcmp(a->name, b->name);
    if (!d) d = strcmp(a->mask, b->mask);
    return d ? d : strcmp(a->transfer, b->transfer);
}

DEFINE_REGISTRY(switcher, switcher_order)

void switcher_id(const struct switcher *s, char id[SWITCHER_ID]) {
    snprintf(id, SWITCHER_ID, "%s/%s/%s/%s", s->arch, s->name, s->mask, s->transfer);
}

const struct switcher *switcher_by_id(const char *wanted) {
    for (const struct switcher *const *s = switcher_all(); *s; s++) {
        char id[SWITCHER_ID];
        switcher_id(*s, id);
        if (strcmp(id, wanted) == 0) return *s;
    }
    return NULL;
}
