/* flow.c: control flow by following jumps, and backward liveness over it (flow.h). */
#include "pip/flow.h"

#include <stdlib.h>
#include <string.h>

enum { INSTRUCTIONS_MAX = 400 * 1000, CASES_MAX = 4096 };

/* ---- instructions by address ---- */

static unsigned hash(uint64_t address, int slots) {
    return (unsigned)((address * UINT64_C(0x9e3779b97f4a7c15)) >> 40) & (unsigned)(slots - 1);
}

static int *slot_of(const struct pip_flow *flow, uint64_t address) {
    unsigned at = hash(address, flow->slot_count);
    while (flow->slots[at] >= 0 && flow->insn[flow->slots[at]].address != address)
        at = (at + 1) & (unsigned)(flow->slot_count - 1);
    return &flow->slots[at];
}

int pip_flow_find(const struct pip_flow *flow, uint64_t address) {
    return *slot_of(flow, address);
}

static void *resized(void *array, size_t bytes) {
    void *larger = realloc(array, bytes);
    if (!larger) abort();
    return larger;
}

static void grow(struct pip_flow *flow) {
    flow->room = flow->room ? flow->room * 2 : 128;
    flow->insn = resized(flow->insn, (size_t)flow->room * sizeof *flow->insn);
    flow->slot_count = flow->room * 2;
    flow->slots = resized(flow->slots, (size_t)flow->slot_count * sizeof *flow->slots);
    memset(flow->slots, 0xff, (size_t)flow->slot_count * sizeof *flow->slots);
    for (int i = 0; i < flow->count; i++)
        *slot_of(flow, flow->insn[i].address) = i;
}

/* the instruction at an address, decoded if it is new; -1 beyond the limit */
static int node(struct pip_flow *flow, uint64_t address) {
    int found = pip_flow_find(flow, address);
    if (found >= 0) return found;
    if (flow->count == INSTRUCTIONS_MAX) {
        flow->truncated = true;
        return -1;
    }
    if (flow->count == flow->room) grow(flow);
    struct pip_insn *insn = &flow->insn[flow->count];
    *insn = (struct pip_insn){.address = address, .next = -1, .branch = -1, .outside = -1};
    flow->arch->decode(flow->image, address, insn);
    *slot_of(flow, address) = flow->count;
    return flow->count++;
}

/* ---- successors ---- */

static bool goes_on(const struct pip_insn *insn) {
    return insn->size && (insn->maybe || insn->kind == PIP_PLAIN || insn->kind == PIP_BRANCH ||
                          insn->kind == PIP_CALL || insn->kind == PIP_UNKNOWN);
}

static void arrive(struct pip_flow *flow, int at) {
    if (at >= 0) flow->insn[at].sources++;
}

static void add_cases(struct pip_flow *flow, int i) {
    uint64_t target;
    flow->insn[i].cases = flow->case_count;
    for (int n = 0; n < CASES_MAX && flow->arch->resolve(flow, i, n, &target); n++) {
        int at = node(flow, target);
        flow->cases = resized(flow->cases, (size_t)(flow->case_count + 1) * sizeof *flow->cases);
        flow->cases[flow->case_count++] = at;
        arrive(flow, at);
        flow->insn[i].case_count++;
        flow->insn[i].kind = PIP_SWITCH;
    }
}

static void link_successors(struct pip_flow *flow, int i) {
    struct pip_insn insn = flow->insn[i]; /* a copy: new nodes move the array */
    if (goes_on(&insn)) {
        int next = node(flow, insn.address + insn.size);
        flow->insn[i].next = next;
        arrive(flow, next);
    }
    if (insn.kind == PIP_BRANCH || insn.kind == PIP_JUMP) {
        int branch = node(flow, insn.target);
        flow->insn[i].branch = branch;
        arrive(flow, branch);
    }
    if (insn.kind == PIP_ANYWHERE) add_cases(flow, i);
}

static void list_calls(struct pip_flow *flow) {
    flow->calls = resized(flow->calls, ((size_t)flow->count + 1) * sizeof *flow->calls);
    flow->call_count = 0;
    for (int i = 0; i < flow->count; i++) {
        enum pip_kind kind = flow->insn[i].kind;
        if (kind == PIP_CALL || kind == PIP_ANYWHERE || kind == PIP_TAIL)
            flow->calls[flow->call_count++] = i;
    }
    flow->calls = resized(flow->calls, ((size_t)flow->call_count + 1) * sizeof *flow->calls);
}

/* new instructions come to lie at the end, so walking to the end reaches all */
static void link_from(struct pip_flow *flow, int first) {
    for (int i = first; i < flow->count; i++)
        link_successors(flow, i);
}

struct pip_flow *pip_flow_new(const struct pip_arch *arch, const struct pip_image *image,
                              uint64_t entry) {
    struct pip_flow *flow = calloc(1, sizeof *flow);
    if (!flow) return NULL;
    *flow = (struct pip_flow){.arch = arch, .image = image, .entry = entry};
    grow(flow);
    pip_flow_add(flow, entry);
    if (arch->check) arch->check(flow);
    return flow;
}

int pip_flow_add(struct pip_flow *flow, uint64_t address) {
    int first = flow->count, at = node(flow, address);
    arrive(flow, at);
    link_from(flow, first);
    list_calls(flow);
    return at;
}

void pip_flow_free(struct pip_flow *flow) {
    if (!flow) return;
    free(flow->insn);
    free(flow->slots);
    free(flow->cases);
    free(flow->in);
    free(flow->calls);
    free(flow);
}

/* ---- liveness ---- */

/* a successor that is missing though control goes there: anything may be read */
static bool lost(const struct pip_flow *flow, int i) {
    const struct pip_insn *insn = &flow->insn[i];
    if (!flow->truncated) return false;
    if (goes_on(insn) && insn->next < 0) return true;
    if ((insn->kind == PIP_BRANCH || insn->kind == PIP_JUMP) && insn->branch < 0) return true;
    for (int n = 0; n < insn->case_count; n++)
        if (flow->cases[insn->cases + n] < 0) return true;
    return false;
}

enum question { LIVE, READ, PASSED };

/* what is read at an instruction, for the question that is asked of the flow */
static struct pip_set reads_at(const struct pip_flow *flow, int i, enum question question) {
    const struct pip_insn *insn = &flow->insn[i];
    struct pip_set reads = {{0}};
    if (insn->kind == PIP_ANYWHERE || insn->kind == PIP_UNKNOWN || lost(flow, i)) return pip_all();
    if (question != PASSED) reads = insn->reads;
    if (question == READ && insn->saves) pip_remove(&reads, &flow->arch->convention()->preserved);
    if (insn->kind == PIP_RETURN || insn->kind == PIP_TAIL) {
        struct pip_set at_return = flow->at_return;
        pip_remove(&at_return, &insn->kills); /* by the function that a tail call goes to */
        pip_add(&reads, &at_return);
    }
    if (insn->bare) pip_remove(&reads, &flow->bare);
    return reads;
}

struct pip_set pip_flow_after(const struct pip_flow *flow, int i) {
    struct pip_set live = {{0}};
    PIP_EACH_SUCCESSOR(flow, i, s) pip_add(&live, &flow->in[s]);
    return live;
}

static struct pip_set live_before(const struct pip_flow *flow, int i, enum question question) {
    struct pip_set live = pip_flow_after(flow, i), reads = reads_at(flow, i, question);
    pip_remove(&live, &flow->insn[i].kills);
    if (flow->insn[i].bare) pip_remove(&live, &flow->bare);
    pip_add(&live, &reads);
    return live;
}

static void solve(struct pip_flow *flow, enum question question) {
    memset(flow->in, 0, (size_t)flow->count * sizeof *flow->in);
    for (bool changed = true; changed;) {
        changed = false;
        for (int i = flow->count - 1; i >= 0; i--) {
            struct pip_set in = live_before(flow, i, question);
            if (pip_equal(&in, &flow->in[i])) continue;
            flow->in[i] = in;
            changed = true;
        }
    }
}

void pip_flow_solve(struct pip_flow *flow, const struct pip_set *at_return) {
    flow->in = resized(flow->in, (size_t)flow->count * sizeof *flow->in);
    flow->at_return = *at_return;
    solve(flow, LIVE);
}

/* an answer for the entry alone; flow->in stays as it was */
static struct pip_set at_entry(struct pip_flow *flow, enum question question,
                               struct pip_set at_return) {
    static struct pip_set *scratch;
    static int room;
    struct pip_set *kept = flow->in, kept_return = flow->at_return;
    if (room < flow->count)
        scratch = resized(scratch, (size_t)(room = flow->count * 2) * sizeof *scratch);
    flow->in = scratch;
    flow->at_return = at_return;
    solve(flow, question);
    flow->in = kept;
    flow->at_return = kept_return;
    return scratch[pip_flow_find(flow, flow->entry)];
}

struct pip_set pip_flow_reads(struct pip_flow *flow) {
    return at_entry(flow, READ, (struct pip_set){{0}});
}
struct pip_set pip_flow_passes(struct pip_flow *flow) {
    return at_entry(flow, PASSED, pip_all());
}

/* ---- causes: breadth first from the PIP, along with the parts that nothing has overwritten yet
 * ---- */

struct search {
    const struct pip_flow *flow;
    struct pip_set *seen; /* the parts with which each instruction was reached */
    int *queue, head, tail;
    bool *queued;
};

static void reach(struct search *s, int i, const struct pip_set *parts) {
    if (pip_within(parts, &s->seen[i])) return;
    pip_add(&s->seen[i], parts);
    if (s->queued[i]) return;
    s->queued[i] = true;
    s->queue[s->tail] = i;
    s->tail = (s->tail + 1) % (s->flow->count + 1);
}

static struct pip_cause search(struct search *s, int from, const struct pip_set *parts) {
    struct pip_cause cause = {.live = false, .read = -1, .kill = -1};
    reach(s, from, parts);
    while (s->head != s->tail) {
        int i = s->queue[s->head];
        s->head = (s->head + 1) % (s->flow->count + 1);
        s->queued[i] = false;
        const struct pip_insn *insn = &s->flow->insn[i];
        struct pip_set left = s->seen[i], reads = reads_at(s->flow, i, LIVE);
        if (pip_meets(&left, &reads))
            return (struct pip_cause){.live = true, .read = i, .kill = -1};
        if (cause.kill < 0 && pip_meets(&left, &insn->kills)) cause.kill = i;
        pip_remove(&left, &insn->kills);
        if (insn->bare) pip_remove(&left, &s->flow->bare);
        if (pip_meets(&left, &left)) PIP_EACH_SUCCESSOR(s->flow, i, next) reach(s, next, &left);
    }
    return cause;
}

struct pip_cause pip_flow_cause(const struct pip_flow *flow, int i, const struct pip_set *parts) {
    size_t n = (size_t)flow->count + 1;
    struct search s = {.flow = flow,
                       .seen = calloc(n, sizeof *s.seen),
                       .queue = calloc(n, sizeof *s.queue),
                       .queued = calloc(n, 1)};
    if (!s.seen || !s.queue || !s.queued) abort();
    struct pip_cause cause = search(&s, i, parts);
    free(s.seen);
    free(s.queue);
    free(s.queued);
    return cause;
}
