/* report_parts.h: the parts of report.c, each a section of the page, and how they write HTML. */
#ifndef HARNESS_REPORT_PARTS_H
#define HARNESS_REPORT_PARTS_H

#include "harness/report.h"

/* What is shown in full: of each machine, architecture, engine and experiment the newest run's
 * lines. */
struct section {
    const struct run_records *run;
    const char *type; /* "result" or "map" */
    const char *arch, *engine, *experiment;
    const json_t **lines;
    size_t n; /* by cost, those without one last */
};

/* What a page that would be too large leaves out, one after the other. */
enum cut { CUT_ROWS, CUT_CELLS, CUT_FIGURES, CUTS };

struct report {
    const struct runs *runs;
    const struct history *history;
    const struct report_options *options;
    struct section *section; /* by type, then architecture, engine, experiment, machine */
    size_t sections;
    const struct run_records **machine; /* of each machine the newest run, by fingerprint */
    size_t machines;
    size_t cuts; /* how many of enum cut are made */
    FILE *out, *err;
};

bool is_cut(const struct report *r, enum cut which);

void report_summary(struct report *r);
void report_results(struct report *r);
void report_machines(struct report *r);
int report_figures(struct report *r); /* -1: a figure cannot be read */
void report_maps(struct report *r);
void report_trend(struct report *r);
void report_environment(struct report *r);
void report_records(struct report *r);

/* Text with &, <, > and quotes escaped, for content and for attributes. */
void put_html(FILE *out, const char *text);
/* As printf, but every %s is escaped. Knows %s, %z (a size_t), %d, %g and %%. */
void html(FILE *out, const char *format, ...);

/* Of a run, what a reader recognises it by: "commit 1c2d3e4, 2026-01-31 12:00". */
struct figure run_label(const struct run_records *run);

/* Of a machine, what its columns are called: "2: AMD EPYC"; its number is its place in
 * report.machine, from 1 on. */
struct machine_label {
    char text[128];
};
struct machine_label machine_label(const struct report *r, const char *machine);
/* The same, in small print, where there are several machines; else nothing. */
void put_machine(struct report *r, const char *machine);

/* What a section's rows are compared by: "cycles", or "ns" where a row has no cycles; NULL: nothing. */
const char *section_cost(const struct section *s);
/* Least first, those without the metric last. */
void sort_lines(const json_t **lines, size_t n, const char *metric);

/* Sections that differ in nothing but the machine stand together: how many from this one on. */
bool same_subject(const struct section *a, const struct section *b);
size_t same_on_machines(const struct report *r, size_t section);
/* The first of the others among them whose lines say just the same, as what is counted does; NULL:
 * none before it. */
const struct section *same_before(const struct report *r, size_t section);

/* ---- tables of results ---- */

enum { LONG_TABLE = 48 }; /* rows beyond which a table is folded */

/* Figures that have a column, in this order, up to NULL; the rest is in the record and in every
 * export. */
extern const char *const column_metrics[];
const char *column_title(const char *metric);

/* Scale of the bars behind figures, which is logarithmic; none where most is not above least. */
struct range {
    double least, most;
};
void range_add(struct range *range, const json_t *line, const char *metric);

/* A page that is too large keeps LONG_TABLE rows of a table, and all of checks that failed. */
bool row_is_cut(const struct report *r, size_t row, const json_t *line);
void put_left_out(struct report *r, size_t rows);

/* A heading that sorts, and in small print the method of its column, if any. */
void put_heading(struct report *r, const char *text, bool number, const char *method);

/* A figure with its interval; bars: NULL for none. */
void put_metric(struct report *r, const json_t *line, const char *metric, const struct range *bars);
/* The method of a section's figures, "mixed" where they have several, NULL where there are none. */
const char *method_of(const struct section *s, const char *metric);

extern const char report_css[], report_js[];

#endif
