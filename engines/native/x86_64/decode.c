/* x86_64/decode.c: an instruction's bytes to its effect on memory. Capstone finds operands and
 * their sizes. Whether an operand is read or written is not taken from it: version 4 has stores as
 * reads (movdqa, vmovups, stosq, stmxcsr), so this file says it, by the instruction descriptions of
 * the Intel SDM, vol. 2. */
#include "engines/native/instruction.h"

#include <capstone/capstone.h>
#include <stdio.h>
#include <string.h>

enum use {
    BY_POSITION, /* the first operand is written, others are read: the rule, with no row in the
                    table */
    READ,
    WRITE,
    MODIFY,         /* read and written back */
    FIRST_MODIFIED, /* the first operand is modified, others are read */
    ADDRESS, /* names a place but doesn't access it, or has no effect on data: prefetch, flush */
};

struct row {
    x86_insn id;
    enum use use;         /* of the memory operand */
    unsigned bytes;       /* of the memory operand, 0: as Capstone says */
    unsigned load, store; /* bytes of an access without an operand, mostly on the stack */
    bool state;
};

static const struct row rows[] = {
#define ROW(name, how, ...)                                                                        \
    { .id = X86_INS_##name, .use = how, __VA_ARGS__ }
    /* arithmetic whose first operand is source and destination */
    ROW(ADC, FIRST_MODIFIED),
    ROW(ADD, FIRST_MODIFIED),
    ROW(AND, FIRST_MODIFIED),
    ROW(BTC, FIRST_MODIFIED),
    ROW(BTR, FIRST_MODIFIED),
    ROW(BTS, FIRST_MODIFIED),
    ROW(DEC, FIRST_MODIFIED),
    ROW(INC, FIRST_MODIFIED),
    ROW(NEG, FIRST_MODIFIED),
    ROW(NOT, FIRST_MODIFIED),
    ROW(OR, FIRST_MODIFIED),
    ROW(RCL, FIRST_MODIFIED),
    ROW(RCR, FIRST_MODIFIED),
    ROW(ROL, FIRST_MODIFIED),
    ROW(ROR, FIRST_MODIFIED),
    ROW(SAL, FIRST_MODIFIED),
    ROW(SAR, FIRST_MODIFIED),
    ROW(SBB, FIRST_MODIFIED),
    ROW(SHL, FIRST_MODIFIED),
    ROW(SHLD, FIRST_MODIFIED),
    ROW(SHR, FIRST_MODIFIED),
    ROW(SHRD, FIRST_MODIFIED),
    ROW(SUB, FIRST_MODIFIED),
    ROW(XOR, FIRST_MODIFIED),
    /* exchanges: memory is modified wherever it stands, and whatever the comparison says */
    ROW(CMPXCHG, MODIFY),
    ROW(CMPXCHG8B, MODIFY),
    ROW(CMPXCHG16B, MODIFY),
    ROW(XADD, MODIFY),
    ROW(XCHG, MODIFY),
    /* a first or only operand that is a source */
    ROW(BT, READ),
    ROW(CMP, READ),
    ROW(CMPSB, READ),
    ROW(CMPSW, READ),
    ROW(CMPSQ, READ),
    ROW(DIV, READ),
    ROW(IDIV, READ),
    ROW(IMUL, READ),
    ROW(JMP, READ),
    ROW(LDMXCSR, READ),
    ROW(MUL, READ),
    ROW(TEST, READ),
    ROW(VLDMXCSR, READ),
    /* x87 */
    ROW(FADD, READ),
    ROW(FCOM, READ),
    ROW(FCOMP, READ),
    ROW(FDIV, READ),
    ROW(FDIVR, READ),
    ROW(FIADD, READ),
    ROW(FICOM, READ),
    ROW(FICOMP, READ),
    ROW(FIDIV, READ),
    ROW(FIDIVR, READ),
    ROW(FILD, READ),
    ROW(FIMUL, READ),
    ROW(FISUB, READ),
    ROW(FISUBR, READ),
    ROW(FBLD, READ),
    ROW(FLD, READ),
    ROW(FMUL, READ),
    ROW(FSUB, READ),
    ROW(FSUBR, READ),
    ROW(FLDCW, READ, .bytes = 2),
    ROW(FNSTCW, WRITE, .bytes = 2),
    ROW(FNSTSW, WRITE, .bytes = 2),
    ROW(FLDENV, READ, .bytes = 28),
    ROW(FNSTENV, WRITE, .bytes = 28),
    ROW(FRSTOR, READ, .bytes = 108),
    ROW(FNSAVE, WRITE, .bytes = 108),
    /* the stack: 8 bytes in 64-bit code */
    ROW(CALL, READ, .store = 8),
    ROW(ENTER, BY_POSITION, .store = 8),
    ROW(LEAVE, BY_POSITION, .load = 8),
    ROW(POP, WRITE, .load = 8),
    ROW(POPFQ, BY_POSITION, .load = 8),
    ROW(PUSH, READ, .store = 8),
    ROW(PUSHFQ, BY_POSITION, .store = 8),
    ROW(RET, BY_POSITION, .load = 8),
    ROW(XLATB, BY_POSITION, .load = 1),
    /* whole states: one access. fxsave's area is 512 bytes; xsave's is added when its mask is known
     */
    ROW(FXSAVE, WRITE, .bytes = 512),
    ROW(FXSAVE64, WRITE, .bytes = 512),
    ROW(FXRSTOR, READ, .bytes = 512),
    ROW(FXRSTOR64, READ, .bytes = 512),
    ROW(XSAVE, WRITE, .state = true),
    ROW(XSAVE64, WRITE, .state = true),
    ROW(XSAVEC, WRITE, .state = true),
    ROW(XSAVEC64, WRITE, .state = true),
    ROW(XSAVEOPT, WRITE, .state = true),
    ROW(XSAVEOPT64, WRITE, .state = true),
    ROW(XRSTOR, READ, .state = true),
    ROW(XRSTOR64, READ, .state = true),
    /* no access */
    ROW(CLFLUSH, ADDRESS),
    ROW(CLFLUSHOPT, ADDRESS),
    ROW(CLWB, ADDRESS),
    ROW(LEA, ADDRESS),
    ROW(NOP, ADDRESS),
    ROW(PREFETCH, ADDRESS),
    ROW(PREFETCHNTA, ADDRESS),
    ROW(PREFETCHT0, ADDRESS),
    ROW(PREFETCHT1, ADDRESS),
    ROW(PREFETCHT2, ADDRESS),
    ROW(PREFETCHW, ADDRESS),
};

/* what Capstone 4 does not decode, or decodes as something else: opcode bytes under a mask, memory
 * forms only where it matters */
static const struct raw {
    uint8_t code[5], mask[5];
    struct effect effect;
} raws[] = {
    {{0xc4, 0x01, 0xf8, 0x90},
     {0xff, 0x1f, 0xff, 0xff},
     {.loads = 1, .bytes = 8}}, /* kmovq m64, k */
    {{0xc4, 0x01, 0xf8, 0x91},
     {0xff, 0x1f, 0xff, 0xff},
     {.stores = 1, .bytes = 8}}, /* kmovq k, m64 */
    {{0xc4, 0x01, 0xf9, 0x90},
     {0xff, 0x1f, 0xff, 0xff},
     {.loads = 1, .bytes = 4}}, /* kmovd m32, k */
    {{0xc4, 0x01, 0xf9, 0x91},
     {0xff, 0x1f, 0xff, 0xff},
     {.stores = 1, .bytes = 4}},                                           /* kmovd k, m32 */
    {{0x0f, 0x01, 0xee}, {0xff, 0xff, 0xff}, {0}},                         /* rdpkru */
    {{0x0f, 0x01, 0xef}, {0xff, 0xff, 0xff}, {0}},                         /* wrpkru */
    {{0xf3, 0x48, 0x0f, 0x1e, 0xc8}, {0xff, 0xfe, 0xff, 0xff, 0xf8}, {0}}, /* rdsspq */
    {{0xf3, 0x48, 0x0f, 0xae, 0xe8}, {0xff, 0xfe, 0xff, 0xff, 0xf8}, {0}}, /* incsspq */
};

static bool begins_as(const struct raw *raw, const uint8_t *code, size_t size) {
    for (size_t i = 0; i < sizeof raw->code; i++)
        if (raw->mask[i] && (i >= size || (code[i] & raw->mask[i]) != raw->code[i])) return false;
    return true;
}

static bool decode_raw(const uint8_t *code, size_t size, struct effect *effect) {
    for (size_t r = 0; r < sizeof raws / sizeof *raws; r++) {
        if (!begins_as(&raws[r], code, size)) continue;
        *effect = raws[r].effect;
        return true;
    }
    return false;
}

static const struct row *row_of(unsigned id) {
    static const struct row rule = {.use = BY_POSITION};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].id == (x86_insn)id) return &rows[i];
    return &rule;
}

static void access(struct effect *effect, enum use use, unsigned bytes) {
    effect->loads += use == READ || use == MODIFY;
    effect->stores += use == WRITE;
    effect->modifies += use == MODIFY;
    effect->bytes += use == ADDRESS ? 0 : use == MODIFY ? 2 * bytes : bytes;
}

static enum use use_at(enum use use, int position) {
    if (use == BY_POSITION) return position == 0 ? WRITE : READ;
    if (use == FIRST_MODIFIED) return position == 0 ? MODIFY : READ;
    return use;
}

/* gathers and scatters access as many places as a mask says */
static bool is_vector_index(x86_reg reg) {
    return reg >= X86_REG_XMM0 && reg <= X86_REG_ZMM31;
}

static const char *judge(const cs_insn *insn, struct effect *effect) {
    const struct row *row = row_of(insn->id);
    const cs_x86 *x86 = &insn->detail->x86;
    for (int i = 0; i < x86->op_count; i++) {
        const cs_x86_op *operand = &x86->operands[i];
        if (operand->type != X86_OP_MEM) continue;
        if (is_vector_index(operand->mem.index))
            return "a gather or scatter, which can't be counted";
        access(effect, use_at(row->use, i),
               row->state   ? 0
               : row->bytes ? row->bytes
                            : operand->size);
    }
    if (row->load) access(effect, READ, row->load);
    if (row->store) access(effect, WRITE, row->store);
    effect->state = row->state;
    effect->repeats =
        strncmp(insn->mnemonic, "rep", 3) == 0; /* shown for string instructions only */
    return NULL;
}

static const char *capstone(csh *handle, cs_insn **insn) {
    static csh opened;
    static cs_insn *space;
    if (!opened && cs_open(CS_ARCH_X86, CS_MODE_64, &opened) != CS_ERR_OK)
        return "Capstone can't be opened for x86-64";
    if (!space) {
        cs_option(opened, CS_OPT_DETAIL, CS_OPT_ON);
        space = cs_malloc(opened);
    }
    *handle = opened;
    *insn = space;
    return space ? NULL : "no memory for Capstone";
}

const char *instruction_decode(const uint8_t *code, size_t size, struct effect *effect) {
    static char reason[160];
    csh handle;
    cs_insn *insn;
    *effect = (struct effect){0};
    if (decode_raw(code, size, effect)) return NULL;
    const char *why = capstone(&handle, &insn);
    if (why) return why;
    const uint8_t *at = code;
    size_t left = size;
    uint64_t address = 0;
    if (cs_disasm_iter(handle, &at, &left, &address, insn)) return judge(insn, effect);
    int used =
        snprintf(reason, sizeof reason, "Capstone can't decode the instruction that begins with");
    for (size_t i = 0; i < size && i < 8; i++)
        used += snprintf(reason + used, sizeof reason - (size_t)used, " %02x", code[i]);
    return reason;
}
