/* report.c: the page: what is shown, and in which order. */
#include "harness/report.h"

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
}

/* ---- the page ---- */

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
                                           {"figures", "Figures"}, {"maps", "Maps"},
                                           {"trend", "Trend"},     {"environment", "Environment"},
                                           {"records", "Records"}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        html(r->out, "<a href=\"#%s\">%s</a>", parts[i][0], parts[i][1]);
    fputs("</nav>\n</header>\n<main>\n", r->out);
}

static void put_foot(struct report *r) {
    fputs("</main>\n<script>\n", r->out);
    fputs(report_js, r->out);
    fputs("</script>\n</body>\n</html>\n", r->out);
}

int report_write(const struct runs *runs, const struct history *history,
                 const struct report_options *options, FILE *out, FILE *err) {
    struct report r = {
        .runs = runs, .history = history, .options = options, .out = out, .err = err};
    choose_sections(&r);
    put_head(&r);
    report_summary(&r);
    report_results(&r);
    int failed = report_figures(&r);
    report_maps(&r);
    report_trend(&r);
    report_environment(&r);
    report_records(&r);
    put_foot(&r);
    for (size_t i = 0; i < r.sections; i++)
        free(r.section[i].lines);
    free(r.section);
    return failed;
}
