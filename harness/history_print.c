/* history_print.c: change points for people, machine by machine, and for programs. */
#include <math.h>
#include <string.h>

#include "harness/history.h"
#include "harness/table.h"
#include "harness/views.h"

enum { CELL, METRIC, SINCE, COMMITS, BEFORE, AFTER, CHANGE, P, COLUMNS };

static void put_change(struct table *t, const struct series *s, const struct changepoint *c) {
    char size[32] = "-", p[32] = "exact";
    if (isfinite(change_size(c))) snprintf(size, sizeof size, "%+.1f%%", 100 * change_size(c));
    if (!s->exact) snprintf(p, sizeof p, "%.3g", c->p);
    struct figure before = figure(c->before), after = figure(c->after);
    struct commit_range commits = commit_range(s, c);
    const char *cells[COLUMNS] = {[CELL] = s->cell,
                                  [METRIC] = s->metric,
                                  [SINCE] = line_text(s->run[c->division.at]->run, "time"),
                                  [COMMITS] = commits.text,
                                  [BEFORE] = before.text,
                                  [AFTER] = after.text,
                                  [CHANGE] = size,
                                  [P] = p};
    table_row(t, cells);
}

/* the series of one machine: [first, end) */
static void print_machine(const struct history *h, size_t first, size_t end,
                          const struct history_options *o, FILE *out) {
    static const struct column columns[COLUMNS] = {
        [CELL] = {"cell", NULL, FIT_CUT},          [METRIC] = {"metric", NULL, FIT_CUT},
        [SINCE] = {"since run of", NULL, FIT_CUT}, [COMMITS] = {"commits", NULL, FIT_CUT},
        [BEFORE] = {"before", NULL, FIT_RIGHT},    [AFTER] = {"after", NULL, FIT_RIGHT},
        [CHANGE] = {"change", NULL, FIT_RIGHT},    [P] = {"p", NULL, FIT_RIGHT},
    };
    size_t changes = 0, most = 0, few = 0;
    struct table *t = table_new(columns, COLUMNS);
    for (size_t i = first; i < end; i++) {
        const struct series *s = &h->series[i];
        if (s->n > most) most = s->n;
        few += !s->exact && s->n < 2 * o->changepoint.least;
        for (size_t k = 0; k < s->changes; k++, changes++)
            put_change(t, s, &s->change[k]);
    }
    fprintf(out, "%s\n%zu run%s, %zu series, %zu change point%s\n", h->series[first].machine, most,
            most == 1 ? "" : "s", end - first, changes, changes == 1 ? "" : "s");
    if (changes)
        table_print(t, table_width(t), out); /* commit ranges are for pasting: nothing is cut */
    if (few)
        fprintf(
            out,
            "%zu series of measured figures have fewer than %zu runs: too few for a change point\n",
            few, 2 * o->changepoint.least);
    table_free(t);
}

void history_print(const struct history *h, const struct history_options *options, FILE *out) {
    for (size_t first = 0, end; first < h->n; first = end) {
        for (end = first; end < h->n && !strcmp(h->series[end].machine, h->series[first].machine);)
            end++;
        if (first) putc('\n', out);
        print_machine(h, first, end, options, out);
    }
}

void history_print_tsv(const struct history *h, FILE *out) {
    fprintf(out, "machine\tcell\tmetric\truns\tat\trun\ttime\tcommits\tbefore\tafter\tp\n");
    for (size_t i = 0; i < h->n; i++)
        for (size_t k = 0; k < h->series[i].changes; k++) {
            const struct series *s = &h->series[i];
            const struct changepoint *c = &s->change[k];
            const json_t *run = s->run[c->division.at]->run;
            fprintf(out, "%s\t%s\t%s\t%zu\t%zu\t%s\t%s\t%s\t%.10g\t%.10g\t%.4g\n", s->machine,
                    s->cell, s->metric, s->n, c->division.at, line_text(run, "run"),
                    line_text(run, "time"), commit_range(s, c).text, c->before, c->after, c->p);
        }
}
