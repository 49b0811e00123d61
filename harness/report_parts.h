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
    size_t n;
};

struct report {
    const struct runs *runs;
    const struct history *history;
    const struct report_options *options;
    struct section *section; /* by type, then architecture, engine, experiment */
    size_t sections;
    FILE *out, *err;
};

void report_summary(struct report *r);
void report_results(struct report *r);
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

extern const char report_css[], report_js[];

#endif
