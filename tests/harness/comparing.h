/* comparing.h: two records made by hand in a folder that goes away, and what a comparison says of
 * them; for the tests of compare.c and baseline.c. */
#ifndef TESTS_COMPARING_H
#define TESTS_COMPARING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs those first */
#include <cmocka.h>
#include <string.h>

#include "harness/baseline.h"
#include "harness/compare.h"
#include "harness/record.h"
#include "tests/harness/lines.h"

static char *folder, base_path[256], new_path[256], *out, *err;
static struct compare_options options;

static inline int setup(void **state) {
    (void)state;
    folder = make_folder();
    snprintf(base_path, sizeof base_path, "%s/base.jsonl", folder);
    snprintf(new_path, sizeof new_path, "%s/new.jsonl", folder);
    options = (struct compare_options){
        .threshold = 0.02, .gate = GATE_COUNTS, .times = true, .results = folder};
    return 0;
}

static inline int teardown(void **state) {
    (void)state;
    remove_tree(folder);
    free(folder);
    free(out);
    free(err);
    out = err = NULL;
    return 0;
}

static inline void append(const char *path, json_t *line) {
    char why[RECORD_WHY] = "";
    struct record *record = record_open_file(path, why, sizeof why);
    if (!record || record_write(record, line, why, sizeof why)) fail_msg("%s", why);
    record_close(record, why, sizeof why);
}

static inline void append_text(const char *path, const char *text) {
    FILE *file = fopen(path, "a");
    fputs(text, file);
    fclose(file);
}

static inline json_t *run_on(const char *id, const char *cpu, const char *compiler) {
    json_t *run = make_run(id);
    json_object_set_new(run, "env", json_pack("{s:s, s:s}", "cpu", cpu, "compiler", compiler));
    json_object_set_new(run, "layouts", json_integer(6));
    return run;
}

/* samples of cost, spread evenly over +- `spread` of it, in an order that no layout explains; and
 * 20 instructions */
static inline json_t *counted(const char *run, const char *switcher, const char *metric,
                              double value) {
    json_t *line = make_result(run, switcher, "pip", 1, 1);
    json_object_del(line, "samples");
    json_object_set_new(line, "metrics",
                        json_pack("{s:o}", metric, make_metric(value, value, value, 1, "counted")));
    return line;
}

static inline int with(int (*function)(const char *, const char *, const struct compare_options *,
                                       FILE *, FILE *),
                       const char *base) {
    size_t size;
    free(out);
    free(err);
    FILE *o = open_memstream(&out, &size), *e = open_memstream(&err, &size);
    int code = function(base, new_path, &options, o, e);
    fclose(o);
    fclose(e);
    return code;
}

/* White space of any length counts as one space. */
static inline bool holds(const char *text, const char *want) {
    char *squeezed = strdup(text), *to = squeezed;
    for (char *from = squeezed; *from; from++) {
        if (*from == '\n') *from = ' ';
        if (*from != ' ' || to == squeezed || to[-1] != ' ') *to++ = *from;
    }
    *to = '\0';
    bool found = strstr(squeezed, want) != NULL;
    free(squeezed);
    return found;
}

static inline void assert_says(const char *want) {
    if (!holds(out, want)) fail_msg("\"%s\" is not in:\n%s%s", want, out, err);
}

static inline void assert_complains(const char *want) {
    if (!holds(err, want)) fail_msg("\"%s\" is not in:\n%s", want, err);
}

#endif
