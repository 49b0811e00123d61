/* machine.c - a machine as a value: made, copied, freed; its registers from the outside. */
#include <stdlib.h>
#include <string.h>

#include "machine.h"

#define DEFAULT_LIMIT (UINT64_C(1) << 30)

/* Reset: physical addressing, level 0, bank 0, interrupts off, a frame of 96 registers. */
static void reset(struct ia64 *m) {
    m->frame.sof = STACKED;
    m->pr = 1;
    m->fr[1] = IA64_FR_ONE;
    m->timer_at = m->interrupt_at = UINT64_MAX;
    m->cr[CR_ITM] = 0;
    m->stop = m->event_vector = -1;
    m->cr[CR_PTA] = 15 << 2; /* the smallest VHPT, as Ski */
    m->page_ip = 1;          /* no page */
    ia64_map_frame(m);
    ia64_drop_caches(m);
}

struct ia64 *ia64_new(const struct ia64_config *config) {
    static const struct ia64_config defaults;
    struct ia64 *m = calloc(1, sizeof *m);

    if (!m) return NULL;
    if (!config) config = &defaults;
    m->memory = ia64_pages_new(config->memory_limit ? config->memory_limit : DEFAULT_LIMIT);
    m->devices = ia64_devices_new(config);
    if (!m->memory || !m->devices) {
        ia64_free(m);
        return NULL;
    }
    m->no_alat = config->no_alat;
    m->defer_physical = config->defer_physical_speculation;
    reset(m);
    return m;
}

struct ia64 *ia64_copy(struct ia64 *from) {
    struct ia64 *m = malloc(sizeof *m);

    if (!m) return NULL;
    memset(m, 0, sizeof *m);
    if (ia64_assign(m, from)) return m;
    free(m);
    return NULL;
}

bool ia64_assign(struct ia64 *to, struct ia64 *from) {
    struct memory *memory = ia64_pages_copy(from->memory);
    struct devices *devices = ia64_devices_copy(from->devices);
    struct symbols *symbols = ia64_symbols_share(from->symbols);

    if (!memory || !devices) {
        ia64_pages_free(memory);
        ia64_devices_free(devices);
        ia64_symbols_free(symbols);
        return false;
    }
    ia64_pages_free(to->memory);
    ia64_devices_free(to->devices);
    ia64_symbols_free(to->symbols);
    ia64_drop_writes(from); /* its pages are shared now */
    *to = *from;
    to->memory = memory;
    to->devices = devices;
    to->symbols = symbols;
    to->hook = NULL;
    return true;
}

void ia64_free(struct ia64 *m) {
    if (!m) return;
    ia64_pages_free(m->memory);
    ia64_devices_free(m->devices);
    ia64_symbols_free(m->symbols);
    free(m);
}

/* --- the outside view ------------------------------------------------------------------------ */

uint64_t ia64_count(const struct ia64 *m) {
    return m->count;
}
int ia64_exit_status(const struct ia64 *m) {
    return m->exit_status;
}
const char *ia64_message(const struct ia64 *m) {
    return m->message;
}
void ia64_interrupt(struct ia64 *m, unsigned vector) {
    ia64_pend(m, vector);
}

void ia64_interrupt_at(struct ia64 *m, uint64_t count, unsigned vector) {
    m->interrupt_at = count;
    m->interrupt_vector = vector;
}

void ia64_set_hook(struct ia64 *m, ia64_hook *hook, void *context) {
    m->hook = hook;
    m->hook_context = context;
    m->event_rse_stores = m->stats.rse_stores;
    m->event_rse_loads = m->stats.rse_loads;
}

struct ia64_stats ia64_stats(const struct ia64 *m) {
    struct ia64_stats s = m->stats;

    s.instructions = m->count;
    return s;
}

struct ia64_gr ia64_gr(const struct ia64 *m, unsigned r) {
    return (struct ia64_gr){gr(m, r & 127), gr_nat(m, r & 127)};
}

static unsigned bank_index(unsigned bank, unsigned r) {
    return bank ? r : r - 16 + GR_BANK0;
}

struct ia64_gr ia64_bank_gr(const struct ia64 *m, unsigned bank, unsigned r) {
    unsigned i = bank_index(bank, 16 | (r & 15));

    return (struct ia64_gr){m->gr[i], m->nat[i]};
}

struct ia64_gr ia64_physical_gr(const struct ia64 *m, unsigned r) {
    return (struct ia64_gr){m->gr[GR_STACKED + r % STACKED], m->nat[GR_STACKED + r % STACKED]};
}

unsigned ia64_bottom_of_frame(const struct ia64 *m) {
    return m->bof;
}
int ia64_dirty_registers(const struct ia64 *m) {
    return m->dirty;
}
struct ia64_fr ia64_fr(const struct ia64 *m, unsigned f) {
    return fr_get(m, f & 127);
}
uint64_t ia64_br(const struct ia64 *m, unsigned b) {
    return m->br[b & 7];
}
uint64_t ia64_pr(const struct ia64 *m) {
    return m->pr;
}
uint64_t ia64_psr(const struct ia64 *m) {
    return m->psr | (uint64_t)m->ri << 41;
}
uint64_t ia64_cfm(const struct ia64 *m) {
    return ia64_cfm_value(m);
}
uint64_t ia64_ip(const struct ia64 *m) {
    return m->ip;
}
unsigned ia64_slot(const struct ia64 *m) {
    return m->ri;
}

void ia64_set_gr(struct ia64 *m, unsigned r, struct ia64_gr v) {
    unsigned d = m->map[r & 127];

    if (d != GR_NONE) PUT(d, v.value, v.nat);
}

void ia64_set_bank_gr(struct ia64 *m, unsigned bank, unsigned r, struct ia64_gr v) {
    PUT(bank_index(bank, 16 | (r & 15)), v.value, v.nat);
}

void ia64_set_fr(struct ia64 *m, unsigned f, struct ia64_fr v) {
    if ((f & 127) > 1) m->fr[m->fmap[f & 127]] = v;
}

void ia64_set_br(struct ia64 *m, unsigned b, uint64_t value) {
    m->br[b & 7] = value;
}
void ia64_set_pr(struct ia64 *m, uint64_t value) {
    m->pr = value | 1;
}

void ia64_set_psr(struct ia64 *m, uint64_t value) {
    ia64_psr_write(m, value & PSR_IMPLEMENTED);
    m->ri = (value >> 41 & 3) % 3;
}

void ia64_set_ip(struct ia64 *m, uint64_t ip, unsigned slot) {
    m->ip = ip & ~UINT64_C(15);
    m->ri = slot % 3;
}

void ia64_read_memory(const struct ia64 *m, uint64_t address, void *to, size_t size) {
    ia64_peek(m, address, to, size);
}

bool ia64_write_memory(struct ia64 *m, uint64_t address, const void *from, size_t size) {
    return ia64_poke(m, address, from, size);
}

uint64_t ia64_memory_used(const struct ia64 *m) {
    return ia64_pages_used(m->memory);
}
