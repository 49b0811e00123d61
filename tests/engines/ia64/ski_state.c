/* Reads the text of Ski's `save` and compares it with a machine of ours; see ski_state.h. */
#include "ski_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- reading ------------------------------------------------------------------------------------
 */

static bool words(FILE *from, uint64_t *to, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (fscanf(from, "%" SCNx64, &to[i]) != 1) return false;
    return true;
}

static bool floats(FILE *from, struct ia64_fr *to) {
    for (size_t i = 0; i < 128; i++) {
        uint64_t part[3];
        if (!words(from, part, 3)) return false;
        to[i] =
            (struct ia64_fr){.sig = part[2], .exp = (uint32_t)part[1], .sign = (uint8_t)part[0]};
    }
    return true;
}

static bool nats(FILE *from, uint64_t *to) {
    uint64_t part[2];
    if (!words(from, part, 2)) return false;
    for (size_t i = 0; i < 128; i++)
        to[i] = part[i / 64] >> (63 - i % 64) & 1;
    return true;
}

static bool rse(FILE *from, struct ski_state *s) {
    int part[6];
    for (size_t i = 0; i < 6; i++)
        if (fscanf(from, "%d", &part[i]) != 1) return false;
    s->dirty = (unsigned)part[0];
    s->incomplete = part[5] != 0;
    return true;
}

static bool counted(FILE *from, uint64_t *to, unsigned n) {
    unsigned found;
    return fscanf(from, "%u", &found) == 1 && found == n && words(from, to, n);
}

static bool memory(FILE *from, struct ski_state *s) {
    uint64_t address;
    unsigned n;
    if (fscanf(from, "%" SCNx64 " %u", &address, &n) != 2) return false;
    if (!s->pages || s->page[s->pages - 1].address != (address & ~UINT64_C(0xfff))) {
        struct ski_page *grown = realloc(s->page, (s->pages + 1) * sizeof *grown);
        if (!grown) return false;
        s->page = grown;
        memset(&grown[s->pages], 0, sizeof *grown);
        grown[s->pages++].address = address & ~UINT64_C(0xfff);
    }
    return words(from, &s->page[s->pages - 1].words[(address & 0xfff) / 8], n);
}

static bool section(FILE *from, const char *name, struct ski_state *s) {
    if (!strcmp(name, "ip")) return words(from, &s->ip, 1);
    if (!strcmp(name, "psr")) return words(from, &s->psr, 1);
    if (!strcmp(name, "cfm")) return words(from, &s->cfm, 1);
    if (!strcmp(name, "gr")) return words(from, s->gr, 128);
    if (!strcmp(name, "grnat")) return nats(from, s->gr_nat);
    if (!strcmp(name, "fr")) return floats(from, s->fr);
    if (!strcmp(name, "pr")) return words(from, &s->pr, 1);
    if (!strcmp(name, "br")) return words(from, s->br, 8);
    if (!strcmp(name, "ar")) return words(from, s->ar, 128);
    if (!strcmp(name, "cr")) return words(from, s->cr, 128);
    if (!strcmp(name, "bkr")) return words(from, s->bank, 16);
    if (!strcmp(name, "bkrnat")) return words(from, &s->bank_nat, 1);
    if (!strcmp(name, "bol")) return fscanf(from, "%u", &s->bottom) == 1;
    if (!strcmp(name, "rse")) return rse(from, s);
    if (!strcmp(name, "rr")) return words(from, s->rr, 8);
    if (!strcmp(name, "pkr")) return counted(from, s->pkr, 16);
    if (!strcmp(name, "dbr")) return counted(from, s->dbr, 16);
    if (!strcmp(name, "ibr")) return counted(from, s->ibr, 16);
    if (!strcmp(name, "pmd")) return counted(from, s->pmd, 64);
    if (!strcmp(name, "mem")) return memory(from, s);
    return fscanf(from, "%*[^\n]") >= 0; /* comments, versions, symbols, pmc */
}

bool ski_state_read(struct ski_state *state, const char *path) {
    char name[16];
    bool good = true, registers = false;
    FILE *from = fopen(path, "r");
    if (!from) return false;
    *state = (struct ski_state){0};
    while (good && fscanf(from, "%15s", name) == 1) {
        registers |= !strcmp(name, "gr");
        good = section(from, name, state);
    }
    fclose(from);
    if (!good || !registers) ski_state_free(state);
    return good && registers;
}

void ski_state_free(struct ski_state *state) {
    free(state->page);
    *state = (struct ski_state){0};
}

/* --- comparing ----------------------------------------------------------------------------------
 */

struct comparison {
    ia64_report *report;
    void *context;
    size_t differences;
};

static void differ(struct comparison *c, const char *name, const char *ski, const char *ours) {
    c->differences++;
    if (c->report) c->report(c->context, name, ski, ours);
}

static void check(struct comparison *c, uint64_t ski, uint64_t ours, const char *name,
                  unsigned index) {
    char full[32], left[20], right[20];
    if (ski == ours) return;
    snprintf(full, sizeof full, name, index);
    snprintf(left, sizeof left, "%" PRIx64, ski);
    snprintf(right, sizeof right, "%" PRIx64, ours);
    differ(c, full, left, right);
}

static void check_gr(struct comparison *c, uint64_t value, bool nat, struct ia64_gr ours,
                     const char *name, unsigned r) {
    char full[32], left[32], right[32];
    if (value == ours.value && nat == ours.nat) return;
    snprintf(full, sizeof full, name, r);
    snprintf(left, sizeof left, "%" PRIx64 "%s", value, nat ? " NaT" : "");
    snprintf(right, sizeof right, "%" PRIx64 "%s", ours.value, ours.nat ? " NaT" : "");
    differ(c, full, left, right);
}

static unsigned field(uint64_t value, unsigned position, unsigned length) {
    return (unsigned)(value >> position & ((UINT64_C(1) << length) - 1));
}

static void general(struct comparison *c, const struct ski_state *s, const struct ia64 *m) {
    bool bank1 = s->psr >> 44 & 1;
    for (unsigned r = 0; r < 32; r++)
        check_gr(c, s->gr[r], s->gr_nat[r], ia64_gr(m, r), "r%u", r);
    for (unsigned r = 16; r < 32; r++)
        check_gr(c, s->bank[r - 16], s->bank_nat >> (31 - r) & 1, ia64_bank_gr(m, !bank1, r),
                 bank1 ? "b0.r%u" : "b1.r%u", r);
    for (unsigned i = 0; i < 96 && !s->incomplete; i++)
        check_gr(c, s->gr[32 + i], s->gr_nat[32 + i], ia64_physical_gr(m, i), "stacked %u", i);
}

static void floating(struct comparison *c, const struct ski_state *s, const struct ia64 *m) {
    unsigned rrb = field(s->cfm, 25, 7);
    for (unsigned f = 0; f < 128; f++) {
        const struct ia64_fr *ski = &s->fr[f < 32 ? f : 32 + (f - 32 + rrb) % 96];
        struct ia64_fr ours = ia64_fr(m, f);
        char name[8], left[40], right[40];
        if (ski->sig == ours.sig && ski->exp == ours.exp && ski->sign == ours.sign) continue;
        snprintf(name, sizeof name, "f%u", f);
        snprintf(left, sizeof left, "%u %05x %016" PRIx64, ski->sign, ski->exp, ski->sig);
        snprintf(right, sizeof right, "%u %05x %016" PRIx64, ours.sign, ours.exp, ours.sig);
        differ(c, name, left, right);
    }
}

static void predicates(struct comparison *c, const struct ski_state *s, const struct ia64 *m) {
    unsigned rrb = field(s->cfm, 32, 6);
    for (unsigned p = 0; p < 64; p++) {
        unsigned physical = p < 16 ? p : 16 + (p - 16 + rrb) % 48;
        check(c, s->pr >> (63 - physical) & 1, ia64_pr(m) >> p & 1, "p%u", p);
    }
}

/* ar.rnat: bits at and above the one that BSPSTORE selects are undefined. */
static void application(struct comparison *c, const struct ski_state *s, const struct ia64 *m) {
    static const uint8_t compared[] = {0,  1,  2,  3,  4,  5,  6,  7,  16, 17, 18, 21, 24,
                                       25, 26, 27, 28, 29, 30, 32, 36, 40, 64, 65, 66};
    uint64_t valid = (UINT64_C(1) << (s->ar[18] >> 3 & 63)) - 1;
    for (size_t i = 0; i < COUNT(compared); i++)
        if (compared[i] != 18 || !s->incomplete)
            check(c, s->ar[compared[i]], ia64_ar(m, compared[i]), "ar%u", compared[i]);
    if (!s->incomplete) check(c, s->ar[19] & valid, ia64_ar(m, 19) & valid, "ar%u", 19);
}

static void control(struct comparison *c, const struct ski_state *s, const struct ia64 *m) {
    static const uint8_t compared[] = {0,  1,  2,  8,  16, 19, 23, 24, 64, 65,
                                       66, 68, 69, 70, 71, 72, 73, 74, 80, 81};
    for (size_t i = 0; i < COUNT(compared); i++)
        check(c, s->cr[compared[i]], ia64_cr(m, compared[i]), "cr%u", compared[i]);
    if ((s->cr[17] ^ ia64_cr(m, 17)) != 0x100) /* Ski's, after an FP fault of fcvt */
        check(c, s->cr[17], ia64_cr(m, 17), "cr%u", 17);
}

static void indirect(struct comparison *c, const struct ski_state *s, const struct ia64 *m) {
    for (unsigned i = 0; i < 8; i++)
        check(c, s->rr[i], ia64_indirect(m, IA64_RR, i), "rr%u", i);
    for (unsigned i = 0; i < 16; i++) {
        check(c, s->pkr[i], ia64_indirect(m, IA64_PKR, i), "pkr%u", i);
        check(c, s->dbr[i], ia64_indirect(m, IA64_DBR, i), "dbr%u", i);
        check(c, s->ibr[i], ia64_indirect(m, IA64_IBR, i), "ibr%u", i);
    }
    for (unsigned i = 0; i < 64; i++)
        check(c, s->pmd[i], ia64_indirect(m, IA64_PMD, i), "pmd%u", i);
}

static void pages(struct comparison *c, const struct ski_state *s, const struct ia64 *m) {
    uint64_t ours[512];
    char name[32], left[20], right[20];
    for (size_t i = 0; i < s->pages; i++) {
        const struct ski_page *page = &s->page[i];
        ia64_read_memory(m, page->address, ours, sizeof ours);
        for (unsigned w = 0; w < 512; w++)
            if (page->words[w] != ours[w]) {
                snprintf(name, sizeof name, "mem %" PRIx64, page->address + w * 8);
                snprintf(left, sizeof left, "%" PRIx64, page->words[w]);
                snprintf(right, sizeof right, "%" PRIx64, ours[w]);
                differ(c, name, left, right);
            }
    }
}

size_t ski_state_compare(const struct ski_state *ski, const struct ia64 *machine,
                         ia64_report *report, void *context) {
    struct comparison c = {.report = report, .context = context};
    const uint64_t ri = UINT64_C(3) << 41; /* Ski has it in its ip */
    check(&c, ski->ip & ~UINT64_C(15), ia64_ip(machine), "ip", 0);
    check(&c, ski->ip >> 2 & 3, ia64_slot(machine), "slot", 0);
    check(&c, ski->psr & ~ri, ia64_psr(machine) & ~ri, "psr", 0);
    check(&c, ski->cfm, ia64_cfm(machine), "cfm", 0);
    general(&c, ski, machine);
    floating(&c, ski, machine);
    predicates(&c, ski, machine);
    for (unsigned b = 0; b < 8; b++)
        check(&c, ski->br[b], ia64_br(machine, b), "b%u", b);
    application(&c, ski, machine);
    control(&c, ski, machine);
    indirect(&c, ski, machine);
    pages(&c, ski, machine);
    return c.differences;
}
