/* model.c - the timeline of the timing model. Issue groups (model_dispersal.c) leave one a cycle
 * and in order; a group waits, all of it, until the last of its sources is there (model_latency.c).
 * Each cycle is either an issue or a stall with a name, so the parts add up to the total. Which
 * instructions share a group does not depend on time, and time is made of sums and maxima only:
 * raising a number never lowers a result, so the low and high of the numbers bound those of the
 * result. */
#include <stdlib.h>
#include <string.h>

#include "model_internal.h"

struct pending {
    int64_t issued[IA64_BOUNDS]; /* cycle of the producer */
    struct write by;
    bool set;
};

/* Cycles that follow the group being gathered. */
struct bubbles {
    int64_t cycles[IA64_CAUSES][IA64_BOUNDS];
    int64_t issue[IA64_BOUNDS];
    bool any;
};

struct ia64_model {
    struct ia64_model_config config;
    struct ia64_model_result result;
    struct caches *caches;
    uint64_t rse_loads; /* of the machine, after the last event */
    bool fresh;         /* the stretch has no instruction yet */
    struct view view;
    int64_t now[IA64_BOUNDS]; /* the first cycle that is free */

    /* the issue group */
    struct window window;
    int64_t ready[IA64_BOUNDS];
    uint8_t cause[IA64_BOUNDS]; /* of the last source to come */
    struct bubbles bubbles;
    size_t writes;
    struct write write[6 * IA64_EFFECTS_MAX];
    size_t serials;
    uint8_t serial_write[6];

    int64_t serial[IA64_BOUNDS]; /* when a serialization may go on */
    struct pending pending[CELLS];
};

/* --- life ------------------------------------------------------------------------------------ */

struct ia64_model *ia64_model_new(const struct ia64_model_config *config) {
    struct ia64_model *model = calloc(1, sizeof *model);

    if (!model) return NULL;
    if (config)
        model->config = *config;
    else
        ia64_model_defaults(&model->config);
    model->caches = ia64_caches_new(&model->config);
    if (!model->caches) {
        free(model);
        return NULL;
    }
    ia64_model_begin(model);
    return model;
}

void ia64_model_free(struct ia64_model *model) {
    if (!model) return;
    ia64_caches_free(model->caches);
    free(model);
}

/* --- the issue group ------------------------------------------------------------------------- */

static void open_group(struct ia64_model *model) {
    memcpy(model->ready, model->now, sizeof model->ready);
    model->window = (struct window){0};
    model->writes = model->serials = 0;
    if (model->bubbles.any) model->bubbles = (struct bubbles){0};
}

static void wait_until(struct ia64_model *model, enum ia64_bound b, int64_t cycle,
                       enum ia64_model_cause cause) {
    if (cycle <= model->ready[b]) return;
    model->ready[b] = cycle;
    model->cause[b] = (uint8_t)cause;
}

static void wait_for(struct ia64_model *model, unsigned cell, enum consumer consumer) {
    const struct pending *p = &model->pending[cell];

    if (!p->set) return;
    for (int b = 0; b < IA64_BOUNDS; b++)
        wait_until(model, b,
                   p->issued[b] + ia64_model_distance(&model->config, &p->by, consumer, b),
                   ia64_model_cause_of(p->by.class, consumer));
}

static void bubble(struct ia64_model *model, enum ia64_model_cause cause,
                   enum ia64_model_value value, int64_t less) {
    for (int b = 0; b < IA64_BOUNDS; b++) {
        int64_t n = model->config.value[value][b] - less;

        if (n > 0) model->bubbles.cycles[cause][b] += n;
    }
    model->bubbles.any = true;
}

/* The RSE moves n words, two at a time. */
static void rse_bubble(struct ia64_model *model, enum ia64_model_cause cause, unsigned n) {
    for (int b = 0; b < IA64_BOUNDS; b++)
        model->bubbles.cycles[cause][b] +=
            ((int64_t)n * model->config.value[IA64_VALUE_rse_pair][b] + 1) / 2;
    model->bubbles.any = true;
}

static void stall(struct ia64_model *model, enum ia64_bound b, enum ia64_model_cause cause,
                  int64_t n) {
    model->result.stall[cause][b] += (uint64_t)n;
    model->result.cycles[b] += (uint64_t)n;
    model->now[b] += n;
}

static void issue(struct ia64_model *model, enum ia64_bound b, int64_t n) {
    model->result.issue[b] += (uint64_t)n;
    model->result.cycles[b] += (uint64_t)n;
    model->now[b] += n;
}

static void spend_bubbles(struct ia64_model *model) {
    if (!model->bubbles.any) return;
    for (int b = 0; b < IA64_BOUNDS; b++) {
        issue(model, b, model->bubbles.issue[b]);
        for (int cause = 0; cause < IA64_CAUSES; cause++)
            stall(model, b, cause, model->bubbles.cycles[cause][b]);
    }
    model->bubbles = (struct bubbles){0};
}

/* What the group wrote becomes pending, as of its issue. */
static void post_writes(struct ia64_model *model) {
    for (size_t i = 0; i < model->writes; i++) {
        struct pending *p = &model->pending[model->write[i].cell];

        *p = (struct pending){.by = model->write[i], .set = true};
        memcpy(p->issued, model->now, sizeof p->issued);
    }
    for (size_t i = 0; i < model->serials; i++)
        for (int b = 0; b < IA64_BOUNDS; b++) {
            int64_t t = model->now[b] + model->config.value[model->serial_write[i]][b];

            if (t > model->serial[b]) model->serial[b] = t;
        }
}

static void close_group(struct ia64_model *model) {
    if (!model->window.open) return;
    for (int b = 0; b < IA64_BOUNDS; b++)
        stall(model, b, model->cause[b], model->ready[b] - model->now[b]);
    post_writes(model);
    for (int b = 0; b < IA64_BOUNDS; b++)
        issue(model, b, 1);
    spend_bubbles(model);
    open_group(model);
}

/* --- one instruction ------------------------------------------------------------------------- */

static enum level reach(struct ia64_model *model, const struct ia64_event *e) {
    unsigned flags = ia64_op_flags(e->insn->op);
    enum ia64_class class = ia64_op_class(e->insn->op);
    enum level level = LEVEL_L1D;

    if (!e->has_address) return level;
    if (flags & IA64_LOAD && !(flags & IA64_CHECK)) {
        level = ia64_caches_load(model->caches, e->address,
                                 class == IA64_CLASS_fld || class == IA64_CLASS_fldp);
        model->result.loads[level]++;
    }
    if (flags & IA64_STORE) ia64_caches_store(model->caches, e->address);
    return level;
}

static void move_registers(struct ia64_model *model, const struct ia64_event *e) {
    enum ia64_op op = e->insn->op;

    if (e->rse_stores) {
        if (op == IA64_OP_FLUSHRS_M25) bubble(model, IA64_CAUSE_OVERFLOW, IA64_VALUE_flushrs, 0);
        rse_bubble(model, IA64_CAUSE_OVERFLOW, e->rse_stores);
    }
    if (op == IA64_OP_LOADRS_M25) {
        bubble(model, IA64_CAUSE_LOADRS, IA64_VALUE_loadrs, 0);
        if (e->rse_loads) rse_bubble(model, IA64_CAUSE_LOADRS, e->rse_loads);
    }
}

/* The completer's prediction against what happened. */
static bool mispredicted(const struct ia64_model *model, const struct ia64_event *e) {
    bool indirect_call = e->insn->op == IA64_OP_BR_CALL_B5;

    if (model->config.branches == IA64_BRANCHES_PERFECT) return false;
    return e->taken == (e->insn->hint >> indirect_call & 1);
}

static void branch(struct ia64_model *model, const struct ia64_event *e) {
    if (mispredicted(model, e)) {
        model->result.mispredicted++;
        bubble(model, IA64_CAUSE_BRU, IA64_VALUE_mispredict, 0);
    } else if (e->taken) {
        bubble(model, IA64_CAUSE_FE, IA64_VALUE_taken_branch, 0);
    }
}

/* Cycles that an instruction costs by itself. */
static void aftermath(struct ia64_model *model, const struct ia64_event *e) {
    enum ia64_op op = e->insn->op;

    switch (ia64_op_class(op)) {
    case IA64_CLASS_br:
    case IA64_CLASS_brcall:
    case IA64_CLASS_brret:
    case IA64_CLASS_brloop:
        branch(model, e);
        return;
    default:
        break;
    }
    if (!e->predicate) return;
    switch (ia64_op_class(op)) {
    case IA64_CLASS_bsw:
        bubble(model, IA64_CAUSE_BANK_SWITCH, IA64_VALUE_bank_switch, 0);
        break;
    case IA64_CLASS_sem: /* its own cycle is one of them */
        bubble(model, IA64_CAUSE_L1D, IA64_VALUE_semaphore, 1);
        break;
    case IA64_CLASS_fence:
        bubble(model, IA64_CAUSE_L1D, IA64_VALUE_fence_drain, 0);
        break;
    case IA64_CLASS_tlb:
        if (op == IA64_OP_PTC_G_M45 || op == IA64_OP_PTC_GA_M45)
            bubble(model, IA64_CAUSE_L1D, IA64_VALUE_tlb_global, 0);
        break;
    case IA64_CLASS_srlzi:
        bubble(model, IA64_CAUSE_XPN, IA64_VALUE_srlz_i, 0);
        break;
    case IA64_CLASS_rfi:
        bubble(model, IA64_CAUSE_XPN, IA64_VALUE_rfi, 0);
        break;
    case IA64_CLASS_invala:
        if (e->insn->stop) break;
        for (int b = 0; b < IA64_BOUNDS; b++)
            model->bubbles.issue[b] += model->config.value[IA64_VALUE_invala_split][b];
        model->bubbles.any = true;
        break;
    default:
        break;
    }
    move_registers(model, e);
}

/* A branch in the group that writes its register goes to the target of old: a flush, as long as
 * waiting. */
static void wrong_target(struct ia64_model *model, unsigned cell) {
    for (size_t i = 0; i < model->writes; i++) {
        if (model->write[i].cell != cell) continue;
        for (int b = 0; b < IA64_BOUNDS; b++)
            model->bubbles.cycles[IA64_CAUSE_BRU][b] +=
                ia64_model_distance(&model->config, &model->write[i], CONSUMER_INDIRECT, b);
        model->bubbles.any = true;
    }
}

static void wait_for_sources(struct ia64_model *model, const struct accesses *a) {
    for (size_t i = 0; i < a->reads; i++) {
        wait_for(model, a->read[i].cell, (enum consumer)a->read[i].consumer);
        if (a->read[i].consumer == CONSUMER_INDIRECT) wrong_target(model, a->read[i].cell);
    }
    for (size_t i = 0; i < a->writes; i++) /* a result under way has to come before its successor */
        if (a->write[i].cell < CELL_PR) wait_for(model, a->write[i].cell, CONSUMER_OTHER);
    if (!a->serializes) return;
    for (int b = 0; b < IA64_BOUNDS; b++)
        wait_until(model, b, model->serial[b], IA64_CAUSE_ARCR);
}

static void keep_writes(struct ia64_model *model, const struct accesses *a) {
    memcpy(model->write + model->writes, a->write, a->writes * sizeof *a->write);
    model->writes += a->writes;
    if (a->serial != IA64_VALUE_zero) model->serial_write[model->serials++] = a->serial;
}

static void add_to_group(struct ia64_model *model, const struct ia64_event *e) {
    struct accesses a;

    model->result.instructions++;
    ia64_model_accesses(e, &model->view, reach(model, e), &a);
    wait_for_sources(model, &a);
    if (e->vector < 0) {
        keep_writes(model, &a);
        aftermath(model, e);
    }
    if (ia64_model_ends_group(e)) model->result.groups++;
    if (ia64_model_ends_issue(e)) {
        if (!ia64_model_ends_group(e)) model->result.splits++;
        close_group(model);
    }
}

static void fill(struct ia64_model *model, uint64_t n) {
    if (!n || model->fresh) return;
    close_group(model);
    rse_bubble(model, IA64_CAUSE_UNDERFLOW, (unsigned)n);
    spend_bubbles(model);
    open_group(model);
}

/* Fills of a return happen before the instruction that it returns to. */
static void fills_before(struct ia64_model *model, const struct ia64_event *e) {
    if (!e->insn || e->insn->op != IA64_OP_LOADRS_M25) fill(model, e->rse_loads);
}

void ia64_model_begin(struct ia64_model *model) {
    close_group(model);
    memset(model->now, 0, sizeof model->now);
    memset(model->serial, 0, sizeof model->serial);
    for (size_t i = 0; i < CELLS; i++)
        model->pending[i].set = false;
    model->fresh = true;
    open_group(model);
}

void ia64_model_step(struct ia64_model *model, const struct ia64 *m, const struct ia64_event *e) {
    fills_before(model, e);
    if (model->fresh) {
        model->view = ia64_model_view(m);
        model->fresh = false;
        model->result.passes++;
    }
    if (e->insn) {
        if (!ia64_model_disperse(&model->window, e, &model->config)) {
            model->result.splits++;
            close_group(model);
            ia64_model_disperse(&model->window, e, &model->config);
        }
        add_to_group(model, e);
    }
    if (e->vector >= 0) {
        close_group(model);
        bubble(model, IA64_CAUSE_XPN, IA64_VALUE_interruption, 0);
        spend_bubbles(model);
        open_group(model);
    }
    model->view = ia64_model_view(m);
    model->rse_loads = ia64_stats(m).rse_loads;
}

void ia64_model_end(struct ia64_model *model, const struct ia64_event *next) {
    if (next) fills_before(model, next);
    ia64_model_begin(model);
}

void ia64_model_end_here(struct ia64_model *model, const struct ia64 *m) {
    fill(model, ia64_stats(m).rse_loads - model->rse_loads);
    ia64_model_begin(model);
}

/* --- results --------------------------------------------------------------------------------- */

struct ia64_model_result ia64_model_result(const struct ia64_model *model) {
    struct ia64_model last = *model; /* the open group counts too; the original goes on gathering */

    close_group(&last);
    return last.result;
}

void ia64_model_clear(struct ia64_model *model) {
    ia64_model_begin(model);
    model->result = (struct ia64_model_result){0};
}
