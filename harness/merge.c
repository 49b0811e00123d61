/* merge.c: the shards of a campaign from the files alone: are they all there and of one campaign,
 * how far is it, and one file of them all. */
#include "harness/campaign.h"
#include "harness/outcomes.h"
#include "harness/whole_file.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { EXAMPLES = 10, NAME = 128 };
#define CONFIDENCE 0.95

struct shard {
    char name[NAME]; /* of its file */
    unsigned index, shards;
    json_t *header, *lines; /* lines: of the forms */
};

struct folder {
    const char *path;
    struct shard *shard;
    size_t n;
};

/* ---- reading ---- */

/* NAME.I-of-N.jsonl */
static bool numbers_of(const char *name, unsigned *index, unsigned *shards) {
    const char *dot = strchr(name, '.');
    int end = 0;
    return dot && sscanf(dot, ".%u-of-%u.jsonl%n", index, shards, &end) == 2 && end && !dot[end];
}

static int is_shard(const struct dirent *entry) {
    unsigned index, shards;
    return strlen(entry->d_name) < NAME && numbers_of(entry->d_name, &index, &shards);
}

static int by_number(const struct dirent **a, const struct dirent **b) {
    unsigned i = 0, k = 0, shards;
    numbers_of((*a)->d_name, &i, &shards);
    numbers_of((*b)->d_name, &k, &shards);
    return i != k ? (i > k) - (i < k) : strcmp((*a)->d_name, (*b)->d_name);
}

static json_t *parse(char *text) {
    json_t *lines = json_array();
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        json_t *object = json_loads(line, 0, NULL);
        if (!object || json_array_append_new(lines, object)) {
            json_decref(lines);
            return NULL;
        }
    }
    return lines;
}

static bool read_shard(struct folder *f, const char *name, char why[CAMPAIGN_WHY]) {
    struct shard *s = &f->shard[f->n];
    char path[CAMPAIGN_PATH];
    snprintf(s->name, NAME, "%s", name);
    numbers_of(name, &s->index, &s->shards);
    snprintf(path, sizeof path, "%.3500s/%s", f->path, s->name);
    char *text = whole_file_read(path, why, CAMPAIGN_WHY);
    if (!text) return false;
    s->lines = parse(text);
    free(text);
    s->header = json_incref(json_array_get(s->lines, 0));
    json_array_remove(s->lines, 0);
    f->n++;
    const char *type = json_string_value(json_object_get(s->header, "type"));
    if (type && strcmp(type, "campaign") == 0) return true;
    snprintf(why, CAMPAIGN_WHY, "%s is damaged: it does not begin with a campaign's line", s->name);
    return false;
}

static bool read_folder(struct folder *f, char why[CAMPAIGN_WHY]) {
    struct dirent **entry = NULL;
    int n = scandir(f->path, &entry, is_shard, by_number);
    bool good = n > 0;
    if (n < 0)
        snprintf(why, CAMPAIGN_WHY, "cannot read %.500s: %s", f->path, strerror(errno));
    else if (!n)
        snprintf(why, CAMPAIGN_WHY,
                 "%.500s holds no shard; switchlab campaign --shard I/N --out writes them",
                 f->path);
    f->shard = calloc((size_t)(n > 0 ? n : 0) + 1, sizeof *f->shard);
    if (!f->shard) abort();
    for (int i = 0; i < n; i++) {
        good = good && read_shard(f, entry[i]->d_name, why);
        free(entry[i]);
    }
    free(entry);
    return good;
}

static void forget(struct folder *f) {
    for (size_t i = 0; i < f->n; i++) {
        json_decref(f->shard[i].header);
        json_decref(f->shard[i].lines);
    }
    free(f->shard);
}

/* ---- one campaign, all of it ---- */

static json_t *identity_of(const struct shard *s) {
    static const char *const own[] = {"shard", "shards",       "host",       "started",
                                      "ended", "wall_seconds", "cpu_seconds"};
    json_t *identity = json_copy(s->header);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        json_object_del(identity, own[i]);
    return identity;
}

/* value as text, cut */
static const char *text_of(const json_t *value, char text[80]) {
    char *dump = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
    snprintf(text, 80, "%s", dump ? dump : "nothing");
    free(dump);
    return text;
}

static bool same_campaign(const struct shard *a, const struct shard *b, char why[CAMPAIGN_WHY]) {
    json_t *x = identity_of(a), *y = identity_of(b), *value;
    const char *name;
    char left[80], right[80];
    bool same = json_equal(x, y);
    json_object_foreach(x, name, value) if (!json_equal(value, json_object_get(y, name))) {
        snprintf(why, CAMPAIGN_WHY,
                 "%s and %s are of different campaigns: %s is %s in the one, %s in the other",
                 a->name, b->name, name, text_of(value, left),
                 text_of(json_object_get(y, name), right));
        break;
    }
    if (!same && !why[0])
        snprintf(why, CAMPAIGN_WHY, "%s and %s are of different campaigns", a->name, b->name);
    json_decref(x);
    json_decref(y);
    return same;
}

static bool in_place(const struct shard *s, char why[CAMPAIGN_WHY]) {
    json_int_t index = json_integer_value(json_object_get(s->header, "shard")),
               shards = json_integer_value(json_object_get(s->header, "shards"));
    if (index == s->index && shards == s->shards && s->index < s->shards &&
        s->shards <= CAMPAIGN_SHARDS_MOST)
        return true;
    snprintf(why, CAMPAIGN_WHY,
             "%s holds shard %lld of %lld: a duplicate under a foreign name; remove it", s->name,
             (long long)index, (long long)shards);
    return false;
}

static bool check_each(const struct folder *f, char why[CAMPAIGN_WHY]) {
    const struct shard *first = &f->shard[0];
    for (size_t i = 0; i < f->n; i++) {
        const struct shard *s = &f->shard[i];
        if (!in_place(s, why)) return false;
        if (s->shards != first->shards) {
            snprintf(why, CAMPAIGN_WHY,
                     "%s and %s: one campaign in %u shards and in %u; remove one kind", first->name,
                     s->name, first->shards, s->shards);
            return false;
        }
        if (i && s->index == s[-1].index) {
            snprintf(why, CAMPAIGN_WHY, "%s and %s: shard %u is there twice", s[-1].name, s->name,
                     s->index);
            return false;
        }
        if (!same_campaign(first, s, why)) return false;
    }
    return true;
}

static bool all_there(const struct folder *f, char why[CAMPAIGN_WHY]) {
    size_t used = 0, missing = f->shard[0].shards - f->n;
    if (!missing) return true;
    char path[CAMPAIGN_PATH];
    used += (size_t)snprintf(why, CAMPAIGN_WHY, "%zu of %u shards are missing:", missing,
                             f->shard[0].shards);
    for (size_t k = 0, i = 0; k < f->shard[0].shards && used < CAMPAIGN_WHY - 300; k++) {
        if (i < f->n && f->shard[i].index == k) {
            i++;
            continue;
        }
        used += (size_t)snprintf(why + used, CAMPAIGN_WHY - used, " %zu", k);
    }
    campaign_path("", f->shard[0].header, 0, f->shard[0].shards, path);
    snprintf(why + used, CAMPAIGN_WHY - used, "; run them, and merge again (files %.100s, ...)",
             path + 1);
    return false;
}

/* ---- one form, of all shards ---- */

struct form {
    const json_t *is; /* its object in the campaign's line */
    uint64_t before, points, failed, tally[INJECTIONS];
    json_t *examples;
};

static uint64_t number(const json_t *object, const char *name) {
    return (uint64_t)json_integer_value(json_object_get(object, name));
}

static const char *outcomes_in(const struct shard *s, size_t form) {
    const char *text =
        json_string_value(json_object_get(json_array_get(s->lines, form), "outcomes"));
    return text ? text : "?";
}

static void add_example(struct form *form, const json_t *identity, uint64_t point,
                        enum injection outcome) {
    static const char *const names[] = {"ok", "corrupted", "crashed", "hung"};
    uint32_t at[INJECTIONS_MOST];
    const struct points points = {(uint32_t)number(form->is, "boundaries"),
                                  (unsigned)number(identity, "interrupts"),
                                  number(identity, "sample"), (uint32_t)number(identity, "seed")};
    if (json_array_size(form->examples) >= EXAMPLES) return;
    points_at(&points, point, at);
    json_t *list = json_array();
    for (unsigned i = 0; i < points.interrupts; i++)
        json_array_append_new(list, json_integer(at[i]));
    json_array_append_new(form->examples, json_pack("{s:I, s:o, s:s}", "point", (json_int_t)point,
                                                    "boundaries", list, "outcome", names[outcome]));
}

static bool complete(const struct folder *f, size_t k, const struct form *form,
                     char why[CAMPAIGN_WHY]) {
    for (size_t i = 0; i < f->n; i++) {
        uint64_t want = campaign_part(form->before, form->points, (unsigned)i, (unsigned)f->n),
                 is = outcomes_count(outcomes_in(&f->shard[i], k), NULL);
        if (is == want) continue;
        snprintf(why, CAMPAIGN_WHY,
                 "%s is damaged: of %s it has not the outcomes of its %" PRIu64
                 " points; remove it and run it again",
                 f->shard[i].name, json_string_value(json_object_get(form->is, "switcher")), want);
        return false;
    }
    return true;
}

/* all outcomes in the order of the points */
static char *merge_form(const struct folder *f, size_t k, struct form *form,
                        const json_t *identity) {
    struct outcomes_reader *reader = calloc(f->n, sizeof *reader);
    char *text = NULL;
    size_t size;
    struct outcomes_writer writer = {.to = open_memstream(&text, &size)};
    if (!reader || !writer.to) abort();
    for (size_t i = 0; i < f->n; i++)
        reader[i].text = outcomes_in(&f->shard[i], k);
    for (uint64_t p = 0; p < form->points; p++) {
        enum injection outcome;
        outcomes_next(&reader[(form->before + p) % f->n], &outcome);
        outcomes_put(&writer, outcome);
        form->tally[outcome]++;
        if (outcome != INJECTION_OK) add_example(form, identity, p, outcome);
    }
    outcomes_end(&writer);
    fclose(writer.to);
    free(reader);
    form->failed = form->points - form->tally[INJECTION_OK];
    return text;
}

/* to six digits, so that it is the same text wherever it is computed */
static double rounded(double x) {
    char text[32];
    snprintf(text, sizeof text, "%.6g", x);
    return strtod(text, NULL);
}

static json_t *line_of(const struct form *form, const json_t *identity, const char *outcomes) {
    json_t *line = json_pack("{s:s}", "type", "outcomes");
    json_object_update(line, (json_t *)form->is);
    static const char *const names[] = {"ok", "corrupted", "crashed", "hung"};
    for (int i = 0; i < INJECTIONS; i++)
        json_object_set_new(line, names[i], json_integer((json_int_t)form->tally[i]));
    if (number(identity, "sample"))
        json_object_set_new(
            line, "share_below",
            json_pack("{s:f, s:f}", "confidence", CONFIDENCE, "bound",
                      rounded(points_bound(form->failed, form->points, CONFIDENCE))));
    json_object_set(line, "first", form->examples);
    json_object_set_new(line, "outcomes", json_string(outcomes));
    return line;
}

static void print_row(const struct form *form, const json_t *identity, FILE *out) {
    fprintf(out,
            "%-16s %-12s %-8s %10" PRIu64 " %12" PRIu64 " %12" PRIu64 " %12" PRIu64 " %10" PRIu64
            " %8" PRIu64,
            json_string_value(json_object_get(form->is, "switcher")),
            json_string_value(json_object_get(form->is, "mask")),
            json_string_value(json_object_get(form->is, "transfer")),
            number(form->is, "boundaries"), form->points, form->tally[INJECTION_OK],
            form->tally[INJECTION_CORRUPTED], form->tally[INJECTION_CRASHED],
            form->tally[INJECTION_HUNG]);
    if (number(identity, "sample"))
        fprintf(out, "   below %.2g of all, at %.0f%%",
                points_bound(form->failed, form->points, CONFIDENCE), 100 * CONFIDENCE);
    fputc('\n', out);
}

static bool merge_forms(const struct folder *f, const json_t *identity, FILE *text, FILE *out,
                        uint64_t *findings, char why[CAMPAIGN_WHY]) {
    size_t k;
    json_t *is;
    uint64_t before = 0;
    json_array_foreach(json_object_get(identity, "forms"), k, is) {
        struct form form = {is, before, number(is, "points"), 0, {0}, json_array()};
        before += form.points;
        if (!complete(f, k, &form, why)) {
            json_decref(form.examples);
            return false;
        }
        char *outcomes = merge_form(f, k, &form, identity);
        json_t *line = line_of(&form, identity, outcomes);
        json_dumpf(line, text, JSON_COMPACT | JSON_REAL_PRECISION(6));
        fputc('\n', text);
        print_row(&form, identity, out);
        if (json_is_true(json_object_get(is, "claims"))) *findings += form.failed;
        json_decref(line);
        json_decref(form.examples);
        free(outcomes);
    }
    return true;
}

/* ---- merge ---- */

static bool merge(const struct folder *f, FILE *out, uint64_t *findings, char why[CAMPAIGN_WHY]) {
    char *text = NULL, path[CAMPAIGN_PATH], name[64];
    size_t size;
    json_t *identity = identity_of(&f->shard[0]);
    FILE *to = open_memstream(&text, &size);
    if (!to) abort();
    json_dumpf(identity, to, JSON_COMPACT);
    fputc('\n', to);
    fprintf(out, "%-16s %-12s %-8s %10s %12s %12s %12s %10s %8s\n", "switcher", "mask", "transfer",
            "boundaries", "points", "ok", "corrupted", "crashed", "hung");
    bool good = merge_forms(f, identity, to, out, findings, why);
    fclose(to);
    campaign_name(identity, name);
    snprintf(path, sizeof path, "%.3900s/%s.jsonl", f->path, name);
    good = good && whole_file_write(path, text, size, why, CAMPAIGN_WHY);
    if (good) fprintf(out, "%u shards merged: %s\n", f->shard[0].shards, path);
    free(text);
    json_decref(identity);
    return good;
}

bool campaign_merge(const char *path, FILE *out, uint64_t *findings, char why[CAMPAIGN_WHY]) {
    struct folder f = {.path = path};
    why[0] = 0;
    *findings = 0;
    bool good = read_folder(&f, why) && check_each(&f, why) && all_there(&f, why) &&
                merge(&f, out, findings, why);
    forget(&f);
    return good;
}

/* ---- how far it is ---- */

bool campaign_status(const char *path, FILE *out, char why[CAMPAIGN_WHY]) {
    struct folder f = {.path = path};
    double first = 0, last = 0, cpu = 0;
    why[0] = 0;
    bool good = read_folder(&f, why) && check_each(&f, why);
    for (size_t i = 0; good && i < f.n; i++) {
        const char *text = json_string_value(json_object_get(f.shard[i].header, "started"));
        double began = text ? atof(text) : 0, ended = (double)number(f.shard[i].header, "ended");
        if (!i || began < first) first = began;
        if (ended > last) last = ended;
        cpu += json_number_value(json_object_get(f.shard[i].header, "cpu_seconds"));
    }
    if (good) {
        double n = (double)f.n, all = f.shard[0].shards,
               points = (double)number(f.shard[0].header, "points"),
               took = last > first ? last - first : 1;
        fprintf(out,
                "%.0f of %.0f shards done, %.1f%%; %.0f points/s in all, %.0f a core; %.0f s left "
                "at this rate\n",
                n, all, 100 * n / all, points * n / all / took,
                cpu > 0 ? points * n / all / cpu : 0, (all - n) * took / n);
    }
    forget(&f);
    return good;
}
