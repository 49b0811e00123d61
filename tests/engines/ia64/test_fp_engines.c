/*
 * Every floating-point and multimedia instruction on the machines: an assembled program runs each
 * with random operands, rounding modes, precisions and trap enables, on this simulator and on Ski,
 * and what it leaves (result, ar.fpsr, predicates, vector, ISR.code) is compared with fp.h and
 * mm.h. A stated skip where the assembler is missing, and for Ski alone where bski is.
 *
 * SKI names bski, FP_CASES the number of cases (up to 10^6), FP_SEED where the random ones begin.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fp.h"
#include "ia64.h"
#include "mm.h"

/* What the program reads and writes for each case; the assembly below knows the layout. */
struct input {
    uint64_t f9[2], f10[2], f11[2]; /* as spilled; r9, r10, r11 get the significands */
    uint64_t fpsr;
    uint64_t form;
};

struct output {
    uint64_t f8[2]; /* as spilled */
    uint64_t r8;
    uint64_t fpsr;
    uint64_t predicates; /* 1: p6, 2: p7; both are set before */
    uint64_t isr;        /* its code */
    uint64_t vector;     /* 0x5c00 fault, 0x5d00 trap, 0 none */
    uint64_t nat;        /* of r8 */
};

/* An instruction, or a short sequence in which it is needed. */
struct form {
    const char *text;
    enum ia64_fp_pc pc;
    void (*expect)(struct ia64_fr a, struct ia64_fr b, struct ia64_fr c, uint64_t x, uint64_t y,
                   uint64_t fpsr, struct ia64_fp_env *env, struct output *out);
};

static void put_fr(struct output *out, struct ia64_fr r) {
    out->f8[0] = r.sig;
    out->f8[1] = ia64_fr_to_spill(r);
}

/* A store of NaTVal other than a spill is a Register NaT Consumption fault. */
static void put_stored(struct output *out, struct ia64_fr stored, struct ia64_fr loaded) {
    if (ia64_fr_is_nat(stored))
        out->vector = 0x5600, out->isr = 0x10;
    else
        put_fr(out, loaded);
}

static void put_controls(struct output *out, uint64_t fpsr, unsigned sf, unsigned amask,
                         unsigned omask) {
    if (!ia64_fsetc(&fpsr, sf, amask, omask)) out->vector = 0x5400, out->isr = 0x30;
    out->fpsr = fpsr;
}

#define FR(value)              put_fr(out, value)
#define GR(value)              out->r8 = (value)
#define GR_NAT(value)          out->r8 = (value), out->nat = ia64_fr_is_nat(a)
#define FAULT(code, isr_code)  out->vector = (code), out->isr = (isr_code)
#define STORED(value)          put_stored(out, a, value)
#define SETC(sf, amask, omask) put_controls(out, fpsr, sf, amask, omask)
#define PR(test)                                                                                   \
    do {                                                                                           \
        enum ia64_fp_test test_ = test;                                                            \
        out->predicates = test_ == IA64_FP_NAT ? 0 : test_ == IA64_FP_TRUE ? 1 : 2;                \
    } while (0)
#define APPROX(value) /* p6 is written, p7 stays */                                                \
    do {                                                                                           \
        bool p2;                                                                                   \
        put_fr(out, value);                                                                        \
        out->predicates = p2 ? 3 : 2;                                                              \
    } while (0)

/* A function for each line of fp_forms.def, and the table of them. */
#define MAYBE        __attribute__((unused))
#define PASTE(a, b)  a##b
#define EXPECT(line) PASTE(expect_, line)
#define FORM(text, pc, expected)                                                                   \
    static void EXPECT(__LINE__)(MAYBE struct ia64_fr a, MAYBE struct ia64_fr b,                   \
                                 MAYBE struct ia64_fr c, MAYBE uint64_t x, MAYBE uint64_t y,       \
                                 MAYBE uint64_t fpsr, MAYBE struct ia64_fp_env * env,              \
                                 struct output * out) {                                            \
        expected;                                                                                  \
    }
#include "fp_forms.def"
#undef FORM

static const struct form forms[] = {
#define FORM(text, pc, expected) {text, IA64_PC_##pc, EXPECT(__LINE__)},
#include "fp_forms.def"
};
enum { FORMS = sizeof forms / sizeof *forms };

/* ---- the program, fp_program.s, includes this ---- */

enum { OUTPUTS = 0x8000000 }; /* where it stores */

static bool write_forms(const char *path) {
    FILE *f = fopen(path, "w");

    if (!f) return false;
    fputs("table:\n", f);
    for (int i = 0; i < FORMS; i++)
        fprintf(f, "\tdata8\tform%d\n", i);
    fputs("\t.text\n", f);
    for (int i = 0; i < FORMS; i++)
        fprintf(f, "\t.align\t16\nform%d:\t%s\n\tbr.sptk\tdone\n", i, forms[i].text);
    return fclose(f) == 0;
}

/* ---- operands ---- */

static uint64_t random_state = 1;

static uint64_t random64(void) {
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static unsigned random_below(unsigned n) {
    return (unsigned)(random64() % n);
}

static uint64_t random_significand(void) {
    uint64_t s = random64();

    switch (random_below(8)) {
    case 0:
        return 0;
    case 1:
        return UINT64_C(1) << random_below(64);
    case 2:
        return -(UINT64_C(1) << random_below(64));
    case 3:
        return s << random_below(64);
    case 4:
        return s >> random_below(64);
    case 5:
        return UINT64_C(1) << 63 | UINT64_C(1) << random_below(64) |
               UINT64_C(1) << random_below(64);
    default:
        return s | UINT64_C(1) << 63;
    }
}

/* Exponents around those where something changes: ends of the ranges, one, integers. */
static uint32_t random_exponent(void) {
    static const uint32_t edges[] = {0,       1,       64,      0xc001,  0xfc01,  0xff81,
                                     0xff98,  0xffff,  0x1001e, 0x1003e, 0x1007e, 0x103fe,
                                     0x13ffe, 0x1fffc, 0x1fffe, 0x1ffff};

    switch (random_below(4)) {
    case 0:
        return random64() & 0x1ffff;
    case 1:
        return (edges[random_below(16)] + random_below(5) - 2) & 0x1ffff;
    case 2:
        return 0xffff + random_below(140) - 70;
    default:
        return 0xffff + random_below(9) - 4;
    }
}

static uint32_t random_single(void) {
    uint32_t fraction = (uint32_t)(random_significand() >> 40) & 0x7fffff, exp;

    switch (random_below(4)) {
    case 0:
        exp = 0;
        break;
    case 1:
        exp = 255;
        break;
    case 2:
        exp = 127 + random_below(9) - 4;
        break;
    default:
        exp = random_below(256);
        break;
    }
    return (uint32_t)(random64() & 1) << 31 | exp << 23 | fraction;
}

static void random_register(uint64_t f[2]) {
    uint64_t sig = random_significand(), sign = random64() & 1;
    uint32_t exp = random_exponent();

    switch (random_below(16)) {
    case 0:
        exp = 0x1ffff;
        break;
    case 1:
        exp = 0x1fffe, sig = 0, sign = 0;
        break; /* NaTVal */
    case 2:
        exp = 0, sig = 0;
        break;
    case 3:
        exp = 0x1ffff, sig = UINT64_C(1) << 63;
        break;
    case 4:
    case 5:
    case 6:
    case 7:
        exp = 0x1003e, sign = 0, sig = (uint64_t)random_single() << 32 | random_single();
        break;
    }
    f[0] = sig;
    f[1] = sign << 17 | exp;
}

static uint64_t random_fpsr(void) {
    static const unsigned pcs[3] = {0, 2, 3};
    /* Mostly all disabled, as programs have it. */
    uint64_t fpsr = random_below(3) ? 0x3f : random64() & 0x3f;

    if (random_below(3) == 0) fpsr |= random64() & UINT64_C(0x3f01f80fc07e000); /* flags */
    for (unsigned sf = 0; sf < 4; sf++) {
        uint64_t controls = random_below(4) == 0;          /* ftz */
        controls |= (uint64_t)(random_below(3) == 0) << 1; /* wre */
        controls |= (uint64_t)pcs[random_below(3)] << 2 | (uint64_t)random_below(4) << 4;
        controls |= (uint64_t)(sf && random_below(2)) << 6; /* td */
        fpsr |= controls << (6 + 13 * sf);
    }
    return fpsr;
}

static void random_case(struct input *in, unsigned form) {
    in->form = form;
    in->fpsr = random_fpsr();
    random_register(in->f9);
    random_register(in->f10);
    random_register(in->f11);
    switch (random_below(6)) { /* equal, or nearly cancelling */
    case 0:
        memcpy(in->f10, in->f9, sizeof in->f9);
        break;
    case 1:
        in->f10[1] = in->f9[1] ^ 1 << 17;
        break;
    case 2:
        in->f10[0] = random_below(2) ? UINT64_C(1) << 63 : in->f10[0];
        in->f10[1] = 0xffff;
        in->f11[0] = in->f9[0] + random_below(3) - 1;
        in->f11[1] = in->f9[1] ^ 1 << 17;
        break;
    }
}

/* ---- comparison ---- */

static unsigned status_field(const char *text) {
    for (const char *s = text; (s = strstr(s, ".s")); s += 2)
        if (s[2] >= '0' && s[2] <= '3') return (unsigned)(s[2] - '0');
    return 0;
}

static void expected(const struct input *in, struct output *out) {
    const struct form *form = &forms[in->form];
    unsigned sf = status_field(form->text);
    struct ia64_fp_env env = ia64_fp_env(in->fpsr, sf, form->pc);
    *out = (struct output){.f8 = {0, 0x1003e}, .predicates = 3}; /* fand f8 = f0, f0 */
    form->expect(
        ia64_fr_from_spill(in->f9[0], in->f9[1]), ia64_fr_from_spill(in->f10[0], in->f10[1]),
        ia64_fr_from_spill(in->f11[0], in->f11[1]), in->f9[0], in->f10[0], in->fpsr, &env, out);
    if (env.fault) {
        *out = (struct output){.f8 = {0, 0x1003e}, .predicates = 3, .vector = 0x5c00};
        out->isr = env.fault;
        out->fpsr = in->fpsr;
        return;
    }
    if (!out->fpsr) out->fpsr = ia64_fp_flags(in->fpsr, sf, &env);
    if (env.trap) {
        out->isr = env.trap;
        out->vector = 0x5d00;
    }
}

static bool is_form(const struct input *in, const char *mnemonic) {
    return strncmp(forms[in->form].text, mnemonic, strlen(mnemonic)) == 0;
}

/* Where Ski departs from the manual. Each rule makes Ski's output what it should have been, or
 * leaves it as it is. */

/* Ski compares signed with unsigned where it saturates to signed elements: every element that is
 * not a negative number in range becomes the least one. */
static void signed_saturation(const struct input *in, const struct output *ours,
                              struct output *skis) {
    static const struct {
        const char *mnemonic;
        unsigned bits;
    } saturating[] = {{"padd1.sss", 8},  {"psub1.sss", 8},  {"pack2.sss", 8}, {"padd2.sss", 16},
                      {"psub2.sss", 16}, {"pack4.sss", 16}, {"pshladd2", 16}, {"pshradd2", 16}};

    for (size_t i = 0; i < sizeof saturating / sizeof *saturating; i++) {
        if (!is_form(in, saturating[i].mnemonic)) continue;
        unsigned bits = saturating[i].bits;
        uint64_t element = UINT64_MAX >> (64 - bits), least = UINT64_C(1) << (bits - 1);
        for (unsigned at = 0; at < 64; at += bits)
            if ((skis->r8 >> at & element) == least)
                skis->r8 = (skis->r8 & ~(element << at)) | (ours->r8 & element << at);
    }
}

static bool pseudo_zero(const uint64_t f[2]) {
    return f[0] == 0 && (f[1] & 0x1ffff) != 0 && (f[1] & 0x1ffff) != 0x1ffff;
}

/* Ski orders a pseudo-zero and a number by their exponents; "arithmetic on pseudo-zeros operates
 * exactly as an equivalently signed zero" (volume 1, 5.1.3). */
static void pseudo_zero_order(const struct input *in, const struct output *ours,
                              struct output *skis) {
    if (!pseudo_zero(in->f9) && !pseudo_zero(in->f10)) return;
    if (is_form(in, "fmin") || is_form(in, "fmax") || is_form(in, "famin") || is_form(in, "famax"))
        memcpy(skis->f8, ours->f8, sizeof skis->f8);
    if (is_form(in, "fcmp")) skis->predicates = ours->predicates;
}

/* Ski lets the fpa bit of a trap run into the ISR.code of a denormal operand fault (bit 8, which no
 * fault has). */
static void fpa_in_fault(const struct input *in, const struct output *ours, struct output *skis) {
    (void)ours;
    if (is_form(in, "fcvt") && skis->vector == 0x5c00) skis->isr &= 0xff;
}

/* clz, mpy4 and mpyshl4 came after Ski. */
static void later_instructions(const struct input *in, const struct output *ours,
                               struct output *skis) {
    if (is_form(in, "clz") || is_form(in, "mpy4") || is_form(in, "mpyshl4"))
        if (skis->vector == 0x5400) *skis = *ours;
}

static bool known_difference(const struct input *in, const struct output *ours,
                             const struct output *skis) {
    struct output corrected = *skis;

    signed_saturation(in, ours, &corrected);
    pseudo_zero_order(in, ours, &corrected);
    fpa_in_fault(in, ours, &corrected);
    later_instructions(in, ours, &corrected);
    return memcmp(ours, &corrected, sizeof corrected) == 0;
}

static void print_output(const char *whose, const struct output *o) {
    print_message("  %-4s f8 %05lx %016lx  r8 %016lx.%lx  fpsr %016lx  p %lx  vector %lx isr %lx\n",
                  whose, o->f8[1], o->f8[0], o->r8, o->nat, o->fpsr, o->predicates, o->vector,
                  o->isr);
}

static void print_case(const char *engine, const struct input *in, const struct output *want,
                       const struct output *got) {
    print_message("%s\n  fpsr %016lx  f9 %05lx %016lx  f10 %05lx %016lx  f11 %05lx %016lx\n",
                  forms[in->form].text, in->fpsr, in->f9[1], in->f9[0], in->f10[1], in->f10[0],
                  in->f11[1], in->f11[0]);
    print_output("fp.h", want);
    print_output(engine, got);
}

/* ---- the two engines ---- */

static char directory[] = "/tmp/ia64-fp-XXXXXX";
static struct input *cases;
static struct output *results;
static size_t count;

#define PROGRAM "tests/engines/ia64/fp_program.s" /* tests run in the root of the tree */

static const char *in_directory(const char *name) {
    static char path[sizeof directory + 32];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

/* Runs a command of the shell in the test's directory. */
static bool shell(const char *format, ...) {
    char command[1024];
    int n = snprintf(command, sizeof command, "cd %s && ", directory);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(command + n, sizeof command - (size_t)n, format, arguments);
    va_end(arguments);
    return system(command) == 0;
}

static bool file_io(const char *name, const char *mode, void *data, size_t size) {
    FILE *f = fopen(in_directory(name), mode);
    size_t done = !f ? 0 : *mode == 'r' ? fread(data, 1, size, f) : fwrite(data, 1, size, f);

    return f && fclose(f) == 0 && done == size;
}

static int make_cases(void **state) {
    (void)state;
    count = getenv("FP_CASES") ? strtoul(getenv("FP_CASES"), NULL, 0) : 200000;
    if (getenv("FP_SEED")) random_state = strtoull(getenv("FP_SEED"), NULL, 0);
    cases = calloc(count, sizeof *cases);
    results = calloc(count, sizeof *results);
    if (!cases || !results || !mkdtemp(directory)) return -1;
    for (size_t i = 0; i < count; i++)
        random_case(&cases[i], (unsigned)(i % FORMS));
    return file_io("inputs", "w", cases, count * sizeof *cases) &&
                   write_forms(in_directory("forms.s"))
               ? 0
               : -1;
}

static int remove_cases(void **state) {
    (void)state;
    free(cases);
    free(results);
    return shell("rm -r %s", directory) ? 0 : -1;
}

static bool assemble(void) {
    char source[256];

    if (!shell("command -v ia64-linux-gnu-as ia64-linux-gnu-ld >/dev/null")) {
        print_message("skipped: needs binutils-ia64-linux-gnu\n");
        return false;
    }
    assert_non_null(realpath(PROGRAM, source));
    assert_true(shell("ia64-linux-gnu-as -xauto -I . -o program.o %s 2>as.log && "
                      "ia64-linux-gnu-ld --no-warn-rwx-segments -Ttext=0x100000 -Tdata=0x200000 "
                      "-o program program.o",
                      source));
    return true;
}

typedef bool difference_is_known(const struct input *in, const struct output *ours,
                                 const struct output *theirs);

static void compare_results(const char *engine, difference_is_known *known) {
    unsigned long differences = 0, explained = 0, faults = 0, traps = 0, by_form[FORMS] = {0};

    for (size_t i = 0; i < count; i++) {
        struct output want;
        expected(&cases[i], &want);
        faults += want.vector && want.vector != 0x5d00;
        traps += want.vector == 0x5d00;
        if (memcmp(&want, &results[i], sizeof want) == 0) continue;
        if (known(&cases[i], &want, &results[i])) {
            explained++;
            continue;
        }
        differences++;
        if (by_form[cases[i].form]++ < 3) print_case(engine, &cases[i], &want, &results[i]);
    }
    for (int i = 0; i < FORMS; i++)
        if (by_form[i])
            print_message("%lu of %zu differ: %s\n", by_form[i], count / FORMS, forms[i].text);
    print_message(
        "%s: %zu cases of %d forms, %lu faults, %lu traps: %lu differ, %lu more are explained\n",
        engine, count, FORMS, faults, traps, differences, explained);
    assert_int_equal(differences, 0);
}

static bool none_known(const struct input *in, const struct output *ours,
                       const struct output *theirs) {
    (void)in, (void)ours, (void)theirs;
    return false;
}

static void every_instruction_on_this_simulator(void **state) {
    (void)state;
    if (!assemble()) skip();
    char program[64], inputs[64];
    strcpy(program, in_directory("program"));
    strcpy(inputs, in_directory("inputs"));
    struct ia64 *m = ia64_new(&(struct ia64_config){.initramfs = inputs, .root = directory});
    assert_non_null(m);
    assert_int_equal(ia64_load_elf(m, program), 0);
    assert_int_equal(ia64_run(m, 1000 * (count + 100)), IA64_STOP_EXIT);
    ia64_read_memory(m, OUTPUTS, results, count * sizeof *results);
    ia64_free(m);
    compare_results("ours", none_known);
}

static void every_instruction_on_ski(void **state) {
    const char *bski = getenv("SKI") ? getenv("SKI") : "bski";

    (void)state;
    if (!assemble()) skip();
    if (!shell("command -v '%s' >/dev/null", bski)) {
        print_message("skipped: needs bski (SKI=its path)\n");
        skip();
    }
    assert_true(shell(
        ": >outputs && timeout 60 '%s' -noconsole -nonet -initramfs inputs program 2>&1", bski));
    assert_true(file_io("outputs", "r", results, count * sizeof *results));
    compare_results("Ski", known_difference);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_instruction_on_this_simulator),
        cmocka_unit_test(every_instruction_on_ski),
    };
    return cmocka_run_group_tests(tests, make_cases, remove_cases);
}
