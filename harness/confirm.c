/* confirm.c: reruns through `PROGRAM run` (confirm.h). Both programs take turns, so that what
 * drifts, drifts for both; each turn is one process in every layout. */
#include "harness/confirm.h"

#include "harness/rerun.h"
#include "harness/worker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TURNS = 4, PATH = 4096 };

/* "live=4,use=used" for --point; empty where the cell has no params */
static char *point_of(const json_t *line) {
    char *text = NULL, *value;
    size_t size;
    const char *name;
    json_t *param;
    FILE *point = open_memstream(&text, &size);
    if (!point) return NULL;
    json_object_foreach(json_object_get(line, "params"), name, param) {
        value = json_is_string(param) ? strdup(json_string_value(param))
                                      : json_dumps(param, JSON_ENCODE_ANY);
        fprintf(point, "%s%s=%s", ftell(point) ? "," : "", name, value ? value : "");
        free(value);
    }
    fclose(point);
    return text;
}

static int run_program(const char *program, const json_t *line, const char *out) {
    char processes[16], *point = point_of(line);
    snprintf(processes, sizeof processes, "%u", worker_layouts());
    const char *args[] = {"run",
                          "--experiment",
                          line_text(line, "experiment"),
                          "--switcher",
                          line_text(line, "switcher"),
                          "--mask",
                          line_text(line, "mask"),
                          "--transfer",
                          line_text(line, "transfer"),
                          "--arch",
                          line_text(line, "arch"),
                          "--engine",
                          line_text(line, "engine"),
                          "--processes",
                          processes,
                          RERUN_PATIENCE,
                          "--out",
                          out,
                          point && *point ? "--point" : NULL,
                          point,
                          NULL};
    int code = rerun(program, args);
    free(point);
    return code;
}

struct turn {
    const char *program;
    char path[PATH];
};

static bool new_path(char path[PATH], const char *results, const char *side) {
    if (mkdir(results, 0777) && errno != EEXIST) return false;
    snprintf(path, PATH, "%s/confirm-%s-XXXXXX.jsonl", results, side);
    int fd = mkstemps(path, 6);
    if (fd >= 0) close(fd);
    return fd >= 0;
}

static bool run_turns(const struct turn *runs, size_t sides, const json_t *line, char *why,
                      size_t size) {
    for (int turn = 0; turn < TURNS; turn++)
        for (size_t i = 0; i < sides; i++) {
            const struct turn *run =
                &runs[turn & 1 ? sides - 1 - i : i]; /* neither is always the first */
            int code = run_program(run->program, line, run->path);
            if (!code) continue;
            snprintf(why, size, "unconfirmed: %s could not run it again (%s); try `%s run` by hand",
                     run->program, code < 0 ? strerror(-code) : "its exit code is not 0",
                     run->program);
            return false;
        }
    return true;
}

/* whether what was run again is an alarm of the same direction, by the same floor: a turn alone
 * says too little about one */
static bool judge(const struct compare_options *o, const struct side *base, const char *path,
                  const struct timing *t, char *why, size_t size) {
    struct side again;
    struct timing repeated;
    json_t *floors = json_pack("{s:{s:{s:f}}}", "cells", t->cell, "floor", t->floor);
    bool stands = false;
    if (side_load(&again, path, stderr) == 0 &&
        compare_times(base, &again, t->cell, o->threshold, floors, &repeated)) {
        stands = repeated.alarm && repeated.verdict == t->verdict;
        snprintf(why, size, "%s: again %.4f [%.4f, %.4f]%s", stands ? "confirmed" : "not confirmed",
                 repeated.ratio.value, repeated.ratio.lo, repeated.ratio.hi,
                 o->base_program ? "" : " (only NEW was run again)");
    } else
        snprintf(why, size, "unconfirmed: the rerun has no such figure");
    side_free(&again);
    json_decref(floors);
    return stands;
}

bool confirm(const struct compare_options *o, const struct side *base, const struct side *new,
             const struct timing *t, char *why, size_t size) {
    char *own = rerun_own();
    struct turn runs[2] = {{.program = o->new_program ? o->new_program : own},
                           {.program = o->base_program}};
    size_t sides = o->base_program ? 2 : 1;
    const json_t *line = json_array_get(json_object_get(new->cells, t->cell), 0);
    struct side again = {0};
    bool stands = true; /* what could not be run again is not refuted */
    if (!runs[0].program || !new_path(runs[0].path, o->results, "new") ||
        (sides == 2 && !new_path(runs[1].path, o->results, "base")))
        snprintf(why, size, "unconfirmed: no record can be written in %s: %s", o->results,
                 strerror(errno));
    else if (run_turns(runs, sides, line, why, size) &&
             (sides == 1 || side_load(&again, runs[1].path, stderr) == 0))
        stands = judge(o, sides == 2 ? &again : base, runs[0].path, t, why, size);
    if (sides == 2) side_free(&again);
    free(own);
    return stands;
}
