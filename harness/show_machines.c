/* show_machines.c: the last run of several record files side by side, one column a machine. Each
 * figure stays its machine's: nothing is put together, and no ratio is taken across. */
#include "harness/show.h"

#include <stdlib.h>
#include <string.h>

#include "harness/table.h"
#include "harness/views.h"

enum { CELL = 32 };

struct machine {
    struct results results;
    const json_t *run;
    const json_t **lines; /* of that run: what is timed */
    size_t n;
};

static bool open_machine(struct machine *m, const char *path, FILE *err) {
    size_t i;
    json_t *line;
    *m = (struct machine){0};
    if (results_load(path, &m->results, err)) return false;
    json_array_foreach(m->results.lines, i, line) if (line_is(line, "type", "run")) m->run = line;
    json_t *like = json_pack("{s:s, s:s, s:s}", "type", "result", "experiment", "pingpong", "run",
                             m->run ? line_text(m->run, "run") : "");
    m->lines = results_select(&m->results, like, &m->n);
    json_decref(like);
    if (m->n) return true;
    fprintf(err, "%s holds no timed switches\n", path);
    return false;
}

static void close_machine(struct machine *m) {
    free(m->lines);
    results_free(&m->results);
}

static void print_machine(const struct machine *m, size_t number, FILE *out) {
    const json_t *env = json_object_get(m->run, "env");
    char text[512];
    snprintf(text, sizeof text, "%zu: %s, kernel %s; run %s, commit %s", number,
             line_text(env, "cpu"), line_text(env, "kernel"), line_text(m->run, "run"),
             line_text(m->run, "commit"));
    print_wrapped(text, 3, SHOW_COLUMNS, out);
}

static bool same_cell(const json_t *a, const json_t *b) {
    static const char *const fields[] = {"switcher", "transfer", "mask", "arch", "engine"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!line_is(a, fields[i], line_text(b, fields[i]))) return false;
    return true;
}

static const json_t *cell_of(const struct machine *m, const json_t *like) {
    for (size_t i = 0; i < m->n; i++)
        if (same_cell(m->lines[i], like)) return m->lines[i];
    return NULL;
}

/* what a switch costs; nanoseconds, which need another clock than cycles, say so */
static const char *cost_text(const json_t *line, char text[CELL]) {
    struct estimate e;
    const char *cost = line ? line_cost(line) : NULL;
    if (line && !line_passed(line)) return "FAILED";
    if (!cost || !line_metric(line, cost, &e)) return NULL;
    snprintf(text, CELL, "%.20s%s", figure(e.value).text, strcmp(cost, "cycles") ? " ns" : "");
    return text;
}

static void print_row(struct table *t, const struct machine *m, size_t n, const json_t *like) {
    char text[SHOW_MACHINES_MOST][CELL];
    const char *cells[3 + SHOW_MACHINES_MOST];
    struct figure name = switcher_and_transfer(like);
    cells[0] = name.text;
    cells[1] = line_text(like, "kind");
    cells[2] = line_text(like, "mask");
    for (size_t k = 0; k < n; k++)
        cells[3 + k] = cost_text(cell_of(&m[k], like), text[k]);
    table_row(t, cells);
}

/* rows in the order of the first machine that has them */
static void print_table(const struct machine *m, size_t n, FILE *out) {
    struct column columns[3 + SHOW_MACHINES_MOST] = {
        {"switcher", NULL, FIT_CUT}, {"kind", NULL, FIT_CUT}, {"mask", NULL, FIT_CUT}};
    char heading[SHOW_MACHINES_MOST][CELL];
    for (size_t k = 0; k < n; k++) {
        snprintf(heading[k], sizeof heading[k], "%zu", k + 1);
        columns[3 + k] = (struct column){heading[k], "machine", FIT_RIGHT};
    }
    struct table *t = table_new(columns, 3 + n);
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < m[k].n; i++) {
            bool printed = false;
            for (size_t before = 0; before < k && !printed; before++)
                printed = cell_of(&m[before], m[k].lines[i]) != NULL;
            if (!printed) print_row(t, m, n, m[k].lines[i]);
        }
    fprintf(out,
            "\nOne switch, one way, core cycles (measured); ns where a machine has no cycles\n");
    table_print(t, SHOW_COLUMNS, out);
    table_free(t);
}

int show_machines(const char *const *paths, size_t n, FILE *out, FILE *err) {
    struct machine m[SHOW_MACHINES_MOST];
    size_t open = 0, bad = 0;
    bool good = true;
    for (; open < n && good; open++) {
        good = open_machine(&m[open], paths[open], err);
        bad += m[open].results.bad;
    }
    for (size_t k = 0; k < n && good; k++)
        print_machine(&m[k], k + 1, out);
    if (good) print_table(m, n, out);
    for (size_t k = 0; k < open; k++)
        close_machine(&m[k]);
    return !good ? 2 : bad ? 1 : 0;
}
