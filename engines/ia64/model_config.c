/* model_config.c - the numbers of the timing model by name, and how to change them. */
#include <stdlib.h>
#include <string.h>

#include "model_internal.h"

static const struct {
    const char *name, *source, *text;
    int32_t value[IA64_BOUNDS];
} rows[IA64_VALUES] = {
#define VALUE(name, low, typical, high, source, text) {#name, source, text, {low, typical, high}},
#include "itanium2.def"
};

static const struct {
    const char *name, *text;
} causes[IA64_CAUSES] = {
#define CAUSE(name, event, text) {event, text},
#include "itanium2.def"
};

const char *ia64_model_value_name(enum ia64_model_value value) {
    return rows[value].name;
}
const char *ia64_model_value_source(enum ia64_model_value value) {
    return rows[value].source;
}
const char *ia64_model_value_text(enum ia64_model_value value) {
    return rows[value].text;
}
const char *ia64_model_cause_name(enum ia64_model_cause cause) {
    return causes[cause].name;
}
const char *ia64_model_cause_text(enum ia64_model_cause cause) {
    return causes[cause].text;
}

void ia64_model_defaults(struct ia64_model_config *config) {
    *config = (struct ia64_model_config){0};
    for (int i = 0; i < IA64_VALUES; i++)
        memcpy(config->value[i], rows[i].value, sizeof rows[i].value);
}

/* "N" or "LOW:TYPICAL:HIGH". Nothing in the model takes longer than 2^30 cycles. */
static bool numbers(const char *text, int32_t out[IA64_BOUNDS]) {
    int n = 0;

    do {
        char *end;
        long v = strtol(text, &end, 10);

        if (end == text || v < -(1 << 30) || v > 1 << 30) return false;
        out[n++] = (int32_t)v;
        text = end;
    } while (*text == ':' && *++text && n < IA64_BOUNDS);
    if (n == 1) out[1] = out[2] = out[0];
    return !*text && n != 2 && out[0] <= out[1] && out[1] <= out[2];
}

/* Ports and cache geometry are sizes: one number, never 0. */
static bool is_size(int i) {
    return i == IA64_VALUE_bundles || i == IA64_VALUE_i_ports || i == IA64_VALUE_load_ports ||
           i == IA64_VALUE_store_ports || (i >= IA64_VALUE_l1d_size && i <= IA64_VALUE_l3_line);
}

/* Sizes make a processor, and nothing takes less than no time; bypasses shorten a latency by 1. */
static bool is_sound(const struct ia64_model_config *c) {
    static const uint8_t cache[] = {IA64_VALUE_l1d_size, IA64_VALUE_l2_size, IA64_VALUE_l3_size};

    for (int i = 0; i < IA64_VALUES; i++) {
        const int32_t *v = c->value[i];

        if (is_size(i) && (v[IA64_LOW] != v[IA64_HIGH] || v[IA64_LOW] < 1)) return false;
        if (v[IA64_LOW] < (rows[i].value[IA64_LOW] < 0 ? -1 : 0)) return false;
    }
    for (size_t i = 0; i < sizeof cache; i++) { /* size, ways, line */
        int64_t set = (int64_t)c->value[cache[i] + 1][0] * c->value[cache[i] + 2][0];

        if (c->value[cache[i]][0] < set) return false;
    }
    return c->value[IA64_VALUE_bundles][0] <= 2 && c->value[IA64_VALUE_zero][0] == 0 &&
           c->value[IA64_VALUE_zero][IA64_HIGH] == 0;
}

static const char *set_mode(struct ia64_model_config *config, const char *text) {
    static const struct {
        const char *text;
        int caches, branches;
    } modes[] = {{"caches=warm", IA64_CACHES_WARM, -1},
                 {"caches=l2", IA64_CACHES_L2, -1},
                 {"caches=cold", IA64_CACHES_COLD, -1},
                 {"branches=perfect", -1, IA64_BRANCHES_PERFECT},
                 {"branches=hints", -1, IA64_BRANCHES_HINTS}};

    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (strcmp(text, modes[i].text)) continue;
        if (modes[i].caches >= 0) config->caches = (enum ia64_model_caches)modes[i].caches;
        if (modes[i].branches >= 0) config->branches = (enum ia64_model_branches)modes[i].branches;
        return NULL;
    }
    return "no such number of the model; --model list prints them, besides there are "
           "caches=warm|l2|cold and branches=perfect|hints";
}

const char *ia64_model_option(struct ia64_model_config *config, const char *text) {
    const char *equals = strchr(text, '=');
    struct ia64_model_config changed = *config;

    if (!equals) return "NAME=VALUE expected";
    for (int i = 0; i < IA64_VALUES; i++) {
        if (strncmp(text, rows[i].name, equals - text) || rows[i].name[equals - text]) continue;
        if (!numbers(equals + 1, changed.value[i]))
            return "N or LOW:TYPICAL:HIGH expected, in this order";
        if (!is_sound(&changed)) return "no processor is like that (a size of 0, a time below 0)";
        *config = changed;
        return NULL;
    }
    return set_mode(config, text);
}
