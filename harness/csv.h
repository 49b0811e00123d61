/* csv.h: comma-separated values after RFC 4180, with line feeds. */
#ifndef HARNESS_CSV_H
#define HARNESS_CSV_H

#include <stdbool.h>
#include <stdio.h>

struct csv {
    FILE *out;
    bool begun; /* the line has a field */
};

void csv_put(struct csv *csv, const char *text); /* quoted where it must be; "" is an empty field */
void csv_end(struct csv *csv);

#endif
