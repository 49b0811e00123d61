/* run.c: the main job. What is compared is one point of an experiment: its cells (switcher and
 * engine) are sampled in rounds, one process a cell and round, each round in a new random order and
 * in the next layout of the program, and the point's lines are written when its last round is done.
 * Ctrl-C or kill -9 so lose only the point that is running. */
#include "harness/run.h"

#include "harness/conditions.h"
#include "harness/environment.h"
#include "harness/progress.h"
#include "harness/record.h"
#include "harness/show.h"
#include "harness/statistics.h"
#include "harness/worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    PROCESSES = 12,
    QUICK_PROCESSES = 4,
    RETRIES = 3,
    MOST_CELLS = 512,
    MOST_PROCESSES = 1000,
    RETRY_PAUSE_US = 20 * 1000
};
#define SAME_ADDS 0.02 /* looks at what a core adds in a cycle agree that well */
#define DISAGREEMENT_LIMIT                                                                         \
    1.0 /* percent between the clock's references; beyond it no cycles are published */

struct cell {
    struct work work;
    const struct engine *engine;
    json_t *check, *counts;
    json_t *uncounted, *untimed; /* why there are no counts, no times */
    json_t *used;                /* what the experiment chose to work with */
    json_t *map;
    json_t *answers; /* of its processes, one a round; null where there was none */
    json_t *samples,
        *units;       /* of each measured metric: an array of one figure a process, and its unit */
    json_t *doubtful; /* places in those arrays of processes that are not sound() */
    size_t n, refused, shared; /* processes; of them those whose clock was not to be trusted */
    char failure[160];         /* why it has no figures; empty: it has */
};

struct run {
    const struct options *options;
    struct record *record;
    char id[64];
    json_t *clock;
    unsigned layouts, processes;
    struct shuffler *shuffler;
    struct progress progress;
    size_t failed, skipped, written;
    json_t *lacking;      /* reasons that points were skipped for, each recorded once */
    char why[RECORD_WHY]; /* why the record can't be written; empty: it can */
};

/* an experiment may take its part of the default at a point; what the user asks for holds for all
 */
static unsigned processes_of(const struct run *run, const struct experiment *experiment,
                             const json_t *params) {
    if (run->options->exact) return 0;
    if (!experiment->divisor || run->options->processes) return run->processes;
    unsigned n = run->processes / experiment->divisor(params);
    return n ? n : 1;
}

/* how often a process that is not sound() is run again: the more points an experiment measures, by
 * fewer processes each, the less often */
static unsigned retries_of(const struct run *run, const struct experiment *experiment,
                           const json_t *params) {
    if (run->options->retries >= 0) return (unsigned)run->options->retries;
    return experiment->divisor && experiment->divisor(params) > 1 ? 1 : RETRIES;
}

/* ---- lines ---- */

static void write_line(struct run *run, json_t *line) {
    if (run->why[0])
        json_decref(line);
    else if (record_write(run->record, line, run->why, sizeof run->why) == 0)
        run->written++;
}

static void write_skip(struct run *run, const char *what, const char *switcher,
                       const char *reason) {
    run->skipped++;
    fprintf(stderr, "skipped: %s: %s\n", switcher ? switcher : what, reason);
    json_t *line = json_pack("{s:s, s:s, s:s, s:s}", "type", "skip", "run", run->id, "what", what,
                             "reason", reason);
    if (switcher) json_object_set_new(line, "switcher", json_string(switcher));
    write_line(run, line);
}

static json_t *line_for(const struct run *run, const char *type, const struct cell *cell) {
    const struct switcher *s = cell->work.switcher;
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:O}", "type", type, "run",
                     run->id, "experiment", cell->work.experiment->name, "switcher", s->name,
                     "kind", s->kind, "arch", s->arch, "mask", s->mask, "state", s->state,
                     "transfer", s->transfer, "engine", cell->engine->name, "params",
                     cell->work.params);
}

/* a sample that is no number makes record_metric refuse: it must not vanish in a median */
static void add_measured(json_t *metrics, const char *name, const char *unit,
                         const json_t *samples) {
    size_t i, n = json_array_size(samples);
    double x[MOST_PROCESSES];
    json_t *value;
    json_array_foreach((json_t *)samples, i, value) x[i] = json_number_value(value);
    struct estimate e = median(x, n, CONFIDENCE);
    json_t *metric = record_metric(&e, unit, "measured");
    if (!metric || json_object_set_new(metrics, name, metric))
        fprintf(stderr, "switchlab: %s: a sample is not a finite number; the figure is left out\n",
                name);
}

/* a count; or a timing model's prediction, which says so itself */
static json_t *exact_metric(const json_t *count) {
    double value = json_number_value(json_object_get(count, "value"));
    const char *unit = json_string_value(json_object_get(count, "unit")),
               *method = json_string_value(json_object_get(count, "method"));
    if (!method) return record_count(value, unit);
    return json_pack("{s:f, s:s, s:s, s:O, s:O, s:i}", "value", value, "unit", unit, "method",
                     method, "lo", json_object_get(count, "lo"), "hi", json_object_get(count, "hi"),
                     "n", 1);
}

static void add_counted(json_t *metrics, const json_t *counts) {
    const char *name;
    json_t *count;
    json_object_foreach((json_t *)counts, name, count) if (json_is_object(count))
        json_object_set_new(metrics, name, exact_metric(count));
}

static json_t *failed_check(const char *reason) {
    return json_pack("{s:s, s:i, s:[], s:s}", "status", "fail", "registers", 0, "corrupted",
                     "reason", reason);
}

static bool was_skipped(const struct cell *cell) {
    const char *status = json_string_value(json_object_get(cell->check, "status"));
    return status && strcmp(status, "skip") == 0;
}

/* moves the samples at these places, which ascend, to a new array */
static json_t *take_out(json_t *samples, const json_t *places) {
    json_t *taken = json_array();
    for (size_t i = json_array_size(places); i--;) {
        size_t place = (size_t)json_integer_value(json_array_get(places, i));
        json_array_insert(taken, 0, json_array_get(samples, place));
        json_array_remove(samples, place);
    }
    return taken;
}

/* where most processes are sound, the others do not count: they are kept beside, or NULL */
static json_t *set_aside(struct cell *cell) {
    size_t n = json_array_size(cell->doubtful);
    if (!n || 2 * n > cell->n) return NULL;
    json_t *aside = json_pack("{s:O}", "places", cell->doubtful), *values;
    const char *name;
    json_object_foreach(cell->samples, name, values)
        json_object_set_new(aside, name, take_out(values, cell->doubtful));
    return aside;
}

static void write_result(struct run *run, struct cell *cell) {
    json_t *line = line_for(run, "result", cell), *metrics = json_object(),
           *samples = json_object(), *values;
    const char *name;
    if (!cell->failure[0]) {
        if (cell->counts) add_counted(metrics, cell->counts);
        if (cell->uncounted) json_object_set(line, "uncounted", cell->uncounted);
        if (cell->untimed) json_object_set(line, "untimed", cell->untimed);
        if (cell->used) json_object_set(line, "used", cell->used);
        if (contract_saved(&cell->work.switcher->contract))
            json_object_set_new(
                metrics, "registers_saved",
                record_count((double)contract_saved(&cell->work.switcher->contract), "registers"));
        json_t *aside = set_aside(cell);
        if (aside) json_object_set_new(line, "set_aside", aside);
        json_object_foreach(cell->samples, name, values) {
            /* a clock that contradicts itself in most processes is no clock */
            if (strcmp(name, "cycles") == 0 && !aside && 2 * cell->refused >= cell->n) continue;
            add_measured(metrics, name, json_string_value(json_object_get(cell->units, name)),
                         values);
            if (json_object_get(metrics, name)) json_object_set(samples, name, values);
        }
        json_object_set_new(line, "clock_refused", json_integer((json_int_t)cell->refused));
        json_object_set_new(line, "core_shared", json_integer((json_int_t)cell->shared));
        json_object_set_new(line, "check", json_incref(cell->check));
    } else {
        run->failed += !was_skipped(cell);
        json_object_set_new(line, "check",
                            cell->check ? json_incref(cell->check) : failed_check(cell->failure));
    }
    json_object_set_new(line, "metrics", metrics);
    json_object_set_new(line, "samples", samples);
    write_line(run, line);
}

/* ---- a cell's work ---- */

static void fail(struct cell *cell, const char *what) {
    if (cell->failure[0]) return;
    snprintf(cell->failure, sizeof cell->failure, "%s", what);
    if (cell->check) json_decref(cell->check);
    cell->check = NULL;
}

/* a check that failed ends the cell, and is what its line says */
static void take_check(struct cell *cell, json_t *check) {
    if (!check || cell->failure[0]) return;
    if (cell->check) json_decref(cell->check);
    cell->check = json_incref(check);
    const char *status = json_string_value(json_object_get(check, "status"));
    if (status && strcmp(status, "fail") == 0)
        snprintf(cell->failure, sizeof cell->failure, "%s",
                 json_string_value(json_object_get(check, "reason")));
}

/* what it needs is not to be had on this machine: its line says so, and that is no failure */
static void skip_cell(struct cell *cell, const char *why) {
    if (cell->failure[0]) return;
    fail(cell, why);
    cell->check = json_pack("{s:s, s:i, s:[], s:s}", "status", "skip", "registers", 0, "corrupted",
                            "reason", why);
}

static json_t *ask(struct run *run, struct cell *cell, enum verb verb, unsigned layout) {
    struct work work = cell->work;
    if (verb != VERB_SAMPLE) work.cpu = -1; /* only time needs a CPU of its own */
    struct worker_result result =
        worker_run(verb, cell->engine, &work, layout, run->options->seconds);
    if (!result.answer && !result.interrupted) fail(cell, result.failure);
    return result.answer;
}

static void check_and_count(struct run *run, struct cell *cell) {
    json_t *check = ask(run, cell, VERB_CHECK, 0);
    take_check(cell, check);
    json_decref(check);
    if (cell->failure[0] || !cell->engine->count || worker_stop) return;
    if (cell->work.experiment->uncounted) {
        cell->uncounted = json_string(cell->work.experiment->uncounted);
        return;
    }
    cell->counts = ask(run, cell, VERB_COUNT, 0);
    json_t *reason = cell->counts ? json_object_get(cell->counts, "skip") : NULL;
    if (!reason) return;
    cell->uncounted = json_incref(reason);
    json_decref(cell->counts);
    cell->counts = NULL;
}

static bool clock_refused(const json_t *answer) {
    return json_number_value(json_object_get(answer, "disagreement")) > DISAGREEMENT_LIMIT;
}

/* "adds_per_cycle" is what a core of one's own does, as far as known: others may have been on it
 * whenever that was looked at before, and what was measured then was held to too little */
static void learn(struct run *run, const json_t *answer) {
    double reached = json_number_value(json_object_get(answer, "adds_reached")),
           known = json_number_value(json_object_get(run->clock, "adds_per_cycle"));
    if (reached > (1 + SAME_ADDS) * known)
        json_object_set_new(run->clock, "adds_per_cycle", json_real(reached));
}

static bool core_shared(const struct run *run, const json_t *answer) {
    double expected = json_number_value(json_object_get(answer, "adds_expected")),
           known = json_number_value(json_object_get(run->clock, "adds_per_cycle"));
    return json_is_true(json_object_get(answer, "shared")) ||
           (expected > 0 && known > (1 + SAME_ADDS) * expected);
}

/* what was looked at beside the figure speaks for it */
static bool sound(const struct run *run, const json_t *answer) {
    return !clock_refused(answer) && !core_shared(run, answer);
}

static void sample(struct run *run, struct cell *cell, unsigned round) {
    if (cell->failure[0] || cell->untimed || !cell->engine->sample) return;
    cell->work.seed = run->options->seed + round * 7919;
    json_t *answer = ask(run, cell, VERB_SAMPLE, round % run->layouts);
    if (!answer) return;
    const char *skip = json_string_value(json_object_get(answer, "skip"));
    if (skip) skip_cell(cell, skip);
    take_check(cell, json_object_get(answer, "check"));
    cell->untimed = json_incref(json_object_get(answer, "untimed"));
    if (cell->untimed) {
        json_decref(answer);
        return;
    }
    while (json_array_size(cell->answers) <= round)
        json_array_append_new(cell->answers, json_null());
    json_array_set_new(cell->answers, round, answer);
    learn(run, answer);
}

static void add_answer(const struct run *run, struct cell *cell, const json_t *answer) {
    cell->refused += clock_refused(answer);
    cell->shared += core_shared(run, answer);
    if (!sound(run, answer))
        json_array_append_new(cell->doubtful, json_integer((json_int_t)cell->n));
    if (!cell->used) cell->used = json_incref(json_object_get(answer, "used"));
    cell->n++;
    const char *name;
    json_t *metric;
    json_object_foreach(json_object_get(answer, "metrics"), name, metric) {
        if (!json_object_get(cell->samples, name))
            json_object_set_new(cell->samples, name, json_array());
        json_array_append(json_object_get(cell->samples, name), json_object_get(metric, "value"));
        json_object_set(cell->units, name, json_object_get(metric, "unit"));
    }
}

static void write_map(struct run *run, struct cell *cell) {
    const char *skip = json_string_value(json_object_get(cell->map, "skip")),
               *wrong = json_string_value(json_object_get(cell->map, "fail"));
    if (wrong) fail(cell, wrong);
    if (!cell->map || wrong) {
        if (!worker_stop) write_result(run, cell);
    } else if (skip) {
        write_skip(run, cell->work.experiment->name, cell->work.switcher->name, skip);
    } else {
        json_t *line = line_for(run, "map", cell);
        json_object_update(line, cell->map);
        write_line(run, line);
    }
}

/* ---- points ---- */

static struct cell *new_cell(const struct work *work, const struct engine *engine) {
    struct cell *cell = calloc(1, sizeof *cell);
    if (!cell) abort();
    cell->work = *work;
    cell->engine = engine;
    cell->answers = json_array();
    cell->samples = json_object();
    cell->units = json_object();
    cell->doubtful = json_array();
    return cell;
}

static void free_cell(struct cell *cell) {
    json_decref(cell->check);
    json_decref(cell->counts);
    json_decref(cell->uncounted);
    json_decref(cell->untimed);
    json_decref(cell->used);
    json_decref(cell->map);
    json_decref(cell->answers);
    json_decref(cell->samples);
    json_decref(cell->units);
    json_decref(cell->doubtful);
    free(cell);
}

/* why this engine does not run this work, or NULL */
static const char *rejection(const struct engine *engine, const struct work *work) {
    bool counted = work->experiment->counted, mapped = !work->experiment->kernel && !counted;
    if (counted && !engine->count) return "it does not count";
    if (mapped && !engine->map) return "it can't interrupt at every boundary";
    if (!counted && !mapped && !engine->sample && (!engine->count || work->experiment->divisor))
        return "it has no clock";
    const char *why = engine->rejects ? engine->rejects(work) : NULL;
    if (!why && engine->unavailable) why = engine->unavailable();
    return why ? why : engine->lacks ? engine->lacks(work) : NULL;
}

/* whether this machine lacks what the point needs; the first time that it does so, says why */
static bool lacks(struct run *run, const struct work *work) {
    const struct experiment *experiment = work->experiment;
    const char *why = experiment->lacks ? experiment->lacks(work->switcher, work->params) : NULL;
    if (!why) return false;
    if (!json_object_get(run->lacking, why)) write_skip(run, experiment->name, NULL, why);
    json_object_set_new(run->lacking, why, json_true());
    return true;
}

static size_t choose_cells(struct run *run, const struct experiment *experiment, json_t *params,
                           const struct switcher **switchers, const struct engine **engines,
                           struct cell **cells) {
    size_t n = 0;
    for (size_t s = 0; switchers[s]; s++)
        for (size_t e = 0; engines[e] && n < MOST_CELLS; e++) {
            struct work work = {switchers[s],       experiment,        params,
                                run->options->seed, run->options->cpu, run->clock};
            if (experiment->concerns && !experiment->concerns(switchers[s])) continue;
            if (switchers[s]->unavailable && switchers[s]->unavailable())
                continue; /* recorded once, by skip_unavailable */
            if (!rejection(engines[e], &work) && !lacks(run, &work))
                cells[n++] = new_cell(&work, engines[e]);
        }
    return n;
}

/* what is exact may run side by side, on any CPU; what is timed must not */
typedef void exact_fn(struct run *, struct cell *);
struct exact {
    struct run *run;
    struct cell **cells;
    size_t n;
    exact_fn *work;
    atomic_size_t next;
};

static void map(struct run *run, struct cell *cell) {
    cell->map = ask(run, cell, VERB_MAP, 0);
}

static void *exact_cells(void *argument) {
    struct exact *e = argument;
    for (size_t i; (i = atomic_fetch_add(&e->next, 1)) < e->n && !worker_stop;) {
        static pthread_mutex_t shown = PTHREAD_MUTEX_INITIALIZER;
        e->work(e->run, e->cells[i]);
        pthread_mutex_lock(&shown);
        progress_step(&e->run->progress, e->cells[i]->work.experiment->name,
                      e->cells[i]->work.params);
        pthread_mutex_unlock(&shown);
    }
    return NULL;
}

static void exact_all(struct run *run, struct cell **cells, size_t n, exact_fn *work) {
    struct exact e = {run, cells, n, work, 0};
    pthread_t other;
    bool started = pthread_create(&other, NULL, exact_cells, &e) == 0;
    exact_cells(&e);
    if (started) pthread_join(other, NULL);
}

static bool all_sound(const struct run *run, struct cell **cells, size_t n) {
    size_t round;
    json_t *answer;
    for (size_t i = 0; i < n; i++)
        json_array_foreach(cells[i]->answers, round, answer) if (!sound(run, answer)) return false;
    return true;
}

static void run_point(struct run *run, struct cell **cells, size_t n) {
    const struct experiment *experiment = cells[0]->work.experiment;
    if (!experiment->kernel && !experiment->counted) {
        exact_all(run, cells, n, map);
        for (size_t i = 0; i < n; i++)
            write_map(run, cells[i]);
        return;
    }
    exact_all(run, cells, n, check_and_count);
    struct cell *order[MOST_CELLS];
    memcpy(order, cells, n * sizeof *order);
    unsigned rounds =
        experiment->counted ? 0 : processes_of(run, experiment, cells[0]->work.params);
    unsigned retries = retries_of(run, experiment, cells[0]->work.params);
    for (unsigned try = 0; try <= retries && !worker_stop; try++) {
        if (try && all_sound(run, cells, n)) break;
        usleep(RETRY_PAUSE_US * try * try); /* what others do may take a while */
        for (unsigned round = 0; round < rounds && !worker_stop; round++) {
            shuffle(run->shuffler, order, n, sizeof *order);
            for (size_t i = 0; i < n && !worker_stop; i++) {
                if (try == 0 || !sound(run, json_array_get(order[i]->answers, round)))
                    sample(run, order[i], round);
                if (try == 0)
                    progress_step(&run->progress, experiment->name, order[i]->work.params);
            }
        }
    }
    if (worker_stop) return; /* an unfinished point is not a result */
    for (size_t i = 0; i < n; i++) {
        size_t round;
        json_t *answer;
        json_array_foreach(cells[i]->answers, round, answer) if (!json_is_null(answer))
            add_answer(run, cells[i], answer);
        write_result(run, cells[i]);
    }
}

static bool point_wanted(const json_t *wanted, const json_t *params) {
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)wanted, name, value) {
        const json_t *param = json_object_get(params, name);
        char *text = json_is_string(param) ? strdup(json_string_value(param))
                                           : json_dumps(param, JSON_ENCODE_ANY);
        bool same = text && strcmp(text, json_string_value(value)) == 0;
        free(text);
        if (!same) return false;
    }
    return true;
}

/* calls run_point, or with `count` only adds up the steps it would take */
static size_t run_experiment(struct run *run, const struct experiment *experiment,
                             const struct switcher **switchers, const struct engine **engines,
                             bool count) {
    size_t i, steps = 0;
    json_t *params, *points = experiment->points(run->options->quick);
    json_array_foreach(points, i, params) {
        static struct cell *cells[MOST_CELLS];
        if (worker_stop || run->why[0]) break;
        if (!point_wanted(run->options->point, params)) continue;
        size_t n = choose_cells(run, experiment, params, switchers, engines, cells);
        steps += n * (experiment->kernel ? processes_of(run, experiment, params) + 1 : 1);
        if (n && !count) run_point(run, cells, n);
        for (size_t c = 0; c < n; c++)
            free_cell(cells[c]);
    }
    json_decref(points);
    return steps;
}

/* whether any chosen engine would take the switcher, were it there */
static bool wanted(const struct switcher *switcher, const struct engine **engines) {
    struct work work = {.switcher = switcher};
    for (size_t e = 0; engines[e]; e++)
        if (!engines[e]->rejects || !engines[e]->rejects(&work)) return true;
    return false;
}

/* whether the engine would take any of these switchers */
static bool useful(const struct engine *engine, const struct switcher **switchers) {
    const struct engine *only[] = {engine, NULL};
    for (size_t s = 0; switchers[s]; s++)
        if (wanted(switchers[s], only)) return true;
    return false;
}

/* each reason once */
static void skip_lacking(struct run *run, const struct engine *engine,
                         const struct switcher **switchers) {
    char said[256] = "";
    for (size_t s = 0; switchers[s] && engine->lacks; s++) {
        const struct work work = {.switcher = switchers[s]};
        if (engine->rejects && engine->rejects(&work)) continue;
        const char *why = engine->lacks(&work);
        if (!why || strncmp(why, said, sizeof said - 1) == 0) continue;
        write_skip(run, engine->name, NULL, why);
        snprintf(said, sizeof said, "%s", why);
    }
}

static void skip_unavailable(struct run *run, const struct switcher **switchers,
                             const struct engine **engines) {
    for (size_t s = 0; switchers[s]; s++) {
        const char *why = switchers[s]->unavailable ? switchers[s]->unavailable() : NULL;
        if (why && wanted(switchers[s], engines))
            write_skip(run, "switcher", switchers[s]->name, why);
    }
    for (size_t e = 0; engines[e]; e++) {
        const char *why = engines[e]->unavailable ? engines[e]->unavailable() : NULL;
        if (why && useful(engines[e], switchers)) write_skip(run, engines[e]->name, NULL, why);
        if (!why) skip_lacking(run, engines[e], switchers);
    }
}

/* ---- the run ---- */

static void stop(int signal) {
    (void)signal;
    worker_stop = 1;
}

static json_t *take_clock(const struct engine **engines) {
    for (size_t e = 0; engines[e]; e++)
        if (engines[e]->clock && !(engines[e]->unavailable && engines[e]->unavailable()))
            return engines[e]->clock();
    return json_pack("{s:s}", "source", "none");
}

static void warn(void *context, const char *name, const char *text) {
    (void)context;
    fprintf(stderr, "warning: %s: %s\n", name, text);
}

static bool open_record(struct run *run) {
    const struct options *o = run->options;
    char host[64] = "host";
    gethostname(host, sizeof host - 1);
    time_t now = time(NULL);
    run->record = o->out ? record_open_file(o->out, run->why, sizeof run->why)
                         : record_open(o->results, host, now, run->why, sizeof run->why);
    if (!run->record) return false;
    json_t *line = record_run(host, now, SWITCHLAB_COMMIT, o->seed,
                              environment("", SWITCHLAB_COMPILER), json_incref(run->clock));
    json_object_set_new(line, "layouts", json_integer(run->layouts));
    snprintf(run->id, sizeof run->id, "%s", json_string_value(json_object_get(line, "run")));
    conditions(json_object_get(line, "env"), warn, NULL);
    write_line(run, line);
    return !run->why[0];
}

static int finish(struct run *run, size_t steps) {
    char path[4096], why[RECORD_WHY];
    snprintf(path, sizeof path, "%s", record_path(run->record));
    progress_end(&run->progress);
    if (record_close(run->record, why, sizeof why) && !run->why[0])
        snprintf(run->why, sizeof run->why, "%s", why);
    if (run->why[0]) fprintf(stderr, "switchlab: %s\n", run->why);
    if (worker_stop)
        fprintf(stderr, "switchlab: interrupted; the finished points are in %s\n", path);
    if (steps) show(path, &(struct show_options){0}, stdout, stderr);
    printf("\nrecords: %s\n", path);
    if (!steps) {
        fprintf(
            stderr,
            "switchlab: nothing to run: no engine takes these switchers for these experiments\n");
        return EXIT_SKIPPED;
    }
    return run->why[0] || run->failed || worker_stop ? EXIT_CHECK_FAILED : EXIT_DONE;
}

static int run_chosen(struct run *run, const struct choice *chosen) {
    size_t steps = 0;
    skip_unavailable(run, chosen->switchers, chosen->engines);
    for (size_t e = 0; chosen->experiments[e]; e++)
        steps +=
            run_experiment(run, chosen->experiments[e], chosen->switchers, chosen->engines, true);
    progress_start(&run->progress, steps);
    for (size_t e = 0; chosen->experiments[e]; e++)
        run_experiment(run, chosen->experiments[e], chosen->switchers, chosen->engines, false);
    return finish(run, steps);
}

int run(const struct options *options) {
    struct run run = {.options = options, .layouts = worker_layouts()};
    struct choice chosen;
    if (!choose(&chosen, options)) {
        choice_free(&chosen);
        return EXIT_WRONG_USE;
    }
    run.processes = options->processes ? options->processes
                    : options->quick   ? QUICK_PROCESSES
                                       : PROCESSES;
    run.clock = take_clock(chosen.engines);
    run.shuffler = shuffler_new(options->seed);
    run.lacking = json_object();
    sigaction(SIGINT, &(struct sigaction){.sa_handler = stop}, NULL);
    sigaction(SIGTERM, &(struct sigaction){.sa_handler = stop}, NULL);
    int code = EXIT_CHECK_FAILED;
    if (open_record(&run))
        code = run_chosen(&run, &chosen);
    else
        fprintf(stderr, "switchlab: %s\n", run.why);
    json_decref(run.clock);
    json_decref(run.lacking);
    shuffler_free(run.shuffler);
    choice_free(&chosen);
    return code;
}
