/* record.h: JSON Lines files of runs, written a whole line at a time, read back with file and line
 * in every error. docs/records.md is the schema: every field, its unit and meaning. The lines here
 * are that schema as code. */
#ifndef HARNESS_RECORD_H
#define HARNESS_RECORD_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "harness/statistics.h"

#define RECORD_SCHEMA 1

/* Every function that can fail takes `why`, room for one sentence: what failed, on what, why, what
 * to do. */
enum { RECORD_WHY = 512 };

/* --- Writing
 * ------------------------------------------------------------------------------------------------------
 */

struct record;

/* Creates dir/<host>-<UTC time>.jsonl (dir too, when missing). Once its first line is written,
 * dir/latest.jsonl points to it. NULL and why on failure. */
struct record *record_open(const char *dir, const char *host, time_t when, char *why, size_t size);

/* The same for a file that the user names; it is appended to, and no link is made. */
struct record *record_open_file(const char *path, char *why, size_t size);

/* Validates and appends one line with one write(2). Takes the reference to `line`, whatever
 * happens; NULL (a line that could not be built, say from a NaN) is an error. 0, or -1 and why: the
 * lines before this one are then intact, no part of this one is in the file, and the caller ends
 * with exit code 1. */
int record_write(struct record *r, json_t *line, char *why, size_t size);

const char *record_path(const struct record *r);

/* 0, or -1 and why when the file system reports a late error. Frees r in any case; NULL is allowed.
 */
int record_close(struct record *r, char *why, size_t size);

/* Parts of lines. Each returns a new reference, or NULL where a figure is not finite: never write
 * NaN. */
json_t *record_metric(const struct estimate *e, const char *unit, const char *method);
json_t *record_count(double value,
                     const char *unit); /* method "counted": exact, so lo = hi = value, n = 1 */
json_t *record_samples(const double *x, size_t n);

/* The run line. Takes the references to env and clock. run and time come from host and when; commit
 * may be NULL. */
json_t *record_run(const char *host, time_t when, const char *commit, uint32_t seed, json_t *env,
                   json_t *clock);

/* --- Reading
 * ------------------------------------------------------------------------------------------------------
 */

struct reader;
enum reading { READ_LINE, READ_END, READ_BAD };

struct reader *reader_open(const char *path, char *why, size_t size);

/* READ_LINE: *line is a new reference to a valid line, one of this schema (or upgraded to it, see
 * upgrade.c), after its run's line.
 * READ_BAD: why says "file:line: ..." (truncated, not JSON, foreign, wrong schema, invalid);
 * calling again goes on with the next line. READ_END: no more. */
enum reading reader_next(struct reader *r, json_t **line, char *why, size_t size);

/* The number of the line that reader_next gave last, from 1. */
size_t reader_number(const struct reader *r);

void reader_close(struct reader *r);

/* --- Validating
 * ---------------------------------------------------------------------------------------------------
 */

/* 0 when `line` is a line of schema 1; else -1 and why, which names the field. Beyond types and
 * required fields:
 *   - a result has metrics if and only if its check passed;
 *   - a passed check has no corrupted register, any other has a reason;
 *   - lo <= value <= hi; a "measured" metric has samples under its name, as many as its n;
 * "counted" has lo = hi;
 *   - the counts of a map agree with its cells.
 * Fields it does not know are allowed: schema 1 grows by adding. */
int record_validate(const json_t *line, char *why, size_t size);

/* --- Upgrading
 * ----------------------------------------------------------------------------------------------------
 */

/* Makes of a line that a program of an older schema wrote a line of this one; `schema` is its run's. A
 * line of a schema that is not known, or of no schema, is left as it is, for record_validate to refuse. */
void record_upgrade(json_t *line, json_int_t schema);

#endif
