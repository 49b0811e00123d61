/* rerun.h: runs a switchlab program as a user would, for its record. */
#ifndef SWITCHLAB_RERUN_H
#define SWITCHLAB_RERUN_H

/* The path of this program; free it. NULL when /proc does not tell. */
char *rerun_own(void);

/* PROGRAM ARGUMENT...; what it prints goes nowhere. args: without the program, NULL at the end. Its
 * exit code, 128 + the signal that ended it, or minus errno when it could not start. */
int rerun(const char *program, const char *const *args);

/* for runs whose figures are judged: they wait longer for a core of their own than one that is looked at (`run --retries`) */
#define RERUN_PATIENCE "--retries", "10"

#endif
