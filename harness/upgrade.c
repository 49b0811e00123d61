/* upgrade.c: what makes a line of an older schema, or an older line of this schema, one of today's.
 * A row is for ever: records outlive programs. */
#include "harness/machine.h"
#include "harness/record.h"

#include <stdbool.h>
#include <string.h>

/* env.machine_id came without a new version; before, the facts that it is made of stood there */
static void add_machine(json_t *run) {
    json_t *env = json_object_get(run, "env"), *id;
    if (!json_is_object(env) || json_object_get(env, "machine_id")) return;
    id = machine_id(env);
    if (json_is_null(id))
        json_decref(id);
    else
        json_object_set_new(env, "machine_id", id);
}

static const struct {
    json_int_t schema; /* lines up to this one */
    const char *type;
    void (*apply)(json_t *line);
} upgrades[] = {
    {1, "run", add_machine},
};

void record_upgrade(json_t *line, json_int_t schema) {
    const char *type = json_string_value(json_object_get(line, "type"));
    for (size_t i = 0; type && i < sizeof upgrades / sizeof *upgrades; i++)
        if (schema > 0 && schema <= upgrades[i].schema && !strcmp(type, upgrades[i].type))
            upgrades[i].apply(line);
}
