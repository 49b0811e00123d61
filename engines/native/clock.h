/* clock.h: time without a PMU. A fenced tick counter times; two chains of dependent instructions of
 * known latency say how many ticks a core cycle is at this moment, and each other's error says
 * whether to believe it. */
#ifndef SWITCHLAB_NATIVE_CLOCK_H
#define SWITCHLAB_NATIVE_CLOCK_H

#include <stdint.h>

/* `run` executes `instructions` of them, rounded up to a multiple of `unroll`, each waiting for the
 * one before */
struct clock_chain {
    const char
        *instruction; /* as in the sources of its latency, which the architecture's file names */
    double cycles;    /* latency of one, in core cycles */
    uint64_t unroll;
    void (*run)(uint64_t instructions);
};

/* What an architecture has; tests have their own. No code around a read moves across it. */
struct clock_source {
    const char *name;
    const char *(*unavailable)(void); /* why its ticks are no clock on this CPU, or NULL */
    uint64_t (*begin)(void);          /* ticks before the timed code */
    uint64_t (*end)(void);            /* ticks after it */
    struct clock_chain mul, add;      /* the reference and its check */
    /* independent instructions, as many a cycle as the core has room for; `cycles` says nothing.
     * Chains of latency hardly feel another thread on the same core, this does */
    struct clock_chain wide;
};
extern const struct clock_source clock_native; /* of the architecture that the Makefile picked */

/* One calibration, for the timings made right beside it: the core's frequency is its own business
 */
struct clock_batch {
    double ticks_mul,
        ticks_add; /* ticks per instruction of each chain: N against 2N, of the fastest rounds */
    double ticks_per_cycle; /* by the mul chain */
    double disagreement; /* percent by which the add chain says otherwise, >= 0; 100 if a chain took
                            no time */
    double drift;        /* percent between the calibrations before and after; 0 of a single one */
};

enum { CLOCK_ROUNDS = 8 };           /* about 0.5 ms on a 3 GHz core */
#define CLOCK_DISAGREEMENT_LIMIT 1.0 /* percent; above it cycles are refused */

struct clock_batch clock_calibrate(const struct clock_source *, int rounds);
/* the same from ticks per instruction; what clock_calibrate ends with */
struct clock_batch clock_from_chains(const struct clock_source *, double ticks_mul,
                                     double ticks_add);
/* for what was timed between two calibrations: their mean, the worse disagreement, and the drift
 * between them */
struct clock_batch clock_between(const struct clock_source *, const struct clock_batch *before,
                                 const struct clock_batch *after);

/* independent instructions per core cycle just now */
double clock_throughput(const struct clock_source *, const struct clock_batch *);

/* The highest of n values that at least `enough` come near, within a hundredth below it, or the
 * highest of all; *near of them do. One alone may be a slip of the clock. Sorts them. */
double clock_plateau(double *values, int n, int enough, int *near);

/* the most of that which many looks over a fifth of a second reach: what the core does when nobody
 * else is on it. Up to 2 s where few do, for then others are, in turns */
double clock_best_throughput(const struct clock_source *);
#define CLOCK_ALONE 0.97 /* below this part of it another hardware thread is on the core */

/* core cycles in so many ticks */
double clock_cycles(const struct clock_batch *, double ticks);
/* NULL, or why cycles by this batch are not to be published, with the figures; static storage */
const char *clock_refuses(const struct clock_batch *);

/* ticks between begin and end with nothing between them, median. N against 2N cancels it; it is
 * recorded */
double clock_overhead(const struct clock_source *);
/* nanoseconds per tick, against CLOCK_MONOTONIC_RAW over `milliseconds` (20: error below 10 ppm) */
double clock_ns_per_tick(const struct clock_source *, int milliseconds);

#endif
