/* campaign.h: interrupts at all choices of boundaries of many switchers, too many runs for one
 * machine. The points of all switchers, one after the other, are one numbered list; point p belongs
 * to shard p mod N. A shard is a file of its own in the campaign's folder, NAME.I-of-N.jsonl;
 * merging them gives NAME.jsonl, the same bytes for any N. docs/fleet.md. */
#ifndef HARNESS_CAMPAIGN_H
#define HARNESS_CAMPAIGN_H

#include "harness/engine.h"
#include "harness/points.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

enum { CAMPAIGN_WHY = 1024, CAMPAIGN_PATH = 4096, CAMPAIGN_SHARDS_MOST = 1000000 };

struct campaign_parameters {
    const struct engine *const *engines;     /* NULL at the end; the first that can is taken */
    const struct switcher *const *switchers; /* NULL at the end; those that the engine takes */
    unsigned interrupts;
    uint64_t sample; /* points a switcher; 0: all */
    uint32_t seed;
};

struct campaign_form { /* a switcher and what its points are */
    const struct switcher *switcher;
    struct injector_facts facts;
    struct points points;
    uint64_t before; /* points of the forms before it */
};

struct campaign {
    const struct engine *engine;
    struct campaign_form *form;
    size_t forms;
    uint64_t points;
    uint32_t seed;
    json_t *identity; /* what all shards of a campaign agree in */
    json_t *skipped;  /* switchers that the engine can't interrupt here: "NAME MASK: reason" */
};

/* False: see why. Close it in either case. */
bool campaign_open(struct campaign *, const struct campaign_parameters *, char why[CAMPAIGN_WHY]);
void campaign_close(struct campaign *);

/* "ia64-pairs" */
void campaign_name(const json_t *identity, char name[64]);
void campaign_path(const char *folder, const json_t *identity, unsigned shard, unsigned shards,
                   char path[CAMPAIGN_PATH]);
/* how many points of the form fall into a shard */
uint64_t campaign_part(uint64_t before, uint64_t points, unsigned shard, unsigned shards);

enum campaign_result { CAMPAIGN_DONE, CAMPAIGN_WAS_THERE, CAMPAIGN_FAILED };
/* Runs a shard and writes its file, unless a whole one is there. Progress goes to `progress`, NULL:
 * none. */
enum campaign_result campaign_shard(const struct campaign *, const char *folder, unsigned shard,
                                    unsigned shards, FILE *progress, char why[CAMPAIGN_WHY]);
/* Size and measured rate of each form, and the core-hours that they make. */
bool campaign_list(const struct campaign *, FILE *out, char why[CAMPAIGN_WHY]);

/* ---- from the files alone ---- */

/* Writes NAME.jsonl and prints its table; *findings: points that a switcher claims not to lose.
 * False: see why, which names the shard. */
bool campaign_merge(const char *folder, FILE *out, uint64_t *findings, char why[CAMPAIGN_WHY]);
/* Shards done, rate and time left. */
bool campaign_status(const char *folder, FILE *out, char why[CAMPAIGN_WHY]);

#endif
