/* model_latency.c - what each instruction waits for and for how long others wait for it: the
 * effects of effects.c mapped to physical registers, and the latencies and bypasses of
 * itanium2.def. */
#include "model_internal.h"

static const struct {
    uint8_t port, latency, cause;
} classes[] = {
#define CLASS(name, port, latency, cause)                                                          \
    [IA64_CLASS_##name] = {PORT_##port, IA64_VALUE_##latency, IA64_CAUSE_##cause},
#include "itanium2.def"
};

static const uint8_t bypasses[][CONSUMERS] = {
    [IA64_CLASS_illegal] = {0},
#define BYPASS(class, consumer, value)                                                             \
    [IA64_CLASS_##class][CONSUMER_##consumer] = IA64_VALUE_##value,
#include "itanium2.def"
};

static const struct ar_row {
    uint8_t read, write, rse, again;
} ars[128] = {
#define AR(first, last, read, write, rse, again)                                                   \
    [first... last] = {IA64_VALUE_##read, IA64_VALUE_##write, IA64_VALUE_##rse, IA64_VALUE_##again},
#include "itanium2.def"
};

static const struct {
    uint8_t read, write, serialize;
} crs[128] = {
#define CR(first, last, read, write, serialize)                                                    \
    [first... last] = {IA64_VALUE_##read, IA64_VALUE_##write, IA64_VALUE_##serialize},
#include "itanium2.def"
};

enum { AR_RSC = 16, AR_RNAT = 19, PSR_BN = 44 };

enum port ia64_model_port(enum ia64_class class) {
    return classes[class].port;
}

enum ia64_model_cause ia64_model_cause_of(enum ia64_class producer, enum consumer consumer) {
    if (consumer == CONSUMER_RSE) return IA64_CAUSE_AR_DEP;
    if (consumer == CONSUMER_INDIRECT) return IA64_CAUSE_BRU;
    return classes[producer].cause;
}

int64_t ia64_model_distance(const struct ia64_model_config *config, const struct write *producer,
                            enum consumer consumer, enum ia64_bound bound) {
    unsigned latency = producer->latency;

    if (producer->class == IA64_CLASS_toar && producer->cell >= CELL_AR &&
        producer->cell < CELL_CR) {
        const struct ar_row *ar = &ars[producer->cell - CELL_AR];

        if (consumer == CONSUMER_RSE && ar->rse) latency = ar->rse;
        if (consumer == CONSUMER_AGAIN && ar->again != ar->write) latency = ar->again;
    }
    return config->value[latency][bound] +
           config->value[bypasses[producer->class][consumer]][bound];
}

/* --- names to physical registers ------------------------------------------------------------- */

struct view ia64_model_view(const struct ia64 *m) {
    uint64_t cfm = ia64_cfm(m);

    return (struct view){.bof = ia64_bottom_of_frame(m),
                         .sor = (cfm >> 14 & 15) * 8,
                         .rrb_gr = cfm >> 18 & 127,
                         .rrb_fr = cfm >> 25 & 127,
                         .rrb_pr = cfm >> 32 & 63,
                         .bank1 = ia64_psr(m) >> PSR_BN & 1};
}

static unsigned gr_cell(const struct view *v, unsigned r) {
    if (r < 16 || (r < 32 && v->bank1)) return r ? CELL_GR + r : NO_CELL;
    if (r < 32) return CELL_BANK0 + r;
    r -= 32;
    if (r < v->sor) r = (r + v->rrb_gr) % v->sor;
    return CELL_STACKED + 32 + (v->bof + r) % 96;
}

/* What the scoreboard knows of; psr bits and most resources are ordered by serialization or not at
 * all. */
static unsigned cell_of(const struct view *v, const struct ia64_effect *e) {
    unsigned i = e->index;

    switch (e->file) {
    case IA64_FILE_GR:
        return gr_cell(v, i);
    case IA64_FILE_FR:
        return i < 2 ? (unsigned)NO_CELL : CELL_FR + (i < 32 ? i : 32 + (i - 32 + v->rrb_fr) % 96);
    case IA64_FILE_PR:
        return !i ? (unsigned)NO_CELL : CELL_PR + (i < 16 ? i : 16 + (i - 16 + v->rrb_pr) % 48);
    case IA64_FILE_BR:
        return CELL_BR + i;
    case IA64_FILE_AR:
        return CELL_AR + i;
    case IA64_FILE_CR:
        return CELL_CR + i;
    case IA64_FILE_RESOURCE:
        if (i == IA64_RES_UNAT_BIT || i == IA64_RES_FPSR_TRAPS ||
            (i >= IA64_RES_SF0_CONTROLS && i <= IA64_RES_SF3_CONTROLS))
            return CELL_RESOURCE + i;
    }
    return NO_CELL;
}

/* --- reads ----------------------------------------------------------------------------------- */

static bool is_rse_register(const struct ia64_effect *e) {
    return e->file == IA64_FILE_AR && e->index >= AR_RSC && e->index <= AR_RNAT;
}

static enum consumer gr_consumer(const struct ia64_insn *insn, enum ia64_class class, unsigned r) {
    unsigned flags = ia64_op_flags(insn->op);

    if (flags & (IA64_LOAD | IA64_STORE) || class == IA64_CLASS_lfetch) {
        if (r == insn->r3) return CONSUMER_ADDRESS;
        return flags & IA64_STORE ? CONSUMER_STORE : CONSUMER_OTHER;
    }
    if (class == IA64_CLASS_mmalu || class == IA64_CLASS_mmshf || class == IA64_CLASS_mmmul)
        return CONSUMER_MM;
    return class == IA64_CLASS_tofr ? CONSUMER_SETF : CONSUMER_OTHER;
}

static bool is_branch(enum ia64_class class) {
    return class == IA64_CLASS_br || class == IA64_CLASS_brcall || class == IA64_CLASS_brret ||
           class == IA64_CLASS_brloop;
}

static enum consumer consumer_of(const struct ia64_insn *insn, const struct ia64_effect *e) {
    enum ia64_class class = ia64_op_class(insn->op);

    if (is_branch(class))
        return e->file == IA64_FILE_BR && class != IA64_CLASS_brret ? CONSUMER_INDIRECT
                                                                    : CONSUMER_BRANCH;
    switch (e->file) {
    case IA64_FILE_GR:
        return gr_consumer(insn, class, e->index);
    case IA64_FILE_FR:
        if (class == IA64_CLASS_stf) return CONSUMER_STORE;
        return class == IA64_CLASS_frfr ? CONSUMER_GETF : CONSUMER_OTHER;
    case IA64_FILE_AR:
        return class == IA64_CLASS_frar ? CONSUMER_AGAIN : CONSUMER_OTHER;
    }
    return CONSUMER_OTHER;
}

/* Reads that the effects list and the pipeline does not wait for: control registers that steer
 * loads and stores, registers of the RSE when it has nothing to move, fields of ar.fpsr under mov
 * gr=ar.fpsr. */
static bool waits_for(const struct ia64_event *event, const struct ia64_effect *e) {
    enum ia64_class class = ia64_op_class(event->insn->op);

    if (e->file == IA64_FILE_CR) return class == IA64_CLASS_frcr || class == IA64_CLASS_tlb;
    if (class == IA64_CLASS_frar && e->file == IA64_FILE_RESOURCE)
        return e->index == IA64_RES_UNAT_BIT;
    if (is_rse_register(e) && class != IA64_CLASS_frar && class != IA64_CLASS_toar)
        return class == IA64_CLASS_rse || (class == IA64_CLASS_alloc && event->rse_stores);
    return true;
}

static void add_read(const struct ia64_event *event, const struct view *view,
                     const struct ia64_effect *e, struct accesses *out) {
    enum ia64_class class = ia64_op_class(event->insn->op);
    unsigned cell = cell_of(view, e);

    if (cell == NO_CELL || !waits_for(event, e)) return;
    if (!event->predicate && !(e->file == IA64_FILE_PR && e->index == event->insn->qp)) return;
    out->read[out->reads++] = (struct read){
        (uint16_t)cell,
        (uint8_t)((class == IA64_CLASS_rse || class == IA64_CLASS_alloc) && is_rse_register(e)
                      ? CONSUMER_RSE
                      : consumer_of(event->insn, e))};
}

/* --- writes ---------------------------------------------------------------------------------- */

static unsigned load_latency(enum ia64_class class, enum level level) {
    static const uint8_t integer[] = {IA64_VALUE_load_l1d, IA64_VALUE_load_l2, IA64_VALUE_load_l3,
                                      IA64_VALUE_load_memory};
    static const uint8_t fp[] = {IA64_VALUE_fload, IA64_VALUE_fload, IA64_VALUE_fload_l3,
                                 IA64_VALUE_fload_memory};

    if (class == IA64_CLASS_ld || class == IA64_CLASS_ldfill) return integer[level];
    if ((class == IA64_CLASS_fld || class == IA64_CLASS_fldp) && level > LEVEL_L2) return fp[level];
    return classes[class].latency;
}

static bool translates(enum ia64_op op) {
    return op == IA64_OP_TPA_M46 || op == IA64_OP_TAK_M46 || op == IA64_OP_THASH_M46 ||
           op == IA64_OP_TTAG_M46;
}

static unsigned ar_write_latency(const struct ia64_insn *insn) {
    if (insn->op == IA64_OP_MOV_M_M30 && insn->ar3 == AR_RSC) return IA64_VALUE_ar_write_rsc_imm;
    return ars[insn->ar3].write ? ars[insn->ar3].write : IA64_VALUE_ar_write;
}

static struct write write_of(const struct ia64_insn *insn, const struct ia64_effect *e,
                             enum level level) {
    enum ia64_class class = ia64_op_class(insn->op);
    struct write w = {.class = (uint8_t) class, .latency = classes[class].latency};

    if (e->file == IA64_FILE_GR && ia64_op_flags(insn->op) & IA64_UPDATE && e->index == insn->r3) {
        w.class = IA64_CLASS_ialu; /* the ALU that adds the increment */
        w.latency = IA64_VALUE_base;
    } else if (class == IA64_CLASS_frar) {
        w.latency = ars[insn->ar3].read ? ars[insn->ar3].read : IA64_VALUE_ar_read;
    } else if (class == IA64_CLASS_frcr) {
        w.latency = crs[insn->cr3].read ? crs[insn->cr3].read : IA64_VALUE_cr_read;
    } else if (class == IA64_CLASS_toar) {
        w.latency = (uint8_t)ar_write_latency(insn);
    } else if (class == IA64_CLASS_tocr) {
        w.latency = crs[insn->cr3].write ? crs[insn->cr3].write : IA64_VALUE_cr_write;
    } else if (class == IA64_CLASS_probe && translates(insn->op)) {
        w.latency = IA64_VALUE_translate;
    } else if (e->file == IA64_FILE_PR && class == IA64_CLASS_fma) { /* frcpa */
        w.class = IA64_CLASS_fcmp;
        w.latency = IA64_VALUE_fcmp;
    } else {
        w.latency = (uint8_t)load_latency(class, level);
    }
    return w;
}

static void add_write(const struct ia64_event *event, const struct view *view,
                      const struct ia64_effect *e, enum level level, struct accesses *out) {
    enum ia64_class class = ia64_op_class(event->insn->op);
    unsigned cell = cell_of(view, e);
    struct write w;

    if (cell == NO_CELL) return;
    if (!event->predicate &&
        !(e->file == IA64_FILE_PR && ia64_op_flags(event->insn->op) & IA64_UNC))
        return;
    if (is_rse_register(e) && class != IA64_CLASS_toar) return; /* the RSE keeps its own in order */
    if (is_rse_register(e) && e->index != event->insn->ar3) return;
    w = write_of(event->insn, e, level);
    w.cell = (uint16_t)cell;
    out->write[out->writes++] = w;
}

/* Until a serialization behind it may go on. */
static unsigned serial_latency(const struct ia64_insn *insn) {
    switch (ia64_op_class(insn->op)) {
    case IA64_CLASS_tocr:
        return crs[insn->cr3].serialize ? crs[insn->cr3].serialize : IA64_VALUE_cr_write;
    case IA64_CLASS_topsr:
        return insn->op == IA64_OP_MOV_PSR_L_M35 ? IA64_VALUE_psr_write : IA64_VALUE_psr_um;
    case IA64_CLASS_sysmask:
        return ia64_op_flags(insn->op) & IA64_PRIV ? IA64_VALUE_psr_mask : IA64_VALUE_psr_um;
    case IA64_CLASS_toix:
        return IA64_VALUE_index_write;
    case IA64_CLASS_tlb:
    case IA64_CLASS_cache:
        return IA64_VALUE_tlb_write;
    default:
        return IA64_VALUE_zero;
    }
}

void ia64_model_accesses(const struct ia64_event *e, const struct view *view, enum level level,
                         struct accesses *out) {
    enum ia64_class class = ia64_op_class(e->insn->op);
    struct ia64_effect effect[IA64_EFFECTS_MAX];
    size_t n = ia64_effects(e->insn, effect);

    out->reads = out->writes = 0;
    out->serializes = e->predicate && (class == IA64_CLASS_srlzd || class == IA64_CLASS_srlzi ||
                                       class == IA64_CLASS_rfi);
    out->serial = e->predicate ? (uint8_t)serial_latency(e->insn) : (uint8_t)IA64_VALUE_zero;
    for (size_t i = 0; i < n; i++) {
        if (effect[i].access == IA64_READ)
            add_read(e, view, &effect[i], out);
        else
            add_write(e, view, &effect[i], level, out);
    }
}
