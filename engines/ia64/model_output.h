/* model_output.h - the timing model's results and numbers for people and for JSON. */
#ifndef IA64_MODEL_OUTPUT_H
#define IA64_MODEL_OUTPUT_H

#include <jansson.h>

#include "model.h"

/* {"name", "cycles": {"low","typical","high"}, "issue": ..., "stalls": {EVENT: ...}, counts}; a new
 * reference. */
json_t *ia64_model_json(const struct ia64_model_result *r);
/* The same as a table; stalls that are 0 in all three columns are left out. */
void ia64_model_print(const struct ia64_model_result *r, FILE *to);
/* Every number with its bounds, meaning and source. */
void ia64_model_list(const struct ia64_model_config *config, FILE *to);

#endif
