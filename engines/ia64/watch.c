/* watch.c - the hook behind ia64sim's options: prints the trace, counts a region, feeds the checker
 * of instruction groups. */
#include <inttypes.h>

#include "watch.h"

const char *const ia64_watch_names[WATCH_COUNTS] = {
    "passes",     "instructions",   "predicated_off", "bundles",       "groups",
    "loads",      "stores",         "bytes_loaded",   "bytes_stored",  "rse_loads",
    "rse_stores", "taken_branches", "serializations", "interruptions",
};

/* --- trace ----------------------------------------------------------------------------------- */

static void print_write(FILE *to, const struct ia64 *m, const struct ia64_effect *e) {
    struct ia64_gr g;
    struct ia64_fr f;

    switch (e->file) {
    case IA64_FILE_GR:
        g = ia64_gr(m, e->index);
        fprintf(to, " r%u=%" PRIx64 "%s", e->index, g.value, g.nat ? ":NaT" : "");
        break;
    case IA64_FILE_FR:
        f = ia64_fr(m, e->index);
        fprintf(to, " f%u=%u:%05x:%016" PRIx64, e->index, f.sign, f.exp, f.sig);
        break;
    case IA64_FILE_PR:
        fprintf(to, " p%u=%u", e->index, (unsigned)(ia64_pr(m) >> e->index & 1));
        break;
    case IA64_FILE_BR:
        fprintf(to, " b%u=%" PRIx64, e->index, ia64_br(m, e->index));
        break;
    case IA64_FILE_AR:
        fprintf(to, " ar%u=%" PRIx64, e->index, ia64_ar(m, e->index));
        break;
    case IA64_FILE_CR:
        fprintf(to, " cr%u=%" PRIx64, e->index, ia64_cr(m, e->index));
        break;
    default:
        break;
    }
}

static void print_writes(FILE *to, const struct ia64 *m, const struct ia64_event *e) {
    struct ia64_effect effect[IA64_EFFECTS_MAX];
    size_t n = ia64_effects(e->insn, effect);
    bool psr = false, cfm = false;
    unsigned predicates = 0;

    for (size_t i = 0; i < n; i++)
        predicates += effect[i].access == IA64_WRITE && effect[i].file == IA64_FILE_PR;
    if (predicates > 2) fprintf(to, " pr=%" PRIx64, ia64_pr(m));
    for (size_t i = 0; i < n; i++) {
        if (effect[i].access != IA64_WRITE) continue;
        if (effect[i].file != IA64_FILE_PR || predicates <= 2) print_write(to, m, &effect[i]);
        psr |= effect[i].file == IA64_FILE_PSR;
        cfm |= effect[i].file == IA64_FILE_RESOURCE && effect[i].index == IA64_RES_CFM;
    }
    if (psr) fprintf(to, " psr=%" PRIx64, ia64_psr(m));
    if (cfm) fprintf(to, " cfm=%" PRIx64, ia64_cfm(m));
}

static void trace(FILE *to, const struct ia64 *m, const struct ia64_event *e) {
    char text[128];

    fprintf(to, "%10" PRIu64 " %" PRIx64 ".%u ", ia64_count(m), e->ip, e->slot);
    if (!e->insn) {
        fprintf(to, "interruption 0x%04x isr=%" PRIx64 "\n", (unsigned)e->vector, ia64_cr(m, 17));
        return;
    }
    ia64_disasm(e->insn, e->ip, text, sizeof text);
    fprintf(to, "%-40s", text);
    if (e->has_address) fprintf(to, " [%" PRIx64 "]", e->address);
    if (!e->predicate) fprintf(to, " off");
    if (e->vector >= 0)
        fprintf(to, " interruption 0x%04x isr=%" PRIx64, e->vector, ia64_cr(m, 17));
    else if (e->predicate)
        print_writes(to, m, e);
    if (e->taken) fprintf(to, " -> %" PRIx64, e->target);
    fputc('\n', to);
}

/* --- counts ---------------------------------------------------------------------------------- */

static bool serializes(const struct ia64_insn *insn) {
    enum ia64_class class = ia64_op_class(insn->op);

    return class == IA64_CLASS_srlzd || class == IA64_CLASS_srlzi;
}

static void count(struct watch *w, const struct ia64_event *e) {
    uint64_t *c = w->count;
    unsigned flags;

    c[W_INTERRUPTIONS] += e->vector >= 0;
    c[W_RSE_LOADS] += e->rse_loads;
    c[W_RSE_STORES] += e->rse_stores;
    if (!e->insn || (e->vector >= 0 && e->vector < 0x5d00)) return;
    c[W_INSTRUCTIONS]++;
    c[W_PREDICATED_OFF] += !e->predicate;
    c[W_BUNDLES] += e->ip != w->bundle || e->slot == 0;
    w->bundle = e->ip;
    c[W_GROUPS] += e->insn->stop || e->taken;
    c[W_TAKEN_BRANCHES] += e->taken;
    c[W_SERIALIZATIONS] += serializes(e->insn);
    if (!e->has_address) return;
    flags = ia64_op_flags(e->insn->op);
    if (flags & IA64_LOAD) {
        c[W_LOADS]++;
        c[W_BYTES_LOADED] += e->size;
    }
    if (flags & IA64_STORE) {
        c[W_STORES]++;
        c[W_BYTES_STORED] += e->size;
    }
}

/* Into and out of the region. */
static void cross(struct watch *w, const struct ia64_event *e) {
    if (!e->insn || e->slot) return;
    if (w->inside && e->ip == w->end) {
        w->inside = false;
        if (w->model) ia64_model_end(w->model, e);
    }
    if (!w->inside && e->ip == w->begin) {
        w->inside = true;
        w->count[W_PASSES]++;
        if (w->model) ia64_model_begin(w->model);
    }
}

static bool watch(void *context, struct ia64 *m, const struct ia64_event *e) {
    struct watch *w = context;

    if (w->region) cross(w, e);
    if (w->inside) count(w, e);
    if (w->model && (w->inside || !w->region)) ia64_model_step(w->model, m, e);
    if (w->trace) trace(w->trace, m, e);
    if (w->groups) w->violations += ia64_deps_step(w->deps, m, e);
    return w->region && !w->trace && !w->groups && !w->inside; /* the quick way on to BEGIN */
}

/* A region alone is watched inside only; the way there runs at full speed. */
enum ia64_stop ia64_watch_run(struct ia64 *m, struct watch *w, uint64_t limit) {
    bool everything = w->trace || w->groups || (w->model && !w->region);
    enum ia64_stop stop;

    if (!everything && !w->region) return ia64_run(m, limit);
    if (w->groups && !(w->deps = ia64_deps_new(w->groups_to ? w->groups_to : stderr)))
        return IA64_STOP_MEMORY;
    do {
        stop = IA64_STOP_ADDRESS;
        if (!everything && (ia64_ip(m) != w->begin || ia64_slot(m))) {
            ia64_set_hook(m, NULL, NULL);
            stop = ia64_run_until(m, w->begin, limit);
        }
        if (stop != IA64_STOP_ADDRESS) break;
        ia64_set_hook(m, watch, w);
        stop = ia64_run(m, limit);
    } while (stop == IA64_STOP_HOOK);
    ia64_set_hook(m, NULL, NULL);
    ia64_deps_free(w->deps);
    w->deps = NULL;
    return stop;
}
