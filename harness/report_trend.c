/* report_trend.c: series over time as small pictures, those that changed first, and the table of
 * change points. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/report_parts.h"
#include "harness/views.h"

/* a change of the code may change a thousand exact series at once: what is beyond these is counted */
enum { MOST_ROWS = 200, MOST_CHANGED = 40, MOST_QUIET = 12 };
enum { WIDTH = 640, HEIGHT = 120, MARGIN = 8, MOST_POINTS = 120 };

/* ---- the table ---- */

static void put_change(struct report *r, const struct series *s, const struct changepoint *c) {
    double size = change_size(c);
    html(r->out, "<tr><th scope=\"row\">%s", s->cell);
    put_machine(r, s->machine);
    html(r->out,
         "</th><td>%s</td><td>%s</td><td><code>%s</code></td><td "
         "class=\"n\" data-v=\"%g\">%s</td><td class=\"n\" data-v=\"%g\">%s</td>",
         s->metric, run_label(s->run[c->division.at]).text, commit_range(s, c).text,
         c->before, figure(c->before).text, c->after, figure(c->after).text);
    if (isfinite(size))
        fprintf(r->out, "<td class=\"n %s\" data-v=\"%.6f\">%+.1f%%</td>",
                size > 0 ? "bad" : "good", size, 100 * size);
    else
        fputs("<td class=\"n\">–</td>", r->out);
    if (s->exact)
        fputs("<td class=\"n\">exact</td></tr>\n", r->out);
    else
        fprintf(r->out, "<td class=\"n\" data-v=\"%.4g\">%.3g</td></tr>\n", c->p, c->p);
}

/* what was left out of n, and who knows it */
static void put_rest(struct report *r, size_t n, size_t most, const char *what) {
    if (n > most)
        html(r->out, "<p class=\"note\">%z more %s; <code>switchlab history</code> knows them.</p>\n",
             n - most, what);
}

static void put_table(struct report *r) {
    static const char *const headings[] = {"cell", "metric", "since", "commits"},
                             *const numbers[] = {"before", "after", "change", "p"};
    fputs("<div class=\"scroll\"><table class=\"sortable\">\n<thead><tr>", r->out);
    for (size_t i = 0; i < 8; i++)
        put_heading(r, i < 4 ? headings[i] : numbers[i - 4], i >= 4, NULL);
    fputs("</tr></thead>\n<tbody>\n", r->out);
    size_t rows = 0;
    for (size_t i = 0; i < r->history->n; i++)
        for (size_t k = 0; k < r->history->series[i].changes; k++)
            if (rows++ < MOST_ROWS) put_change(r, &r->history->series[i], &r->history->series[i].change[k]);
    fputs("</tbody></table></div>\n", r->out);
    put_rest(r, rows, MOST_ROWS, "change points are not listed");
}

/* ---- a picture ---- */

struct scale {
    double least, most;
    size_t n;
};

static double x_of(const struct scale *s, double i) {
    return MARGIN + (s->n > 1 ? i / (double)(s->n - 1) : 0.5) * (WIDTH - 2 * MARGIN);
}

static double y_of(const struct scale *s, double value) {
    return HEIGHT - MARGIN - (value - s->least) / (s->most - s->least) * (HEIGHT - 2 * MARGIN);
}

/* room around the values; a spike far off may leave the picture's top, its point stays at the edge
 */
static struct scale scale_of(const struct series *s) {
    struct scale scale = {INFINITY, -INFINITY, s->n};
    for (size_t i = 0; i < s->n; i++) {
        scale.least = fmin(scale.least, s->figure[i].value);
        scale.most = fmax(scale.most, s->figure[i].value);
    }
    double room = scale.most > scale.least ? 0.08 * (scale.most - scale.least)
                                           : fmax(0.05 * fabs(scale.most), 0.5);
    scale.least -= room;
    scale.most += room;
    return scale;
}

/* the level of each segment as a line, each change as a dashed upright */
static void put_levels(struct report *r, const struct series *s, const struct scale *scale) {
    for (size_t k = 0; k <= s->changes && s->changes; k++) {
        size_t start = k ? s->change[k - 1].division.at : 0,
               end = k < s->changes ? s->change[k].division.at : s->n;
        double level = k ? s->change[k - 1].after : s->change[0].before;
        fprintf(r->out, "<path class=\"level\" d=\"M%.1f %.1fH%.1f\"/>", x_of(scale, (double)start),
                y_of(scale, level), x_of(scale, (double)(end - 1)));
        if (k)
            fprintf(r->out, "<path class=\"change\" d=\"M%.1f 0V%d\"/>",
                    x_of(scale, (double)start - 0.5), HEIGHT);
    }
}

static void put_picture(struct report *r, const struct series *s) {
    struct scale scale = scale_of(s);
    html(r->out, "<figure class=\"trend\"><figcaption><b>%s</b> %s: %s", s->cell, s->metric,
         figure(s->figure[s->n - 1].value).text);
    if (s->changes)
        html(r->out, ", %z change%s, the last at <code>%s</code>", s->changes,
             s->changes == 1 ? "" : "s", commit_range(s, &s->change[s->changes - 1]).text);
    put_machine(r, s->machine);
    html(r->out,
         " <small>(%z runs, %s to %s)</small></figcaption>\n<svg viewBox=\"0 0 %d %d\" "
         "role=\"img\" aria-label=\"%s %s over %z runs\"><path class=\"line\" d=\"",
         s->n, figure(scale.least).text, figure(scale.most).text, WIDTH, HEIGHT, s->cell, s->metric,
         s->n);
    for (size_t i = 0; i < s->n; i++)
        fprintf(r->out, "%c%.1f %.1f", i ? 'L' : 'M', x_of(&scale, (double)i),
                y_of(&scale, s->figure[i].value));
    fputs("\"/>", r->out);
    put_levels(r, s, &scale);
    for (size_t i = 0; i < s->n && s->n <= MOST_POINTS; i++) {
        fprintf(r->out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\">", x_of(&scale, (double)i),
                y_of(&scale, s->figure[i].value));
        html(r->out, "<title>%s %s, %s</title></circle>", figure(s->figure[i].value).text, s->unit,
             run_label(s->run[i]).text);
    }
    fputs("</svg></figure>\n", r->out);
}

void report_trend(struct report *r) {
    const struct history *h = r->history;
    size_t changed = 0, drawn = 0, quiet = 0;
    fputs("<section id=\"trend\">\n<h2>Trend</h2>\n", r->out);
    for (size_t i = 0; i < h->n; i++)
        changed += h->series[i].changes > 0;
    html(r->out,
         "<p class=\"note\">%z runs, %z series, %z of them with a change point. Measured figures "
         "change where E-divisive means and a permutation test say so, "
         "and at least three runs show it; exact ones where they differ.</p>\n",
         r->runs->n, h->n, changed);
    if (changed) put_table(r);
    for (size_t i = 0; i < h->n; i++)
        if (h->series[i].changes && drawn++ < MOST_CHANGED) put_picture(r, &h->series[i]);
    put_rest(r, drawn, MOST_CHANGED, "series with a change are not drawn");
    for (size_t i = 0; i < h->n; i++) {
        const struct series *s = &h->series[i];
        if (!s->changes && !s->exact && s->n > 1 && quiet++ < MOST_QUIET) put_picture(r, s);
    }
    put_rest(r, quiet, MOST_QUIET, "measured series without a change are not drawn");
    fputs("</section>\n", r->out);
}
