/* record.c: appends valid lines whole to a JSON Lines file, or leaves the file as it was; reads
 * them back. What a line must hold is in schema.c. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* asprintf */
#endif
#include "harness/record.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static int __attribute__((format(printf, 3, 4)))
say(char *why, size_t size, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(why, size, format, args);
    va_end(args);
    return -1;
}

/* --- Opening ---------------------------------------------------------------------------------- */

struct record {
    char *path;
    char *dir; /* where latest.jsonl goes once there is a line; NULL: nowhere, or done */
    int fd;
};

static void record_free(struct record *r) {
    if (!r) return;
    free(r->path);
    free(r->dir);
    free(r);
}

static struct record *record_on(int fd, const char *path, const char *dir) {
    struct record *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    r->fd = fd;
    r->path = strdup(path);
    r->dir = dir ? strdup(dir) : NULL;
    if (r->path && (!dir || r->dir)) return r;
    record_free(r);
    return NULL;
}

/* A file that ends in half a line would swallow the next one. */
static bool ends_whole(int fd) {
    struct stat st;
    char last = '\n';
    if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size == 0) return true;
    return pread(fd, &last, 1, st.st_size - 1) == 1 && last == '\n';
}

struct record *record_open_file(const char *path, char *why, size_t size) {
    int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0 && errno != EISDIR) /* a pipe or terminal may be write-only */
        fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) {
        say(why, size, "cannot write the record %s: %s; name another file with --out", path,
            strerror(errno));
        return NULL;
    }
    struct record *r = NULL;
    if (!ends_whole(fd))
        say(why, size,
            "%s ends in half a line, left by another program; remove that line or name another "
            "file with --out",
            path);
    else if (!(r = record_on(fd, path, NULL)))
        say(why, size, "cannot write the record %s: out of memory", path);
    else
        return r;
    close(fd);
    return NULL;
}

static void stamp(char *out, size_t size, const char *format, time_t when) {
    struct tm utc;
    gmtime_r(&when, &utc);
    strftime(out, size, format, &utc);
}

/* Two runs may start in the same second on the same host: the second one's name ends in -2. */
static int create_unique(const char *dir, const char *host, time_t when, char **path) {
    char time[32];
    stamp(time, sizeof time, "%Y%m%dT%H%M%SZ", when);
    for (int i = 1; i < 100; i++) {
        char suffix[8] = "";
        if (i > 1) snprintf(suffix, sizeof suffix, "-%d", i);
        if (asprintf(path, "%s/%s-%s%s.jsonl", dir, host, time, suffix) < 0) {
            *path = NULL;
            return -1;
        }
        int fd = open(*path, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST) return fd;
        free(*path);
        *path = NULL;
    }
    return -1;
}

struct record *record_open(const char *dir, const char *host, time_t when, char *why, size_t size) {
    char *path = NULL;
    struct record *r = NULL;
    if (mkdir(dir, 0777) && errno != EEXIST) {
        say(why, size, "cannot make the results folder %s: %s; name a file with --out", dir,
            strerror(errno));
        return NULL;
    }
    int fd = create_unique(dir, host, when, &path);
    if (fd < 0)
        say(why, size,
            "cannot write to the results folder %s: %s; make it writable or name a file with --out",
            dir, strerror(errno));
    else if (!(r = record_on(fd, path, dir))) {
        say(why, size, "cannot write the record %s: out of memory", path);
        close(fd);
    }
    free(path);
    return r;
}

const char *record_path(const struct record *r) {
    return r->path;
}

int record_close(struct record *r, char *why, size_t size) {
    if (!r) return 0;
    int failed = close(r->fd);
    if (failed)
        say(why, size, "closing the record %s failed: %s; its last lines may be lost", r->path,
            strerror(errno));
    record_free(r);
    return failed;
}

/* --- Writing ---------------------------------------------------------------------------------- */

/* rename() replaces the old link in one step, so that a reader always finds one. */
static int point_latest(const struct record *r, char *why, size_t size) {
    char *latest = NULL, *fresh = NULL;
    int failed = -1;
    if (asprintf(&latest, "%s/latest.jsonl", r->dir) < 0) latest = NULL;
    if (asprintf(&fresh, "%s/.latest.%ld", r->dir, (long)getpid()) < 0) fresh = NULL;
    if (latest && fresh) {
        unlink(fresh);
        failed = symlink(strrchr(r->path, '/') + 1, fresh) || rename(fresh, latest);
        if (failed) say(why, size, "cannot point %s to %s: %s", latest, r->path, strerror(errno));
        if (failed) unlink(fresh);
    } else
        say(why, size, "cannot point latest.jsonl to %s: out of memory", r->path);
    free(latest);
    free(fresh);
    return failed ? -1 : 0;
}

/* One write(2). The kernel may take only a part, on a full disk: the rest is tried once, for the
 * reason, and if it does not fit either, the part is cut off again. */
static int append(struct record *r, const char *text, size_t length, char *why, size_t size) {
    struct stat before;
    bool regular = !fstat(r->fd, &before) && S_ISREG(before.st_mode);
    ssize_t done = write(r->fd, text, length);
    if (done >= 0 && (size_t)done < length) {
        ssize_t rest = write(r->fd, text + done, length - (size_t)done);
        done = rest < 0 ? rest : done + rest;
    }
    if (done == (ssize_t)length) return 0;
    int error = done < 0 ? errno : ENOSPC;
    bool cut = !regular || !ftruncate(r->fd, before.st_size);
    return say(why, size, "writing a line to %s failed: %s; %s", r->path, strerror(error),
               cut ? "the lines before it are complete. Make room, or name another place with --out"
                   : "its last line is incomplete and could not be cut off");
}

static int write_line(struct record *r, const json_t *line, char *why, size_t size) {
    char flaw[RECORD_WHY];
    if (!line)
        return say(
            why, size,
            "a line for %s could not be built: a figure in it is not finite, or memory ran out",
            r->path);
    if (record_validate(line, flaw, sizeof flaw))
        return say(why, size, "a line for %s is not valid, this is a defect of the program: %s",
                   r->path, flaw);
    char *text = json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(12));
    if (!text) return say(why, size, "a line for %s could not be built: memory ran out", r->path);
    size_t length = strlen(text);
    text[length] = '\n'; /* in place of the terminator */
    int failed = append(r, text, length + 1, why, size);
    free(text);
    return failed;
}

int record_write(struct record *r, json_t *line, char *why, size_t size) {
    int failed = write_line(r, line, why, size);
    json_decref(line);
    if (!failed && r->dir) {
        failed = point_latest(r, why, size);
        free(r->dir);
        r->dir = NULL;
    }
    return failed;
}

/* --- Parts of lines --------------------------------------------------------------------------- */

json_t *record_metric(const struct estimate *e, const char *unit, const char *method) {
    if (!isfinite(e->value) || !isfinite(e->lo) || !isfinite(e->hi)) return NULL;
    return json_pack("{s:f, s:s, s:s, s:f, s:f, s:I}", "value", e->value, "unit", unit, "method",
                     method, "lo", e->lo, "hi", e->hi, "n", (json_int_t)e->n);
}

json_t *record_count(double value, const char *unit) {
    struct estimate exact = {.value = value, .lo = value, .hi = value, .n = 1, .confidence = 1};
    return record_metric(&exact, unit, "counted");
}

json_t *record_samples(const double *x, size_t n) {
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++)
        if (json_array_append_new(array, json_real(x[i]))) { /* json_real refuses NaN and inf */
            json_decref(array);
            return NULL;
        }
    return array;
}

json_t *record_run(const char *host, time_t when, const char *commit, uint32_t seed, json_t *env,
                   json_t *clock) {
    char time[32], id[256];
    uint32_t random = 0;
    if (getrandom(&random, sizeof random, 0) != sizeof random) random = (uint32_t)getpid();
    stamp(time, sizeof time, "%Y%m%dT%H%M%SZ", when);
    snprintf(id, sizeof id, "%s-%s-%08x", host, time, random);
    stamp(time, sizeof time, "%Y-%m-%dT%H:%M:%SZ", when);
    return json_pack("{s:s, s:i, s:s, s:s, s:s?, s:I, s:o, s:o}", "type", "run", "schema",
                     RECORD_SCHEMA, "run", id, "time", time, "commit", commit, "seed",
                     (json_int_t)seed, "env", env, "clock", clock);
}

/* --- Reading ---------------------------------------------------------------------------------- */

struct reader {
    FILE *file;
    char *path;
    char *text;
    size_t room;
    size_t number;     /* of the line, from 1 */
    json_int_t schema; /* of the last run line, as it was written */
    json_t *runs;  /* the ids of the run lines seen, and the schema of each */
};

struct reader *reader_open(const char *path, char *why, size_t size) {
    struct reader *r = calloc(1, sizeof *r);
    struct stat st;
    errno = ENOMEM;
    if (r) {
        r->path = strdup(path);
        r->runs = json_object();
        r->file = fopen(path, "re");
    }
    if (r && r->file && !fstat(fileno(r->file), &st) && S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        fclose(r->file);
        r->file = NULL;
    }
    if (r && r->path && r->runs && r->file) return r;
    say(why, size, "cannot read the record %s: %s; `make bench` writes one", path, strerror(errno));
    reader_close(r);
    return NULL;
}

size_t reader_number(const struct reader *r) {
    return r->number;
}

void reader_close(struct reader *r) {
    if (!r) return;
    if (r->file) fclose(r->file);
    json_decref(r->runs);
    free(r->text);
    free(r->path);
    free(r);
}

/* A line means nothing without its run's line: environment, clock and schema stand there. */
static int check_belongs(struct reader *r, const json_t *line, char *why, size_t size) {
    const char *run = json_string_value(json_object_get(line, "run"));
    if (!strcmp(json_string_value(json_object_get(line, "type")), "run")) {
        if (json_object_get(r->runs, run))
            return say(why, size, "the run %s was there before", run);
        return json_object_set_new(r->runs, run, json_integer(r->schema));
    }
    if (!json_object_get(r->runs, run))
        return say(why, size, "no line before it describes its run %s", run);
    return 0;
}

static void upgrade(struct reader *r, json_t *line) {
    const char *run = json_string_value(json_object_get(line, "run"));
    json_t *own = json_object_get(line, "schema");
    if (own) r->schema = json_integer_value(own);
    record_upgrade(line, own ? r->schema : run ? json_integer_value(json_object_get(r->runs, run)) : 0);
}

static json_t *parse(struct reader *r, size_t length, char *flaw, size_t size) {
    json_error_t error;
    if (r->text[length - 1] != '\n') {
        say(flaw, size,
            "the line is truncated (an interrupted run or copy); the lines before it are complete");
        return NULL;
    }
    json_t *line = json_loadb(r->text, length, JSON_REJECT_DUPLICATES, &error);
    if (!line) {
        say(flaw, size, "not JSON at column %d: %s", error.column, error.text);
        return NULL;
    }
    upgrade(r, line);
    if (!record_validate(line, flaw, size) && !check_belongs(r, line, flaw, size)) return line;
    json_decref(line);
    return NULL;
}

enum reading reader_next(struct reader *r, json_t **line, char *why, size_t size) {
    char flaw[RECORD_WHY];
    errno = 0;
    ssize_t length = getline(&r->text, &r->room, r->file);
    if (length < 0) {
        if (!ferror(r->file) && errno != ENOMEM) return READ_END;
        say(why, size, "%s:%zu: reading failed: %s", r->path, r->number + 1, strerror(errno));
        clearerr(r->file);
        fseek(r->file, 0, SEEK_END); /* there is no going on after this */
        return READ_BAD;
    }
    r->number++;
    *line = parse(r, (size_t)length, flaw, sizeof flaw);
    if (*line) return READ_LINE;
    say(why, size, "%s:%zu: %s", r->path, r->number, flaw);
    return READ_BAD;
}
