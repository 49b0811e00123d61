/* show: the tables of a record file (harness/show.h). */
#include "harness/show.h"
#include "harness/command.h"
#include "harness/options.h"

#include <stdio.h>

static int show_record(int argc, char **argv) {
    struct options o;
    options_parse(&o, "show", "Prints the tables of a record file (default results/latest.jsonl); of several, the last runs "
                  "side by side, one column a machine.",
                  "vbTrM", argc, argv);
    char latest[4096];
    snprintf(latest, sizeof latest, "%s/latest.jsonl", o.results);
    const char *file = o.file ? o.file : latest;
    if (o.file_count > 1) return show_machines(o.files, o.file_count, stdout, stderr);
    if (o.tsv) return show_tsv(file, o.tsv, stdout, stderr);
    return show(file, &(struct show_options){.view = o.view, .baseline = o.baseline}, stdout,
                stderr);
}

static const struct command show_command = {"show", show_record, "tables from a record file"};
REGISTER_COMMAND(show_command);
