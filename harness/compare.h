/* compare.h: two records, cell by cell. Exact figures (counted, modelled, corruption maps) must be
 * equal; times are compared by the Hodges-Lehmann ratio, and only between runs of one machine and
 * one compiler. docs/compare.md says when a ratio is an alarm. */
#ifndef SWITCHLAB_COMPARE_H
#define SWITCHLAB_COMPARE_H

#include "harness/results.h"
#include "harness/statistics.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* ---- a record as cells ---- */

/* What names a cell, readable: "pingpong full+fp/cli jmp x86_64 native live=4 use=used". Equal for
 * two lines exactly when experiment, switcher, mask, transfer, architecture, engine, params and
 * direction are. Free it. */
char *cell_name(const json_t *line);

struct side {
    const char *path;
    struct results results;
    json_t *cells; /* name to an array of its lines, in the file's order; several runs may have one
                      cell */
    json_t *run;   /* the last run line; borrowed */
    char machine[128], compiler[128]; /* machine.h; "" where the runs of the file disagree */
};

/* 0, or -1, reported on err: the file can't be read or holds no result. Free it in either case. */
int side_load(struct side *, const char *path, FILE *err);
void side_free(struct side *);

/* Why times of the two can't be compared, in `why`; false: they can. */
bool sides_differ(const struct side *base, const struct side *new, char *why, size_t size);

/* ---- exact figures ---- */

enum change_kind {
    CHANGED,     /* base and new are the two figures */
    NOT_COUNTED, /* the new record has the cell but not this figure */
    NEWLY_COUNTED,
    CELL_MISSING, /* not in the new record; `reason` where it states a skip: then it is no failure
                   */
    CELL_NEW,
    CHECK_FAILED, /* passed before; reason */
};

struct change {
    enum change_kind kind;
    const char *cell, *metric; /* borrowed; metric NULL where the whole cell is meant */
    const char *reason;
    double base, new;
};

struct changes {
    struct change *list;
    size_t n;
    size_t cells, figures; /* compared */
};

/* What is repeatable of a line, as a record's metrics of method counted or modelled: a new
 * reference. A map's are its tallies and a digest of its cells' outcomes, so that a corruption that
 * moves is noticed. */
json_t *exact_figures(const json_t *line);

/* All changes of exact figures, in the order of cells. Free list. */
struct changes compare_exact(const struct side *base, const struct side *new);
/* one sentence, without the cell's name */
void change_text(const struct change *, char *text, size_t size);
/* whether it counts only when both records are meant to be complete */
bool change_is_absence(const struct change *);

/* ---- times ---- */

enum verdict {
    VERDICT_SAME,
    VERDICT_FASTER,
    VERDICT_SLOWER,
    VERDICT_TOO_FEW,  /* `needs` samples a side */
    VERDICT_UNDEFINED /* a sample is zero or negative: a ratio has no meaning */
};
extern const char *const verdict_words[];

struct timing {
    const char *cell, *metric;        /* cycles where both have them, else ns */
    struct estimate base, new, ratio; /* medians; ratio: how many times NEW is BASE */
    double floor;                     /* relative: 0.02 is 2%; negative: not known */
    bool floor_measured; /* by switchlab noise; else from the two records' own layouts */
    enum verdict verdict;
    size_t needs; /* VERDICT_TOO_FEW: samples a side that would decide, at the spread seen; 0: more
                     than anyone would take */
    bool alarm;   /* the interval excludes 1, the effect exceeds threshold and floor */
};

/* false: the two have no measured figure in common. floors: noise.h, may be NULL; threshold:
 * relative */
bool compare_times(const struct side *base, const struct side *new, const char *cell,
                   double threshold, const json_t *floors, struct timing *);

/* A cell's raw samples of one metric, of all its lines, as `read` (results.h) gives them of each; a
 * new array, or NULL. */
typedef double *read_samples(const json_t *line, const char *metric, size_t *n);
double *cell_samples(const struct side *, const char *cell, const char *metric, read_samples *read,
                     size_t *n);

/* ---- the whole ---- */

enum gate { GATE_NONE, GATE_COUNTS, GATE_TIME };

struct compare_options {
    double threshold;     /* relative */
    enum gate gate;       /* what makes the exit code 1; GATE_TIME: counts too */
    bool complete;        /* a missing or a new cell is a change too */
    bool times;           /* false: exact figures only */
    const char *annotate; /* "github": workflow annotations too; or NULL */
    const char *noise;    /* file of noise floors; NULL: those of this machine in `results` */
    const char *results;  /* folder */
    /* reruns the cell and says whether the effect is there again; NULL: no confirmation. `why`:
     * what it found, or why not run */
    bool (*confirm)(const struct compare_options *, const struct side *base, const struct side *new,
                    const struct timing *, char *why, size_t size);
    const char *base_program,
        *new_program; /* for confirm; base_program NULL: only NEW is run again */
};

/* Prints to out, complains to err; exit code: 0; 1: see gate, or a line of a record was bad; 2:
 * nothing to compare. */
int compare(const char *base, const char *new, const struct compare_options *, FILE *out,
            FILE *err);

#endif
