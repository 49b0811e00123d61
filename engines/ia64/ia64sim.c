/* ia64sim.c - the program: runs an ELF executable on the simulated machine. */
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "ia64.h"
#include "model_output.h"
#include "watch.h"

#define DEFAULT_LIMIT UINT64_C(10000000000)

/* Exit statuses of runs that do not end by themselves; otherwise it is the program's. */
enum { EXIT_USE = 2, EXIT_LIMIT = 124, EXIT_STOP = 125, EXIT_VIOLATION = 1 };

enum {
    OPT_LIMIT = 256,
    OPT_TRACE,
    OPT_STATE,
    OPT_REGION,
    OPT_INTERRUPT,
    OPT_GROUPS,
    OPT_STATS,
    OPT_ROOT,
    OPT_INITRAMFS,
    OPT_MEMORY,
    OPT_NO_ALAT,
    OPT_DEFER,
    OPT_MODEL,
    OPT_INSTRUCTIONS,
};

static const struct argp_option options[] = {
    {"limit", OPT_LIMIT, "N", 0, "stop after N instructions (default 10000000000)", 0},
    {"trace", OPT_TRACE, NULL, 0, "print each instruction and what it wrote to stderr", 0},
    {"state", OPT_STATE, "FILE", 0, "write all registers to FILE at the end (- is stdout)", 0},
    {"region", OPT_REGION, "BEGIN,END", 0,
     "count what happens from BEGIN up to END, symbols or addresses", 0},
    {"interrupt-at", OPT_INTERRUPT, "N[,VECTOR]", 0,
     "external interrupt (vector 0xd0) exactly before the N-th instruction, counted from 0", 0},
    {"check-groups", OPT_GROUPS, NULL, 0,
     "report dependencies inside instruction groups and missing serialization", 0},
    {"stats", OPT_STATS, "FORMAT", OPTION_ARG_OPTIONAL, "print counts to stderr: text or json", 0},
    {"model", OPT_MODEL, "itanium2[,NAME=VALUE]...", 0,
     "cycles that the timing model predicts, of the region or of everything; NAME=LOW:TYPICAL:HIGH, "
     "caches=warm|l2|cold, branches=perfect|hints; --model list prints its numbers",
     0},
    {"root", OPT_ROOT, "DIR", 0, "folder whose files the program may open (none: refused)", 0},
    {"initramfs", OPT_INITRAMFS, "FILE", 0, "what simulator call GET_INITRAMFS hands out", 0},
    {"memory", OPT_MEMORY, "BYTES", 0, "limit of simulated memory (default 1 GiB)", 0},
    {"instructions", OPT_INSTRUCTIONS, NULL, 0,
     "list every instruction form, implemented or not, and exit", 0},
    {"no-alat", OPT_NO_ALAT, NULL, 0, "advanced loads leave no ALAT entry, as on Ski", 0},
    {"defer-physical", OPT_DEFER, NULL, 0, "speculative loads in physical mode give NaT, as on Ski",
     0},
    {0},
};

struct arguments {
    struct ia64_config config;
    uint64_t limit, interrupt_at, begin, end;
    unsigned vector;
    const char *state, *region, *program;
    struct ia64_model_config model;
    bool modelled;
    bool trace, groups, stats, json;
};

static uint64_t number(struct argp_state *state, const char *text, const char *what) {
    char *end;
    uint64_t v;

    errno = 0;
    v = strtoull(text, &end, 0);
    if (errno || *end || end == text || *text == '-')
        argp_error(state, "%s: not a number: %s", what, text);
    return v;
}

static void interrupt_option(struct argp_state *state, struct arguments *a, char *text) {
    char *vector = strchr(text, ',');

    a->vector = 0xd0;
    if (vector) {
        *vector++ = 0;
        a->vector = number(state, vector, "--interrupt-at");
        if (a->vector > 255) argp_error(state, "--interrupt-at: the vector is at most 255");
    }
    a->interrupt_at = number(state, text, "--interrupt-at");
}

/* itanium2[,NAME=VALUE]... or list. */
static void model_option(struct argp_state *state, struct arguments *a, char *text) {
    char *word = strtok(text, ",");
    const char *wrong;

    ia64_model_defaults(&a->model);
    if (word && !strcmp(word, "list")) {
        ia64_model_list(&a->model, stdout);
        exit(0);
    }
    if (!word || strcmp(word, "itanium2"))
        argp_error(state, "--model: itanium2 or list, not %s", word ? word : "nothing");
    while ((word = strtok(NULL, ","))) {
        wrong = ia64_model_option(&a->model, word);
        if (wrong) argp_error(state, "--model: %s: %s", word, wrong);
    }
    a->modelled = true;
}

static error_t parse(int key, char *text, struct argp_state *state) {
    struct arguments *a = state->input;

    switch (key) {
    case OPT_LIMIT:
        a->limit = number(state, text, "--limit");
        break;
    case OPT_TRACE:
        a->trace = true;
        break;
    case OPT_STATE:
        a->state = text;
        break;
    case OPT_REGION:
        a->region = text;
        break;
    case OPT_INTERRUPT:
        interrupt_option(state, a, text);
        break;
    case OPT_GROUPS:
        a->groups = true;
        break;
    case OPT_STATS:
        a->stats = true;
        a->json = text && !strcmp(text, "json");
        if (text && !a->json && strcmp(text, "text"))
            argp_error(state, "--stats: text or json, not %s", text);
        break;
    case OPT_MODEL:
        model_option(state, a, text);
        break;
    case OPT_ROOT:
        a->config.root = text;
        break;
    case OPT_INITRAMFS:
        a->config.initramfs = text;
        break;
    case OPT_MEMORY:
        a->config.memory_limit = number(state, text, "--memory");
        break;
    case OPT_INSTRUCTIONS:
        ia64_list_instructions(stdout);
        exit(0);
    case OPT_NO_ALAT:
        a->config.no_alat = true;
        break;
    case OPT_DEFER:
        a->config.defer_physical_speculation = true;
        break;
    case ARGP_KEY_ARG: /* the program; what follows belongs to it */
        a->config.argv = state->argv + state->next - 1;
        a->config.argc = state->argc - state->next + 1;
        a->program = text;
        state->next = state->argc;
        break;
    case ARGP_KEY_NO_ARGS:
        argp_usage(state);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static bool address_of(const struct ia64 *m, const char *name, uint64_t *address) {
    char *end;

    if (ia64_symbol(m, name, address)) return true;
    *address = strtoull(name, &end, 0);
    return end != name && !*end;
}

/* BEGIN,END of --region, once the symbols are known. */
static bool find_region(const struct ia64 *m, struct arguments *a) {
    char begin[128];
    const char *comma = strchr(a->region, ',');

    if (!comma || (size_t)(comma - a->region) >= sizeof begin) {
        fprintf(stderr, "ia64sim: --region: BEGIN,END expected, not %s\n", a->region);
        return false;
    }
    snprintf(begin, sizeof begin, "%.*s", (int)(comma - a->region), a->region);
    if (address_of(m, begin, &a->begin) && address_of(m, comma + 1, &a->end)) return true;
    fprintf(stderr, "ia64sim: --region: no such symbol in %s: %s\n", a->program, a->region);
    return false;
}

/* --- output ---------------------------------------------------------------------------------- */

static json_t *stats_json(const struct ia64 *m, const struct watch *w, const struct arguments *a) {
    struct ia64_stats s = ia64_stats(m);
    json_t *o = json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "instructions", (json_int_t)s.instructions,
        "attempts", (json_int_t)(s.instructions + s.faults), "interruptions",
        (json_int_t)s.interruptions, "faults", (json_int_t)s.faults, "external_interrupts",
        (json_int_t)s.external, "rse_stores", (json_int_t)s.rse_stores, "rse_loads",
        (json_int_t)s.rse_loads, "memory_bytes", (json_int_t)ia64_memory_used(m));

    if (o && a->region) {
        json_t *region = json_object();

        for (size_t i = 0; i < WATCH_COUNTS; i++)
            json_object_set_new(region, ia64_watch_names[i], json_integer(w->count[i]));
        json_object_set_new(o, "region", region);
    }
    if (o && w->model && a->json) {
        struct ia64_model_result r = ia64_model_result(w->model);

        json_object_set_new(o, "model", ia64_model_json(&r));
    }
    return o;
}

static void print_stats(const struct ia64 *m, const struct watch *w, const struct arguments *a) {
    json_t *o = stats_json(m, w, a), *value, *inner;
    const char *key, *name;

    if (a->json) {
        json_dumpf(o, stderr, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
        fputc('\n', stderr);
    } else {
        json_object_foreach(o, key, value) {
            if (json_is_integer(value))
                fprintf(stderr, "%-22s %20" JSON_INTEGER_FORMAT "\n", key,
                        json_integer_value(value));
            else
                json_object_foreach(value, name, inner)
                    fprintf(stderr, "region.%-15s %20" JSON_INTEGER_FORMAT "\n", name,
                            json_integer_value(inner));
        }
        if (w->model) {
            struct ia64_model_result r = ia64_model_result(w->model);

            ia64_model_print(&r, stderr);
        }
    }
    json_decref(o);
}

static bool write_state(const struct ia64 *m, const char *name) {
    FILE *f = strcmp(name, "-") ? fopen(name, "w") : stdout;
    bool good;

    if (!f) {
        fprintf(stderr, "ia64sim: cannot write %s: %s\n", name, strerror(errno));
        return false;
    }
    ia64_print_state(m, f);
    good = !ferror(f);
    if (f != stdout) good &= !fclose(f);
    return good;
}

static int report(const struct ia64 *m, enum ia64_stop stop, const struct arguments *a) {
    switch (stop) {
    case IA64_STOP_EXIT:
        return ia64_exit_status(m);
    case IA64_STOP_LIMIT:
        fprintf(stderr,
                "ia64sim: stopped at 0x%" PRIx64 ".%u: the limit of %" PRIu64
                " instructions is reached (--limit)\n",
                ia64_ip(m), ia64_slot(m), a->limit);
        return EXIT_LIMIT;
    default:
        fprintf(stderr, "ia64sim: stopped after %" PRIu64 " instructions: %s\n", ia64_count(m),
                ia64_message(m));
        return EXIT_STOP;
    }
}

static int run(struct ia64 *m, struct arguments *a) {
    struct watch w = {.trace = a->trace ? stderr : NULL, .groups = a->groups};
    enum ia64_stop stop;
    int status;

    if (a->region) {
        if (!find_region(m, a)) return EXIT_USE;
        w.region = true;
        w.begin = a->begin;
        w.end = a->end;
    }
    if (a->interrupt_at != UINT64_MAX) ia64_interrupt_at(m, a->interrupt_at, a->vector);
    if (a->modelled && !(w.model = ia64_model_new(&a->model))) {
        fprintf(stderr, "ia64sim: no memory for a timing model\n");
        return EXIT_STOP;
    }
    stop = ia64_watch_run(m, &w, a->limit);
    fflush(stdout);
    status = report(m, stop, a);
    if (a->stats || a->region || a->modelled) print_stats(m, &w, a);
    if (a->groups)
        fprintf(stderr, "ia64sim: %" PRIu64 " violations of instruction group rules\n",
                w.violations);
    ia64_model_free(w.model);
    if (a->state && !write_state(m, a->state)) status = EXIT_USE;
    if (w.violations && status == 0) status = EXIT_VIOLATION;
    return status;
}

int main(int argc, char **argv) {
    static const struct argp argp = {
        options,
        parse,
        "PROGRAM.ELF [ARGUMENT...]",
        "Runs a bare-metal IA-64 program on a simulated Itanium processor.\v"
        "The exit status is the program's; 124 when the limit is reached, 125 when the "
        "simulator stops, 2 for wrong use.",
        NULL,
        NULL,
        NULL};
    struct arguments a = {.limit = DEFAULT_LIMIT, .interrupt_at = UINT64_MAX};
    struct ia64 *m;
    int status;

    a.config.console_in = stdin;
    a.config.console_out = stdout;
    argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &a);
    m = ia64_new(&a.config);
    if (!m) {
        fprintf(stderr, "ia64sim: no memory for a machine\n");
        return EXIT_STOP;
    }
    if (ia64_load_elf(m, a.program)) {
        fprintf(stderr, "ia64sim: %s\n", ia64_message(m));
        status = EXIT_USE;
    } else {
        status = run(m, &a);
    }
    ia64_free(m);
    return status;
}
