/* trip.c: one round trip of a switch in a simulated machine, from the driver's call to its
 * resumption point, with a virtual machine between that overwrites all it may. */
#include "engines/ia64sim/stage.h"

#include <string.h>

enum { TRIP_LIMIT = 20 * 1000, BACKING_STORE = 0x700000 };
#define PSR_IC          (UINT64_C(1) << 13)
#define PSR_I           (UINT64_C(1) << 14)
#define PSR_DISABLED_FP (UINT64_C(3) << 18)
#define PSR_BN          (UINT64_C(1) << 44)
#define PSR_NOT_COMPARED                                                                           \
    (UINT64_C(3) << 4 | UINT64_C(3)                                                                \
                            << 41) /* mfl, mfh: that a partition was written; ri: the slot */
enum { AR_BSPSTORE = 18, AR_RNAT = 19, AR_PFS = 64, CR_IVA = 2, GR_I = 8, LINK = 0 };

const char *const outcome_names[] = {[TRIP_OK] = "ok",
                                     [TRIP_CORRUPTED] = "corrupted",
                                     [TRIP_CRASHED] = "crashed",
                                     [TRIP_HUNG] = "hung"};

/* ---- which rows ---- */

static bool is(size_t row, enum ia64_register_class class, unsigned number) {
    return ia64_register_rows[row].class == class && ia64_register_rows[row].number == number;
}

/* what the call itself writes: its value counts from then on */
static bool of_the_call(size_t row) {
    return ia64_register_rows[row].class == IA64_ROW_link || is(row, IA64_ROW_ar, AR_PFS);
}

/* what the engine can't set without ending the world: derived, time, or where control is */
static bool fixed(size_t row) {
    switch (ia64_register_rows[row].class) {
    case IA64_ROW_time:
    case IA64_ROW_cpu:
    case IA64_ROW_frame:
    case IA64_ROW_psr:
    case IA64_ROW_rse:
    case IA64_ROW_iva:
    case IA64_ROW_clock:
        return true;
    default:
        return of_the_call(row);
    }
}

static bool floating(size_t row) {
    return ia64_register_rows[row].class == IA64_ROW_fr_low ||
           ia64_register_rows[row].class == IA64_ROW_fr_high;
}

/* bits of ar.rnat that belong to registers below this backing store address */
static uint64_t rnat_bits(uint64_t address) {
    return (UINT64_C(1) << (address >> 3 & 63)) - 1;
}

/* ---- life ---- */

static uint64_t served(const struct trip *t) {
    uint64_t ticks;
    ia64_read_memory(t->m, t->stage->place[TICKS], &ticks, sizeof ticks);
    return ticks;
}

static uint64_t random64(uint64_t *seed) {
    return row_random(0, seed).low;
}

static void give_canaries(struct trip *t, uint64_t *seed) {
    t->bspstore = ia64_ar(t->m, AR_BSPSTORE);
    ia64_set_ar(t->m, AR_RNAT, random64(seed) & rnat_bits(t->bspstore));
    for (size_t i = 0; i < t->stage->file->count; i++) {
        if (!fixed(i)) row_write(t->m, i, row_random(i, seed));
    }
    for (size_t i = 0; i < t->stage->file->count; i++)
        t->given[i] = row_read(t->m, i);
}

bool trip_new(struct trip *t, const struct stage *stage, uint64_t *seed) {
    *t = (struct trip){.stage = stage, .m = ia64_copy(stage->host)};
    if (!t->m) return false;
    give_canaries(t, seed);
    t->information = random64(seed);
    t->ticks = served(t);
    return true;
}

void trip_again(struct trip *t, uint64_t *seed) {
    ia64_set_psr(t->m, ia64_psr(t->stage->host));
    ia64_set_ip(t->m, t->stage->place[DRIVER_CALL], 0);
    t->past_pip = false;
    give_canaries(t, seed);
}

bool trip_assign(struct trip *to, const struct trip *from) {
    struct ia64 *m = to->m;
    *to = *from;
    to->m = m;
    return ia64_assign(m, from->m);
}

void trip_free(struct trip *t) {
    ia64_free(t->m);
    t->m = NULL;
}

/* ---- running ---- */

static bool at(const struct trip *t, enum place place) {
    return ia64_ip(t->m) == t->stage->place[place] && ia64_slot(t->m) == 0;
}

static void look_at_pip(struct trip *t) {
    if (t->past_pip || !at(t, SWITCH_PIP)) return;
    t->past_pip = true;
    for (size_t i = 0; i < t->stage->file->count; i++)
        if (t->stage->x[i] || of_the_call(i)) t->given[i] = row_read(t->m, i);
}

bool trip_step(struct trip *t) {
    bool good = ia64_run(t->m, ia64_count(t->m) + 1) == IA64_STOP_LIMIT;
    look_at_pip(t);
    return good;
}

static enum outcome run_to(struct trip *t, enum place place, const char *what) {
    if (at(t, place)) return TRIP_OK;
    enum ia64_stop stop =
        ia64_run_until(t->m, t->stage->place[place], ia64_count(t->m) + TRIP_LIMIT);
    if (stop == IA64_STOP_ADDRESS) return TRIP_OK;
    struct stage said;
    stage_failed(&said, t->m, stop, what);
    memcpy(t->why, said.why, WHY);
    return stop == IA64_STOP_LIMIT || stop == IA64_STOP_LOST ? TRIP_HUNG : TRIP_CRASHED;
}

static void lose(struct trip *t, size_t row) {
    t->losses += !t->lost[row];
    t->lost[row] = true;
}

enum outcome trip_out(struct trip *t) {
    if (!t->past_pip) {
        enum outcome outcome = run_to(t, SWITCH_PIP, "the call of switch_out");
        if (outcome) return outcome;
        look_at_pip(t);
    }
    enum outcome outcome = run_to(t, VM_ENTER, "switch_out");
    if (outcome || ia64_cr(t->m, CR_IVA) == t->stage->place[VM_VECTORS]) return outcome;
    for (size_t i = 0; i < t->stage->file->count; i++)
        if (ia64_register_rows[i].class == IA64_ROW_iva) lose(t, i);
    return outcome;
}

/* some of the virtual machine's own code, in a handler's state */
static enum outcome run_vm(struct trip *t, enum place from, enum place to, const char *what) {
    ia64_set_psr(t->m, ia64_psr(t->m) & ~(PSR_IC | PSR_I | PSR_BN | PSR_DISABLED_FP));
    ia64_set_ip(t->m, t->stage->place[from], 0);
    return run_to(t, to, what);
}

enum outcome trip_partner(struct trip *t, bool lend, uint64_t *seed) {
    enum outcome outcome =
        lend ? run_vm(t, VM_DISABLED_FP, VM_FP_LENT, "lending floating point") : TRIP_OK;
    if (!outcome)
        outcome =
            run_vm(t, VM_FILLS_STACK, VM_FILLED_STACK, "the virtual machine's register stack");
    if (outcome) return outcome;
    for (size_t i = 0; i < t->stage->file->count; i++) {
        bool mine = t->stage->partner[i] && !fixed(i) && (lend || !floating(i));
        if (mine && ia64_register_rows[i].class != IA64_ROW_stacked)
            row_write(t->m, i, row_random(i, seed));
    }
    const uint64_t resume[] = {t->stage->place[RESUME_TICK], t->information};
    ia64_set_ar(t->m, AR_RNAT, random64(seed));
    ia64_set_br(t->m, LINK, random64(seed));
    ia64_set_ar(t->m, AR_PFS, 0);
    ia64_set_psr(t->m, ia64_psr(t->m) & ~(PSR_IC | PSR_I | PSR_BN | PSR_DISABLED_FP));
    ia64_set_ip(t->m, t->stage->place[SWITCH_BACK], 0);
    return ia64_write_memory(t->m, t->stage->place[HOST_RESUME], resume, sizeof resume)
               ? TRIP_OK
               : TRIP_CRASHED;
}

/* ---- comparing ---- */

static uint64_t expected_psr(const struct trip *t, uint64_t psr) {
    if (strcmp(t->stage->switcher->mask, "none") != 0) psr &= ~PSR_I;
    return t->stage->collects ? psr : psr & ~PSR_IC;
}

static bool same(const struct trip *t, size_t row) {
    struct row_value is_now = row_read(t->m, row), was = t->given[row];
    uint64_t compared = ~UINT64_C(0);
    if (ia64_register_rows[row].class == IA64_ROW_psr) {
        compared = ~PSR_NOT_COMPARED;
        was.low = expected_psr(t, was.low);
    }
    if (is(row, IA64_ROW_rse, AR_RNAT)) {
        uint64_t now = ia64_ar(t->m, AR_BSPSTORE);
        compared =
            now >> 9 == t->bspstore >> 9 ? rnat_bits(now < t->bspstore ? now : t->bspstore) : 0;
    }
    return ((is_now.low ^ was.low) & compared) == 0 && is_now.high == was.high;
}

/* what the contract keeps, what both sides left alone, and X */
static void compare(struct trip *t) {
    for (size_t i = 0; i < t->stage->file->count; i++) {
        bool kept = t->stage->duty[i] == SAVED || (t->stage->duty[i] == SHARED && !fixed(i)) ||
                    t->stage->x[i];
        if (kept && !same(t, i)) lose(t, i);
    }
    if (ia64_gr(t->m, GR_I).value != t->information) t->lost_information = true, t->losses++;
}

enum outcome trip_back(struct trip *t) {
    enum outcome outcome = run_to(t, RESUME_TICK, "switch_back");
    if (outcome) return outcome;
    compare(t);
    return t->losses ? TRIP_CORRUPTED : TRIP_OK;
}

enum outcome trip_finish(struct trip *t, unsigned ticks) {
    enum outcome outcome = run_to(t, DRIVER_DONE, "the host after the switch");
    if (outcome) return outcome;
    if (served(t) != t->ticks + ticks) t->lost_tick = true, t->losses++;
    return t->losses ? TRIP_CORRUPTED : TRIP_OK;
}

enum outcome trip_to_the_end(struct trip *t) {
    enum { LIMIT = 1000 * 1000 };
    enum ia64_stop stop = ia64_run(t->m, ia64_count(t->m) + LIMIT);
    if (stop == IA64_STOP_EXIT && ia64_exit_status(t->m) == 0) return TRIP_OK;
    struct stage said;
    stage_failed(&said, t->m, stop,
                 "the rest of the world, after garbage in every inconsequential register");
    memcpy(t->why, said.why, WHY);
    return TRIP_CRASHED;
}

json_t *trip_losses(const struct trip *t, bool promised) {
    json_t *names = json_array();
    for (size_t i = 0; i < t->stage->file->count; i++)
        if (t->lost[i] && (!promised || t->stage->duty[i] != INCONSEQUENTIAL))
            json_array_append_new(names, json_string(t->stage->file->reg[i].name));
    if (t->lost_information) json_array_append_new(names, json_string("information in I"));
    if (t->lost_tick) json_array_append_new(names, json_string("tick"));
    return names;
}
