/* runs.c: records of many runs; see runs.h. */
#include "harness/runs.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/record.h"

static const char where[] =
    "@"; /* the member of a line in memory that says where it stands; no field of the schema */

const char *line_at(const json_t *line) {
    return line_text(line, where);
}

/* --- Files ------------------------------------------------------------------------------------ */

struct paths {
    char **path;
    size_t n;
};

static void paths_add(struct paths *p, char *path) {
    char **larger = realloc(p->path, (p->n + 1) * sizeof *larger);
    if (!larger || !path) abort();
    p->path = larger;
    p->path[p->n++] = path;
}

static void paths_free(struct paths *p) {
    for (size_t i = 0; i < p->n; i++)
        free(p->path[i]);
    free(p->path);
}

static int is_record(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length > 6 && !strcmp(entry->d_name + length - 6, ".jsonl");
}

static int add_folder(struct paths *p, const char *folder, FILE *err) {
    struct dirent **entries;
    int n = scandir(folder, &entries, is_record, alphasort);
    size_t before = p->n;
    for (int i = 0; i < n; i++) {
        struct stat st;
        char *path = NULL;
        if (asprintf(&path, "%s/%s", folder, entries[i]->d_name) < 0) abort();
        if (!lstat(path, &st) && !S_ISLNK(st.st_mode))
            paths_add(p, path);
        else
            free(path);
        free(entries[i]);
    }
    if (n >= 0) free(entries);
    if (n < 0)
        fprintf(err, "cannot read the folder %s: %s\n", folder, strerror(errno));
    else if (p->n == before)
        fprintf(err, "%s holds no records (*.jsonl); `make bench` writes one to results/\n",
                folder);
    return p->n > before ? 0 : -1;
}

static int expand(char *const *names, size_t n, struct paths *p, FILE *err) {
    int failed = 0;
    for (size_t i = 0; i < n; i++) {
        struct stat st;
        if (!stat(names[i], &st) && S_ISDIR(st.st_mode))
            failed |= add_folder(p, names[i], err);
        else
            paths_add(p, strdup(names[i]));
    }
    return failed;
}

/* --- Lines ------------------------------------------------------------------------------------ */

/* Every line gets its place; lines of a run that an earlier file has are left out. */
struct reading_of {
    struct runs *runs;
    json_t *seen; /* run to the path that it came from */
    const char *path;
    FILE *err;
};

static bool is_new(struct reading_of *r, const json_t *line) {
    const char *run = line_text(line, "run");
    const char *from = json_string_value(json_object_get(r->seen, run));
    if (!from) json_object_set_new(r->seen, run, json_string(r->path));
    if (!from || !strcmp(from, r->path)) return true;
    if (line_is(line, "type", "run"))
        fprintf(r->err, "%s: the run %s was read from %s before; it counts once\n", r->path, run,
                from);
    return false;
}

static int read_file(struct reading_of *r) {
    char why[RECORD_WHY];
    enum reading reading;
    json_t *line;
    struct reader *reader = reader_open(r->path, why, sizeof why);
    if (!reader) {
        fprintf(r->err, "%s\n", why);
        return -1;
    }
    while ((reading = reader_next(reader, &line, why, sizeof why)) != READ_END) {
        if (reading == READ_BAD) {
            fprintf(r->err, "%s\n", why);
            r->runs->bad++;
        } else if (is_new(r, line)) {
            json_object_set_new(line, where,
                                json_sprintf("%s:%zu", r->path, reader_number(reader)));
            json_array_append_new(r->runs->lines, line);
        } else
            json_decref(line);
    }
    reader_close(reader);
    return 0;
}

/* --- Runs ------------------------------------------------------------------------------------- */

static const char *machine_of(const json_t *run) {
    const char *stated =
        json_string_value(json_object_get(json_object_get(run, "env"), "machine_id"));
    return stated ? stated : "unknown";
}

static int by_time(const void *left, const void *right) {
    const struct run_records *a = left, *b = right;
    int times =
        strcmp(line_text(a->run, "time"), line_text(b->run, "time")); /* ISO 8601 sorts as text */
    return times ? times : strcmp(line_text(a->run, "run"), line_text(b->run, "run"));
}

static void gather(struct runs *r) {
    size_t i, all = json_array_size(r->lines);
    json_t *line, *place = json_object(); /* run to its index */
    r->run = calloc(all + 1, sizeof *r->run);
    if (!r->run) abort();
    json_array_foreach(r->lines, i, line) {
        if (line_is(line, "type", "run")) {
            json_object_set_new(place, line_text(line, "run"), json_integer((json_int_t)r->n));
            r->run[r->n++] = (struct run_records){.run = line, .machine = machine_of(line)};
        } else {
            /* the reader gives no line before its run's */
            struct run_records *run =
                &r->run[json_integer_value(json_object_get(place, line_text(line, "run")))];
            if ((run->n & (run->n - 1)) == 0)
                run->lines = realloc(run->lines, (run->n ? 2 * run->n : 1) * sizeof *run->lines);
            if (!run->lines) abort();
            run->lines[run->n++] = line;
        }
    }
    json_decref(place);
    qsort(r->run, r->n, sizeof *r->run, by_time);
}

int runs_load(char *const *names, size_t n, struct runs *r, FILE *err) {
    struct paths paths = {0};
    *r = (struct runs){.lines = json_array()};
    struct reading_of reading = {.runs = r, .seen = json_object(), .err = err};
    int failed = expand(names, n, &paths, err);
    for (size_t i = 0; i < paths.n && !failed; i++) {
        reading.path = paths.path[i];
        failed = read_file(&reading);
    }
    json_decref(reading.seen);
    if (!failed) gather(r);
    if (!failed && !r->n) {
        fprintf(err, "%s%s: no run in it; `make bench` writes one\n", names[0],
                n > 1 ? " and the others" : "");
        failed = -1;
    }
    paths_free(&paths);
    return failed;
}

void runs_free(struct runs *r) {
    for (size_t i = 0; i < r->n; i++) {
        free(r->run[i].lines);
    }
    free(r->run);
    json_decref(r->lines);
    *r = (struct runs){0};
}

bool same_content(const json_t *a, const json_t *b) {
    const json_t *const lines[] = {a, b};
    json_t *content[2];
    for (size_t i = 0; i < 2; i++) {
        content[i] = json_copy((json_t *)(uintptr_t)lines[i]);
        json_object_del(content[i], "run");
        json_object_del(content[i], where);
    }
    bool same = json_equal(content[0], content[1]);
    json_decref(content[0]);
    json_decref(content[1]);
    return same;
}

/* --- Cells ------------------------------------------------------------------------------------ */

static void add(struct cell_path *name, const char *key, const char *value) {
    size_t used = strlen(name->text);
    snprintf(name->text + used, sizeof name->text - used, "%s%s%s%s", used ? "/" : "", key,
             *key ? "=" : "", value);
    for (char *c = name->text + used; *c; c++)
        if (strchr(" \t\r\n", *c)) *c = '_';
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_params(struct cell_path *name, json_t *params) {
    size_t n = 0, size = json_object_size(params);
    const char **keys = calloc(size + 1, sizeof *keys), *key;
    json_t *value;
    if (!keys) abort();
    json_object_foreach(params, key, value) keys[n++] = key;
    qsort(keys, n, sizeof *keys, by_text);
    for (size_t i = 0; i < n; i++) {
        value = json_object_get(params, keys[i]);
        char *text =
            json_is_string(value)
                ? strdup(json_string_value(value))
                : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(12));
        if (!text) abort();
        add(name, keys[i], text);
        free(text);
    }
    free(keys);
}

struct cell_path cell_path(const json_t *result, bool keyed) {
    static const char *const fields[] = {"arch", "engine", "switcher", "mask", "transfer"};
    struct cell_path name = {""};
    add(&name, "", line_text(result, "experiment"));
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        add(&name, keyed ? fields[i] : "", line_text(result, fields[i]));
    add_params(&name, json_object_get(result, "params"));
    return name;
}

const char *metric_flaw(const json_t *result, const char *metric) {
    struct estimate e;
    const char *method = line_method(result, metric);
    if (!line_metric(result, metric, &e)) return "missing";
    if (method && !strcmp(method, "measured") && e.value <= 0)
        return "not positive: nothing takes no time, so it has no ratio and no trend";
    return e.value < 0 ? "negative: a count is not" : NULL;
}
