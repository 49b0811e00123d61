/* interruption.c - delivery of faults, traps and external interrupts, the interval timer, break,
 * rfi and bsw (volume 2, chapters 3.3, 5 and 8). */
#include "machine.h"

/* psr bits that survive an interruption; be and pp come from cr.dcr, the rest becomes 0. */
#define PSR_KEPT (PSR_UP | PSR_MFL | PSR_MFH | PSR_PK | PSR_DT | PSR_RT | PSR_MC | PSR_IT)

void ia64_deliver(struct ia64 *m, enum ia64_vector vector, uint64_t isr) {
    uint64_t dcr = m->cr[CR_DCR], ri = m->ri;

    m->stats.interruptions++;
    m->event_vector = vector;
    if (m->psr & PSR_IC) {
        m->cr[CR_IPSR] = m->psr | ri << 41;
        m->cr[CR_IIP] = m->ip;
        m->cr[CR_IIPA] = m->from_ip;
        m->cr[CR_IFS] = 0;
    }
    if (vector != V_NESTED_DTLB) {
        if (!(isr & (UINT64_C(3) << ISR_EI_BIT))) isr |= ri << ISR_EI_BIT;
        if (m->dirty < 0) isr |= ISR_IR;
        if (!(m->psr & PSR_IC)) isr |= ISR_NI;
        m->cr[CR_ISR] = isr;
    }
    ia64_psr_write(m, (m->psr & PSR_KEPT) | (dcr & 2 ? PSR_BE : 0) | (dcr & 1 ? PSR_PP : 0));
    m->ip = (m->cr[CR_IVA] & ~UINT64_C(0x7fff)) + vector;
    m->ri = 0;
}

const struct slot *ia64_raise(struct ia64 *m, const struct slot *s, enum ia64_vector vector,
                              uint64_t isr) {
    ia64_leave(m, s);
    m->stats.faults++;
    ia64_deliver(m, vector, isr);
    return NULL;
}

/* A trap reports the slot that caused it, which may be slot 0 while ri has moved on. */
void ia64_deliver_trap(struct ia64 *m, unsigned slot, enum ia64_vector vector, uint64_t isr) {
    bool ic = m->psr & PSR_IC;

    ia64_deliver(m, vector, isr);
    m->cr[CR_ISR] = isr | (uint64_t)slot << ISR_EI_BIT | (ic ? 0 : ISR_NI);
}

const struct slot *ia64_trap(struct ia64 *m, const struct slot *s, const struct slot *next,
                             enum ia64_vector vector, uint64_t isr) {
    unsigned slot = slot_index(m, s) % 3;

    if (m->psr & PSR_SS) isr |= 8;
    ia64_leave(m, next);
    ia64_psr_write(m, m->psr & ~(PSR_IA | PSR_ID | PSR_DA | PSR_DD | PSR_ED));
    ia64_deliver_trap(m, slot, vector, isr);
    return NULL;
}

const struct slot *ia64_access_failed(struct ia64 *m, const struct slot *s) {
    if (m->fault.limit) return ia64_leave(m, s);
    if (m->fault.vector != V_NAT || !(m->fault.isr & 0x10))
        ia64_set_ifa(m, m->fault.address, m->fault.vector);
    return ia64_raise(m, s, m->fault.vector, m->fault.isr);
}

#define GENERAL(name, code)                                                                        \
    HANDLER(name) {                                                                                \
        (void)tab;                                                                                 \
        return ia64_raise(m, s, V_GENERAL, code);                                                  \
    }
GENERAL(illegal_operation, GE_ILLEGAL)
GENERAL(privileged_operation, GE_PRIVILEGED_OP)
GENERAL(privileged_register, GE_PRIVILEGED_REGISTER)
GENERAL(reserved_field, GE_RESERVED)

HANDLER(nat_consumption) {
    (void)tab;
    return ia64_raise(m, s, V_NAT, 0x10);
}

/* --- external interrupts --------------------------------------------------------------------- */

enum { VECTOR_EXTINT = 0, VECTOR_NMI = 2, VECTOR_SPURIOUS = 15 };

/* Priority: NMI, ExtINT, then 255 down to 16. 0: none. */
static unsigned priority(unsigned vector) {
    return vector == VECTOR_NMI ? 258 : vector == VECTOR_EXTINT ? 257 : vector;
}

static int highest(const uint64_t set[4]) {
    if (set[0] >> VECTOR_NMI & 1) return VECTOR_NMI;
    if (set[0] >> VECTOR_EXTINT & 1) return VECTOR_EXTINT;
    for (int i = 3; i >= 0; i--)
        if (set[i]) return 64 * i + 63 - __builtin_clzll(set[i]);
    return -1;
}

/* The interrupt that cr.ivr would name now, or the spurious vector. */
static unsigned deliverable(const struct ia64 *m) {
    int pending = highest(&m->cr[CR_IRR0]), serviced = highest(m->in_service);
    uint64_t tpr = m->cr[CR_TPR];

    if (pending < 0) return VECTOR_SPURIOUS;
    if (serviced >= 0 && priority(serviced) >= priority(pending)) return VECTOR_SPURIOUS;
    if (pending == VECTOR_NMI) return pending;
    if (tpr >> 16 & 1) return VECTOR_SPURIOUS;
    if (pending != VECTOR_EXTINT && (unsigned)pending >> 4 <= (tpr >> 4 & 15))
        return VECTOR_SPURIOUS;
    return pending;
}

bool ia64_external_pending(const struct ia64 *m) {
    return (m->cr[CR_IRR0] | m->cr[CR_IRR0 + 1] | m->cr[CR_IRR0 + 2] | m->cr[CR_IRR0 + 3]) &&
           deliverable(m) != VECTOR_SPURIOUS;
}

void ia64_pend(struct ia64 *m, unsigned vector) {
    vector &= 255;
    if (vector >= 16 || vector == VECTOR_NMI || vector == VECTOR_EXTINT)
        m->cr[CR_IRR0 + vector / 64] |= UINT64_C(1) << vector % 64;
}

uint64_t ia64_read_ivr(struct ia64 *m) {
    unsigned vector = deliverable(m);

    if (vector != VECTOR_SPURIOUS) {
        m->cr[CR_IRR0 + vector / 64] &= ~(UINT64_C(1) << vector % 64);
        m->in_service[vector / 64] |= UINT64_C(1) << vector % 64;
    }
    return vector;
}

uint64_t ia64_peek_ivr(const struct ia64 *m) {
    return deliverable(m);
}

void ia64_end_of_interrupt(struct ia64 *m) {
    int vector = highest(m->in_service);

    if (vector >= 0) m->in_service[vector / 64] &= ~(UINT64_C(1) << vector % 64);
}

/* --- the interval timer: ar.itc counts instructions ------------------------------------------ */

static void schedule(struct ia64 *m, uint64_t now) {
    uint64_t itc = now + m->itc_offset, itm = m->cr[CR_ITM];

    m->timer_at = itm >= itc ? now + (itm - itc) : UINT64_MAX;
    if (m->timer_at == now) ia64_timer_tick(m); /* due with this very write */
}

void ia64_set_itc(struct ia64 *m, uint64_t value, uint64_t now) {
    m->itc_offset = value - now;
    schedule(m, now);
}

void ia64_set_itm(struct ia64 *m, uint64_t value, uint64_t now) {
    m->cr[CR_ITM] = value;
    schedule(m, now);
}

/* ITC has reached ITM. */
void ia64_timer_tick(struct ia64 *m) {
    m->timer_at = UINT64_MAX;
    if (!(m->cr[CR_ITV] >> 16 & 1)) ia64_pend(m, m->cr[CR_ITV] & 255);
}

/* --- break, rfi, bsw ------------------------------------------------------------------------- */

HANDLER(BREAK_M_M37) {
    (void)tab;
    if (s->imm == 0x80000 || s->imm == 0x80001) return ia64_simulator_call(m, s);
    if (s->imm == 0) {
        ia64_leave(m, s);
        m->exit_status = gr(m, 8) & 255;
        m->stop = IA64_STOP_EXIT;
        return NULL;
    }
    if (m->psr & PSR_IC) m->cr[CR_IIM] = s->imm;
    return ia64_raise(m, s, V_BREAK, 0);
}

HANDLER(BREAK_I_I19) {
    TAIL ia64_x_BREAK_M_M37(m, s, tab);
}
HANDLER(BREAK_F_F15) {
    TAIL ia64_x_BREAK_M_M37(m, s, tab);
}
HANDLER(BREAK_X_X1) {
    TAIL ia64_x_BREAK_M_M37(m, s, tab);
}

/* break.b names no immediate in IIM. */
HANDLER(BREAK_B_B9) {
    (void)tab;
    if (m->psr & PSR_IC) m->cr[CR_IIM] = 0;
    return ia64_raise(m, s, V_BREAK, 0);
}

HANDLER(RFI_B8) {
    uint64_t ipsr = m->cr[CR_IPSR], ifs = m->cr[CR_IFS];

    if (unlikely(cpl(m))) TAIL ia64_x_privileged_operation(m, s, tab);
    if (unlikely(ipsr & PSR_IS)) return ia64_unimplemented(m, s, "rfi to IA-32 code");
    ia64_leave_to(m, s, m->cr[CR_IIP] & ~UINT64_C(15), ipsr >> 41 & 3);
    ia64_psr_write(m, ipsr & PSR_IMPLEMENTED);
    if (ifs >> 63) ia64_frame_rfi(m, ifs);
    return NULL;
}

static void switch_bank(struct ia64 *m, uint64_t bn) {
    m->psr = (m->psr & ~PSR_BN) | bn;
    ia64_map_frame(m);
}

HANDLER(BSW_0_B8) {
    if (unlikely(cpl(m))) TAIL ia64_x_privileged_operation(m, s, tab);
    switch_bank(m, 0);
    NEXT;
}

HANDLER(BSW_1_B8) {
    if (unlikely(cpl(m))) TAIL ia64_x_privileged_operation(m, s, tab);
    switch_bank(m, PSR_BN);
    NEXT;
}
