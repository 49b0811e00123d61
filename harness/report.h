/* report.h: one page of HTML about the records of many runs: no network, no other file, readable
 * without a script, in print, on a phone and in the dark. docs/report.md. */
#ifndef HARNESS_REPORT_H
#define HARNESS_REPORT_H

#include <stdio.h>

#include "harness/history.h"
#include "harness/runs.h"

struct report_options {
    const char *figures;   /* folder whose *.svg are put into the page; NULL: none */
    const char *link_base; /* goes before a record file's name in links to it; NULL: the path as it
                              was given */
    size_t most_bytes;     /* what the page may have before it leaves things out; 0: anything */
};
enum { REPORT_MOST_BYTES = 1 << 20 };

/* A page that would be too large leaves out the rows of long tables, then what stands behind the
 * cells of maps, then the figures; it says so itself and on err. Nothing is left out unsaid.
 * 0; -1, reported on err, when a figure cannot be read. Errors of writing are the caller's, by
 * ferror(out). */
int report_write(const struct runs *runs, const struct history *history,
                 const struct report_options *options, FILE *out, FILE *err);

#endif
