/* pip.c: from a file and a place to verdicts (pip.h). */
#include "pip/pip.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const struct pip_arch *a, const struct pip_arch *b) {
    return strcmp(a->name, b->name);
}
DEFINE_REGISTRY(pip_arch, by_name)

/* of other functions, to answer for one: so that it takes less than 0.1 s */
enum { INSTRUCTIONS_ALLOWED = 40 * 1000 };

#define FAIL(...) (snprintf(message, PIP_MESSAGE, __VA_ARGS__), false)

/* ---- files ---- */

struct starts {
    uint64_t *start;
    size_t count;
};
static void add_called(void *to, const struct pip_reference *r) {
    struct starts *s = to;
    if (r->kind != PIP_REFERENCE_CALL || r->instruction <= 0) return;
    s->start = realloc(s->start, (s->count + 1) * sizeof *s->start);
    if (!s->start) abort();
    s->start[s->count++] = r->target;
}

/* a file that names no functions: what is called is one, where it is certain that it is called */
static void find_functions(struct pip *pip) {
    struct starts s = {0};
    if (pip->image->functions) return;
    pip->arch->scan(pip->image, add_called, &s);
    add_called(&s, &(struct pip_reference){.target = pip->image->entry,
                                           .kind = PIP_REFERENCE_CALL,
                                           .instruction = s.count > 0});
    pip_image_add_functions(pip->image, s.start, s.count);
    free(s.start);
}

static bool opened(struct pip *pip, const char *name, char message[PIP_MESSAGE]) {
    if (!pip->image) return false;
    for (const struct pip_arch *const *a = pip_arch_all(); *a; a++)
        if ((*a)->machine == pip->image->machine) {
            pip->arch = *a;
            find_functions(pip);
            pip->calls = pip_calls_new(*a, pip->image);
            return true;
        }
    int used = snprintf(message, PIP_MESSAGE,
                        "%.200s: e_machine is %u, which can't be analysed; these can:", name,
                        pip->image->machine);
    for (const struct pip_arch *const *a = pip_arch_all(); *a; a++)
        used += snprintf(message + used, (size_t)(PIP_MESSAGE - used), " %s (%u)", (*a)->name,
                         (*a)->machine);
    pip_close(pip);
    return false;
}

bool pip_open(struct pip *pip, const char *path, char message[PIP_MESSAGE]) {
    *pip = (struct pip){.image = pip_image_open(path, message)};
    return opened(pip, path, message);
}
bool pip_open_memory(struct pip *pip, const uint8_t *bytes, size_t size, const char *name,
                     char message[PIP_MESSAGE]) {
    *pip = (struct pip){.image = pip_image_of(bytes, size, name, message)};
    return opened(pip, name, message);
}
void pip_close(struct pip *pip) {
    pip_calls_free(pip->calls);
    pip_image_free(pip->image);
    *pip = (struct pip){0};
}

/* ---- places ---- */

static bool number(const char *text, uint64_t *value) {
    char *end;
    if (*text < '0' || *text > '9') return false;
    errno = 0;
    *value = strtoull(text, &end, 0);
    return !errno && !*end;
}

static bool start_of(const struct pip *pip, const char *name, uint64_t *address,
                     char message[PIP_MESSAGE]) {
    if (number(name, address)) return true;
    size_t found = pip_image_named(pip->image, name, address);
    if (found == 1) return true;
    if (found)
        return FAIL("%zu functions are called '%.200s': give the address of the one that is meant "
                    "(nm lists them; one is at %#" PRIx64 ")",
                    found, name, *address);
    if (!pip->image->functions)
        return FAIL("the file has no symbols, so '%.200s' can't be found: give an address", name);
    return FAIL("no function is called '%.200s': nm lists the symbols; an address will do too",
                name);
}

/* a symbol may have a + in it: the last one counts, if a number follows */
bool pip_find(const struct pip *pip, const char *place, struct pip_place *found,
              char message[PIP_MESSAGE]) {
    char name[4096];
    uint64_t offset = 0;
    if (strlen(place) >= sizeof name) return FAIL("the name of the symbol is too long");
    strcpy(name, place);
    char *plus = strrchr(name, '+');
    if (plus && number(plus + 1, &offset))
        *plus = 0;
    else if (plus && pip_image_named(pip->image, name, &offset) == 0)
        return FAIL("the offset '%.200s' is not a number", plus);
    else
        plus = NULL;
    *found = (struct pip_place){0};
    if (!start_of(pip, name, &found->address, message)) return false;
    found->offset = plus || number(name, &offset);
    if (plus && found->address > UINT64_MAX - offset)
        return FAIL("%.200s lies beyond the address space", place);
    uint64_t base = found->address;
    if (plus) {
        number(plus + 1, &offset);
        found->address += offset;
    }
    size_t left;
    if (!pip_image_code(pip->image, found->address, &left))
        return FAIL("there is no code at %.200s (%#" PRIx64 ")", place, found->address);
    const struct pip_function *f = pip_image_function(pip->image, found->address);
    if (f && plus && !number(name, &offset) && base != f->start &&
        !(base >= f->start && base < f->end))
        return FAIL("%.200s lies outside the function, in %.200s", place, f->name);
    found->entry = f ? f->start : found->address;
    found->end = f ? f->end : 0;
    found->function = f ? f->name : NULL;
    found->offset |= found->address != found->entry;
    return true;
}

void pip_name(const struct pip *pip, uint64_t address, char *text, size_t size) {
    const struct pip_function *f = pip_image_function(pip->image, address);
    if (!f || !*f->name)
        snprintf(text, size, "%#" PRIx64, address);
    else if (address == f->start)
        snprintf(text, size, "%.80s", f->name);
    else
        snprintf(text, size, "%.80s+%#" PRIx64, f->name, address - f->start);
}

/* ---- analysis ---- */

/* code that no jump of the flow reaches (a landing pad, a case of a table that was not found) is an
 * instruction if those before it, taken one after the other, end where it begins */
static bool in_sequence(const struct pip *pip, const struct pip_place *place) {
    uint64_t address = place->entry;
    while (address < place->address) {
        struct pip_insn insn = {.address = address};
        pip->arch->decode(pip->image, address, &insn);
        if (!insn.size) return false;
        address += insn.size;
    }
    return address == place->address;
}

struct pip_flow *pip_analyse(const struct pip *pip, const struct pip_place *place, int *at,
                             char message[PIP_MESSAGE]) {
    struct pip_flow *flow = pip_flow_new(pip->arch, pip->image, place->entry);
    if (!flow) abort();
    *at = pip_flow_find(flow, place->address);
    if (*at < 0 && in_sequence(pip, place)) *at = pip_flow_add(flow, place->address);
    if (*at >= 0 && !flow->insn[*at].size) *at = -1;
    if (*at < 0) {
        char name[128];
        pip_name(pip, place->address, name, sizeof name);
        snprintf(message, PIP_MESSAGE,
                 "%s (%#" PRIx64
                 ") is not the start of an instruction: objdump -d shows where they start",
                 name, place->address);
        pip_flow_free(flow);
        return NULL;
    }
    pip_calls_solve(pip->calls, flow, place->entry, INSTRUCTIONS_ALLOWED);
    return flow;
}

/* ---- verdicts ---- */

bool pip_live(const struct pip_flow *flow, int at, const struct pip_register *reg) {
    return reg->fixed || pip_meets(&flow->in[at], &reg->parts);
}

/* a register's parts lie close together: where, in up to two words */
struct spot {
    int word;
    uint64_t first, second;
};
static const struct spot *spots(const struct pip_arch *arch, size_t *count) {
    static const struct pip_arch *made_for;
    static struct spot *spot;
    const struct pip_register *reg = arch->registers(count);
    if (made_for == arch) return spot;
    free(spot);
    spot = calloc(*count, sizeof *spot);
    if (!spot) abort();
    for (size_t i = 0; i < *count; i++) {
        int w = 0;
        while (w < PIP_WORDS - 2 && !reg[i].parts.word[w])
            w++;
        spot[i] = (struct spot){w, reg[i].parts.word[w], reg[i].parts.word[w + 1]};
    }
    made_for = arch;
    return spot;
}

size_t pip_live_count(const struct pip_flow *flow, int at) {
    size_t count, live = 0;
    const struct pip_register *reg = flow->arch->registers(&count);
    const struct spot *spot = spots(flow->arch, &count);
    for (size_t i = 0; i < count; i++) {
        const uint64_t *word = &flow->in[at].word[spot[i].word];
        live += reg[i].fixed || (word[0] & spot[i].first) || (word[1] & spot[i].second);
    }
    return live;
}

static const char *const reading[] = {
    [PIP_PLAIN] = "first use at",
    [PIP_BRANCH] = "first use at",
    [PIP_JUMP] = "first use at",
    [PIP_SWITCH] = "first use at",
    [PIP_CALL] = "may be an argument of the call at",
    [PIP_RETURN] = "the caller may use it after the return at",
    [PIP_TAIL] = "an argument, or the caller's, at the jump to another file at",
    [PIP_ANYWHERE] = "may be used beyond the indirect jump at",
    [PIP_STOP] = "first use at",
    [PIP_UNKNOWN] = "may be used by an instruction that is not understood, at",
};

static struct pip_verdict verdict_at(const struct pip *pip, const struct pip_point *point,
                                     const struct pip_register *reg) {
    const struct pip_flow *flow = point->flow;
    struct pip_verdict v = {.live = pip_live(flow, point->at, reg)};
    if (reg->fixed) {
        snprintf(v.why, sizeof v.why, "%s", reg->fixed);
        return v;
    }
    struct pip_cause cause = pip_flow_cause(flow, point->at, &reg->parts);
    int i = v.live ? cause.read : cause.kill;
    if (i < 0) {
        snprintf(v.why, sizeof v.why, "not used on any way from here");
        return v;
    }
    const struct pip_insn *insn = &flow->insn[i];
    char name[128], text[96];
    pip_name(pip, insn->address, name, sizeof name);
    pip->arch->text(pip->image, insn->address, text, sizeof text);
    const char *how = v.live                   ? reading[insn->kind]
                      : insn->kind == PIP_CALL ? "call-clobbered: lost at"
                                               : "dead: overwritten before any read, at";
    snprintf(v.why, sizeof v.why, "%s %.60s: %.60s", how, name, text);
    return v;
}

struct pip_verdict pip_verdict(const struct pip *pip, const struct pip_points *points,
                               const struct pip_register *reg) {
    for (size_t i = 0; i < points->count; i++)
        if (pip_live(points->point[i].flow, points->point[i].at, reg))
            return verdict_at(pip, &points->point[i], reg);
    return verdict_at(pip, &points->point[0], reg);
}

bool pip_points_find(const struct pip *pip, char *const places[], size_t count,
                     struct pip_points *points, char message[PIP_MESSAGE]) {
    *points = (struct pip_points){.point = calloc(count, sizeof *points->point)};
    if (!points->point) abort();
    for (size_t i = 0; i < count; i++) {
        struct pip_point *p = &points->point[i];
        if (!pip_find(pip, places[i], &p->place, message)) return false;
        p->flow = pip_analyse(pip, &p->place, &p->at, message);
        if (!p->flow) return false;
        points->count++;
    }
    return true;
}

void pip_points_free(struct pip_points *points) {
    for (size_t i = 0; i < points->count; i++)
        pip_flow_free((struct pip_flow *)points->point[i].flow);
    free(points->point);
    *points = (struct pip_points){0};
}
