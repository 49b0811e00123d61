/* confirm.h: runs the cell of an alarm again, with BASE's program and with NEW's in turns, and says
 * whether the effect is there again. */
#ifndef SWITCHLAB_CONFIRM_H
#define SWITCHLAB_CONFIRM_H

#include "harness/compare.h"

/* As struct compare_options has it. Without options->base_program only NEW's program runs, and is
 * compared with BASE's record. The records stay in options->results as confirm-base-*.jsonl and
 * confirm-new-*.jsonl. */
bool confirm(const struct compare_options *, const struct side *base, const struct side *new,
             const struct timing *, char *why, size_t size);

#endif
