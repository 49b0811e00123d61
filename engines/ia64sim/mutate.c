/* mutate.c: a mutant is a world in which one instruction of the switcher that saves or restores is
 * gone. The steps are read from the code itself: every load, every store, and every move to or from
 * a register that is not a general one. A load or store leaves the increment of its address behind,
 * so that only its own register is missed. */
#include "engines/ia64sim/ia64sim.h"

#include <string.h>

enum { SLOTS = 3, SLOT_BITS = 41, NOP = 1 << 27 };
#define SLOT_MASK ((UINT64_C(1) << SLOT_BITS) - 1)

/* ---- a bundle's slots: bits 5, 46 and 87 on ---- */

static void set_slot(uint64_t words[2], unsigned slot, uint64_t bits) {
    __extension__ unsigned __int128 bundle = (unsigned __int128)words[1] << 64 | words[0],
                                    mask = SLOT_MASK;
    unsigned shift = 5 + SLOT_BITS * slot;
    bundle = (bundle & ~(mask << shift)) | (unsigned __int128)bits << shift;
    words[0] = (uint64_t)bundle;
    words[1] = (uint64_t)(bundle >> 64);
}

/* adds r3=imm,r3 (A4), under the same predicate */
static uint64_t adds(const struct ia64_insn *insn) {
    uint64_t imm = (uint64_t)insn->imm;
    return (uint64_t)8 << 37 | (imm >> 13 & 1) << 36 | (uint64_t)2 << 34 | (imm >> 7 & 63) << 27 |
           (uint64_t)insn->r3 << 20 | (imm & 127) << 13 | (uint64_t)insn->r3 << 6 | insn->qp;
}

/* ---- steps ---- */

static bool is_step(const struct ia64_insn *insn) {
    if (ia64_op_flags(insn->op) & (IA64_LOAD | IA64_STORE)) return true;
    switch (ia64_op_class(insn->op)) {
    case IA64_CLASS_frar:
    case IA64_CLASS_toar:
    case IA64_CLASS_frcr:
    case IA64_CLASS_tocr:
    case IA64_CLASS_frbr:
    case IA64_CLASS_tobr:
    case IA64_CLASS_frpr:
    case IA64_CLASS_topr:
    case IA64_CLASS_frix:
    case IA64_CLASS_toix:
        return true;
    default:
        return false;
    }
}

static bool remove_step(struct ia64 *m, uint64_t ip, const struct ia64_insn *insn) {
    uint64_t words[2];
    ia64_read_memory(m, ip, words, sizeof words);
    set_slot(words, insn->slot, ia64_op_flags(insn->op) & IA64_UPDATE ? adds(insn) : NOP);
    return ia64_write_memory(m, ip, words, sizeof words);
}

static bool passes(const struct work *work, struct stage *stage) {
    json_t *check = ia64sim_check_stage(work, stage);
    bool pass = strcmp(json_string_value(json_object_get(check, "status")), "pass") == 0;
    json_decref(check);
    return pass;
}

struct mutation {
    const struct work *work;
    struct stage *stage;
    int total, killed;
    json_t *survivors;
};

static bool mutant(struct mutation *mu, uint64_t ip, const struct ia64_insn *insn) {
    struct ia64 *whole = mu->stage->host;
    mu->stage->host = ia64_copy(whole);
    bool made = mu->stage->host && remove_step(mu->stage->host, ip, insn);
    if (made) {
        char text[128];
        mu->total++;
        bool survived = passes(mu->work, mu->stage);
        mu->killed += !survived;
        ia64_disasm(insn, ip, text, sizeof text);
        if (survived)
            json_array_append_new(
                mu->survivors,
                json_sprintf("0x%llx.%u %s", (unsigned long long)ip, insn->slot, text));
    }
    ia64_free(mu->stage->host);
    mu->stage->host = whole;
    return made;
}

static bool all_mutants(struct mutation *mu) {
    for (uint64_t ip = mu->stage->place[SWITCH_OUT]; ip < mu->stage->place[SWITCH_END]; ip += 16) {
        struct ia64_insn insn[SLOTS];
        uint64_t words[2];
        memset(insn, 0, sizeof insn);
        ia64_read_memory(mu->stage->host, ip, words, sizeof words);
        int n = ia64_decode_bundle(words, insn);
        for (int slot = 0; slot < n; slot++)
            if (is_step(&insn[slot]) && !mutant(mu, ip, &insn[slot])) return false;
    }
    return true;
}

json_t *ia64sim_mutate(const struct work *work) {
    struct stage stage;
    if (!stage_open(&stage, work->switcher, FRAME_MOST))
        return json_pack("{s:s}", "skip", stage.why);
    struct mutation mu = {work, &stage, 0, 0, json_array()};
    const char *why = !passes(work, &stage)
                          ? "it fails its check unchanged: a mutant would say nothing"
                      : !all_mutants(&mu) ? "no memory for a mutant"
                                          : NULL;
    stage_close(&stage);
    if (!why)
        return json_pack("{s:i, s:i, s:o}", "total", mu.total, "killed", mu.killed, "survivors",
                         mu.survivors);
    json_decref(mu.survivors);
    return json_pack("{s:s}", "skip", why);
}
