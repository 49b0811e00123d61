// What an instruction reads and writes, explicitly and implicitly, derived from its row. The
// dependency checker and the timing model know instructions only through this list.
#include "isa_rows.h"

#include <stddef.h>

// An item of an implicit set: a file and an index, or one of the groups below that depend on the
// instruction.
enum { GROUP = IA64_FILES };
enum group {
    END_OF_SET, // 0, so that sets end by themselves
    ALL_OF_PSR,
    PSR_31_0,
    PSR_5_1,
    PSR_IN_IMM, // sum, rum, ssm, rsm
    ALL_PREDICATES,
    ROTATING_PREDICATES,
    PREDICATES_IN_MASK, // mov pr
    CONTROLS_OF_SF,
    FLAGS_OF_SF,
    ALL_OF_FPSR
};

// clang-format off
enum psr_bit {
    psr_be = 1, psr_up, psr_ac, psr_mfl, psr_mfh,
    psr_ic = 13, psr_i, psr_pk,
    psr_dt = 17, psr_dfl, psr_dfh, psr_sp, psr_pp, psr_di, psr_si, psr_db, psr_lp, psr_tb, psr_rt,
    psr_cpl = 32,
    psr_is = 34, psr_mc, psr_it, psr_id, psr_da, psr_dd, psr_ss, psr_ri,
    psr_ed = 43, psr_bn, psr_ia, psr_vm,
    PSR_BITS
};
static const uint64_t psr_user = 0x3e, psr_low = 0x0ffee03e, psr_defined = UINT64_C(0x7bfd0ffee03e);

enum { AR_RSC = 16, AR_BSP, AR_BSPSTORE, AR_RNAT, AR_CSD = 25, AR_CCV = 32, AR_UNAT = 36, AR_FPSR = 40, AR_ITC = 44,
       AR_PFS = 64, AR_LC, AR_EC };
enum { CR_DCR = 0, CR_PTA = 8, CR_IPSR = 16, CR_IIP = 19, CR_IFA, CR_ITIR, CR_IFS = 23, CR_IIB1 = 27, CR_IVR = 65,
       CR_TPR, CR_EOI, CR_IRR0, CR_IRR1, CR_IRR2, CR_IRR3 };
// clang-format on
#define ITEM(file, index) (uint16_t)((file) << 8 | (index))
#define NOTHING           ITEM(0, 0)
#define AR_(name)         ITEM(IA64_FILE_AR, AR_##name)
#define CR_(name)         ITEM(IA64_FILE_CR, CR_##name)
#define PR_(number)       ITEM(IA64_FILE_PR, number)
#define PSR_(name)        ITEM(IA64_FILE_PSR, psr_##name)
#define RES_(name)        ITEM(IA64_FILE_RESOURCE, IA64_RES_##name)
#define PSR_ALL           ITEM(GROUP, ALL_OF_PSR)
#define PSR_LOW           ITEM(GROUP, PSR_31_0)
#define PSR_USER          ITEM(GROUP, PSR_5_1)
#define PSR_MASKED        ITEM(GROUP, PSR_IN_IMM)
#define PR_EVERY          ITEM(GROUP, ALL_PREDICATES)
#define PR_ROTATING       ITEM(GROUP, ROTATING_PREDICATES)
#define PR_MASKED         ITEM(GROUP, PREDICATES_IN_MASK)
#define SF_CONTROLS       ITEM(GROUP, CONTROLS_OF_SF)
#define SF_FLAGS          ITEM(GROUP, FLAGS_OF_SF)
#define FPSR_PARTS        ITEM(GROUP, ALL_OF_FPSR)

struct set {
    uint16_t reads[16], writes[16];
};
#define READS(...)                                                                                 \
    { __VA_ARGS__ }
#define WRITES(...)                                                                                \
    { __VA_ARGS__ }

static const struct set implicit_sets[IMPLICITS] = {
#define IMPLICIT(name, ...) [IMPLICIT_##name] = {__VA_ARGS__},
#define BESIDES(...)
#include "isa_implicit.def"
#undef IMPLICIT
#undef BESIDES
};

static const struct {
    uint8_t file, number, access;
    struct set set;
} besides[] = {
#define IMPLICIT(...)
#define BESIDES(file, name, access, ...)                                                           \
    {IA64_FILE_##file, file##_##name, IA64_##access, {__VA_ARGS__}},
#include "isa_implicit.def"
#undef IMPLICIT
#undef BESIDES
};

struct list {
    const struct ia64_insn *insn;
    struct ia64_effect *effects;
    size_t count;
};

static void add(struct list *l, unsigned access, unsigned file, unsigned index) {
    for (size_t i = 0; i < l->count; i++)
        if (l->effects[i].access == access && l->effects[i].file == file &&
            l->effects[i].index == index)
            return;
    if (l->count < IA64_EFFECTS_MAX)
        l->effects[l->count++] =
            (struct ia64_effect){(uint8_t)file, (uint8_t)access, (uint16_t)index};
}

static void add_range(struct list *l, unsigned access, unsigned file, unsigned first,
                      unsigned last) {
    for (unsigned i = first; i <= last; i++)
        add(l, access, file, i);
}

static void add_bits(struct list *l, unsigned access, unsigned file, uint64_t mask) {
    for (unsigned i = 0; i < 64; i++)
        if (mask >> i & 1) add(l, access, file, i);
}

static void add_group(struct list *l, unsigned access, enum group group) {
    const struct ia64_insn *insn = l->insn;
    uint64_t imm = (uint64_t)insn->imm;
    bool user = insn->op == IA64_OP_SUM_M44 || insn->op == IA64_OP_RUM_M44;
    switch (group) {
    case END_OF_SET:
        break;
    case ALL_OF_PSR:
        add_bits(l, access, IA64_FILE_PSR, psr_defined);
        break;
    case PSR_31_0:
        add_bits(l, access, IA64_FILE_PSR, psr_low);
        break;
    case PSR_5_1:
        add_bits(l, access, IA64_FILE_PSR, psr_user);
        break;
    case PSR_IN_IMM:
        add_bits(l, access, IA64_FILE_PSR, imm & (user ? psr_user : psr_low));
        break;
    case ALL_PREDICATES:
        add_range(l, access, IA64_FILE_PR, 1, 63);
        break;
    case ROTATING_PREDICATES:
        add_range(l, access, IA64_FILE_PR, 16, 63);
        break;
    case PREDICATES_IN_MASK:
        add_bits(l, access, IA64_FILE_PR, imm & 0xfffe);
        if (imm >> 16 & 1) add_range(l, access, IA64_FILE_PR, 16, 63);
        break;
    case CONTROLS_OF_SF:
        add(l, access, IA64_FILE_RESOURCE, IA64_RES_SF0_CONTROLS + (insn->sf & 3));
        break;
    case FLAGS_OF_SF:
        add(l, access, IA64_FILE_RESOURCE, IA64_RES_SF0_FLAGS + (insn->sf & 3));
        break;
    case ALL_OF_FPSR:
        add_range(l, access, IA64_FILE_RESOURCE, IA64_RES_SF0_CONTROLS, IA64_RES_FPSR_TRAPS);
        break;
    }
}

static void add_items(struct list *l, unsigned access, const uint16_t *items) {
    for (size_t i = 0; i < 16 && items[i] != NOTHING; i++) {
        if (items[i] >> 8 == GROUP)
            add_group(l, access, (enum group)(items[i] & 255));
        else
            add(l, access, items[i] >> 8, items[i] & 255);
    }
}

static void add_set(struct list *l, const struct set *set) {
    add_items(l, IA64_READ, set->reads);
    add_items(l, IA64_WRITE, set->writes);
}

// What the number of a register brings with it: banks, rotation, disabled and modified FP halves.
static void add_general(struct list *l, unsigned number) {
    if (number >= 16 && number < 32) add(l, IA64_READ, IA64_FILE_PSR, psr_bn);
    if (number >= 32) add(l, IA64_READ, IA64_FILE_RESOURCE, IA64_RES_CFM);
}

static void add_floating(struct list *l, unsigned access, unsigned number) {
    if (number < 2) return;
    add(l, IA64_READ, IA64_FILE_PSR, number < 32 ? psr_dfl : psr_dfh);
    if (access == IA64_WRITE) add(l, IA64_WRITE, IA64_FILE_PSR, number < 32 ? psr_mfl : psr_mfh);
    if (number >= 32) add(l, IA64_READ, IA64_FILE_RESOURCE, IA64_RES_CFM);
}

static bool is_constant(unsigned file, unsigned number) {
    return number == 0 ? file == IA64_FILE_GR || file == IA64_FILE_FR || file == IA64_FILE_PR
                       : number == 1 && file == IA64_FILE_FR;
}

static void add_register(struct list *l, unsigned access, unsigned file, unsigned number) {
    if (access == IA64_READ || !is_constant(file, number)) add(l, access, file, number);
    if (file == IA64_FILE_GR) add_general(l, number);
    if (file == IA64_FILE_FR) add_floating(l, access, number);
    if (file == IA64_FILE_PR && number >= 16) add(l, IA64_READ, IA64_FILE_RESOURCE, IA64_RES_CFM);
    if (file == IA64_FILE_CR && number >= CR_IPSR && number <= CR_IIB1)
        add(l, IA64_READ, IA64_FILE_PSR, psr_ic);
    for (size_t i = 0; i < sizeof besides / sizeof *besides; i++)
        if (besides[i].file == file && besides[i].number == number && besides[i].access == access)
            add_set(l, &besides[i].set);
}

static void add_operand(struct list *l, unsigned access, const struct ia64_operand_row *o,
                        unsigned flags) {
    unsigned number = (unsigned)ia64_operand_value(l->insn, o);
    switch ((enum ia64_operand_kind)o->kind) {
    case KIND_REGISTER:
    case KIND_AR:
    case KIND_CR:
        add_register(l, access, o->file, number);
        break;
    case KIND_MEMORY:
        add_register(l, IA64_READ, o->file, number);
        if (flags & IA64_UPDATE) add_register(l, IA64_WRITE, o->file, number);
        break;
    case KIND_INDEXED:
        add_register(l, IA64_READ, IA64_FILE_GR, number);
        add(l, access, IA64_FILE_RESOURCE, o->file);
        break;
    default:
        break;
    }
}

static void add_flags(struct list *l, unsigned flags) {
    static const struct set access = {READS(PSR_(ac), PSR_(be), PSR_(cpl), PSR_(da), PSR_(db),
                                            PSR_(dd), PSR_(dt), PSR_(pk), RES_(RR), RES_(PKR),
                                            RES_(DBR), RES_(DTC), RES_(DTR), CR_(PTA)),
                                      WRITES(NOTHING)};
    static const struct set speculative = {READS(PSR_(ed), CR_(DCR)), WRITES(NOTHING)};
    if (flags & IA64_PRIV) add(l, IA64_READ, IA64_FILE_PSR, psr_cpl);
    if (flags & (IA64_LOAD | IA64_STORE)) add_set(l, &access);
    if (flags & IA64_SPEC) add_set(l, &speculative);
    if (flags & IA64_LOAD) add(l, IA64_READ, IA64_FILE_RESOURCE, IA64_RES_MEMORY);
    if (flags & IA64_STORE) add(l, IA64_WRITE, IA64_FILE_RESOURCE, IA64_RES_MEMORY);
    if (flags & (IA64_ADV | IA64_CHECK)) add(l, IA64_READ, IA64_FILE_RESOURCE, IA64_RES_ALAT);
    if (flags & (IA64_ADV | IA64_STORE)) add(l, IA64_WRITE, IA64_FILE_RESOURCE, IA64_RES_ALAT);
    if (flags & IA64_CHECK && flags & IA64_LOAD)
        add(l, IA64_WRITE, IA64_FILE_RESOURCE, IA64_RES_ALAT);
}

size_t ia64_effects(const struct ia64_insn *insn, struct ia64_effect out[IA64_EFFECTS_MAX]) {
    const struct ia64_row *row = &ia64_rows[insn->op];
    struct list l = {insn, out, 0};
    bool has_results = false;
    for (const uint8_t *o = row->operands; *o != OPERAND_END; o++)
        has_results |= *o == OPERAND_IS;
    if (!(row->flags & IA64_NOQP)) add_register(&l, IA64_READ, IA64_FILE_PR, insn->qp);
    unsigned access = has_results ? IA64_WRITE : IA64_READ;
    for (const uint8_t *o = row->operands; *o != OPERAND_END; o++) {
        if (*o == OPERAND_IS)
            access = IA64_READ;
        else
            add_operand(&l, access, &ia64_operands[*o], row->flags);
    }
    add_flags(&l, row->flags);
    add_set(&l, &implicit_sets[row->implicit]);
    return l.count;
}
