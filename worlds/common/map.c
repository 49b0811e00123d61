/* map.c: an interrupt at every boundary of the switch, and what it did to the host.
 *
 * The interrupt comes from the timer, swept through the switch tick by tick. The place where it
 * arrives is the program counter that its handler finds. A masked switcher holds it back, so the
 * sweep is made twice: first with the masking instructions overwritten by nops and the virtual
 * machine interruptible, where each place is seen; then as the switcher is, at the same moments. */
#include "worlds/common/trial.h"

enum { MOST_CODE = 2048, MOST_MOMENTS = 4096, MOST_DELAY = 4096 };
enum { SIDES = 3, CALL = 0 }; /* a place: the call, then TRIAL_OUT and TRIAL_BACK */
static const char *const side_names[SIDES] = {"call", "out", "back"};

static struct moment { uint16_t delay, pad, side, offset; } moments[MOST_MOMENTS];
static unsigned moment_count;

static struct place {
    bool known, seen; /* there is a moment for it; it was interrupted at that moment */
    uint8_t outcome;
    struct world_set lost;
} places[SIDES][MOST_CODE];

static struct place *place_of(const struct moment *m) {
    return &places[m->side][m->offset % MOST_CODE];
}

/* the boundary at which the tick arrived; false: outside the switch */
static bool place(struct moment *m) {
    uint64_t begin = (uint64_t)(uintptr_t)switch_out, end = (uint64_t)(uintptr_t)switch_end;
    if (!trial.ticks) return false;
    m->side = (uint16_t)trial.side;
    m->offset = (uint16_t)(trial.pc - begin);
    if (trial.side == TRIAL_OUT && trial.pc == (uint64_t)(uintptr_t)trial_call) {
        m->side = CALL;
        m->offset = 0;
        return true;
    }
    return trial.pc >= begin && trial.pc < end &&
           (trial.side == TRIAL_OUT || trial.side == TRIAL_BACK);
}

static bool run_moment(uint64_t delay, uint64_t pad) {
    trial_delay = delay;
    trial_pad = pad;
    return trial_once();
}

/* Every tick from the first instruction of the trial to its end, that of each pad a little earlier;
 * of those that arrive at one place, the first. */
static void find_moments(void) {
    for (unsigned pad = 0; pad < ARCH_TICK; pad++)
        for (unsigned delay = 1; delay < MOST_DELAY; delay++) {
            struct moment m = {(uint16_t)delay, (uint16_t)pad, 0, 0};
            run_moment(delay, pad);
            if (!trial.ticks) break;
            if (!place(&m)) continue;
            struct place *p = place_of(&m);
            if (!p->known && moment_count < MOST_MOMENTS) moments[moment_count++] = m;
            p->known = true;
        }
}

static void inject(const struct moment *m) {
    struct place *p = place_of(m);
    bool crashed = !run_moment(m->delay, m->pad);
    struct world_set lost = {{0}};
    if (!crashed) lost = trial_losses(true);
    enum outcome outcome = crashed ? CRASHED : set_any(&lost) ? CORRUPTED : OK;
    p->seen = true;
    if (outcome > p->outcome) p->outcome = (uint8_t)outcome;
    set_merge(&p->lost, &lost);
}

static void print_places(void) {
    for (unsigned side = 0; side < SIDES; side++)
        for (unsigned offset = 0; offset < MOST_CODE; offset++) {
            const struct place *p = &places[side][offset];
            if (!p->seen) continue;
            print("cell ");
            print(side_names[side]);
            put_character(' ');
            if (side == TRIAL_BACK)
                print_number(offset - (uint64_t)(switch_back - switch_out));
            else
                print_number(offset);
            put_character(' ');
            print(outcome_names[p->outcome]);
            print_losses(&p->lost);
        }
}

static void without_mask(void) {
    struct removed_code mask;
    remove_code(&mask, switch_mask, switch_masked);
    trial_open = 1;
    find_moments();
    restore_code(&mask);
    trial_open = !switch_masks;
}

void trial_map(void) {
    print_all_code();
    if (!trial_begin()) finish();
    trial_fill();
    without_mask();
    uint64_t injections = 0;
    for (uint64_t round = 0; round < world_command.rounds; round++)
        for (unsigned i = 0; i < moment_count; i++, injections++)
            inject(&moments[i]);
    print_places();
    print_named("injections", injections);
    finish();
}
