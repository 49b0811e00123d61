/* calls.c: summaries of callees and of callers (calls.h). Each question leads to others, and where
 * functions call each other in a circle, back to itself: so questions are answered in rounds, with
 * what was found of other functions so far, until a round changes nothing. Answers start from
 * "reads nothing, lets nothing pass, nothing is live after it" and only ever grow more cautious. */
#include "pip/calls.h"
#include "pip/references.h"

#include <stdlib.h>
#include <string.h>

enum { CALLERS_MAX = 256, DEPTH_MAX = 1000 };

/* an answer, and what it was made from: it holds as long as the answers that it rests on have not
 * changed */
struct answer {
    bool final;
    unsigned round; /* in which it was last looked at */
    uint64_t changed,
        basis; /* when it last changed; the last change of what it was made from, plus 1 */
};

/* one function, by its first address */
struct function {
    uint64_t entry;
    struct pip_flow *flow; /* NULL: not looked at */
    struct answer as_callee, as_called, inside;
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
    bool whole; /* every function is asked about: no need to go from one to the next */
    bool cut;   /* something was not looked at: answers hold, but could be better */
    unsigned round;
    uint64_t clock;         /* counts changes */
    struct function **slot; /* hash by entry */
    size_t slots, functions;
    struct pip_references *references; /* NULL: not looked for yet */
};

struct pip_calls *pip_calls_new(const struct pip_arch *arch, const struct pip_image *image) {
    struct pip_calls *calls = calloc(1, sizeof *calls);
    if (!calls) abort();
    *calls = (struct pip_calls){.arch = arch, .image = image, .allowed = INT64_MAX};
    return calls;
}

void pip_calls_free(struct pip_calls *calls) {
    if (!calls) return;
    for (size_t i = 0; i < calls->slots; i++) {
        if (calls->slot[i]) pip_flow_free(calls->slot[i]->flow);
        free(calls->slot[i]);
    }
    free(calls->slot);
    pip_references_free(calls->references);
    free(calls);
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

/* ---- rounds ---- */

/* whether there is room for one more function; if not, answers are cautious from here on */
static bool allowed(struct pip_calls *calls, const struct function *f) {
    bool room = f->flow || calls->allowed > 0;
    if (room && calls->depth < DEPTH_MAX) return true;
    calls->cut = true;
    return false;
}

static struct pip_flow *flow_of(struct pip_calls *calls, struct function *f) {
    if (f->flow) return f->flow;
    f->flow = pip_flow_new(calls->arch, calls->image, f->entry);
    if (!f->flow) abort();
    calls->allowed -= f->flow->count;
    return f->flow;
}

/* whether an answer has to be looked at now */
static bool due(struct pip_calls *calls, struct answer *a) {
    if (a->final || a->round == calls->round) return false;
    a->round = calls->round;
    return true;
}

/* whether it has to be made again, because what it rests on has changed; if so, it is as new as
 * that */
static bool outdated(struct answer *a, uint64_t basis) {
    if (a->basis == basis + 1) return false;
    a->basis = basis + 1;
    return true;
}

static void note(struct pip_calls *calls, struct answer *a, bool changed) {
    if (changed) a->changed = ++calls->clock;
}

static uint64_t later(uint64_t a, uint64_t b) {
    return a > b ? a : b;
}

/* the answers of the last round are final, unless something was left out for them */
static void finish(struct pip_calls *calls) {
    for (size_t i = 0; i < calls->slots && !calls->cut; i++) {
        struct function *f = calls->slot[i];
        if (!f) continue;
        f->as_callee.final |= f->as_callee.round == calls->round;
        f->as_called.final |= f->as_called.round == calls->round;
    }
}

/* ---- callees ---- */

static const struct function *callee(struct pip_calls *calls, uint64_t entry);

/* a callee that is not known passes everything */
static void settle_inside(struct pip_calls *calls, struct pip_insn *insn) {
    const struct function *f = callee(calls, insn->target);
    insn->kills = f ? f->kills : (struct pip_set){{0}};
    insn->writes = f ? f->writes : pip_all();
    pip_add(&insn->reads, f ? &f->reads : &calls->arch->convention()->arguments);
}

static void settle_outside(struct pip_calls *calls, struct pip_insn *insn,
                           const struct pip_callee *outside) {
    pip_add(&insn->reads, &outside->reads);
    insn->kills = outside->never_returns && !outside->unwinds ? pip_all()
                                                              : calls->arch->convention()->scratch;
    insn->writes = insn->kills;
    pip_remove(&insn->writes, &outside->leaves);
    if (outside->never_returns && !insn->maybe) insn->next = -1;
    if (insn->kind == PIP_ANYWHERE) insn->kind = PIP_TAIL;
}

/* fills in what calls do; gives when the newest answer that this rests on has changed */
static uint64_t settle(struct pip_calls *calls, struct pip_flow *flow) {
    uint64_t newest = 0;
    for (int n = 0; n < flow->call_count; n++) {
        int i = flow->calls[n];
        struct pip_insn *insn = &flow->insn[i];
        struct pip_callee outside = {.reads = calls->arch->convention()->arguments};
        if (insn->outside < 0)
            insn->outside = calls->arch->outside(flow, i, &outside);
        else if (insn->outside)
            continue; /* settled for good */
        if (insn->outside)
            settle_outside(calls, insn, &outside);
        else if (insn->kind == PIP_CALL)
            settle_inside(calls, insn);
        if (insn->maybe) insn->kills = (struct pip_set){{0}};
        if (!insn->outside && insn->kind == PIP_CALL)
            newest = later(newest, function_of(calls, insn->target)->as_callee.changed);
        if (insn->kind != PIP_ANYWHERE && (calls->image->unwinds || outside.unwinds))
            pip_add(&insn->reads, &calls->arch->convention()->preserved);
    }
    return newest;
}

/* what does not pass. A bit that stands for no register passes unless there is no way out; what is
 * saved comes back */
static struct pip_set kills_of(struct pip_flow *flow) {
    static const struct pip_set nobody = {.word[PIP_WORDS - 1] = UINT64_C(1) << 63};
    struct pip_set kills = pip_all(), passes = pip_flow_passes(flow);
    pip_remove(&kills, &passes);
    if (pip_meets(&passes, &nobody)) pip_remove(&kills, &flow->arch->convention()->preserved);
    return kills;
}

static struct pip_set writes_of(const struct pip_flow *flow) {
    struct pip_set writes = {{0}};
    for (int i = 0; i < flow->count; i++)
        pip_add(&writes, &flow->insn[i].writes);
    return writes;
}

static void summarise(struct pip_calls *calls, struct function *f) {
    struct pip_flow *flow = flow_of(calls, f);
    calls->depth++;
    uint64_t basis = settle(calls, flow);
    calls->depth--;
    if (!outdated(&f->as_callee, basis)) return;
    if (calls->arch->settled) calls->arch->settled(flow);
    struct pip_set reads = pip_flow_reads(flow), kills = kills_of(flow), writes = writes_of(flow);
    note(calls, &f->as_callee,
         !pip_equal(&reads, &f->reads) || !pip_equal(&kills, &f->kills) ||
             !pip_equal(&writes, &f->writes));
    f->reads = reads;
    f->kills = kills;
    f->writes = writes;
}

/* NULL: not known */
static const struct function *callee(struct pip_calls *calls, uint64_t entry) {
    struct function *f = function_of(calls, entry);
    if (f->as_callee.final || calls->whole) return f;
    if (!allowed(calls, f)) return NULL;
    if (due(calls, &f->as_callee)) summarise(calls, f);
    return f;
}

/* ---- callers ---- */

/* whether the instructions of a function, one after the other, come by `site`. In doubt, yes */
static bool in_sequence(const struct pip_calls *calls, const struct pip_function *f,
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

/* whether an instruction begins where a reference was found: the search tries all bytes */
static bool is_instruction(struct pip_calls *calls, const struct pip_function *f,
                           struct pip_reference *r) {
    if (r->instruction) return r->instruction > 0;
    const struct function *known = function_of(calls, f->start);
    bool reached = known->flow && pip_flow_find(known->flow, r->site) >= 0;
    r->instruction = reached || in_sequence(calls, f, r->site) ? 1 : -1;
    return r->instruction > 0;
}

static struct pip_set at_return(struct pip_calls *calls, uint64_t entry);

static struct pip_set by_convention(const struct pip_calls *calls, const struct pip_function *f) {
    const struct pip_convention *convention = calls->arch->convention();
    struct pip_set live = convention->results;
    if (f && strcmp(f->name, "main") == 0) return convention->status;
    pip_add(&live, &convention->preserved);
    return live;
}

/* Where callers can't all be looked at, they are taken for compiled code, which uses results and
 * what it knows to be left alone: what the function surely changes it does not use */
static struct pip_set by_compilers(struct pip_calls *calls, const struct pip_flow *flow) {
    struct pip_set live = pip_all(), more = by_convention(calls, NULL);
    for (int i = 0; i < flow->count; i++) {
        const struct pip_insn *insn = &flow->insn[i];
        struct pip_callee outside;
        if (insn->kind != PIP_CALL)
            pip_remove(&live, &insn->writes);
        else if (insn->outside > 0 ||
                 (insn->outside < 0 && calls->arch->outside(flow, i, &outside)))
            pip_remove(&live, &calls->arch->convention()->scratch);
    }
    pip_add(&live, &more);
    return live;
}

/* ... or in doubt everything, if even the function itself can't be looked at */
static struct pip_set unknown_callers(struct pip_calls *calls, struct function *f) {
    calls->cut = true;
    return f->flow ? by_compilers(calls, f->flow) : pip_all();
}

/* the flow of a function with what is live in it */
static void look_inside(struct pip_calls *calls, struct function *f) {
    struct pip_flow *flow = flow_of(calls, f);
    calls->depth++;
    uint64_t basis = settle(calls, flow);
    struct pip_set live = at_return(calls, f->entry);
    calls->depth--;
    basis = later(basis, f->as_called.changed);
    if (!outdated(&f->inside, basis)) return;
    if (calls->arch->settled) calls->arch->settled(flow);
    pip_flow_solve(flow, &live);
    note(calls, &f->inside, true);
}

/* what is live after the call at `site`, in the function that holds it; everything, if that can't
 * be found out. While that function is being looked at already, what was found in it so far */
static struct pip_set after_call(struct pip_calls *calls, uint64_t site, uint64_t function) {
    struct function *f = function_of(calls, function);
    if (!allowed(calls, f)) return pip_all();
    if (!calls->whole && due(calls, &f->inside)) look_inside(calls, f);
    const struct pip_flow *flow = flow_of(calls, f);
    int at = pip_flow_find(flow, site);
    if (at < 0) return pip_all();
    return flow->in ? pip_flow_after(flow, at) : (struct pip_set){{0}};
}

/* the function before may run on into this one */
static bool runs_into(struct pip_calls *calls, const struct pip_function *before, uint64_t entry) {
    if (before->end < entry) return false;
    struct function *f = function_of(calls, before->start);
    if (!allowed(calls, f)) return true;
    const struct pip_flow *flow = flow_of(calls, f);
    int at = pip_flow_find(flow, entry);
    bool into = false;
    for (int i = 0; i < flow->count && at >= 0; i++)
        into |= flow->insn[i].next == at && flow->insn[i].kind != PIP_CALL;
    return into;
}

/* what one reference to a function, or from outside into it, says of what is live at its end */
static struct pip_set from_reference(struct pip_calls *calls, const struct pip_function *f,
                                     struct pip_reference *r) {
    static const struct pip_set nothing;
    const struct pip_function *from = pip_image_function(calls->image, r->site);
    bool itself = from == f, entry = r->target == f->start;
    if (r->kind == PIP_REFERENCE_ADDRESS) return entry ? by_convention(calls, f) : nothing;
    if (itself && (r->kind == PIP_REFERENCE_JUMP || !entry)) return nothing;
    if (!from)
        return r->site >= calls->image->stubs && r->site < calls->image->stubs_end ? nothing
                                                                                   : pip_all();
    if (!is_instruction(calls, from, r)) return nothing;
    return r->kind == PIP_REFERENCE_JUMP ? at_return(calls, from->start)
                                         : after_call(calls, r->site, from->start);
}

static struct pip_set from_callers(struct pip_calls *calls, const struct pip_function *known,
                                   struct function *f) {
    struct pip_set live = {{0}}, more;
    if (known->start == calls->image->entry) live = by_convention(calls, known);
    size_t count;
    struct pip_reference *to =
        pip_references_to(calls->references, known->start, known->end, &count);
    if (count > CALLERS_MAX) {
        flow_of(calls, f);
        return by_compilers(calls, f->flow);
    }
    for (size_t i = 0; i < count; i++) {
        more = from_reference(calls, known, &to[i]);
        pip_add(&live, &more);
    }
    if (known > calls->image->function && runs_into(calls, known - 1, known->start)) {
        more = at_return(calls, known[-1].start);
        pip_add(&live, &more);
    }
    return live;
}

static void look_at_callers(struct pip_calls *calls, struct function *f,
                            const struct pip_function *known) {
    calls->depth++;
    if (!calls->references) calls->references = pip_references_new(calls->arch, calls->image);
    struct pip_set live = from_callers(calls, known, f);
    calls->depth--;
    pip_add(&live, &f->at_return);
    note(calls, &f->as_called, !pip_equal(&live, &f->at_return));
    f->at_return = live;
}

static struct pip_set at_return(struct pip_calls *calls, uint64_t entry) {
    const struct pip_function *known = pip_image_function(calls->image, entry);
    if (!known || known->start != entry) return pip_all();
    struct function *f = function_of(calls, entry);
    if (f->as_called.final || calls->whole) return f->at_return;
    if (!allowed(calls, f)) return unknown_callers(calls, f);
    if (due(calls, &f->as_called)) look_at_callers(calls, f, known);
    return f->at_return;
}

/* ---- questions from outside ---- */

void pip_calls_solve(struct pip_calls *calls, struct pip_flow *flow, uint64_t function,
                     int64_t instructions) {
    uint64_t before;
    struct pip_set live;
    calls->allowed = instructions;
    calls->cut = false;
    do {
        before = calls->clock;
        calls->round++;
        settle(calls, flow);
        live = at_return(calls, function);
    } while (calls->clock != before);
    if (calls->cut) {
        struct pip_set other = by_compilers(calls, flow);
        pip_keep(&live, &other);
    }
    finish(calls);
    if (calls->arch->settled) calls->arch->settled(flow);
    pip_flow_solve(flow, &live);
}

/* all that is known now; looking at it adds to it */
static struct function **everything(const struct pip_calls *calls, size_t *count) {
    struct function **all = calloc(calls->functions + 1, sizeof *all);
    if (!all) abort();
    *count = 0;
    for (size_t i = 0; i < calls->slots; i++)
        if (calls->slot[i]) all[(*count)++] = calls->slot[i];
    return all;
}

static void whole_round(struct pip_calls *calls) {
    size_t count;
    struct function **all = everything(calls, &count);
    for (size_t i = 0; i < count; i++)
        summarise(calls, all[i]);
    for (size_t i = 0; i < count; i++) {
        const struct pip_function *known = pip_image_function(calls->image, all[i]->entry);
        if (known && known->start == all[i]->entry) look_at_callers(calls, all[i], known);
        look_inside(calls, all[i]);
    }
    free(all);
}

void pip_calls_whole(struct pip_calls *calls) {
    uint64_t before;
    calls->whole = true;
    calls->allowed = INT64_MAX;
    for (size_t i = 0; i < calls->image->functions; i++)
        function_of(calls, calls->image->function[i].start);
    do {
        before = calls->clock;
        whole_round(calls);
    } while (calls->clock != before);
}

const struct pip_flow *pip_calls_flow(struct pip_calls *calls, uint64_t entry) {
    return function_of(calls, entry)->flow;
}
