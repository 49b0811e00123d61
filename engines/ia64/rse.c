/* rse.c - register stack, frame marker and rotation: 96 physical registers, the mapping of register
 * names, alloc, cover, flushrs, loadrs and the mandatory spills and fills (volume 2, chapter 6).
 * The engine is lazy: it stores only what alloc needs and keeps no copy of what it stored. */
#include <string.h>

#include "machine.h"

/* Physical numbers of stacked and rotating registers, twice round, so that any window is a slice.
 */
#define RING8(n)  (n), (n) + 1, (n) + 2, (n) + 3, (n) + 4, (n) + 5, (n) + 6, (n) + 7
#define RING32(n) RING8(n), RING8((n) + 8), RING8((n) + 16), RING8((n) + 24)
#define RING96(n) RING32(n), RING32((n) + 32), RING32((n) + 64)
static const uint8_t gr_ring[3 * STACKED] = {RING96(GR_STACKED), RING96(GR_STACKED),
                                             RING96(GR_STACKED)};
static const uint8_t fr_ring[2 * STACKED] = {RING96(32), RING96(32)};

#define COLLECTION(address) (((address) >> 3 & 63) == 63)

/* RNAT collections between an address and n registers above or below it. */
static unsigned collections_above(uint64_t bsp, unsigned n) {
    return ((bsp >> 3 & 63) + n) / 63;
}
static unsigned collections_below(uint64_t bsp, unsigned n) {
    return (62 - (bsp >> 3 & 63) + n) / 63;
}

uint64_t ia64_cfm_value(const struct ia64 *m) {
    const struct frame *f = &m->frame;

    return f->sof | (uint64_t)f->sol << 7 | (uint64_t)(f->sor / 8) << 14 |
           (uint64_t)f->rrb_gr << 18 | (uint64_t)f->rrb_fr << 25 | (uint64_t)f->rrb_pr << 32;
}

static void map_stacked(struct ia64 *m) {
    const uint8_t *ring = gr_ring + m->bof;
    const struct frame *f = &m->frame;

    memcpy(m->map + 32, ring, STACKED);
    memset(m->map + 32 + f->sof, GR_NONE, STACKED - f->sof);
    if (f->rrb_gr) {
        memcpy(m->map + 32, ring + f->rrb_gr, f->sor - f->rrb_gr);
        memcpy(m->map + 32 + f->sor - f->rrb_gr, ring, f->rrb_gr);
    }
}

void ia64_map_rotation(struct ia64 *m) {
    map_stacked(m);
    memcpy(m->fmap + 32, fr_ring + m->frame.rrb_fr, STACKED);
}

void ia64_map_frame(struct ia64 *m) {
    bool bank1 = m->psr & PSR_BN;

    for (unsigned i = 0; i < 32; i++) {
        m->map[i] = i < 16 || bank1 ? i : i + 16;
        m->fmap[i] = i;
    }
    m->map[0] = GR_NONE;
    ia64_map_rotation(m);
}

/* A frame marker from the outside may hold anything: it is brought into range. */
static struct frame frame_of(uint64_t cfm) {
    struct frame f = {.sof = cfm & 127,
                      .sol = cfm >> 7 & 127,
                      .sor = (cfm >> 14 & 15) * 8,
                      .rrb_gr = cfm >> 18 & 127,
                      .rrb_fr = cfm >> 25 & 127,
                      .rrb_pr = cfm >> 32 & 63};

    if (f.sof > STACKED) f.sof = STACKED;
    if (f.sol > f.sof) f.sol = f.sof;
    if (f.sor > f.sof) f.sor = f.sof / 8 * 8;
    f.rrb_gr = f.sor ? f.rrb_gr % f.sor : 0;
    f.rrb_fr %= STACKED;
    f.rrb_pr %= 48;
    return f;
}

/* The view of predicates follows their rename base. */
static void set_frame(struct ia64 *m, struct frame f) {
    uint64_t pr = m->pr;
    bool turned = f.rrb_pr != m->frame.rrb_pr;

    if (turned) pr = ia64_pr_unrotated(m);
    m->frame = f;
    if (turned) ia64_pr_set_unrotated(m, pr);
    ia64_map_rotation(m);
}

void ia64_set_cfm(struct ia64 *m, uint64_t cfm) {
    set_frame(m, frame_of(cfm));
}

/* --- spills and fills ------------------------------------------------------------------------ */

static unsigned below(const struct ia64 *m, int n) /* physical register n below the frame */
{
    return GR_STACKED + (unsigned)((int)m->bof - n + 2 * STACKED) % STACKED;
}

/* Stores the oldest dirty register, or the RNAT collection before it. */
static bool spill_one(struct ia64 *m) {
    uint64_t at = m->ar[AR_BSPSTORE], word;
    bool be = m->ar[AR_RSC] & 16;
    unsigned r = below(m, m->dirty), bit = at >> 3 & 63;

    word = COLLECTION(at) ? m->ar[AR_RNAT] : m->gr[r];
    if (be) word = __builtin_bswap64(word);
    if (!ia64_store(m, at, 8, A_WRITE | A_RSE, &word)) return false;
    if (COLLECTION(at)) {
        m->ar[AR_RNAT] &= ~(UINT64_C(1) << 63);
    } else {
        m->ar[AR_RNAT] &= ~(UINT64_C(1) << bit);
        m->ar[AR_RNAT] |= (uint64_t)m->nat[r] << bit;
        if (unlikely(m->alat_used)) ia64_alat_drop_register(m, false, r);
        m->dirty--;
    }
    m->ar[AR_BSPSTORE] = at + 8;
    m->stats.rse_stores++;
    m->psr &= ~(PSR_DA | PSR_DD);
    return true;
}

/* Loads the register below the dirty partition, or the RNAT collection there. */
static bool fill_one(struct ia64 *m) {
    uint64_t at = m->ar[AR_BSPSTORE] - 8, word;
    bool be = m->ar[AR_RSC] & 16;
    unsigned r = below(m, m->dirty + 1), bit = at >> 3 & 63;

    if (!ia64_load(m, at, 8, A_READ | A_RSE, &word)) return false;
    if (be) word = __builtin_bswap64(word);
    if (COLLECTION(at)) {
        m->ar[AR_RNAT] = word & ~(UINT64_C(1) << 63);
    } else {
        m->gr[r] = word;
        m->nat[r] = m->ar[AR_RNAT] >> bit & 1;
        if (unlikely(m->alat_used)) ia64_alat_drop_register(m, false, r);
        m->dirty++;
    }
    m->ar[AR_BSPSTORE] = at;
    m->stats.rse_loads++;
    m->psr &= ~(PSR_DA | PSR_DD);
    return true;
}

bool ia64_complete_frame(struct ia64 *m) {
    while (m->dirty < 0) {
        if (fill_one(m)) continue;
        if (m->fault.limit) return false;
        ia64_set_ifa(m, m->fault.address, m->fault.vector);
        m->stats.faults++;
        ia64_deliver(m, m->fault.vector, m->fault.isr | ISR_IR);
        return false;
    }
    return true;
}

/* --- frames ---------------------------------------------------------------------------------- */

static void advance(struct ia64 *m, unsigned n) {
    m->ar[AR_BSP] += 8 * (n + collections_above(m->ar[AR_BSP], n));
    m->bof = (m->bof + n) % STACKED;
    m->dirty += n;
}

static void retreat(struct ia64 *m, unsigned n) {
    m->ar[AR_BSP] -= 8 * (n + collections_below(m->ar[AR_BSP], n));
    m->bof = (m->bof + STACKED - n) % STACKED;
    m->dirty -= n;
}

void ia64_frame_call(struct ia64 *m) {
    struct frame f = {.sof = m->frame.sof - m->frame.sol};

    advance(m, m->frame.sol);
    set_frame(m, f);
}

void ia64_frame_cover(struct ia64 *m) {
    advance(m, m->frame.sof);
    set_frame(m, (struct frame){0});
}

/* br.ret preserves sol registers of the caller's frame, rfi all of the interrupted one. Registers
 * that are not there yet have to be filled; a frame that cannot fit becomes an empty one. */
static void come_back(struct ia64 *m, struct frame f, unsigned preserved, unsigned old_sof) {
    int growth = (int)f.sof - (int)preserved - (int)old_sof;

    retreat(m, preserved);
    if (growth > (int)STACKED - (int)old_sof - (m->dirty + (int)preserved)) f = (struct frame){0};
    set_frame(m, f);
}

bool ia64_frame_return(struct ia64 *m, uint64_t pfm) {
    struct frame f = frame_of(pfm);

    come_back(m, f, f.sol, m->frame.sof);
    return m->dirty < 0;
}

bool ia64_frame_rfi(struct ia64 *m, uint64_t ifm) {
    struct frame f = frame_of(ifm);

    come_back(m, f, f.sof, m->frame.sof);
    return m->dirty < 0;
}

void ia64_write_bspstore(struct ia64 *m, uint64_t value) {
    unsigned n = m->dirty < 0 ? 0 : m->dirty;

    value &= ~UINT64_C(7);
    m->ar[AR_BSPSTORE] = value;
    m->ar[AR_BSP] = value + 8 * (n + collections_above(value, n));
    m->dirty = n;
}

/* --- instructions ---------------------------------------------------------------------------- */

/* Makes room for a frame of sof registers. */
static bool make_room(struct ia64 *m, unsigned sof) {
    while (m->dirty + (int)sof > STACKED)
        if (!spill_one(m)) return false;
    return true;
}

HANDLER(ALLOC_M34) {
    struct frame f = m->frame;

    f.sof = s->imm & 127;
    f.sol = s->imm >> 7 & 127;
    f.sor = s->imm >> 14 & 127;
    if (unlikely(f.sof > STACKED || f.sol > f.sof || f.sor > f.sof || s->qp || s->r1 == 0 ||
                 s->r1 >= 32u + f.sof))
        TAIL ia64_illegal(m, s, tab);
    if (unlikely(f.sor != m->frame.sor && (f.rrb_gr || f.rrb_fr || f.rrb_pr)))
        TAIL ia64_x_reserved_field(m, s, tab);
    if (unlikely(m->dirty + (int)f.sof > STACKED) && !make_room(m, f.sof))
        return ia64_access_failed(m, s);
    m->frame = f;
    map_stacked(m);
    PUT(m->map[s->r1], m->ar[AR_PFS], 0);
    if (unlikely(m->moved)) return ia64_leave(m, s + 1);
    NEXT;
}

static bool flush(struct ia64 *m) {
    while (m->ar[AR_BSPSTORE] < m->ar[AR_BSP])
        if (!spill_one(m)) return false;
    return true;
}

HANDLER(FLUSHRS_M25) {
    if (unlikely(!flush(m))) return ia64_access_failed(m, s);
    if (unlikely(m->moved)) return ia64_leave(m, s + 1);
    NEXT;
}

/* Makes the words between bsp - loadrs and bsp the dirty partition. */
static bool load_stack(struct ia64 *m) {
    uint64_t bottom = m->ar[AR_BSP] - (m->ar[AR_RSC] >> 16 & 0x3ff8);

    while (m->ar[AR_BSPSTORE] > bottom)
        if (!fill_one(m)) return false;
    while (m->ar[AR_BSPSTORE] < bottom) {
        if (!COLLECTION(m->ar[AR_BSPSTORE])) m->dirty--;
        m->ar[AR_BSPSTORE] += 8;
    }
    return true;
}

static bool loadrs_illegal(const struct ia64 *m) {
    uint64_t words = m->ar[AR_RSC] >> 19 & 0x7ff, bottom = m->ar[AR_BSP] - 8 * words;
    unsigned collections = (unsigned)((m->ar[AR_BSP] >> 9) - (bottom >> 9));

    return m->ar[AR_RSC] & 3 || (m->frame.sof && words) || words - collections > STACKED;
}

HANDLER(LOADRS_M25) {
    if (unlikely(loadrs_illegal(m))) TAIL ia64_illegal(m, s, tab);
    if (unlikely(!load_stack(m))) return ia64_access_failed(m, s);
    NEXT;
}

HANDLER(COVER_B8) {
    if (!(m->psr & PSR_IC)) m->cr[CR_IFS] = UINT64_C(1) << 63 | ia64_cfm_value(m);
    ia64_frame_cover(m);
    NEXT;
}

HANDLER(CLRRRB_B8) {
    struct frame f = m->frame;

    f.rrb_gr = f.rrb_fr = f.rrb_pr = 0;
    set_frame(m, f);
    NEXT;
}

HANDLER(CLRRRB_PR_B8) {
    struct frame f = m->frame;

    f.rrb_pr = 0;
    set_frame(m, f);
    NEXT;
}

/* br.ctop and its kin: every rename base moves down by one. */
void ia64_rotate(struct ia64 *m) {
    struct frame *f = &m->frame;
    uint64_t field = m->pr >> 16;

    f->rrb_gr = f->sor ? (f->rrb_gr ? f->rrb_gr : f->sor) - 1 : 0;
    f->rrb_fr = (f->rrb_fr ? f->rrb_fr : STACKED) - 1;
    f->rrb_pr = (f->rrb_pr ? f->rrb_pr : 48) - 1;
    m->pr = (m->pr & 0xffff) | field << 17 | (field >> 47) << 16;
    ia64_map_rotation(m);
}
