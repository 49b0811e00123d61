/* model_dispersal.c - which instructions of the stream issue in one cycle: two bundles at most, the
 * ports they need, the templates that go together, and what ends an issue group before its stop
 * (split issue). */
#include "model_internal.h"

enum kind { RESERVED, MII, MLX, MMI, MFI, MMF, MIB, MBB, BBB, MMB, MFB };

static enum kind kind_of(unsigned template) {
    static const uint8_t kinds[16] = {
        [0] = MII, [1] = MII, [2] = MLX, [4] = MMI,  [5] = MMI,  [6] = MFI,
        [7] = MMF, [8] = MIB, [9] = MBB, [11] = BBB, [12] = MMB, [14] = MFB};

    return kinds[template >> 1 & 15];
}

static bool lone_branch(enum kind k) {
    return k == MIB || k == MMB || k == MFB;
}

/* A second bundle behind a first of the issue group, whose last slot did not end it. */
static bool goes_behind(enum kind first, enum kind second) {
    if (second == BBB) return !lone_branch(first);
    if (second == MLX) return first != MII;
    return true;
}

/* Loads take M0 then M1, stores M2 then M3, in order; others take what is left. */
static bool take_m(struct window *w, enum port port, const struct ia64_model_config *config) {
    int loads = config->value[IA64_VALUE_load_ports][IA64_TYPICAL];
    int stores = config->value[IA64_VALUE_store_ports][IA64_TYPICAL];

    if (w->m == loads + stores) return false;
    if (port == PORT_M0 && w->loads) return false;
    if (port == PORT_M2 && w->stores) return false;
    if ((port == PORT_LOAD || port == PORT_M0) && w->loads++ == loads) return false;
    if ((port == PORT_STORE || port == PORT_M2) && w->stores++ == stores) return false;
    w->m++;
    return true;
}

/* The first I slot goes to I0, the second to I1. */
static bool take_i(struct window *w, enum port port, const struct ia64_model_config *config) {
    if (w->i == config->value[IA64_VALUE_i_ports][IA64_TYPICAL]) return false;
    if (port == PORT_I0 && w->i) return false;
    w->i++;
    return true;
}

static bool take_port(struct window *w, const struct ia64_event *e,
                      const struct ia64_model_config *config) {
    enum port port = ia64_model_port(ia64_op_class(e->insn->op));

    switch (e->insn->unit) {
    case IA64_UNIT_M:
        return take_m(w, port, config);
    case IA64_UNIT_I: /* M ports do not bind the I forms of a class (mov ar, chk.s) */
        return take_i(w, port == PORT_I0 || port == PORT_M2 ? PORT_I0 : PORT_ANY, config);
    case IA64_UNIT_X:
        return take_i(w, PORT_ANY, config);
    default: /* F and B slots have the ports of their place */
        return true;
    }
}

bool ia64_model_disperse(struct window *w, const struct ia64_event *e,
                         const struct ia64_model_config *config) {
    struct window next = *w;

    if (!w->open) {
        next = (struct window){.open = true, .bundles = 1, .template = e->template};
    } else if (e->ip != w->ip || e->slot <= w->slot) {
        if (w->bundles == config->value[IA64_VALUE_bundles][IA64_TYPICAL] ||
            !goes_behind(kind_of(w->template), kind_of(e->template)))
            return false;
        next.bundles++;
        next.template = e->template;
    }
    next.ip = e->ip;
    next.slot = e->slot;
    if (!take_port(&next, e, config)) return false;
    *w = next;
    return true;
}

bool ia64_model_ends_group(const struct ia64_event *e) {
    return e->insn->stop || e->taken || e->vector >= 0;
}

bool ia64_model_ends_issue(const struct ia64_event *e) {
    enum ia64_class class = ia64_op_class(e->insn->op);
    enum kind kind = kind_of(e->template);

    if (ia64_model_ends_group(e)) return true;
    if (class == IA64_CLASS_sem || class == IA64_CLASS_srlzd || class == IA64_CLASS_srlzi ||
        class == IA64_CLASS_epc || e->insn->op == IA64_OP_MF_A_M24)
        return true;
    if (e->slot < 2) return false;
    if (kind == MBB || kind == BBB) return true;
    return lone_branch(kind) && class != IA64_CLASS_nop && class != IA64_CLASS_brp;
}
