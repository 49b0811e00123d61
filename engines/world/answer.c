/* answer.c: what a world printed as an engine's answers. Its lines: `check OUTCOME NAMES`, `cell
 * SIDE OFFSET OUTCOME NAMES`, `mutant NUMBER OP REGISTER noticed|survived`, `injections N`. */
#include "engines/world/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 1024, WORDS = 32 };

/* ---- lines as words ---- */

struct words {
    int count;
    char *word[WORDS];
    char text[LINE];
};

/* The next line that begins with `first`; *at moves behind it. */
static bool next_line(const char **at, const char *first, struct words *w) {
    while (**at) {
        size_t n = strcspn(*at, "\n");
        snprintf(w->text, LINE, "%.*s", (int)(n < LINE ? n : LINE - 1), *at);
        *at += n + ((*at)[n] == '\n');
        w->count = 0;
        for (char *p = strtok(w->text, " "); p && w->count < WORDS; p = strtok(NULL, " "))
            w->word[w->count++] = p;
        if (w->count && strcmp(w->word[0], first) == 0) return true;
    }
    return false;
}

static json_t *names_from(const struct words *w, int from) {
    json_t *names = json_array();
    for (int i = from; i < w->count; i++)
        json_array_append_new(names, json_string(w->word[i]));
    return names;
}

/* ---- ends ---- */

void world_ended(struct world_end *end, int status) {
    static const char last[] = "\nend\n";
    size_t n = end->text ? strlen(end->text) : 0;
    bool whole = n >= sizeof last - 1 && strcmp(end->text + n - sizeof last + 1, last) == 0;
    end->good = status == 0 && whole;
    if (end->good) return;
    const char *tail = n > 900 ? end->text + n - 900 : n ? end->text : "";
    const char *unexpected = end->text ? strstr(end->text, "\nunexpected: ") : NULL;
    if (unexpected) tail = unexpected + 1;
    snprintf(end->why, WORLD_WHY, "the world ended with status %d %s: %s", status,
             whole ? "" : "without its last line, `end`", tail);
    for (char *p = end->why; *p; p++)
        if (*p == '\n') *p = ' ';
}

static json_t *skip(const char *why) {
    return json_pack("{s:s}", "skip", why);
}

static json_t *verdict(const struct work *work, json_t *corrupted, const char *why) {
    json_t *check =
        json_pack("{s:s, s:i, s:o}", "status", why ? "fail" : "pass", "registers",
                  (int)contract_saved(&work->switcher->contract), "corrupted", corrupted);
    if (why) json_object_set_new(check, "reason", json_string(why));
    return check;
}

/* runs the switcher's world with this command; false: why says it */
static bool run_world(const struct work *work, world_run *run, enum world_verb verb,
                      uint64_t rounds, uint64_t first, struct world_end *end) {
    struct world_file file;
    *end = (struct world_end){0};
    if (!world_open(&file, work->switcher, work->seed, verb)) {
        snprintf(end->why, WORLD_WHY, "%s", file.why);
        return false;
    }
    file.command->rounds = rounds;
    file.command->first = first;
    run(&file, end);
    world_close(&file);
    return end->good;
}

/* ---- check: canaries, then the whole stage of Fig. 1 ---- */

static json_t *judge(const struct work *work, const struct world_end *end) {
    const char *at = end->text;
    struct words w;
    if (!next_line(&at, "check", &w) || w.count < 2)
        return verdict(work, json_array(), "the world printed no check");
    if (strcmp(w.word[1], "ok") == 0) return verdict(work, json_array(), NULL);
    if (strcmp(w.word[1], "corrupted") == 0)
        return verdict(work, names_from(&w, 2), "registers of the contract lost their value");
    return verdict(work, names_from(&w, 2),
                   strcmp(w.word[1], "crashed") == 0
                       ? "the switch ended in an exception"
                       : "the contract promises what this world can't check");
}

static const char *stage_went_wrong(const struct world_end *end) {
    static const char said[] = "\nab[12345]!abab\n";
    return end->text && strstr(end->text, said)
               ? NULL
               : "the world did not print what its applications and its guest say";
}

json_t *world_check(const struct work *work, world_run *run) {
    struct world_end end;
    bool good = run_world(work, run, WORLD_CHECK, 1, 0, &end);
    json_t *check = good ? judge(work, &end) : verdict(work, json_array(), end.why);
    free(end.text);
    if (strcmp(json_string_value(json_object_get(check, "status")), "pass") != 0) return check;
    good = run_world(work, run, WORLD_STAGE, 1, 0, &end);
    const char *why = good ? stage_went_wrong(&end) : end.why;
    if (why) {
        json_decref(check);
        check = verdict(work, json_array(), why);
    }
    free(end.text);
    return check;
}

/* ---- count ---- */

static void put(json_t *counts, const char *name, uint64_t value, const char *unit) {
    json_object_set_new(counts, name,
                        json_pack("{s:f, s:s}", "value", (double)value, "unit", unit));
}

static json_t *add_up(const struct world_code *code, const char *direction) {
    const bool out = strcmp(direction, "back") != 0, back = strcmp(direction, "out") != 0;
    uint64_t n = 0, loads = 0, stores = 0, bytes = 0, privileged = 0;
    for (const struct world_instruction *i = code->instruction; i < code->instruction + code->count;
         i++) {
        if (i->side == WORLD_BACK ? !back : !out) continue;
        n++;
        loads += i->effect.loads;
        stores += i->effect.stores;
        bytes += i->effect.bytes;
        privileged += i->effect.privileged;
    }
    json_t *counts = json_object();
    put(counts, "instructions", n, "instructions");
    put(counts, "loads", loads, "loads");
    put(counts, "stores", stores, "stores");
    put(counts, "bytes", bytes, "bytes");
    put(counts, "privileged", privileged, "instructions");
    return counts;
}

json_t *world_count(const struct work *work, world_run *run) {
    const char *direction = json_string_value(json_object_get(work->params, "direction"));
    static struct world_code code;
    struct world_end end;
    json_t *answer;
    if (!run_world(work, run, WORLD_CHECK, 1, 0, &end))
        answer = skip(end.why);
    else
        answer = world_decode(&code, world_machine(work->switcher), end.text)
                     ? add_up(&code, direction ? direction : "round trip")
                     : skip(code.why);
    free(end.text);
    return answer;
}

/* ---- map ---- */

static struct world_instruction *boundary(struct world_code *code, const char *side,
                                          unsigned offset, size_t *number) {
    for (*number = 0; *number < code->count; ++*number) {
        struct world_instruction *i = &code->instruction[*number];
        if (strcmp(world_sides[i->side], side) == 0 && i->offset == offset) return i;
    }
    return NULL;
}

struct tally {
    size_t reached, corrupted, crashed;
    bool foreign; /* a cell that is no boundary of the code */
};

static json_t *read_cells(struct world_code *code, const char *text, struct tally *t) {
    json_t *cells = json_array();
    struct words w;
    while (next_line(&text, "cell", &w)) {
        size_t number;
        struct world_instruction *i =
            w.count >= 4
                ? boundary(code, w.word[1], (unsigned)strtoul(w.word[2], NULL, 10), &number)
                : NULL;
        if (!i) {
            t->foreign = true;
            continue;
        }
        t->reached++;
        t->corrupted += strcmp(w.word[3], "corrupted") == 0;
        t->crashed += strcmp(w.word[3], "crashed") == 0;
        if (strcmp(w.word[3], "ok") == 0) continue;
        json_t *cell = json_pack("{s:i, s:s, s:s, s:s}", "boundary", (int)number, "side", w.word[1],
                                 "before", i->text, "outcome", w.word[3]);
        if (w.count > 4) json_object_set_new(cell, "corrupted", names_from(&w, 4));
        json_array_append_new(cells, cell);
    }
    return cells;
}

static json_t *map_of(const struct work *work, const struct world_end *end) {
    static struct world_code code;
    struct tally t = {0};
    if (!world_decode(&code, world_machine(work->switcher), end->text))
        return json_pack("{s:s}", "fail", code.why);
    json_t *cells = read_cells(&code, end->text, &t);
    if (t.foreign || t.reached != code.count) {
        json_decref(cells);
        return json_pack(
            "{s:o}", "fail",
            json_sprintf("the sweep reached %zu of %zu boundaries%s: coverage below 100%%",
                         t.reached, code.count, t.foreign ? ", and others that are none" : ""));
    }
    const char *at = end->text;
    struct words w;
    uint64_t injections =
        next_line(&at, "injections", &w) && w.count > 1 ? strtoull(w.word[1], NULL, 10) : 0;
    return json_pack("{s:s, s:i, s:I, s:I, s:I, s:i, s:o, s:I, s:I}", "direction", "host-vm-host",
                     "interrupts", 1, "boundaries", (json_int_t)code.count, "corrupted",
                     (json_int_t)t.corrupted, "crashed", (json_int_t)t.crashed, "hung", 0, "cells",
                     cells, "reached", (json_int_t)t.reached, "injections", (json_int_t)injections);
}

json_t *world_map(const struct work *work, world_run *run) {
    struct world_end end;
    bool good = run_world(work, run, WORLD_MAP, 1, 0, &end);
    json_t *answer = good ? map_of(work, &end) : json_pack("{s:s}", "fail", end.why);
    free(end.text);
    return answer;
}

/* ---- mutants ---- */

struct mutation {
    uint64_t total, next; /* next: the first mutant that has not been tried */
    int killed;
    json_t *survivors;
    bool whole; /* unchanged, the switcher passes */
};

/* Reads what one run of the world says. A mutant without its last word took the world with it:
 * noticed. */
static void read_mutants(struct mutation *m, const char *text) {
    const char *at = text;
    struct words w;
    m->whole = next_line(&at, "check", &w) && w.count > 1 && strcmp(w.word[1], "ok") == 0;
    if (next_line(&at, "mutants", &w) && w.count > 1) m->total = strtoull(w.word[1], NULL, 10);
    while (next_line(&at, "mutant", &w)) {
        if (w.count < 4) continue;
        m->next = strtoull(w.word[1], NULL, 10) + 1;
        if (w.count > 4 && strcmp(w.word[4], "survived") == 0)
            json_array_append_new(m->survivors, json_sprintf("%s %s", w.word[2], w.word[3]));
        else
            m->killed++;
    }
}

json_t *world_mutate(const struct work *work, world_run *run) {
    struct mutation m = {.survivors = json_array()};
    char why[WORLD_WHY] = "";
    do {
        struct world_end end;
        uint64_t before = m.next;
        bool good = run_world(work, run, WORLD_MUTATE, 1, m.next, &end);
        if (end.text) read_mutants(&m, end.text);
        if (!m.whole)
            snprintf(why, sizeof why, "%s",
                     good ? "it fails its check unchanged: a mutant would say nothing" : end.why);
        else if (!good && m.next == before)
            snprintf(why, sizeof why, "the world ended before its next mutant: %.900s", end.why);
        free(end.text);
    } while (!*why && m.next < m.total);
    if (!*why)
        return json_pack("{s:i, s:i, s:o}", "total", (int)m.total, "killed", m.killed, "survivors",
                         m.survivors);
    json_decref(m.survivors);
    return skip(why);
}
