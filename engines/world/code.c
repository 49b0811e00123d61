/* code.c: the switcher's code, as the world printed it, to instructions. It is straight-line code,
 * so its instructions in order of address are those that a switch executes. */
#include "engines/world/world.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const char *const world_sides[WORLD_SIDES] = {
    [WORLD_CALL] = "call", [WORLD_OUT] = "out", [WORLD_BACK] = "back"};
enum { CODE_BYTES = 8192 };

static size_t from_hex(const char *text, uint8_t *bytes) {
    size_t n = 0;
    unsigned byte;
    while (n < CODE_BYTES && isxdigit((unsigned char)text[2 * n]) &&
           sscanf(text + 2 * n, "%2x", &byte) == 1)
        bytes[n++] = (uint8_t)byte;
    return n;
}

static const char *line_of(const char *text, const char *start) {
    size_t n = strlen(start);
    for (const char *p = text; p && *p; p = strchr(p, '\n')) {
        if (*p == '\n') p++;
        if (strncmp(p, start, n) == 0) return p + n;
    }
    return NULL;
}

/* code that is left, and where it begins */
struct rest {
    const uint8_t *code;
    size_t size;
    uint64_t address;
};

static const char *with_capstone(const struct machine *machine, csh handle, cs_insn *insn,
                                 struct rest *rest, struct world_instruction *i) {
    insn->mnemonic[0] = insn->op_str[0] = 0; /* as it stays when there is no instruction */
    bool known = cs_disasm_iter(handle, &rest->code, &rest->size, &rest->address, insn);
    snprintf(i->text, WORLD_TEXT, "%s%s%s", insn->mnemonic, *insn->op_str ? " " : "", insn->op_str);
    return known ? machine->effect(insn, &i->effect) : "it is no instruction";
}

static const char *by_itself(const struct machine *machine, struct rest *rest,
                             struct world_instruction *i) {
    size_t length = rest->size;
    const char *why = machine->decode(rest->code, &length, &i->effect, i->text);
    rest->code += length;
    rest->size -= length;
    rest->address += length;
    return why;
}

static bool decode_side(struct world_code *c, csh handle, const struct machine *machine,
                        enum world_side side, const uint8_t *code, size_t size) {
    struct rest rest = {code, size, 0};
    cs_insn *insn = machine->decode ? NULL : cs_malloc(handle);
    const char *why = machine->decode || insn ? NULL : "no memory";
    while (!why && rest.size && c->count < WORLD_INSTRUCTIONS) {
        struct world_instruction *i = &c->instruction[c->count++];
        *i = (struct world_instruction){.side = side, .offset = (unsigned)rest.address};
        why = insn ? with_capstone(machine, handle, insn, &rest, i) : by_itself(machine, &rest, i);
        if (why)
            snprintf(c->why, WORLD_WHY, "the switcher's code, %s, byte %u: %s: %s",
                     world_sides[side], i->offset, i->text, why);
    }
    if (insn) cs_free(insn, 1);
    return !why && !rest.size;
}

bool world_decode(struct world_code *c, const struct machine *machine, const char *text) {
    uint8_t code[CODE_BYTES];
    csh handle = 0;
    c->count = 0;
    snprintf(c->why, WORLD_WHY, "the world printed no code");
    if (!machine->decode && cs_open(machine->arch, machine->mode, &handle)) {
        snprintf(c->why, WORLD_WHY, "Capstone does not decode %s", machine->name);
        return false;
    }
    if (handle) cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON);
    bool good = true;
    for (int side = 0; side < WORLD_SIDES && good; side++) {
        char start[32];
        snprintf(start, sizeof start, "code %s ", world_sides[side]);
        const char *line = line_of(text, start);
        good = line && decode_side(c, handle, machine, side, code, from_hex(line, code));
    }
    if (handle) cs_close(&handle);
    return good;
}
