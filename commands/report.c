/* report: one page of HTML about the records (harness/report.h). */
#include "harness/report.h"
#include "harness/command.h"
#include "harness/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct request {
    struct report_options options;
    const char *out;
    char **files;
    size_t n;
};

static size_t kib(const char *arg, struct argp_state *state) {
    char *end;
    errno = 0;
    unsigned long n = strtoul(arg, &end, 10);
    if (end == arg || *end || *arg == '-' || errno || n > 1 << 20)
        argp_error(state, "--limit takes a number of KiB from 0 to %d, not '%s'", 1 << 20, arg);
    return n;
}

static error_t parse(int key, char *arg, struct argp_state *state) {
    struct request *r = state->input;
    switch (key) {
    case 'f':
        r->options.figures = arg;
        return 0;
    case 'l':
        r->options.link_base = arg;
        return 0;
    case 'L':
        r->options.most_bytes = kib(arg, state) << 10;
        return 0;
    case 'o':
        r->out = arg;
        return 0;
    case ARGP_KEY_ARGS:
        r->files = state->argv + state->next;
        r->n = (size_t)(state->argc - state->next);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {"figures", 'f', "DIR", 0, "put the *.svg of this folder into the page", 0},
    {"limit", 'L', "KIB", 0,
     "a larger page leaves out rows of long tables, then what stands behind the cells of maps, then "
     "the figures, and says so (default 1024; 0: no limit)",
     0},
    {"link-base", 'l', "URL", 0,
     "where the page finds the record files (default: the paths as given)", 0},
    {"out", 'o', "FILE", 0, "write to FILE (default: standard output)", 0},
    {0},
};
static const struct argp argp = {options,
                                 parse,
                                 "[FILE|DIR...]",
                                 "Writes one page of HTML about record files (default: the folder "
                                 "results): of each machine, architecture and engine the newest "
                                 "figures, the corruption maps, the trend with its change points, "
                                 "the environment. It needs no network and no other file.",
                                 NULL,
                                 NULL,
                                 NULL};

static int write_page(const struct request *request, const struct runs *runs, FILE *out) {
    struct history history;
    history_of(runs, &(struct history_options){.changepoint = CHANGEPOINT_DEFAULTS}, &history,
               stderr);
    int failed = report_write(runs, &history, &request->options, out, stderr);
    size_t flaws = history.flaws;
    history_free(&history);
    if (fflush(out) || ferror(out)) {
        fprintf(stderr, "switchlab report: writing to %s failed: %s; the page is not complete\n",
                request->out ? request->out : "standard output", strerror(errno));
        failed = -1;
    }
    return failed || flaws || runs->bad ? EXIT_CHECK_FAILED : EXIT_DONE;
}

static int write_file(const struct request *request, const struct runs *runs) {
    FILE *out = request->out ? fopen(request->out, "we") : stdout;
    if (!out) {
        fprintf(stderr, "switchlab report: cannot write %s: %s\n", request->out, strerror(errno));
        return EXIT_CHECK_FAILED;
    }
    int code = write_page(request, runs, out);
    if (request->out && fclose(out) && code == EXIT_DONE) {
        fprintf(stderr, "switchlab report: writing to %s failed: %s\n", request->out,
                strerror(errno));
        code = EXIT_CHECK_FAILED;
    }
    return code;
}

static int report(int argc, char **argv) {
    static char name[] = "switchlab report", results[] = "results";
    char *fallback[] = {results};
    struct request request = {
        .options.most_bytes = REPORT_MOST_BYTES, .files = fallback, .n = 1};
    struct runs runs;
    argv[0] = name;
    argp_err_exit_status = EXIT_WRONG_USE;
    argp_parse(&argp, argc, argv, 0, NULL, &request);
    int code = runs_load(request.files, request.n, &runs, stderr) ? EXIT_WRONG_USE
                                                                  : write_file(&request, &runs);
    runs_free(&runs);
    return code;
}

static const struct command report_command = {"report", report,
                                              "one page of HTML about the records"};
REGISTER_COMMAND(report_command);
