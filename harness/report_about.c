/* report_about.c: the figures drawn by gnuplot, the machines, what was skipped, and the records
 * themselves. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report_parts.h"
#include "harness/views.h"

/* ---- figures ---- */

/* As data URLs: two drawings of one program use the same ids, which would meet in one page. What
 * would end the attribute or the URL is escaped, the rest stays as it is: base64 takes a third
 * more. */
static void put_url(FILE *in, FILE *out) {
    int last = '>'; /* what was written; a space for all white space, and none between elements */
    for (int c; (c = getc(in)) != EOF;) {
        bool white = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (white && (last == ' ' || last == '>')) continue;
        if (white)
            putc(' ', out);
        else if (strchr("\"%#&", c) || c < ' ')
            fprintf(out, "%%%02X", (unsigned)c);
        else
            putc(c, out);
        last = white ? ' ' : c;
    }
}

static int put_figure(struct report *r, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", r->options->figures, name);
    FILE *file = fopen(path, "re");
    if (!file) {
        fprintf(r->err, "cannot read the figure %s: %s\n", path, strerror(errno));
        return -1;
    }
    char title[256]; /* its name without .svg */
    snprintf(title, sizeof title, "%.*s", (int)strlen(name) - 4, name);
    html(r->out, "<figure><img alt=\"%s\" src=\"data:image/svg+xml,", title);
    put_url(file, r->out);
    html(r->out, "\"><figcaption>%s</figcaption></figure>\n", title);
    int failed = ferror(file) ? -1 : 0;
    fclose(file);
    return failed;
}

static int is_svg(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length > 4 && !strcmp(entry->d_name + length - 4, ".svg");
}

int report_figures(struct report *r) {
    struct dirent **entries = NULL;
    int failed = 0,
        n = r->options->figures ? scandir(r->options->figures, &entries, is_svg, alphasort) : 0;
    fputs("<section id=\"figures\">\n<h2>Figures</h2>\n<div class=\"figures\">\n", r->out);
    if (n < 0) {
        fprintf(r->err, "cannot read the figures in %s: %s\n", r->options->figures,
                strerror(errno));
        failed = -1;
    }
    for (int i = 0; i < n; i++) {
        if (!is_cut(r, CUT_FIGURES)) failed |= put_figure(r, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    if (n > 0 && is_cut(r, CUT_FIGURES))
        html(r->out, "<p>%d figures are left out.</p>\n", n);
    if (n == 0)
        fputs("<p>None was drawn: <code>make plots</code> draws them, with gnuplot.</p>\n", r->out);
    fputs("</div>\n</section>\n", r->out);
    return failed;
}

/* ---- environment ---- */

static void put_value(struct report *r, const char *name, const json_t *value) {
    char *text = json_is_string(value) ? strdup(json_string_value(value))
                 : json_is_null(value)
                     ? strdup("unknown")
                     : json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
    html(r->out, "<tr><th scope=\"row\">%s</th><td%s>%s</td></tr>\n", name,
         json_is_null(value) ? " class=\"unknown\"" : "", text ? text : "");
    free(text);
}

static void put_facts(struct report *r, const json_t *facts) {
    const char *name, *entry;
    json_t *value, *state;
    json_object_foreach((json_t *)facts, name, value) {
        if (!json_is_object(value))
            put_value(r, name, value);
        else
            json_object_foreach(value, entry, state) put_value(r, entry, state);
    }
}

static const struct run_records *newest(const struct report *r) {
    return &r->runs->run[r->runs->n - 1];
}

void report_environment(struct report *r) {
    fputs("<section id=\"environment\">\n<h2>Environment</h2>\n", r->out);
    for (size_t i = 0; i < r->machines; i++) {
        const struct run_records *run = r->machine[i];
        html(r->out,
             "<details%s><summary><h3>%s</h3> <small>%s, as run %s found it</small></summary>\n<div "
             "class=\"scroll\"><table class=\"facts\"><tbody>\n",
             run == newest(r) ? " open" : "", machine_label(r, run->machine).text, run->machine,
             line_text(run->run, "run"));
        put_facts(r, json_object_get(run->run, "env"));
        put_facts(r, json_object_get(run->run, "clock"));
        fputs("</tbody></table></div>\n</details>\n", r->out);
    }
    fputs("</section>\n", r->out);
}

/* ---- records ---- */

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void put_record(struct report *r, const struct run_records *run) {
    char path[4096];
    snprintf(path, sizeof path, "%s", line_at(run->run));
    char *colon = strrchr(path, ':');
    if (colon) *colon = '\0';
    html(r->out,
         "<tr><td>%s</td><td><code>%s</code></td><td>%s</td><td class=\"n\">%z</td><td><a href=\"",
         line_text(run->run, "time"), line_text(run->run, "commit"), run->machine, run->n);
    if (r->options->link_base)
        html(r->out, "%s%s", r->options->link_base, base_name(path));
    else
        html(r->out, "%s", path);
    html(r->out, "\">%s</a></td></tr>\n", base_name(path));
}

static void put_skips(struct report *r) {
    size_t n = 0;
    for (size_t i = 0; i < r->machines; i++)
        for (size_t k = 0; k < r->machine[i]->n; k++) {
            const json_t *line = r->machine[i]->lines[k];
            if (!line_is(line, "type", "skip")) continue;
            if (!n++) fputs("<h3>Skipped, in the newest runs</h3>\n<ul>\n", r->out);
            html(r->out, "<li><b>%s</b>: %s</li>\n",
                 line_text(line, json_object_get(line, "switcher") ? "switcher" : "what"),
                 line_text(line, "reason"));
        }
    if (n) fputs("</ul>\n", r->out);
}

void report_records(struct report *r) {
    fputs("<section id=\"records\">\n<h2>Records</h2>\n<p class=\"note\">Everything on this page "
          "comes from these files; so can every other table, with <code>switchlab show</code> and "
          "<code>switchlab export</code>.</p>\n<div class=\"scroll\"><table "
          "class=\"sortable\">\n<thead><tr><th aria-sort=\"none\"><button>time</button></th><th "
          "aria-sort=\"none\"><button>commit</button></th>"
          "<th aria-sort=\"none\"><button>machine</button></th><th class=\"n\" "
          "aria-sort=\"none\"><button>lines</button></th><th "
          "aria-sort=\"none\"><button>record</button></th></tr></thead>\n<tbody>\n",
          r->out);
    for (size_t i = r->runs->n; i-- > 0;)
        put_record(r, &r->runs->run[i]);
    fputs("</tbody></table></div>\n", r->out);
    put_skips(r);
    fputs("</section>\n", r->out);
}
