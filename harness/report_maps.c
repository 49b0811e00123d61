/* report_maps.c: corruption maps as grids, a cell a boundary. The picture is drawn without a
 * script; what stands behind a cell (the instruction, the registers lost) is data that the page's
 * script shows when the cell is opened. */
#include <stdlib.h>
#include <string.h>

#include "harness/report_parts.h"
#include "harness/views.h"

enum { MOST_ACROSS = 48 }; /* cells a row; report.js reads from the picture how many */

/* letters of outcomes, which are also their classes in the style: ok, corrupted, crashed, hung */
static char letter(const json_t *cell) {
    const char *outcome = line_text(cell, "outcome");
    return !strcmp(outcome, "corrupted") ? 'x'
           : *outcome == 'c'             ? 'c'
           : *outcome == 'h'             ? 'h'
                                         : 'o';
}

static size_t boundary_of(const json_t *cell, size_t otherwise) {
    const json_t *at = json_object_get(cell, "boundary");
    if (!json_is_integer(at)) at = json_object_get(cell, "position");
    return json_is_integer(at) && json_integer_value(at) >= 0 ? (size_t)json_integer_value(at)
                                                              : otherwise;
}

/* ---- the data behind the cells ---- */

/* texts repeat a thousand times: they are numbered, page by page */
struct strings {
    json_t *number;
    FILE *out; /* the list itself */
};

static int string_number(struct strings *s, const char *text) {
    json_t *known = json_object_get(s->number, text);
    if (known) return (int)json_integer_value(known);
    int number = (int)json_object_size(s->number);
    json_object_set_new(s->number, text, json_integer(number));
    json_t *value = json_string(text);
    char *quoted = json_dumps(value, JSON_ENCODE_ANY);
    json_decref(value);
    /* "</script" must not stand in a script */
    fputs(number ? "," : "", s->out);
    for (const char *c = quoted; c && *c; c++)
        fputs(*c == '<' ? "\\u003c" : (char[]){*c, 0}, s->out);
    free(quoted);
    return number;
}

static void joined(const json_t *names, char *text, size_t size) {
    size_t i, used = 0;
    json_t *name;
    text[0] = '\0';
    json_array_foreach((json_t *)names, i, name) if (used < size) used +=
        (size_t)snprintf(text + used, size - used, "%s%s", i ? " " : "",
                         json_string_value(name) ? json_string_value(name) : "");
}

/* Numbers as runs of equal steps, "1x57,3,0x12": 57 steps of 1, one of 3, 12 of 0, from zero on.
 * Neighbouring boundaries differ so little that this is a tenth of the numbers themselves. */
static void put_steps(FILE *out, const long *numbers, size_t n) {
    putc('"', out);
    for (size_t i = 0, end; i < n; i = end) {
        long step = numbers[i] - (i ? numbers[i - 1] : 0);
        for (end = i + 1; end < n && numbers[end] - numbers[end - 1] == step; end++)
            continue;
        fprintf(out, end - i > 1 ? "%s%ldx%zu" : "%s%ld", i ? "," : "", step, end - i);
    }
    putc('"', out);
}

enum { BOUNDARY, BEFORE, SIDE, LOST, COLUMNS };

/* Of every cell that the record has: its boundary, and the numbers of the texts of the instruction
 * before which it is, of its side or source, and of the registers lost. */
static void put_cells(FILE *out, const json_t *map, struct strings *s) {
    const json_t *cells = json_object_get(map, "cells");
    size_t i, n = json_array_size(cells);
    json_t *cell;
    long *column[COLUMNS];
    for (size_t k = 0; k < COLUMNS; k++)
        if (!(column[k] = calloc(n + 1, sizeof **column))) abort();
    json_array_foreach(cells, i, cell) {
        char lost[4096];
        joined(json_object_get(cell, "corrupted"), lost, sizeof lost);
        column[BOUNDARY][i] = (int)boundary_of(cell, i); /* as far as a picture goes */
        column[BEFORE][i] =
            string_number(s, line_text(cell, json_object_get(cell, "before") ? "before" : "at"));
        column[SIDE][i] =
            string_number(s, line_text(cell, json_object_get(cell, "side") ? "side" : "source"));
        column[LOST][i] = string_number(s, lost);
    }
    for (size_t k = 0; k < COLUMNS; k++) {
        putc(k ? ',' : '[', out);
        put_steps(out, column[k], n);
        free(column[k]);
    }
    putc(']', out);
}

/* ---- the picture ---- */

static char *outcomes(const json_t *map, size_t n) {
    char *all = malloc(n + 1);
    size_t i;
    json_t *cell;
    if (!all) abort();
    memset(all, 'o', n);
    all[n] = '\0';
    json_array_foreach(json_object_get(map, "cells"), i, cell) if (boundary_of(cell, i) < n)
        all[boundary_of(cell, i)] = letter(cell);
    return all;
}

/* all cells of one outcome: neighbours are one box, up to the end of a row */
static void put_boxes(FILE *out, const char *all, size_t n, size_t across, char outcome) {
    fprintf(out, "<path class=\"%c\" d=\"", outcome);
    for (size_t at = 0, end; at < n; at = end) {
        for (end = at + 1; end < n && all[end] == all[at] && end % across; end++)
            continue;
        if (all[at] == outcome)
            fprintf(out, "M%zu %zuh%zuv1h-%zuz", at % across, at / across, end - at, end - at);
    }
    fputs("\"/>", out);
}

static void put_picture(struct report *r, const json_t *map, size_t n, int number) {
    char *all = outcomes(map, n);
    size_t across = n < MOST_ACROSS ? n : MOST_ACROSS;
    html(r->out,
         "<svg class=\"map\" data-map=\"%d\" data-outcomes=\"%s\" data-across=\"%z\" "
         "tabindex=\"0\" role=\"img\" viewBox=\"0 0 %z %z\" "
         "aria-label=\"corruption map of %s: %d of %z boundaries corrupted\">",
         number, all, across, across, (n + across - 1) / across, switcher_name(map).text,
         (int)json_integer_value(json_object_get(map, "corrupted")), n);
    for (const char *outcome = "oxch"; *outcome; outcome++)
        if (strchr(all, *outcome)) put_boxes(r->out, all, n, across, *outcome);
    fputs("</svg>", r->out);
    free(all);
}

/* ---- a map ---- */

static int number_of(const json_t *map, const char *field) {
    return (int)json_integer_value(json_object_get(map, field));
}

static void put_map(struct report *r, const json_t *map, int number, bool first) {
    bool pairs = number_of(map, "interrupts") == 2;
    size_t n = (size_t)number_of(map, "boundaries");
    int bad = number_of(map, "corrupted") + number_of(map, "crashed") + number_of(map, "hung");
    html(r->out,
         "<details class=\"map\"%s><summary><span class=\"kind %s\">%s</span> <b>%s</b> <small>%s, "
         "mask %s: ",
         first ? " open" : "", line_text(map, "kind"), line_text(map, "kind"),
         switcher_name(map).text, line_text(map, "direction"), line_text(map, "mask"));
    if (bad)
        html(r->out, "<span class=\"bad\">%d corrupted, %d crashed, %d hung</span> of %z %s",
             number_of(map, "corrupted"), number_of(map, "crashed"), number_of(map, "hung"), n,
             pairs ? "boundaries, in pairs" : "boundaries");
    else
        html(r->out, "<span class=\"good\">none of %z %s corrupted</span>", n,
             pairs ? "boundaries, in pairs," : "boundaries");
    fputs("</small></summary>\n", r->out);
    if (pairs || !n)
        fputs("<p class=\"note\">Not drawn; it is in the record.</p>\n", r->out);
    else {
        put_picture(r, map, n, number);
        fputs("<p class=\"cell\" aria-live=\"polite\">Click a boundary, or choose one with the "
              "arrow keys.</p>\n",
              r->out);
    }
    fputs("</details>\n", r->out);
}

void report_maps(struct report *r) {
    char *list = NULL;
    size_t size;
    int number = 0;
    struct strings s = {json_object(), open_memstream(&list, &size)};
    char *cells = NULL;
    FILE *data = open_memstream(&cells, &size);
    if (!s.out || !data) abort();
    fputs("<section id=\"maps\">\n<h2>What an interrupt does, boundary by boundary</h2>\n<p "
          "class=\"note\">An interrupt was delivered at every point between two "
          "instructions of a switch, there and back. <span class=\"key o\"></span> the context is "
          "intact, <span class=\"key x\"></span> registers were lost, "
          "<span class=\"key c\"></span> the machine crashed, <span class=\"key h\"></span> it "
          "hung. Counted: the same every time.</p>\n",
          r->out);
    for (size_t i = 0; i < r->sections; i++) {
        struct section *section = &r->section[i];
        if (strcmp(section->type, "map")) continue;
        const struct section *before = same_before(r, i);
        html(r->out, "<h3>%s on %s", section->arch, section->engine);
        put_machine(r, section->run->machine);
        fputs("</h3>\n", r->out);
        if (section->n && is_forced(section->lines[0]))
            fputs("<p class=\"note\">" FORCED ".</p>\n", r->out);
        if (before) {
            html(r->out, "<p class=\"note\">The same %z maps, cell by cell, as of %s.</p>\n",
                 section->n, machine_label(r, before->run->machine).text);
            continue;
        }
        for (size_t k = 0; k < section->n; k++, number++) {
            put_map(r, section->lines[k], number, k == 0);
            fputs(number ? ",\n" : "", data);
            if (is_cut(r, CUT_CELLS) || number_of(section->lines[k], "interrupts") == 2)
                fputs("[]", data);
            else
                put_cells(data, section->lines[k], &s);
        }
    }
    fclose(s.out);
    fclose(data);
    if (!number) fputs("<p>These records hold no maps.</p>\n", r->out);
    fprintf(r->out,
            "<script type=\"application/json\" "
            "id=\"map-data\">{\"texts\":[%s],\"maps\":[\n%s]}</script>\n</section>\n",
            list, cells);
    free(list);
    free(cells);
    json_decref(s.number);
}
