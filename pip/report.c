/* report.c: a PIP's registers, or a function's best PIPs, as text or JSON. */
#include "pip/report.h"

#include "harness/table.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 150 };

static void describe(const struct pip *pip, const struct pip_point *p, int at, char name[128],
                     char text[96]) {
    pip_name(pip, p->flow->insn[at].address, name, 128);
    pip->arch->text(pip->image, p->flow->insn[at].address, text, 96);
}

/* ---- one PIP ---- */

static size_t live_at_any(const struct pip *pip, const struct pip_points *points) {
    size_t count, live = 0;
    const struct pip_register *reg = pip->arch->registers(&count);
    for (size_t i = 0; i < count; i++) {
        bool any = false;
        for (size_t k = 0; k < points->count; k++)
            any |= pip_live(points->point[k].flow, points->point[k].at, &reg[i]);
        live += any;
    }
    return live;
}

static void print_registers(const struct pip *pip, const struct pip_points *points, FILE *out) {
    static const struct column columns[] = {{"register", NULL, FIT_CUT},
                                            {"class", NULL, FIT_CUT},
                                            {"bits", NULL, FIT_RIGHT},
                                            {"is", NULL, FIT_CUT},
                                            {"because", NULL, FIT_CUT}};
    size_t count;
    const struct pip_register *reg = pip->arch->registers(&count);
    char name[128], text[96], bits[16];
    for (size_t i = 0; i < points->count; i++) {
        describe(pip, &points->point[i], points->point[i].at, name, text);
        fprintf(out, "%s%s: %s\n", i ? "or resumed at " : "", name, text);
    }
    fprintf(out, "%zu of %zu registers are live\n\n", live_at_any(pip, points), count);
    struct table *t = table_new(columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < count; i++) {
        struct pip_verdict v = pip_verdict(pip, points, &reg[i]);
        snprintf(bits, sizeof bits, "%u", reg[i].bits);
        table_row(t, (const char *const[]){reg[i].name, reg[i].class, bits,
                                           v.live ? "live" : "inconsequential", v.why});
    }
    table_print(t, WIDTH, out);
    table_free(t);
}

static json_t *point_json(const struct pip *pip, const struct pip_point *p, int at) {
    char name[128], text[96];
    describe(pip, p, at, name, text);
    return json_pack("{s:s, s:I, s:s}", "at", name, "address",
                     (json_int_t)p->flow->insn[at].address, "instruction", text);
}

static json_t *registers_json(const struct pip *pip, const struct pip_points *points) {
    size_t count;
    const struct pip_register *reg = pip->arch->registers(&count);
    json_t *registers = json_array(), *resume = json_array();
    for (size_t i = 0; i < count; i++) {
        struct pip_verdict v = pip_verdict(pip, points, &reg[i]);
        json_array_append_new(registers, json_pack("{s:s, s:s, s:i, s:b, s:s}", "name", reg[i].name,
                                                   "class", reg[i].class, "bits", (int)reg[i].bits,
                                                   "inconsequential", !v.live, "why", v.why));
    }
    for (size_t i = 1; i < points->count; i++)
        json_array_append_new(resume, point_json(pip, &points->point[i], points->point[i].at));
    json_t *all = point_json(pip, &points->point[0], points->point[0].at);
    json_object_set_new(all, "resume", resume);
    json_object_set_new(all, "live", json_integer((json_int_t)live_at_any(pip, points)));
    json_object_set_new(all, "registers", registers);
    return all;
}

static void dump(const json_t *all, FILE *out) {
    json_dumpf(all, out, JSON_INDENT(1));
    fprintf(out, "\n");
}

static void print_json(json_t *all, FILE *out) {
    dump(all, out);
    json_decref(all);
}

void pip_report_registers(const struct pip *pip, const struct pip_points *points, bool json,
                          FILE *out) {
    if (json)
        print_json(registers_json(pip, points), out);
    else
        print_registers(pip, points, out);
}

/* ---- the best PIPs ---- */

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

static struct ranked *rank(const struct pip_point *p, size_t *count) {
    struct ranked *r = calloc((size_t)p->flow->count + 1, sizeof *r);
    if (!r) abort();
    *count = 0;
    for (int i = 0; i < p->flow->count; i++) {
        uint64_t address = p->flow->insn[i].address;
        bool inside = address >= p->place.entry && (!p->place.end || address < p->place.end);
        if (inside && p->flow->insn[i].size)
            r[(*count)++] = (struct ranked){i, pip_live_count(p->flow, i), address};
    }
    qsort(r, *count, sizeof *r, fewest_first);
    return r;
}

/* names of what is live, neighbours of one class joined: xmm0-7, rax, rbx. An upper part says whose
 */
static void list_live(const struct pip *pip, const struct pip_flow *flow, int at, char *to,
                      size_t size) {
    size_t count, used = 0;
    const struct pip_register *reg = pip->arch->registers(&count);
    *to = 0;
    for (size_t i = 0; i < count && used < size; i++) {
        if (reg[i].fixed || !pip_live(flow, at, &reg[i])) continue;
        size_t last = i;
        while (last + 1 < count && strcmp(reg[last + 1].class, reg[i].class) == 0 &&
               strcmp(reg[i].class, "gpr") != 0 && pip_live(flow, at, &reg[last + 1]))
            last++;
        const char *high = strcmp(reg[i].class, "ymmh") == 0   ? " high"
                           : strcmp(reg[i].class, "zmmh") == 0 ? " high"
                                                               : "";
        used += (size_t)snprintf(to + used, size - used, "%s%s", used ? ", " : "", reg[i].name);
        if (last > i && used < size)
            used += (size_t)snprintf(to + used, size - used, "-%s",
                                     reg[last].name + strcspn(reg[last].name, "0123456789"));
        if (used < size) used += (size_t)snprintf(to + used, size - used, "%s", high);
        i = last;
    }
}

static void print_best(const struct pip *pip, const struct pip_point *p, const struct ranked *r,
                       size_t n, FILE *out) {
    static const struct column columns[] = {
        {"live", NULL, FIT_RIGHT},
        {"PIP", NULL, FIT_CUT},
        {"before the instruction", NULL, FIT_CUT},
        {"live, beside stack pointer, resumption point and what is shared", NULL, FIT_CUT}};
    struct table *t = table_new(columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < n; i++) {
        char name[128], text[96], live[16], names[600];
        describe(pip, p, r[i].at, name, text);
        snprintf(live, sizeof live, "%zu", r[i].live);
        list_live(pip, p->flow, r[i].at, names, sizeof names);
        table_row(t, (const char *const[]){live, name, text, names});
    }
    table_print(t, WIDTH, out);
    table_free(t);
}

static json_t *best_json(const struct pip *pip, const struct pip_point *p, const struct ranked *r,
                         size_t n) {
    json_t *all = json_array();
    for (size_t i = 0; i < n; i++) {
        struct pip_point one = {p->place, p->flow, r[i].at};
        json_array_append_new(all, registers_json(pip, &(struct pip_points){&one, 1}));
    }
    return all;
}

void pip_report_best(const struct pip *pip, const struct pip_point *p, size_t best, bool json,
                     FILE *out) {
    size_t count;
    struct ranked *ranked = rank(p, &count);
    if (best > count) best = count;
    if (json)
        print_json(best_json(pip, p, ranked, best), out);
    else
        print_best(pip, p, ranked, best, out);
    free(ranked);
}

/* ---- every function ---- */

size_t pip_report_all(const struct pip *pip, bool json, FILE *out) {
    json_t *all = json_array();
    pip_calls_whole(pip->calls);
    for (size_t i = 0; i < pip->image->functions; i++) {
        const struct pip_function *f = &pip->image->function[i];
        struct pip_point p = {.place = {f->start, false, f->start, f->end, f->name},
                              .flow = pip_calls_flow(pip->calls, f->start)};
        char name[128], text[96];
        size_t count;
        struct ranked *ranked = rank(&p, &count);
        if (count) describe(pip, &p, ranked[0].at, name, text);
        if (count && json)
            json_array_append_new(all, json_pack("{s:s, s:s, s:I, s:I}", "function", f->name, "at",
                                                 name, "address", (json_int_t)ranked[0].address,
                                                 "live", (json_int_t)ranked[0].live));
        else if (count)
            fprintf(out, "%3zu live  %s: %s\n", ranked[0].live, name, text);
        free(ranked);
    }
    if (json) dump(all, out);
    json_decref(all);
    return pip->image->functions;
}
