/* calls.c: summaries of callees and of callers (calls.h), each made once. */
#include "pip/calls.h"

#include <stdlib.h>
#include <string.h>

enum { CALLERS_MAX = 64, DEPTH_MAX = 24 };

enum state { NEW, BUSY, DONE };

/* one function, by its first address */
struct function {
    uint64_t entry;
    enum state callee_state, exit_state;
    struct pip_set reads;  /* what it may read of what it is called with */
    struct pip_set kills;  /* what never comes through it unchanged */
    struct pip_set at_return;
};

struct pip_calls {
    const struct pip_arch *arch;
    const struct pip_image *image;
    int64_t allowed;
    int depth;
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
    for (size_t i = 0; i < calls->slots; i++) free(calls->slot[i]);
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
    while (slot[at] && slot[at]->entry != entry) at = (at + 1) & (slots - 1);
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
    (*f)->entry = entry;
    calls->functions++;
    return *f;
}

static struct pip_flow *flow_of(struct pip_calls *calls, uint64_t entry) {
    struct pip_flow *flow = pip_flow_new(calls->arch, calls->image, entry);
    if (!flow) abort();
    calls->allowed -= flow->count;
    return flow;
}

static bool exhausted(const struct pip_calls *calls) {
    return calls->allowed <= 0 || calls->depth >= DEPTH_MAX;
}

/* ---- callees ---- */

static const struct function *callee(struct pip_calls *calls, uint64_t entry);

/* kills is what does not pass; a callee that is not known passes everything */
static void settle_call(struct pip_calls *calls, struct pip_flow *flow, int i) {
    const struct pip_convention *convention = calls->arch->convention();
    struct pip_callee outside = {.reads = convention->arguments};
    struct pip_insn *insn = &flow->insn[i];
    if (calls->arch->outside(flow, i, &outside)) {
        pip_add(&insn->reads, &outside.reads);
        insn->kills = outside.never_returns ? pip_all() : convention->scratch;
        if (outside.never_returns) insn->next = -1;
    } else if (function_of(calls, insn->target)->callee_state != BUSY || insn->target != flow->entry) { /* else: settle_own_calls */
        const struct function *f = callee(calls, insn->target);
        insn->kills = f ? f->kills : (struct pip_set){{0}};
        pip_add(&insn->reads, f ? &f->reads : &convention->arguments);
    }
    insn->writes = insn->kills;
    if (calls->image->unwinds) pip_add(&insn->reads, &convention->preserved);
}

static void settle(struct pip_calls *calls, struct pip_flow *flow) {
    for (int i = 0; i < flow->count && !flow->settled; i++) {
        struct pip_insn *insn = &flow->insn[i];
        if (insn->kind == PIP_CALL) settle_call(calls, flow, i);
        struct pip_callee outside = {.reads = calls->arch->convention()->arguments};
        if (insn->kind != PIP_ANYWHERE || !calls->arch->outside(flow, i, &outside)) continue;
        insn->kind = PIP_TAIL;
        pip_add(&insn->reads, &outside.reads);
        insn->kills = insn->writes = calls->arch->convention()->scratch; /* by the callee, before it returns */
    }
    flow->settled = true;
}

/* what the function's calls of itself do is what has been found of it so far */
static void settle_own_calls(const struct function *f, struct pip_flow *flow) {
    for (int i = 0; i < flow->count; i++) {
        struct pip_insn *insn = &flow->insn[i];
        if (insn->kind != PIP_CALL || insn->target != f->entry) continue;
        pip_add(&insn->reads, &f->reads);
        insn->kills = insn->writes = f->kills;
    }
}

static void find_reads(struct function *f, struct pip_flow *flow, int entry) {
    flow->question = PIP_READ;
    flow->at_return = (struct pip_set){{0}};
    for (struct pip_set before = pip_all(); !pip_equal(&before, &f->reads);) {
        before = f->reads;
        settle_own_calls(f, flow);
        pip_flow_solve(flow);
        f->reads = flow->insn[entry].in;
    }
}

/* what does not pass. A bit that stands for no register passes unless there is no way out; what is saved comes back */
static void find_kills(struct function *f, struct pip_flow *flow, int entry) {
    static const struct pip_set nobody = {.word[PIP_WORDS - 1] = UINT64_C(1) << 63};
    flow->question = PIP_PASSED;
    flow->at_return = pip_all();
    for (struct pip_set before = {{0}}; !pip_equal(&before, &f->kills);) {
        before = f->kills;
        settle_own_calls(f, flow);
        pip_flow_solve(flow);
        f->kills = pip_all();
        pip_remove(&f->kills, &flow->insn[entry].in);
        if (pip_meets(&flow->insn[entry].in, &nobody)) pip_remove(&f->kills, &flow->arch->convention()->preserved);
    }
}

/* NULL: not known */
static const struct function *callee(struct pip_calls *calls, uint64_t entry) {
    struct function *f = function_of(calls, entry);
    if (f->callee_state == DONE) return f;
    if (f->callee_state == BUSY || exhausted(calls)) return NULL;
    f->callee_state = BUSY;
    calls->depth++;
    struct pip_flow *flow = flow_of(calls, entry);
    settle(calls, flow);
    f->kills = pip_all();
    int at = pip_flow_find(flow, entry);
    find_reads(f, flow, at);
    find_kills(f, flow, at);
    pip_flow_free(flow);
    calls->depth--;
    f->callee_state = DONE;
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
    if (calls->references) qsort(calls->reference, calls->references, sizeof *calls->reference, by_target);
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

static struct pip_set at_return(struct pip_calls *calls, uint64_t entry);

static struct pip_set by_convention(const struct pip_calls *calls) {
    struct pip_set live = calls->arch->convention()->results;
    pip_add(&live, &calls->arch->convention()->preserved);
    return live;
}

/* what is live after the call at `site`, in the function that holds it; everything, if that can't be found out */
static struct pip_set after_call(struct pip_calls *calls, uint64_t site, uint64_t function) {
    if (exhausted(calls)) return pip_all();
    struct pip_flow *flow = flow_of(calls, function);
    int at = pip_flow_find(flow, site);
    struct pip_set live = pip_all();
    if (at >= 0) {
        calls->depth++;
        pip_calls_solve(calls, flow, function);
        calls->depth--;
        live = pip_flow_after(flow, at);
    }
    pip_flow_free(flow);
    return live;
}

/* the function before may run on into this one */
static bool runs_into(struct pip_calls *calls, const struct pip_function *before, uint64_t entry) {
    if (exhausted(calls)) return true;
    struct pip_flow *flow = flow_of(calls, before->start);
    int at = pip_flow_find(flow, entry);
    bool into = false;
    for (int i = 0; i < flow->count && at >= 0; i++) into |= flow->insn[i].next == at && flow->insn[i].kind != PIP_CALL;
    pip_flow_free(flow);
    return into;
}

/* a function that calls itself is a caller of itself: what is live after these calls adds to what is live at its end */
static struct pip_set from_itself(struct pip_calls *calls, uint64_t function, struct pip_set others) {
    if (exhausted(calls)) return pip_all();
    struct pip_flow *flow = flow_of(calls, function);
    settle(calls, flow);
    flow->question = PIP_LIVE;
    flow->at_return = others;
    for (struct pip_set before;;) {
        before = flow->at_return;
        pip_flow_solve(flow);
        for (int i = 0; i < flow->count; i++) {
            if (flow->insn[i].kind != PIP_CALL || flow->insn[i].target != function) continue;
            struct pip_set after = pip_flow_after(flow, i);
            pip_add(&flow->at_return, &after);
        }
        if (pip_equal(&before, &flow->at_return)) break;
    }
    struct pip_set live = flow->at_return;
    pip_flow_free(flow);
    return live;
}

/* everything that refers to this function, or into it from another one */
static struct pip_set from_callers(struct pip_calls *calls, const struct pip_function *f) {
    struct pip_set live = {{0}}, more;
    int callers = 0;
    bool itself = false;
    if (f->start == calls->image->entry) live = by_convention(calls);
    for (size_t i = first_reference(calls, f->start); i < calls->references && calls->reference[i].target < f->end; i++) {
        const struct pip_reference *r = &calls->reference[i];
        const struct pip_function *from = pip_image_function(calls->image, r->site);
        bool inside = r->site >= f->start && r->site < f->end, entry = r->target == f->start;
        if (r->kind == PIP_REFERENCE_ADDRESS) {
            more = by_convention(calls);
        } else if (r->kind == PIP_REFERENCE_JUMP ? inside : inside && !entry) {
            continue;
        } else if (!from || ++callers > CALLERS_MAX) {
            return pip_all();
        } else if (r->kind == PIP_REFERENCE_JUMP) {
            more = at_return(calls, from->start);
        } else if (inside) {
            itself = true;
            continue;
        } else {
            more = after_call(calls, r->site, from->start);
        }
        pip_add(&live, &more);
    }
    if (f > calls->image->function && runs_into(calls, f - 1, f->start)) {
        more = at_return(calls, f[-1].start);
        pip_add(&live, &more);
    }
    return itself ? from_itself(calls, f->start, live) : live;
}

static struct pip_set at_return(struct pip_calls *calls, uint64_t entry) {
    const struct pip_function *known = pip_image_function(calls->image, entry);
    if (!known || known->start != entry) return pip_all();
    struct function *f = function_of(calls, entry);
    if (f->exit_state == DONE) return f->at_return;
    if (f->exit_state == BUSY || exhausted(calls)) return pip_all();
    f->exit_state = BUSY;
    calls->depth++;
    scan(calls);
    f->at_return = from_callers(calls, known);
    calls->depth--;
    f->exit_state = DONE;
    return f->at_return;
}

void pip_calls_solve(struct pip_calls *calls, struct pip_flow *flow, uint64_t function) {
    settle(calls, flow);
    flow->question = PIP_LIVE;
    flow->at_return = at_return(calls, function);
    pip_flow_solve(flow);
}
