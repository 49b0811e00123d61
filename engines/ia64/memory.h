/* memory.h - what a load or store is, shared by its handlers (loadstore.c) and the slow way that
 * does everything (memory.c). Functions that return false have set m->fault. */
#ifndef IA64_MEMORY_H
#define IA64_MEMORY_H

#include "machine.h"

enum update { NO_UPDATE, REGISTER, IMMEDIATE };
enum fp_format { FP_S, FP_D, FP_8, FP_E, FP_FILL };
enum semaphore { XCHG, CMPXCHG, FETCHADD };

struct load_kind {
    bool spec, adv, check, clear, fill;
};

bool ia64_load_slowly(struct ia64 *m, const struct slot *s, unsigned size, struct load_kind k,
                      enum update update);
bool ia64_store_slowly(struct ia64 *m, const struct slot *s, unsigned size, bool spill,
                       enum update update);
bool ia64_load16(struct ia64 *m, const struct slot *s);
bool ia64_store16(struct ia64 *m, const struct slot *s);
bool ia64_semaphore(struct ia64 *m, const struct slot *s, unsigned size, enum semaphore kind);
bool ia64_cmp8xchg16(struct ia64 *m, const struct slot *s);
bool ia64_load_fp(struct ia64 *m, const struct slot *s, enum fp_format format, struct load_kind k,
                  enum update update);
bool ia64_load_pair(struct ia64 *m, const struct slot *s, enum fp_format format, struct load_kind k,
                    bool update);
bool ia64_store_fp(struct ia64 *m, const struct slot *s, enum fp_format format, enum update update);
bool ia64_line_fetch(struct ia64 *m, const struct slot *s, bool fault, enum update update);

bool ia64_nat_failed(struct ia64 *m, uint64_t isr); /* Register NaT Consumption; always false */
bool ia64_fp_disabled(struct ia64 *m, unsigned f1, unsigned f2, uint64_t isr);
bool ia64_alat_hit(struct ia64 *m, bool fp, unsigned reg, bool clear);

static inline void set_unat(struct ia64 *m, uint64_t address, bool nat) {
    uint64_t bit = UINT64_C(1) << (address >> 3 & 63);

    m->ar[AR_UNAT] = nat ? m->ar[AR_UNAT] | bit : m->ar[AR_UNAT] & ~bit;
}

/* The host address of an aligned reference whose page is in the cache, or NULL. */
static inline const uint8_t *quick_read(const struct ia64 *m, uint64_t va, unsigned size) {
    unsigned i = va >> PAGE_BITS & (CACHE - 1);

    if (unlikely((va & (PAGE_MASK | (size - 1))) != m->dcache[i].read)) return NULL;
    return m->dcache[i].host + (va & ~PAGE_MASK);
}

static inline uint8_t *quick_write(const struct ia64 *m, uint64_t va, unsigned size) {
    unsigned i = va >> PAGE_BITS & (CACHE - 1);

    if (unlikely((va & (PAGE_MASK | (size - 1))) != m->dcache[i].write)) return NULL;
    return m->dcache[i].host + (va & ~PAGE_MASK);
}

#endif
