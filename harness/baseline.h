/* baseline.h: the exact figures of a record, kept in small files that are committed: one for each
 * architecture and compiler. */
#ifndef SWITCHLAB_BASELINE_H
#define SWITCHLAB_BASELINE_H

#include "harness/compare.h"

/* DIR/<arch>-<compiler>.jsonl for a record of one architecture; false, reported on err: it has
 * several, or no one compiler. */
bool baseline_path(char *path, size_t size, const char *dir, const struct side *record, FILE *err);

/* Writes that file anew, and prints what changes in it. Cells of the old file that the record
 * skipped with a reason stay as they were. Nothing is written when a check of the record failed.
 * Exit code. */
int baseline_write(const char *dir, const char *record, FILE *out, FILE *err);

/* Compares exact figures with that file; exit code, 77 (with the reason on out) where there is none
 * for this compiler. */
int baseline_compare(const char *dir, const char *record, const struct compare_options *, FILE *out,
                     FILE *err);

#endif
