/* loadstore.c - the handlers of loads, stores, semaphores, lfetch and the ALAT (formats M1-M17,
 * M20-M27; volume 3, chapter 2). Plain references go through the cache of translations; whatever is
 * special goes the slow way in memory.c. */
#include <string.h>

#include "memory.h"

/* Ends a handler after the slow way. */
#define SLOWLY(call)                                                                               \
    do {                                                                                           \
        if (unlikely(!(call))) return ia64_access_failed(m, s);                                    \
        if (unlikely(m->moved)) return ia64_leave(m, s + 1);                                       \
        NEXT;                                                                                      \
    } while (0)

/* The base register b of a form; one that is updated has to be writable. */
#define BASE_NO_UPDATE const unsigned b = m->map[s->r3];
#define BASE_REGISTER  TARGET(b, s->r3);
#define BASE_IMMEDIATE TARGET(b, s->r3);
#define UPDATE_NO_UPDATE
#define UPDATE_REGISTER  m->nat[b] |= gr_nat(m, s->r2), m->gr[b] += gr(m, s->r2);
#define UPDATE_IMMEDIATE m->gr[b] += s->imm;

/* --- integer loads --------------------------------------------------------------------------- */

#define PLAIN                                                                                      \
    (struct load_kind) {                                                                           \
        0                                                                                          \
    }

#define LOAD_QUICK(name, format, type, update)                                                     \
    HANDLER(name##_##format) {                                                                     \
        TARGET(d, s->r1);                                                                          \
        BASE_##update const uint8_t *p = quick_read(m, m->gr[b], sizeof(type));                    \
        type v;                                                                                    \
        if (unlikely(!p || m->nat[b]))                                                             \
            SLOWLY(ia64_load_slowly(m, s, sizeof(type), PLAIN, update));                           \
        memcpy(&v, p, sizeof v);                                                                   \
        UPDATE_##update /* before the target: r2 may be r1 */                                      \
            PUT(d, v, 0);                                                                          \
        NEXT;                                                                                      \
    }
#define LOAD_SLOW(name, format, size, update, ...)                                                 \
    HANDLER(name##_##format) {                                                                     \
        TARGET(d, s->r1);                                                                          \
        BASE_##update(void) d, (void)b;                                                            \
        SLOWLY(ia64_load_slowly(m, s, size, (struct load_kind){__VA_ARGS__}, update));             \
    }
#define LOAD_FILL(format, update)                                                                  \
    HANDLER(LD8_FILL_##format) {                                                                   \
        TARGET(d, s->r1);                                                                          \
        BASE_##update const uint64_t va = m->gr[b];                                                \
        const uint8_t *p = quick_read(m, va, 8);                                                   \
        uint64_t v;                                                                                \
        if (unlikely(!p || m->nat[b]))                                                             \
            SLOWLY(ia64_load_slowly(m, s, 8, (struct load_kind){.fill = true}, update));           \
        memcpy(&v, p, sizeof v);                                                                   \
        UPDATE_##update PUT(d, v, m->ar[AR_UNAT] >> (va >> 3 & 63) & 1);                           \
        NEXT;                                                                                      \
    }

#define LOADS_OF_SIZE(format, update, ld, type)                                                    \
    LOAD_QUICK(ld, format, type, update)                                                           \
    LOAD_QUICK(ld##_BIAS, format, type, update)                                                    \
    LOAD_QUICK(ld##_ACQ, format, type, update)                                                     \
    LOAD_SLOW(ld##_S, format, sizeof(type), update, .spec = true)                                  \
    LOAD_SLOW(ld##_A, format, sizeof(type), update, .adv = true)                                   \
    LOAD_SLOW(ld##_SA, format, sizeof(type), update, .spec = true, .adv = true)                    \
    LOAD_SLOW(ld##_C_CLR, format, sizeof(type), update, .check = true, .clear = true)              \
    LOAD_SLOW(ld##_C_NC, format, sizeof(type), update, .check = true)                              \
    LOAD_SLOW(ld##_C_CLR_ACQ, format, sizeof(type), update, .check = true, .clear = true)
#define LOADS(format, update)                                                                      \
    LOADS_OF_SIZE(format, update, LD1, uint8_t)                                                    \
    LOADS_OF_SIZE(format, update, LD2, uint16_t)                                                   \
    LOADS_OF_SIZE(format, update, LD4, uint32_t)                                                   \
    LOADS_OF_SIZE(format, update, LD8, uint64_t)                                                   \
    LOAD_FILL(format, update)
LOADS(M1, NO_UPDATE)
LOADS(M2, REGISTER)
LOADS(M3, IMMEDIATE)

#define LOAD16(name)                                                                               \
    HANDLER(name) {                                                                                \
        TARGET(d, s->r1);                                                                          \
        (void)d;                                                                                   \
        SLOWLY(ia64_load16(m, s));                                                                 \
    }
LOAD16(LD16_M1)
LOAD16(LD16_ACQ_M1)

/* --- integer stores -------------------------------------------------------------------------- */

#define STORE(name, format, type, update)                                                          \
    HANDLER(name##_##format) {                                                                     \
        BASE_##update const unsigned v = m->map[s->r2];                                            \
        uint8_t *p = quick_write(m, m->gr[b], sizeof(type));                                       \
        const type value = m->gr[v];                                                               \
        if (unlikely(!p || m->nat[b] | m->nat[v]))                                                 \
            SLOWLY(ia64_store_slowly(m, s, sizeof(type), false, update));                          \
        memcpy(p, &value, sizeof value);                                                           \
        UPDATE_##update NEXT;                                                                      \
    }
#define SPILL(format, update)                                                                      \
    HANDLER(ST8_SPILL_##format) {                                                                  \
        BASE_##update const unsigned v = m->map[s->r2];                                            \
        const uint64_t va = m->gr[b], value = m->gr[v];                                            \
        uint8_t *p = quick_write(m, va, 8);                                                        \
        if (unlikely(!p || m->nat[b])) SLOWLY(ia64_store_slowly(m, s, 8, true, update));           \
        memcpy(p, &value, sizeof value);                                                           \
        set_unat(m, va, m->nat[v]);                                                                \
        UPDATE_##update NEXT;                                                                      \
    }
#define STORES(format, update)                                                                     \
    STORE(ST1, format, uint8_t, update)                                                            \
    STORE(ST2, format, uint16_t, update)                                                           \
    STORE(ST4, format, uint32_t, update)                                                           \
    STORE(ST8, format, uint64_t, update)                                                           \
    STORE(ST1_REL, format, uint8_t, update)                                                        \
    STORE(ST2_REL, format, uint16_t, update)                                                       \
    STORE(ST4_REL, format, uint32_t, update)                                                       \
    STORE(ST8_REL, format, uint64_t, update)                                                       \
    SPILL(format, update)
STORES(M4, NO_UPDATE)
STORES(M5, IMMEDIATE)

HANDLER(ST16_M4) {
    SLOWLY(ia64_store16(m, s));
}
HANDLER(ST16_REL_M4) {
    SLOWLY(ia64_store16(m, s));
}

/* --- semaphores and fences ------------------------------------------------------------------- */

#define SEMAPHORE(name, size, kind)                                                                \
    HANDLER(name) {                                                                                \
        TARGET(d, s->r1);                                                                          \
        (void)d;                                                                                   \
        SLOWLY(ia64_semaphore(m, s, size, kind));                                                  \
    }
SEMAPHORE(XCHG1_M16, 1, XCHG)
SEMAPHORE(XCHG2_M16, 2, XCHG)
SEMAPHORE(XCHG4_M16, 4, XCHG)
SEMAPHORE(XCHG8_M16, 8, XCHG)
SEMAPHORE(CMPXCHG1_ACQ_M16, 1, CMPXCHG)
SEMAPHORE(CMPXCHG2_ACQ_M16, 2, CMPXCHG)
SEMAPHORE(CMPXCHG4_ACQ_M16, 4, CMPXCHG)
SEMAPHORE(CMPXCHG8_ACQ_M16, 8, CMPXCHG)
SEMAPHORE(CMPXCHG1_REL_M16, 1, CMPXCHG)
SEMAPHORE(CMPXCHG2_REL_M16, 2, CMPXCHG)
SEMAPHORE(CMPXCHG4_REL_M16, 4, CMPXCHG)
SEMAPHORE(CMPXCHG8_REL_M16, 8, CMPXCHG)
SEMAPHORE(FETCHADD4_ACQ_M17, 4, FETCHADD)
SEMAPHORE(FETCHADD8_ACQ_M17, 8, FETCHADD)
SEMAPHORE(FETCHADD4_REL_M17, 4, FETCHADD)
SEMAPHORE(FETCHADD8_REL_M17, 8, FETCHADD)

#define PAIR_EXCHANGE(name)                                                                        \
    HANDLER(name) {                                                                                \
        TARGET(d, s->r1);                                                                          \
        (void)d;                                                                                   \
        SLOWLY(ia64_cmp8xchg16(m, s));                                                             \
    }
PAIR_EXCHANGE(CMP8XCHG16_ACQ_M16)
PAIR_EXCHANGE(CMP8XCHG16_REL_M16)

/* One processor, in order: fences have nothing to do. */
#define FENCE(name)                                                                                \
    HANDLER(name) {                                                                                \
        NEXT;                                                                                      \
    }
FENCE(MF_M24)
FENCE(MF_A_M24) FENCE(FWB_M24) FENCE(SYNC_I_M24)

/* --- floating-point loads and stores --------------------------------------------------------- */

#define FP_TARGET(f)                                                                               \
    if (unlikely((f) < 2)) TAIL ia64_illegal(m, s, tab)

#define LOAD_FP(name, format, fp, update, ...)                                                     \
    HANDLER(name##_##format) {                                                                     \
        FP_TARGET(s->r1);                                                                          \
        BASE_##update(void) b;                                                                     \
        SLOWLY(ia64_load_fp(m, s, fp, (struct load_kind){__VA_ARGS__}, update));                   \
    }
#define LOAD_FP_QUICK(name, format, fp, type, value, update)                                       \
    HANDLER(name##_##format) {                                                                     \
        FP_TARGET(s->r1);                                                                          \
        BASE_##update const uint8_t *p = quick_read(m, m->gr[b], sizeof(type));                    \
        type v;                                                                                    \
        if (unlikely(!p || m->nat[b] || m->psr & (PSR_DFL | PSR_DFH)))                             \
            SLOWLY(ia64_load_fp(m, s, fp, PLAIN, update));                                         \
        memcpy(&v, p, sizeof v);                                                                   \
        fr_set(m, s->r1, value);                                                                   \
        UPDATE_##update NEXT;                                                                      \
    }
#define LOADS_FP_OF_FORMAT(format, update, ld, fp)                                                 \
    LOAD_FP(ld##_S, format, fp, update, .spec = true)                                              \
    LOAD_FP(ld##_A, format, fp, update, .adv = true)                                               \
    LOAD_FP(ld##_SA, format, fp, update, .spec = true, .adv = true)                                \
    LOAD_FP(ld##_C_CLR, format, fp, update, .check = true, .clear = true)                          \
    LOAD_FP(ld##_C_NC, format, fp, update, .check = true)
    struct words {
    uint64_t low, high;
};
#define LOADS_FP(format, update)                                                                   \
    LOAD_FP_QUICK(LDFS, format, FP_S, uint32_t, ia64_fr_from_single(v), update)                    \
    LOAD_FP_QUICK(LDFD, format, FP_D, uint64_t, ia64_fr_from_double(v), update)                    \
    LOAD_FP_QUICK(LDF8, format, FP_8, uint64_t, ia64_fr_integer(v), update)                        \
    LOAD_FP_QUICK(LDFE, format, FP_E, struct words, ia64_fr_from_extended(v.low, v.high), update)  \
    LOAD_FP_QUICK(LDF_FILL, format, FP_FILL, struct words, quick_fill(v), update)                  \
    LOADS_FP_OF_FORMAT(format, update, LDFS, FP_S)                                                 \
    LOADS_FP_OF_FORMAT(format, update, LDFD, FP_D)                                                 \
    LOADS_FP_OF_FORMAT(format, update, LDF8, FP_8)                                                 \
    LOADS_FP_OF_FORMAT(format, update, LDFE, FP_E)

/* The bits of ldf.fill and stf.spill are those of the register. */
static inline struct ia64_fr quick_fill(struct words w) {
    return (struct ia64_fr){.sig = w.low, .exp = w.high & 0x1ffff, .sign = w.high >> 17 & 1};
}
LOADS_FP(M6, NO_UPDATE)
LOADS_FP(M7, REGISTER)
LOADS_FP(M8, IMMEDIATE)

#define UPDATES_PAIR_M11 0
#define UPDATES_PAIR_M12 1
#define LOAD_PAIR(name, format, fp, update, ...)                                                   \
    HANDLER(name##_##format) {                                                                     \
        /* both targets even or both odd is illegal; in a rotating frame too: fields decide */     \
        if (unlikely(s->r1 < 2 || s->r2 < 2 || !((s->r1 ^ s->r2) & 1) ||                           \
                     (update && m->map[s->r3] == GR_NONE)))                                        \
            TAIL ia64_illegal(m, s, tab);                                                          \
        SLOWLY(ia64_load_pair(m, s, fp, (struct load_kind){__VA_ARGS__}, update));                 \
    }
#define LOAD_PAIRS_OF(format, update, ld, fp)                                                      \
    LOAD_PAIR(ld, format, fp, update, .spec = false)                                               \
    LOAD_PAIR(ld##_S, format, fp, update, .spec = true)                                            \
    LOAD_PAIR(ld##_A, format, fp, update, .adv = true)                                             \
    LOAD_PAIR(ld##_SA, format, fp, update, .spec = true, .adv = true)                              \
    LOAD_PAIR(ld##_C_CLR, format, fp, update, .check = true, .clear = true)                        \
    LOAD_PAIR(ld##_C_NC, format, fp, update, .check = true)
#define LOAD_PAIRS(format, update)                                                                 \
    LOAD_PAIRS_OF(format, update, LDFPS, FP_S)                                                     \
    LOAD_PAIRS_OF(format, update, LDFPD, FP_D)                                                     \
    LOAD_PAIRS_OF(format, update, LDFP8, FP_8)
LOAD_PAIRS(M11, 0)
LOAD_PAIRS(M12, 1)

#define STORE_FP(name, format, fp, update)                                                         \
    HANDLER(name##_##format) {                                                                     \
        BASE_##update(void) b;                                                                     \
        SLOWLY(ia64_store_fp(m, s, fp, update));                                                   \
    }
#define SPILL_FP(format, update)                                                                   \
    HANDLER(STF_SPILL_##format) {                                                                  \
        BASE_##update uint8_t *p = quick_write(m, m->gr[b], 16);                                   \
        const struct ia64_fr f = fr_get(m, s->r2);                                                 \
        const struct words w = {f.sig, f.exp | (uint64_t)f.sign << 17};                            \
        if (unlikely(!p || m->nat[b] || m->psr & (PSR_DFL | PSR_DFH)))                             \
            SLOWLY(ia64_store_fp(m, s, FP_FILL, update));                                          \
        memcpy(p, &w, sizeof w);                                                                   \
        UPDATE_##update NEXT;                                                                      \
    }
#define STORES_FP(format, update)                                                                  \
    STORE_FP(STFS, format, FP_S, update)                                                           \
    STORE_FP(STFD, format, FP_D, update)                                                           \
    STORE_FP(STF8, format, FP_8, update)                                                           \
    STORE_FP(STFE, format, FP_E, update)                                                           \
    SPILL_FP(format, update)
STORES_FP(M9, NO_UPDATE)
STORES_FP(M10, IMMEDIATE)

/* --- lfetch ---------------------------------------------------------------------------------- */

#define LFETCH(name, fault, update)                                                                \
    HANDLER(name) {                                                                                \
        BASE_##update(void) b;                                                                     \
        SLOWLY(ia64_line_fetch(m, s, fault, update));                                              \
    }
LFETCH(LFETCH_M51, false, NO_UPDATE)
LFETCH(LFETCH_M13, false, NO_UPDATE)
LFETCH(LFETCH_COUNT_M52, false, NO_UPDATE)
LFETCH(LFETCH_EXCL_M13, false, NO_UPDATE)
LFETCH(LFETCH_FAULT_M13, true, NO_UPDATE)
LFETCH(LFETCH_FAULT_EXCL_M13, true, NO_UPDATE)
LFETCH(LFETCH_M14, false, REGISTER)
LFETCH(LFETCH_EXCL_M14, false, REGISTER)
LFETCH(LFETCH_FAULT_M14, true, REGISTER)
LFETCH(LFETCH_FAULT_EXCL_M14, true, REGISTER)
LFETCH(LFETCH_M15, false, IMMEDIATE)
LFETCH(LFETCH_EXCL_M15, false, IMMEDIATE)
LFETCH(LFETCH_FAULT_M15, true, IMMEDIATE)
LFETCH(LFETCH_FAULT_EXCL_M15, true, IMMEDIATE)

/* --- ALAT ------------------------------------------------------------------------------------ */

HANDLER(INVALA_M24) {
    ia64_alat_drop_all(m);
    NEXT;
}

HANDLER(INVALA_E_M26) {
    ia64_alat_drop_register(m, false, m->map[s->r1]);
    NEXT;
}

HANDLER(INVALA_E_M27) {
    ia64_alat_drop_register(m, true, m->fmap[s->r1]);
    NEXT;
}

/* chk.a branches to its recovery code when the entry is gone. */
static inline const struct slot *recover(struct ia64 *m, const struct slot *s) {
    return ia64_leave_to(m, s, slot_ip(m, s) + s->imm, 0);
}

#define CHK_A(name, fp, reg, clear)                                                                \
    HANDLER(name) {                                                                                \
        if (!ia64_alat_hit(m, fp, reg, clear)) return recover(m, s);                               \
        NEXT;                                                                                      \
    }
CHK_A(CHK_A_NC_M22, false, m->map[s->r1], false)
CHK_A(CHK_A_CLR_M22, false, m->map[s->r1], true)
CHK_A(CHK_A_NC_M23, true, m->fmap[s->r1], false)
CHK_A(CHK_A_CLR_M23, true, m->fmap[s->r1], true)
