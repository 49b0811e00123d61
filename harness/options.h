/* options.h: what the subcommands share on the command line, parsed by argp, and how they choose
 * their objects. */
#ifndef SWITCHLAB_OPTIONS_H
#define SWITCHLAB_OPTIONS_H

#include "harness/engine.h"
#include "harness/experiment.h"
#include "harness/switcher.h"

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

enum exit_code { EXIT_DONE = 0, EXIT_CHECK_FAILED = 1, EXIT_WRONG_USE = 2, EXIT_SKIPPED = 77 };

enum { OPTIONS_FILES = 8 };

struct options {
    const char *switcher, *experiment, *engine, *mask, *arch,
        *transfer; /* globs; NULL: all (arch: this machine's) */
    bool quick;
    bool exact;    /* no timing */
    json_t *point; /* params wanted, each a text; NULL: all points */
    bool contract;       /* list: print contracts */
    uint32_t seed;       /* of order, canaries and stack colours; recorded */
    unsigned processes;  /* samples a cell; 0: the default */
    int retries;         /* of a process whose core was shared; -1: the default */
    unsigned seconds;    /* time limit of a worker */
    uint64_t iterations; /* loop: round trips */
    int cpu;             /* -1: not pinned */
    const char *out;     /* record file; NULL: a new one in results */
    const char *results;
    const char *view, *baseline, *tsv, *file; /* show */
    const char *files[OPTIONS_FILES];         /* show: file, and those behind it */
    size_t file_count;
};

/* the options that a subcommand takes, as letters of the table in options.c */
void options_parse(struct options *, const char *command, const char *doc, const char *letters,
                   int argc, char **argv);

/* what the options choose: NULL-terminated lists, none of them empty */
struct choice {
    const struct switcher **switchers;
    const struct experiment **experiments;
    const struct engine **engines;
};

/* false, after printing what there is, when an option matches nothing. Free it in either case */
bool choose(struct choice *, const struct options *);
void choice_free(struct choice *);

#endif
