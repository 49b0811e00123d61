/* main.c: the program: a table of subcommands. */
#include "harness/contract.h"
#include "harness/options.h"
#include "harness/run.h"
#include "harness/show.h"
#include "harness/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- list ---- */

static void print_contract(const struct switcher *s) {
    static const char *const duties[] = {
        [SAVED] = "saved", [INCONSEQUENTIAL] = "inconsequential", [SHARED] = "shared"};
    for (size_t i = 0; i < s->contract.file->count; i++) {
        const struct reg *reg = &s->contract.file->reg[i];
        const struct clause *c = contract_clause(&s->contract, reg);
        printf("    %-8s %-10s %4u bits  %-16s %s\n", reg->name, reg->class, reg->bits,
               duties[c->duty], c->why);
    }
}

static int list(int argc, char **argv) {
    struct options o;
    options_parse(&o, "list", "Lists switchers, experiments and engines.", "smtaEC", argc, argv);
    struct choice choice;
    bool chosen = choose(&choice, &o);
    if (chosen) printf("switchers\n");
    for (const struct switcher **p = choice.switchers; chosen && *p; p++) {
        const struct switcher *s = *p;
        const char *why = s->unavailable ? s->unavailable() : NULL;
        printf("  %-13s %-7s %-8s %-7s %-8s %s%s%s\n", s->name, s->kind, s->arch, s->mask,
               s->transfer, s->summary, why ? "; not here: " : "", why ? why : "");
        if (o.contract) print_contract(s);
    }
    choice_free(&choice);
    if (!chosen) return EXIT_WRONG_USE;
    printf("experiments\n");
    for (const struct experiment *const *e = experiment_all(); *e; e++)
        printf("  %-13s %s\n", (*e)->name, (*e)->summary);
    printf("engines\n");
    for (const struct engine *const *e = engine_all(); *e; e++) {
        const char *why = (*e)->unavailable ? (*e)->unavailable() : NULL;
        printf("  %-13s %s%s%s\n", (*e)->name, (*e)->summary, why ? "; not here: " : "",
               why ? why : "");
    }
    return EXIT_DONE;
}

/* ---- run ---- */

static int run_command(int argc, char **argv) {
    struct options o;
    options_parse(&o, "run",
                  "Checks, counts and times the chosen cells, records them and prints the tables.",
                  "seEmtaqSplcor", argc, argv);
    return run(&o);
}

/* ---- check and mutate: one line a switcher ---- */

/* prints an answer; returns 1 when it says that something is wrong */
typedef int print_fn(const struct switcher *, const struct worker_result *);

static void print_names(const json_t *names) {
    size_t i;
    json_t *name;
    json_array_foreach((json_t *)names, i, name) printf(" %s", json_string_value(name));
}

static void print_switcher(const struct switcher *s, const char *status) {
    printf("%-5s %-13s %-8s %-7s %-8s", status, s->name, s->arch, s->mask, s->transfer);
}

static int print_check(const struct switcher *s, const struct worker_result *r) {
    const char *status =
        r->answer ? json_string_value(json_object_get(r->answer, "status")) : "fail";
    const char *reason =
        r->answer ? json_string_value(json_object_get(r->answer, "reason")) : r->failure;
    print_switcher(s, status);
    if (strcmp(status, "pass") == 0)
        printf(" %3d registers", (int)json_integer_value(json_object_get(r->answer, "registers")));
    if (reason) printf("; %s", reason);
    if (r->answer) print_names(json_object_get(r->answer, "corrupted"));
    putchar('\n');
    return strcmp(status, "fail") == 0;
}

static json_int_t mutants, killed;

static int print_mutants(const struct switcher *s, const struct worker_result *r) {
    const char *skip = r->answer ? json_string_value(json_object_get(r->answer, "skip")) : NULL;
    if (!r->answer || skip) {
        print_switcher(s, skip ? "skip" : "fail");
        printf(" %s\n", skip ? skip : r->failure);
        return !skip;
    }
    json_int_t total = json_integer_value(json_object_get(r->answer, "total"));
    json_int_t noticed = json_integer_value(json_object_get(r->answer, "killed"));
    mutants += total;
    killed += noticed;
    print_switcher(s, total == noticed ? "pass" : "fail");
    printf(" %3lld / %lld killed", (long long)noticed, (long long)total);
    if (total != noticed) printf("; not noticed:");
    print_names(json_object_get(r->answer, "survivors"));
    putchar('\n');
    return total != noticed;
}

/* asks every chosen engine that takes the switcher; adds to *wrong; returns how many were asked */
static int ask_engines(const struct switcher *s, const struct engine **engines,
                       const struct options *o, enum verb verb, print_fn *print, int *wrong) {
    int asked = 0;
    for (const struct engine **e = engines; *e; e++) {
        struct work work = {.switcher = s, .seed = o->seed, .cpu = -1};
        bool able = verb == VERB_CHECK ? (*e)->check != NULL : (*e)->mutate != NULL;
        if (!able || ((*e)->unavailable && (*e)->unavailable()) ||
            ((*e)->rejects && (*e)->rejects(&work)))
            continue;
        struct worker_result r =
            worker_run(verb, *e, &work, 0, verb == VERB_CHECK ? o->seconds : 20 * o->seconds);
        *wrong += print(s, &r);
        fflush(stdout);
        asked++;
        json_decref(r.answer);
    }
    return asked;
}

static int each_switcher(const struct options *o, enum verb verb, print_fn *print) {
    struct choice choice;
    int wrong = 0, asked = 0;
    bool chosen = choose(&choice, o);
    for (const struct switcher **s = choice.switchers; chosen && *s; s++) {
        const char *why = (*s)->unavailable ? (*s)->unavailable() : NULL;
        if (!why) {
            asked += ask_engines(*s, choice.engines, o, verb, print, &wrong);
            continue;
        }
        print_switcher(*s, "skip");
        printf(" %s\n", why);
    }
    choice_free(&choice);
    if (!chosen) return EXIT_WRONG_USE;
    if (!asked) fprintf(stderr, "switchlab: no engine on this machine takes these switchers\n");
    return !asked ? EXIT_SKIPPED : wrong ? EXIT_CHECK_FAILED : EXIT_DONE;
}

static int check(int argc, char **argv) {
    struct options o;
    options_parse(&o, "check",
                  "Runs the contract check of each switcher: canaries in every register, a partner "
                  "that overwrites them all.",
                  "sEmtaSl", argc, argv);
    return each_switcher(&o, VERB_CHECK, print_check);
}

static int mutate(int argc, char **argv) {
    struct options o;
    options_parse(
        &o, "mutate",
        "Removes each save and each restore of each switcher in turn; the check must notice.",
        "sEmtaSl", argc, argv);
    int code = each_switcher(&o, VERB_MUTATE, print_mutants);
    if (code <= EXIT_CHECK_FAILED)
        printf("mutants: %lld / %lld killed (%.1f%%)\n", (long long)killed, (long long)mutants,
               mutants ? 100.0 * (double)killed / (double)mutants : 0.0);
    return code;
}

/* ---- loop: one switcher alone, for other people's tools ---- */

static int run_loop(const struct choice *choice, const struct options *o) {
    const struct experiment *experiment =
        o->experiment ? choice->experiments[0] : experiment_find("pingpong");
    const struct switcher *s = choice->switchers[0];
    const char *why = s->unavailable ? s->unavailable() : NULL;
    json_t *points = experiment->points(true);
    kernel_fn *kernel =
        experiment->kernel ? experiment->kernel(s, json_array_get(points, 0)) : NULL;
    json_decref(points);
    if (!o->switcher || choice->switchers[1] || (!kernel && !why)) {
        fprintf(stderr, "switchlab loop: name exactly one switcher that has a kernel, by "
                        "--switcher, --transfer and --mask\n");
        return EXIT_WRONG_USE;
    }
    if (why) {
        fprintf(stderr, "switchlab loop: %s: %s\n", s->name, why);
        return EXIT_SKIPPED;
    }
    if (kernel(o->iterations)) return EXIT_DONE;
    fprintf(stderr, "switchlab loop: %s: a live value did not survive\n", s->name);
    return EXIT_CHECK_FAILED;
}

static int loop(int argc, char **argv) {
    struct options o;
    struct choice choice;
    options_parse(&o, "loop",
                  "Runs one switcher's kernel and nothing else, for perf, hyperfine, cachegrind or "
                  "a debugger.",
                  "semtanc", argc, argv);
    int code = choose(&choice, &o) ? run_loop(&choice, &o) : EXIT_WRONG_USE;
    choice_free(&choice);
    return code;
}

/* ---- show ---- */

static int show_command(int argc, char **argv) {
    struct options o;
    options_parse(&o, "show", "Prints the tables of a record file (default results/latest.jsonl).",
                  "vbTrF", argc, argv);
    char latest[4096];
    snprintf(latest, sizeof latest, "%s/latest.jsonl", o.results);
    const char *file = o.file ? o.file : latest;
    if (o.tsv) return show_tsv(file, o.tsv, stdout, stderr);
    return show(file, &(struct show_options){.view = o.view, .baseline = o.baseline}, stdout,
                stderr);
}

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} commands[] = {
    {"list", list,
     "what there is: switchers, experiments, engines; --contract: what each switcher saves, and "
     "why"},
    {"run", run_command, "check, count, time and record"},
    {"check", check, "the contract check alone"},
    {"mutate", mutate, "check the check: remove each save and restore in turn"},
    {"show", show_command, "tables from a record file"},
    {"loop", loop, "one switcher's loop alone, for perf, hyperfine, cachegrind"},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static int usage(FILE *out, int code) {
    fprintf(out, "usage: switchlab COMMAND [OPTION...]     each command has --help\n\n");
    for (int i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].summary);
    fprintf(out,
            "\nexit codes: 0 done, 1 a check failed, 2 wrong use, 77 skipped, with the reason\n");
    return code;
}

int main(int argc, char **argv) {
    if (argc < 2) return usage(stderr, EXIT_WRONG_USE);
    if (strcmp(argv[1], "--help") == 0) return usage(stdout, EXIT_DONE);
    if (strcmp(argv[1], "worker") == 0) return worker_main(argc - 1, argv + 1);
    for (int i = 0; i < COMMANDS; i++)
        if (strcmp(argv[1], commands[i].name) == 0) return commands[i].run(argc - 1, argv + 1);
    fprintf(stderr, "switchlab: no command '%s'\n\n", argv[1]);
    return usage(stderr, EXIT_WRONG_USE);
}
