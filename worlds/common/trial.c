/* trial.c: one round trip of the switcher under canaries, and what it lost; the contract check, and
 * mutants of the switcher that the check has to notice. */
#include "worlds/common/trial.h"

enum { CHECK_ROUNDS = 3 };

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

struct trial trial;
uint64_t trial_running, trial_delay, trial_pad, trial_open;
uint8_t trial_given[ARCH_IMAGE_BYTES] __attribute__((aligned(64))),
    trial_captured[ARCH_IMAGE_BYTES] __attribute__((aligned(64))),
    trial_partner_image[ARCH_IMAGE_BYTES] __attribute__((aligned(64)));

/* ---- what is loaded and compared ---- */

/* Looked at after every injection: all that can be known before is known here. */
static struct compared {
    unsigned row;
    uint64_t significant; /* bits */
    const uint64_t *captured, *given;
    const uint64_t *left; /* where a handler ran before the PIP: X as it left it, else as given */
} compared[ROWS];
static unsigned compared_count;

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

static uint64_t *slot(uint8_t *image, unsigned row) {
    return (uint64_t *)(void *)(image + rows[row].slot);
}

static uint64_t significant(unsigned row) {
    return rows[row].bits < 64 ? (UINT64_C(1) << rows[row].bits) - 1 : ~UINT64_C(0);
}

static const uint64_t *left(unsigned row) {
    if (in(&world_command.x, row))
        for (unsigned n = 0; n < ARCH_X; n++)
            if (same(x_names[n], rows[row].name)) return &trial.left[n];
    return slot(trial_given, row);
}

bool trial_begin(void) {
    for (unsigned i = 0; i < ROWS; i++) {
        if (loaded(&rows[i])) {
            compared[compared_count++] = (struct compared){
                i, significant(i), slot(trial_captured, i), slot(trial_given, i), left(i)};
        } else if (in(&world_command.saved, i)) {
            print("check impossible ");
            print(rows[i].name);
            put_character('\n');
            return false;
        }
    }
    return true;
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

void trial_fill(void) {
    for (unsigned k = 0; k < compared_count; k++) {
        unsigned row = compared[k].row;
        *slot(trial_given, row) = random();
        *slot(trial_partner_image, row) = random();
        *slot(host_context, row) = random();
    }
    image_legal(trial_given);
    image_legal(trial_partner_image);
    for (unsigned k = 0; k < compared_count; k++) {
        unsigned row = compared[k].row;
        if (in(&world_command.shared, row))
            *slot(trial_partner_image, row) = *slot(trial_given, row);
    }
}

/* ---- one round trip ---- */

const char *const outcome_names[OUTCOMES] = {"ok", "corrupted", "crashed"};

struct context *trial_trap(struct context *c, enum cause cause) {
    if (cause != CAUSE_TICK) {
        context_recover(c);
        return c;
    }
    serve_tick(c);
    if (!trial.ticks++) {
        trial.side = trial_running;
        trial.pc = context_pc(c);
        for (unsigned n = 0; n < ARCH_X; n++)
            trial.left[n] = x_after_handler(n, c, x_legal(n, 0));
    }
    return c;
}

bool trial_once(void) {
    trial.ticks = 0;
    trial.information = random();
    host_resume = (struct resume){(uint64_t)(uintptr_t)trial_resume, trial.information};
    trial_running = TRIAL_OUT;
    bool crashed = trial_run() != 0;
    trial_running = TRIAL_OVER;
    if (!crashed) { /* a tick that was held back comes now */
        interrupts_on();
        interrupts_off();
    }
    trial_running = TRIAL_NONE;
    if (!trial.ticks) tick_cancel();
    return !crashed;
}

/* Served before the PIP, a handler's X is the host's X: what is saved has to be X at the PIP, once
 * masked. */
static bool before_pip(void) {
    uint64_t pip = (uint64_t)(uintptr_t)switch_pip, out = (uint64_t)(uintptr_t)switch_out;
    return trial.ticks && trial.side == TRIAL_OUT &&
           (trial.pc == (uint64_t)(uintptr_t)trial_call || (trial.pc >= out && trial.pc < pip));
}

enum {
    INFORMATION = 64 * WORLD_SET_WORDS - 1,
    TICK = INFORMATION - 1
}; /* what can be lost besides registers */

/* a clause of the contract, or X where it counts in any case */
static bool counts(unsigned row, bool map) {
    return in(&world_command.saved, row) || in(&world_command.shared, row) ||
           (map && in(&world_command.x, row));
}

struct world_set trial_losses(bool map) {
    struct world_set lost = {{0}};
    bool handlers = before_pip();
    for (const struct compared *c = compared; c < compared + compared_count; c++) {
        uint64_t expected = handlers ? *c->left : *c->given;
        if (((*c->captured ^ expected) & c->significant) && counts(c->row, map)) add(&lost, c->row);
    }
    if (world_command.informs && image_information(trial_captured) != trial.information)
        add(&lost, INFORMATION);
    if (map && trial.ticks != 1) add(&lost, TICK); /* the host serves it exactly once */
    return lost;
}

bool set_any(const struct world_set *set) {
    for (unsigned i = 0; i < WORLD_SET_WORDS; i++)
        if (set->word[i]) return true;
    return false;
}

void set_merge(struct world_set *to, const struct world_set *from) {
    for (unsigned i = 0; i < WORLD_SET_WORDS; i++)
        to->word[i] |= from->word[i];
}

void print_losses(const struct world_set *lost) {
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

void print_all_code(void) {
    print_code("call", trial_call, trial_called);
    print_code("out", switch_out, switch_back);
    print_code("back", switch_back, switch_end);
}

/* ---- code that is not there ---- */

void remove_code(struct removed_code *r, uint8_t *begin, uint8_t *end) {
    if (end - begin > REMOVED_MOST)
        unexpected(NULL, "a step is longer than any that a mutant can lack");
    r->begin = begin;
    r->end = end;
    for (unsigned i = 0; begin + i < end; i++)
        r->kept[i] = begin[i];
    fill_nops(begin, end);
    code_changed(begin, end);
}

void restore_code(const struct removed_code *r) {
    for (unsigned i = 0; r->begin + i < r->end; i++)
        r->begin[i] = r->kept[i];
    code_changed(r->begin, r->end);
}

/* ---- check ---- */

static enum outcome check(struct world_set *lost) {
    *lost = (struct world_set){{0}};
    trial_delay = 0;
    trial_open = !switch_masks;
    for (unsigned round = 0; round < CHECK_ROUNDS; round++) {
        trial_fill();
        if (!trial_once()) return CRASHED;
        struct world_set some = trial_losses(false);
        set_merge(lost, &some);
    }
    return set_any(lost) ? CORRUPTED : OK;
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
    if (trial_begin()) print_check();
    finish();
}

/* ---- mutants ---- */

static bool noticed(const struct step *step) {
    struct removed_code removed;
    struct world_set lost;
    remove_code(&removed, step->begin, step->end);
    enum outcome outcome = check(&lost);
    restore_code(&removed);
    return outcome != OK;
}

/* Each is announced before it runs: one that hangs the world is known by that. */
void trial_mutate(void) {
    if (!trial_begin() || print_check() != OK) finish();
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
