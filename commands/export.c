/* export: the figures of records in other tools' formats (harness/export.h). */
#include "harness/export.h"
#include "harness/command.h"
#include "harness/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct request {
    const struct export_format *format;
    const char *out, *machine;
    bool medians;
    char **files;
    size_t n;
};

static void print_formats(FILE *out) {
    for (const struct export_format *const *f = export_format_all(); *f; f++)
        fprintf(out, "  %-11s %s\n", (*f)->name, (*f)->summary);
}

static error_t parse(int key, char *arg, struct argp_state *state) {
    struct request *r = state->input;
    switch (key) {
    case 'f':
        if ((r->format = export_format_find(arg))) return 0;
        fprintf(stderr, "switchlab export: no format is called '%s'; there are:\n", arg);
        print_formats(stderr);
        exit(EXIT_WRONG_USE);
    case 'o':
        r->out = arg;
        return 0;
    case 'M':
        r->machine = arg;
        return 0;
    case 'm':
        r->medians = true;
        return 0;
    case 'l':
        print_formats(stdout);
        exit(EXIT_DONE);
    case ARGP_KEY_ARGS:
        r->files = state->argv + state->next;
        r->n = (size_t)(state->argc - state->next);
        return 0;
    case ARGP_KEY_SUCCESS:
        if (!r->format) argp_error(state, "--format says which format; --list shows them");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {"format", 'f', "FORMAT", 0, "google, benchfmt, bmf, otava, otava-yaml or csv", 0},
    {"list", 'l', NULL, 0, "what each format is for", 0},
    {"out", 'o', "FILE", 0, "write to FILE (default: standard output)", 0},
    {"medians", 'm', NULL, 0, "medians only, not every sample", 0},
    {"machine", 'M', "TEXT", 0, "only runs of machines whose fingerprint holds TEXT", 0},
    {0},
};
static const struct argp argp = {options,
                                 parse,
                                 "[FILE|DIR...]",
                                 "Writes the figures of record files in another tool's format "
                                 "(default results/latest.jsonl). A folder stands for the "
                                 "records in it.",
                                 NULL,
                                 NULL,
                                 NULL};

/* ---- choosing runs ---- */

/* leaves those whose machine matches, and of them the last with a figure where the format takes one
 */
static void narrow(struct runs *r, const struct request *request) {
    size_t kept = 0;
    for (size_t i = 0; i < r->n; i++) {
        size_t first = 0;
        if ((request->machine && !strstr(r->run[i].machine, request->machine)) ||
            !export_next(&r->run[i], &first))
            free(r->run[i].lines);
        else
            r->run[kept++] = r->run[i];
    }
    r->n = kept;
}

static bool one_machine(const struct runs *r) {
    for (size_t i = 1; i < r->n; i++)
        if (strcmp(r->run[0].machine, r->run[i].machine)) {
            fprintf(stderr,
                    "switchlab export: these runs are of different machines: choose one with "
                    "--machine:\n  %s (%s)\n  %s (%s)\n",
                    r->run[0].machine, line_at(r->run[0].run), r->run[i].machine,
                    line_at(r->run[i].run));
            return false;
        }
    return true;
}

/* ---- writing ---- */

static int finish(const struct request *request, struct export *e) {
    int failed = fflush(e->out) || ferror(e->out);
    const char *name = request->out ? request->out : "standard output";
    if (failed)
        fprintf(stderr,
                "switchlab export: writing to %s failed: %s; what is there is not complete\n", name,
                strerror(errno));
    if (e->passed)
        fprintf(stderr,
                "switchlab export: %zu results without ns left out: %s is a format of times; csv "
                "has them\n",
                e->passed, request->format->name);
    if (!e->written)
        fprintf(stderr, "switchlab export: no figure for the format %s in these runs\n",
                request->format->name);
    if (!e->written) return EXIT_WRONG_USE;
    return failed || e->flaws || e->runs->bad ? EXIT_CHECK_FAILED : EXIT_DONE;
}

static int write_runs(const struct request *request, struct runs *runs) {
    struct runs chosen = *runs;
    if (request->format->takes == RUNS_LAST) {
        chosen.run += chosen.n - 1;
        chosen.n = 1;
    }
    struct export e = {.runs = &chosen, .medians = request->medians, .out = stdout, .err = stderr};
    if (request->out && !(e.out = fopen(request->out, "we"))) {
        fprintf(stderr, "switchlab export: cannot write %s: %s\n", request->out, strerror(errno));
        return EXIT_CHECK_FAILED;
    }
    request->format->write(&e);
    int code = finish(request, &e);
    if (request->out && fclose(e.out) && code == EXIT_DONE) {
        fprintf(stderr, "switchlab export: writing to %s failed: %s\n", request->out,
                strerror(errno));
        code = EXIT_CHECK_FAILED;
    }
    return code;
}

static int export_records(int argc, char **argv) {
    static char name[] = "switchlab export", latest[] = "results/latest.jsonl";
    char *fallback[] = {latest};
    struct request request = {.files = fallback, .n = 1};
    struct runs runs;
    int code = EXIT_WRONG_USE;
    argv[0] = name;
    argp_err_exit_status = EXIT_WRONG_USE;
    argp_parse(&argp, argc, argv, 0, NULL, &request);
    if (!runs_load(request.files, request.n, &runs, stderr)) {
        narrow(&runs, &request);
        if (!runs.n)
            fprintf(stderr, "switchlab export: none of these runs has a figure%s%s\n",
                    request.machine ? " of a machine with " : "",
                    request.machine ? request.machine : "");
        else if (request.format->takes != RUNS_ONE_MACHINE || one_machine(&runs))
            code = write_runs(&request, &runs);
    }
    runs_free(&runs);
    return code;
}

static const struct command export_command = {"export", export_records,
                                              "figures in the formats of other tools"};
REGISTER_COMMAND(export_command);
