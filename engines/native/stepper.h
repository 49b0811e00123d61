#include <jansson.h>
#include "harness/kernel.h"
static inline json_t *native_count(kernel_fn *k, uint64_t s) { (void)k; (void)s; return json_pack("{s:s}", "skip", "todo"); }
