/* loop: one switcher alone, for other people's tools. */
#include "harness/command.h"
#include "harness/options.h"

#include <stdio.h>

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
    if (!o.mask) o.mask = "none";
    int code = choose(&choice, &o) ? run_loop(&choice, &o) : EXIT_WRONG_USE;
    choice_free(&choice);
    return code;
}

static const struct command loop_command = {
    "loop", loop, "one switcher's loop alone, for perf, hyperfine, cachegrind"};
REGISTER_COMMAND(loop_command);
