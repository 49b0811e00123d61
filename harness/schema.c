/* schema.c: docs/records.md as tables, and the checks that a table cannot say. The one place that
 * knows what a line of a record must hold; the writer, the reader and the tests all ask here. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* strptime */
#endif
#include "harness/record.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

/* --- Fields ----------------------------------------------------------------------------------- */

enum type { NAME, COUNT, NUMBER, ARRAY, OBJECT, STRING_OR_NULL };

static const char *const type_names[] = {
    [NAME] = "a string that is not empty",
    [COUNT] = "an integer of 0 or more",
    [NUMBER] = "a number",
    [ARRAY] = "an array",
    [OBJECT] = "an object",
    [STRING_OR_NULL] = "a string or null",
};

struct field {
    const char *name;
    enum type type;
    bool optional;
    const char *const *values; /* NULL: any */
};

static const char *const kinds[] = {"full", "scratch", "pip", "peer", NULL};
static const char *const methods[] = {"measured", "counted", "modelled", NULL};
static const char *const statuses[] = {"pass", "fail", "skip", NULL};
static const char *const outcomes[] = {"ok", "corrupted", "crashed", "hung", NULL};

static const struct field run_fields[] = {
    {"schema", COUNT, false, NULL}, {"run", NAME, false, NULL},
    {"time", NAME, false, NULL},    {"commit", STRING_OR_NULL, false, NULL},
    {"seed", COUNT, false, NULL},   {"env", OBJECT, false, NULL},
    {"clock", OBJECT, false, NULL}, {.name = NULL},
};
static const struct field clock_fields[] = {{"source", NAME, false, NULL}, {.name = NULL}};
static const struct field result_fields[] = {
    {"run", NAME, false, NULL},        {"experiment", NAME, false, NULL},
    {"switcher", NAME, false, NULL},   {"kind", NAME, false, kinds},
    {"arch", NAME, false, NULL},       {"mask", NAME, false, NULL},
    {"state", NAME, false, NULL},      {"transfer", NAME, false, NULL},
    {"engine", NAME, false, NULL},     {"params", OBJECT, false, NULL},
    {"check", OBJECT, false, NULL},    {"metrics", OBJECT, true, NULL},
    {"samples", OBJECT, true, NULL},   {"used", OBJECT, true, NULL},
    {"set_aside", OBJECT, true, NULL}, {.name = NULL},
};
static const struct field check_fields[] = {
    {"status", NAME, false, statuses},
    {"registers", COUNT, false, NULL},
    {"corrupted", ARRAY, false, NULL},
    {"reason", STRING_OR_NULL, true, NULL},
    {.name = NULL},
};
static const struct field metric_fields[] = {
    {"value", NUMBER, false, NULL},
    {"unit", NAME, false, NULL},
    {"method", NAME, false, methods},
    {"lo", NUMBER, false, NULL},
    {"hi", NUMBER, false, NULL},
    {"n", COUNT, false, NULL},
    {.name = NULL},
};
static const struct field map_fields[] = {
    {"run", NAME, false, NULL},         {"switcher", NAME, false, NULL},
    {"kind", NAME, false, kinds},       {"arch", NAME, false, NULL},
    {"mask", NAME, false, NULL},        {"engine", NAME, false, NULL},
    {"direction", NAME, false, NULL},   {"interrupts", COUNT, false, NULL},
    {"boundaries", COUNT, false, NULL}, {"corrupted", COUNT, false, NULL},
    {"crashed", COUNT, false, NULL},    {"hung", COUNT, false, NULL},
    {"cells", ARRAY, false, NULL},      {.name = NULL},
};
static const struct field cell_fields[] = {{"outcome", NAME, false, outcomes}, {.name = NULL}};
static const struct field skip_fields[] = {
    {"run", NAME, false, NULL},
    {"what", NAME, false, NULL},
    {"reason", NAME, false, NULL},
    {"experiment", NAME, true, NULL},
    {"switcher", NAME, true, NULL},
    {"kind", NAME, true, kinds},
    {"arch", NAME, true, NULL},
    {"mask", NAME, true, NULL},
    {"state", NAME, true, NULL},
    {"transfer", NAME, true, NULL},
    {"engine", NAME, true, NULL},
    {"params", OBJECT, true, NULL},
    {.name = NULL},
};

/* --- Saying why ------------------------------------------------------------------------------- */

struct complaint {
    char *why;
    size_t size;
};

static int __attribute__((format(printf, 2, 3)))
complain(struct complaint c, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(c.why, c.size, format, args);
    va_end(args);
    return -1;
}

static bool has_type(const json_t *value, enum type type) {
    switch (type) {
    case NAME:
        return json_string_length(value) > 0;
    case COUNT:
        return json_is_integer(value) && json_integer_value(value) >= 0;
    case NUMBER:
        return json_is_number(value) && isfinite(json_number_value(value));
    case ARRAY:
        return json_is_array(value);
    case OBJECT:
        return json_is_object(value);
    case STRING_OR_NULL:
        return json_is_string(value) || json_is_null(value);
    }
    return false;
}

static bool among(const char *const *values, const char *value) {
    for (; *values; values++)
        if (!strcmp(*values, value)) return true;
    return false;
}

static int not_among(struct complaint c, const char *where, const struct field *f,
                     const char *value) {
    char list[128] = "";
    for (const char *const *v = f->values; *v; v++) {
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", *v);
    }
    return complain(c, "%s%s is \"%s\", not one of %s", where, f->name, value, list);
}

/* where: a prefix such as "check." for the message. */
static int check_object(const json_t *object, const struct field *fields, const char *where,
                        struct complaint c) {
    if (!json_is_object(object))
        return complain(c, "%s is not an object", *where ? where : "the line");
    for (const struct field *f = fields; f->name; f++) {
        const json_t *value = json_object_get(object, f->name);
        if (!value && f->optional) continue;
        if (!value) return complain(c, "%s%s is missing", where, f->name);
        if (!has_type(value, f->type))
            return complain(c, "%s%s is not %s", where, f->name, type_names[f->type]);
        if (f->values && !among(f->values, json_string_value(value)))
            return not_among(c, where, f, json_string_value(value));
    }
    return 0;
}

/* --- What no table says ----------------------------------------------------------------------- */

static double number(const json_t *object, const char *name) {
    return json_number_value(json_object_get(object, name));
}

static const char *text(const json_t *object, const char *name) {
    return json_string_value(json_object_get(object, name));
}

/* before all else: another schema may have other fields */
static int check_version(const json_t *run, struct complaint c) {
    json_int_t schema = json_integer_value(json_object_get(run, "schema"));
    if (!json_is_integer(json_object_get(run, "schema")) || schema == RECORD_SCHEMA) return 0;
    return complain(c, "schema is %lld, this program knows %d: %s; see docs/records.md",
                    (long long)schema, RECORD_SCHEMA,
                    schema > RECORD_SCHEMA ? "a newer switchlab reads it"
                                           : "the lab's records begin with schema 1");
}

static int check_run(const json_t *line, struct complaint c) {
    struct tm unused;
    const char *end = strptime(text(line, "time"), "%Y-%m-%dT%H:%M:%SZ", &unused);
    if (!end || *end)
        return complain(c, "time is \"%s\", not as in 2026-01-31T12:00:00Z", text(line, "time"));
    return check_object(json_object_get(line, "clock"), clock_fields, "clock.", c);
}

static int check_samples(const char *where, const json_t *samples, struct complaint c) {
    const char *name;
    json_t *array, *sample;
    size_t i;
    json_object_foreach((json_t *)samples, name, array) {
        if (!json_is_array(array)) return complain(c, "%s.%s is not an array", where, name);
        json_array_foreach(array, i, sample) if (!has_type(sample, NUMBER)) return complain(
            c, "%s.%s[%zu] is not a number", where, name, i);
    }
    return 0;
}

static int check_set_aside(const json_t *aside, const json_t *samples, struct complaint c) {
    const json_t *places = json_object_get(aside, "places");
    const char *name;
    json_t *array, *place;
    size_t i, n = json_array_size(places);
    double least = 0;
    if (!aside) return 0;
    if (check_samples("set_aside", aside, c)) return -1;
    if (!n) return complain(c, "set_aside.places is missing or empty");
    json_object_foreach((json_t *)samples, name, array) {
        double last = (double)(json_array_size(array) + n) - 1;
        if (json_number_value(json_array_get(places, n - 1)) > last)
            return complain(c, "set_aside.places goes beyond %g, the last of all samples.%s", last,
                            name);
    }
    json_array_foreach((json_t *)places, i, place) {
        if (!has_type(place, COUNT) || json_number_value(place) < least)
            return complain(c, "set_aside.places[%zu] is not a place after the one before", i);
        least = json_number_value(place) + 1;
    }
    json_object_foreach((json_t *)aside, name, array) {
        if (json_array_size(array) != n)
            return complain(c, "set_aside.%s has %zu samples of %zu places", name,
                            json_array_size(array), n);
    }
    return 0;
}

static int check_metric(const char *name, const json_t *metric, const json_t *samples,
                        struct complaint c) {
    char where[64];
    snprintf(where, sizeof where, "metrics.%s.", name);
    if (check_object(metric, metric_fields, where, c)) return -1;
    double value = number(metric, "value"), lo = number(metric, "lo"), hi = number(metric, "hi");
    if (!(lo <= value && value <= hi))
        return complain(c, "%svalue %g is outside lo %g to hi %g", where, value, lo, hi);
    const char *method = text(metric, "method");
    if (!strcmp(method, "counted") && lo < hi)
        return complain(c, "%smethod is counted, yet lo %g and hi %g differ: a count is exact",
                        where, lo, hi);
    size_t kept = json_array_size(json_object_get(samples, name));
    if (!strcmp(method, "measured") && (kept == 0 || (double)kept != number(metric, "n")))
        return complain(c, "%sn is %g, yet samples.%s keeps %zu: raw samples are kept, all of them",
                        where, number(metric, "n"), name, kept);
    return 0;
}

static int check_check(const json_t *check, struct complaint c) {
    if (check_object(check, check_fields, "check.", c)) return -1;
    const json_t *corrupted = json_object_get(check, "corrupted");
    json_t *name;
    size_t i;
    json_array_foreach((json_t *)corrupted, i, name) if (!has_type(name, NAME)) return complain(
        c, "check.corrupted[%zu] is not a name", i);
    const char *status = text(check, "status");
    if (!strcmp(status, "pass")) {
        if (json_array_size(corrupted))
            return complain(c, "check.status is pass, yet check.corrupted has names");
    } else if (!has_type(json_object_get(check, "reason"), NAME))
        return complain(c, "check.status is %s, yet check.reason does not say why", status);
    return 0;
}

static int check_result(const json_t *line, struct complaint c) {
    const json_t *check = json_object_get(line, "check"),
                 *samples = json_object_get(line, "samples");
    json_t *metrics = json_object_get(line, "metrics"), *metric;
    const char *name;
    if (check_check(check, c) || check_samples("samples", samples, c) ||
        check_set_aside(json_object_get(line, "set_aside"), samples, c))
        return -1;
    bool passed = !strcmp(text(check, "status"), "pass");
    size_t figures = json_object_size(metrics);
    if (!passed && (figures || json_object_size(samples)))
        return complain(c, "check.status is %s, so there must be no metrics and no samples",
                        text(check, "status"));
    if (passed && !figures)
        return complain(c, "check.status is pass, yet metrics is missing or empty");
    json_object_foreach(metrics, name,
                        metric) if (check_metric(name, metric, samples, c)) return -1;
    return 0;
}

static int check_map(const json_t *line, struct complaint c) {
    json_int_t interrupts = json_integer_value(json_object_get(line, "interrupts"));
    double boundaries = number(line, "boundaries"),
           room = interrupts == 2 ? boundaries * boundaries : boundaries;
    const json_t *cells = json_object_get(line, "cells"), *cell;
    size_t i;
    if (interrupts != 1 && interrupts != 2)
        return complain(c, "interrupts is %lld, not 1 or 2", (long long)interrupts);
    if ((double)json_array_size(cells) > room)
        return complain(c, "cells has %zu, more than %g boundaries allow", json_array_size(cells),
                        boundaries);

    double tally[sizeof outcomes / sizeof *outcomes] = {0};
    json_array_foreach((json_t *)cells, i, cell) {
        char where[32];
        snprintf(where, sizeof where, "cells[%zu].", i);
        if (check_object(cell, cell_fields, where, c)) return -1;
        for (size_t o = 0; outcomes[o]; o++)
            tally[o] += !strcmp(outcomes[o], text(cell, "outcome"));
    }
    for (size_t o = 1; outcomes[o]; o++) /* "ok" cells may be left out */
        if (tally[o] != number(line, outcomes[o]))
            return complain(c, "%s is %g, yet %g cells say so", outcomes[o],
                            number(line, outcomes[o]), tally[o]);
    return 0;
}

static const struct {
    const char *type;
    const struct field *fields;
    int (*more)(const json_t *line, struct complaint c);
} types[] = {
    {"run", run_fields, check_run},
    {"result", result_fields, check_result},
    {"map", map_fields, check_map},
    {"skip", skip_fields, NULL},
};

int record_validate(const json_t *line, char *why, size_t size) {
    struct complaint c = {why, size};
    if (!json_is_object(line)) return complain(c, "not a JSON object");
    const char *type = text(line, "type");
    if (!type) return complain(c, "type is missing: not a line of a switchlab record");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].type, type)) continue;
        if (types[i].more == check_run && check_version(line, c)) return -1;
        if (check_object(line, types[i].fields, "", c)) return -1;
        return types[i].more ? types[i].more(line, c) : 0;
    }
    return complain(c, "type is \"%s\", not one of run, result, map, skip", type);
}
