/* baseline.c: see baseline.h. A baseline is a record too: its lines have no samples, and a map is
 * kept as its tallies. */
#include "harness/baseline.h"

#include "harness/record.h"
#include "harness/table.h"
#include "harness/views.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH = 4096 };

/* the one text that a field of all results has; NULL: they disagree */
static const char *common_text(const struct side *side, const char *field) {
    const char *text = NULL, *cell;
    json_t *lines;
    json_object_foreach(side->cells, cell, lines) {
        const char *other = line_text(json_array_get(lines, 0), field);
        if (text && strcmp(text, other)) return NULL;
        text = other;
    }
    return text;
}

bool baseline_path(char *path, size_t size, const char *dir, const struct side *record, FILE *err) {
    const char *arch = common_text(record, "arch");
    if (!arch || !*record->compiler)
        fprintf(err,
                "%s has results of several %s: a baseline is for one; run each into a file of its "
                "own\n",
                record->path, arch ? "compilers" : "architectures");
    else if (strchr(arch, '/'))
        fprintf(err, "%s: '%s' is no architecture\n", record->path, arch);
    else
        return (size_t)snprintf(path, size, "%s/%s-%s.jsonl", dir, arch, record->compiler) < size;
    return false;
}

/* ---- lines ---- */

/* what a reader needs, and what says where the figures come from */
static json_t *short_run(const json_t *run) {
    static const char *const facts[] = {"cpu", "vendor", "family", "model", "stepping", "compiler"};
    json_t *line = json_copy((json_t *)(uintptr_t)run), *env = json_object();
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        json_object_set(env, facts[i], json_object_get(json_object_get(run, "env"), facts[i]));
    json_object_set_new(line, "env", env);
    json_object_set_new(line, "clock",
                        json_pack("{s:s}", "source", "none: a baseline holds exact figures only"));
    return line;
}

/* a map line may lack what a result must have; cell_name reads it the same way */
static void complete(json_t *line) {
    static const char *const texts[] = {"experiment", "state", "transfer"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!json_object_get(line, texts[i])) json_object_set_new(line, texts[i], json_string("-"));
    if (!json_object_get(line, "params")) json_object_set_new(line, "params", json_object());
    if (!json_object_get(line, "check"))
        json_object_set_new(
            line, "check",
            json_pack("{s:s, s:i, s:[]}", "status", "pass", "registers", 0, "corrupted"));
}

static json_t *short_line(const json_t *line) {
    static const char *const left_out[] = {"samples", "set_aside", "cells", "clock_refused",
                                           "core_shared"};
    json_t *kept = json_copy((json_t *)(uintptr_t)line), *metrics = exact_figures(line);
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        json_object_del(kept, left_out[i]);
    json_object_set_new(kept, "type", json_string("result"));
    json_object_set_new(kept, "metrics", metrics);
    complete(kept);
    if (json_object_size(metrics)) return kept;
    json_decref(kept);
    return NULL;
}

/* ---- writing ---- */

static bool write_line(struct record *record, json_t *line, FILE *err) {
    char why[RECORD_WHY];
    if (record_write(record, line, why, sizeof why) == 0) return true;
    fprintf(err, "%s\n", why);
    return false;
}

static bool write_cells(struct record *record, const struct side *side, const struct side *but_not,
                        FILE *err) {
    const char *cell;
    json_t *lines;
    if (!write_line(record, short_run(side->run), err)) return false;
    json_object_foreach(side->cells, cell, lines) {
        if (but_not && json_object_get(but_not->cells, cell)) continue;
        json_t *line = short_line(json_array_get(lines, json_array_size(lines) - 1));
        if (!line) continue;
        json_object_set(line, "run", json_object_get(side->run, "run"));
        if (!write_line(record, line, err)) return false;
    }
    return true;
}

/* cells of the old baseline that the record lacks for a stated reason */
static size_t kept_cells(const struct side *old, const struct side *new, struct side *kept) {
    struct changes changes = compare_exact(old, new);
    *kept = (struct side){.path = old->path, .run = old->run, .cells = json_object()};
    for (size_t i = 0; i < changes.n; i++)
        if (changes.list[i].kind == CELL_MISSING && changes.list[i].reason)
            json_object_set(kept->cells, changes.list[i].cell,
                            json_object_get(old->cells, changes.list[i].cell));
    free(changes.list);
    return json_object_size(kept->cells);
}

static bool same_run(const struct side *a, const struct side *b) {
    return strcmp(line_text(a->run, "run"), line_text(b->run, "run")) == 0;
}

static bool write_file(const char *path, const struct side *new, const struct side *old,
                       FILE *err) {
    char fresh[PATH + 8], why[RECORD_WHY];
    snprintf(fresh, sizeof fresh, "%s.new", path);
    unlink(fresh);
    struct record *record = record_open_file(fresh, why, sizeof why);
    if (!record) {
        fprintf(err, "%s\n", why);
        return false;
    }
    struct side kept = {0};
    bool keep = old && !same_run(old, new) && kept_cells(old, new, &kept);
    bool written =
        write_cells(record, new, NULL, err) && (!keep || write_cells(record, &kept, new, err));
    json_decref(kept.cells);
    if (record_close(record, why, sizeof why)) fprintf(err, "%s\n", why);
    if (written && rename(fresh, path) == 0) return true;
    if (written) fprintf(err, "cannot replace %s: %s\n", path, strerror(errno));
    unlink(fresh);
    return false;
}

static void print_changes(const struct side *old, const struct side *new, FILE *out) {
    struct changes changes = compare_exact(old, new);
    for (size_t i = 0; i < changes.n; i++) {
        char text[1024], line[2048];
        change_text(&changes.list[i], text, sizeof text);
        snprintf(line, sizeof line, "  %s: %s", changes.list[i].cell, text);
        print_wrapped(line, 4, SHOW_COLUMNS, out);
    }
    free(changes.list);
}

static const char *failed_cell(const struct side *side) {
    const char *cell;
    json_t *lines;
    json_object_foreach(side->cells, cell, lines) {
        const json_t *line = json_array_get(lines, json_array_size(lines) - 1);
        if (json_object_get(line, "check") && !line_passed(line)) return cell;
    }
    return NULL;
}

static int write_baseline(const char *path, const struct side *new, FILE *out, FILE *err) {
    struct side old = {0};
    const char *wrong = failed_cell(new);
    if (wrong || new->results.bad) {
        fprintf(err, "%s: no baseline from it: %s%s\n", new->path,
                wrong ? "the check failed of " : "it has bad lines", wrong ? wrong : "");
        return 1;
    }
    bool there = access(path, F_OK) == 0 && side_load(&old, path, err) == 0;
    bool written = write_file(path, new, there ? &old : NULL, err);
    if (written)
        fprintf(out, "%s: %zu cells%s\n", path, json_object_size(new->cells),
                there ? "; changes:" : ", new");
    if (written && there) print_changes(&old, new, out);
    side_free(&old);
    return written ? 0 : 1;
}

int baseline_write(const char *dir, const char *record, FILE *out, FILE *err) {
    struct side new;
    char path[PATH];
    int code = 2;
    if (mkdir(dir, 0777) && errno != EEXIST)
        fprintf(err, "cannot make the folder %s: %s\n", dir, strerror(errno));
    else if (side_load(&new, record, err) == 0) {
        if (baseline_path(path, sizeof path, dir, &new, err))
            code = write_baseline(path, &new, out, err);
        side_free(&new);
    } else
        side_free(&new);
    return code;
}

/* ---- comparing ---- */

int baseline_compare(const char *dir, const char *record, const struct compare_options *options,
                     FILE *out, FILE *err) {
    struct compare_options exact = *options;
    struct side new;
    char path[PATH];
    int code = 2;
    if (side_load(&new, record, err) == 0 && baseline_path(path, sizeof path, dir, &new, err))
        code = 0;
    side_free(&new);
    if (code) return code;
    if (access(path, F_OK)) {
        char text[2 * PATH];
        snprintf(text, sizeof text,
                 "no baseline for this architecture and compiler (%.1000s): exact figures depend "
                 "on both",
                 path);
        fprintf(out, "skipped: %s; `make baseline` writes one\n", text);
        if (options->annotate) fprintf(out, "::notice title=skipped::%s\n", text);
        return 77;
    }
    exact.complete = true;
    exact.times = false;
    return compare(path, record, &exact, out, err);
}
