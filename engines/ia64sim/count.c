/* count.c: exact counts of a switch in its own world: host to virtual machine, and back after the
 * guest's first exit; and what the timing model of Itanium 2 makes of the same instructions. */
#include "engines/ia64/model.h"
#include "engines/ia64sim/caller.h"
#include "engines/ia64sim/counts.h"
#include "engines/ia64sim/ia64sim.h"

#include <stdio.h>
#include <string.h>

enum { WAY_LIMIT = 1000 * 1000, PARTS = 8, PART_NAME = 16 };

struct part { /* of a switch, as its code names it: a symbol within.NAME.N */
    char name[PART_NAME];
    int64_t cycles[IA64_BOUNDS];
};

struct counting {
    uint64_t to; /* where the region ends */
    struct counts counts;
    struct ia64_model *model;
    struct part part[PARTS];
    int now;     /* the part that executes */
    bool filled; /* the loads of the frame that comes next are counted already */
};

/* ---- parts: the pipeline is in order, so a part's cycles are those that pass from its first
 * instruction to the next part's ---- */

static bool part_name(const struct ia64 *m, uint64_t ip, char name[PART_NAME]) {
    uint64_t offset;
    const char *symbol = ia64_symbol_at(m, ip, &offset);
    return symbol && sscanf(symbol, "within.%15[a-z]", name) == 1;
}

static int part_of(struct counting *c, const struct ia64 *m, uint64_t ip) {
    char name[PART_NAME];
    if (!part_name(m, ip, name)) return c->now;
    int i = 0;
    while (i < PARTS - 1 && c->part[i].name[0] && strcmp(c->part[i].name, name) != 0)
        i++;
    snprintf(c->part[i].name, PART_NAME, "%s", name);
    return i;
}

static void add_cycles(struct part *part, const struct ia64_model *model, int sign) {
    struct ia64_model_result r = ia64_model_result(model);
    for (int b = 0; b < IA64_BOUNDS; b++)
        part->cycles[b] += sign * (int64_t)r.cycles[b];
}

static void go_on_with(struct counting *c, int part) {
    add_cycles(&c->part[c->now], c->model, 1);
    add_cycles(&c->part[part], c->model, -1);
    c->now = part;
}

static bool hook(void *context, struct ia64 *m, const struct ia64_event *e) {
    struct counting *c = context;
    int part = e->slot == 0 ? part_of(c, m, e->ip) : c->now;
    if (part != c->now) go_on_with(c, part);
    struct ia64_event here = *e;
    if (c->filled) here.rse_loads = 0;
    c->filled = false;
    counts_add(&c->counts, &here);
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
    add_cycles(&c->part[c->now], c->model, -1);
    ia64_set_hook(m, hook, c);
    enum ia64_stop stop = ia64_run(m, ia64_count(m) + WAY_LIMIT);
    ia64_set_hook(m, NULL, NULL);
    if (stop != IA64_STOP_HOOK) return stop;
    struct ia64 *after = ia64_copy(m);
    if (!after) return IA64_STOP_MEMORY;
    ia64_set_hook(after, hook_after, c);
    ia64_run(after, ia64_count(after) + 1);
    ia64_free(after);
    add_cycles(&c->part[c->now], c->model, 1);
    c->filled = true;
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

/* what a low and a high number lengthen need not be the same part, so a part's bounds are sorted */
static void put_part(json_t *counts, const struct part *part) {
    uint64_t cycles[IA64_BOUNDS];
    char name[PART_NAME + sizeof "cycles."];
    for (int b = 0; b < IA64_BOUNDS; b++)
        cycles[b] = part->cycles[b] > 0 ? (uint64_t)part->cycles[b] : 0;
    for (int b = 0; b < IA64_BOUNDS; b++) {
        if (cycles[b] < cycles[IA64_LOW]) cycles[IA64_LOW] = cycles[b];
        if (cycles[b] > cycles[IA64_HIGH]) cycles[IA64_HIGH] = cycles[b];
    }
    snprintf(name, sizeof name, "cycles.%s", part->name);
    put_modelled(counts, name, cycles);
}

static void add_model(json_t *counts, const struct counting *c) {
    struct ia64_model_result r = ia64_model_result(c->model);
    put_modelled(counts, "cycles", r.cycles);
    for (const struct part *part = c->part; part < c->part + PARTS && part->name[0]; part++)
        put_part(counts, part);
    put_modelled(counts, "issue", r.issue);
    for (int cause = 0; cause < IA64_CAUSES; cause++)
        if (r.stall[cause][IA64_HIGH])
            put_modelled(counts, ia64_model_cause_name(cause), r.stall[cause]);
}

static json_t *answer(const struct stage *stage, const struct counting *c) {
    json_t *counts = json_object();
    add_model(counts, c);
    counts_put(counts, &c->counts, stage);
    return counts;
}

struct wanted {
    bool out, back, guest_fp;
    unsigned live_fp;
};

/* the guest's first use of floating point: what a switcher saves then is a part of its cost */
static enum ia64_stop count_fp(struct ia64 *m, const struct stage *stage, struct counting *c) {
    enum ia64_stop stop =
        ia64_run_until(m, stage->place[SWITCH_FP_USED], ia64_count(m) + WAY_LIMIT);
    return stop == IA64_STOP_ADDRESS ? count_to(m, c, stage->place[VM_FP_LENT]) : stop;
}

/* what the caller of the switch does for its live floating-point registers, a part of the cost */
static enum ia64_stop count_caller(struct counting *c, const struct caller *caller, struct ia64 *m,
                                   enum place code) {
    const uint64_t ip = ia64_ip(m);
    const struct ia64_gr r2 = ia64_gr(m, 2), r3 = ia64_gr(m, 3);
    uint64_t end = caller_begins(caller, m, code);
    enum ia64_stop stop = end ? count_to(m, c, end) : IA64_STOP_ADDRESS;
    ia64_set_gr(m, 2, r2);
    ia64_set_gr(m, 3, r3);
    if (stop == IA64_STOP_ADDRESS) ia64_set_ip(m, ip, 0);
    c->now = 0; /* the call */
    return stop;
}

/* the call itself comes before the switcher's first part */
static struct counting counting_with(struct ia64_model *model) {
    return (struct counting){.model = model, .part = {{.name = "transfer"}}};
}

static struct counting forget(const struct counting *c) {
    ia64_model_clear(c->model);
    return counting_with(c->model);
}

static enum ia64_stop count_out(struct ia64 *m, const struct stage *stage, struct counting *c,
                                const struct wanted *wanted) {
    enum ia64_stop stop = count_to(m, c, stage->place[VM_ENTER]);
    if (!wanted->out) *c = forget(c);
    if (stop == IA64_STOP_ADDRESS && wanted->guest_fp) stop = count_fp(m, stage, c);
    return stop;
}

static enum ia64_stop count_back(struct ia64 *m, const struct stage *stage, struct counting *c) {
    uint64_t resume;
    enum ia64_stop stop = ia64_run_until(m, stage->place[SWITCH_BACK], ia64_count(m) + WAY_LIMIT);
    if (stop != IA64_STOP_ADDRESS) return stop;
    c->filled = false;
    ia64_read_memory(m, stage->place[HOST_RESUME], &resume, sizeof resume);
    return count_to(m, c, resume);
}

/* the way there and the way back; what is not asked for is forgotten */
static json_t *count(struct stage *stage, struct counting *c, const struct wanted *wanted) {
    struct ia64 *m = stage->host;
    const struct caller caller = caller_new(stage, wanted->live_fp);
    caller_gives(&caller, m);
    enum ia64_stop stop = count_caller(c, &caller, m, CALLER_STORES_FP);
    if (stop == IA64_STOP_ADDRESS) stop = count_out(m, stage, c, wanted);
    if (stop == IA64_STOP_ADDRESS && wanted->back) stop = count_back(m, stage, c);
    if (stop == IA64_STOP_ADDRESS && wanted->back)
        stop = count_caller(c, &caller, m, CALLER_LOADS_FP);
    if (stop == IA64_STOP_ADDRESS && wanted->back && !caller_finds(&caller, m))
        return skip("a live floating-point register of the host lost its value");
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
    const char *guest = json_string_value(json_object_get(work->params, "guest"));
    const struct wanted wanted = {
        .out = !direction || strcmp(direction, "back") != 0,
        .back = !direction || strcmp(direction, "out") != 0,
        .guest_fp = guest && strcmp(guest, "uses fp") == 0,
        .live_fp = (unsigned)json_integer_value(json_object_get(work->params, "fp"))};
    struct counting counting = counting_with(ia64_model_new(NULL));
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
