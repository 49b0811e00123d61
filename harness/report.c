/* report.c: the page: what is shown, and in which order. */
#include "harness/report.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report_parts.h"
#include "harness/views.h"

/* ---- HTML ---- */

void put_html(FILE *out, const char *text) {
    for (; *text; text++)
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        case '\'':
            fputs("&#39;", out);
            break;
        default:
            putc(*text, out);
        }
}

void html(FILE *out, const char *format, ...) {
    va_list args;
    va_start(args, format);
    for (const char *c = format; *c; c++) {
        if (*c != '%') {
            putc(*c, out);
            continue;
        }
        switch (*++c) {
        case 's':
            put_html(out, va_arg(args, const char *));
            break;
        case 'z':
            fprintf(out, "%zu", va_arg(args, size_t));
            break;
        case 'd':
            fprintf(out, "%d", va_arg(args, int));
            break;
        case 'g':
            fprintf(out, "%.10g", va_arg(args, double));
            break;
        default:
            putc(*c, out);
        }
    }
    va_end(args);
}

struct figure run_label(const struct run_records *run) {
    struct figure label;
    snprintf(label.text, sizeof label.text, "commit %.24s, %.10s %.5s",
             line_text(run->run, "commit"), line_text(run->run, "time"),
             line_text(run->run, "time") + 11);
    return label;
}

/* ---- what is shown ---- */

static bool same_section(const struct section *s, const struct run_records *run,
                         const json_t *line) {
    return !strcmp(s->run->machine, run->machine) && line_is(line, "type", s->type) &&
           line_is(line, "arch", s->arch) && line_is(line, "engine", s->engine) &&
           line_is(line, "experiment", s->experiment);
}

bool same_subject(const struct section *a, const struct section *b) {
    return !strcmp(a->type, b->type) && !strcmp(a->arch, b->arch) &&
           !strcmp(a->engine, b->engine) && !strcmp(a->experiment, b->experiment);
}

static struct section *section_of(struct report *r, const struct run_records *run,
                                  const json_t *line) {
    for (size_t i = 0; i < r->sections; i++)
        if (same_section(&r->section[i], run, line)) return &r->section[i];
    struct section *larger = realloc(r->section, (r->sections + 1) * sizeof *larger);
    if (!larger) abort();
    r->section = larger;
    larger[r->sections] = (struct section){.run = run,
                                           .type = line_text(line, "type"),
                                           .arch = line_text(line, "arch"),
                                           .engine = line_text(line, "engine"),
                                           .experiment = line_text(line, "experiment"),
                                           .lines = calloc(run->n, sizeof *larger->lines)};
    if (!larger[r->sections].lines) abort();
    return &larger[r->sections++];
}

static int by_name(const void *left, const void *right) {
    const struct section *a = left, *b = right;
    int d = strcmp(b->type, a->type); /* results before maps */
    if (!d) d = strcmp(b->arch, a->arch);
    if (!d) d = strcmp(a->engine, b->engine);
    if (!d) d = strcmp(a->experiment, b->experiment);
    return d ? d : strcmp(a->run->machine, b->run->machine);
}

const char *section_cost(const struct section *s) {
    const char *cost = NULL;
    for (size_t i = 0; i < s->n; i++) {
        const char *here = line_cost(s->lines[i]);
        if (here && (!cost || !strcmp(here, "ns"))) cost = here;
    }
    return cost;
}

static double value_of(const json_t *line, const char *metric) {
    struct estimate e;
    return line_metric(line, metric, &e) ? e.value : INFINITY;
}

static int by_metric(const void *left, const void *right, void *metric) {
    double a = value_of(*(const json_t *const *)left, metric),
           b = value_of(*(const json_t *const *)right, metric);
    return (a > b) - (a < b);
}

void sort_lines(const json_t **lines, size_t n, const char *metric) {
    if (n && metric) qsort_r(lines, n, sizeof *lines, by_metric, (void *)(uintptr_t)metric);
}

/* the newest runs come first, so that the first to have a section keeps it */
static void choose_sections(struct report *r) {
    for (size_t i = r->runs->n; i-- > 0;) {
        const struct run_records *run = &r->runs->run[i];
        for (size_t k = 0; k < run->n; k++) {
            if (line_is(run->lines[k], "type", "skip")) continue;
            struct section *s = section_of(r, run, run->lines[k]);
            if (s->run == run) s->lines[s->n++] = run->lines[k];
        }
    }
    if (r->sections) qsort(r->section, r->sections, sizeof *r->section, by_name);
    for (size_t i = 0; i < r->sections; i++)
        if (!strcmp(r->section[i].type, "result"))
            sort_lines(r->section[i].lines, r->section[i].n, section_cost(&r->section[i]));
}

size_t same_on_machines(const struct report *r, size_t section) {
    size_t n = 1;
    while (section + n < r->sections &&
           same_subject(&r->section[section], &r->section[section + n]))
        n++;
    return n;
}

const struct section *same_before(const struct report *r, size_t section) {
    const struct section *found = NULL, *of = &r->section[section];
    for (size_t k = section; k-- > 0 && same_subject(&r->section[k], of);) {
        size_t same = 0;
        while (same < of->n && r->section[k].n == of->n &&
               same_content(r->section[k].lines[same], of->lines[same]))
            same++;
        if (same == of->n) found = &r->section[k];
    }
    return found;
}

/* ---- machines ---- */

static int by_machine(const void *left, const void *right) {
    const struct run_records *a = *(const struct run_records *const *)left,
                             *b = *(const struct run_records *const *)right;
    return strcmp(a->machine, b->machine);
}

static void choose_machines(struct report *r) {
    r->machine = calloc(r->runs->n, sizeof *r->machine);
    if (!r->machine) abort();
    for (size_t i = r->runs->n; i-- > 0;) {
        const struct run_records *run = &r->runs->run[i];
        size_t k = 0;
        while (k < r->machines && strcmp(r->machine[k]->machine, run->machine))
            k++;
        if (k == r->machines) r->machine[r->machines++] = run;
    }
    qsort(r->machine, r->machines, sizeof *r->machine, by_machine);
}

struct machine_label machine_label(const struct report *r, const char *machine) {
    struct machine_label label;
    size_t k = 0;
    while (k + 1 < r->machines && strcmp(r->machine[k]->machine, machine))
        k++;
    snprintf(label.text, sizeof label.text, "%zu: %.100s", k + 1,
             line_text(json_object_get(r->machine[k]->run, "env"), "cpu"));
    return label;
}

void put_machine(struct report *r, const char *machine) {
    if (r->machines > 1) html(r->out, " <small>%s</small>", machine_label(r, machine).text);
}

/* ---- the page ---- */

static const char *const cuts[CUTS] = {
    [CUT_ROWS] = "rows of long tables", /* but those of a check that failed */
    [CUT_CELLS] = "what stands behind the cells of maps",
    [CUT_FIGURES] = "figures",
};

bool is_cut(const struct report *r, enum cut which) {
    return which < r->cuts;
}

/* "rows of long tables, figures" */
static void join_cuts(size_t n, char *text, size_t size) {
    size_t used = 0;
    *text = '\0';
    for (size_t i = 0; i < n && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "", cuts[i]);
}

static void put_cuts(struct report *r) {
    char text[256];
    join_cuts(r->cuts, text, sizeof text);
    if (r->cuts)
        html(r->out,
             "<p class=\"note\" id=\"cuts\">To stay below %z KiB this page leaves out: %s. The "
             "records have it all.</p>\n",
             r->options->most_bytes >> 10, text);
}

static void put_head(struct report *r) {
    const struct runs *runs = r->runs;
    html(
        r->out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n"
        "<title>switchlab: %s</title>\n<style>\n",
        run_label(&runs->run[runs->n - 1]).text);
    fputs(report_css, r->out);
    html(r->out,
         "</style>\n</head>\n<body>\n<header>\n<h1>Context switches: what has to be saved, and "
         "what it costs</h1>\n"
         "<p>switchlab, %z run%s up to %s. Each figure says how it was obtained: <b>measured</b> "
         "by a clock, <b>counted</b> exactly, or "
         "<b>modelled</b>.</p>\n<nav>",
         runs->n, runs->n == 1 ? "" : "s", run_label(&runs->run[runs->n - 1]).text);
    static const char *const parts[][2] = {{"summary", "Summary"}, {"results", "Results"},
                                           {"machines", "Machines"},
                                           {"figures", "Figures"}, {"maps", "Maps"},
                                           {"trend", "Trend"},     {"environment", "Environment"},
                                           {"records", "Records"}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (r->machines > 1 || strcmp(parts[i][0], "machines")) html(r->out, "<a href=\"#%s\">%s</a>", parts[i][0], parts[i][1]);
    fputs("</nav>\n", r->out);
    put_cuts(r);
    fputs("</header>\n<main>\n", r->out);
}

static void put_foot(struct report *r) {
    fputs("</main>\n<script>\n", r->out);
    fputs(report_js, r->out);
    fputs("</script>\n</body>\n</html>\n", r->out);
}

static int put_page(struct report *r) {
    put_head(r);
    report_summary(r);
    report_results(r);
    if (r->machines > 1) report_machines(r);
    int failed = report_figures(r);
    report_maps(r);
    report_trend(r);
    report_environment(r);
    report_records(r);
    put_foot(r);
    return failed;
}

/* the page with that many cuts, to be freed */
static char *page_with(struct report *r, size_t n, size_t *size, int *failed) {
    char *page = NULL;
    r->cuts = n;
    r->out = open_memstream(&page, size);
    if (!r->out) abort();
    *failed |= put_page(r);
    if (fclose(r->out)) abort();
    return page;
}

static void tell(const struct report *r, size_t whole, size_t size) {
    char text[256];
    join_cuts(r->cuts, text, sizeof text);
    if (r->cuts)
        fprintf(r->err, "the page would have %zu KiB; it has %zu and leaves out: %s\n", whole >> 10,
                size >> 10, text);
    if (r->options->most_bytes && size > r->options->most_bytes)
        fprintf(r->err, "that is still more than %zu KiB: name fewer records\n",
                r->options->most_bytes >> 10);
}

int report_write(const struct runs *runs, const struct history *history,
                 const struct report_options *options, FILE *out, FILE *err) {
    struct report r = {.runs = runs, .history = history, .options = options, .err = err};
    size_t size, whole;
    int failed = 0;
    choose_sections(&r);
    choose_machines(&r);
    char *page = page_with(&r, 0, &size, &failed);
    whole = size;
    for (size_t n = 1; options->most_bytes && size > options->most_bytes && n <= CUTS; n++) {
        free(page);
        page = page_with(&r, n, &size, &failed);
    }
    tell(&r, whole, size);
    fwrite(page, 1, size, out);
    free(page);
    for (size_t i = 0; i < r.sections; i++)
        free(r.section[i].lines);
    free(r.section);
    free(r.machine);
    return failed;
}
