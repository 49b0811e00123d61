/* run: the main job (harness/run.h). */
#include "harness/run.h"
#include "harness/command.h"
#include "harness/options.h"

static int run_lab(int argc, char **argv) {
    struct options o;
    options_parse(&o, "run",
                  "Checks, counts and times the chosen cells, records them and prints the tables.",
                  "seEmtaqxPSpRlGcor", argc, argv);
    int code = run(&o);
    json_decref(o.point);
    return code;
}

static const struct command run_command = {"run", run_lab, "check, count, time and record"};
REGISTER_COMMAND(run_command);
