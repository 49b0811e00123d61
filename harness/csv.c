/* csv.c: comma-separated values. */
#include "harness/csv.h"

#include <string.h>

void csv_put(struct csv *csv, const char *text) {
    bool quoted = text[strcspn(text, ",\"\r\n")] != '\0';
    if (csv->begun) putc(',', csv->out);
    csv->begun = true;
    if (quoted) putc('"', csv->out);
    for (; *text; text++) {
        if (*text == '"') putc('"', csv->out);
        putc(*text, csv->out);
    }
    if (quoted) putc('"', csv->out);
}

void csv_end(struct csv *csv) {
    putc('\n', csv->out);
    csv->begun = false;
}
