/* rows.h: the rows of ia64.def as values in a simulated machine: read, write, random and legal. */
#ifndef SWITCHLAB_IA64SIM_ROWS_H
#define SWITCHLAB_IA64SIM_ROWS_H

#include "engines/ia64/ia64.h"
#include "switchers/registers/ia64.h"

#include <stdint.h>

/* low: the value (of a floating-point register: its significand); high: NaT, or sign and exponent
 */
struct row_value {
    uint64_t low, high;
};

struct row_value row_read(const struct ia64 *m, size_t row);
/* Rows that name what the processor derives (ar.bsp, cfm) or owns (time, cpu) are left alone. */
void row_write(struct ia64 *m, size_t row, struct row_value value);
/* any value that software may put there */
struct row_value row_random(size_t row, uint64_t *state);

#endif
