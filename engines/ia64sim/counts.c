/* counts.c: the counters, and their names. */
#include "engines/ia64sim/counts.h"

#include <stdio.h>

enum { RSE_BYTES = 8 };

static const struct {
    const char *name, *unit;
} metrics[METRICS] = {
    [INSTRUCTIONS] = {"instructions", "1"},
    [BUNDLES] = {"bundles", "1"},
    [GROUPS] = {"groups", "1"},
    [LOADS] = {"loads", "1"},
    [STORES] = {"stores", "1"},
    [BYTES] = {"bytes", "bytes"},
    [RSE_SPILLS] = {"rse_spills", "1"},
    [RSE_FILLS] = {"rse_fills", "1"},
    [SERIALIZATIONS] = {"serializations", "1"},
};

static bool serializes(const struct ia64_insn *insn) {
    enum ia64_class class = ia64_op_class(insn->op);
    return class == IA64_CLASS_srlzd || class == IA64_CLASS_srlzi;
}

void counts_add_rse(struct counts *c, const struct ia64_event *e) {
    c->n[RSE_SPILLS] += e->rse_stores;
    c->n[RSE_FILLS] += e->rse_loads;
    c->n[BYTES] += RSE_BYTES * (uint64_t)(e->rse_stores + e->rse_loads);
}

void counts_add(struct counts *c, const struct ia64_event *e) {
    counts_add_rse(c, e);
    if (!e->insn) return;
    unsigned flags = ia64_op_flags(e->insn->op);
    c->n[INSTRUCTIONS]++;
    c->n[BUNDLES] += e->ip != c->bundle || e->slot == 0;
    c->bundle = e->ip;
    c->n[GROUPS] += e->insn->stop || e->taken;
    c->n[SERIALIZATIONS] += serializes(e->insn);
    if (!e->has_address) return;
    c->n[LOADS] += (flags & IA64_LOAD) != 0;
    c->n[STORES] += (flags & IA64_STORE) != 0;
    c->n[BYTES] += e->size;
}

static void put(json_t *answer, const char *name, double value, const char *unit) {
    json_object_set_new(answer, name, json_pack("{s:f, s:s}", "value", value, "unit", unit));
}

static void add_one(json_t *answer, const char *name) {
    double n = json_number_value(json_object_get(json_object_get(answer, name), "value"));
    put(answer, name, n + 1, "registers");
}

void counts_put(json_t *answer, const struct counts *c, const struct stage *stage) {
    for (int i = 0; i < METRICS; i++)
        put(answer, metrics[i].name, (double)c->n[i], metrics[i].unit);
    for (size_t i = 0; i < stage->file->count; i++) {
        char name[64];
        snprintf(name, sizeof name, "registers_%s", stage->file->reg[i].class);
        if (ia64_register_rows[i].class == IA64_ROW_stacked) continue;
        if (stage->duty[i] == SAVED) add_one(answer, name);
        if (stage->duty[i] == INCONSEQUENTIAL) add_one(answer, "registers_free");
    }
}
