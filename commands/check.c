/* check and mutate: the contract check alone, and the check of the check; one line a switcher. */
#include "harness/command.h"
#include "harness/options.h"
#include "harness/worker.h"

#include <stdio.h>
#include <string.h>

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
        const char *lacking = (*e)->lacks ? (*e)->lacks(&work) : NULL;
        if (lacking) {
            print_switcher(s, "skip");
            printf(" %s: %s\n", (*e)->name, lacking);
            continue;
        }
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

static const struct command check_command = {"check", check, "the contract check alone"};
REGISTER_COMMAND(check_command);

static const struct command mutate_command = {
    "mutate", mutate, "check the check: remove each save and restore in turn"};
REGISTER_COMMAND(mutate_command);
