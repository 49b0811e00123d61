/* trial.c: runs one switch and judges it. */
#include "engines/simple/trial.h"

#include <string.h>

enum { STEP_LIMIT = 1000 };

const char *const simple_loss_names[SIMPLE_LOSSES] = {
    [I] = "I",
    [J] = "J",
    [K] = "K",
    [X] = "X",
    [LOST_GUEST_I] = "guest I",
    [LOST_GUEST_J] = "guest J",
    [LOST_GUEST_K] = "guest K",
    [LOST_KEPT_I] = "kept I",
    [LOST_ANSWER] = "answer",
};

/* the registers when the instruction with a mark executed */
struct notes {
    uint64_t reg[SIMPLE_MARKS][SIMPLE_REGISTERS];
};

/* ---- before ---- */

/* splitmix64 */
static uint64_t next_random(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* every register and word of RAM has a value of its own; J points to the host's stack */
static struct simple_cpu fresh(uint32_t seed) {
    uint64_t state = seed;
    struct simple_cpu cpu = {.level = 0};
    for (int r = 0; r < SIMPLE_REGISTERS; r++)
        cpu.reg[r] = next_random(&state);
    for (int a = 0; a < SIMPLE_AREAS; a++)
        for (int r = 0; r < SIMPLE_REGISTERS; r++)
            cpu.ram[a][r] = next_random(&state);
    cpu.reg[J] = simple_address(STACK);
    return cpu;
}

/* ---- the run ---- */

static const char *deliver(struct simple_cpu *cpu, const struct simple_code *handler) {
    if (!cpu->pending || cpu->masked) return NULL;
    cpu->pending = false;
    return simple_interrupt(cpu, handler);
}

static const char *execute(struct simple_cpu *cpu, const struct simple_instruction *row,
                           struct notes *notes, bool removed) {
    memcpy(notes->reg[row->mark], cpu->reg, sizeof cpu->reg);
    if (!removed) return simple_step(cpu, row);
    cpu->pc++;
    return NULL;
}

/* where the line rises for the n-th time, from 0 */
static int rise(const struct simple_trial *trial, unsigned n) {
    if (n == 0) return trial->interrupt;
    return n <= trial->furthers ? (int)trial->further[n - 1] : NOWHERE;
}

static struct simple_verdict run(struct simple_cpu *cpu, const struct simple_trial *trial,
                                 struct notes *notes) {
    const struct simple_code *code = &trial->program->code;
    unsigned raised = 0;
    const char *why = NULL;
    for (unsigned steps = 0; !why && cpu->pc < code->count; steps++) {
        if (steps == STEP_LIMIT) return (struct simple_verdict){.outcome = SIMPLE_HUNG};
        for (; !why && (int)cpu->pc == rise(trial, raised); raised++) {
            cpu->pending = true;
            why = deliver(cpu, trial->handler);
        }
        if (!why) why = deliver(cpu, trial->handler);
        if (!why) why = execute(cpu, &code->row[cpu->pc], notes, (int)cpu->pc == trial->removed);
    }
    if (!why) why = deliver(cpu, trial->handler);
    return (struct simple_verdict){.outcome = why ? SIMPLE_CRASHED : SIMPLE_OK, .why = why};
}

/* ---- the oracle ---- */

static unsigned host_losses(const struct simple_cpu *cpu, const struct notes *notes,
                            const struct simple_program *program) {
    unsigned lost = 0;
    for (unsigned r = 0; r < SIMPLE_REGISTERS; r++) {
        uint64_t value = notes->reg[AT_PIP][r];
        bool kept = cpu->ram[HOST_CONTEXT][r] == value && notes->reg[AT_RESUMPTION][r] == value;
        if (program->context & 1u << r && !kept) lost |= 1u << r;
    }
    return lost;
}

static unsigned guest_losses(const struct simple_cpu *before, const struct simple_cpu *after,
                             const struct notes *notes) {
    unsigned lost = 0;
    for (unsigned r = I; r <= K; r++) {
        bool kept = notes->reg[GUEST_ENTERED][r] == before->ram[GUEST_CONTEXT][r] &&
                    after->ram[GUEST_CONTEXT][r] == notes->reg[GUEST_LEFT][r];
        if (!kept) lost |= 1u << (LOST_GUEST_I + r);
    }
    return lost;
}

/* what I is for where it is inconsequential at the PIP */
static unsigned convention_losses(const struct simple_cpu *before, const struct simple_cpu *after,
                                  const struct notes *notes, const struct simple_program *program) {
    if (program->context & 1u << I) return 0;
    unsigned lost = notes->reg[AT_RESUMPTION][I] == program->answer ? 0 : 1u << LOST_ANSWER;
    return after->reg[I] == before->reg[I] ? lost : lost | 1u << LOST_KEPT_I;
}

struct simple_verdict simple_try(const struct simple_trial *trial) {
    const struct simple_cpu before = fresh(trial->seed);
    struct simple_cpu cpu = before;
    struct notes notes = {0};
    struct simple_verdict verdict = run(&cpu, trial, &notes);
    if (verdict.outcome != SIMPLE_OK) return verdict;
    verdict.lost = host_losses(&cpu, &notes, trial->program) | guest_losses(&before, &cpu, &notes) |
                   convention_losses(&before, &cpu, &notes, trial->program);
    if (verdict.lost) verdict.outcome = SIMPLE_CORRUPTED;
    return verdict;
}
