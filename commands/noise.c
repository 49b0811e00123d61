/* noise: how far apart two measurements of the same thing are on this machine: A/A runs, and halves
 * of the layouts as relinks. The floor that `compare` asks for (harness/noise.h). */
#include "harness/noise.h"
#include "harness/command.h"
#include "harness/compare.h"
#include "harness/options.h"
#include "harness/rerun.h"
#include "harness/show.h"
#include "harness/table.h"
#include "harness/views.h"
#include "harness/worker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_RUNS = 100, PATH = 4096, CELL = 32 };

static const struct argp_option table[] = {
    {"runs", 'n', "N", 0, "A/A runs, 2 to 100 (default 6)", 0},
    {"switcher", 's', "GLOB", 0, "only switchers whose name matches", 0},
    {"experiment", 'e', "GLOB", 0, "only experiments whose name matches (default pingpong)", 0},
    {"transfer", 't', "GLOB", 0, "only switchers that transfer control by this instruction", 0},
    {"results", 'r', "DIR", 0, "folder of noise floors (default results)", 0},
    {0},
};

struct arguments {
    unsigned long runs;
    const char *switcher, *experiment, *transfer, *results;
};

static error_t parse(int key, char *arg, struct argp_state *state) {
    struct arguments *a = state->input;
    char *end;
    switch (key) {
    case 'n':
        a->runs = strtoul(arg, &end, 10);
        if (*end || arg[0] == '-' || a->runs < 2 || a->runs > MOST_RUNS)
            argp_error(state, "--runs takes a whole number from 2 to %d, not '%s'", MOST_RUNS, arg);
        break;
    case 's':
        a->switcher = arg;
        break;
    case 'e':
        a->experiment = arg;
        break;
    case 't':
        a->transfer = arg;
        break;
    case 'r':
        a->results = arg;
        break;
    case ARGP_KEY_ARG:
        argp_error(state, "unexpected argument '%s'", arg);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

/* K runs into one record, each a whole number of times through all layouts */
static bool measure(const struct arguments *a, const char *record) {
    char processes[16], *own = rerun_own();
    snprintf(processes, sizeof processes, "%u", 2 * worker_layouts());
    const char *args[] = {"run",        "--experiment", a->experiment, "--switcher", a->switcher,
                          "--transfer", a->transfer,    "--processes", processes,    RERUN_PATIENCE,
                          "--out",      record,         NULL};
    bool done = own != NULL;
    unlink(record);
    for (unsigned long run = 1; done && run <= a->runs; run++) {
        fprintf(stderr, "switchlab noise: run %lu of %lu\n", run, a->runs);
        int code = rerun(own, args);
        if (code == EXIT_DONE) continue;
        fprintf(stderr,
                "switchlab noise: a run failed (%s); try it by hand: switchlab run -e '%s' -s '%s' "
                "-t '%s'\n",
                code < 0 ? strerror(-code) : "its exit code is not 0", a->experiment, a->switcher,
                a->transfer);
        done = false;
    }
    free(own);
    return done;
}

struct floors {
    double runs, relinks;
};

/* of one cell of the record, from one metric */
static struct floors floors_of(const struct side *side, const char *cell, const char *metric) {
    struct floors f;
    double *runs[MOST_RUNS];
    size_t n[MOST_RUNS], count = 0, all, i;
    json_t *line;
    json_array_foreach(json_object_get(side->cells, cell), i, line) {
        if (count < MOST_RUNS && (runs[count] = line_samples(line, metric, &n[count]))) count++;
    }
    f.runs = noise_runs(runs, n, count);
    while (count)
        free(runs[--count]);
    double *samples = cell_samples(side, cell, metric, line_samples_in_place, &all);
    f.relinks = noise_relinks(samples, all,
                              (size_t)json_integer_value(json_object_get(side->run, "layouts")));
    free(samples);
    return f;
}

static const struct column columns[] = {{"cell", NULL, FIT_CUT},
                                        {"A/A runs", NULL, FIT_RIGHT},
                                        {"relinks", NULL, FIT_RIGHT},
                                        {"floor", NULL, FIT_RIGHT}};

static void percent(char text[CELL], double value) {
    snprintf(text, CELL, value < 0 ? "-" : "%.2f%%", 100 * value);
}

static void add_cell(json_t *cells, struct table *t, const char *cell, struct floors f) {
    char runs[CELL], relinks[CELL], floor[CELL];
    double worst = f.runs > f.relinks ? f.runs : f.relinks;
    if (worst < 0) return;
    json_object_set_new(
        cells, cell,
        json_pack("{s:f, s:f, s:f}", "runs", f.runs, "relinks", f.relinks, "floor", worst));
    percent(runs, f.runs);
    percent(relinks, f.relinks);
    percent(floor, worst);
    table_row(t, (const char *const[]){cell, runs, relinks, floor});
}

static json_t *all_floors(const struct side *side, struct table *t) {
    json_t *cells = json_object(), *lines;
    const char *cell;
    json_object_foreach(side->cells, cell, lines) {
        const char *cost = line_cost(json_array_get(lines, 0));
        if (cost) add_cell(cells, t, cell, floors_of(side, cell, cost));
    }
    return json_pack("{s:O, s:s, s:O, s:O, s:o}", "time", json_object_get(side->run, "time"),
                     "machine", side->machine, "commit", json_object_get(side->run, "commit"),
                     "layouts", json_object_get(side->run, "layouts"), "cells", cells);
}

/* a floor that was measured beside somebody else's work says more about that */
static void warn_if_shared(const struct side *side) {
    const char *cell;
    json_t *lines, *line;
    size_t i, samples = 0, shared = 0, n;
    json_object_foreach(side->cells, cell, lines) {
        free(cell_samples(side, cell, "ns", line_samples, &n));
        samples += n;
        json_array_foreach(lines, i, line) if (!line_set_aside(line)) shared +=
            (size_t)json_integer_value(json_object_get(line, "core_shared"));
    }
    if (10 * shared > samples)
        fprintf(stderr,
                "switchlab noise: %zu of %zu processes shared their core with others: these floors "
                "are too high for a quiet "
                "machine; measure again on one\n",
                shared, samples);
}

static int keep(const struct arguments *a, const char *record) {
    struct side side;
    char path[PATH];
    int code = EXIT_CHECK_FAILED;
    if (side_load(&side, record, stderr) == 0) {
        struct table *t = table_new(columns, sizeof columns / sizeof *columns);
        json_t *floors = all_floors(&side, t);
        noise_path(path, sizeof path, a->results, side.machine);
        table_print(t, SHOW_COLUMNS, stdout);
        if (json_dump_file(floors, path, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) == 0)
            code = printf("\nnoise floors of this machine: %s\n", path) < 0;
        else
            fprintf(stderr, "switchlab noise: cannot write %s: %s\n", path, strerror(errno));
        warn_if_shared(&side);
        table_free(t);
        json_decref(floors);
    }
    side_free(&side);
    return code;
}

static int noise(int argc, char **argv) {
    static char name[] = "switchlab noise";
    static const struct argp argp = {table,
                                     parse,
                                     NULL,
                                     "Measures the noise floor of this machine: whole runs of the "
                                     "same program against each other (A/A), and halves of its "
                                     "layouts against each other, as a relink would. Kept in the "
                                     "results folder, where compare finds it.",
                                     NULL,
                                     NULL,
                                     NULL};
    struct arguments a = {6, "*", "pingpong", "*", "results"};
    char record[PATH];
    argv[0] = name;
    argp_err_exit_status = EXIT_WRONG_USE;
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    if (mkdir(a.results, 0777) && errno != EEXIST) {
        fprintf(stderr,
                "switchlab noise: cannot make the folder %s: %s; name another with --results\n",
                a.results, strerror(errno));
        return EXIT_CHECK_FAILED;
    }
    snprintf(record, sizeof record, "%s/noise.jsonl", a.results);
    return measure(&a, record) ? keep(&a, record) : EXIT_CHECK_FAILED;
}

static const struct command noise_command = {"noise", noise,
                                             "this machine's noise floor: A/A runs and relinks"};
REGISTER_COMMAND(noise_command);
