/* campaign.c: the list of points, and the shards. */
#include "harness/campaign.h"

#include "harness/outcomes.h"
#include "harness/whole_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifndef SWITCHLAB_COMMIT
#define SWITCHLAB_COMMIT "unknown"
#endif

static const char *const families[] = {NULL, "singles", "pairs", "triples"};

static double now(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ---- the list ---- */

static struct work work_of(const struct campaign *c, const struct switcher *s) {
    return (struct work){.switcher = s, .seed = c->seed, .cpu = -1};
}

static bool takes(const struct engine *engine, const struct switcher *s) {
    struct work work = {.switcher = s, .cpu = -1};
    return engine->injector && !(engine->unavailable && engine->unavailable()) &&
           !(engine->rejects && engine->rejects(&work));
}

static const struct engine *engine_for(const struct campaign_parameters *p) {
    for (const struct engine *const *e = p->engines; *e; e++)
        for (const struct switcher *const *s = p->switchers; *s; s++)
            if (takes(*e, *s)) return *e;
    return NULL;
}

static bool add_form(struct campaign *c, const struct campaign_parameters *p,
                     const struct switcher *s, char why[CAMPAIGN_WHY]) {
    struct campaign_form *f = &c->form[c->forms];
    struct work work = work_of(c, s);
    char reason[INJECTOR_WHY] = "";
    *f = (struct campaign_form){.switcher = s, .before = c->points};
    const char *unavailable = s->unavailable ? s->unavailable() : NULL;
    void *injector = unavailable ? NULL : c->engine->injector->open(&work, &f->facts, reason);
    if (!injector) {
        json_array_append_new(c->skipped,
                              json_sprintf("%s %s %s: %s", s->name, s->mask, s->transfer,
                                           unavailable ? unavailable : reason));
        return true;
    }
    c->engine->injector->close(injector);
    f->points = (struct points){f->facts.boundaries, p->interrupts, p->sample, p->seed};
    if (!points_whole(&f->points)) {
        snprintf(why, CAMPAIGN_WHY, "%s: more points than can be numbered", s->name);
        return false;
    }
    c->points += points_count(&f->points);
    c->forms++;
    return true;
}

static json_t *identity_of(const struct campaign *c, const struct campaign_parameters *p) {
    json_t *forms = json_array();
    for (const struct campaign_form *f = c->form; f < c->form + c->forms; f++)
        json_array_append_new(forms,
                              json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:I, s:I, s:I}", "switcher",
                                        f->switcher->name, "kind", f->switcher->kind, "mask",
                                        f->switcher->mask, "transfer", f->switcher->transfer,
                                        "world", f->facts.world, "claims", f->facts.claims,
                                        "boundaries", (json_int_t)f->facts.boundaries, "whole",
                                        (json_int_t)points_whole(&f->points), "points",
                                        (json_int_t)points_count(&f->points)));
    return json_pack("{s:s, s:i, s:s, s:s, s:s, s:i, s:I, s:I, s:I, s:o}", "type", "campaign",
                     "schema", 1, "commit", SWITCHLAB_COMMIT, "engine", c->engine->name, "arch",
                     c->form[0].switcher->arch, "interrupts", (int)p->interrupts, "sample",
                     (json_int_t)p->sample, "seed", (json_int_t)p->seed, "points",
                     (json_int_t)c->points, "forms", forms);
}

bool campaign_open(struct campaign *c, const struct campaign_parameters *p,
                   char why[CAMPAIGN_WHY]) {
    size_t n = 0;
    *c = (struct campaign){.engine = engine_for(p), .seed = p->seed, .skipped = json_array()};
    while (p->switchers[n])
        n++;
    if (!c->engine) {
        snprintf(
            why, CAMPAIGN_WHY,
            "no chosen engine can interrupt a chosen switcher; try --arch ia64 or --arch simple");
        return false;
    }
    c->form = calloc(n, sizeof *c->form);
    if (!c->form) abort();
    for (size_t i = 0; i < n; i++)
        if (takes(c->engine, p->switchers[i]) && !add_form(c, p, p->switchers[i], why))
            return false;
    if (!c->forms) {
        snprintf(why, CAMPAIGN_WHY, "no switcher can be interrupted: %.800s",
                 json_string_value(json_array_get(c->skipped, 0)));
        return false;
    }
    c->identity = identity_of(c, p);
    return true;
}

void campaign_close(struct campaign *c) {
    json_decref(c->identity);
    json_decref(c->skipped);
    free(c->form);
    *c = (struct campaign){0};
}

/* ---- names ---- */

void campaign_name(const json_t *identity, char name[64]) {
    json_int_t n = json_integer_value(json_object_get(identity, "interrupts"));
    const char *arch = json_string_value(json_object_get(identity, "arch"));
    snprintf(name, 64, "%.40s-%s", arch ? arch : "?",
             n > 0 && n <= INJECTIONS_MOST ? families[n] : "?");
}

void campaign_path(const char *folder, const json_t *identity, unsigned shard, unsigned shards,
                   char path[CAMPAIGN_PATH]) {
    char name[64];
    campaign_name(identity, name);
    snprintf(path, CAMPAIGN_PATH, "%.3900s/%s.%u-of-%u.jsonl", folder, name, shard, shards);
}

/* the first point of a form that is the shard's: p mod N = shard */
static uint64_t first_index(uint64_t before, unsigned shard, unsigned shards) {
    return (shard + shards - before % shards) % shards;
}

uint64_t campaign_part(uint64_t before, uint64_t points, unsigned shard, unsigned shards) {
    uint64_t first = first_index(before, shard, shards);
    return first < points ? (points - first - 1) / shards + 1 : 0;
}

/* ---- a shard ---- */

struct running {
    const struct campaign *campaign;
    unsigned shard, shards;
    FILE *text, *progress;
    uint64_t done, all;
    double began, shown;
};

static void show(struct running *r) {
    double t = r->progress ? now(CLOCK_MONOTONIC) : 0;
    if (t < r->shown + 0.5) return;
    r->shown = t;
    fprintf(r->progress, "\rshard %u of %u: %5.1f%%, %.0f points/s ", r->shard, r->shards,
            100.0 * (double)r->done / (double)(r->all ? r->all : 1),
            (double)r->done / (t - r->began));
}

static bool run_form(struct running *r, const struct campaign_form *f, char why[CAMPAIGN_WHY]) {
    const struct injector *injector = r->campaign->engine->injector;
    struct work work = work_of(r->campaign, f->switcher);
    struct injector_facts facts;
    struct outcomes_writer writer = {.to = r->text};
    char reason[INJECTOR_WHY] = "";
    uint32_t at[INJECTIONS_MOST];
    const uint64_t points = points_count(&f->points);
    uint64_t i = first_index(f->before, r->shard, r->shards);
    void *state = i < points ? injector->open(&work, &facts, reason) : NULL;
    if (i < points && !state) {
        snprintf(why, CAMPAIGN_WHY, "%s %s: %s", f->switcher->name, f->switcher->mask, reason);
        return false;
    }
    fprintf(r->text,
            "{\"type\":\"outcomes\",\"switcher\":\"%s\",\"mask\":\"%s\",\"transfer\":\"%s\","
            "\"outcomes\":\"",
            f->switcher->name, f->switcher->mask, f->switcher->transfer);
    for (; i < points; i += r->shards) {
        points_at(&f->points, i, at);
        outcomes_put(&writer, injector->run(state, at, f->points.interrupts));
        if (++r->done % 256 == 0) show(r);
    }
    outcomes_end(&writer);
    fprintf(r->text, "\"}\n");
    if (state) injector->close(state);
    return true;
}

static void put_header(struct running *r, const char *started, double wall, double cpu) {
    char host[256] = "host";
    json_t *header = json_copy(r->campaign->identity);
    gethostname(host, sizeof host - 1);
    json_object_set_new(header, "shard", json_integer(r->shard));
    json_object_set_new(header, "shards", json_integer(r->shards));
    json_object_set_new(header, "host", json_string(host));
    json_object_set_new(header, "started", json_string(started));
    json_object_set_new(header, "ended", json_integer((json_int_t)time(NULL)));
    json_object_set_new(header, "wall_seconds", json_real(wall));
    json_object_set_new(header, "cpu_seconds", json_real(cpu));
    json_dumpf(header, r->text, JSON_COMPACT);
    fputc('\n', r->text);
    json_decref(header);
}

/* the file's text: outcomes first into memory, because the header says how long they took */
static char *run_shard(struct running *r, size_t *size, char why[CAMPAIGN_WHY]) {
    const double cpu = now(CLOCK_PROCESS_CPUTIME_ID), wall = now(CLOCK_MONOTONIC);
    char *body = NULL, *text = NULL, started[32];
    size_t body_size;
    bool good = true;
    snprintf(started, sizeof started, "%lld", (long long)time(NULL));
    r->began = wall;
    r->text = open_memstream(&body, &body_size);
    if (!r->text) abort();
    for (size_t i = 0; i < r->campaign->forms && good; i++)
        good = run_form(r, &r->campaign->form[i], why);
    fclose(r->text);
    r->text = open_memstream(&text, size);
    if (!r->text) abort();
    put_header(r, started, now(CLOCK_MONOTONIC) - wall, now(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    fwrite(body, 1, body_size, r->text);
    fclose(r->text);
    free(body);
    if (r->progress) fprintf(r->progress, "\r%60s\r", "");
    if (good) return text;
    free(text);
    return NULL;
}

/* the first line of a shard's file says the same as this campaign, where this campaign says
 * anything */
static const char *differs(const json_t *identity, const char *text) {
    json_t *header = json_loads(text, JSON_DISABLE_EOF_CHECK, NULL), *value;
    const char *name, *field = header ? NULL : "its first line";
    json_object_foreach((json_t *)identity, name,
                        value) if (!field && !json_equal(value, json_object_get(header, name)))
        field = name;
    json_decref(header);
    return field;
}

/* CAMPAIGN_DONE: it has to be run */
static enum campaign_result look(const struct campaign *c, const char *path,
                                 char why[CAMPAIGN_WHY]) {
    if (access(path, F_OK)) return CAMPAIGN_DONE;
    char *text = whole_file_read(path, why, CAMPAIGN_WHY);
    if (!text) return CAMPAIGN_DONE; /* damaged: again */
    const char *field = differs(c->identity, text);
    free(text);
    if (!field) return CAMPAIGN_WAS_THERE;
    snprintf(why, CAMPAIGN_WHY,
             "%.500s is of another campaign: %s differs; use another --out, or remove that file",
             path, field);
    return CAMPAIGN_FAILED;
}

enum campaign_result campaign_shard(const struct campaign *c, const char *folder, unsigned shard,
                                    unsigned shards, FILE *progress, char why[CAMPAIGN_WHY]) {
    struct running r = {.campaign = c, .shard = shard, .shards = shards, .progress = progress};
    char path[CAMPAIGN_PATH];
    size_t size = 0;
    if (mkdir(folder, 0777) && errno != EEXIST) {
        snprintf(why, CAMPAIGN_WHY, "cannot make %.500s: %s", folder, strerror(errno));
        return CAMPAIGN_FAILED;
    }
    campaign_path(folder, c->identity, shard, shards, path);
    enum campaign_result there = look(c, path, why);
    if (there != CAMPAIGN_DONE) return there;
    for (size_t i = 0; i < c->forms; i++)
        r.all += campaign_part(c->form[i].before, points_count(&c->form[i].points), shard, shards);
    char *text = run_shard(&r, &size, why);
    bool good = text && whole_file_write(path, text, size, why, CAMPAIGN_WHY);
    free(text);
    return good ? CAMPAIGN_DONE : CAMPAIGN_FAILED;
}

/* ---- size and rate ---- */

/* points a second, as a shard of many runs them */
static double rate_of(const struct campaign *c, const struct campaign_form *f,
                      char why[CAMPAIGN_WHY]) {
    enum { MEASURED_SHARDS = 64, MOST = 20000 };
    static const double seconds = 0.1;
    struct work work = work_of(c, f->switcher);
    struct injector_facts facts;
    char reason[INJECTOR_WHY] = "";
    uint32_t at[INJECTIONS_MOST];
    void *state = c->engine->injector->open(&work, &facts, reason);
    if (!state) {
        snprintf(why, CAMPAIGN_WHY, "%s: %s", f->switcher->name, reason);
        return 0;
    }
    const uint64_t points = points_count(&f->points);
    const uint64_t stride = points / MEASURED_SHARDS ? points / MEASURED_SHARDS : 1;
    double began = now(CLOCK_PROCESS_CPUTIME_ID), took = 0;
    uint64_t n = 0;
    /* runs of neighbours, from all over the list */
    for (uint64_t from = 0; from < points && took < seconds; from += stride)
        for (uint64_t i = from; i < points && i < from + MOST / MEASURED_SHARDS; i++, n++) {
            points_at(&f->points, i, at);
            c->engine->injector->run(state, at, f->points.interrupts);
            took = now(CLOCK_PROCESS_CPUTIME_ID) - began;
        }
    c->engine->injector->close(state);
    return took > 0 ? (double)n / took : 0;
}

bool campaign_list(const struct campaign *c, FILE *out, char why[CAMPAIGN_WHY]) {
    double hours = 0;
    fprintf(out, "%-16s %-12s %-8s %10s %14s %14s %10s %12s\n", "switcher", "mask", "transfer",
            "boundaries", "choices", "points", "points/s", "core-hours");
    for (size_t i = 0; i < c->forms; i++) {
        const struct campaign_form *f = &c->form[i];
        double rate = rate_of(c, f, why);
        if (rate <= 0) return false;
        double h = (double)points_count(&f->points) / rate / 3600;
        hours += h;
        fprintf(out, "%-16s %-12s %-8s %10" PRIu32 " %14" PRIu64 " %14" PRIu64 " %10.0f %12.4f\n",
                f->switcher->name, f->switcher->mask, f->switcher->transfer, f->facts.boundaries,
                points_whole(&f->points), points_count(&f->points), rate, h);
    }
    fprintf(out, "%" PRIu64 " points on %s, about %.4g core-hours at the rates measured now\n",
            c->points, c->engine->name, hours);
    return true;
}
