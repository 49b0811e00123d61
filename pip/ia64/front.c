/* front.c: IA-64 for the analysis, by the simulator's decoder and its lists of effects. An
 * instruction's address is its bundle's plus its slot. The register stack keeps r32-r127 by itself;
 * what rotates is live where a loop rotates it. */
#include "pip/pip.h"

#include "isa.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* bits of a set */
enum { GR = 0, PR = 128, BR = 192, FR = 200, AR = 328 };
static const unsigned ars[] = {32, 36, 64, 65, 66}; /* ar.ccv, unat, pfs, lc, ec */
enum { ARS = sizeof ars / sizeof *ars, STACKED = 32, ROTATING_FR = 32, ROTATING_PR = 16 };

static int bit_of(unsigned file, unsigned index) {
    switch (file) {
    case IA64_FILE_GR:
        return GR + (int)index;
    case IA64_FILE_PR:
        return PR + (int)index;
    case IA64_FILE_BR:
        return BR + (int)index;
    case IA64_FILE_FR:
        return FR + (int)index;
    case IA64_FILE_AR:
        for (int i = 0; i < ARS; i++)
            if (ars[i] == index) return AR + i;
        return -1;
    default:
        return -1;
    }
}

static void add_range(struct pip_set *s, int first, int last) {
    for (int i = first; i <= last; i++)
        pip_add_bits(s, i, 1);
}

/* ---- rows ---- */

#define REG(name, class, number, bits, privilege, convention)                                      \
    {{#name, #class, bits, {{0}}, NULL}, number, #privilege, #convention},
static const struct row {
    struct pip_register reg;
    unsigned number;
    const char *privilege, *convention;
} rows[] = {
#include "switchers/registers/ia64.def"
};
#undef REG
enum { ROWS = sizeof rows / sizeof *rows };

/* which file a class of rows stands in; a class that is not here is live anywhere */
static int first_bit(const struct row *row) {
    static const struct {
        const char *class;
        unsigned file;
    } files[] = {{"gr", IA64_FILE_GR}, {"fr_low", IA64_FILE_FR}, {"fr_high", IA64_FILE_FR},
                 {"br", IA64_FILE_BR}, {"link", IA64_FILE_BR},   {"ar", IA64_FILE_AR}};
    if (strcmp(row->reg.class, "gr") == 0 && strcmp(row->convention, "special") == 0) return -1;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (strcmp(files[i].class, row->reg.class) == 0) return bit_of(files[i].file, row->number);
    return -1;
}

static const struct pip_register *registers(size_t *count) {
    static struct pip_register made[ROWS];
    static size_t n;
    for (int i = n ? ROWS : 0; i < ROWS; i++) {
        if (strcmp(rows[i].privilege, "user") != 0) continue;
        struct pip_register *reg = &made[n++];
        int bit = first_bit(&rows[i]);
        *reg = rows[i].reg;
        if (strcmp(reg->class, "pr") == 0)
            add_range(&reg->parts, PR + 1, PR + 63);
        else if (bit >= 0)
            pip_add_bits(&reg->parts, bit, 1);
        else
            reg->fixed = strcmp(reg->class, "stacked") == 0
                             ? "kept by the register stack engine"
                             : "special: fixed, or belongs to the thread";
    }
    *count = n;
    return made;
}

/* Itanium Software Conventions and Runtime Architecture Guide, chapter 5 */
static const struct pip_convention *convention(void) {
    static struct pip_convention c;
    if (c.preserved.word[0]) return &c;
    for (int i = 0; i < ROWS; i++) {
        int bit = first_bit(&rows[i]);
        if (bit < 0) continue;
        bool scratch = strcmp(rows[i].convention, "scratch") == 0;
        pip_add_bits(scratch ? &c.scratch : &c.preserved, bit, 1);
    }
    add_range(&c.scratch, PR + 6, PR + 15);
    add_range(&c.preserved, PR + 1, PR + 5);
    add_range(&c.preserved, PR + 16, PR + 63);
    add_range(&c.preserved, GR + 1, GR + 1);
    add_range(&c.preserved, GR + 12, GR + 13);
    add_range(&c.arguments, GR + 8, GR + 11);
    add_range(&c.arguments, FR + 8, FR + 15);
    c.results = c.status = c.arguments;
    pip_add(&c.status, &c.preserved);
    return &c;
}

/* ---- instructions ---- */

/* the instruction at bundle + slot; gives the address of the next one, or 0 */
static uint64_t insn_at(const struct pip_image *image, uint64_t address, struct ia64_insn *insn) {
    uint64_t bundle = address & ~UINT64_C(15), words[2];
    struct ia64_insn slots[3];
    size_t left;
    const uint8_t *bytes = pip_image_code(image, bundle, &left);
    if (!bytes || left < sizeof words) return 0;
    memcpy(words, bytes, sizeof words);
    int n = ia64_decode_bundle(words, slots);
    unsigned slot = (unsigned)(address & 15);
    if ((int)slot >= n) return 0;
    *insn = slots[slot];
    return (int)slot + 1 < n ? address + 1 : bundle + 16;
}

static void everything(struct pip_insn *insn) {
    insn->reads = pip_all();
}

static bool is_rotating(const struct ia64_insn *i) {
    return i->op == IA64_OP_BR_WEXIT_B1 || i->op == IA64_OP_BR_WTOP_B1 ||
           i->op == IA64_OP_BR_CEXIT_B2 || i->op == IA64_OP_BR_CTOP_B2;
}

/* a register that an instruction writes keeps something of its old value, or perhaps all of it */
static bool partly(const struct ia64_insn *i, unsigned file) {
    unsigned flags = ia64_op_flags(i->op);
    if (file == IA64_FILE_PR) return flags & IA64_CONDWRITE;
    return flags & IA64_CHECK;
}

static void add_effects(struct pip_insn *insn, const struct ia64_insn *i) {
    struct ia64_effect effects[IA64_EFFECTS_MAX];
    size_t n = ia64_effects(i, effects);
    for (size_t k = 0; k < n; k++) {
        int bit = bit_of(effects[k].file, effects[k].index);
        if (bit < 0) continue;
        if (effects[k].access == IA64_READ) {
            pip_add_bits(&insn->reads, bit, 1);
            continue;
        }
        pip_add_bits(&insn->writes, bit, 1);
        bool surely = i->qp == 0 && !partly(i, effects[k].file);
        pip_add_bits(surely ? &insn->kills : &insn->reads, bit, 1);
    }
}

static void add_control(struct pip_insn *insn, const struct ia64_insn *i) {
    uint64_t target = (insn->address & ~UINT64_C(15)) + (uint64_t)i->imm;
    enum ia64_class class = ia64_op_class(i->op);
    insn->maybe = i->qp;
    bool indirect = i->op == IA64_OP_BR_COND_B4 || i->op == IA64_OP_BR_CALL_B5,
         loop = class == IA64_CLASS_brloop;
    if (class == IA64_CLASS_brcall) {
        insn->kind = PIP_CALL;
        insn->target = indirect ? 0 : target;
        insn->size = (unsigned)(16 - (insn->address & 15)); /* back to the next bundle */
    } else if (class == IA64_CLASS_brret) {
        insn->kind = PIP_RETURN;
    } else if (class == IA64_CLASS_br && !indirect && i->op != IA64_OP_BR_IA_B4) {
        insn->kind = i->qp ? PIP_BRANCH : PIP_JUMP;
        insn->target = target;
    } else if (loop || class == IA64_CLASS_chks || class == IA64_CLASS_chka ||
               class == IA64_CLASS_fstatus) {
        insn->kind = PIP_BRANCH;
        insn->target = target;
    } else {
        insn->kind = i->qp ? PIP_UNKNOWN : PIP_ANYWHERE;
    }
    if (!is_rotating(i)) return;
    add_range(&insn->reads, PR + ROTATING_PR, PR + 63);
    add_range(&insn->reads, FR + ROTATING_FR, FR + 127);
}

/* What leaves the program may use everything; a break is a call of what runs below, which takes
 * general registers; what changes how registers are named may use those that change */
static void add_system(struct pip_insn *insn, enum ia64_class class) {
    switch (class) {
    case IA64_CLASS_illegal:
    case IA64_CLASS_rfi:
    case IA64_CLASS_epc:
    case IA64_CLASS_vmsw:
        insn->kind = PIP_UNKNOWN;
        everything(insn);
        break;
    case IA64_CLASS_brk:
        add_range(&insn->reads, GR, GR + 127);
        break;
    case IA64_CLASS_bsw:
        add_range(&insn->reads, GR + 16, GR + 31);
        break;
    case IA64_CLASS_clrrrb:
        add_range(&insn->reads, PR + ROTATING_PR, PR + 63);
        add_range(&insn->reads, FR + ROTATING_FR, FR + 127);
        break;
    default:
        break;
    }
}

static void decode(const struct pip_image *image, uint64_t address, struct pip_insn *insn) {
    struct ia64_insn i;
    uint64_t next = insn_at(image, address, &i);
    if (!next) {
        insn->kind = PIP_UNKNOWN;
        everything(insn);
        return;
    }
    enum ia64_class class = ia64_op_class(i.op);
    insn->size = (unsigned)(next - address);
    add_effects(insn, &i);
    if (ia64_op_flags(i.op) & IA64_BRANCH && class != IA64_CLASS_rfi) add_control(insn, &i);
    add_system(insn, class);
}

static bool resolve(struct pip_flow *flow, int i, int n, uint64_t *target) {
    (void)flow, (void)i, (void)n, (void)target;
    return false;
}

/* A call through a register overwrites what the convention says, but may read anything: programs in
 * assembly, which most are here, pass arguments as they like */
static bool outside(const struct pip_flow *flow, int i, struct pip_callee *callee) {
    if (flow->insn[i].kind != PIP_CALL || flow->insn[i].target) return false;
    callee->reads = pip_all();
    return true;
}

/* ---- references: branches in every bundle, addresses in data and in movl ---- */

static void scan_code(const struct pip_image *image, const struct pip_segment *g,
                      void (*found)(void *, const struct pip_reference *), void *to) {
    for (uint64_t at = -g->address & 15; at + 16 <= g->size; at += 16) {
        for (unsigned slot = 0; slot < 3; slot++) {
            struct ia64_insn i;
            uint64_t address = g->address + at + slot;
            if (!insn_at(image, address, &i)) continue;
            enum ia64_class class = ia64_op_class(i.op);
            bool call = class == IA64_CLASS_brcall;
            if (i.op == IA64_OP_BR_CALL_B5 || i.op == IA64_OP_BR_COND_B4 ||
                i.op == IA64_OP_BR_IA_B4)
                continue;
            struct pip_reference r = {.target = g->address + at + (uint64_t)i.imm,
                                      .site = address,
                                      .kind = call ? PIP_REFERENCE_CALL : PIP_REFERENCE_JUMP,
                                      .instruction = 1};
            if (class == IA64_CLASS_movl)
                r = (struct pip_reference){
                    .target = (uint64_t)i.imm, .site = address, .kind = PIP_REFERENCE_ADDRESS};
            size_t left;
            bool refers = class == IA64_CLASS_movl || ia64_op_flags(i.op) & IA64_BRANCH;
            if (refers && pip_image_code(image, r.target, &left)) found(to, &r);
        }
    }
}

static void scan(const struct pip_image *image, void (*found)(void *, const struct pip_reference *),
                 void *to) {
    for (size_t k = 0; k < image->segments; k++) {
        const struct pip_segment *g = &image->segment[k];
        if (g->code) scan_code(image, g, found, to);
        for (uint64_t at = 0; at + 8 <= g->size; at++) {
            uint64_t word;
            size_t left;
            memcpy(&word, g->bytes + at, 8);
            const struct pip_function *f =
                pip_image_code(image, word, &left) ? pip_image_function(image, word) : NULL;
            if (f && f->start == word)
                found(to, &(struct pip_reference){.target = word,
                                                  .site = g->address + at,
                                                  .kind = PIP_REFERENCE_ADDRESS});
        }
    }
}

static void text(const struct pip_image *image, uint64_t address, char *text, size_t size) {
    struct ia64_insn i;
    if (insn_at(image, address, &i))
        ia64_disasm(&i, address & ~UINT64_C(15), text, size);
    else
        snprintf(text, size, "not an instruction");
}

static const struct pip_arch ia64 = {
    .name = "ia64",
    .machine = EM_IA_64,
    .registers = registers,
    .convention = convention,
    .decode = decode,
    .resolve = resolve,
    .outside = outside,
    .scan = scan,
    .text = text,
};
REGISTER_PIP_ARCH(ia64);
