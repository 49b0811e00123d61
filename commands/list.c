/* list: what there is, and what each switcher saves. */
#include "harness/command.h"
#include "harness/contract.h"
#include "harness/options.h"

#include <stdio.h>

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

static const struct command list_command = {"list", list,
                                            "what there is: switchers, experiments, engines; "
                                            "--contract: what each switcher saves, and why"};
REGISTER_COMMAND(list_command);
