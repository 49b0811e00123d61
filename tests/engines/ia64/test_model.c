/* test_model.c - the timing model against what is published: every row of itanium2-latency.tsv by
 * micro-benchmarks (model_rows.def), a sequence with the port mix of L4's IPC fast path, and the
 * sums. Each number of the model and each number of the table that a benchmark uses is changed in
 * turn, and the change has to be noticed. */
#include <ctype.h>

#include "machine_test.h"
#include "model_output.h"

/* --- the table ------------------------------------------------------------------------------- */

enum column { COLUMN_NAME, COLUMN_UNIT, COLUMN_LATENCY, COLUMN_NOTES, COLUMNS };
enum { TABLE_ROWS = 200, NUMBERS = 8 };

struct table_row {
    char text[1000];
    char *column[COLUMNS];
    int numbers[COLUMNS][NUMBERS], count[COLUMNS];
};
static struct table_row table[TABLE_ROWS];
static size_t table_rows;

/* Numbers that stand by themselves: not the 2 of M2, not the 8 of ld8. */
static int find_numbers(const char *text, int *out) {
    int n = 0;

    for (const char *p = text; *p && n < NUMBERS;) {
        bool alone = isdigit((unsigned char)*p) &&
                     (p == text || !(isalnum((unsigned char)p[-1]) || p[-1] == '_'));

        if (alone) out[n++] = atoi(p);
        p++;
    }
    return n;
}

static void read_table(void) {
    FILE *f = fopen("tests/engines/ia64/itanium2-latency.tsv", "r");
    struct table_row *row = table;

    assert_non_null(f);
    while (fgets(row->text, sizeof row->text, f)) {
        char *rest = row->text;

        if (*row->text == '#' || !strncmp(row->text, "mnemonic-class\t", 15)) continue;
        for (int c = 0; c < COLUMNS; c++) {
            row->column[c] = strsep(&rest, "\t");
            assert_non_null(row->column[c]);
            row->count[c] = find_numbers(row->column[c], row->numbers[c]);
        }
        row++;
        assert_true(++table_rows < TABLE_ROWS);
    }
    fclose(f);
}

/* --- the benchmarks -------------------------------------------------------------------------- */

enum model { WARM, HINTS, COLD, MODELS };
enum kind {
    KIND_DISTANCE,
    KIND_CYCLES,
    KIND_STALL,
    KIND_TAKEN,
    KIND_RATE,
    KIND_SLOTS,
    KIND_BUNDLES
};
enum expect { EXPECT_SPAN, EXPECT_USE, EXPECT_RANGE, EXPECT_NONE };

/* A number: what to add, the column (none: that is all), which number of the column. An
 * expectation: two of them and a kind. Packed, because macros of the rows hand them on. */
#define NUMBER(plus, column, index) ((uint64_t)(plus) << 8 | (column) << 4 | (index))
#define NO_COLUMN                   15
#define N(i)                        NUMBER(0, COLUMN_LATENCY, i)
#define UNIT(i)                     NUMBER(0, COLUMN_UNIT, i)
#define NOTE(i)                     NUMBER(0, COLUMN_NOTES, i)
#define EXACT(n)                    NUMBER(n, NO_COLUMN, 0)
#define PLUS(n, x)                  (NUMBER(n, 0, 0) + (x))
#define BOUNDS(kind, low, high)     ((uint64_t)(kind) << 56 | (low) << 28 | (high))
#define SPAN(low, high)             BOUNDS(EXPECT_SPAN, low, high)
#define IS(x)                       SPAN(x, x)
#define USE(x)                      BOUNDS(EXPECT_USE, x, x)
#define RANGE                       BOUNDS(EXPECT_RANGE, EXACT(0), EXACT(0))
#define NONE                        BOUNDS(EXPECT_NONE, EXACT(0), EXACT(0))

#define DISTANCE                                                                                   \
    { KIND_DISTANCE, 0 }
#define CYCLES                                                                                     \
    { KIND_CYCLES, 0 }
#define STALL                                                                                      \
    { KIND_STALL, 0 }
#define TAKEN                                                                                      \
    { KIND_TAKEN, 0 }
#define SLOTS                                                                                      \
    { KIND_SLOTS, 0 }
#define BUNDLES                                                                                    \
    { KIND_BUNDLES, 0 }
#define RATE(n)                                                                                    \
    { KIND_RATE, n }

struct bench {
    const char *row;
    struct {
        enum kind kind;
        int amount;
    } measure;
    enum model model;
    uint64_t expected;
    const char *setup, *code;
};

static enum expect kind_of(const struct bench *b) {
    return (enum expect)(b->expected >> 56);
}
static unsigned low_of(const struct bench *b) {
    return b->expected >> 28 & 0xfffffff;
}
static unsigned high_of(const struct bench *b) {
    return b->expected & 0xfffffff;
}

static const struct bench benches[] = {
#define ROW(row, measure, model, expected, setup, code)                                            \
    {row, measure, model, expected, setup, code},
#include "model_rows.def"
#undef ROW
};
enum { BENCHES = sizeof benches / sizeof *benches };

/* The state that model_rows.def promises. */
static const char prologue[] = "\trsm 0x2000\n\tflushrs ;;\n\tsrlz.i ;;\n"
                               "\tmov ar.rsc=0\n\tmovl r9=0x3000000\n\tmovl r2=0x4000000 ;;\n"
                               "\tmov ar.bspstore=r9 ;;\n\tmov ar.rnat=r0\n\tadds r3=64,r2\n"
                               "\tcmp.ne p6,p7=r0,r0\n\tst8 [r2]=r2 ;;\n"
                               "\tstf.spill [r3]=f0\n\talloc r30=ar.pfs,0,0,8,0 ;;\n";
/* A fault that nobody expects stops the program; break goes on behind its bundle. */
static const char vectors[] =
    "\t.org 0x40000\n"
    "\t.irp v,0x0,0x400,0x800,0xc00,0x1000,0x1400,0x1800,0x1c00,0x2000,0x2400,0x2800\n"
    "\t.org 0x40000+\\v\n\tbreak.i 0 ;;\n\t.endr\n"
    "\t.org 0x42c00\n\tmov r16=cr.iip ;;\n\tadds r16=16,r16 ;;\n"
    "\tmov cr.iip=r16 ;;\n\trfi ;;\n"
    "\t.irp v,0x5000,0x5100,0x5200,0x5300,0x5400,0x5500,0x5600,0x5a00,0x5c00\n"
    "\t.org 0x40000+\\v\n\tbreak.i 0 ;;\n\t.endr\n";

static struct ia64 *bench_machine(uint64_t (*at)[2]) {
    char *text, name[32];
    size_t size;
    FILE *f = open_memstream(&text, &size);
    struct ia64 *m;

    fprintf(f,
            "\tmovl r8=0x%lx+0x40000\n\tmovl r9=0x0009804c0270033f ;;\n\tmov cr.iva=r8\n"
            "\tmov ar.fpsr=r9 ;;\n\tbsw.1 ;;\n",
            (unsigned long)START);
    for (int i = 0; i < BENCHES; i++)
        fprintf(f, "%s%s\trow_%d:\n%s\trow_%d_end:\n\tnop.i 0 ;;\n", prologue, benches[i].setup, i,
                benches[i].code, i);
    fprintf(f, "\tmov r8=r0 ;;\n\tbreak.i 0 ;;\n%s", vectors);
    fclose(f);
    m = assemble("explicit", text, NULL);
    free(text);
    for (int i = 0; i < BENCHES; i++) {
        snprintf(name, sizeof name, "row_%d", i);
        assert_true(ia64_symbol(m, name, &at[i][0]));
        snprintf(name, sizeof name, "row_%d_end", i);
        assert_true(ia64_symbol(m, name, &at[i][1]));
    }
    return m;
}

struct run {
    uint64_t (*at)[2];
    struct ia64_model *model[MODELS];
    int next;
    bool inside, measured;
    struct ia64_model_result result[BENCHES];
};

/* HERE of model_rows.def. */
static bool is_here(const struct ia64_insn *insn) {
    return ia64_op_class(insn->op) == IA64_CLASS_nop && insn->imm == 0x77;
}

static bool run_hook(void *context, struct ia64 *m, const struct ia64_event *e) {
    struct run *r = context;
    bool first = e->insn && e->slot == 0;

    if (r->inside && !r->measured &&
        ((first && e->ip == r->at[r->next][1]) || (e->insn && is_here(e->insn)))) {
        for (int i = 0; i < MODELS; i++)
            ia64_model_end(r->model[i], e);
        r->result[r->next] = ia64_model_result(r->model[benches[r->next].model]);
        r->measured = true;
    }
    if (r->inside && first && e->ip == r->at[r->next][1]) {
        r->next++;
        r->inside = r->measured = false;
    }
    if (!r->inside && first && r->next < BENCHES && e->ip == r->at[r->next][0]) {
        for (int i = 0; i < MODELS; i++)
            ia64_model_clear(r->model[i]);
        r->inside = true;
    }
    for (int i = 0; i < MODELS; i++)
        ia64_model_step(r->model[i], m, e);
    return false;
}

static void run_benches(struct ia64 *from, uint64_t (*at)[2], const struct ia64_model_config *base,
                        struct run *r) {
    struct ia64_model_config config[MODELS] = {*base, *base, *base};
    struct ia64 *m = ia64_copy(from);

    memset(r, 0, sizeof *r);
    r->at = at;
    config[HINTS].branches = IA64_BRANCHES_HINTS;
    config[COLD].caches = IA64_CACHES_COLD;
    for (int i = 0; i < MODELS; i++)
        assert_non_null(r->model[i] = ia64_model_new(&config[i]));
    ia64_set_hook(m, run_hook, r);
    if (ia64_run(m, 1000000) != IA64_STOP_EXIT || r->next != BENCHES)
        fail_msg("stopped at 0x%llx.%u in benchmark %d (%s): %s", (unsigned long long)ia64_ip(m),
                 ia64_slot(m), r->next, benches[r->next % BENCHES].row, ia64_message(m));
    ia64_free(m);
    for (int i = 0; i < MODELS; i++)
        ia64_model_free(r->model[i]);
}

/* --- expectations ---------------------------------------------------------------------------- */

static struct table_row *row_of(const struct bench *b) {
    for (size_t i = 0; i < table_rows; i++)
        if (!strcmp(table[i].column[COLUMN_NAME], b->row)) return &table[i];
    fail_msg("no row \"%s\" in the table", b->row);
    return NULL;
}

static double measured(const struct bench *b, const struct ia64_model_result *r, int bound) {
    double taken = (double)r->stall[IA64_CAUSE_FE][bound], cycles = (double)r->cycles[bound];

    switch (b->measure.kind) {
    case KIND_DISTANCE:
        return cycles - taken - 1;
    case KIND_CYCLES:
        return cycles - taken;
    case KIND_STALL:
        return cycles - (double)r->issue[bound] - taken;
    case KIND_TAKEN:
        return taken;
    case KIND_RATE:
        return (int)(b->measure.amount / (cycles - taken) + 0.5);
    case KIND_SLOTS:
        return (double)r->instructions / cycles;
    case KIND_BUNDLES:
        return (double)r->instructions / 3 / cycles;
    }
    return -1;
}

/* The number of the table that an expectation rests on; NULL: none. */
static int *used_number(const struct bench *b, unsigned number) {
    unsigned column = number >> 4 & 15, index = number & 15;
    struct table_row *row = row_of(b);

    if (column == NO_COLUMN) return NULL;
    if ((int)index >= row->count[column]) fail_msg("%s: no number %u", b->row, index);
    return &row->numbers[column][index];
}

static double value(const struct bench *b, unsigned number) {
    const int *used = used_number(b, number);

    return (number >> 8) + (used ? *used : 0);
}

static bool agrees(const struct bench *b, const struct ia64_model_result *r) {
    double low = measured(b, r, IA64_LOW), high = measured(b, r, IA64_HIGH);

    switch (kind_of(b)) {
    case EXPECT_SPAN:
        return low == value(b, low_of(b)) && high == value(b, high_of(b));
    case EXPECT_USE:
        return measured(b, r, IA64_TYPICAL) == value(b, low_of(b)) && low < high;
    case EXPECT_RANGE:
        return low < high;
    case EXPECT_NONE:
        return true;
    }
    return false;
}

static int disagreements(const struct run *r) {
    int n = 0;

    for (int i = 0; i < BENCHES; i++)
        n += !agrees(&benches[i], &r->result[i]);
    return n;
}

/* --- tests ----------------------------------------------------------------------------------- */

struct fixture {
    struct ia64 *m;
    uint64_t at[BENCHES][2];
    struct run run;
};
static struct fixture fixture;

static int set_up(void **state) {
    (void)state;
    read_table();
    fixture.m = bench_machine(fixture.at);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    ia64_free(fixture.m);
    return 0;
}

static void each_row_of_the_table_is_reproduced(void **state) {
    struct ia64_model_config config;
    size_t good = 0, left_out = 0;

    (void)state;
    ia64_model_defaults(&config);
    run_benches(fixture.m, fixture.at, &config, &fixture.run);
    for (size_t t = 0; t < table_rows; t++) {
        int found = 0, wrong = 0, none = 0;

        for (int i = 0; i < BENCHES; i++) {
            const struct bench *b = &benches[i];
            const struct ia64_model_result *r = &fixture.run.result[i];

            if (strcmp(b->row, table[t].column[COLUMN_NAME])) continue;
            found++;
            none += kind_of(b) == EXPECT_NONE;
            if (agrees(b, r)) continue;
            wrong++;
            printf("%s [%s]: modelled %g, %g, %g:\n%s%s", b->row, table[t].column[COLUMN_LATENCY],
                   measured(b, r, IA64_LOW), measured(b, r, IA64_TYPICAL),
                   measured(b, r, IA64_HIGH), b->setup, b->code);
        }
        if (!found) printf("%s: no benchmark\n", table[t].column[COLUMN_NAME]);
        if (none) printf("%s: not modelled\n", table[t].column[COLUMN_NAME]);
        good += found && !wrong && !none;
        left_out += none != 0;
    }
    printf("rows reproduced: %zu of %zu, not modelled: %zu, by %d micro-benchmarks\n", good,
           table_rows, left_out, BENCHES);
    for (int i = 0; i < BENCHES; i++)
        row_of(&benches[i]);
    assert_int_equal(good + left_out, table_rows);
    assert_true(left_out <= 1);
}

/* Where nothing is published the benchmark knows bounds only from the model itself. */
static bool is_published(int v) {
    return strncmp(ia64_model_value_source(v), "RANGE", 5) && v != IA64_VALUE_zero &&
           !(v >= IA64_VALUE_l1d_size && v <= IA64_VALUE_l3_line);
}

static void a_changed_number_of_the_model_is_noticed(void **state) {
    int tried = 0, missed = 0;

    (void)state;
    for (int v = 0; v < IA64_VALUES; v++) {
        struct ia64_model_config config;

        if (!is_published(v)) continue;
        ia64_model_defaults(&config);
        for (int b = 0; b < IA64_BOUNDS; b++) /* 0 hides behind the cycle that a stop takes */
            config.value[v][b] += v == IA64_VALUE_bundles ? -1 : config.value[v][b] > 0 ? 1 : 2;
        run_benches(fixture.m, fixture.at, &config, &fixture.run);
        tried++;
        if (disagreements(&fixture.run)) continue;
        missed++;
        printf("not noticed: %s changed\n", ia64_model_value_name(v));
    }
    printf("published numbers of the model changed: %d, not noticed: %d\n", tried, missed);
    assert_int_equal(missed, 0);
}

static void a_changed_number_of_the_table_is_noticed(void **state) {
    struct ia64_model_config config;
    int tried = 0, missed = 0;

    (void)state;
    ia64_model_defaults(&config);
    run_benches(fixture.m, fixture.at, &config, &fixture.run);
    for (int i = 0; i < BENCHES; i++) {
        for (int u = 0; u < 2; u++) {
            int *n = used_number(&benches[i], u ? high_of(&benches[i]) : low_of(&benches[i]));

            if (!n) continue;
            ++*n;
            tried++;
            missed += agrees(&benches[i], &fixture.run.result[i]);
            --*n;
        }
    }
    printf("numbers of the table changed: %d, not noticed: %d\n", tried, missed);
    assert_true(tried > 100);
    assert_int_equal(missed, 0);
}

static void check_sums(const struct ia64_model_result *r) {
    for (int b = 0; b < IA64_BOUNDS; b++) {
        uint64_t sum = r->issue[b];

        for (int c = 0; c < IA64_CAUSES; c++)
            sum += r->stall[c][b];
        assert_int_equal(sum, r->cycles[b]);
    }
    assert_true(r->cycles[IA64_LOW] <= r->cycles[IA64_TYPICAL]);
    assert_true(r->cycles[IA64_TYPICAL] <= r->cycles[IA64_HIGH]);
}

static void issues_and_stalls_add_up_and_the_bounds_are_in_order(void **state) {
    struct ia64_model_config config;

    (void)state;
    ia64_model_defaults(&config);
    run_benches(fixture.m, fixture.at, &config, &fixture.run);
    for (int i = 0; i < BENCHES; i++)
        check_sums(&fixture.run.result[i]);
}

static uint32_t next_random(uint32_t *seed) {
    return *seed = *seed * 1664525 + 1013904223;
}

/* Numbers anywhere inside their ranges give results inside the bounds. */
static void the_bounds_hold_for_every_combination(void **state) {
    static struct run run;
    struct ia64_model_config config;
    uint32_t seed = 20;

    (void)state;
    ia64_model_defaults(&config);
    run_benches(fixture.m, fixture.at, &config, &fixture.run);
    for (int round = 0; round < 20; round++) {
        ia64_model_defaults(&config);
        for (int v = 0; v < IA64_VALUES; v++) {
            uint32_t width = (uint32_t)(config.value[v][IA64_HIGH] - config.value[v][IA64_LOW]) + 1;
            int32_t any = config.value[v][IA64_LOW] + (int32_t)((next_random(&seed) >> 8) % width);

            for (int b = 0; b < IA64_BOUNDS; b++)
                config.value[v][b] = any;
        }
        run_benches(fixture.m, fixture.at, &config, &run);
        for (int i = 0; i < BENCHES; i++)
            assert_in_range(run.result[i].cycles[IA64_TYPICAL],
                            fixture.run.result[i].cycles[IA64_LOW],
                            fixture.run.result[i].cycles[IA64_HIGH]);
    }
}

/* --- whole sequences ------------------------------------------------------------------------- */

static bool step_hook(void *context, struct ia64 *m, const struct ia64_event *e) {
    struct run *r = context;

    if (!r->inside && e->ip == r->at[0][0]) r->inside = true;
    if (r->inside && e->ip == r->at[0][1]) {
        ia64_model_end(r->model[0], e);
        return true;
    }
    if (r->inside) ia64_model_step(r->model[0], m, e);
    return false;
}

/* From label begin to label end of the program. */
static struct ia64_model_result model_program(const char *text,
                                              const struct ia64_model_config *config) {
    struct ia64 *m = assemble("explicit", text, NULL);
    uint64_t at[1][2];
    struct run r = {.at = at, .model = {ia64_model_new(config)}};
    struct ia64_model_result result;

    assert_true(ia64_symbol(m, "begin", &at[0][0]) && ia64_symbol(m, "end", &at[0][1]));
    ia64_set_hook(m, step_hook, &r);
    assert_int_equal(ia64_run(m, 10000000), IA64_STOP_HOOK);
    result = ia64_model_result(r.model[0]);
    ia64_model_free(r.model[0]);
    ia64_free(m);
    check_sums(&result);
    return result;
}

/* The published facts of L4's IPC fast path: 26 instruction groups in 44 bundles; syllables on
 * M0/M1 20, M2 19, M2/M3 17, A-type 37, I0 14, branches 4, long 3, nop.i 10, M0 2, M1 1, any M 2;
 * ar.k7 is read in the first group and used in the third; the last group has two M2 operations. One
 * line a group, one letter a syllable, | between bundles. */
static const char *const fast_path[] = {
    "KLI|SmN", "ZMI",     "RPI|SmN", "MLI|SX",  "MLI",     "MLI|LSN", "MLI|SNB",
    "MLI",     "MLI|SAN", "MLI|SX",  "MLI",     "MLI|SAN", "MLI|SNB", "MLI",
    "MLN|SAN", "MLN|SX",  "MLA|SAA", "LSA|AAA", "LSA",     "LSA|AAB", "YVA|SAA",
    "SAA",     "AAA|AAA", "AAA|AAA", "AAA",     "UAA|UAE",
};

static void write_syllable(FILE *f, char c, int n) {
    static const struct {
        char letter, text[32];
    } kinds[] = {
        {'K', "mov r14=ar.k7"},
        {'L', "ld8 r%d=[r2]"},
        {'P', "ld8 r20=[r14]"},
        {'M', "mov ar.k5=r0"},
        {'R', "mov ar.rsc=0"},
        {'U', "rsm 0x4000"},
        {'S', "st8 [r3]=r0"},
        {'A', "adds r%d=8,r3"},
        {'I', "extr r%d=r3,0,8"},
        {'N', "nop.i 0"},
        {'m', "nop.m 0"},
        {'X', "movl r%d=8"},
        {'Z', "flushrs"},
        {'Y', "loadrs"},
        {'V', "invala"},
        {'B', "(p6) br.cond.spnt.few _start"},
        {'E', "br.ret.sptk.few b0"},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].letter == c) {
            fprintf(f, "\t");
            fprintf(f, kinds[i].text, 20 + n % 12);
            fprintf(f, "\n");
        }
}

static void l4_fast_path_takes_36_cycles(void **state) {
    char *text;
    size_t size;
    FILE *f = open_memstream(&text, &size);
    struct ia64_model_result r;
    int n = 0;

    (void)state;
    fprintf(
        f, "\tmovl r2=0x4000000\n\tmovl r14=end ;;\n\tadds r3=64,r2\n\tmov ar.k7=r2\n\tmov b0=r14\n"
           "\tcmp.ne p6,p7=r0,r0 ;;\n\tmov ar.rsc=0 ;;\n\tmov ar.bspstore=r3\n\tmov ar.pfs=r0 "
           ";;\n\talloc r30=ar.pfs,0,0,8,0 ;;\n\tsrlz.d ;;\nbegin:\n");
    for (size_t g = 0; g < sizeof fast_path / sizeof *fast_path; g++) {
        for (const char *bundle = fast_path[g]; bundle; bundle = strchr(bundle, '|')) {
            size_t length;

            bundle += *bundle == '|';
            length = strcspn(bundle, "|");
            fprintf(f, "{ .%s\n",
                    length == 2                                                 ? "mlx"
                    : strpbrk(bundle + length - 1, "BE") == bundle + length - 1 ? "mib"
                                                                                : "mmi");
            for (size_t i = 0; i < length; i++)
                write_syllable(f, bundle[i], n++);
            fprintf(f, "%s}\n", bundle[length] ? "" : "\t;;\n");
        }
    }
    fprintf(f, "end:\tbreak.i 0 ;;\n");
    fclose(f);
    r = model_program(text, NULL);
    free(text);
    for (int b = 0; b < IA64_BOUNDS; b++) /* from the first issue to that of br.ret */
        r.cycles[b] -= 1 + r.stall[IA64_CAUSE_FE][b];
    printf(
        "L4 fast path: br.ret issues in cycle %d (low), %d, %d (high); %d groups, %d syllables\n",
        (int)r.cycles[IA64_LOW], (int)r.cycles[IA64_TYPICAL], (int)r.cycles[IA64_HIGH],
        (int)r.groups, (int)r.instructions + 3);
    assert_int_equal(r.groups, 26);
    assert_int_equal(r.instructions + 3, 44 * 3); /* long ones take two slots */
    assert_int_equal(r.stall[IA64_CAUSE_ARCR][IA64_TYPICAL], 10);
    assert_int_equal(r.cycles[IA64_LOW], 36);
    assert_in_range(r.cycles[IA64_TYPICAL], 35, 37);
    assert_in_range(r.cycles[IA64_HIGH], 35, 37); /* 37: invala ends its issue group too */
}

static void reading_a_kernel_register_in_a_loop_takes_12_cycles(void **state) {
    struct ia64_model_result r =
        model_program("\tmov r15=999 ;;\n\tmov ar.lc=r15 ;;\nbegin:\n{ .mib\n\tmov r14=ar.k5\n"
                      "\tnop.i 0\n\tbr.cloop.sptk.few begin ;;\n}\nend:\tbreak.i 0 ;;\n",
                      NULL);

    (void)state;
    printf("mov from ar.k5 in a loop: %.3f cycles\n", (double)r.cycles[IA64_TYPICAL] / 1000);
    assert_in_range(r.cycles[IA64_TYPICAL], 11900, 12100);
}

static void options_are_checked(void **state) {
    struct ia64_model_config c;

    (void)state;
    ia64_model_defaults(&c);
    assert_null(ia64_model_option(&c, "mispredict=7"));
    assert_int_equal(c.value[IA64_VALUE_mispredict][IA64_HIGH], 7);
    assert_null(ia64_model_option(&c, "rfi=6:20:30"));
    assert_int_equal(c.value[IA64_VALUE_rfi][IA64_TYPICAL], 20);
    assert_null(ia64_model_option(&c, "caches=cold"));
    assert_int_equal(c.caches, IA64_CACHES_COLD);
    assert_non_null(ia64_model_option(&c, "caches=hot"));
    assert_non_null(ia64_model_option(&c, "rfi=3:2:1"));
    assert_non_null(ia64_model_option(&c, "rfi=3:4"));
    assert_non_null(ia64_model_option(&c, "rfi="));
    assert_non_null(ia64_model_option(&c, "rf=3"));
    assert_non_null(ia64_model_option(&c, "l1d_ways=0"));
    assert_non_null(ia64_model_option(&c, "rse_pair=-1"));
    assert_non_null(ia64_model_option(&c, "bundles=3"));
    assert_non_null(ia64_model_option(&c, "zero=1"));
    assert_non_null(ia64_model_option(&c, "l2_size=1"));
    assert_int_equal(c.value[IA64_VALUE_rfi][IA64_TYPICAL], 20);
}

/* A run that stops at the return's target tells of its fills by the machine only. */
static void fills_of_a_return_count_without_a_further_event(void **state) {
    static const char text[] = "\tmov ar.rsc=0\n\tmovl r9=0x3000000 ;;\n\tmov ar.bspstore=r9 ;;\n"
                               "\talloc r30=ar.pfs,0,16,0,0 ;;\n\tbr.call.sptk.few b0=1f ;;\n"
                               "\tbr.few end ;;\n1:\tflushrs ;;\nbegin:\tbr.ret.sptk.few b0 ;;\n"
                               "end:\tbreak.i 0 ;;\n";
    struct ia64 *m = assemble("explicit", text, NULL);
    uint64_t at[1][2];
    struct run r = {.at = at, .model = {ia64_model_new(NULL)}};
    struct ia64_model_result result;

    (void)state;
    assert_true(ia64_symbol(m, "begin", &at[0][0]));
    at[0][1] = at[0][0] - 32; /* behind the call, in front of 1: */
    ia64_set_hook(m, step_hook, &r);
    assert_int_equal(ia64_run_until(m, at[0][1], 1000), IA64_STOP_ADDRESS);
    ia64_model_end_here(r.model[0], m);
    result = ia64_model_result(r.model[0]);
    check_sums(&result);
    assert_int_equal(result.instructions, 3);
    assert_int_equal(result.stall[IA64_CAUSE_UNDERFLOW][IA64_LOW], 8);
    assert_int_equal(result.stall[IA64_CAUSE_UNDERFLOW][IA64_HIGH], 16);
    ia64_model_free(r.model[0]);
    ia64_free(m);
}

/* The tables of the document are those of the model. */
static void the_document_lists_every_range(void **state) {
    struct ia64_model_config c;
    char line[200], want[200];
    int missing = 0;

    (void)state;
    ia64_model_defaults(&c);
    for (int v = 0; v < IA64_VALUES; v++) {
        FILE *f = fopen("docs/ia64-model.md", "r");
        bool found = false;

        assert_non_null(f);
        snprintf(want, sizeof want, "| `%s` | %d | %d | %d |", ia64_model_value_name(v),
                 c.value[v][IA64_LOW], c.value[v][IA64_TYPICAL], c.value[v][IA64_HIGH]);
        while (fgets(line, sizeof line, f))
            found |= !strncmp(line, want, strlen(want));
        fclose(f);
        if (found == (c.value[v][IA64_LOW] != c.value[v][IA64_HIGH])) continue;
        printf("docs/ia64-model.md: %s line %s\n", found ? "superfluous" : "missing", want);
        missing++;
    }
    assert_int_equal(missing, 0);
}

static void text_and_json_say_the_same(void **state) {
    struct ia64_model_result r = model_program(
        "begin:\tmov r8=ar.k5 ;;\n\tadd r9=r8,r0 ;;\n\tbsw.1 ;;\nend:\tbreak.i 0 ;;\n", NULL);
    json_t *o = ia64_model_json(&r), *stalls = json_object_get(o, "stalls"), *bounds;
    long long sum = json_integer_value(json_object_get(json_object_get(o, "issue"), "high"));
    struct ia64_model_config c;
    char *text, wanted[60];
    const char *name;
    size_t size;
    FILE *f = open_memstream(&text, &size);

    (void)state;
    ia64_model_print(&r, f);
    ia64_model_defaults(&c);
    ia64_model_list(&c, f);
    fclose(f);
    json_object_foreach(stalls, name, bounds) {
        sum += json_integer_value(json_object_get(bounds, "high"));
    }
    assert_int_equal(sum,
                     json_integer_value(json_object_get(json_object_get(o, "cycles"), "high")));
    assert_int_equal(sum, 12 + 1 + 1 + 6); /* the read, add, bsw and its stalls */
    snprintf(wanted, sizeof wanted, "%-28s %14lld", "cycles", sum);
    assert_non_null(strstr(text, wanted));
    assert_non_null(strstr(text, "BE_RSE_BUBBLE.BANK_SWITCH"));
    assert_null(strstr(text, "BE_FLUSH_BUBBLE.XPN"));
    assert_non_null(strstr(text, "mispredict "));
    free(text);
    json_decref(o);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_of_the_table_is_reproduced),
        cmocka_unit_test(a_changed_number_of_the_model_is_noticed),
        cmocka_unit_test(a_changed_number_of_the_table_is_noticed),
        cmocka_unit_test(issues_and_stalls_add_up_and_the_bounds_are_in_order),
        cmocka_unit_test(the_bounds_hold_for_every_combination),
        cmocka_unit_test(l4_fast_path_takes_36_cycles),
        cmocka_unit_test(reading_a_kernel_register_in_a_loop_takes_12_cycles),
        cmocka_unit_test(options_are_checked),
        cmocka_unit_test(fills_of_a_return_count_without_a_further_event),
        cmocka_unit_test(text_and_json_say_the_same),
        cmocka_unit_test(the_document_lists_every_range),
    };

    if (!have_binutils()) {
        puts("skip: ia64-linux-gnu-as is not there (package binutils-ia64-linux-gnu)");
        return 77;
    }
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
