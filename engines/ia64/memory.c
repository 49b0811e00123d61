/* memory.c - references to memory: the caches of translations, the ALAT, and what every load and
 * store does when the quick way through the cache is not open. */
#include <string.h>

#include "memory.h"

#define NO_PAGE 0x800 /* matches no address: a tag is a page's address */

void ia64_drop_data_cache(struct ia64 *m) {
    for (int i = 0; i < CACHE; i++)
        m->dcache[i].read = m->dcache[i].write = NO_PAGE;
}

void ia64_drop_writes(struct ia64 *m) {
    for (int i = 0; i < CACHE; i++)
        m->dcache[i].write = NO_PAGE;
}

static void drop_code_cache(struct ia64 *m) {
    for (int i = 0; i < CACHE; i++)
        m->icache[i].tag = NO_PAGE;
}

void ia64_drop_caches(struct ia64 *m) {
    ia64_drop_data_cache(m);
    drop_code_cache(m);
}

/* psr bits that translation depends on */
#define PSR_DATA (PSR_CPL | PSR_DT | PSR_PK | PSR_BE | PSR_DB | PSR_DA | PSR_DD)
#define PSR_CODE (PSR_CPL | PSR_IT | PSR_PK)

void ia64_psr_write(struct ia64 *m, uint64_t psr) {
    uint64_t changed = m->psr ^ psr;

    m->psr = psr;
    if (changed & PSR_DATA) ia64_drop_data_cache(m);
    if (changed & PSR_CODE) drop_code_cache(m);
    if (changed & PSR_BN) ia64_map_frame(m);
}

/* --- ALAT ------------------------------------------------------------------------------------ */

static struct alat_entry *alat_find(struct ia64 *m, bool fp, unsigned reg) {
    for (int i = 0; m->alat_used && i < ALAT; i++)
        if (m->alat[i].size && m->alat[i].fp == fp && m->alat[i].reg == reg) return &m->alat[i];
    return NULL;
}

static void alat_drop(struct ia64 *m, struct alat_entry *e) {
    if (!e) return;
    e->size = 0;
    m->alat_used--;
}

bool ia64_alat_hit(struct ia64 *m, bool fp, unsigned reg, bool clear) {
    struct alat_entry *e = alat_find(m, fp, reg);

    if (e && clear) alat_drop(m, e);
    return e;
}

void ia64_alat_drop_register(struct ia64 *m, bool fp, unsigned reg) {
    alat_drop(m, alat_find(m, fp, reg));
}

void ia64_alat_drop_all(struct ia64 *m) {
    for (int i = 0; i < ALAT; i++)
        m->alat[i].size = 0;
    m->alat_used = 0;
}

/* A free entry, or else the next in turn. */
static void alat_add(struct ia64 *m, bool fp, unsigned reg, uint64_t pa, unsigned size) {
    unsigned i = 0;

    if (m->no_alat) return;
    ia64_alat_drop_register(m, fp, reg);
    while (i < ALAT && m->alat[i].size)
        i++;
    if (i == ALAT)
        i = m->alat_next++ % ALAT;
    else
        m->alat_used++;
    m->alat[i] = (struct alat_entry){.physical = pa, .size = size, .fp = fp, .reg = reg};
    ia64_drop_writes(m); /* stores have to look here from now on */
}

static void alat_store(struct ia64 *m, uint64_t pa, unsigned size) {
    for (int i = 0; m->alat_used && i < ALAT; i++) {
        struct alat_entry *e = &m->alat[i];

        if (e->size && pa < e->physical + e->size && e->physical < pa + size) alat_drop(m, e);
    }
}

/* --- bytes ----------------------------------------------------------------------------------- */

void ia64_peek(const struct ia64 *m, uint64_t pa, void *to, size_t size) {
    uint8_t *p = to;

    while (size) {
        size_t offset = pa & ~PAGE_MASK, n = PAGE_SIZE - offset < size ? PAGE_SIZE - offset : size;
        const struct page *page = ia64_page_at(m->memory, pa);

        memcpy(p, (page ? page->data : ia64_zero_page) + offset, n);
        p += n;
        pa += n;
        size -= n;
    }
}

/* A page to write to, with everything forgotten that the write makes stale. */
static struct page *writable(struct ia64 *m, uint64_t pa, unsigned size) {
    bool fresh;
    struct page *page = ia64_page_own(m->memory, pa, &fresh);

    if (!page) {
        ia64_fail(m, IA64_STOP_MEMORY, "0x%llx: memory limit of %llu bytes reached",
                  (unsigned long long)pa, (unsigned long long)ia64_pages_limit(m->memory));
        return NULL;
    }
    if (fresh) {
        ia64_drop_data_cache(m);
        if (page->code) {
            drop_code_cache(m);
            m->moved = true;
        }
    }
    if (page->code) ia64_forget_code(page, pa & ~PAGE_MASK, size);
    return page;
}

bool ia64_poke(struct ia64 *m, uint64_t pa, const void *from, size_t size) {
    const uint8_t *p = from;

    while (size) {
        size_t offset = pa & ~PAGE_MASK, n = PAGE_SIZE - offset < size ? PAGE_SIZE - offset : size;
        struct page *page = writable(m, pa, n);

        if (!page) return false;
        memcpy(page->data + offset, p, n);
        p += n;
        pa += n;
        size -= n;
    }
    return true;
}

/* --- references ------------------------------------------------------------------------------ */

/* The quick way is for plain little-endian references without debug registers. */
static bool cacheable(const struct ia64 *m, unsigned access) {
    return !(m->psr & (PSR_BE | PSR_DB | PSR_DA)) && !(access & A_RSE);
}

static void cache_read(struct ia64 *m, uint64_t va, const uint8_t *host) {
    unsigned i = va >> PAGE_BITS & (CACHE - 1);
    uint64_t page = va & PAGE_MASK;

    if (m->dcache[i].host != host || m->dcache[i].write != page) m->dcache[i].write = NO_PAGE;
    m->dcache[i].host = (uint8_t *)host; /* written through only when write matches */
    m->dcache[i].read = page;
}

static void cache_write(struct ia64 *m, uint64_t va, struct page *page) {
    unsigned i = va >> PAGE_BITS & (CACHE - 1);
    uint64_t address = va & PAGE_MASK;

    if (page->code || m->alat_used) return;
    if (m->dcache[i].host != page->data || m->dcache[i].read != address)
        m->dcache[i].read = NO_PAGE;
    m->dcache[i].host = page->data;
    m->dcache[i].write = address;
}

static bool load_at(struct ia64 *m, uint64_t va, unsigned size, unsigned access, void *to,
                    uint64_t *pa, unsigned *ma) {
    const struct page *page;
    const uint8_t *host;

    if (!ia64_translate(m, va, size, access, pa, ma, &m->fault)) return false;
    page = ia64_page_at(m->memory, *pa);
    host = page ? page->data : ia64_zero_page;
    memcpy(to, host + (*pa & ~PAGE_MASK), size);
    if (cacheable(m, access)) cache_read(m, va, host);
    return true;
}

bool ia64_load(struct ia64 *m, uint64_t va, unsigned size, unsigned access, void *to) {
    uint64_t pa;
    unsigned ma;

    return load_at(m, va, size, access, to, &pa, &ma);
}

/* Stores the first `bytes` of a reference of `size` bytes (stfe: 10 of 16). */
static bool store_part(struct ia64 *m, uint64_t va, unsigned size, unsigned bytes, unsigned access,
                       const void *from) {
    struct page *page;
    uint64_t pa;
    unsigned ma;

    if (!ia64_translate(m, va, size, access, &pa, &ma, &m->fault)) return false;
    page = writable(m, pa, bytes);
    if (!page) {
        m->fault.limit = true;
        return false;
    }
    memcpy(page->data + (pa & ~PAGE_MASK), from, bytes);
    if (unlikely(m->alat_used)) alat_store(m, pa, bytes);
    if (cacheable(m, access)) cache_write(m, va, page);
    return true;
}

bool ia64_store(struct ia64 *m, uint64_t va, unsigned size, unsigned access, const void *from) {
    return store_part(m, va, size, size, access, from);
}

/* --- integer loads and stores, the slow way --------------------------------------------------- */

static uint64_t swapped(uint64_t v, unsigned size) {
    return __builtin_bswap64(v) >> (64 - 8 * size);
}

bool ia64_nat_failed(struct ia64 *m, uint64_t isr) {
    m->fault = (struct access_fault){.vector = V_NAT, .isr = isr | 0x10};
    return false;
}

/* What ld.s and ld.sa do: true with *deferred when the target becomes NaT. */
static bool speculative(struct ia64 *m, const struct slot *s, bool *deferred) {
    return *deferred = gr_nat(m, s->r3) || m->psr & PSR_ED;
}

static bool read_for(struct ia64 *m, const struct slot *s, struct load_kind k, unsigned size,
                     void *to, bool *deferred, uint64_t *pa, unsigned *ma) {
    unsigned access = A_READ | (k.spec ? A_SPECULATIVE : 0) | (k.adv ? A_ADVANCED : 0);

    *deferred = false;
    if (k.spec && speculative(m, s, deferred)) return true;
    if (gr_nat(m, s->r3)) return ia64_nat_failed(m, ISR_R);
    if (!load_at(m, gr(m, s->r3), size, access, to, pa, ma)) {
        if (!m->fault.deferred) return false;
        *deferred = true;
    } else if (k.spec && (*ma != 0 || (m->defer_physical && !(m->psr & PSR_DT)))) {
        *deferred = true; /* no speculation on uncacheable pages */
    }
    return true;
}

static void update_base(struct ia64 *m, const struct slot *s, enum update update) {
    unsigned b = m->map[s->r3];

    if (update == IMMEDIATE) m->gr[b] += s->imm;
    if (update == REGISTER) {
        m->nat[b] |= gr_nat(m, s->r2);
        m->gr[b] += gr(m, s->r2);
    }
}

/* Advanced loads leave an entry when the page may be speculated on; else the result is 0. */
static void advance(struct ia64 *m, struct load_kind k, bool fp, unsigned reg, bool deferred,
                    uint64_t pa, unsigned ma, unsigned size) {
    if (k.adv) ia64_alat_drop_register(m, fp, reg);
    if ((k.adv || k.check) && !k.clear && !deferred && ma == 0) alat_add(m, fp, reg, pa, size);
}

bool ia64_load_slowly(struct ia64 *m, const struct slot *s, unsigned size, struct load_kind k,
                      enum update update) {
    unsigned d = m->map[s->r1], ma = 0, unat_bit;
    uint64_t address = gr(m, s->r3), value = 0, pa = 0;
    bool deferred = false;

    if (k.check) {
        if (gr_nat(m, s->r3)) return ia64_nat_failed(m, ISR_R);
        if (ia64_alat_hit(m, false, d, k.clear)) {
            update_base(m, s, update);
            return true;
        }
    }
    if (!read_for(m, s, k, size, &value, &deferred, &pa, &ma)) return false;
    if (m->psr & PSR_BE) value = swapped(value, size);
    if (deferred || (k.adv && ma != 0)) value = 0;
    advance(m, k, false, d, deferred, pa, ma, size);
    unat_bit = address >> 3 & 63;
    update_base(m, s, update); /* before the target: r2 may be r1 */
    m->gr[d] = value;
    m->nat[d] = deferred || (k.fill && m->ar[AR_UNAT] >> unat_bit & 1);
    return true;
}

bool ia64_store_slowly(struct ia64 *m, const struct slot *s, unsigned size, bool spill,
                       enum update update) {
    uint64_t address = gr(m, s->r3), value = gr(m, s->r2);
    bool nat = gr_nat(m, s->r2);

    if (gr_nat(m, s->r3) || (nat && !spill)) return ia64_nat_failed(m, ISR_W);
    if (m->psr & PSR_BE) value = swapped(value, size);
    if (!ia64_store(m, address, size, A_WRITE, &value)) return false;
    if (spill) set_unat(m, address, nat);
    update_base(m, s, update);
    return true;
}

bool ia64_load16(struct ia64 *m, const struct slot *s) {
    uint64_t word[2];

    if (gr_nat(m, s->r3)) return ia64_nat_failed(m, ISR_R);
    if (!ia64_load(m, gr(m, s->r3), 16, A_READ, word)) return false;
    if (m->psr & PSR_BE)
        for (int i = 0; i < 2; i++)
            word[i] = __builtin_bswap64(word[i]);
    PUT(m->map[s->r1], word[0], 0);
    m->ar[AR_CSD] = word[1];
    return true;
}

bool ia64_store16(struct ia64 *m, const struct slot *s) {
    uint64_t word[2] = {gr(m, s->r2), m->ar[AR_CSD]};

    if (gr_nat(m, s->r3) || gr_nat(m, s->r2)) return ia64_nat_failed(m, ISR_W);
    if (m->psr & PSR_BE)
        for (int i = 0; i < 2; i++)
            word[i] = __builtin_bswap64(word[i]);
    return ia64_store(m, gr(m, s->r3), 16, A_WRITE, word);
}

/* --- semaphores ------------------------------------------------------------------------------ */

/* What the new value is: of xchg, cmpxchg, fetchadd. */
bool ia64_semaphore(struct ia64 *m, const struct slot *s, unsigned size, enum semaphore kind) {
    uint64_t mask = size == 8 ? ~UINT64_C(0) : (UINT64_C(1) << 8 * size) - 1;
    uint64_t address = gr(m, s->r3), old = 0, new;
    bool be = m->psr & PSR_BE;

    if (gr_nat(m, s->r3) || (kind != FETCHADD && gr_nat(m, s->r2)))
        return ia64_nat_failed(m, ISR_R | ISR_W);
    if (!ia64_load(m, address, size, A_SEMAPHORE, &old)) return false;
    if (be) old = swapped(old, size);
    new = kind == FETCHADD ? old + (uint64_t)s->imm : gr(m, s->r2);
    new &= mask;
    if (kind != CMPXCHG || old == m->ar[AR_CCV]) { /* zero-extended against all of ccv */
        uint64_t image = be ? swapped(new, size) : new;

        if (!ia64_store(m, address, size, A_SEMAPHORE, &image)) return false;
    }
    PUT(m->map[s->r1], old, 0);
    return true;
}

/* cmp8xchg16: compares 8 bytes and stores 16, at the pair's beginning. */
bool ia64_cmp8xchg16(struct ia64 *m, const struct slot *s) {
    uint64_t address = gr(m, s->r3), old = 0, word[2] = {gr(m, s->r2), m->ar[AR_CSD]};
    bool be = m->psr & PSR_BE;

    if (gr_nat(m, s->r3) || gr_nat(m, s->r2)) return ia64_nat_failed(m, ISR_R | ISR_W);
    if (!ia64_load(m, address, 8, A_SEMAPHORE, &old)) return false;
    if (be) old = __builtin_bswap64(old);
    if (old == m->ar[AR_CCV]) {
        if (be)
            for (int i = 0; i < 2; i++)
                word[i] = __builtin_bswap64(word[i]);
        if (!ia64_store(m, address & ~UINT64_C(15), 16, A_SEMAPHORE, word)) return false;
    }
    PUT(m->map[s->r1], old, 0);
    return true;
}

/* --- floating point -------------------------------------------------------------------------- */

static unsigned fp_size(enum fp_format format) {
    static const uint8_t size[] = {[FP_S] = 4, [FP_D] = 8, [FP_8] = 8, [FP_E] = 16, [FP_FILL] = 16};

    return size[format];
}

static void reverse(uint8_t *bytes, unsigned n) {
    for (unsigned i = 0; i < n / 2; i++) {
        uint8_t t = bytes[i];

        bytes[i] = bytes[n - 1 - i];
        bytes[n - 1 - i] = t;
    }
}

static struct ia64_fr from_memory(const struct ia64 *m, enum fp_format format, uint8_t *bytes) {
    uint64_t low = 0, high = 0;
    unsigned n = format == FP_E ? 10 : fp_size(format);

    if (m->psr & PSR_BE) reverse(bytes, n);
    memcpy(&low, bytes, n < 8 ? n : 8);
    if (n > 8) memcpy(&high, bytes + 8, n - 8);
    switch (format) {
    case FP_S:
        return ia64_fr_from_single(low);
    case FP_D:
        return ia64_fr_from_double(low);
    case FP_8:
        return ia64_fr_integer(low);
    case FP_E:
        return ia64_fr_from_extended(low, high);
    default:
        return ia64_fr_from_spill(low, high);
    }
}

/* ISR.code of the disabled partition, for one or two targets. */
bool ia64_fp_disabled(struct ia64 *m, unsigned f1, unsigned f2, uint64_t isr) {
    unsigned code =
        (fr_disabled(m, f1) ? (f1 < 32 ? 1 : 2) : 0) | (fr_disabled(m, f2) ? (f2 < 32 ? 1 : 2) : 0);

    if (!code) return false;
    m->fault = (struct access_fault){.vector = V_DISABLED_FP, .isr = isr | code};
    return true;
}

bool ia64_load_fp(struct ia64 *m, const struct slot *s, enum fp_format format, struct load_kind k,
                  enum update update) {
    unsigned reg = m->fmap[s->r1], size = fp_size(format), ma = 0;
    uint8_t bytes[16] = {0};
    uint64_t pa = 0;
    bool deferred = false;

    if (ia64_fp_disabled(m, s->r1, 0, ISR_R | (k.spec ? ISR_SP : 0))) return false;
    if (k.check) {
        if (gr_nat(m, s->r3)) return ia64_nat_failed(m, ISR_R);
        if (ia64_alat_hit(m, true, reg, k.clear)) {
            update_base(m, s, update);
            return true;
        }
    }
    if (!read_for(m, s, k, size, bytes, &deferred, &pa, &ma)) return false;
    if (k.adv && ma != 0) memset(bytes, 0, sizeof bytes);
    advance(m, k, true, reg, deferred, pa, ma, size);
    fr_set(m, s->r1, deferred ? IA64_FR_NATVAL : from_memory(m, format, bytes));
    update_base(m, s, update);
    return true;
}

bool ia64_load_pair(struct ia64 *m, const struct slot *s, enum fp_format format, struct load_kind k,
                    bool update) {
    unsigned reg = m->fmap[s->r1], size = fp_size(format), ma = 0;
    uint8_t bytes[16] = {0};
    uint64_t pa = 0;
    bool deferred = false;

    if (ia64_fp_disabled(m, s->r1, s->r2, ISR_R | (k.spec ? ISR_SP : 0))) return false;
    if (k.check && gr_nat(m, s->r3)) return ia64_nat_failed(m, ISR_R);
    if (!k.check || !ia64_alat_hit(m, true, reg, k.clear)) {
        if (!read_for(m, s, k, 2 * size, bytes, &deferred, &pa, &ma)) return false;
        if (k.adv && ma != 0) memset(bytes, 0, sizeof bytes);
        advance(m, k, true, reg, deferred, pa, ma, 2 * size);
        fr_set(m, s->r1, deferred ? IA64_FR_NATVAL : from_memory(m, format, bytes));
        fr_set(m, s->r2, deferred ? IA64_FR_NATVAL : from_memory(m, format, bytes + size));
    }
    if (update) m->gr[m->map[s->r3]] += 2 * size;
    return true;
}

bool ia64_store_fp(struct ia64 *m, const struct slot *s, enum fp_format format,
                   enum update update) {
    struct ia64_fr f = fr_get(m, s->r2);
    unsigned n = format == FP_E ? 10 : fp_size(format);
    uint64_t words[2] = {f.sig, 0};
    uint8_t bytes[16];

    if (ia64_fp_disabled(m, s->r2, 0, ISR_W)) return false;
    if (gr_nat(m, s->r3) || (format != FP_FILL && ia64_fr_is_nat(f)))
        return ia64_nat_failed(m, ISR_W);
    switch (format) {
    case FP_S:
        words[0] = ia64_fr_to_single(f);
        break;
    case FP_D:
        words[0] = ia64_fr_to_double(f);
        break;
    case FP_8:
        break;
    case FP_E:
        words[1] = ia64_fr_to_extended(f);
        break;
    case FP_FILL:
        words[1] = ia64_fr_to_spill(f);
        break;
    }
    memcpy(bytes, words, sizeof bytes);
    if (m->psr & PSR_BE) reverse(bytes, n);
    if (!store_part(m, gr(m, s->r3), fp_size(format), n, A_WRITE, bytes)) return false;
    update_base(m, s, update);
    return true;
}

/* --- lfetch ---------------------------------------------------------------------------------- */

bool ia64_line_fetch(struct ia64 *m, const struct slot *s, bool fault, enum update update) {
    uint64_t pa;
    unsigned ma, access = A_READ | A_NON_ACCESS | 4 << 8;

    if (fault) {
        if (gr_nat(m, s->r3)) return ia64_nat_failed(m, ISR_R | ISR_NA | 4);
        if (!ia64_translate(m, gr(m, s->r3), 1, access, &pa, &ma, &m->fault)) return false;
    }
    update_base(m, s, update);
    return true;
}
