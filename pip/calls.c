/* calls.c: summaries of callees and of callers (calls.h). Each question leads to others, and where
 * functions call each other in a circle, back to itself: so a question is answered in rounds, in
 * each of which every function is looked at once, with what was found of the others so far, until a
 * round changes nothing. Answers start from "reads nothing, lets nothing pass, nothing is live
 * after it" and only ever grow more cautious. */
#include "pip/calls.h"

#include <stdlib.h>
#include <string.h>

enum { CALLERS_MAX = 256, DEPTH_MAX = 1000 };

/* an answer: final, or looked at in this round */
struct answer {
    bool final;
    unsigned round;
};

/* one function, by its first address */
struct function {
    uint64_t entry;
    struct answer as_callee, as_called;
    struct pip_set reads;     /* what it may read of what it is called with */
    struct pip_set kills;     /* what never comes through it unchanged */
    struct pip_set writes;    /* what it may change */
    struct pip_set at_return; /* what its callers may use after it */
};

struct pip_calls {
    const struct pip_arch *arch;
    const struct pip_image *image;
    int64_t allowed; /* instructions that may yet be looked at */
    int depth;
    unsigned round;
    bool changed;
    struct function **slot; /* hash by entry */
    size_t slots, functions;
    struct pip_reference *reference; /* by target */
    size_t references;
    bool scanned;
};

struct pip_calls *pip_calls_new(const struct pip_arch *arch, const struct pip_image *image) {
    struct pip_calls *calls = calloc(1, sizeof *calls);
    if (!calls) abort();
    *calls = (struct pip_calls){.arch = arch, .image = image, .allowed = INT64_MAX};
    return calls;
}

void pip_calls_free(struct pip_calls *calls) {
    if (!calls) return;
    for (size_t i = 0; i < calls->slots; i++)
        free(calls->slot[i]);
    free(calls->slot);
    free(calls->reference);
    free(calls);
}

void pip_calls_allow(struct pip_calls *calls, int64_t instructions) {
    calls->allowed = instructions;
}

/* ---- functions by entry ---- */

static struct function **place_of(struct function **slot, size_t slots, uint64_t entry) {
    size_t at = (size_t)((entry * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (slots - 1);
    while (slot[at] && slot[at]->entry != entry)
        at = (at + 1) & (slots - 1);
    return &slot[at];
}

static void grow(struct pip_calls *calls) {
    size_t slots = calls->slots ? calls->slots * 2 : 256;
    struct function **slot = calloc(slots, sizeof *slot);
    if (!slot) abort();
    for (size_t i = 0; i < calls->slots; i++)
        if (calls->slot[i]) *place_of(slot, slots, calls->slot[i]->entry) = calls->slot[i];
    free(calls->slot);
    calls->slot = slot;
    calls->slots = slots;
}

static struct function *function_of(struct pip_calls *calls, uint64_t entry) {
    if (calls->functions * 2 >= calls->slots) grow(calls);
    struct function **f = place_of(calls->slot, calls->slots, entry);
    if (*f) return *f;
    *f = calloc(1, sizeof **f);
    if (!*f) abort();
    **f = (struct function){.entry = entry, .kills = pip_all()};
    calls->functions++;
    return *f;
}

static struct pip_flow *flow_of(struct pip_calls *calls, uint64_t entry) {
    struct pip_flow *flow = pip_flow_new(calls->arch, calls->image, entry);
    if (!flow) abort();
    calls->allowed -= flow->count;
    return flow;
}

/* ---- rounds ---- */

static bool exhausted(const struct pip_calls *calls) {
    return calls->allowed <= 0 || calls->depth >= DEPTH_MAX;
}

/* whether an answer has to be looked for now */
static bool begin(struct pip_calls *calls, struct answer *a) {
    if (a->final || (calls->round && a->round == calls->round)) return false;
    a->round = calls->round;
    return true;
}

/* the answers of the last round hold */
static void finish(struct pip_calls *calls) {
    for (size_t i = 0; i < calls->slots; i++) {
        struct function *f = calls->slot[i];
        if (!f) continue;
        f->as_callee.final |= f->as_callee.round == calls->round;
        f->as_called.final |= f->as_called.round == calls->round;
    }
}

/* ---- callees ---- */

static const struct function *callee(struct pip_calls *calls, uint64_t entry);

/* a callee that is not known passes everything */
static void settle_call(struct pip_calls *calls, struct pip_flow *flow, int i) {
    const struct pip_convention *convention = calls->arch->convention();
    struct pip_callee outside = {.reads = convention->arguments};
    struct pip_insn *insn = &flow->insn[i];
    if (calls->arch->outside(flow, i, &outside)) {
        pip_add(&insn->reads, &outside.reads);
        insn->kills = outside.never_returns && !outside.unwinds ? pip_all() : convention->scratch;
        insn->writes = insn->kills;
        pip_remove(&insn->writes, &outside.leaves);
        if (outside.never_returns) insn->next = -1;
    } else {
        const struct function *f = callee(calls, insn->target);
        insn->kills = f ? f->kills : (struct pip_set){{0}};
        insn->writes = f ? f->writes : pip_all();
        pip_add(&insn->reads, f ? &f->reads : &convention->arguments);
    }
    if (calls->image->unwinds || outside.unwinds) pip_add(&insn->reads, &convention->preserved);
}

static void settle(struct pip_calls *calls, struct pip_flow *flow) {
    for (int i = 0; i < flow->count; i++) {
        struct pip_insn *insn = &flow->insn[i];
        if (insn->kind == PIP_CALL) settle_call(calls, flow, i);
        struct pip_callee outside = {.reads = calls->arch->convention()->arguments};
        if ((insn->kind != PIP_ANYWHERE && insn->kind != PIP_TAIL) ||
            !calls->arch->outside(flow, i, &outside))
            continue;
        insn->kind = PIP_TAIL;
        pip_add(&insn->reads, &outside.reads);
        if (calls->image->unwinds || outside.unwinds)
            pip_add(&insn->reads, &calls->arch->convention()->preserved);
        insn->kills = insn->writes =
            calls->arch->convention()->scratch; /* by the callee, before it returns */
    }
    if (calls->arch->settled) calls->arch->settled(flow);
}

static struct pip_set reads_of(struct pip_flow *flow, int entry) {
    flow->question = PIP_READ;
    flow->at_return = (struct pip_set){{0}};
    pip_flow_solve(flow);
    return flow->insn[entry].in;
}

/* what does not pass. A bit that stands for no register passes unless there is no way out; what is
 * saved comes back */
static struct pip_set kills_of(struct pip_flow *flow, int entry) {
    static const struct pip_set nobody = {.word[PIP_WORDS - 1] = UINT64_C(1) << 63};
    struct pip_set kills = pip_all();
    flow->question = PIP_PASSED;
    flow->at_return = pip_all();
    pip_flow_solve(flow);
    pip_remove(&kills, &flow->insn[entry].in);
    if (pip_meets(&flow->insn[entry].in, &nobody))
        pip_remove(&kills, &flow->arch->convention()->preserved);
    return kills;
}

static struct pip_set writes_of(const struct pip_flow *flow) {
    struct pip_set writes = {{0}};
    for (int i = 0; i < flow->count; i++)
        pip_add(&writes, &flow->insn[i].writes);
    return writes;
}

/* NULL: not known */
static const struct function *callee(struct pip_calls *calls, uint64_t entry) {
    struct function *f = function_of(calls, entry);
    if (f->as_callee.final) return f;
    if (exhausted(calls)) return NULL;
    if (!begin(calls, &f->as_callee)) return f;
    calls->depth++;
    struct pip_flow *flow = flow_of(calls, entry);
    int at = pip_flow_find(flow, entry);
    settle(calls, flow);
    struct pip_set reads = reads_of(flow, at), kills = kills_of(flow, at), writes = writes_of(flow);
    pip_flow_free(flow);
    calls->depth--;
    calls->changed |= !pip_equal(&reads, &f->reads) || !pip_equal(&kills, &f->kills) ||
                      !pip_equal(&writes, &f->writes);
    f->writes = writes;
    f->reads = reads;
    f->kills = kills;
    return f;
}

/* ---- callers ---- */

static int by_target(const void *a, const void *b) {
    const struct pip_reference *x = a, *y = b;
    if (x->target != y->target) return x->target < y->target ? -1 : 1;
    return x->site < y->site ? -1 : x->site > y->site;
}

static void found(void *to, const struct pip_reference *reference) {
    struct pip_calls *calls = to;
    size_t n = calls->references;
    if ((n & (n - 1)) == 0) {
        calls->reference = realloc(calls->reference, (n ? n * 2 : 1) * sizeof *calls->reference);
        if (!calls->reference) abort();
    }
    calls->reference[calls->references++] = *reference;
}

static void scan(struct pip_calls *calls) {
    if (calls->scanned) return;
    calls->scanned = true;
    calls->arch->scan(calls->image, found, calls);
    if (calls->references)
        qsort(calls->reference, calls->references, sizeof *calls->reference, by_target);
}

static size_t first_reference(const struct pip_calls *calls, uint64_t target) {
    size_t low = 0, high = calls->references;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (calls->reference[middle].target < target)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* whether an instruction begins at `site`: the search for references tries all bytes. In doubt, yes
 */
static bool is_instruction(const struct pip_calls *calls, const struct pip_function *f,
                           uint64_t site) {
    uint64_t at = f->start;
    while (at < site) {
        struct pip_insn insn = {.address = at};
        calls->arch->decode(calls->image, at, &insn);
        if (!insn.size) return true;
        at += insn.size;
    }
    return at == site;
}

static struct pip_set at_return(struct pip_calls *calls, uint64_t entry);

static struct pip_set by_convention(const struct pip_calls *calls, const struct pip_function *f) {
    const struct pip_convention *convention = calls->arch->convention();
    struct pip_set live = convention->results;
    if (strcmp(f->name, "main") == 0) return convention->status;
    pip_add(&live, &convention->preserved);
    return live;
}

static void solve(struct pip_calls *calls, struct pip_flow *flow, uint64_t function) {
    settle(calls, flow);
    flow->question = PIP_LIVE;
    flow->at_return = at_return(calls, function);
    pip_flow_solve(flow);
}

/* what is live after the call at `site`, in the function that holds it; everything, if that can't
 * be found out */
static struct pip_set after_call(struct pip_calls *calls, uint64_t site, uint64_t function) {
    if (exhausted(calls)) return pip_all();
    struct pip_flow *flow = flow_of(calls, function);
    int at = pip_flow_find(flow, site);
    struct pip_set live = pip_all();
    if (at >= 0) {
        solve(calls, flow, function);
        live = pip_flow_after(flow, at);
    }
    pip_flow_free(flow);
    return live;
}

/* the function before may run on into this one */
static bool runs_into(struct pip_calls *calls, const struct pip_function *before, uint64_t entry) {
    if (before->end < entry) return false;
    if (exhausted(calls)) return true;
    struct pip_flow *flow = flow_of(calls, before->start);
    int at = pip_flow_find(flow, entry);
    bool into = false;
    for (int i = 0; i < flow->count && at >= 0; i++)
        into |= flow->insn[i].next == at && flow->insn[i].kind != PIP_CALL;
    pip_flow_free(flow);
    return into;
}

/* what one reference to a function, or from outside into it, says of what is live at its end */
static struct pip_set from_reference(struct pip_calls *calls, const struct pip_function *f,
                                     const struct pip_reference *r) {
    static const struct pip_set nothing;
    const struct pip_function *from = pip_image_function(calls->image, r->site);
    bool inside = from == f, entry = r->target == f->start;
    if (r->kind == PIP_REFERENCE_ADDRESS) return entry ? by_convention(calls, f) : nothing;
    if (inside && (r->kind == PIP_REFERENCE_JUMP || !entry)) return nothing;
    if (!from)
        return r->site >= calls->image->stubs && r->site < calls->image->stubs_end ? nothing
                                                                                   : pip_all();
    if (!is_instruction(calls, from, r->site)) return nothing;
    return r->kind == PIP_REFERENCE_JUMP ? at_return(calls, from->start)
                                         : after_call(calls, r->site, from->start);
}

/* too many callers to look at: they are taken for compiled code, which uses results and what it
 * knows to be left alone */
static struct pip_set by_compilers(struct pip_calls *calls, const struct pip_function *f) {
    const struct function *known = callee(calls, f->start);
    struct pip_set live = pip_all(), more = by_convention(calls, f);
    if (!known) return live;
    pip_remove(&live, &known->writes);
    pip_add(&live, &more);
    return live;
}

static struct pip_set from_callers(struct pip_calls *calls, const struct pip_function *f) {
    struct pip_set live = {{0}}, more;
    if (f->start == calls->image->entry) live = by_convention(calls, f);
    size_t first = first_reference(calls, f->start), last = first;
    while (last < calls->references && calls->reference[last].target < f->end)
        last++;
    if (last - first > CALLERS_MAX) return by_compilers(calls, f);
    for (size_t i = first; i < last; i++) {
        more = from_reference(calls, f, &calls->reference[i]);
        pip_add(&live, &more);
    }
    if (f > calls->image->function && runs_into(calls, f - 1, f->start)) {
        more = at_return(calls, f[-1].start);
        pip_add(&live, &more);
    }
    return live;
}

static struct pip_set at_return(struct pip_calls *calls, uint64_t entry) {
    const struct pip_function *known = pip_image_function(calls->image, entry);
    if (!known || known->start != entry) return pip_all();
    struct function *f = function_of(calls, entry);
    if (f->as_called.final) return f->at_return;
    if (exhausted(calls)) return pip_all();
    if (!begin(calls, &f->as_called)) return f->at_return;
    calls->depth++;
    scan(calls);
    struct pip_set live = from_callers(calls, known);
    calls->depth--;
    calls->changed |= !pip_equal(&live, &f->at_return);
    f->at_return = live;
    return live;
}

void pip_calls_solve(struct pip_calls *calls, struct pip_flow *flow, uint64_t function) {
    struct pip_insn *fresh = malloc((size_t)flow->count * sizeof *fresh);
    if (!fresh) abort();
    memcpy(fresh, flow->insn, (size_t)flow->count * sizeof *fresh);
    do {
        memcpy(flow->insn, fresh, (size_t)flow->count * sizeof *fresh);
        calls->round++;
        calls->changed = false;
        solve(calls, flow, function);
    } while (calls->changed);
    finish(calls);
    free(fresh);
}
