/* report.h: what `switchlab pip` prints. */
#ifndef SWITCHLAB_PIP_REPORT_H
#define SWITCHLAB_PIP_REPORT_H

#include "pip/pip.h"

#include <stdio.h>

struct pip_report {
    bool json;
    size_t best; /* without an offset: how many PIPs */
};
/* false and a message */
bool pip_report(const struct pip *, const char *place, const struct pip_report *, FILE *,
                char message[PIP_MESSAGE]);

#endif
