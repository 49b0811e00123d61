/* import: a record file of any schema that the lab has had, as one of today's: every line is read,
 * upgraded (harness/upgrade.c), checked and written again. */
#include "harness/command.h"
#include "harness/options.h"
#include "harness/record.h"

#include <stdio.h>
#include <unistd.h>

struct request {
    const char *from, *to;
};

static error_t parse(int key, char *arg, struct argp_state *state) {
    struct request *r = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (state->arg_num > 1) argp_error(state, "unexpected argument '%s'", arg);
        *(state->arg_num ? &r->to : &r->from) = arg;
        return 0;
    case ARGP_KEY_END:
        if (state->arg_num < 2) argp_error(state, "name the file to read and the file to write");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    NULL,
    parse,
    "OLD NEW",
    "Reads the record file OLD, of this schema or an older one, and writes its lines to the new "
    "file NEW in today's form. Lines "
    "that are no record are reported with file and line, and left out (exit code 1).",
    NULL,
    NULL,
    NULL};

struct tally {
    size_t good, bad;
};

/* 0, or -1 when writing failed */
static int copy(struct reader *reader, struct record *record, struct tally *tally) {
    char why[RECORD_WHY];
    enum reading reading;
    json_t *line;
    while ((reading = reader_next(reader, &line, why, sizeof why)) != READ_END) {
        if (reading == READ_BAD) {
            fprintf(stderr, "%s\n", why);
            tally->bad++;
        } else if (record_write(record, line, why, sizeof why)) {
            fprintf(stderr, "switchlab import: %s\n", why);
            return -1;
        } else
            tally->good++;
    }
    return 0;
}

static int import_file(const struct request *r, struct reader *reader) {
    char why[RECORD_WHY];
    struct tally tally = {0};
    if (!access(r->to, F_OK)) {
        fprintf(stderr, "switchlab import: %s is there already; name a new file\n", r->to);
        return EXIT_WRONG_USE;
    }
    struct record *record = record_open_file(r->to, why, sizeof why);
    if (!record) {
        fprintf(stderr, "switchlab import: %s\n", why);
        return EXIT_CHECK_FAILED;
    }
    int failed = copy(reader, record, &tally);
    if (record_close(record, why, sizeof why) && !failed)
        fprintf(stderr, "switchlab import: %s\n", why), failed = -1;
    if (!failed && !tally.good) {
        fprintf(stderr, "switchlab import: %s has no line of a record%s\n", r->from,
                tally.bad ? "" : ": it is empty");
        unlink(r->to);
        return EXIT_WRONG_USE;
    }
    printf("%s: %zu lines of schema %d, %zu left out\n", r->to, tally.good, RECORD_SCHEMA,
           tally.bad);
    return failed || tally.bad ? EXIT_CHECK_FAILED : EXIT_DONE;
}

static int import(int argc, char **argv) {
    static char name[] = "switchlab import";
    struct request request = {NULL, NULL};
    char why[RECORD_WHY];
    argv[0] = name;
    argp_err_exit_status = EXIT_WRONG_USE;
    argp_parse(&argp, argc, argv, 0, NULL, &request);
    struct reader *reader = reader_open(request.from, why, sizeof why);
    if (!reader) {
        fprintf(stderr, "switchlab import: %s\n", why);
        return EXIT_WRONG_USE;
    }
    int code = import_file(&request, reader);
    reader_close(reader);
    return code;
}

static const struct command import_command = {"import", import,
                                              "records of an older schema in today's form"};
REGISTER_COMMAND(import_command);
