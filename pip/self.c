/* self.c: the analysis of this program's own file, for probes into itself (harness/probe.h). */
#include "harness/probe.h"
#include "pip/pip.h"

#include <stdlib.h>
#include <string.h>

static struct probe_register *inconsequential_at(const struct pip *pip,
                                                 const struct pip_points *points) {
    size_t count, n = 0;
    const struct pip_register *reg = pip->arch->registers(&count);
    struct probe_register *found = calloc(count + 1, sizeof *found);
    if (!found) abort();
    for (size_t i = 0; i < count; i++) {
        struct pip_verdict v = pip_verdict(pip, points, &reg[i]);
        if (v.live) continue;
        found[n].name = reg[i].name;
        memcpy(found[n++].why, v.why, sizeof v.why);
    }
    return found;
}

_Static_assert(sizeof((struct pip_verdict){0}.why) == sizeof((struct probe_register){0}.why),
               "reasons are copied whole");
_Static_assert((int)PROBE_WHY == (int)PIP_MESSAGE, "so are messages");

struct probe_register *probe_inconsequential(const char *place, char why[PROBE_WHY]) {
    struct pip pip;
    struct pip_points points;
    struct probe_register *found = NULL;
    char *places[] = {(char *)(uintptr_t)place};
    if (!pip_open(&pip, "/proc/self/exe", why)) return NULL;
    if (pip_points_find(&pip, places, 1, &points, why)) found = inconsequential_at(&pip, &points);
    pip_points_free(&points);
    pip_close(&pip);
    return found;
}
