/* report.h: what `switchlab pip` prints. */
#ifndef SWITCHLAB_PIP_REPORT_H
#define SWITCHLAB_PIP_REPORT_H

#include "pip/pip.h"

#include <stdio.h>

/* What is at a PIP, register by register */
void pip_report_registers(const struct pip *, const struct pip_points *, bool json, FILE *);
/* The best PIPs of a function, at most `best` */
void pip_report_best(const struct pip *, const struct pip_point *, size_t best, bool json, FILE *);
/* Every function: its best PIP, and how long it all took. The number of functions */
size_t pip_report_all(const struct pip *, bool json, FILE *);

#endif
