/* views.h: the parts of show.c. Each view prints one kind of table about one run, and returns how
 * many rows it had. */
#ifndef HARNESS_VIEWS_H
#define HARNESS_VIEWS_H

#include "harness/crossover.h"
#include "harness/results.h"
#include "harness/show.h"

struct view_context {
    const struct results *results;
    const char *run;
    const struct show_options *options;
    FILE *out;
    size_t failed; /* checks; counted by the views that print them */
    const char *view; /* the name of the one that is being printed */
};

size_t view_pingpong(struct view_context *c);
size_t view_ratios(struct view_context *c);
size_t view_transfer(struct view_context *c);
size_t view_pressure(struct view_context *c);
size_t view_masks(struct view_context *c);
size_t view_curves(struct view_context *c); /* the tables of show_curves.c; c->view says which */
size_t view_maps(struct view_context *c);
size_t view_boundaries(struct view_context *c); /* long: only where it is asked for */
size_t view_counts(struct view_context *c);
size_t view_worldtime(struct view_context *c);

/* Maps are of an interrupt at every boundary of a switch, or of a switch forced at every instruction
 * of a victim. A map that names no experiment is of the first sort. */
#define FORCED "A switch forced at every instruction of a victim"
bool is_forced(const json_t *map);

/* Tab-separated tables with one figure a line (show_long.c). False: `table` is none of them. */
bool show_long(struct view_context *c, const char *table, bool header, size_t *rows);

/* A figure with about three digits: 3.05, 31.5, 9412. */
struct figure {
    char text[64];
};
struct figure figure(double value);
struct figure interval(const struct estimate *e);

/* "pip", or "pip/rseq" under a mask; with the transfer too: "scratch jmp". */
struct figure switcher_name(const json_t *line);
struct figure switcher_and_transfer(const json_t *line);

/* Lines of one run that agree in arch and engine, one group after the other. selection: see
 * results_select. */
struct group {
    const char *arch, *engine;
    const json_t **lines;
    size_t n;
};
size_t groups(struct view_context *c, const char *type, const char *experiment, struct group **out);
void groups_free(struct group *g, size_t n);

/* Two curves of a pressure experiment that differ in kind, and where they meet. */
struct meeting {
    const json_t *a, *b; /* any line of each curve */
    struct crossover crossover;
};
size_t meetings(const struct group *g, struct meeting **out);

#endif
