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

static bool decode_side(struct world_code *c, csh handle, const struct machine *machine,
                        enum world_side side, const uint8_t *code, size_t size) {
    uint64_t address = 0;
    cs_insn *insn = cs_malloc(handle);
    const char *why = NULL;
    while (insn && !why && size && c->count < WORLD_INSTRUCTIONS) {
        struct world_instruction *i = &c->instruction[c->count];
        i->side = side;
        i->offset = (unsigned)address;
        i->effect = (struct world_effect){0};
        why = cs_disasm_iter(handle, &code, &size, &address, insn)
                  ? machine->effect(insn, &i->effect)
                  : "it is no instruction";
        snprintf(i->text, WORLD_TEXT, "%s%s%s", insn->mnemonic, *insn->op_str ? " " : "",
                 insn->op_str);
        c->count++;
        if (why)
            snprintf(c->why, WORLD_WHY, "the switcher's code, %s, byte %u: %s: %s",
                     world_sides[side], i->offset, i->text, why);
    }
    if (insn) cs_free(insn, 1);
    return insn && !why && !size;
}

bool world_decode(struct world_code *c, const struct machine *machine, const char *text) {
    uint8_t code[CODE_BYTES];
    csh handle;
    c->count = 0;
    snprintf(c->why, WORLD_WHY, "the world printed no code");
    if (cs_open(machine->arch, machine->mode, &handle)) {
        snprintf(c->why, WORLD_WHY, "Capstone does not decode %s", machine->name);
        return false;
    }
    cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON);
    bool good = true;
    for (int side = 0; side < WORLD_SIDES && good; side++) {
        char start[32];
        snprintf(start, sizeof start, "code %s ", world_sides[side]);
        const char *line = line_of(text, start);
        good = line && decode_side(c, handle, machine, side, code, from_hex(line, code));
    }
    cs_close(&handle);
    return good;
}
