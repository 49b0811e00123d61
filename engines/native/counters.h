/* counters.h: cycles, instructions, loads and stores by the CPU's performance counters, where there
 * are any. What needs a PMU is behind struct counter_source, so that everything above it runs and
 * is tested on machines without one. */
#ifndef SWITCHLAB_NATIVE_COUNTERS_H
#define SWITCHLAB_NATIVE_COUNTERS_H

#include "harness/kernel.h"

#include <jansson.h>
#include <linux/perf_event.h>
#include <stdint.h>

enum counter { COUNTER_CYCLES, COUNTER_INSTRUCTIONS, COUNTER_LOADS, COUNTER_STORES, COUNTERS };

struct counter_source {
    const char *name;
    /* starts to count this thread's user code; NULL, or why nothing can be counted and what to do.
     * Counters that the CPU lacks are no failure: missing() says why, or NULL; what it says stays
     * valid until close() */
    const char *(*open)(void);
    const char *(*missing)(enum counter);
    /* what each counter has counted since an unknown moment, modulo 2^64; only differences mean
     * anything. Missing ones are left alone. NULL, or why the values are not exact */
    const char *(*read)(uint64_t values[COUNTERS]);
    void (*close)(void);
};
extern const struct counter_source
    counters_perf; /* libpfm4's event names, perf_event_open, rdpmc */

/* Per switch, of a kernel: N against 2N iterations, so that all but the switches cancels, the
 * median of several batches.
 * {"cycles": {"value": 14.5, "unit": "cycles"}, "instructions", "loads", "stores"}; a counter that
 * is not there is
 * {"skip": reason} in its place, and without any the whole is {"skip": reason}. Counted by
 * hardware, so measured and not exact: loads and stores may be what the CPU dispatched, not what it
 * retired (the architecture's table of events says which). A new reference; NULL: no memory. */
json_t *counters_measure(const struct counter_source *, kernel_fn *, uint64_t iterations,
                         uint64_t switches_per_iteration);

/* ---- an architecture's part ---- */

/* names for libpfm4, the best first; each is tried until the CPU at hand has it */
struct counter_event {
    enum counter counter;
    const char *event;
};
extern const struct counter_event counter_events[]; /* ends with a NULL event */
uint64_t counter_rdpmc(uint32_t counter);

/* ---- for tests ---- */

/* one counter's value from its page that the kernel maps (perf_event_open(2), `struct
 * perf_event_mmap_page`): the sequence lock is honoured, the hardware's part is sign-extended from
 * pmc_width bits. NULL, or why there is no exact value */
const char *counters_read_page(const struct perf_event_mmap_page *, uint64_t (*rdpmc)(uint32_t),
                               uint64_t *value);
/* perf_event_open's error for an event: what it means and what to do; `paranoid` is the value of
 * /proc/sys/kernel/perf_event_paranoid. Static storage */
const char *counters_explain(int error, const char *event, int paranoid);

#endif
