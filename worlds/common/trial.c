/* trial.c: round trips of the switcher under canaries, alone: the contract check, an interrupt at
 * every boundary, and mutants.
 *
 * The interrupt comes from the timer, swept through the switch tick by tick. The place where it
 * arrives is the program counter that its handler finds. A masked switcher holds it back, so the
 * sweep is made twice: first with the masking instructions overwritten by nops and the virtual
 * machine interruptible, where each place is seen; then as the switcher is, at the same moments. */
#include "worlds/common/world.h"

enum { MOST_CODE = 2048, MOST_MOMENTS = 8192, MOST_DELAY = 4096, CHECK_ROUNDS = 3 };

static const struct row {
    const char *name, *class;
    unsigned slot, bits;
} rows[] = {
#define REG(name, class, bits, privilege, convention, slot) {#name, #class, slot, bits},
#include ARCH_TABLE
#undef REG
};
enum { ROWS = sizeof rows / sizeof *rows };
_Static_assert(ROWS <= 64 * WORLD_SET_WORDS, "world_set is too small for this table");

static bool in(const struct world_set *set, unsigned row) {
    return set->word[row / 64] >> row % 64 & 1;
}
static void add(struct world_set *set, unsigned row) {
    set->word[row / 64] |= UINT64_C(1) << row % 64;
}

uint64_t trial_running, trial_delay, trial_pad, trial_open;
uint8_t trial_given[ARCH_IMAGE_BYTES] __attribute__((aligned(64))),
    trial_captured[ARCH_IMAGE_BYTES] __attribute__((aligned(64))),
    trial_partner_image[ARCH_IMAGE_BYTES] __attribute__((aligned(64)));

/* ---- what is loaded and compared ---- */

static unsigned compared[ROWS], compared_count; /* rows */

static bool same(const char *a, const char *b) {
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

static bool loaded(const struct row *row) {
    for (const char *const *class = image_classes; *class; class ++)
        if (same(*class, row->class)) return true;
    return false;
}

/* False: the contract promises what this world can't check. */
static bool choose_compared(void) {
    for (unsigned i = 0; i < ROWS; i++) {
        if (loaded(&rows[i])) {
            compared[compared_count++] = i;
        } else if (in(&world_command.saved, i)) {
            print("check impossible ");
            print(rows[i].name);
            put_character('\n');
            return false;
        }
    }
    return true;
}

static uint64_t *slot(uint8_t *image, unsigned row) {
    return (uint64_t *)(void *)(image + rows[row].slot);
}

static uint64_t significant(unsigned row) {
    return rows[row].bits < 64 ? (UINT64_C(1) << rows[row].bits) - 1 : ~UINT64_C(0);
}

/* xorshift64*: Vigna 2016. Canaries need to differ, not to be unpredictable */
static uint64_t random(void) {
    static uint64_t state;
    if (!state) state = world_command.seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * UINT64_C(2685821657736338717);
}

/* new canaries for the host, other garbage for the virtual machine and where the host's context
 * will lie */
static void fill_images(void) {
    for (unsigned k = 0; k < compared_count; k++) {
        *slot(trial_given, compared[k]) = random();
        *slot(trial_partner_image, compared[k]) = random();
        *slot(host_context, compared[k]) = random();
    }
    image_legal(trial_given);
    image_legal(trial_partner_image);
    for (unsigned k = 0; k < compared_count; k++)
        if (in(&world_command.shared, compared[k]))
            *slot(trial_partner_image, compared[k]) = *slot(trial_given, compared[k]);
}

/* ---- one round trip ---- */

enum outcome { OK, CORRUPTED, CRASHED, OUTCOMES };
static const char *const outcome_names[OUTCOMES] = {"ok", "corrupted", "crashed"};

static struct {
    unsigned ticks;        /* served */
    uint64_t side, pc;     /* where the first one arrived */
    uint64_t left[ARCH_X]; /* what its handler left in X */
    uint64_t information;  /* what I has to bring */
} now;

struct context *trial_trap(struct context *c, enum cause cause) {
    if (cause != CAUSE_TICK) {
        context_recover(c);
        return c;
    }
    serve_tick(c);
    if (!now.ticks++) {
        now.side = trial_running;
        now.pc = context_pc(c);
        for (unsigned n = 0; n < ARCH_X; n++)
            now.left[n] = x_after_handler(n, c, x_legal(n, 0));
    }
    return c;
}

static bool run(void) {
    now.ticks = 0;
    now.information = random();
    host_resume = (struct resume){(uint64_t)(uintptr_t)trial_resume, now.information};
    trial_running = TRIAL_OUT;
    bool crashed = trial_run() != 0;
    trial_running = TRIAL_OVER;
    if (!crashed) { /* a tick that was held back comes now */
        interrupts_on();
        interrupts_off();
    }
    trial_running = TRIAL_NONE;
    if (!now.ticks) tick_cancel();
    return !crashed;
}

/* Served before the PIP, a handler's X is the host's X: what is saved has to be X at the PIP, once
 * masked. */
static bool before_pip(void) {
    uint64_t pip = (uint64_t)(uintptr_t)switch_pip, out = (uint64_t)(uintptr_t)switch_out;
    return now.ticks && now.side == TRIAL_OUT &&
           (now.pc == (uint64_t)(uintptr_t)trial_call || (now.pc >= out && now.pc < pip));
}

static uint64_t expected(unsigned row, bool handlers) {
    if (handlers && in(&world_command.x, row))
        for (unsigned n = 0; n < ARCH_X; n++)
            if (same(x_names[n], rows[row].name)) return now.left[n];
    return *slot(trial_given, row);
}

enum {
    INFORMATION = 64 * WORLD_SET_WORDS - 1,
    TICK = INFORMATION - 1
}; /* what can be lost besides registers */

/* what was lost of what counts: promised or shared; for a map, X in any case */
static struct world_set losses(bool map) {
    struct world_set lost = {{0}};
    bool handlers = before_pip();
    for (unsigned k = 0; k < compared_count; k++) {
        unsigned row = compared[k];
        if (((*slot(trial_captured, row) ^ expected(row, handlers)) & significant(row)) == 0)
            continue;
        if (in(&world_command.saved, row) || in(&world_command.shared, row) ||
            (map && in(&world_command.x, row)))
            add(&lost, row);
    }
    if (world_command.informs && image_information(trial_captured) != now.information)
        add(&lost, INFORMATION);
    if (map && now.ticks != 1) add(&lost, TICK); /* the host serves it exactly once */
    return lost;
}

static bool any(const struct world_set *set) {
    for (unsigned i = 0; i < WORLD_SET_WORDS; i++)
        if (set->word[i]) return true;
    return false;
}

static void merge(struct world_set *to, const struct world_set *from) {
    for (unsigned i = 0; i < WORLD_SET_WORDS; i++)
        to->word[i] |= from->word[i];
}

static void print_losses(const struct world_set *lost) {
    for (unsigned row = 0; row < ROWS; row++)
        if (in(lost, row)) {
            put_character(' ');
            print(rows[row].name);
        }
    if (in(lost, INFORMATION)) print(" information");
    if (in(lost, TICK)) print(" tick");
    put_character('\n');
}

/* ---- the code, for whoever counts and decodes ---- */

static void print_code(const char *name, const uint8_t *begin, const uint8_t *end) {
    print("code ");
    print(name);
    put_character(' ');
    for (; begin < end; begin++) {
        put_character("0123456789abcdef"[*begin >> 4]);
        put_character("0123456789abcdef"[*begin & 15]);
    }
    put_character('\n');
}

static void print_all_code(void) {
    print_code("call", trial_call, trial_called);
    print_code("out", switch_out, switch_back);
    print_code("back", switch_back, switch_end);
}

/* ---- check ---- */

static enum outcome check(struct world_set *lost) {
    *lost = (struct world_set){{0}};
    trial_delay = 0;
    trial_open = !switch_masks;
    for (unsigned round = 0; round < CHECK_ROUNDS; round++) {
        fill_images();
        if (!run()) return CRASHED;
        struct world_set some = losses(false);
        merge(lost, &some);
    }
    return any(lost) ? CORRUPTED : OK;
}

static enum outcome print_check(void) {
    struct world_set lost;
    enum outcome outcome = check(&lost);
    print("check ");
    print(outcome_names[outcome]);
    print_losses(&lost);
    return outcome;
}

void trial_check(void) {
    print_all_code();
    if (choose_compared()) print_check();
    finish();
}

/* ---- mutants ---- */

static bool noticed(const struct step *step) {
    uint8_t kept[64];
    struct world_set lost;
    unsigned size = (unsigned)(step->end - step->begin);
    for (unsigned i = 0; i < size; i++)
        kept[i] = step->begin[i];
    fill_nops(step->begin, step->end);
    code_changed(step->begin, step->end);
    enum outcome outcome = check(&lost);
    for (unsigned i = 0; i < size; i++)
        step->begin[i] = kept[i];
    code_changed(step->begin, step->end);
    return outcome != OK;
}

/* Each is announced before it runs: one that hangs the world is known by that. */
void trial_mutate(void) {
    if (!choose_compared() || print_check() != OK) finish();
    unsigned n = (unsigned)(__stop_switch_steps - __start_switch_steps);
    print_named("mutants", n);
    for (unsigned i = (unsigned)world_command.first; i < n; i++) {
        const struct step *step = &__start_switch_steps[i];
        print("mutant ");
        print_number(i);
        put_character(' ');
        print(step->op);
        put_character(' ');
        print(step->reg);
        print(noticed(step) ? " noticed\n" : " survived\n");
    }
    finish();
}

/* ---- map ---- */

enum { SIDES = 3, CALL = 0 }; /* a place: the call, then TRIAL_OUT and TRIAL_BACK */
static const char *const side_names[SIDES] = {"call", "out", "back"};

static struct moment { uint16_t delay, pad, side, offset; } moments[MOST_MOMENTS];
static unsigned moment_count;

static struct place {
    bool seen;
    uint8_t outcome;
    struct world_set lost;
} places[SIDES][MOST_CODE];

/* the boundary at which the tick arrived; false: outside the switch */
static bool place(struct moment *m) {
    uint64_t begin = (uint64_t)(uintptr_t)switch_out, end = (uint64_t)(uintptr_t)switch_end;
    if (!now.ticks) return false;
    m->side = (uint16_t)now.side;
    m->offset = (uint16_t)(now.pc - begin);
    if (now.side == TRIAL_OUT && now.pc == (uint64_t)(uintptr_t)trial_call) {
        m->side = CALL;
        m->offset = 0;
        return true;
    }
    return now.pc >= begin && now.pc < end && (now.side == TRIAL_OUT || now.side == TRIAL_BACK);
}

static bool run_moment(uint64_t delay, uint64_t pad) {
    trial_delay = delay;
    trial_pad = pad;
    return run();
}

/* every tick from the first instruction of the trial to its end, that of each pad a little earlier
 */
static void find_moments(void) {
    for (unsigned pad = 0; pad < ARCH_TICK; pad++)
        for (unsigned delay = 1; delay < MOST_DELAY; delay++) {
            struct moment m = {(uint16_t)delay, (uint16_t)pad, 0, 0};
            run_moment(delay, pad);
            if (!now.ticks) break;
            if (place(&m) && moment_count < MOST_MOMENTS) moments[moment_count++] = m;
        }
}

static void inject(const struct moment *m) {
    struct place *p = &places[m->side][m->offset % MOST_CODE];
    bool crashed = !run_moment(m->delay, m->pad);
    struct world_set lost = {{0}};
    if (!crashed) lost = losses(true);
    enum outcome outcome = crashed ? CRASHED : any(&lost) ? CORRUPTED : OK;
    p->seen = true;
    if (outcome > p->outcome) p->outcome = (uint8_t)outcome;
    merge(&p->lost, &lost);
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
    static uint8_t kept[64];
    unsigned size = (unsigned)(switch_masked - switch_mask);
    for (unsigned i = 0; i < size; i++)
        kept[i] = switch_mask[i];
    fill_nops(switch_mask, switch_masked);
    code_changed(switch_mask, switch_masked);
    trial_open = 1;
    find_moments();
    for (unsigned i = 0; i < size; i++)
        switch_mask[i] = kept[i];
    code_changed(switch_mask, switch_masked);
    trial_open = !switch_masks;
}

void trial_map(void) {
    print_all_code();
    if (!choose_compared()) finish();
    fill_images();
    without_mask();
    uint64_t injections = 0;
    for (uint64_t round = 0; round < world_command.rounds; round++)
        for (unsigned i = 0; i < moment_count; i++, injections++)
            inject(&moments[i]);
    print_places();
    print_named("injections", injections);
    finish();
}
