/* count.c: exact counts of a switch in its own world: host to virtual machine, and back after the
 * guest's first exit; and what the timing model of Itanium 2 makes of the same instructions. */
#include "engines/ia64/model.h"
#include "engines/ia64sim/counts.h"
#include "engines/ia64sim/ia64sim.h"

#include <string.h>

enum { WAY_LIMIT = 1000 * 1000 };

struct counting {
    uint64_t to; /* where the region ends */
    struct counts counts;
    struct ia64_model *model;
};

static bool hook(void *context, struct ia64 *m, const struct ia64_event *e) {
    struct counting *c = context;
    counts_add(&c->counts, e);
    ia64_model_step(c->model, m, e);
    return ia64_ip(m) == c->to && ia64_slot(m) == 0;
}

/* The loads that complete the frame after a return belong to the return; the event of the next
 * instruction carries them. */
static bool hook_after(void *context, struct ia64 *m, const struct ia64_event *e) {
    struct counting *c = context;
    (void)m;
    counts_add_rse(&c->counts, e);
    ia64_model_end(c->model, e);
    return true;
}

/* counts from here to an address */
static enum ia64_stop count_to(struct ia64 *m, struct counting *c, uint64_t to) {
    c->to = to;
    c->counts.bundle = 0;
    ia64_model_begin(c->model);
    ia64_set_hook(m, hook, c);
    enum ia64_stop stop = ia64_run(m, ia64_count(m) + WAY_LIMIT);
    ia64_set_hook(m, NULL, NULL);
    if (stop != IA64_STOP_HOOK) return stop;
    struct ia64 *after = ia64_copy(m);
    if (!after) return IA64_STOP_MEMORY;
    ia64_set_hook(after, hook_after, c);
    ia64_run(after, ia64_count(after) + 1);
    ia64_free(after);
    return IA64_STOP_ADDRESS;
}

static json_t *skip(const char *why) {
    return json_pack("{s:s}", "skip", why);
}

/* cycles: typical, with what the unpublished latencies may make of it; and the stalls by the names
 * of the processor's events */
static void put_modelled(json_t *counts, const char *name, const uint64_t cycles[IA64_BOUNDS]) {
    json_object_set_new(counts, name,
                        json_pack("{s:f, s:s, s:s, s:f, s:f}", "value",
                                  (double)cycles[IA64_TYPICAL], "unit", "core cycles", "method",
                                  "modelled", "lo", (double)cycles[IA64_LOW], "hi",
                                  (double)cycles[IA64_HIGH]));
}

static void add_model(json_t *counts, const struct ia64_model *model) {
    struct ia64_model_result r = ia64_model_result(model);
    put_modelled(counts, "cycles", r.cycles);
    put_modelled(counts, "cycles_issue", r.issue);
    for (int cause = 0; cause < IA64_CAUSES; cause++)
        if (r.stall[cause][IA64_HIGH])
            put_modelled(counts, ia64_model_cause_name(cause), r.stall[cause]);
}

static json_t *answer(const struct stage *stage, const struct counting *c) {
    json_t *counts = json_object();
    add_model(counts, c->model);
    counts_put(counts, &c->counts, stage);
    return counts;
}

struct wanted {
    bool out, back, guest_fp;
};

/* the guest's first use of floating point: what a switcher saves then is a part of its cost */
static enum ia64_stop count_fp(struct ia64 *m, const struct stage *stage, struct counting *c) {
    enum ia64_stop stop =
        ia64_run_until(m, stage->place[SWITCH_FP_USED], ia64_count(m) + WAY_LIMIT);
    return stop == IA64_STOP_ADDRESS ? count_to(m, c, stage->place[VM_FP_LENT]) : stop;
}

/* the way there and the way back; what is not asked for is forgotten */
static json_t *count(struct stage *stage, struct counting *c, const struct wanted *wanted) {
    struct ia64 *m = stage->host;
    enum ia64_stop stop = count_to(m, c, stage->place[VM_ENTER]);
    if (!wanted->out) {
        c->counts = (struct counts){0};
        ia64_model_clear(c->model);
    }
    if (stop == IA64_STOP_ADDRESS && wanted->guest_fp) stop = count_fp(m, stage, c);
    if (stop == IA64_STOP_ADDRESS && wanted->back)
        stop = ia64_run_until(m, stage->place[SWITCH_BACK], ia64_count(m) + WAY_LIMIT);
    if (stop == IA64_STOP_ADDRESS && wanted->back) {
        uint64_t resume;
        ia64_read_memory(m, stage->place[HOST_RESUME], &resume, sizeof resume);
        stop = count_to(m, c, resume);
    }
    if (stop == IA64_STOP_ADDRESS) return answer(stage, c);
    stage_failed(stage, m, stop, "counting a round trip");
    return skip(stage->why);
}

static const char *no_guest_fp(const struct stage *stage) {
    if (ia64sim_leaves_fp(stage)) return "the guest gets no floating point under this switcher";
    if (strcmp(stage->switcher->mask, "none") == 0)
        return "unmasked, it would take the tick that ends this time slice: a handler, not a cost";
    return NULL;
}

json_t *ia64sim_count(const struct work *work) {
    const char *direction = json_string_value(json_object_get(work->params, "direction"));
    const json_t *stacked = json_object_get(work->params, "stacked");
    const struct wanted wanted = {.out = !direction || strcmp(direction, "back") != 0,
                                  .back = !direction || strcmp(direction, "out") != 0,
                                  .guest_fp = json_object_get(work->params, "guest") != NULL};
    struct counting counting = {.model = ia64_model_new(NULL)};
    struct stage stage;
    if (!counting.model) return skip("no memory for the timing model");
    json_t *counts = NULL;
    unsigned frame = stacked ? (unsigned)json_integer_value(stacked) : FRAME_DEFAULT;
    if (stage_open(&stage, work->switcher, frame)) {
        const char *why = wanted.guest_fp ? no_guest_fp(&stage) : NULL;
        counts = why ? skip(why) : count(&stage, &counting, &wanted);
        stage_close(&stage);
    }
    ia64_model_free(counting.model);
    return counts ? counts : skip(stage.why);
}
