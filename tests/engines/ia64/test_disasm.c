// The disassembler against objdump: recorded texts (disasm.tsv), and, when binutils for ia64 is
// there, random bundles and every form with random operands, compared slot by slot. DISASM_BUNDLES
// and DISASM_FORMS set how many random bundles, and how many of each form; DISASM_SEED which.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "isa_rows.h"

#define GOLDEN    "tests/engines/ia64/disasm.tsv"
#define OBJDUMP   "ia64-linux-gnu-objdump"
#define AS        "ia64-linux-gnu-as"
#define SLOT_BITS ((UINT64_C(1) << 41) - 1)

static void texts_equal_the_recorded_ones(void **state) {
    FILE *in = fopen(GOLDEN, "r");
    char line[600];
    uint64_t ip = 0;
    (void)state;
    assert_non_null(in);
    while (fgets(line, sizeof line, in)) {
        uint64_t words[2];
        struct ia64_insn slots[3];
        char text[200];
        if (*line == '#') continue;
        line[strcspn(line, "\n")] = 0;
        words[0] = strtoull(strtok(line, "\t"), NULL, 16);
        words[1] = strtoull(strtok(NULL, "\t"), NULL, 16);
        int count = ia64_decode_bundle(words, slots);
        if (!count) assert_string_equal(strtok(NULL, "\t"), "reserved");
        for (int i = 0; i < count; i++) {
            ia64_disasm(&slots[i], ip, text, sizeof text);
            assert_string_equal(text, strtok(NULL, "\t"));
        }
        ip += 16;
    }
    fclose(in);
    assert_true(ip / 16 > IA64_OPS);
}

static void a_text_that_does_not_fit_is_cut(void **state) {
    struct ia64_insn insn;
    char text[8] = "xxxxxxx";
    (void)state;
    ia64_decode_slot(IA64_UNIT_M, UINT64_C(0x10800000000) | 5 << 20 | 4 << 6 | 6, 0, &insn);
    assert_int_equal(ia64_disasm(&insn, 0, text, sizeof text), strlen("(p06) mov r4=r5"));
    assert_string_equal(text, "(p06) m");
    assert_int_equal(ia64_disasm(&insn, 0, NULL, 0), strlen("(p06) mov r4=r5"));
}

// ---- comparison with the binutils that are installed ----

static uint64_t random_state;

static uint64_t random64(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state * UINT64_C(0x2545f4914f6cdd1d);
}

static unsigned setting(const char *name, unsigned otherwise) {
    const char *text = getenv(name);
    return text ? (unsigned)strtoul(text, NULL, 0) : otherwise;
}

static void copy_field(uint64_t *slot, unsigned from, unsigned to, unsigned len, uint64_t flip) {
    uint64_t mask = (UINT64_C(1) << len) - 1, value = (*slot >> from & mask) ^ flip;
    *slot = (*slot & ~(mask << to)) | value << to;
}

// Random operands, often small, sparse, or such that a pseudo-operation applies.
static uint64_t random_operands(void) {
    uint64_t slot = random64(), dice = random64();
    if (dice & 1) slot &= random64();
    if (dice & 2) slot &= random64() & random64();
    if (dice & 4) slot &= ~UINT64_C(63);
    if (!(dice & 0x18)) copy_field(&slot, 13, 20, 7, 0);
    if (!(dice & 0x60)) copy_field(&slot, 14, 27, 6, 63);
    if (!(dice & 0x180)) copy_field(&slot, 20, 27, 6, 0);
    if (!(dice & 0x600)) slot &= ~(UINT64_C(127) << 13);
    if (!(dice & 0x1800)) slot = (slot & ~(UINT64_C(127) << 27)) | UINT64_C(1) << 27;
    return slot;
}

// A bundle with one instruction of a form; the other slots are nops.
static void bundle_of(const struct ia64_row *row, uint64_t words[2]) {
    static const uint8_t templates[] = {0x00, 0x00, 0x08,
                                        0x0c, 0x10, 0x04}; // MII MII MMI MFI MIB MLX
    static const uint8_t places[] = {1, 1, 0, 1, 2, 2};
    const uint64_t nop = 1 << 27;
    unsigned type = ia64_formats[row->format].type;
    uint64_t slots[3] = {nop, type == TYPE_X ? random64() & SLOT_BITS : nop, nop};
    slots[places[type]] = ((random_operands() & ~row->mask) | row->match) & SLOT_BITS;
    words[0] = templates[type] | (random64() & 1) | slots[0] << 5 | slots[1] << 46;
    words[1] = slots[1] >> 18 | slots[2] << 23;
}

static size_t make_bundles(uint64_t (**out)[2]) {
    unsigned forms = setting("DISASM_FORMS", 20), bundles = setting("DISASM_BUNDLES", 20000);
    size_t count = 0;
    uint64_t(*words)[2] = calloc((size_t)(IA64_OPS - 1) * forms + bundles, sizeof *words);
    assert_non_null(words);
    for (int op = 1; op < IA64_OPS; op++)
        for (unsigned i = 0; i < forms; i++)
            bundle_of(&ia64_rows[op], words[count++]);
    for (unsigned i = 0; i < bundles; i++, count++)
        words[count][0] = random64(), words[count][1] = random64();
    *out = words;
    return count;
}

// The text of a slot in a line of objdump, without template and indentation; NULL if the line has
// none.
static char *slot_text(char *line, uint64_t *address) {
    char *end, *text = strstr(line, ":\t");
    if (!text) return NULL;
    *address = strtoull(line, &end, 16);
    if (end != text) return NULL;
    text[strcspn(text, "\n")] = 0;
    text += strlen(":\t[MII] ");
    return text + strspn(text, " ");
}

static unsigned compare(FILE *objdump, const uint64_t (*words)[2], size_t count) {
    unsigned compared = 0;
    char line[300], ours[200], *theirs;
    uint64_t address;
    while (fgets(line, sizeof line, objdump)) {
        struct ia64_insn slots[3];
        if (!(theirs = slot_text(line, &address))) continue;
        assert_true(address >> 4 < count);
        int n = ia64_decode_bundle(words[address >> 4], slots);
        int slot = (int)(address & 15) / 6;
        if (n == 2 && slot == 2) slot = 1;
        if (!n) continue;
        ia64_disasm(&slots[slot], address & ~UINT64_C(15), ours, sizeof ours);
        assert_string_equal(ours, theirs);
        compared++;
    }
    return compared;
}

static bool have(const char *tool) {
    char command[100];
    snprintf(command, sizeof command, "command -v %s >/dev/null", tool);
    return system(command) == 0;
}

static void random_bundles_equal_objdump(void **state) {
    char path[] = "/tmp/disasm.XXXXXX", command[200];
    uint64_t(*words)[2];
    (void)state;
    if (!have(OBJDUMP)) {
        print_message("skipped: no " OBJDUMP " (package binutils-ia64-linux-gnu)\n");
        skip();
    }
    random_state = setting("DISASM_SEED", 1) * UINT64_C(77777) + 1;
    size_t count = make_bundles(&words);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, words, count * sizeof *words), count * sizeof *words);
    close(fd);
    snprintf(command, sizeof command, OBJDUMP " -D -z -b binary -m ia64 --no-show-raw-insn %s",
             path);
    FILE *objdump = popen(command, "r");
    assert_non_null(objdump);
    unsigned compared = compare(objdump, words, count);
    pclose(objdump);
    unlink(path);
    free(words);
    print_message("%zu bundles, %u slots equal objdump\n", count, compared);
    assert_true(compared > count);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_equal_the_recorded_ones),
        cmocka_unit_test(a_text_that_does_not_fit_is_cut),
        cmocka_unit_test(random_bundles_equal_objdump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
