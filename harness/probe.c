/* probe.c: which register a probe uses: what the analysis calls inconsequential at its PIP, and its
 * instructions can name (probe.h). Nobody states it by hand. */
#include "harness/probe.h"

#include <stdio.h>
#include <stdlib.h>

static json_t *choice(const struct probe_pip *pip, const struct probe_register *first,
                      json_t *usable) {
    return json_pack("{s:s, s:s, s:s, s:o}", "place", pip->place, "register", first->name, "why",
                     first->why, "inconsequential", usable);
}

json_t *probe_choose(struct probe_pip *pip, char why[PROBE_WHY]) {
    struct probe_register *all = probe_inconsequential(pip->place, why), *first = NULL;
    json_t *usable = json_array(), *chosen = NULL;
    pip->free = -1;
    for (struct probe_register *r = all; r && r->name; r++) {
        int number = probe_number(r->name);
        if (number < 0) continue;
        json_array_append_new(usable, json_string(r->name));
        if (!first) first = r, pip->free = number;
    }
    if (first)
        chosen = choice(pip, first, json_incref(usable));
    else if (all)
        snprintf(why, PROBE_WHY,
                 "no register that a probe can use is inconsequential at %s, by `switchlab pip`",
                 pip->place);
    json_decref(usable);
    free(all);
    return chosen;
}
