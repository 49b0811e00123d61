/* report.c: a PIP's registers, or a function's best PIPs, as text or JSON. */
#include "pip/report.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static void print_pip(const struct pip *pip, const struct pip_flow *flow, int at, FILE *out) {
    size_t count;
    const struct pip_register *reg = pip->arch->registers(&count);
    char name[128], text[96];
    pip_name(pip, flow->insn[at].address, name, sizeof name);
    pip->arch->text(pip->image, flow->insn[at].address, text, sizeof text);
    fprintf(out, "%s: %s\n%zu of %zu registers are live\n", name, text, pip_live_count(flow, at),
            count);
    for (size_t i = 0; i < count; i++) {
        struct pip_verdict v = pip_verdict(pip, flow, at, &reg[i]);
        fprintf(out, "  %-8s %-10s %4u bits  %-16s%s\n", reg[i].name, reg[i].class, reg[i].bits,
                v.live ? "live" : "inconsequential", v.why);
    }
}

static json_t *pip_json(const struct pip *pip, const struct pip_flow *flow, int at) {
    size_t count;
    const struct pip_register *reg = pip->arch->registers(&count);
    char name[128], text[96];
    pip_name(pip, flow->insn[at].address, name, sizeof name);
    pip->arch->text(pip->image, flow->insn[at].address, text, sizeof text);
    json_t *registers = json_array();
    for (size_t i = 0; i < count; i++) {
        struct pip_verdict v = pip_verdict(pip, flow, at, &reg[i]);
        json_array_append_new(registers, json_pack("{s:s, s:s, s:i, s:b, s:s}", "name", reg[i].name,
                                                   "class", reg[i].class, "bits", (int)reg[i].bits,
                                                   "inconsequential", !v.live, "why", v.why));
    }
    return json_pack("{s:s, s:I, s:s, s:I, s:o}", "at", name, "address",
                     (json_int_t)flow->insn[at].address, "instruction", text, "live",
                     (json_int_t)pip_live_count(flow, at), "registers", registers);
}

struct ranked {
    int at;
    size_t live;
    uint64_t address;
};
static int fewest_first(const void *a, const void *b) {
    const struct ranked *x = a, *y = b;
    if (x->live != y->live) return x->live < y->live ? -1 : 1;
    return x->address < y->address ? -1 : x->address > y->address;
}

static struct ranked *rank(const struct pip_flow *flow, const struct pip_place *place,
                           size_t *count) {
    struct ranked *r = calloc((size_t)flow->count + 1, sizeof *r);
    if (!r) abort();
    *count = 0;
    for (int i = 0; i < flow->count; i++) {
        uint64_t address = flow->insn[i].address;
        if (address < place->entry || (place->end && address >= place->end) || !flow->insn[i].size)
            continue;
        r[(*count)++] = (struct ranked){i, pip_live_count(flow, i), address};
    }
    qsort(r, *count, sizeof *r, fewest_first);
    return r;
}

static void print_best(const struct pip *pip, const struct pip_flow *flow, const struct ranked *r,
                       size_t n, FILE *out) {
    size_t count;
    const struct pip_register *reg = pip->arch->registers(&count);
    for (size_t i = 0; i < n; i++) {
        char name[128], text[96];
        pip_name(pip, r[i].address, name, sizeof name);
        pip->arch->text(pip->image, r[i].address, text, sizeof text);
        fprintf(out, "%3zu live  %-24s %-40s", r[i].live, name, text);
        for (size_t k = 0; k < count; k++)
            if (!reg[k].fixed && pip_live(flow, r[i].at, &reg[k]))
                fprintf(out, " %s%s", reg[k].name,
                        strcmp(reg[k].class, "zmmh") && strcmp(reg[k].class, "ymmh") ? "" : "h");
        fprintf(out, "\n");
    }
}

bool pip_report(const struct pip *pip, const char *where, const struct pip_report *report,
                FILE *out, char message[PIP_MESSAGE]) {
    struct pip_place place;
    int at;
    if (!pip_find(pip, where, &place, message)) return false;
    struct pip_flow *flow = pip_analyse(pip, &place, &at, message);
    if (!flow) return false;
    size_t count = 0;
    struct ranked *ranked = place.offset ? NULL : rank(flow, &place, &count);
    size_t n = count < report->best ? count : report->best;
    if (report->json) {
        json_t *all = json_array();
        if (place.offset) json_array_append_new(all, pip_json(pip, flow, at));
        for (size_t i = 0; i < n; i++)
            json_array_append_new(all, pip_json(pip, flow, ranked[i].at));
        json_dumpf(all, out, JSON_INDENT(1));
        fprintf(out, "\n");
        json_decref(all);
    } else if (place.offset) {
        print_pip(pip, flow, at, out);
    } else {
        print_best(pip, flow, ranked, n, out);
    }
    free(ranked);
    pip_flow_free(flow);
    return true;
}
