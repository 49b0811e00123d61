/* model_internal.h - the parts of the timing model: dispersal of bundles to ports, latencies of
 * results, caches, and the timeline that puts them together (model.c). */
#ifndef IA64_MODEL_INTERNAL_H
#define IA64_MODEL_INTERNAL_H

#include "model.h"

/* --- dispersal (model_dispersal.c) ----------------------------------------------------------- */

enum port { PORT_ANY, PORT_LOAD, PORT_STORE, PORT_M0, PORT_M2, PORT_I0 };

/* The issue group being gathered: up to two bundles and the ports they take. */
struct window {
    bool open;
    uint64_t ip; /* of its last bundle */
    unsigned slot, template;
    int bundles, m, loads, stores, i;
};

/* Adds the instruction to the issue group. False: it has to wait for the next one. */
bool ia64_model_disperse(struct window *w, const struct ia64_event *e,
                         const struct ia64_model_config *config);
/* The issue group ends behind the instruction. */
bool ia64_model_ends_issue(const struct ia64_event *e);
/* The instruction's group ends behind it: stop or taken branch. */
bool ia64_model_ends_group(const struct ia64_event *e);

/* --- caches (model_cache.c) ------------------------------------------------------------------ */

enum level { LEVEL_L1D, LEVEL_L2, LEVEL_L3, LEVEL_MEMORY };

struct caches;
struct caches *ia64_caches_new(const struct ia64_model_config *config);
void ia64_caches_free(struct caches *c);
enum level ia64_caches_load(struct caches *c, uint64_t address, bool fp);
void ia64_caches_store(struct caches *c, uint64_t address);

/* --- latencies (model_latency.c) ------------------------------------------------------------- */

/* What a reader is, as far as bypasses differ. */
enum consumer {
    CONSUMER_OTHER,
    CONSUMER_BRANCH,
    CONSUMER_INDIRECT, /* branch register of br.cond and br.call */
    CONSUMER_ADDRESS,
    CONSUMER_STORE, /* data */
    CONSUMER_MM,
    CONSUMER_SETF,
    CONSUMER_GETF,
    CONSUMER_RSE,   /* register stack engine, of an application register */
    CONSUMER_AGAIN, /* mov gr=ar of an application register that mov ar=gr wrote */
    CONSUMERS
};

/* Registers whose results are waited for, in one space: physical stacked registers, both banks. */
enum {
    CELL_GR = 0,
    CELL_BANK0 = CELL_GR + 32 - 16, /* r16-r31 of bank 0 */
    CELL_STACKED = CELL_GR + 48 - 32,
    CELL_FR = CELL_GR + 48 + 96,
    CELL_PR = CELL_FR + 128,
    CELL_BR = CELL_PR + 64,
    CELL_AR = CELL_BR + 8,
    CELL_CR = CELL_AR + 128,
    CELL_RESOURCE = CELL_CR + 128,
    CELLS = CELL_RESOURCE + IA64_RESOURCES,
    NO_CELL = CELLS
};

/* How names map to physical registers while an instruction executes. */
struct view {
    unsigned bof, sor, rrb_gr, rrb_fr, rrb_pr;
    bool bank1;
};
struct view ia64_model_view(const struct ia64 *m);

struct read {
    uint16_t cell;
    uint8_t consumer;
};

struct write {
    uint16_t cell;
    uint8_t class;   /* of the producer */
    uint8_t latency; /* enum ia64_model_value */
};

/* What an event waits for and what others wait for it. A false predicate leaves its own read only.
 */
struct accesses {
    size_t reads, writes;
    struct read read[IA64_EFFECTS_MAX];
    struct write write[IA64_EFFECTS_MAX];
    bool serializes; /* waits for all that the next one says */
    uint8_t serial;  /* latency until a serialization may go on */
};
void ia64_model_accesses(const struct ia64_event *e, const struct view *view, enum level level,
                         struct accesses *out);

/* Cycles from the issue of the producer to that of the consumer. */
int64_t ia64_model_distance(const struct ia64_model_config *config, const struct write *producer,
                            enum consumer consumer, enum ia64_bound bound);
/* What waiting for it is called. */
enum ia64_model_cause ia64_model_cause_of(enum ia64_class producer, enum consumer consumer);
enum port ia64_model_port(enum ia64_class class);

#endif
