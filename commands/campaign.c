/* campaign and merge: interrupts at all choices of one, two or three boundaries, in shards
 * (harness/campaign.h). */
#include "harness/campaign.h"
#include "harness/command.h"
#include "harness/options.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    LIST = 'l',
    INTERRUPTS = 'i',
    SAMPLE = 'n',
    SHARD = 'I',
    OUT = 'o',
    STATUS = 'p',
    PATH = 'f'
};

static const struct argp_option table[] = {
    {"interrupts", INTERRUPTS, "N", 0, "1, 2 or 3 interrupts a switch (default 1)", 0},
    {"sample", SAMPLE, "N", 0, "draw N points a switcher, by --seed, instead of all", 0},
    {"shard", SHARD, "I/N", 0, "only the I-th of N parts, I from 0 to N-1 (default 0/1)", 0},
    {"out", OUT, "DIR", 0, "the campaign's folder: a file a shard", 0},
    {"list", LIST, NULL, 0, "print how many points there are and what they would take; run none",
     0},
    {"status", STATUS, NULL, 0, "print how far the campaign in --out is, from its files", 0},
    {"path", PATH, NULL, 0, "print the path of the shard's file; run none", 0},
    {"switcher", 's', "GLOB", 0, "only switchers whose name matches", 1},
    {"mask", 'm', "GLOB", 0, "only switchers under this mask", 1},
    {"arch", 'a', "ARCH", 0, "switchers of this architecture (default: this machine's)", 1},
    {"engine", 'E', "GLOB", 0, "only engines whose name matches", 1},
    {"seed", 'S', "N", 0, "seed of canaries and of the sample (default 1)", 1},
    {0},
};

struct arguments {
    struct options options;
    unsigned interrupts, shard, shards;
    uint64_t sample;
    const char *out;
    bool list, status, path;
};

/* a whole number that fills the text; ends the program when it is none */
static uint64_t whole(const char *text, const char *option, uint64_t least, uint64_t most,
                      struct argp_state *state) {
    char *end = NULL;
    unsigned long long n = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || n < least || n > most)
        argp_error(state, "--%s takes a whole number from %" PRIu64 " to %" PRIu64 ", not '%s'",
                   option, least, most, text);
    return n;
}

static void take_shard(struct arguments *a, const char *text, struct argp_state *state) {
    int end = 0;
    bool good = *text >= '0' && *text <= '9' &&
                sscanf(text, "%u/%u%n", &a->shard, &a->shards, &end) == 2 && !text[end];
    if (good && a->shard < a->shards && a->shards <= CAMPAIGN_SHARDS_MOST) return;
    if (good && !a->shards)
        argp_error(state, "--shard %s: a campaign has at least one shard", text);
    else
        argp_error(state, "--shard takes I/N with I from 0 to N-1 and N up to %d, not '%s'",
                   CAMPAIGN_SHARDS_MOST, text);
}

static error_t parse(int key, char *text, struct argp_state *state) {
    struct arguments *a = state->input;
    switch (key) {
    case INTERRUPTS:
        a->interrupts = (unsigned)whole(text, "interrupts", 1, INJECTIONS_MOST, state);
        break;
    case SAMPLE:
        a->sample = whole(text, "sample", 1, INT64_MAX, state);
        break;
    case SHARD:
        take_shard(a, text, state);
        break;
    case OUT:
        a->out = text;
        break;
    case LIST:
        a->list = true;
        break;
    case STATUS:
        a->status = true;
        break;
    case PATH:
        a->path = true;
        break;
    case 's':
        a->options.switcher = text;
        break;
    case 'm':
        a->options.mask = text;
        break;
    case 'a':
        a->options.arch = text;
        break;
    case 'E':
        a->options.engine = text;
        break;
    case 'S':
        a->options.seed = (uint32_t)whole(text, "seed", 0, UINT32_MAX, state);
        break;
    case ARGP_KEY_END:
        if (!a->out && !a->list)
            argp_error(state, "name the campaign's folder by --out, or ask for --list");
        break;
    default:
        return key == ARGP_KEY_ARG ? (argp_error(state, "unexpected argument '%s'", text), 0)
                                   : ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static int say(const char *command, const char *why, int code) {
    fprintf(stderr, "switchlab %s: %s\n", command, why);
    return code;
}

static int run_shard(const struct campaign *c, const struct arguments *a) {
    char why[CAMPAIGN_WHY] = "", path[CAMPAIGN_PATH];
    campaign_path(a->out, c->identity, a->shard, a->shards, path);
    if (a->path) return puts(path) < 0 ? EXIT_CHECK_FAILED : EXIT_DONE;
    enum campaign_result result =
        campaign_shard(c, a->out, a->shard, a->shards, isatty(2) ? stderr : NULL, why);
    if (result == CAMPAIGN_FAILED) return say("campaign", why, EXIT_CHECK_FAILED);
    if (why[0]) say("campaign", why, 0); /* what was there was damaged */
    printf("%s%s\n", path, result == CAMPAIGN_WAS_THERE ? ": was there" : "");
    return EXIT_DONE;
}

static void say_skipped(const struct campaign *c) {
    size_t i;
    json_t *reason;
    json_array_foreach(c->skipped, i, reason)
        fprintf(stderr, "skipped: %s\n", json_string_value(reason));
}

static int with_choice(const struct arguments *a, const struct choice *choice) {
    char why[CAMPAIGN_WHY] = "";
    struct campaign c;
    const struct campaign_parameters parameters = {choice->engines, choice->switchers,
                                                   a->interrupts, a->sample, a->options.seed};
    int code;
    if (!campaign_open(&c, &parameters, why) || (a->list && !campaign_list(&c, stdout, why)))
        code = say("campaign", why, EXIT_CHECK_FAILED);
    else
        code = a->list ? EXIT_DONE : run_shard(&c, a);
    if (a->list || !a->shard) say_skipped(&c); /* not by each shard again */
    campaign_close(&c);
    return code;
}

static int campaign(int argc, char **argv) {
    static const struct argp argp = {table,
                                     parse,
                                     NULL,
                                     "Interrupts switchers at all choices of boundaries, or at a "
                                     "sample of them; in shards, which merge.",
                                     NULL,
                                     NULL,
                                     NULL};
    struct arguments a = {.options = {.seed = 1}, .interrupts = 1, .shards = 1};
    struct choice choice = {0};
    char name[] = "switchlab campaign", why[CAMPAIGN_WHY];
    argv[0] = name;
    argp_err_exit_status = EXIT_WRONG_USE;
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    if (a.status)
        return campaign_status(a.out, stdout, why) ? EXIT_DONE
                                                   : say("campaign", why, EXIT_CHECK_FAILED);
    int code = choose(&choice, &a.options) ? with_choice(&a, &choice) : EXIT_WRONG_USE;
    choice_free(&choice);
    return code;
}

static int merge(int argc, char **argv) {
    char why[CAMPAIGN_WHY];
    uint64_t findings;
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        printf("Usage: switchlab merge DIR\nMakes one file of a campaign's shards, the same bytes "
               "for any number of them; names the shard "
               "that is missing, there twice, of another campaign or damaged.\n");
        return EXIT_DONE;
    }
    if (argc != 2 || argv[1][0] == '-')
        return say("merge", "usage: switchlab merge DIR", EXIT_WRONG_USE);
    if (!campaign_merge(argv[1], stdout, &findings, why))
        return say("merge", why, EXIT_CHECK_FAILED);
    if (!findings) return EXIT_DONE;
    snprintf(why, sizeof why, "%" PRIu64 " points went wrong that a switcher claims to withstand",
             findings);
    return say("merge", why, EXIT_CHECK_FAILED);
}

static const struct command campaign_command = {
    "campaign", campaign, "interrupts at all choices of boundaries, in shards"};
REGISTER_COMMAND(campaign_command);
static const struct command merge_command = {"merge", merge, "one file of a campaign's shards"};
REGISTER_COMMAND(merge_command);
